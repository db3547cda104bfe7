using System;
using System.IO;
using System.Threading.Tasks;
using FtpTools.Dialogue;

namespace FtpTools.Trees;

/// <summary>A file on the server.</summary>
internal sealed class RemoteSource(BatchContext context, FtpItem item, RemotePlaces places) : PickedSource
{
    public override string Path => item.FullName;

    public override async Task<SourceState> SeeAsync() =>
        item is { ItemType: FtpItemType.File, ExactLength: not null, TimePrecision: >= FtpTimePrecision.Second }
            ? Of(item)
            : await context.PersistAsync($"to access '{Path}'", LookAsync).ConfigureAwait(false) ?? Of(item);

    public override Task<bool> IsThereAsync() => context.PersistAsync($"to access '{Path}'", async connection => await LookAsync(connection).ConfigureAwait(false) is not null);

    public override Task<bool> IsCopiedAsync(string target, SourceState? seen)
    {
        if (seen is null)
            return context.PersistAsync($"to compare '{Path}' with '{target}'", connection => HaveSameHashAsync(context, connection, target, Path));
        // Without its time it cannot be told from a former one, and what was not flushed need not be what was received.
        var isSeen = context.Options is { PreserveTime: not false, SkipFlush: false } && context.Options.TransferType != FtpTransferType.Ascii;
        return Task.FromResult(isSeen && seen.IsSure && new FileInfo(target) is { Exists: true } there && there.Length == seen.Length && IsSameTime(there.LastWriteTimeUtc, seen.TimeUtc));
    }

    // A try of which the reply was lost may have done it, and what is there then is a file that nobody has taken: it is looked at before each.
    public override Task<AwayOutcome> DeleteAsync(SourceState seen, Action leave) => context.PersistAsync($"to delete '{Path}'", async connection =>
    {
        if (await LookAsync(connection).ConfigureAwait(false) is not { } now)
            return IsInDoubt ? AwayOutcome.Done : AwayOutcome.Gone;
        if (IsOther(now, seen) is { } outcome)
            return outcome;
        leave();
        await SayAsync(() => connection.Files.DeleteFileAsync(Path, context.CancellationToken)).ConfigureAwait(false);
        return AwayOutcome.Done;
    });

    public override Task MakeDirectoryAsync(string directory) => places.MakeAsync(directory);

    public override Task<bool> IsTakenAsync(string path) => places.IsTakenAsync(path);

    public override async Task<AwayOutcome> MoveAsync(string path, SourceState seen, Action leave)
    {
        if (!places.TryReserve(path))
            return AwayOutcome.NameTaken;
        var outcome = await context.PersistAsync($"to rename '{Path}'", async connection =>
        {
            var now = await LookAsync(connection, Path).ConfigureAwait(false);
            // The reply to RNTO was lost, and it was done. What has the former name by then is another file.
            if (IsInDoubt && await LookAsync(connection, path).ConfigureAwait(false) is { } there && (now is null || !there.Contradicts(seen)))
                return AwayOutcome.Done;
            if (now is null)
                return AwayOutcome.Gone;
            if (IsOther(now, seen) is { } other)
                return other;
            leave();
            await SayAsync(() => connection.Files.RenameAsync(Path, path, context.CancellationToken)).ConfigureAwait(false);
            if (await connection.Directories.IsRenamedAsync(Path, context.CancellationToken).ConfigureAwait(false))
                return AwayOutcome.Done;
            IsInDoubt = false;
            throw new FtpException(FtpErrorKind.CommandNotSupported, $"'{Path}' wasn't renamed to '{path}', although the server reported that it was.", Path);
        }).ConfigureAwait(false);
        if (outcome == AwayOutcome.Doubtful)
            places.Release(path);
        return outcome;
    }

    private AwayOutcome? IsOther(SourceState now, SourceState seen)
    {
        if (!now.Contradicts(seen))
            return IsInDoubt ? AwayOutcome.Doubtful : null;
        IsInDoubt = false;
        return AwayOutcome.Changed;
    }

    /// <summary>Says a command after which the original is gone, unless the server refuses it. A reply that was lost leaves that open.</summary>
    private async Task SayAsync(Func<Task> say)
    {
        IsInDoubt = true;
        try
        {
            await say().ConfigureAwait(false);
        }
        catch (FtpCommandException)
        {
            IsInDoubt = false;
            throw;
        }
    }

    private Task<SourceState?> LookAsync(FtpConnection connection) => LookAsync(connection, Path);

    private async Task<SourceState?> LookAsync(FtpConnection connection, string path) =>
        await connection.Listings.FindExactAsync(path, context.CancellationToken).ConfigureAwait(false) is { IsDirectory: false } now ? Of(now) : null;

    private static SourceState Of(FtpItem item) => new(item.ExactLength, item.LastWriteTimeUtc, item.TimePrecision);
}
