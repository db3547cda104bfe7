using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Session;
using FtpTools.Transfer;
using FtpTools.Trees;

namespace FtpTools;

/// <summary>
/// Many files over several connections of one session. Files are added while others are on their way, and each tells its
/// result when it ends; one file's failure does not end the others. The number of connections in use grows as long as
/// files wait. Safe to use from several threads at once.
/// </summary>
public sealed class FtpTransferBatch
{
    private readonly FtpSession _session;
    private readonly FtpTransferOptions _options;
    private readonly RateLimiter? _limiter;
    private readonly TransferQueue _queue;
    private readonly UploadTree _up;
    private readonly DownloadTree _down;

    internal FtpTransferBatch(
        FtpSession session,
        ConnectionPool pool,
        FtpTransferOptions options,
        FtpTransferBatch? beside,
        Action<FtpTransferResult> onResult,
        IProgress<FtpProgress>? progress,
        CancellationToken cancellationToken)
    {
        _session = session;
        _options = options;
        _limiter = beside is null ? RateLimiter.Of(options) : beside._limiter;
        _queue = new TransferQueue(options, session.MaxConnection, result =>
        {
            result.Error?.At(session.Server);
            onResult(result with { Server = session.Server });
        }, cancellationToken);
        var context = new BatchContext(pool, options, _limiter, progress, session.Trace, cancellationToken);
        _up = new UploadTree(context, _queue);
        _down = new DownloadTree(context, _queue);
    }

    /// <summary>How many files have been added.</summary>
    public int FileCount => _queue.FileCount;

    /// <summary>How many bytes the files have that have been added, as far as that is known, without those that were skipped or failed.</summary>
    public long ByteCount => _queue.ByteCount;

    /// <summary>Adds a local file.</summary>
    /// <param name="localPath">An absolute path.</param>
    /// <param name="remotePath">The file's remote name, not a directory.</param>
    public void AddUpload(string localPath, string remotePath) => _up.AddFile(localPath, _session.ResolvePath(remotePath), _options);

    /// <summary>Adds a remote file.</summary>
    /// <param name="item">The file, or a link to one.</param>
    /// <param name="localPath">An absolute path, the file's local name, not a directory.</param>
    public void AddDownload(FtpItem item, string localPath) => _down.AddFile(item, localPath, _options);

    /// <summary>Adds what is in a local directory, with its subdirectories, to go into a remote directory, which is made if missing. Links to directories are not followed.</summary>
    /// <param name="localDirectory">An absolute path.</param>
    /// <param name="remoteDirectory">The directory that takes its place.</param>
    public void AddUploadTree(string localDirectory, string remoteDirectory) => _up.AddTree(localDirectory, _session.ResolvePath(remoteDirectory));

    /// <summary>Adds what is in a remote directory, to go into a local directory, which is made if missing; the mirror image of the upload.</summary>
    /// <param name="remoteDirectory">The directory to receive.</param>
    /// <param name="localDirectory">An absolute path, the directory that takes its place.</param>
    /// <param name="mayBeLink">Whether the local directory may be a link, for it is the destination itself; links below the destination are not gone through.</param>
    public void AddDownloadTree(string remoteDirectory, string localDirectory, bool mayBeLink = true) =>
        _down.AddTree(_session.ResolvePath(remoteDirectory), localDirectory, _options with { CreateParents = false }, mayBeLink);

    /// <summary>Says that no more will be added, and waits until all have ended.</summary>
    /// <exception cref="FtpException">Something that no file could be transferred after: the session was closed, the server is gone.</exception>
    /// <exception cref="OperationCanceledException">The batch was cancelled; all work has ended.</exception>
    public Task CompleteAsync() => _queue.CompleteAsync();
}
