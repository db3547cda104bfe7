using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Trees;

namespace FtpTools;

// Whole trees, here and there.
public sealed partial class FtpSession
{
    /// <summary>Compares a local and a remote directory, and makes the plan that would make them alike.</summary>
    /// <param name="localDirectory">An absolute path.</param>
    /// <param name="remoteDirectory">The remote directory.</param>
    /// <param name="sync">What is compared, and which way files go.</param>
    /// <param name="options">How often what fails for a passing reason is tried again, and over how many connections; all else is of no account.</param>
    /// <param name="onAction">Takes the steps, one at a time, in an order in which they can be done, on whatever thread finds them.</param>
    /// <param name="onError">Takes what could not be looked at, one at a time; nothing is deleted then.</param>
    /// <param name="onFolder">Told of each remote directory that has been compared, on whatever thread; null for nobody.</param>
    /// <param name="cancellationToken">Ends it; the session can be used afterwards.</param>
    /// <exception cref="FtpException">The source, or a marker, is not there; or something that nothing could be compared after.</exception>
    public Task CompareAsync(
        string localDirectory, string remoteDirectory, FtpSyncOptions sync, FtpTransferOptions options,
        Action<FtpSyncAction> onAction, Action<FtpException> onError, Action<string>? onFolder, CancellationToken cancellationToken)
    {
        sync.Check();
        var context = new BatchContext(_pool, Typed(options), null, null, Trace, cancellationToken) { Filter = sync.Filter };
        var comparison = new TreeComparison(
            context, sync, action => onAction(action with { Server = Server, UserName = UserName }), error => onError(error.At(Server)), onFolder);
        return comparison.RunAsync(localDirectory, ResolvePath(remoteDirectory), Limit(options));
    }

    /// <summary>Opens what is remembered of two directories between one comparison both ways and the next.</summary>
    /// <param name="path">The absolute path of the file, which may not be there yet; null for the account's own for these directories.</param>
    /// <param name="localDirectory">An absolute path.</param>
    /// <param name="remoteDirectory">The remote directory.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>: there is another file, or it cannot be read.</exception>
    public FtpSyncState OpenSyncState(string? path, string localDirectory, string remoteDirectory) =>
        SyncMemory.Open(path, new SyncEnds(Server, UserName, ResolvePath(remoteDirectory), localDirectory));

    /// <summary>The same for the directories that a step of a plan is of.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>: there is another file, or it cannot be read.</exception>
    public FtpSyncState OpenSyncState(string path, FtpSyncAction action)
    {
        var (local, remote) = SyncMemory.Tops(action);
        return OpenSyncState(path, local, remote);
    }

    /// <summary>Begins to carry out a plan.</summary>
    /// <param name="sync">How much may be deleted, and where to what is replaced goes.</param>
    /// <param name="options">How files are transferred; copies have the original's time unless <see cref="FtpTransferOptions.PreserveTime"/> is false.</param>
    /// <param name="onResult">Takes the result of each step, failed ones too, on whatever thread it ends on.</param>
    /// <param name="progress">Told at most five times a second for each file; null for nobody.</param>
    /// <param name="cancellationToken">Ends all; the session can be used afterwards.</param>
    public FtpSyncBatch BeginSync(
        FtpSyncOptions sync, FtpTransferOptions options, Action<FtpTransferResult> onResult, IProgress<FtpProgress>? progress, CancellationToken cancellationToken) =>
        new(this, _pool, Typed(options) with { PreserveTime = options.PreserveTime ?? true }, sync, Limit(options), onResult, progress, cancellationToken);

    private int Limit(FtpTransferOptions options) => options.ThrottleLimit > 0 ? Math.Min(options.ThrottleLimit, MaxConnection) : MaxConnection;
}
