using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>What comparing two directories and making them alike have in common: which ones, which way, and by what.</summary>
public abstract class SyncCmdlet : ChoosingCmdlet
{
    private protected const string DirectorySet = "Directory";

    private CountProgress? _counting;

    private protected SyncCmdlet()
    {
    }

    /// <summary>The local directory; the current location of the file system by default.</summary>
    [Parameter(Position = 0, ParameterSetName = DirectorySet)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The remote directory; the session's location by default.</summary>
    [Parameter(Position = 1, ParameterSetName = DirectorySet)]
    [ValidateNotNullOrEmpty]
    [ItemPathTransformation]
    [ArgumentCompleter(typeof(RemotePathCompleter))]
    public string? Destination { get; set; }

    /// <summary>Which way files go: Upload, the default, or Download.</summary>
    [Parameter(ParameterSetName = DirectorySet)]
    public FtpTransferDirection Direction { get; set; }

    /// <summary>Delete what is on the changed side alone, and replace what was changed there.</summary>
    [Parameter(ParameterSetName = DirectorySet)]
    public SwitchParameter Mirror { get; set; }

    /// <summary>Both ways: the newer file of two wins, and nothing is deleted.</summary>
    [Parameter(ParameterSetName = DirectorySet)]
    public SwitchParameter Newer { get; set; }

    /// <summary>By what two files are told apart: Time, the default, with their sizes; Size; Hash; or Presence.</summary>
    [Parameter(ParameterSetName = DirectorySet)]
    public FtpSyncBy By { get; set; }

    /// <summary>Only files that are on both sides.</summary>
    [Parameter(ParameterSetName = DirectorySet)]
    public SwitchParameter OnlyExisting { get; set; }

    /// <summary>Only files that are missing on the changed side.</summary>
    [Parameter(ParameterSetName = DirectorySet)]
    public SwitchParameter OnlyMissing { get; set; }

    /// <summary>Make no directory in which there will be no file.</summary>
    [Parameter(ParameterSetName = DirectorySet)]
    public SwitchParameter SkipEmptyDirectory { get; set; }

    /// <summary>Delete also where the source has no file at all.</summary>
    [Parameter(ParameterSetName = DirectorySet)]
    public SwitchParameter AllowEmptySource { get; set; }

    /// <summary>The name of a file that both directories must have.</summary>
    [Parameter(ParameterSetName = DirectorySet)]
    [ValidateNotNullOrEmpty]
    public string? AccessMarker { get; set; }

    /// <summary>Where what is overwritten or deleted is moved to, on the side that is changed: relative to its directory, or absolute.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BackupPath { get; set; }

    /// <summary>With Newer, the file that keeps what files were when both sides were alike; one of the account's own by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StatePath { get; set; }

    /// <summary>The most connections at a time; as many as the session may have by default.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int ThrottleLimit { get; set; }

    /// <summary>How many times to try again what failed for a passing reason: a lost connection, or a 4xx reply; 3 by default.</summary>
    [Parameter]
    [ValidateRange(0, 1000)]
    public int RetryCount { get; set; } = 3;

    /// <summary>For how long to try again what failed for a passing reason, also a server that is away for a while; RetryCount bounds it then only where it is given too.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan RetryFor { get; set; }

    private protected virtual FtpSyncOptions SyncOptions => new()
    {
        Direction = Direction,
        Mirror = Mirror,
        Newer = Newer,
        By = By,
        Filter = Chosen,
        OnlyExisting = OnlyExisting,
        OnlyMissing = OnlyMissing,
        SkipEmptyDirectory = SkipEmptyDirectory,
        AllowEmptySource = AllowEmptySource,
        AccessMarker = AccessMarker,
        BackupPath = BackupPath,
        State = State,
    };

    private protected virtual FtpTransferOptions TransferOptions => new()
    {
        RetryCount = RetryFor > TimeSpan.Zero && !MyInvocation.BoundParameters.ContainsKey(nameof(RetryCount)) ? null : RetryCount,
        RetryFor = RetryFor,
        ThrottleLimit = ThrottleLimit,
    };

    /// <summary>What is remembered of both directories; null for nothing.</summary>
    private protected FtpSyncState? State { get; set; }

    private protected string? FullStatePath => StatePath is null ? null : LocalPaths.Resolve(this, StatePath);

    private protected override string WithSlashes(string pattern) => pattern.Replace(System.IO.Path.DirectorySeparatorChar, '/');

    /// <summary>Compares the directories that were named.</summary>
    /// <param name="onAction">Takes the steps, on whatever thread finds them, one at a time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The session, for what is done with the plan.</returns>
    private protected async Task<FtpSession> CompareAsync(Action<FtpSyncAction> onAction, CancellationToken cancellationToken)
    {
        var session = SessionOf(Destination is null ? null : ItemPath.Find(Destination)?.Item);
        if (Destination is not null)
            RemoteDestination.Require(Destination);
        if (IsWanted("ProgressAction", "ProgressPreference"))
            _counting = new CountProgress(MyInvocation.MyCommand.Name, "directories compared", record => Post(() => WriteProgress(record)));
        var (local, remote) = (LocalPaths.Resolve(this, Path), Destination ?? session.Location);
        if (Newer || StatePath is not null)
            State = session.OpenSyncState(FullStatePath, local, remote);
        try
        {
            await session.CompareAsync(
                local, remote, SyncOptions, TransferOptions,
                onAction, error => PostError(error, error.Path ?? error.Server), _counting is null ? null : _counting.Count, cancellationToken);
        }
        finally
        {
            _counting?.Complete();
        }

        return session;
    }
}
