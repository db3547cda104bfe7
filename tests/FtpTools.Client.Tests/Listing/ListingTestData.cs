using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

/// <summary>What the listing tests have in common.</summary>
internal static class ListingTestData
{
    /// <summary>Reads a line of one dialect.</summary>
    public delegate bool Parser(string line, ListingContext context, out FtpItem? item);

    /// <summary>When the listings were captured.</summary>
    public static DateTime Now { get; } = new(2026, 11, 23, 1, 0, 0, DateTimeKind.Utc);

    public static string FixtureFolder { get; } = Path.Combine(AppContext.BaseDirectory, "fixtures", "listings");

    public static IEnumerable<string> FixtureNames =>
        Directory.EnumerateFiles(FixtureFolder).Select(path => Path.GetFileName(path)!).Where(name => !name.EndsWith(".md", StringComparison.Ordinal)).Order();

    public static byte[] Fixture(string name) => File.ReadAllBytes(Path.Combine(FixtureFolder, name));

    public static ListingFormat FormatOf(string fixture) =>
        fixture.EndsWith(".mlsd", StringComparison.Ordinal) ? ListingFormat.Mlsx : ListingFormat.List;

    public static ListingContext Context(string directory = "/dir", bool singleItem = false) =>
        new(directory, Now) { SingleItem = singleItem };

    public static ListingReader Reader(ListingFormat format, Action<FtpItem> onItem) => new(format, Context(), Encoding.UTF8, onItem);

    /// <summary>Reads a whole listing, in chunks of that many bytes, and expects every line to be understood.</summary>
    public static List<FtpItem> Read(ListingFormat format, byte[] listing, int chunk = int.MaxValue)
    {
        var items = new List<FtpItem>();
        var reader = Reader(format, items.Add);
        Feed(reader, listing, chunk);
        if (reader.UnparsedCount > 0)
            throw new InvalidDataException("Not understood: " + string.Join(" | ", reader.UnparsedSamples));
        return items;
    }

    public static void Feed(ListingReader reader, byte[] listing, int chunk)
    {
        for (var i = 0; i < listing.Length; i += Math.Min(chunk, listing.Length - i))
        {
            // A buffer that is overwritten afterwards, as the real one is.
            var buffer = listing.AsSpan(i, Math.Min(chunk, listing.Length - i)).ToArray();
            reader.Feed(buffer, buffer.Length);
            Array.Clear(buffer);
        }
        reader.Complete();
    }

    /// <summary>Reads lines, of which each must be understood, and compares what they tell: an item a line, in the form of <see cref="Summary"/>.</summary>
    public static void Check(ListingFormat format, string lines, string items)
    {
        var listing = Encoding.UTF8.GetBytes(lines.Replace("\n", "\r\n") + "\r\n");
        Assert.Equal(items, string.Join("\n", Read(format, listing).Select(Summary)));
        Assert.Equal(items, string.Join("\n", Read(format, listing, 3).Select(Summary)));
    }

    /// <summary>Kind, name, size, time and target of an item.</summary>
    public static string Summary(FtpItem item)
    {
        var form = item.TimePrecision switch
        {
            FtpTimePrecision.None => "''",
            FtpTimePrecision.Day => "yyyy-MM-dd",
            FtpTimePrecision.Minute => "yyyy-MM-dd HH:mm",
            _ => "yyyy-MM-dd HH:mm:ss",
        };
        Assert.Equal(item.TimePrecision == FtpTimePrecision.None, item.LastWriteTimeUtc is null);
        return $"{item.ItemType}|{item.Name}|{item.Length}|{item.LastWriteTimeUtc?.ToString(form, CultureInfo.InvariantCulture)}|{item.LinkTarget}";
    }

    /// <summary>Reads a line of one dialect: the item's permission, owner and group, a dash for what it does not tell; "refused" where it is none of that dialect, empty where it tells of no item.</summary>
    public static string Rights(Parser parser, string line)
    {
        if (!parser(line, Context(), out var item))
            return "refused";
        return item is null ? "" : $"{item.Permission ?? "-"}|{item.Owner ?? "-"}|{item.Group ?? "-"}";
    }

    /// <summary>A line of another form is refused, whatever another dialect makes of it.</summary>
    public static void Refuses(Parser parser, string line)
    {
        Assert.False(parser(line, Context(), out var item), line);
        Assert.Null(item);
    }

    /// <summary>All that an item says, for comparison.</summary>
    public static string Describe(FtpItem item) =>
        $"{item.ItemType} '{item.FullName}' -> '{item.LinkTarget}' {item.Length} {item.LastWriteTimeUtc:O} {item.TimePrecision} {item.Permission} {item.Owner} {item.Group}";
}
