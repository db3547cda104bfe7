using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using FtpTools.Protocol;

namespace FtpTools.Trees;

/// <summary>
/// Which files are whole, by what successive listings show. It has no clock: whoever looks says when that was, by a clock
/// that nobody sets. Used by one thread at a time.
/// </summary>
/// <param name="options">What makes a file whole.</param>
internal sealed class ItemWatch(FtpWaitOptions options)
{
    private static readonly TimeSpan _mostZone = TimeSpan.FromHours(14);

    private readonly HashSet<string> _doubted = new(StringComparer.Ordinal);
    private Dictionary<string, Sighting> _seen = new(StringComparer.Ordinal);

    /// <summary>What lets a file wait. What changes from one to the other is worth a word; a file that still grows is so at each look.</summary>
    private enum Lack
    {
        None,
        Link,
        Unsettled,
        Young,
        Marker,
    }

    /// <summary>The files that are whole.</summary>
    public IEnumerable<FtpItem> Whole => _seen.Values.Where(one => one.Lack == Lack.None).Select(one => one.Item);

    /// <summary>What the others lack, a clause for each.</summary>
    public IEnumerable<string> Lacks => _seen.Values.Where(one => one.Lack != Lack.None).Select(one => $"'{one.Item.Name}' {one.Words}");

    /// <summary>Takes what one look has shown, all of it.</summary>
    /// <param name="wanted">What is waited for.</param>
    /// <param name="beside">What else is there, where a marker may be.</param>
    /// <param name="begun">When the look began.</param>
    /// <param name="ended">When it had ended.</param>
    /// <param name="utc">The time of day.</param>
    /// <returns>What has changed since the last one, a sentence for each.</returns>
    public IReadOnlyList<string> Observe(IEnumerable<FtpItem> wanted, IEnumerable<FtpItem> beside, TimeSpan begun, TimeSpan ended, DateTime utc)
    {
        var files = wanted.Where(item => !item.IsDirectory).ToList();
        var markers = options.Marker is null ? null : Named(files.Concat(beside));
        var changes = new List<string>();
        var former = _seen;
        _seen = new Dictionary<string, Sighting>(StringComparer.Ordinal);
        foreach (var item in files.Where(item => !IsSetApart(item)))
        {
            var last = former.TryGetValue(item.FullName, out var found) ? found : null;
            // What a listing shows was so at some time while it came: that it has changed since is reckoned from the end of
            // that time, that it has not is true of the beginning.
            var sighting = new Sighting(item, last, ended);
            (sighting.Lack, sighting.Words) = LackOf(sighting, begun, utc, markers);
            _seen[item.FullName] = sighting;
            if (last is null || last.Lack != sighting.Lack)
                changes.Add(sighting.Lack == Lack.None ? $"'{item.FullName}' is complete ({Size(item)})." : $"'{item.FullName}' isn't complete yet: it {sighting.Words}.");
            if (sighting.Lack == Lack.None && Doubt(item, utc) is { } doubt && _doubted.Add(item.FullName))
                changes.Add($"'{item.FullName}' is treated as complete because it hasn't changed for {options.StableTime}, although {doubt}.");
        }

        changes.AddRange(former.Values.Where(one => !_seen.ContainsKey(one.Item.FullName)).Select(one => $"'{one.Item.FullName}' is gone."));
        return changes;
    }

    /// <summary>Forgets a file: what has its name from now on is another one.</summary>
    public void Forget(FtpItem item) => _seen.Remove(item.FullName);

    /// <summary>Whether an item is what it was: of the same size and time, as far as both are known.</summary>
    public static bool IsSame(FtpItem one, FtpItem other) =>
        (one.Length == other.Length || one.Length is null || other.Length is null)
        // The same time may be told by another clock, or less exactly, after half a year has passed.
        && (one.TimePrecision != other.TimePrecision || one.LastWriteTimeUtc == other.LastWriteTimeUtc);

    private static Dictionary<string, FtpItem> Named(IEnumerable<FtpItem> items)
    {
        var named = new Dictionary<string, FtpItem>(StringComparer.Ordinal);
        foreach (var item in items)
            named[item.FullName] = item;
        return named;
    }

    private static string Size(FtpItem item) => item.Length is { } length ? FormattableString.Invariant($"{length} bytes") : "of unknown size";

    // Markers are no files that anybody waits for, and what was claimed once is not claimed again.
    private bool IsSetApart(FtpItem item) =>
        (options.Marker is { } marker && MarkerName.IsSuch(marker, item.Name)) || (options.Claim is { } claim && ClaimName.IsSuch(claim, item.FullName));

    private (Lack Lack, string Words) LackOf(Sighting sighting, TimeSpan begun, DateTime utc, Dictionary<string, FtpItem>? markers)
    {
        var item = sighting.Item;
        if (item.ItemType == FtpItemType.SymbolicLink)
            return (Lack.Link, "is a link, and it isn't known whether its target is complete");
        if (markers is not null && LackOfMarker(item, markers) is { } lack)
            return (Lack.Marker, lack);
        var unchanged = begun - sighting.Since;
        if (options.StableTime > TimeSpan.Zero && unchanged < options.StableTime)
        {
            return (Lack.Unsettled, sighting.HasGrown ? $"is still growing ({Size(item)})"
                : sighting.HasChanged ? $"has just changed ({Size(item)})"
                : FormattableString.Invariant($"has been unchanged for less than {options.StableTime} ({Size(item)})"));
        }

        return IsYoung(item, utc)
            ? (Lack.Young, $"was modified at {item.LastWriteTimeUtc?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}, which is less than {options.MinimumAge} ago ({Size(item)})")
            : (Lack.None, "");
    }

    private bool IsYoung(FtpItem item, DateTime utc)
    {
        if (options.MinimumAge <= TimeSpan.Zero)
            return false;
        if (!Older(utc).Takes(item, null, out var doubt))
            return true;
        // A minute that is not over yet passes. Of what is known by the day, or by a clock of which the zone is not known, it may be a day.
        return doubt is not null && item.TimePrecision >= FtpTimePrecision.Minute;
    }

    // Why the age cannot be told; null when it can.
    private string? Doubt(FtpItem item, DateTime utc) =>
        options.MinimumAge <= TimeSpan.Zero || !Older(utc).Takes(item, null, out var doubt) || doubt is null ? null
        : FtpItemFilter.TimeOf(item) is null ? "its time isn't known" : $"its time isn't exact enough (TimePrecision {item.TimePrecision})";

    private FtpItemFilter Older(DateTime utc) => new() { OlderThan = DateTime.SpecifyKind(utc, DateTimeKind.Utc) - options.MinimumAge };

    private string? LackOfMarker(FtpItem item, Dictionary<string, FtpItem> there)
    {
        var names = MarkerName.Of(options.Marker!, item.Name).ToList();
        // a.csv.done is the marker of a.csv, where there is one, and not that of a.csv.gz.
        if (names.Count > 1 && MarkerName.WithoutExtension(item.Name) is { } shorter && there.ContainsKey(FtpPath.Child(item.DirectoryName, shorter)))
            names.RemoveAt(1);
        var markers = names.Select(name => there.TryGetValue(FtpPath.Child(item.DirectoryName, name), out var marker) ? marker : null).Where(marker => marker is { IsDirectory: false }).ToList();
        return markers.Count == 0 ? $"has no marker '{names[0]}'"
            // One that a former file of this name has left.
            : markers.All(marker => IsBefore(marker!, item)) ? $"has a marker '{markers[0]!.Name}' that is older than the file"
            : null;
    }

    private static bool IsBefore(FtpItem marker, FtpItem item)
    {
        if (FtpItemFilter.TimeOf(marker) is not { } time || FtpItemFilter.TimeOf(item) is not { } other)
            return false;
        var end = time + marker.TimePrecision switch
        {
            FtpTimePrecision.Day => TimeSpan.FromDays(1),
            FtpTimePrecision.ServerTime or FtpTimePrecision.Minute => TimeSpan.FromMinutes(1),
            FtpTimePrecision.Second => TimeSpan.FromSeconds(1),
            _ => TimeSpan.FromMilliseconds(1),
        };
        return end + (marker.TimePrecision == item.TimePrecision ? TimeSpan.Zero : _mostZone) <= other;
    }

    // A file at one look, beside what it was at the last.
    private sealed class Sighting
    {
        public Sighting(FtpItem item, Sighting? last, TimeSpan now)
        {
            Item = item;
            var isSame = last is not null && IsSame(last.Item, item);
            Since = isSame ? last!.Since : now;
            HasChanged = last is not null && (!isSame || last.HasChanged);
            HasGrown = isSame ? last!.HasGrown : item.Length > last?.Item.Length;
        }

        public FtpItem Item { get; }

        /// <summary>Since when it has been as it is.</summary>
        public TimeSpan Since { get; }

        public bool HasChanged { get; }

        public bool HasGrown { get; }

        public Lack Lack { get; set; }

        public string Words { get; set; } = "";
    }
}
