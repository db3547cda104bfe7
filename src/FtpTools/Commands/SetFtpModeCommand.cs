using System.Management.Automation;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Sets how a session's next data connections are opened, and the type of its next transfers.</summary>
[Cmdlet(VerbsCommon.Set, "FtpMode", SupportsShouldProcess = true)]
[OutputType(typeof(FtpSession))]
public sealed class SetFtpModeCommand : FtpSessionCmdlet
{
    /// <summary>Auto, Passive or Active, or one exact command: Pasv, Epsv, Port or Eprt.</summary>
    [Parameter(Position = 0)]
    public FtpMode Mode { get; set; }

    /// <summary>Binary or Ascii.</summary>
    [Parameter]
    public FtpTransferType TransferType { get; set; }

    /// <summary>The address that PORT and EPRT announce, when the server must dial another than the client's own; null for the client's own.</summary>
    [Parameter]
    [AllowNull]
    public IPAddress? ActiveAddress { get; set; }

    /// <summary>The local ports to listen on in active mode, as 50000-50100; null lets the system choose.</summary>
    [Parameter]
    [AllowNull]
    [PortRangeTransformation]
    public FtpPortRange? ActivePortRange { get; set; }

    /// <summary>Emit the session.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>The session, its name or its id; the runspace's current session by default.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public override FtpSession? Session { get; set; }

    private protected override Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        var session = TheSession;
        if (ShouldProcess(session, "Set Mode"))
        {
            var given = MyInvocation.BoundParameters;
            if (given.ContainsKey(nameof(Mode)))
                session.Mode = Mode;
            if (given.ContainsKey(nameof(TransferType)))
                session.TransferType = TransferType;
            if (given.ContainsKey(nameof(ActiveAddress)))
                session.ActiveAddress = ActiveAddress;
            if (given.ContainsKey(nameof(ActivePortRange)))
                session.ActivePortRange = ActivePortRange;
        }
        if (PassThru)
            WriteObject(session);
        return Task.CompletedTask;
    }
}
