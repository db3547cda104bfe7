using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;
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
    private readonly BatchContext _context;
    private readonly TakenNames _taken;
    private readonly TransferQueue _queue;
    private readonly UploadTree _up;
    private readonly DownloadTree _down;
    private readonly List<Task> _walks = [];
    private readonly SharedJournal? _journal;

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
            result.Failure?.At(session.Server);
            result.SourceFailure?.At(session.Server);
            onResult(result with { Server = session.Server, Session = session });
        }, cancellationToken);
        _journal = beside is null ? SharedJournal.Of(options, text => session.Trace(FtpLogLevel.Warning, text)) : beside._journal;
        _journal?.Add(this);
        _context = new BatchContext(pool, options, _limiter, progress, session.Trace, cancellationToken) { Journal = _journal?.Journal, Account = (session.Server, session.UserName) };
        _taken = beside is null ? new TakenNames() : beside._taken;
        _up = new UploadTree(_context, _queue);
        _down = new DownloadTree(_context, _queue);
    }

    /// <summary>How many files have been added.</summary>
    public int FileCount => _queue.FileCount;

    /// <summary>How many bytes the files have that have been added, as far as that is known, without those that were skipped or failed.</summary>
    public long ByteCount => _queue.ByteCount;

    /// <summary>
    /// Gives what is transferred its name on the other side: takes an <see cref="FtpItem"/> or a <see cref="FileSystemInfo"/>, of
    /// trees too; null, or nothing for a name, keeps its own. It may be called on any thread, and no connection waits for it.
    /// </summary>
    public Func<object, Task<string?>>? NameMap
    {
        get;
        set
        {
            field = value;
            _context.NameMap = value is null ? null : item =>
            {
                // Of a tree they come without.
                if (item is FtpItem { Session: null } one)
                    one.Session = _session;
                return value(item);
            };
        }
    }

    /// <summary>Which files of trees are transferred, and which of their directories are looked into; null for all. What is added by itself is not asked.</summary>
    public FtpItemFilter? Filter { get => _context.Filter; set => _context.Filter = value; }

    /// <summary>
    /// Where the files of trees that fit wait until all are known, several batches' if need be: after <see cref="WalkAsync"/>, what
    /// is chosen adds its file when it is called. Null when each is added at once.
    /// </summary>
    public FtpItemChoice<Func<Task>>? Choice { get => _context.Choice; set => _context.Choice = value; }

    /// <summary>The name that an item gets here.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: no file or directory can have it.</exception>
    public Task<string> LocalNameAsync(FtpItem item) => _context.LocalNameAsync(item);

    /// <summary>The name that a local file or directory gets on the server.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: nothing can have it.</exception>
    public Task<string> RemoteNameAsync(FileSystemInfo source) => _context.RemoteNameAsync(source);

    /// <summary>Does what only looks at the server, again and again while it fails for a passing reason, as files are tried.</summary>
    /// <param name="what">What it is, in the infinitive: <c>to find '/in'</c>.</param>
    /// <param name="work">The work.</param>
    public Task<T> PersistAsync<T>(string what, Func<Task<T>> work) => _context.PersistAsync(what, work);

    /// <summary>Adds a local file. It is an error of its own when another one has the remote name.</summary>
    /// <param name="localPath">An absolute path.</param>
    /// <param name="remotePath">The file's remote name, not a directory.</param>
    public void AddUpload(string localPath, string remotePath) => _up.AddNamedFile(localPath, _session.ResolvePath(remotePath), _options);

    /// <summary>Adds a remote file. It is an error of its own when another one has the local name, as far as the file system tells them apart.</summary>
    /// <param name="item">The file, or a link to one.</param>
    /// <param name="localPath">An absolute path, the file's local name, not a directory.</param>
    public void AddDownload(FtpItem item, string localPath) => _down.AddFile(item, localPath, _options, () => _taken.Take(localPath, item.FullName, $"{_session.Id}:"));

    /// <summary>Adds what is in a local directory, with its subdirectories, to go into a remote directory, which is made if missing. Links to directories are not followed.</summary>
    /// <param name="localDirectory">An absolute path.</param>
    /// <param name="remoteDirectory">The directory that takes its place.</param>
    public void AddUploadTree(string localDirectory, string remoteDirectory) => Walk(_up.AddTree(localDirectory, _session.ResolvePath(remoteDirectory)));

    /// <summary>Adds what is in a remote directory, to go into a local directory, which is made if missing; the mirror image of the upload.</summary>
    /// <param name="remoteDirectory">The directory to receive.</param>
    /// <param name="localDirectory">An absolute path, the directory that takes its place.</param>
    /// <param name="mayBeLink">Whether the local directory may be a link, for it is the destination itself; links below the destination are not gone through.</param>
    public void AddDownloadTree(string remoteDirectory, string localDirectory, bool mayBeLink = true) =>
        Walk(_down.AddTree(_session.ResolvePath(remoteDirectory), localDirectory, _options with { CreateParents = false }, mayBeLink));

    /// <summary>Waits until all trees that were added have been looked through for the <see cref="Choice"/>; what failed has told its result.</summary>
    public Task WalkAsync()
    {
        lock (_walks)
            return Task.WhenAll(_walks);
    }

    /// <summary>Says that no more will be added, and waits until all have ended.</summary>
    /// <exception cref="FtpException">Something that no file could be transferred after: the session was closed, the server is gone.</exception>
    /// <exception cref="OperationCanceledException">The batch was cancelled; all work has ended.</exception>
    public async Task CompleteAsync()
    {
        try
        {
            await _queue.CompleteAsync().ConfigureAwait(false);
        }
        finally
        {
            _journal?.Release(this);
        }
    }

    /// <summary>Whether a directory is the one that originals are moved to, which a pattern may stand for too.</summary>
    /// <param name="path">Its absolute path, on the server or here.</param>
    /// <param name="direction">Up or down.</param>
    public bool IsSetAside(string path, FtpTransferDirection direction) => _context.IsSetAside(SourcePlan.Of(_options, direction), path, isDirectory: true, null);

    private void Walk(Task walk)
    {
        if (Choice is null)
            return;
        lock (_walks)
            _walks.Add(walk);
    }
}
