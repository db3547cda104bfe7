using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Gets the remote directory where a session's relative paths begin.</summary>
[Cmdlet(VerbsCommon.Get, "FtpLocation")]
[OutputType(typeof(FtpPathInfo))]
public sealed class GetFtpLocationCommand : FtpSessionCmdlet
{
    /// <summary>The session, its name or its id; the runspace's current session by default.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public override FtpSession? Session { get; set; }

    private protected override Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        WriteObject(new FtpPathInfo(TheSession));
        return Task.CompletedTask;
    }
}
