using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace FtpTools;

/// <summary>
/// Which items are chosen: by name, time and size, of a remote or a local tree. What is not known exactly enough to tell is
/// chosen, for what is left out is missed by nobody until it is too late.
/// </summary>
public sealed record FtpItemFilter
{
    /// <summary>Dates are told by the server's clock, of which the zone may not be known: UTC-12 to UTC+14.</summary>
    private static readonly TimeSpan _mostZone = TimeSpan.FromHours(14);

    /// <summary>The pattern that an item must fit; null for any.</summary>
    public FtpNamePattern? Filter { get; init; }

    /// <summary>Patterns of which an item must fit at least one; empty for any.</summary>
    public IReadOnlyList<FtpNamePattern> Include { get; init; } = [];

    /// <summary>Patterns of which an item must fit none; a directory that fits one is left out with all that is in it.</summary>
    public IReadOnlyList<FtpNamePattern> Exclude { get; init; } = [];

    /// <summary>Items changed at this time or later, in UTC; null for any.</summary>
    public DateTime? NewerThan { get; init => field = value?.ToUniversalTime(); }

    /// <summary>Items changed before this time, in UTC; null for any.</summary>
    public DateTime? OlderThan { get; init => field = value?.ToUniversalTime(); }

    /// <summary>Files of this many bytes or more; null for any, and directories too.</summary>
    public long? MinimumSize { get; init; }

    /// <summary>Files of this many bytes or less; null for any, and directories too.</summary>
    public long? MaximumSize { get; init; }

    /// <summary>How many of all that fit, the newest ones; null for all. See <see cref="FtpItemChoice{T}"/>.</summary>
    public int? Newest { get; init; }

    /// <summary>How many of all that fit, the oldest ones; null for all.</summary>
    public int? Oldest { get; init; }

    /// <summary>Whether all that fit have to be known before one can be taken.</summary>
    public bool IsChoice => Newest is not null || Oldest is not null;

    /// <summary>Whether files are chosen one by one, so that a directory may have none to take; <see cref="Exclude"/> alone leaves out and chooses none.</summary>
    public bool ChoosesFiles => Filter is not null || Include.Count > 0 || NewerThan is not null || OlderThan is not null || MinimumSize is not null || MaximumSize is not null || IsChoice;

    /// <summary>Refuses what nothing could fit.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.CommandRefused"/>.</exception>
    public void Check()
    {
        var reason =
            Newest is not null && Oldest is not null ? "-Newest and -Oldest can't be combined. Omit one of them."
            : MinimumSize > MaximumSize ? FormattableString.Invariant($"no file has {MinimumSize} bytes or more (-MinimumSize), and {MaximumSize} bytes or less (-MaximumSize).")
            : NewerThan >= OlderThan ? $"no file was modified at {Text(NewerThan)} or later (-NewerThan), and before {Text(OlderThan)} (-OlderThan)."
            : null;
        if (reason is not null)
            throw new FtpException(FtpErrorKind.CommandRefused, $"Nothing was done: {reason}");
    }

    /// <summary>Whether an item is taken.</summary>
    /// <param name="item">The item.</param>
    /// <param name="top">The full name of the directory that paths begin below; null for the item's own.</param>
    /// <param name="doubt">What could not be told of an item that is taken, as a sentence; null when all could.</param>
    public bool Takes(FtpItem item, string? top, out string? doubt) => Takes(new Candidate(item, top), out doubt);

    /// <summary>Whether a local file or directory is taken.</summary>
    /// <param name="item">The file or directory.</param>
    /// <param name="top">The full name of the directory that paths begin below; null for the item's own.</param>
    /// <param name="doubt">What could not be told of an item that is taken, as a sentence; null when all could.</param>
    public bool Takes(FileSystemInfo item, string? top, out string? doubt) => Takes(new Candidate(item, top), out doubt);

    /// <summary>Whether a directory is looked into, and may be made: what is in it is asked for one by one.</summary>
    /// <param name="directory">The directory, or a link to one.</param>
    /// <param name="top">The full name of the directory that paths begin below; null for the item's own.</param>
    public bool Walks(FtpItem directory, string? top) => !IsExcluded(new Candidate(directory, top) { IsDirectory = true });

    /// <summary>Whether a local directory is looked into, and may be made on the server.</summary>
    /// <param name="directory">The directory, or a link to one.</param>
    /// <param name="top">The full name of the directory that paths begin below; null for the item's own.</param>
    public bool Walks(FileSystemInfo directory, string? top) => !IsExcluded(new Candidate(directory, top) { IsDirectory = true });

    /// <summary>Whether an item is left out by its name, with all that is in it, whatever else of it would fit.</summary>
    /// <param name="item">The item.</param>
    /// <param name="top">The full name of the directory that paths begin below; null for the item's own.</param>
    public bool Excludes(FtpItem item, string? top) => IsExcluded(new Candidate(item, top));

    /// <summary>Whether a local file or directory is left out by its name.</summary>
    /// <param name="item">The file or directory.</param>
    /// <param name="top">The full name of the directory that paths begin below; null for the item's own.</param>
    public bool Excludes(FileSystemInfo item, string? top) => IsExcluded(new Candidate(item, top));

    /// <summary>The time of what an item stands for; null when it is not known, as of what a link leads to.</summary>
    internal static DateTime? TimeOf(FtpItem item) =>
        item.ItemType == FtpItemType.SymbolicLink || item.TimePrecision == FtpTimePrecision.None ? null : item.LastWriteTimeUtc;

    /// <summary>The time of what a local name stands for; null when it is not known, as of what a link leads to, or of what is gone.</summary>
    internal static DateTime? TimeOf(FileSystemInfo item) => !item.Exists || IsLink(item) ? null : item.LastWriteTimeUtc;

    // Other things than links are reparse points too: what OneDrive has not brought yet.
    private static bool IsLink(FileSystemInfo item) => item.Exists && (item.Attributes & FileAttributes.ReparsePoint) != 0 && Compat.IsLink(item.FullName);

    private static string Text(DateTime? utc) => utc?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    private bool Takes(Candidate candidate, out string? doubt)
    {
        doubt = null;
        if (IsExcluded(candidate) || (Filter is { } filter && !candidate.Fits(filter)) || (Include.Count > 0 && !Include.Any(candidate.Fits)))
            return false;
        var reasons = new[] { TimeDoubt(candidate), SizeDoubt(candidate) };
        if (Array.Exists(reasons, one => one is { Length: 0 }))
            return false;
        var reason = string.Join(", and ", reasons.Where(one => one is not null));
        doubt = reason.Length == 0 ? null : $"'{candidate.FullName}' is selected, although it may not match, because {reason}.";
        return true;
    }

    private bool IsExcluded(Candidate candidate) => Exclude.Any(candidate.Fits);

    // Null where it fits, empty where it does not, or else why that cannot be told.
    private string? TimeDoubt(Candidate candidate)
    {
        if (NewerThan is null && OlderThan is null)
            return null;
        if (candidate.IsLink)
            return "it's a link, and the time of its target isn't known";
        if (candidate.Time is not { } time)
            return "its time isn't known";
        var (from, to) = candidate.Precision switch
        {
            FtpTimePrecision.Day => (-_mostZone, TimeSpan.FromDays(1) + _mostZone),
            FtpTimePrecision.ServerTime => (-_mostZone, TimeSpan.FromMinutes(1) + _mostZone),
            FtpTimePrecision.Minute => (TimeSpan.Zero, TimeSpan.FromMinutes(1)),
            FtpTimePrecision.Second => (TimeSpan.Zero, TimeSpan.FromSeconds(1)),
            _ => (TimeSpan.Zero, TimeSpan.FromTicks(1)),
        };
        // It was changed at the one or later, and before the other.
        var (first, end) = (time.Ticks + from.Ticks, time.Ticks + to.Ticks);
        return end <= NewerThan?.Ticks || first >= OlderThan?.Ticks ? ""
            : first < NewerThan?.Ticks || end > OlderThan?.Ticks ? $"its time {Text(time)} isn't exact enough (TimePrecision {candidate.Precision})"
            : null;
    }

    private string? SizeDoubt(Candidate candidate)
    {
        if (MinimumSize is null && MaximumSize is null)
            return null;
        if (candidate.IsDirectory)
            return "";
        if (candidate.IsLink)
            return "it's a link, and the size of its target isn't known";
        if (candidate.Length is not { } length)
            return "its size isn't known";
        // In blocks or kilobytes; records of VM/CMS, of which the length is an upper bound, may be half as long.
        var (least, most) = candidate.IsLengthRough ? (length / 2, length < long.MaxValue / 2 - 1024 ? length * 2 + 1024 : long.MaxValue) : (length, length);
        return most < MinimumSize || least > MaximumSize ? ""
            : least < MinimumSize || most > MaximumSize ? FormattableString.Invariant($"its size is about {length} bytes")
            : null;
    }

    private readonly struct Candidate
    {
        private readonly string _name;
        private readonly string? _top;
        private readonly char _separator = '/';

        public Candidate(FtpItem item, string? top)
        {
            (_name, FullName, _top) = (item.Name, item.FullName, top);
            IsDirectory = item.IsDirectory;
            IsLink = item.ItemType == FtpItemType.SymbolicLink;
            (Time, Precision) = (TimeOf(item), item.TimePrecision);
            (Length, IsLengthRough) = (item.Length, item.IsLengthRough);
        }

        public Candidate(FileSystemInfo item, string? top)
        {
            (_name, FullName, _top) = (item.Name, item.FullName, top);
            IsDirectory = item is DirectoryInfo;
            _separator = System.IO.Path.DirectorySeparatorChar;
            IsLink = FtpItemFilter.IsLink(item);
            (Time, Precision) = (TimeOf(item), FtpTimePrecision.Millisecond);
            Length = item is FileInfo { Exists: true } file ? file.Length : null;
        }

        public string FullName { get; }

        public bool IsDirectory { get; init; }

        public bool IsLink { get; }

        public DateTime? Time { get; }

        public FtpTimePrecision Precision { get; }

        public long? Length { get; }

        public bool IsLengthRough { get; }

        public bool Fits(FtpNamePattern pattern) => pattern.Fits(pattern.IsOfPath ? Path : _name, IsDirectory);

        private string Path => _top is null || FullName.Length <= _top.Length
            ? _name
            : FullName.Substring(_top.Length).Replace(_separator, '/').TrimStart('/');
    }
}
