using System;
using System.IO;
using System.Threading.Tasks;
using FtpTools.Transfer;

namespace FtpTools.Trees;

/// <summary>A file here.</summary>
internal sealed class LocalSource(BatchContext context, string path) : PickedSource
{
    public override string Path => path;

    public override Task<SourceState> SeeAsync() => Task.FromResult(Look() ?? new SourceState(null, null, FtpTimePrecision.None));

    public override Task<bool> IsThereAsync() => Task.FromResult(Look() is not null);

    public override Task<bool> IsCopiedAsync(string target, SourceState? seen) => context.Options.TransferType == FtpTransferType.Ascii
        ? Task.FromResult(false)
        : context.PersistAsync($"to compare '{path}' with '{target}'", async connection =>
        {
            if (seen is not null)
            {
                if (await connection.Listings.FindExactAsync(target, context.CancellationToken).ConfigureAwait(false) is not { IsDirectory: false } there || there.ExactLength != seen.Length)
                    return false;
                if (context.Options.PreserveTime == true && there.TimePrecision >= FtpTimePrecision.Second && IsSameTime(there.LastWriteTimeUtc, seen.TimeUtc))
                    return true;
            }

            // By its own time it cannot be told from a former one of that size.
            return await HaveSameHashAsync(context, connection, path, target).ConfigureAwait(false);
        });

    public override Task<AwayOutcome> DeleteAsync(SourceState seen, Action leave)
    {
        if (LookAgain(seen) is { } other)
            return Task.FromResult(other);
        leave();
        return Task.FromResult(LocalFile.Guard(path, "delete the local file", () =>
        {
            File.Delete(path);
            return AwayOutcome.Done;
        }));
    }

    public override Task MakeDirectoryAsync(string directory)
    {
        LocalFile.Guard(directory, "create the local directory", () => Directory.CreateDirectory(directory));
        return Task.CompletedTask;
    }

    public override Task<bool> IsTakenAsync(string other) => Task.FromResult(File.Exists(other) || Directory.Exists(other) || LocalFile.IsLink(other));

    public override Task<AwayOutcome> MoveAsync(string other, SourceState seen, Action leave)
    {
        if (LookAgain(seen) is { } outcome)
            return Task.FromResult(outcome);
        leave();
        return Task.FromResult(LocalFile.Guard(path, "move the local file", () =>
        {
            try
            {
                File.Move(path, other);
                return AwayOutcome.Done;
            }
            catch (IOException) when (File.Exists(other) && File.Exists(path))
            {
                return AwayOutcome.NameTaken;
            }
        }));
    }

    private AwayOutcome? LookAgain(SourceState seen) => Look() is not { } now ? AwayOutcome.Gone : now.Contradicts(seen) ? AwayOutcome.Changed : null;

    private SourceState? Look() => LocalFile.Guard(
        path, "access the local file", () => new FileInfo(path) is { Exists: true } file ? new SourceState(file.Length, file.LastWriteTimeUtc, FtpTimePrecision.Millisecond) : null);
}
