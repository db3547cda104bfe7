using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Tests the way to a server step by step, with a real data connection in each mode, and explains what it finds.</summary>
[Cmdlet(VerbsDiagnostic.Test, "FtpConnection", DefaultParameterSetName = SessionSet)]
[OutputType(typeof(FtpConnectionTest))]
public sealed class TestFtpConnectionCommand : ConnectionCmdlet
{
    private const string SessionSet = "Session";

    /// <summary>The session whose server to test, its name or its id; the runspace's current session by default.</summary>
    [Parameter(ParameterSetName = SessionSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public FtpSession? Session { get; set; }

    /// <summary>Auto, which tries all four commands, Passive or Active, or one exact command. Auto by default.</summary>
    [Parameter]
    public override FtpMode Mode { get; set; }

    /// <summary>A remote directory that the account may write to: a small file is sent there in each mode too, and deleted.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RemotePathCompleter))]
    public string? Path { get; set; }

    private protected override Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        if (ParameterSetName != SessionSet)
        {
            // The mode of a profile is the one to find out about.
            return TryServerAsync(async () => await FtpSession.TestAsync(await ReadOptionsAsync(cancellationToken, nameof(Mode)), Mode, Path, PostObject, cancellationToken));
        }
        var session = Session ?? SessionRegistry.Here.Current ?? throw SessionRegistry.Here.NoSession();
        return TryAsync(session.Name, () => session.TestAsync(Mode, Path, PostObject, cancellationToken), isOneOfSeveral: MyInvocation.ExpectingInput);
    }
}
