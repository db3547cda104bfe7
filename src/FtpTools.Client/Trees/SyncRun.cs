using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;
using FtpTools.Transfer;

namespace FtpTools.Trees;

/// <summary>
/// Carries out a plan: directories before what goes into them, files over several connections, deletions in the end, if
/// nothing has failed before and there are not too many. Each step looks first at what it was made for. Steps are added while
/// others are under way, from one thread.
/// </summary>
internal sealed class SyncRun
{
    private readonly BatchContext _context;
    private readonly FtpSyncOptions _options;
    private readonly int _limit;
    private readonly Action<FtpTransferResult> _onResult;
    private readonly TransferQueue _queue;
    private readonly SyncCheck _check = new();
    private readonly SyncBackup _backup;
    private readonly LocalParts _parts = new();
    // The plan may be of a computer that tells names apart which are one here.
    private readonly TakenNames _taken = new();
    // Made by whoever needs one first: nobody waits for what waits itself.
    private readonly Dictionary<(FtpTransferDirection Direction, string Path), Task<FtpTransferResult?>> _made = [];
    private readonly Dictionary<(FtpTransferDirection Direction, string Path), FtpSyncAction> _toMake = [];
    private readonly ConcurrentDictionary<(FtpTransferDirection Direction, string Source, string Destination), FtpSyncAction> _steps = new();
    private readonly List<FtpSyncAction> _removals = [];
    private int _failed;

    /// <summary>A run without steps.</summary>
    /// <param name="context">The pool, how files are transferred, and who hears of it.</param>
    /// <param name="options">How much may be deleted, and where to what is replaced goes.</param>
    /// <param name="limit">The most connections.</param>
    /// <param name="onResult">Takes the result of each step, on whatever thread it ends on.</param>
    public SyncRun(BatchContext context, FtpSyncOptions options, int limit, Action<FtpTransferResult> onResult)
    {
        (_context, _options, _limit, _onResult) = (context, options, limit, onResult);
        _queue = new TransferQueue(context.Options, limit, OnResult, context.CancellationToken);
        _backup = new SyncBackup(context, options.BackupPath);
    }

    /// <summary>How many steps have been added that move bytes.</summary>
    public int FileCount => _queue.FileCount;

    /// <summary>How many bytes they have in all, as far as that is known.</summary>
    public long ByteCount => _queue.ByteCount;

    /// <summary>Adds a step.</summary>
    public void Add(FtpSyncAction action)
    {
        var (source, destination) = Ends(action);
        _steps[(action.Direction, source, destination)] = action;
        if (action.IsRemoval)
        {
            _removals.Add(action);
            return;
        }

        if (action.Kind != FtpSyncKind.MakeDirectory)
        {
            _queue.Add(new TransferJob(action.Direction, source, destination, action.Length, () => DoAndNoteAsync(action)));
            return;
        }

        lock (_made)
            _toMake[(action.Direction, action.TargetPath)] = action;
        _queue.Add(new TransferJob(action.Direction, source, destination, 0, () => MadeAsync(action.Direction, action.TargetPath)) { IsDirectory = true });
    }

    /// <summary>Says that no more will be added, waits until all is done, and deletes.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.TooManyDeletes"/>, after all else; or something that no step could be done after.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; all work has ended.</exception>
    public async Task CompleteAsync()
    {
        try
        {
            await _queue.CompleteAsync().ConfigureAwait(false);
        }
        catch (FtpException e)
        {
            _removals.ForEach(action => TellUntried(action, e));
            throw;
        }

        if (_removals.Count == 0)
            return;
        try
        {
            if (_failed > 0)
                throw new FtpException(FtpErrorKind.TooManyDeletes, FormattableString.Invariant($"{_removals.Count} files and directories weren't deleted, because {_failed} earlier actions failed. The files that these should have transferred may be among them under other names."));
            _options.RequireFew(_removals.Count, _removals.Max(action => action.TargetCount) ?? _removals.Count);
        }
        catch (FtpException e)
        {
            _removals.ForEach(action => TellUntried(action, e));
            throw;
        }

        var removal = new SyncRemoval(_context, _backup, _steps.Values.Where(action => !action.IsRemoval));
        await RemoveAsync(removal, _removals.Where(action => action.Kind == FtpSyncKind.RemoveFile), _limit).ConfigureAwait(false);
        // The lowest first, each once those in it are gone.
        await RemoveAsync(removal, _removals.Where(action => action.Kind == FtpSyncKind.RemoveDirectory).OrderByDescending(action => action.RelativePath.Count(c => c == '/')), 1).ConfigureAwait(false);
    }

    private static (string Source, string Destination) Ends(FtpSyncAction action) =>
        action.Direction == FtpTransferDirection.Upload ? (action.LocalPath, action.RemotePath) : (action.RemotePath, action.LocalPath);

    private void OnResult(FtpTransferResult result)
    {
        if (result.Failure is { Kind: not FtpErrorKind.PlanOutdated })
            Interlocked.Increment(ref _failed);
        _onResult(_steps.TryGetValue((result.Direction, result.Source, result.Destination), out var step) ? result with { Step = step.Kind, ActionId = step.Id } : result);
    }

    private FtpTransferResult Result(FtpSyncAction action, FtpTransferStatus status) => new()
    {
        Direction = action.Direction,
        Source = Ends(action).Source,
        Destination = Ends(action).Destination,
        Length = action.Length,
        Attempts = 1,
        TransferType = _context.Options.TransferType ?? FtpTransferType.Binary,
        Status = status,
    };

    private void TellUntried(FtpSyncAction action, FtpException reason) =>
        OnResult(Result(action, FtpTransferStatus.Failed) with { Attempts = 0, Failure = reason.Untried(action.RemotePath) });

    private Task<bool> IsDueAsync(FtpSyncAction action) => _context.PersistAsync(
        $"to access '{action.RemotePath}'", connection => _check.IsDueAsync(connection, action, _context.CancellationToken));

    private async Task<FtpTransferResult?> MakeAsync(FtpSyncAction action)
    {
        TakeName(action);
        if (!await IsDueAsync(action).ConfigureAwait(false))
            return Result(action, FtpTransferStatus.Skipped);
        await ParentAsync(action).ConfigureAwait(false);
        if (action.Direction == FtpTransferDirection.Download)
            LocalFile.Guard(action.LocalPath, "create the local directory", () => Directory.CreateDirectory(action.LocalPath));
        else
            await _context.PersistAsync($"to create '{action.RemotePath}'", connection => connection.Directories.EnsureDirectoryAsync(action.RemotePath, _context.CancellationToken)).ConfigureAwait(false);
        return Result(action, FtpTransferStatus.Succeeded);
    }

    /// <summary>Waits for the directory that a step is in, and makes it where the plan does not.</summary>
    private async Task ParentAsync(FtpSyncAction action)
    {
        var isUpload = action.Direction == FtpTransferDirection.Upload;
        var parent = isUpload ? FtpPath.Parent(action.RemotePath) : Path.GetDirectoryName(action.LocalPath) ?? "";
        if (parent.Length == 0)
            return;
        try
        {
            await MadeAsync(action.Direction, parent).ConfigureAwait(false);
        }
        catch (FtpException e) when (!e.IsFatal)
        {
            throw e.Untried(action.RemotePath);
        }
    }

    private Task<FtpTransferResult?> MadeAsync(FtpTransferDirection direction, string directory)
    {
        lock (_made)
        {
            if (!_made.TryGetValue((direction, directory), out var made))
            {
                _toMake.TryGetValue((direction, directory), out var action);
                _made[(direction, directory)] = made = Task.Run(() => action is null ? MakeUnplannedAsync(direction, directory) : MakeAsync(action));
            }

            return made;
        }
    }

    private async Task<FtpTransferResult?> MakeUnplannedAsync(FtpTransferDirection direction, string directory)
    {
        if (direction == FtpTransferDirection.Upload)
            await _context.PersistAsync($"to create '{directory}'", connection => connection.Directories.MakeDirectoriesAsync(directory, _context.CancellationToken)).ConfigureAwait(false);
        else
            LocalFile.Guard(directory, "create the local directory", () => Directory.CreateDirectory(directory));
        return null;
    }

    /// <summary>Takes the local name of what is brought here, so that nothing else of the plan replaces it.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: another item of the plan has it.</exception>
    private void TakeName(FtpSyncAction action)
    {
        if (action.Direction == FtpTransferDirection.Download)
            _taken.Take(action.LocalPath, action.RemotePath);
    }

    private async Task<FtpTransferResult?> DoAndNoteAsync(FtpSyncAction action)
    {
        var result = await DoAsync(action).ConfigureAwait(false);
        if (_options.State is SyncMemory memory && result is { Status: FtpTransferStatus.Succeeded })
            await memory.NoteMadeAsync(_context, action).ConfigureAwait(false);
        return result;
    }

    private async Task<FtpTransferResult?> DoAsync(FtpSyncAction action)
    {
        if (action.Kind == FtpSyncKind.Conflict)
            throw new FtpException(FtpErrorKind.AlreadyExists, $"'{action.RelativePath}' was left unchanged on both sides: {action.Reason}. Delete the wrong one, or replace it with the right one by using Send-FtpItem or Receive-FtpItem with -PreserveTime. Then compare again.", action.RemotePath);
        TakeName(action);
        if (!await IsDueAsync(action).ConfigureAwait(false))
            return Result(action, FtpTransferStatus.Skipped);
        if (action.Kind == FtpSyncKind.SetTime)
            return await SetTimeAsync(action).ConfigureAwait(false);
        await ParentAsync(action).ConfigureAwait(false);
        var isReplacing = (action.Direction == FtpTransferDirection.Upload ? action.RemoteType : action.LocalType) is not null;
        var options = isReplacing ? _context.Options with { BackupPath = await _backup.PlaceAsync(action).ConfigureAwait(false) } : _context.Options;
        if (action.Kind == FtpSyncKind.Upload)
        {
            using var content = LocalFile.OpenRead(action.LocalPath);
            return await _context.TransferAsync(
                new FileUpload(content, action.LocalPath, action.RemotePath, options, _context.Limiter, _context.Progress) { Absence = _context.Absence, IsFollowed = _queue.IsFollowed }).ConfigureAwait(false);
        }

        return await _context.TransferAsync(
            new FileDownload(ItemOf(action), action.LocalPath, options, _context.Limiter, _context.Progress) { Absence = _context.Absence, IsFollowed = _queue.IsFollowed, Parts = _parts }).ConfigureAwait(false);
    }

    private static FtpItem ItemOf(FtpSyncAction action) => new()
    {
        Name = FtpPath.Name(action.RemotePath),
        FullName = action.RemotePath,
        ItemType = FtpItemType.File,
        Length = action.RemoteLength,
        LastWriteTimeUtc = action.RemoteTimeUtc,
        TimePrecision = action.RemoteTimePrecision,
    };

    private async Task<FtpTransferResult> SetTimeAsync(FtpSyncAction action)
    {
        if (action.Direction == FtpTransferDirection.Download)
        {
            if (action.RemoteTimeUtc is { } time)
                LocalFile.TrySetTime(action.LocalPath, action.LocalPath, action.RemotePath, time, text => _context.Trace(FtpLogLevel.Warning, text));
            return Result(action, FtpTransferStatus.Succeeded);
        }

        var utc = File.GetLastWriteTimeUtc(action.LocalPath);
        if (!await _context.PersistAsync($"to set the time of '{action.RemotePath}'", connection => connection.Files.TrySetModificationTimeAsync(action.RemotePath, utc, _context.CancellationToken)).ConfigureAwait(false))
            throw new FtpException(FtpErrorKind.CommandNotSupported, $"The time of '{action.RemotePath}' wasn't set, because the server doesn't accept MFMT, MDTM with a time, or SITE UTIME for it.", action.RemotePath);
        return Result(action, FtpTransferStatus.Succeeded);
    }

    private Task RemoveAsync(SyncRemoval removal, IEnumerable<FtpSyncAction> actions, int limit)
    {
        var queue = new TransferQueue(_context.Options with { Segments = 1 }, limit, OnResult, _context.CancellationToken);
        foreach (var action in actions)
        {
            var (source, destination) = Ends(action);
            queue.Add(new TransferJob(action.Direction, source, destination, 0, async () => Result(action, await removal.RunAsync(action).ConfigureAwait(false) ? FtpTransferStatus.Succeeded : FtpTransferStatus.Skipped)));
        }

        return queue.CompleteAsync();
    }
}
