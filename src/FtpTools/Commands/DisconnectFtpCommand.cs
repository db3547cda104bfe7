using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Closes sessions. When the current one is closed, the last connected of the others becomes current.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "Ftp", DefaultParameterSetName = SessionSet, SupportsShouldProcess = true)]
public sealed class DisconnectFtpCommand : FtpCmdlet
{
    private const string SessionSet = "Session";
    private const string NameSet = "Name";
    private const string AllSet = "All";

    /// <summary>The sessions, their names or ids; the runspace's current session by default.</summary>
    [Parameter(Position = 0, ParameterSetName = SessionSet, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public FtpSession[]? Session { get; set; }

    /// <summary>Names; <c>*</c>, <c>?</c> and <c>[]</c> are wildcards.</summary>
    [Parameter(Mandatory = true, ParameterSetName = NameSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public string[]? Name { get; set; }

    /// <summary>All sessions of this runspace.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AllSet)]
    public SwitchParameter All { get; set; }

    private protected override async Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        foreach (var session in Chosen())
        {
            if (!ShouldProcess(session, "Disconnect"))
                continue;
            await TryAsync(session.Name, () => session.CloseAsync(cancellationToken), isOneOfSeveral: true);
        }
    }

    private IReadOnlyList<FtpSession> Chosen()
    {
        var registry = SessionRegistry.Here;
        if (All)
            return registry.All;
        if (Name is not null)
            return Name.SelectMany(name => registry.Match(name, error => WriteError(ErrorRecords.From(error, name)))).Distinct().ToArray();
        return Session ?? [registry.Current ?? throw registry.NoSession()];
    }
}
