using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.Protocol;
using FtpTools.Transfer;

namespace FtpTools.Trees;

/// <summary>
/// Walks a local and a remote tree at once, over several connections, and makes the plan that would make them alike. One
/// directory at a time is in memory for each connection. What is on the target alone is told in the end, when all of both has
/// been seen: what was not seen may be there.
/// </summary>
/// <param name="context">The pool, retries and the filter.</param>
/// <param name="options">What is compared, and how.</param>
/// <param name="onAction">Takes the steps, one at a time, in an order in which they can be done.</param>
/// <param name="onError">Takes what could not be looked at, one at a time.</param>
/// <param name="onFolder">Told of each directory that has been compared; null for nobody.</param>
internal sealed class TreeComparison(BatchContext context, FtpSyncOptions options, Action<FtpSyncAction> onAction, Action<FtpException> onError, Action<string>? onFolder)
{
    private readonly object _lock = new();
    private readonly Stack<ComparedFolder> _waiting = new();
    private readonly SemaphoreSlim _more = new(0);
    private readonly SyncPlan _plan = new(context, options, onAction, onError);
    private readonly SyncMemory? _memory = (SyncMemory?)options.State;
    private readonly bool _isUpload = options.Direction == FtpTransferDirection.Upload;
    private int _open; // folders that wait or are compared
    private int _workers;

    private CancellationToken Stop => context.CancellationToken;

    /// <summary>Compares.</summary>
    /// <param name="local">The absolute path of the local directory.</param>
    /// <param name="remote">That of the remote one.</param>
    /// <param name="limit">The most connections.</param>
    /// <exception cref="FtpException">The source is not there, or a marker is missing: nothing was compared.</exception>
    public async Task RunAsync(string local, string remote, int limit)
    {
        Add(await BeginAsync(local, remote).ConfigureAwait(false));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var workers = new Task[Math.Max(1, limit)];
        _workers = workers.Length;
        for (var i = 0; i < workers.Length; i++)
            workers[i] = Task.Run(() => WorkAsync(stop));
        await Task.WhenAll(workers).ConfigureAwait(false);
        if (_isUpload)
        {
            foreach (var link in await new HiddenLinks(context).FindAsync(_plan.WithRemovals, limit).ConfigureAwait(false))
                _plan.LeaveLink(link.Key, link);
        }

        _plan.EmitRemovals();
        if (_plan.IsWhole && context.Filter is null && !options.OnlyExisting)
            _memory?.NoteWhole();
    }

    private async Task<ComparedFolder> BeginAsync(string local, string remote)
    {
        var here = SyncFacts.OfLocal(local);
        // The directory that was named may be a link.
        var hasLocal = Directory.Exists(local);
        if (here.Type is not null && !hasLocal)
            throw new FtpException(FtpErrorKind.LocalFileError, $"Nothing was compared, because '{local}' is a file. Specify directories.");
        var hasRemote = await context.PersistAsync($"to access '{remote}'", async connection =>
        {
            _plan.KeepsTimes = !_isUpload || connection.Facts.SetsTimes;
            if (await connection.Directories.IsDirectoryAsync(remote, Stop).ConfigureAwait(false))
                return true;
            return await connection.Directories.ExistsAsync(remote, Stop).ConfigureAwait(false)
                ? throw new FtpException(FtpErrorKind.CommandRefused, $"Nothing was compared, because '{remote}' isn't a directory on the server. Specify directories.", remote)
                : false;
        }).ConfigureAwait(false);
        if (!hasLocal && (options.Newer ? !hasRemote : _isUpload))
            throw new FtpException(FtpErrorKind.LocalFileError, $"Nothing was compared, because the local directory '{local}' doesn't exist.", null, new DirectoryNotFoundException());
        if (!hasRemote && !options.Newer && !_isUpload)
            throw new FtpException(FtpErrorKind.PathNotFound, $"Nothing was compared, because the directory '{remote}' doesn't exist on the server.", remote);
        var top = new ComparedFolder(local, remote) { HasLocal = hasLocal, HasRemote = hasRemote };
        await RequireMarkerAsync(top).ConfigureAwait(false);
        if ((!hasLocal || !hasRemote) && !options.OnlyExisting)
            top.Making = SyncPlan.Action(
                FtpSyncKind.MakeDirectory, hasLocal ? FtpTransferDirection.Upload : FtpTransferDirection.Download, hasLocal ? "it doesn't exist on the server" : "it doesn't exist locally", "", local, remote,
                SyncFacts.OfLocal(local), hasRemote ? new SyncFacts(FtpItemType.Directory, null, null, FtpTimePrecision.None) : default);
        return top;
    }

    private async Task RequireMarkerAsync(ComparedFolder top)
    {
        if (options.AccessMarker is not { } marker)
            return;
        var there = FtpPath.Child(top.Remote, marker);
        var missing = !File.Exists(Path.Combine(top.Local, marker)) ? $"'{Path.Combine(top.Local, marker)}' doesn't exist locally"
            : !await context.PersistAsync($"to access '{there}'", async connection =>
                await connection.Directories.ExistsAsync(there, Stop).ConfigureAwait(false) && !await connection.Directories.IsDirectoryAsync(there, Stop).ConfigureAwait(false)).ConfigureAwait(false) ? $"'{there}' doesn't exist on the server"
            : null;
        if (missing is not null)
            throw new FtpException(FtpErrorKind.PathNotFound, $"Nothing was compared, because {missing}, and both directories must contain that file (-AccessMarker). The directory without it may be the wrong one, or may not be mounted.", there);
    }

    private void Add(ComparedFolder folder)
    {
        lock (_lock)
        {
            _open++;
            // The last one first: what waits stays few.
            _waiting.Push(folder);
        }

        _more.Release();
    }

    /// <summary>Whether there is a directory for every worker to go on with.</summary>
    private bool IsFollowed()
    {
        lock (_lock)
            return _waiting.Count >= _workers;
    }

    private async Task WorkAsync(CancellationTokenSource stop)
    {
        try
        {
            while (true)
            {
                await _more.WaitAsync(stop.Token).ConfigureAwait(false);
                ComparedFolder folder;
                lock (_lock)
                {
                    if (_open == 0)
                    {
                        _more.Release();
                        return;
                    }

                    folder = _waiting.Pop();
                }

                await TryCompareAsync(folder).ConfigureAwait(false);
                lock (_lock)
                {
                    if (--_open == 0)
                        _more.Release();
                }
            }
        }
        catch (Exception e)
        {
            // What ends one ends all; of the others nobody needs to hear that they were stopped.
            var isFirst = !stop.IsCancellationRequested;
            stop.Cancel();
            if (isFirst || e is not OperationCanceledException || Stop.IsCancellationRequested)
                throw;
        }
    }

    private async Task TryCompareAsync(ComparedFolder folder)
    {
        try
        {
            await CompareAsync(folder).ConfigureAwait(false);
            onFolder?.Invoke(folder.Remote);
        }
        // A server without hashes has none for the next directory either.
        catch (FtpException e) when (!e.IsFatal && (options.By != FtpSyncBy.Hash || e.Kind != FtpErrorKind.CommandNotSupported))
        {
            _plan.Tell(e, folder);
        }
    }

    private async Task CompareAsync(ComparedFolder folder)
    {
        var here = folder.HasLocal ? ReadLocal(folder) : [];
        var there = new List<FtpItem>();
        var pairs = new List<SyncPair>();
        FtpException? unread = null;
        await context.PersistAsync($"to compare '{folder.Remote}'", async connection =>
        {
            there.Clear();
            pairs.Clear();
            unread = folder.HasRemote ? await ListAsync(connection, folder, there).ConfigureAwait(false) : null;
            pairs.AddRange(await SyncPair.MatchAsync(here, there, (local, remote) => IsOneAsync(connection, folder, local, remote)).ConfigureAwait(false));
            foreach (var pair in pairs)
                await LearnAsync(connection, folder, pair).ConfigureAwait(false);
        }).ConfigureAwait(false);

        if (unread is not null)
            _plan.Tell(unread, folder);
        if (folder.HasRemote)
            there.ForEach(folder.Level.Add);
        if (!options.SkipEmptyDirectory && options.Filter?.ChoosesFiles != true)
            _plan.EmitMaking(folder);
        var below = new List<ComparedFolder>();
        foreach (var pair in pairs)
        {
            Stop.ThrowIfCancellationRequested();
            try
            {
                if (pair.Failure is { } failure)
                    _plan.Tell(failure, folder, isUnseen: false);
                else if (_plan.Add(folder, pair) is { } next)
                    below.Add(next);
            }
            catch (FtpException e) when (!e.IsFatal)
            {
                _plan.Tell(e, folder);
            }
        }

        _plan.NoteRemovals(folder);
        below.Reverse();
        below.ForEach(Add);
    }

    private List<FileSystemInfo> ReadLocal(ComparedFolder folder)
    {
        var items = LocalFile.Guard(folder.Local, "read the local directory", () => new DirectoryInfo(folder.Local).GetFileSystemInfos());
        var here = new List<FileSystemInfo>(items.Length);
        foreach (var item in items)
        {
            // .NET's attributes of what is not there: gone meanwhile, as temporary files are, or of a name that is no text.
            if ((int)item.Attributes != -1)
                here.Add(item);
            else if (item.Name.IndexOf('\uFFFD') >= 0)
                _plan.Tell(new FtpException(FtpErrorKind.InvalidName, $"'{item.FullName}' was skipped, because the bytes of its name aren't valid UTF-8, so .NET can't open it. Rename it."), folder);
        }

        return here;
    }

    private async Task<FtpException?> ListAsync(FtpConnection connection, ComparedFolder folder, List<FtpItem> items)
    {
        connection.Listings.IsFollowed = IsFollowed;
        try
        {
            await connection.Listings.ListAsync(folder.Remote, true, items.Add, Stop).ConfigureAwait(false);
            return null;
        }
        catch (FtpException e) when (e.IsUnreadListing && connection.IsOpen)
        {
            return e;
        }
        finally
        {
            connection.Listings.IsFollowed = null;
        }
    }

    /// <summary>Whether what has another letter case on the target is the same to it: it is asked by the source's name.</summary>
    private async Task<bool> IsOneAsync(FtpConnection connection, ComparedFolder folder, string localName, string remoteName) => _isUpload
        ? await connection.Directories.ExistsAsync(FtpPath.Child(folder.Remote, localName), Stop).ConfigureAwait(false)
        : SyncFacts.OfLocal(Path.Combine(folder.Local, remoteName)).Type is not null;

    /// <summary>Asks for what decides, where the listing does not tell it.</summary>
    private async Task LearnAsync(FtpConnection connection, ComparedFolder folder, SyncPair pair)
    {
        pair.Last = _memory?.Recall(folder.RelativeOf(pair.Name));
        if (_plan.IsLeftOut(pair, folder))
            return;
        var path = pair.Remote?.FullName ?? "";
        if (SyncDecision.WantsExactTime(options, pair.Here, pair.There, pair.Last) && await connection.Files.ModificationTimeAsync(path, Stop).ConfigureAwait(false) is { } time)
            pair.There = pair.There with { Time = time, Precision = FtpTimePrecision.Second };
        if (!SyncDecision.WantsHash(options, pair.Here, pair.There))
            return;
        try
        {
            pair.RemoteHash = await connection.Hashes.HashAsync(path, null, Stop).ConfigureAwait(false);
            pair.HashAlgorithm = connection.Hashes.HashAlgorithm;
            pair.LocalHash = ContentHash.OfFile(pair.Local!.FullName, pair.HashAlgorithm!);
        }
        catch (FtpException e) when (e.Kind is FtpErrorKind.PermissionDenied or FtpErrorKind.PathNotFound or FtpErrorKind.CommandRefused or FtpErrorKind.LocalFileError && !RetryPolicy.IsPassing(e))
        {
            // One file that may not be read is no reason to know nothing of its neighbours.
            pair.Failure = e;
        }
    }
}
