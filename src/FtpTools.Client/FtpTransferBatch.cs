using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;
using FtpTools.Protocol;
using FtpTools.Transfer;

namespace FtpTools;

/// <summary>
/// Many files over several connections of one session. Files are added while others are on their way, and each tells its
/// result when it ends; one file's failure does not end the others. The number of connections in use grows as long as
/// files wait. Safe to use from several threads at once.
/// </summary>
public sealed class FtpTransferBatch
{
    /// <summary>How often it is seen whether more connections would help.</summary>
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(100);

    private readonly object _lock = new();
    private readonly Queue<Job> _waiting = new();
    private readonly FtpSession _session;
    private readonly FtpTransferOptions _options;
    private readonly RateLimiter? _limiter;
    private readonly LocalParts _parts = new();
    private readonly Action<FtpTransferResult> _onResult;
    private readonly IProgress<FtpProgress>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _limit;
    private readonly SemaphoreSlim? _lanes;
    private readonly Timer _growth;
    private int _workers;
    private int _producers;
    private bool _isComplete;
    private Exception? _fatal;

    internal FtpTransferBatch(
        FtpSession session, FtpTransferOptions options, FtpTransferBatch? beside, Action<FtpTransferResult> onResult, IProgress<FtpProgress>? progress, CancellationToken cancellationToken)
    {
        _session = session;
        _options = options;
        _limiter = beside is null ? RateLimiter.Of(options) : beside._limiter;
        _onResult = onResult;
        _progress = progress;
        _cancellationToken = cancellationToken;
        // What is added to one file has to come in its order.
        _limit = options.Append ? 1 : options.ThrottleLimit > 0 ? Math.Min(options.ThrottleLimit, session.MaxConnection) : session.MaxConnection;
        // Files that are divided take more connections than there are workers.
        _lanes = options.Segments > 1 ? new SemaphoreSlim(_limit) : null;
        _growth = new Timer(_ => Grow(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many files have been added.</summary>
    public int FileCount { get; private set; }

    /// <summary>How many bytes the files have that have been added, as far as that is known, without those that were skipped or failed.</summary>
    public long ByteCount { get; private set; }

    /// <summary>Adds a local file.</summary>
    /// <param name="localPath">An absolute path.</param>
    /// <param name="remotePath">The file's remote name, not a directory.</param>
    public void AddUpload(string localPath, string remotePath) => AddUpload(localPath, remotePath, _options);

    /// <summary>Adds a remote file.</summary>
    /// <param name="item">The file, or a link to one.</param>
    /// <param name="localPath">An absolute path, the file's local name, not a directory.</param>
    public void AddDownload(FtpItem item, string localPath) => AddDownload(item, localPath, _options);

    /// <summary>Adds what is in a local directory, with its subdirectories, to go into a remote directory, which is made if missing. Links to directories are not followed.</summary>
    /// <param name="localDirectory">An absolute path.</param>
    /// <param name="remoteDirectory">The directory that takes its place.</param>
    public void AddUploadTree(string localDirectory, string remoteDirectory)
    {
        // The parents of every file have been made by then.
        var options = _options with { CreateParents = false };
        var root = _session.ResolvePath(remoteDirectory);
        Produce(
            FtpTransferDirection.Upload, localDirectory, root,
            async () =>
            {
                await _session.CreateDirectoryAsync(root, createParents: true, _cancellationToken).ConfigureAwait(false);
                await UploadDirectoryAsync(localDirectory, root, options).ConfigureAwait(false);
            });
    }

    /// <summary>Adds what is in a remote directory, to go into a local directory, which is made if missing; the mirror image of the upload.</summary>
    /// <param name="remoteDirectory">The directory to receive.</param>
    /// <param name="localDirectory">An absolute path, the directory that takes its place.</param>
    public void AddDownloadTree(string remoteDirectory, string localDirectory)
    {
        AddDownloadDirectory(_session.ResolvePath(remoteDirectory), localDirectory, _options with { CreateParents = false });
    }

    /// <summary>
    /// Adds a remote directory, which is listed when its turn comes: of a tree with many directories the listings take as
    /// many round trips as the files, over as many connections.
    /// </summary>
    private void AddDownloadDirectory(string remote, string local, FtpTransferOptions options) =>
        Add(new Job(FtpTransferDirection.Download, remote, local, 0, async () =>
        {
            await InLaneAsync(() => DownloadDirectoryAsync(remote, local, options), _cancellationToken).ConfigureAwait(false);
            return null;
        }) { IsDirectory = true });

    /// <summary>Says that no more will be added, and waits until all have ended.</summary>
    /// <exception cref="FtpException">Something that no file could be transferred after: the session was closed, the server is gone.</exception>
    /// <exception cref="OperationCanceledException">The batch was cancelled; all work has ended.</exception>
    public Task CompleteAsync()
    {
        lock (_lock)
        {
            _isComplete = true;
            EndIfDone();
        }

        return _ended.Task;
    }

    private void AddUpload(string localPath, string remotePath, FtpTransferOptions options)
    {
        var target = _session.ResolvePath(remotePath);
        var length = new FileInfo(localPath) is { Exists: true } file ? file.Length : 0;
        Add(new Job(FtpTransferDirection.Upload, localPath, target, length, async () =>
        {
            using var content = LocalFile.OpenRead(localPath);
            return await _session.TransferAsync(new FileUpload(content, localPath, target, options, _limiter, _progress) { IsFollowed = IsFollowed }, _cancellationToken).ConfigureAwait(false);
        }));
    }

    private void AddDownload(FtpItem item, string localPath, FtpTransferOptions options) =>
        Add(new Job(FtpTransferDirection.Download, item.FullName, localPath, item.Length ?? 0, async () =>
        {
            FtpTransferResult? result = null;
            await InLaneAsync(
                async () => result = await _session.TransferAsync(
                    new FileDownload(item, localPath, options, _limiter, _progress) { IsFollowed = IsFollowed, Parts = _parts, Lend = (work, stop) => InLaneAsync(() => _session.UseAsync(work, stop), stop) },
                    _cancellationToken).ConfigureAwait(false),
                _cancellationToken).ConfigureAwait(false);
            return result!;
        }));

    /// <summary>Runs what takes a connection, when there are fewer at work than there may be.</summary>
    private async Task InLaneAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        if (_lanes is null)
        {
            await work().ConfigureAwait(false);
            return;
        }

        await _lanes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await work().ConfigureAwait(false);
        }
        finally
        {
            _lanes.Release();
        }
    }

    /// <summary>Whether there is a file for every connection to go on with.</summary>
    private bool IsFollowed()
    {
        lock (_lock)
            return _waiting.Count >= _workers;
    }

    private void Add(Job job)
    {
        lock (_lock)
        {
            if (_fatal is not null)
                return;
            _waiting.Enqueue(job);
            if (!job.IsDirectory)
                FileCount++;
            ByteCount += job.Length;
            // Two from the start: one alone waits for its own round trips.
            if (_workers < Math.Min(2, _limit))
                StartWorker();
        }
    }

    /// <summary>Runs what adds files; it counts as work under way. A directory has no result of its own, unless it cannot be entered or made.</summary>
    private void Produce(FtpTransferDirection direction, string source, string destination, Func<Task> work)
    {
        lock (_lock)
        {
            if (_fatal is not null)
                return;
            _producers++;
        }

        _ = Task.Run(async () =>
        {
            try
            {
                await TryAsync(direction, source, destination, async () =>
                {
                    await work().ConfigureAwait(false);
                    return null;
                }).ConfigureAwait(false);
            }
            finally
            {
                lock (_lock)
                {
                    _producers--;
                    EndIfDone();
                }
            }
        });
    }

    private async Task UploadDirectoryAsync(string local, string remote, FtpTransferOptions options)
    {
        var entries = LocalFile.Guard(local, "read the directory", () => new DirectoryInfo(local).GetFileSystemInfos());
        Array.Sort(entries, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        var directories = new List<(string Local, string Remote)>();
        foreach (var entry in entries)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            var target = FtpPath.Child(remote, entry.Name);
            if (entry is FileInfo)
                AddUpload(entry.FullName, target, options);
            else if ((entry.Attributes & FileAttributes.ReparsePoint) != 0)
                _session.Trace(FtpLogLevel.Warning, $"'{entry.FullName}' is a link to a directory and was not followed.");
            else
                directories.Add((entry.FullName, target));
        }

        foreach (var (from, to) in directories)
        {
            await TryAsync(FtpTransferDirection.Upload, from, to, async () =>
            {
                await _session.EnsureDirectoryAsync(to, _cancellationToken).ConfigureAwait(false);
                await UploadDirectoryAsync(from, to, options).ConfigureAwait(false);
                return null;
            }).ConfigureAwait(false);
        }
    }

    private async Task DownloadDirectoryAsync(string remote, string local, FtpTransferOptions options)
    {
        LocalFile.Guard(local, "make the directory", () => Directory.CreateDirectory(local));
        var items = new List<FtpItem>();
        await _session.ListAsync(remote, true, items.Add, _cancellationToken).ConfigureAwait(false);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (item.ItemType == FtpItemType.SymbolicLink && await _session.IsDirectoryAsync(item.FullName, _cancellationToken).ConfigureAwait(false))
            {
                _session.Trace(FtpLogLevel.Warning, $"'{item.FullName}' is a link to a directory and was not followed.");
                continue;
            }

            if (item.ItemType == FtpItemType.Other)
            {
                _session.Trace(FtpLogLevel.Warning, $"'{item.FullName}' is neither a file nor a directory and was not received.");
                continue;
            }

            await TryAsync(FtpTransferDirection.Download, item.FullName, local, () =>
            {
                var name = item.ToLocalName();
                LocalFile.TakeName(taken, name, item.FullName, Compat.IsWindows);
                var target = Path.Combine(local, name);
                if (item.IsDirectory)
                    AddDownloadDirectory(item.FullName, target, options);
                else
                    AddDownload(item, target, options);
                return Task.FromResult<FtpTransferResult?>(null);
            }).ConfigureAwait(false);
        }
    }

    // Under the lock.
    private void StartWorker()
    {
        _workers++;
        if (_workers < _limit)
            _growth.Change(_interval, Timeout.InfiniteTimeSpan);
        // Where blocking holds up nobody, so that a small file can be done by one thread.
        _ = WireThreads.Run(() => _ = WorkAsync());
    }

    private async Task WorkAsync()
    {
        while (true)
        {
            Job job;
            lock (_lock)
            {
                if (_waiting.Count == 0 || _fatal is not null)
                {
                    _workers--;
                    EndIfDone();
                    return;
                }

                job = _waiting.Dequeue();
            }

            var result = await TryAsync(job.Direction, job.Source, job.Destination, job.Run).ConfigureAwait(false);
            lock (_lock)
            {
                if (result is not { Status: FtpTransferStatus.Succeeded })
                    ByteCount -= job.Length;
            }
        }
    }

    /// <summary>
    /// Adds as many connections as there are, when files wait. On a near server, where the processors and not round trips are
    /// what they wait for, four are a fifth faster than two, and eight a tenth slower than four.
    /// </summary>
    private void Grow()
    {
        lock (_lock)
        {
            if (_workers == 0 || _workers >= _limit || _fatal is not null)
                return;
            if (_waiting.Count < _workers)
            {
                _growth.Change(_interval, Timeout.InfiniteTimeSpan);
                return;
            }

            for (var more = Math.Min(_workers, _limit - _workers); more > 0; more--)
                StartWorker();
        }
    }

    /// <returns>What the work gave; null when there is nothing of that kind, or it failed.</returns>
    private async Task<FtpTransferResult?> TryAsync(FtpTransferDirection direction, string source, string destination, Func<Task<FtpTransferResult?>> work)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            var result = await work().ConfigureAwait(false);
            if (result is not null)
                _onResult(result);
            return result;
        }
        catch (FtpException e)
        {
            _onResult(new FtpTransferResult
            {
                Direction = direction,
                Source = source,
                Destination = destination,
                Elapsed = watch.Elapsed,
                Attempts = e.Attempts,
                TransferType = _options.TransferType ?? FtpTransferType.Binary,
                Status = FtpTransferStatus.Failed,
                Error = e,
            });
            if (e.IsFatal)
                Abandon(e);
        }
        catch (Exception e)
        {
            // A cancel, or what must not happen: it comes out of CompleteAsync.
            Abandon(e);
        }

        return null;
    }

    private void Abandon(Exception e)
    {
        lock (_lock)
        {
            _fatal ??= e;
            _waiting.Clear();
        }
    }

    // Under the lock.
    private void EndIfDone()
    {
        if (!_isComplete || _workers > 0 || _producers > 0 || _waiting.Count > 0)
            return;
        _growth.Dispose();
        if (_fatal is OperationCanceledException)
            _ended.TrySetCanceled(_cancellationToken);
        else if (_fatal is not null)
            _ended.TrySetException(_fatal);
        else
            _ended.TrySetResult(true);
    }

    private sealed record Job(FtpTransferDirection Direction, string Source, string Destination, long Length, Func<Task<FtpTransferResult?>> Run)
    {
        /// <summary>It has no result of its own, unless it cannot be entered or made.</summary>
        public bool IsDirectory { get; init; }
    }
}
