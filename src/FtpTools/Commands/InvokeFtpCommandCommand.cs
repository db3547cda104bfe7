using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Sends commands in FTP's own words, and emits the replies.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "FtpCommand", SupportsShouldProcess = true)]
[OutputType(typeof(FtpReply))]
public sealed class InvokeFtpCommandCommand : FtpSessionCmdlet
{
    /// <summary>Commands with their arguments, as they go over the wire: SITE CHMOD 644 a.txt.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string[]? Command { get; set; }

    /// <summary>Emit refusals (4xx and 5xx) as replies too, instead of writing them as errors.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        foreach (var command in Command!)
        {
            await TryAsync(command, async () =>
            {
                var session = TheSession;
                if (!ShouldProcess(command, session, "Invoke Command"))
                    return;
                var reply = await session.InvokeAsync(command, cancellationToken);
                if (reply.IsNegative && !PassThru)
                    throw session.Refused(command, reply);
                WriteObject(reply);
            });
        }
    }
}
