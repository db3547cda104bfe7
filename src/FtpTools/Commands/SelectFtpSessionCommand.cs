using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Makes an open session the current one, which cmdlets work on without -Session.</summary>
[Cmdlet(VerbsCommon.Select, "FtpSession", DefaultParameterSetName = SessionSet)]
[OutputType(typeof(FtpSession))]
public sealed class SelectFtpSessionCommand : FtpCmdlet, IDisposable
{
    private const string SessionSet = "Session";
    private const string NameSet = "Name";

    private bool _hasChosen;

    /// <summary>The session, its name or its id.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = SessionSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public FtpSession? Session { get; set; }

    /// <summary>The session's name; of several that have it, the last connected is chosen.</summary>
    [Parameter(Mandatory = true, ParameterSetName = NameSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public string? Name { get; set; }

    private protected override Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        _hasChosen = false;
        return TryAsync(Name ?? Session!.Name, () =>
        {
            var registry = SessionRegistry.Here;
            var session = Session ?? registry.Find(Name!) ?? throw SessionRegistry.Missing(Name!);
            if (session.State == FtpSessionState.Closed)
                throw new FtpException(FtpErrorKind.SessionClosed, $"The session '{session.Name}' is disconnected and can't be selected. To open another session, use Connect-Ftp.") { Server = session.Server };
            registry.Choose(session);
            _hasChosen = true;
            WriteObject(session);
            return Task.CompletedTask;
        }, isOneOfSeveral: true);
    }

    /// <summary>Leaves no session current where none was chosen, also where PowerShell did not even run it: the next line means another one than the former.</summary>
    public void Dispose()
    {
        if (!_hasChosen)
            SessionRegistry.ChooseNone();
    }
}
