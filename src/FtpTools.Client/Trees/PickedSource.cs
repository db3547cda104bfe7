using System;
using System.IO;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.Transfer;

namespace FtpTools.Trees;

/// <summary>What came of moving an original away.</summary>
internal enum AwayOutcome
{
    /// <summary>It is away.</summary>
    Done,

    /// <summary>It was gone before.</summary>
    Gone,

    /// <summary>It is another one by now, and was left.</summary>
    Changed,

    /// <summary>Something has the name that it was to get.</summary>
    NameTaken,

    /// <summary>A reply was lost, and what is there may be another one by now that looks the same; it was left.</summary>
    Doubtful,
}

/// <summary>An original that is taken once, on whichever side it is, and what is done with it there.</summary>
internal abstract class PickedSource
{
    /// <summary>Its absolute path.</summary>
    public abstract string Path { get; }

    /// <summary>What it is, as exactly as can be told; of one that is gone, what it was when it was found.</summary>
    public abstract Task<SourceState> SeeAsync();

    /// <summary>Whether it is there still.</summary>
    public abstract Task<bool> IsThereAsync();

    /// <summary>Whether a copy is whole and of the original as it is.</summary>
    /// <param name="target">The absolute path on the other side.</param>
    /// <param name="seen">The original; null where its looks prove nothing, so that only the same hash tells, of a server that has one.</param>
    public abstract Task<bool> IsCopiedAsync(string target, SourceState? seen);

    /// <summary>Whether it was to be deleted or renamed, and what came of that was not heard; no longer once what is there is taken.</summary>
    public bool IsInDoubt { get; set; }

    /// <summary>Deletes it, if it is what it was.</summary>
    /// <param name="seen">What it was.</param>
    /// <param name="leave">Told just before.</param>
    public abstract Task<AwayOutcome> DeleteAsync(SourceState seen, Action leave);

    /// <summary>Makes a directory and its missing parents, once a call.</summary>
    public abstract Task MakeDirectoryAsync(string directory);

    /// <summary>Whether there is something of a name.</summary>
    public abstract Task<bool> IsTakenAsync(string path);

    /// <summary>Gives it a name that nothing has, if it is what it was.</summary>
    /// <param name="path">The name.</param>
    /// <param name="seen">What it was.</param>
    /// <param name="leave">Told just before.</param>
    public abstract Task<AwayOutcome> MoveAsync(string path, SourceState seen, Action leave);

    /// <summary>Whether a file here and one on the server have the same hash; false where one is missing, or the server tells none.</summary>
    protected static async Task<bool> HaveSameHashAsync(BatchContext context, FtpConnection connection, string local, string remote)
    {
        if (context.Options.TransferType == FtpTransferType.Ascii || !File.Exists(local) || !await connection.Hashes.FindHashAsync(context.CancellationToken).ConfigureAwait(false))
            return false;
        try
        {
            return await connection.Hashes.HashAsync(remote, null, context.CancellationToken).ConfigureAwait(false) == Hash(local, connection.Hashes.HashAlgorithm!);
        }
        catch (FtpCommandException e) when (!RetryPolicy.IsPassing(e))
        {
            context.Trace(FtpLogLevel.Information, $"The hash of '{remote}' could not be compared with that of '{local}'. ({e.Message})");
            return false;
        }
    }

    /// <summary>Whether two times are one as far as a copy keeps them: FAT knows every other second alone.</summary>
    protected static bool IsSameTime(DateTime? time, DateTime? other) => time is not null && other is not null && (time.Value - other.Value).Duration() <= TimeSpan.FromSeconds(2);

    private static string Hash(string path, string algorithm)
    {
        using var content = LocalFile.OpenRead(path);
        using var hash = new ContentHash(algorithm);
        LocalFile.Guard(path, "read", () => hash.Add(content, content.Length));
        return hash.Finish();
    }
}
