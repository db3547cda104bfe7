using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.Protocol;
using FtpTools.Transfer;

namespace FtpTools.Trees;

/// <summary>Whether the world is still what a step of a plan was made for.</summary>
internal sealed class SyncCheck
{
    // Of a server that tells of a single item by the listing of its directory alone, that is asked for once a run.
    private readonly ConcurrentDictionary<string, Task<Dictionary<string, FtpItem>>> _listings = new(StringComparer.Ordinal);

    /// <summary>Looks at both sides of a step.</summary>
    /// <returns>True when it is to be done, false when it is done already.</returns>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.PlanOutdated"/>: something else has been done to one of both.</exception>
    public async Task<bool> IsDueAsync(FtpConnection connection, FtpSyncAction action, CancellationToken cancellationToken)
    {
        var here = SyncFacts.OfLocal(action.LocalPath);
        var there = await NowAsync(connection, action, cancellationToken).ConfigureAwait(false);
        var (seenHere, seenThere) = (SeenHere(action), SeenThere(action));
        var isUpload = action.Direction == FtpTransferDirection.Upload;
        var (source, target) = isUpload ? (here, there) : (there, here);
        var isSourceAsSeen = isUpload ? IsAs(here, action) : there.IsAs(seenThere);
        var isTargetAsSeen = isUpload ? there.IsAs(seenThere) : IsAs(here, action);
        switch (action.Kind)
        {
            case FtpSyncKind.MakeDirectory when target.IsDirectory:
            case FtpSyncKind.RemoveFile or FtpSyncKind.RemoveDirectory when target.Type is null:
                return false;
            // The directory that was named may be a link, as a listing tells it.
            case FtpSyncKind.MakeDirectory when action.RelativePath.Length == 0 && source.Type == FtpItemType.SymbolicLink && isTargetAsSeen:
                return true;
            // A copy that was made before has the source's size and time.
            case FtpSyncKind.Upload or FtpSyncKind.Download or FtpSyncKind.SetTime
                when isSourceAsSeen && !isTargetAsSeen && target.IsFile && source.HasLengthOf(target) != false
                && (source.CompareTime(target) is null or 0 || (action.Kind == FtpSyncKind.Upload && await IsTimelessCopyAsync(connection, action, here, there, cancellationToken).ConfigureAwait(false))):
                return false;
        }

        if (!isSourceAsSeen)
            throw Outdated(action, isUpload ? action.LocalPath : action.RemotePath, isUpload ? seenHere : seenThere, source);
        return isTargetAsSeen ? true : throw Outdated(action, action.TargetPath, isUpload ? seenThere : seenHere, target);
    }

    /// <summary>
    /// Whether a later file of the same length is the copy all the same: each is on a server that sets no times, and where it
    /// does, one whose run ended between its name and its time. Somebody else's file looks like that too, but for its content.
    /// </summary>
    private static async Task<bool> IsTimelessCopyAsync(FtpConnection connection, FtpSyncAction action, SyncFacts here, SyncFacts there, CancellationToken cancellationToken)
    {
        if (here.CompareTime(there) > 0)
            return false;
        if (!connection.Facts.SetsTimes)
            return true;
        if (!await SameContent.IsAsync(connection, action.LocalPath, action.RemotePath, cancellationToken).ConfigureAwait(false))
            return false;
        await connection.Files.TrySetModificationTimeAsync(action.RemotePath, here.Time!.Value, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<SyncFacts> NowAsync(FtpConnection connection, FtpSyncAction action, CancellationToken cancellationToken)
    {
        var path = action.RemotePath;
        if (path == "/")
            return new SyncFacts(FtpItemType.Directory, null, null, FtpTimePrecision.None);
        if (connection.Listings.TellsSingleItems)
            return SyncFacts.Of(await connection.Listings.FindAsync(path, cancellationToken).ConfigureAwait(false));
        var items = await ListedAsync(connection, FtpPath.Parent(path), cancellationToken).ConfigureAwait(false);
        if (!items.TryGetValue(FtpPath.Name(path), out var item))
        {
            // No proof that there is nothing: LIST may leave out what begins with a dot, or spell it otherwise.
            return action.IsRemoval && action.Direction == FtpTransferDirection.Download
                ? SyncFacts.Of(await connection.Listings.FindUnseenAsync(path, cancellationToken).ConfigureAwait(false))
                : default;
        }

        var facts = SyncFacts.Of(item);
        // The plan may have asked for more than the listing tells.
        return facts.IsFile && facts.Precision < FtpTimePrecision.Minute && await connection.Files.ModificationTimeAsync(path, cancellationToken).ConfigureAwait(false) is { } time
            ? facts with { Time = time, Precision = FtpTimePrecision.Second }
            : facts;
    }

    private async Task<Dictionary<string, FtpItem>> ListedAsync(FtpConnection connection, string directory, CancellationToken cancellationToken)
    {
        if (_listings.TryGetValue(directory, out var known) && known.Status == TaskStatus.RanToCompletion)
            return await known.ConfigureAwait(false);
        var items = new Dictionary<string, FtpItem>(StringComparer.Ordinal);
        if (await connection.Directories.IsDirectoryAsync(directory, cancellationToken).ConfigureAwait(false))
            await connection.Listings.ListAsync(directory, true, item => items[item.Name] = item, cancellationToken).ConfigureAwait(false);
        _listings[directory] = Task.FromResult(items);
        return items;
    }

    // The ticks tell more than the time.
    private static bool IsAs(SyncFacts here, FtpSyncAction action) =>
        here.IsAs(SeenHere(action)) && (!here.IsFile || action.LocalTicks is null || here.Time?.Ticks == action.LocalTicks);

    private static SyncFacts SeenHere(FtpSyncAction action) => new(
        action.LocalType, action.LocalLength, action.LocalTicks is { } ticks ? new DateTime(ticks, DateTimeKind.Utc) : action.LocalTimeUtc, action.LocalType == FtpItemType.File ? FtpTimePrecision.Second : FtpTimePrecision.None);

    // A plan that was written without the ticks may have lost what is less than a second.
    private static SyncFacts SeenThere(FtpSyncAction action) => new(
        action.RemoteType, action.RemoteLength, action.RemoteTicks is { } ticks ? new DateTime(ticks, DateTimeKind.Utc) : action.RemoteTimeUtc,
        action is { RemoteTicks: null, RemoteTimePrecision: FtpTimePrecision.Millisecond } ? FtpTimePrecision.Second : action.RemoteTimePrecision);

    private static FtpException Outdated(FtpSyncAction action, string path, SyncFacts seen, SyncFacts now) => new(
        FtpErrorKind.PlanOutdated,
        $"'{action.TargetPath}' was left unchanged, because '{path}' has changed since the plan was made. There was {seen}, and now there is {now}. Compare both directories again.", action.RemotePath);
}
