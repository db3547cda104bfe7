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

    public override Task<bool> IsCopiedAsync(string target, SourceState seen)
    {
        // Without its time it cannot be told from a former one, and what was not flushed need not be what was received.
        var isSeen = context.Options is { PreserveTime: not false, SkipFlush: false } && context.Options.TransferType != FtpTransferType.Ascii;
        return Task.FromResult(isSeen && seen.IsSure && new FileInfo(target) is { Exists: true } there && there.Length == seen.Length && IsSameTime(there.LastWriteTimeUtc, seen.TimeUtc));
    }

    // A try of which the reply was lost may have done it, and what is there then is a file that nobody has taken: it is looked at before each.
    public override Task<AwayOutcome> DeleteAsync(SourceState seen) => context.PersistAsync($"to delete '{Path}'", async connection =>
    {
        if (await LookAsync(connection).ConfigureAwait(false) is not { } now)
            return AwayOutcome.Gone;
        if (now.Contradicts(seen))
            return AwayOutcome.Changed;
        await connection.Files.DeleteFileAsync(Path, context.CancellationToken).ConfigureAwait(false);
        return AwayOutcome.Done;
    });

    public override Task MakeDirectoryAsync(string directory) => places.MakeAsync(directory);

    public override Task<bool> IsTakenAsync(string path) => places.IsTakenAsync(path);

    public override async Task<AwayOutcome> MoveAsync(string path, SourceState seen)
    {
        if (!places.TryReserve(path))
            return AwayOutcome.NameTaken;
        var isSaid = false;
        return await context.PersistAsync($"to rename '{Path}'", async connection =>
        {
            if (await LookAsync(connection).ConfigureAwait(false) is not { } now)
                return isSaid && await connection.Listings.FindExactAsync(path, context.CancellationToken).ConfigureAwait(false) is not null ? AwayOutcome.Done : AwayOutcome.Gone;
            if (now.Contradicts(seen))
                return AwayOutcome.Changed;
            isSaid = true;
            await connection.Files.RenameAsync(Path, path, context.CancellationToken).ConfigureAwait(false);
            return await connection.Directories.IsRenamedAsync(Path, context.CancellationToken).ConfigureAwait(false) ? AwayOutcome.Done
                : throw new FtpException(FtpErrorKind.CommandNotSupported, $"'{Path}' wasn't renamed to '{path}', although the server reported that it was.", Path);
        }).ConfigureAwait(false);
    }

    private async Task<SourceState?> LookAsync(FtpConnection connection) =>
        await connection.Listings.FindExactAsync(Path, context.CancellationToken).ConfigureAwait(false) is { IsDirectory: false } now ? Of(now) : null;

    private static SourceState Of(FtpItem item) => new(item.ExactLength, item.LastWriteTimeUtc, item.TimePrecision);
}
