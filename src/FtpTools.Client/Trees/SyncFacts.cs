using System;
using System.IO;
using System.Runtime.InteropServices;

namespace FtpTools.Trees;

/// <summary>What is at a path on one side, as far as it counts for a comparison.</summary>
/// <param name="Type">What it is; null for nothing.</param>
/// <param name="Length">The length of a file in bytes; null when it is not known to the byte.</param>
/// <param name="Time">The time of its last change (UTC); null when it is not known.</param>
/// <param name="Precision">How exact the time is.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SyncFacts(FtpItemType? Type, long? Length, DateTime? Time, FtpTimePrecision Precision)
{
    /// <summary>How far the server's clock may be from UTC where nobody knows its time zone.</summary>
    private static readonly TimeSpan _mostZone = TimeSpan.FromHours(14);

    /// <summary>Whether there is a file.</summary>
    public bool IsFile => Type == FtpItemType.File;

    /// <summary>Whether there is a directory.</summary>
    public bool IsDirectory => Type == FtpItemType.Directory;

    /// <summary>Whether there is something that is neither, which is left alone.</summary>
    public bool IsOdd => Type is FtpItemType.SymbolicLink or FtpItemType.Other;

    /// <summary>What is on the server.</summary>
    /// <param name="item">The item; null for nothing.</param>
    public static SyncFacts Of(FtpItem? item) => item switch
    {
        null => default,
        { ItemType: FtpItemType.File } => new(item.ItemType, item.ExactLength, FtpItemFilter.TimeOf(item), item.TimePrecision),
        _ => new(item.ItemType, null, null, FtpTimePrecision.None),
    };

    /// <summary>What is here.</summary>
    /// <param name="item">The file or directory; null for nothing.</param>
    public static SyncFacts Of(FileSystemInfo? item)
    {
        if (item is null)
            return default;
        if ((item.Attributes & FileAttributes.ReparsePoint) != 0 && Compat.IsLink(item.FullName))
            return new(FtpItemType.SymbolicLink, null, null, FtpTimePrecision.None);
        if (item is not FileInfo file)
            return new(FtpItemType.Directory, null, null, FtpTimePrecision.None);
        // Pipes, sockets and devices are files to .NET.
        return Compat.FileType(file.FullName) is 0 or 0x8000
            ? new(FtpItemType.File, file.Length, file.LastWriteTimeUtc, FtpTimePrecision.Millisecond)
            : new(FtpItemType.Other, null, null, FtpTimePrecision.None);
    }

    /// <summary>What is here now.</summary>
    /// <param name="path">An absolute local path.</param>
    public static SyncFacts OfLocal(string path)
    {
        try
        {
            // A link to nothing is there, though it leads to nothing.
            var isDirectory = (File.GetAttributes(path) & FileAttributes.Directory) != 0;
            return Of(isDirectory ? new DirectoryInfo(path) : (FileSystemInfo)new FileInfo(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return default;
        }
        catch (Exception e) when (Transfer.LocalFile.IsFileFailure(e))
        {
            throw Transfer.LocalFile.Failure(path, "access the local file", e);
        }
    }

    /// <summary>Whether two files have one length; null when that is not known.</summary>
    public bool? HasLengthOf(SyncFacts other) => Length is { } length && other.Length is { } others ? length == others : null;

    /// <summary>Which of two files was changed later, as far as the less exact time tells: above zero this one, below zero the other, zero both at once; null when that cannot be told.</summary>
    public int? CompareTime(SyncFacts other)
    {
        if (Time is not { } time || other.Time is not { } others)
            return null;
        if (other.Precision < Precision)
            return -other.CompareTime(this);
        // How much later than it is told the change may have been, here, where the time is less exact.
        var (before, after) = Precision switch
        {
            FtpTimePrecision.Day => (_mostZone, TimeSpan.FromDays(1) + _mostZone),
            FtpTimePrecision.ServerTime or FtpTimePrecision.Minute => (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)),
            // FAT knows every other second alone.
            _ => (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2)),
        };
        var lead = time - others;
        if (lead <= before && lead >= -after)
            return 0;
        // By a clock of which nobody knows the zone, only the same time tells something, or one that is far away.
        if (Precision == FtpTimePrecision.ServerTime && lead.Duration() <= _mostZone)
            return null;
        return lead > TimeSpan.Zero ? 1 : -1;
    }

    /// <summary>Whether a file is another one than it was, by its length and the time that the same clock tells; null when that cannot be told.</summary>
    /// <remarks>Two times that one clock tells of one file are the same or they are not: there is nothing to allow for, as there is where two clocks are compared, but that one of both was told less exactly.</remarks>
    public bool? HasChangedSince(SyncFacts then)
    {
        if (!IsFile || HasLengthOf(then) == false)
            return true;
        if (Time is not { } time || then.Time is not { } former)
            return null;
        var (less, more) = Precision < then.Precision ? (Precision, then.Precision) : (then.Precision, Precision);
        if (less is FtpTimePrecision.Day or FtpTimePrecision.ServerTime && less != more)
            return CompareTime(then) is null or 0 ? null : true;
        var unit = less switch
        {
            FtpTimePrecision.Millisecond => 1,
            FtpTimePrecision.Second => TimeSpan.TicksPerSecond,
            FtpTimePrecision.Day => TimeSpan.TicksPerDay,
            _ => TimeSpan.TicksPerMinute,
        };
        return time.Ticks / unit != former.Ticks / unit;
    }

    /// <summary>Whether this is what was seen before: a file of the same length and time, as far as both are known.</summary>
    public bool IsAs(SyncFacts seen) => Type == seen.Type && (!IsFile || HasChangedSince(seen) != true);

    /// <summary>In words: "a file of 12 bytes, modified 2026-01-02 03:04:05Z".</summary>
    public override string ToString() => Type switch
    {
        null => "nothing",
        FtpItemType.Directory => "a directory",
        FtpItemType.SymbolicLink => "a link",
        FtpItemType.Other => "something that is neither a file nor a directory",
        _ => "a file" + (Length is { } length ? FormattableString.Invariant($" of {length} bytes") : "") + (Time is { } time ? FormattableString.Invariant($", modified {time:yyyy-MM-dd HH:mm:ss}Z") : ""),
    };
}
