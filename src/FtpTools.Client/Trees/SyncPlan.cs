using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using FtpTools.Protocol;
using FtpTools.Transfer;

namespace FtpTools.Trees;

/// <summary>
/// Makes the plan of two trees of what a walk through them finds. What is on the target alone is told in the end, when all
/// of both has been seen: what was not seen may be there. Safe to use from several threads at once, a directory from one.
/// </summary>
/// <param name="context">The filter, and the trace.</param>
/// <param name="options">What is compared, and how.</param>
/// <param name="onAction">Takes the steps, one at a time, in an order in which they can be done.</param>
/// <param name="onError">Takes what could not be looked at, one at a time.</param>
internal sealed class SyncPlan(BatchContext context, FtpSyncOptions options, Action<FtpSyncAction> onAction, Action<FtpException> onError)
{
    private readonly object _lock = new();
    private readonly List<ComparedFolder> _withRemovals = [];
    private readonly bool _isUpload = options.Direction == FtpTransferDirection.Upload;
    private int _sourceFiles;
    private int _targetCount;
    private string? _unseen; // the first that could not be looked at

    /// <summary>Whether a copy has the original's time: not on a server that sets none.</summary>
    public bool KeepsTimes { get; set; } = true;

    /// <summary>Whether all could be looked at.</summary>
    public bool IsWhole => _unseen is null;

    /// <summary>Whether a name is left as it is on both sides: excluded, or a part of a transfer, or a backup, or the marker.</summary>
    public bool IsLeftOut(SyncPair pair, ComparedFolder folder) =>
        PartName.IsAny(pair.Name) || SyncBackup.IsName(pair.Name) || (folder.Above is null && pair.Name == options.AccessMarker)
        || (pair.Local is { } local && context.Filter?.Excludes(local, folder.Top.Local) == true)
        || (pair.Remote is { } remote && context.Filter?.Excludes(remote, folder.Top.Remote) == true);

    /// <summary>Notes a directory whose removal, or removals, are told in the end.</summary>
    public void NoteRemovals(ComparedFolder folder)
    {
        if (folder.Removals.Count == 0 && folder.Removal is null)
            return;
        lock (_lock)
            _withRemovals.Add(folder);
    }

    /// <summary>Adds what becomes of one name to the plan.</summary>
    /// <returns>The directory that is to be looked into; null when it is none, or not.</returns>
    public ComparedFolder? Add(ComparedFolder folder, SyncPair pair)
    {
        var (here, there) = (pair.Here, pair.There);
        if (IsLeftOut(pair, folder) || IsBackup(folder, pair))
        {
            folder.Keep();
            return null;
        }

        if (here.IsOdd || there.IsOdd)
        {
            folder.Keep();
            LeaveOdd(folder, pair);
            return null;
        }

        if (!HasName(folder, pair))
            return null;
        var isTaken = !here.IsDirectory && !there.IsDirectory && IsTaken(folder, pair);
        Count(_isUpload ? here : there, _isUpload ? there : here, isTaken);
        if (pair.Remote is not null && here.Type is null && !_isUpload)
            folder.Taken.Take(Path.Combine(folder.Local, pair.Remote.Name), pair.Remote.FullName);
        var verdict = SyncDecision.Of(options, here, there, KeepsTimes, pair.IsSameContent, pair.Last);
        if (verdict.Kind is null && SyncDecision.TellsAlike(options))
            (options.State as SyncMemory)?.Note(folder.RelativeOf(pair.Name), here, there);
        if (here.IsDirectory || there.IsDirectory)
            return PlanDirectory(folder, pair, verdict);
        if (verdict.Kind is { } kind)
        {
            if (kind is FtpSyncKind.Conflict || isTaken)
                Emit(folder, ActionOf(folder, pair, kind, verdict.Reason));
        }
        else if (IsOnTargetAlone(here, there))
        {
            if (options.Mirror && isTaken)
                folder.Remove(ActionOf(folder, pair, FtpSyncKind.RemoveFile, "it exists only on this side"));
            else
                folder.Keep();
        }

        return null;
    }

    private ComparedFolder? PlanDirectory(ComparedFolder folder, SyncPair pair, SyncVerdict verdict)
    {
        var (here, there) = (pair.Here, pair.There);
        if (verdict.Kind == FtpSyncKind.Conflict)
        {
            folder.Keep();
            Emit(folder, ActionOf(folder, pair, FtpSyncKind.Conflict, verdict.Reason));
            return null;
        }

        var isOnTargetAlone = !options.Newer && IsOnTargetAlone(here, there);
        if (isOnTargetAlone && !options.Mirror)
        {
            folder.Keep();
            return null;
        }

        // Where nothing is made anew, nothing below it is either.
        if (!isOnTargetAlone && verdict.Kind is null && (here.Type is null || there.Type is null))
            return null;
        return folder.Below(
            pair.LocalName, pair.RemoteName, here.IsDirectory, there.IsDirectory,
            isOnTargetAlone ? ActionOf(folder, pair, FtpSyncKind.RemoveDirectory, "it exists only on this side") : null,
            verdict.Kind == FtpSyncKind.MakeDirectory ? ActionOf(folder, pair, FtpSyncKind.MakeDirectory, verdict.Reason) : null);
    }

    private bool IsOnTargetAlone(SyncFacts here, SyncFacts there) => !options.Newer && (_isUpload ? here : there).Type is null;

    /// <summary>Whether the filter takes a file; of one that is on both sides, the source's decides.</summary>
    private bool IsTaken(ComparedFolder folder, SyncPair pair)
    {
        var top = folder.Top;
        var isOfLocal = pair.Local is not null && (_isUpload || pair.Remote is null || (options.Newer && pair.Here.CompareTime(pair.There) > 0));
        return isOfLocal ? context.Takes(pair.Local!, top.Local) : context.Takes(pair.Remote!, top.Remote, false);
    }

    private bool IsBackup(ComparedFolder folder, SyncPair pair)
    {
        if (options.BackupPath is not { Length: > 0 } backup)
            return false;
        var top = folder.Top;
        return _isUpload
            ? FtpPath.Child(folder.Remote, pair.RemoteName) == FtpPath.Combine(top.Remote, backup)
            : string.Equals(Path.Combine(folder.Local, pair.LocalName), Path.GetFullPath(Path.Combine(top.Local, backup)).TrimEnd(Path.DirectorySeparatorChar), Compat.PathComparison);
    }

    private void LeaveOdd(ComparedFolder folder, SyncPair pair)
    {
        var path = pair.There.IsOdd ? pair.Remote!.FullName : pair.Local!.FullName;
        var isLink = pair.Here.Type != FtpItemType.Other && pair.There.Type != FtpItemType.Other;
        // A job that has brought less than there is has not succeeded. What is on the target alone is not missed there.
        if ((_isUpload ? pair.Here : pair.There).Type is null && !options.Newer)
            context.Trace(FtpLogLevel.Warning, $"'{path}' is {(isLink ? "a link" : "neither a file nor a directory")} and was left unchanged.");
        else
            Tell(new FtpException(FtpErrorKind.CommandRefused, $"'{path}' was skipped, together with the item of the same name on the other side, because it's {(isLink ? "a link, and links aren't followed" : "neither a file nor a directory")}. To always skip it, use -Exclude.", path), folder, isUnseen: false);
    }

    /// <summary>Counts what decides whether deletions are in proportion: what is left out cannot be deleted, and is no proof of a source that is there.</summary>
    private void Count(SyncFacts source, SyncFacts target, bool isTaken)
    {
        if (source.IsFile && isTaken)
            Interlocked.Increment(ref _sourceFiles);
        if (target.IsDirectory || (target.IsFile && isTaken))
            Interlocked.Increment(ref _targetCount);
    }

    /// <summary>Whether what is on one side alone can have its name on the other one. What would be copied and cannot is a failure; what would be deleted stays.</summary>
    private bool HasName(ComparedFolder folder, SyncPair pair)
    {
        if (pair.Local is not null && pair.Remote is not null)
            return true;
        try
        {
            pair.Remote?.ToLocalName();
            return pair.Remote is not null || FtpPath.IsName(pair.LocalName) ? true : throw new FtpException(
                FtpErrorKind.InvalidName, $"'{pair.Local!.FullName}' was skipped, because its name contains a line break, which FTP commands can't contain. Rename it, or exclude it with -Exclude.");
        }
        catch (FtpException e) when (!options.Newer && _isUpload == pair.Local is null)
        {
            folder.Keep();
            var path = pair.Remote?.FullName ?? pair.Local!.FullName;
            if (options.Mirror)
                Tell(new FtpException(FtpErrorKind.InvalidName, $"'{path}' exists on only one side, but wasn't deleted, because its name isn't valid on the other side.", path, e), folder, isUnseen: false);
            return false;
        }
    }

    private FtpSyncAction ActionOf(ComparedFolder folder, SyncPair pair, FtpSyncKind kind, string reason)
    {
        var direction = kind switch
        {
            FtpSyncKind.Upload => FtpTransferDirection.Upload,
            FtpSyncKind.Download => FtpTransferDirection.Download,
            FtpSyncKind.MakeDirectory => pair.Remote is null ? FtpTransferDirection.Upload : FtpTransferDirection.Download,
            _ => options.Direction,
        };
        return Action(
            kind, direction, reason, folder.RelativeOf(pair.Name),
            Path.Combine(folder.Local, pair.LocalName), FtpPath.Child(folder.Remote, pair.RemoteName), pair.Here, pair.There) with
        { LocalHash = pair.LocalHash, RemoteHash = pair.RemoteHash, HashAlgorithm = pair.HashAlgorithm };
    }

    /// <summary>A step, with what was seen.</summary>
    public static FtpSyncAction Action(FtpSyncKind kind, FtpTransferDirection direction, string reason, string relative, string local, string remote, SyncFacts here, SyncFacts there) => new()
    {
        Kind = kind,
        Direction = direction,
        Reason = reason,
        RelativePath = relative,
        LocalPath = local,
        RemotePath = remote,
        LocalType = here.Type,
        LocalLength = here.Length,
        LocalTimeUtc = here.Time is { } time ? new DateTime(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc) : null,
        LocalTicks = here.Time?.Ticks,
        RemoteType = there.Type,
        RemoteLength = there.Length,
        RemoteTimeUtc = there.Time,
        RemoteTicks = there.Time?.Ticks,
        RemoteTimePrecision = there.Precision,
    };

    private void Emit(ComparedFolder folder, FtpSyncAction action)
    {
        lock (_lock)
        {
            if (action.Kind != FtpSyncKind.Conflict)
                EmitMaking(folder);
            onAction(action);
        }
    }

    /// <summary>Adds the step that makes a directory, where it is missing, and those it is in.</summary>
    public void EmitMaking(ComparedFolder folder)
    {
        lock (_lock)
        {
            if (folder.Above is { } above)
                EmitMaking(above);
            if (folder.Making is not { } making)
                return;
            folder.Making = null;
            onAction(making);
        }
    }

    /// <summary>Tells what could not be looked at.</summary>
    /// <param name="e">Why.</param>
    /// <param name="folder">The directory that it is in, or is.</param>
    /// <param name="isUnseen">Whether it is not known what is there.</param>
    public void Tell(FtpException e, ComparedFolder folder, bool isUnseen = true)
    {
        folder.Keep();
        lock (_lock)
        {
            if (isUnseen)
                _unseen ??= folder.Remote;
            onError(e);
        }
    }

    /// <summary>The directories in which something is to be deleted, or that are themselves.</summary>
    public IReadOnlyCollection<ComparedFolder> WithRemovals => _withRemovals;

    /// <summary>Leaves what is in a link that was taken for a directory.</summary>
    /// <param name="link">The link.</param>
    /// <param name="folders">The directories that are it, or below it.</param>
    public void LeaveLink(ComparedFolder link, IEnumerable<ComparedFolder> folders)
    {
        _withRemovals.RemoveAll(new HashSet<ComparedFolder>(folders).Contains);
        if (link.Removal is not null)
        {
            link.Keep();
            context.Trace(FtpLogLevel.Warning, $"'{link.Remote}' is a link and was left unchanged.");
            return;
        }

        Tell(new FtpException(FtpErrorKind.CommandRefused, $"Nothing is deleted in '{link.Remote}', because it's a link, and links aren't followed. To always skip it, use -Exclude.", link.Remote), link, isUnseen: false);
    }

    /// <summary>Adds what is on the target alone, once all has been seen.</summary>
    public void EmitRemovals()
    {
        var files = _withRemovals.SelectMany(folder => folder.Removals).ToArray();
        var directories = _withRemovals.Where(folder => folder.Removal is not null && !folder.HasKept).OrderByDescending(folder => folder.Depth).ThenBy(folder => folder.Relative, StringComparer.Ordinal).Select(folder => folder.Removal!).ToArray();
        if (files.Length + directories.Length == 0)
            return;
        var reason = _unseen is not null ? $"not all directories could be compared ('{_unseen}' is one of them), so they may exist on the other side"
            : _sourceFiles == 0 && !options.AllowEmptySource ? $"the {(_isUpload ? "local" : "remote")} directory contains no files. It may not be mounted, or may be the wrong one. To delete them anyway, use -AllowEmptySource"
            : null;
        if (reason is not null)
        {
            onError(new FtpException(FtpErrorKind.TooManyDeletes, FormattableString.Invariant($"{files.Length + directories.Length} files and directories that exist only on one side aren't deleted, because {reason}.")));
            return;
        }

        foreach (var action in files.Concat(directories))
            onAction(action with { TargetCount = _targetCount });
    }
}
