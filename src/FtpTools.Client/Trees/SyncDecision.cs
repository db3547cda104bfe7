using System;

namespace FtpTools.Trees;

/// <summary>What becomes of two files of one name.</summary>
/// <param name="Kind">The step; null when there is none.</param>
/// <param name="Reason">Why, in words; empty when there is none.</param>
internal readonly record struct SyncVerdict(FtpSyncKind? Kind, string Reason)
{
    /// <summary>There is nothing to do.</summary>
    public static readonly SyncVerdict Same = new(null, "");
}

/// <summary>Decides by what is known of both sides. It is pure: whoever asks finds out what it says is missing, and asks again.</summary>
internal static class SyncDecision
{
    /// <summary>Whether hashes decide, for nothing else does.</summary>
    public static bool WantsHash(FtpSyncOptions options, SyncFacts local, SyncFacts remote) =>
        options.By == FtpSyncBy.Hash && !options.OnlyMissing && local.IsFile && remote.IsFile && local.HasLengthOf(remote) != false;

    /// <summary>Whether the exact time of the remote file would decide: the listing tells the day alone, and that is the same.</summary>
    /// <param name="options">By what, and which way.</param>
    /// <param name="local">What is here.</param>
    /// <param name="remote">What is there.</param>
    /// <param name="last">What both were when they were alike; null when that is not known.</param>
    public static bool WantsExactTime(FtpSyncOptions options, SyncFacts local, SyncFacts remote, SyncRecord? last = null) =>
        options.By == FtpSyncBy.Time && !options.OnlyMissing && local.IsFile && remote.IsFile && remote.Precision is FtpTimePrecision.Day or FtpTimePrecision.ServerTime
        && (last is null ? local.HasLengthOf(remote) != false && local.CompareTime(remote) is null or 0 : last.Changes(local, remote) is null);

    /// <summary>Decides.</summary>
    /// <param name="options">By what, and which way.</param>
    /// <param name="local">What is here.</param>
    /// <param name="remote">What is there.</param>
    /// <param name="keepsTimes">Whether a copy has the original's time: not on a server that sets none.</param>
    /// <param name="isSameContent">What the hashes say; null when they were not compared.</param>
    /// <param name="last">What both were when they were alike; null when that is not known.</param>
    public static SyncVerdict Of(FtpSyncOptions options, SyncFacts local, SyncFacts remote, bool keepsTimes, bool? isSameContent = null, SyncRecord? last = null)
    {
        if (local.Type is null || remote.Type is null)
            return OfOneSide(options, local, remote);
        if (local.Type != remote.Type)
            return new(FtpSyncKind.Conflict, $"it's {(local with { Length = null, Time = null })} locally, but {(remote with { Length = null, Time = null })} on the server");
        if (!local.IsFile || options.OnlyMissing || options.By == FtpSyncBy.Presence)
            return SyncVerdict.Same;
        return options.Newer ? OfBothWays(options, local, remote, isSameContent, last) : OfOneWay(options, local, remote, keepsTimes, isSameContent);
    }

    private static SyncVerdict OfOneSide(FtpSyncOptions options, SyncFacts local, SyncFacts remote)
    {
        if (options.OnlyExisting)
            return SyncVerdict.Same;
        var way = remote.Type is null ? FtpTransferDirection.Upload : FtpTransferDirection.Download;
        if (!options.Newer && way != options.Direction)
            return SyncVerdict.Same;
        var missing = way == FtpTransferDirection.Upload ? "it doesn't exist on the server" : "it doesn't exist locally";
        return new((local.Type ?? remote.Type) == FtpItemType.Directory ? FtpSyncKind.MakeDirectory : Copy(way), missing);
    }

    private static SyncVerdict OfOneWay(FtpSyncOptions options, SyncFacts local, SyncFacts remote, bool keepsTimes, bool? isSameContent)
    {
        var kind = Copy(options.Direction);
        if (local.HasLengthOf(remote) == false)
            return new(kind, Sizes(local, remote));
        if (isSameContent == false)
            return new(kind, "the hashes differ");
        var (source, target) = options.Direction == FtpTransferDirection.Upload ? (local, remote) : (remote, local);
        var order = source.CompareTime(target);
        if (isSameContent == true)
            return order is null or 0 || !keepsTimes ? SyncVerdict.Same : new(FtpSyncKind.SetTime, "the content is the same, but the times differ");
        if (options.By == FtpSyncBy.Size)
            return local.HasLengthOf(remote) == true || order == 0 ? SyncVerdict.Same : new(kind, "the server doesn't report its size");
        return order switch
        {
            0 => SyncVerdict.Same,
            > 0 => new(kind, options.Direction == FtpTransferDirection.Upload ? "it's newer locally" : "it's newer on the server"),
            null => new(kind, "its time on the server isn't known exactly enough"),
            _ when options.Mirror && keepsTimes => new(kind, "the copy is newer than the original"),
            _ => SyncVerdict.Same,
        };
    }

    /// <summary>Whether "nothing to do" says of two files that they are alike, and not that nobody looks.</summary>
    public static bool TellsAlike(FtpSyncOptions options) => options.By is FtpSyncBy.Time or FtpSyncBy.Hash && !options.OnlyMissing;

    private static SyncVerdict OfBothWays(FtpSyncOptions options, SyncFacts local, SyncFacts remote, bool? isSameContent, SyncRecord? last)
    {
        if (options.By == FtpSyncBy.Size && local.HasLengthOf(remote) == true)
            return SyncVerdict.Same;
        var isSame = isSameContent ?? (local.HasLengthOf(remote) == false ? false : null);
        var order = local.CompareTime(remote);
        if (isSame == true || (order == 0 && isSame is null))
            return SyncVerdict.Same;
        switch (last?.Changes(local, remote))
        {
            case (true, true):
                return new(FtpSyncKind.Conflict, "both have changed since they were the same");
            case (true, false):
                return new(FtpSyncKind.Upload, "it has changed locally since both were the same");
            case (false, true):
                return new(FtpSyncKind.Download, "it has changed on the server since both were the same");
            // Another time is that of the copy, on a server that sets none.
            case (false, false) when isSame is null:
                return SyncVerdict.Same;
        }

        return order switch
        {
            0 => new(FtpSyncKind.Conflict, "both have the same time, but different content"),
            null => new(FtpSyncKind.Conflict, "it isn't known which one is newer, because the time on the server isn't known exactly enough"),
            > 0 => new(FtpSyncKind.Upload, "it's newer locally"),
            _ => new(FtpSyncKind.Download, "it's newer on the server"),
        };
    }

    private static FtpSyncKind Copy(FtpTransferDirection way) => way == FtpTransferDirection.Upload ? FtpSyncKind.Upload : FtpSyncKind.Download;

    private static string Sizes(SyncFacts local, SyncFacts remote) => FormattableString.Invariant($"it has {local.Length} bytes locally, but {remote.Length} on the server");
}
