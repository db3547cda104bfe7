using System;
using System.Globalization;
using System.Linq;
using System.Text;
using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

/// <summary>Random items, written as servers write them, come back as they were.</summary>
public sealed class ListingRoundTripTests
{
    private const int Count = 2000;
    private readonly Random _random = new(20261123);

    [Fact]
    public void Mlsx() => RoundTrip(ListingFormat.Mlsx, TimeSpan.FromSeconds(1), FtpTimePrecision.Second, item =>
        $"type={(item.IsDirectory ? "dir" : item.ItemType == FtpItemType.File ? "file" : "OS.unix=slink:" + item.LinkTarget)};"
        + (item.Length is { } length ? $"size={length};" : "sizd=4096;")
        + $"modify={item.LastWriteTimeUtc:yyyyMMddHHmmss};UNIX.ownername={item.Owner};UNIX.groupname={item.Group}; {item.Name}");

    [Fact]
    public void Unix() => RoundTrip(ListingFormat.List, TimeSpan.FromMinutes(1), FtpTimePrecision.Minute, item =>
        string.Format(
            CultureInfo.InvariantCulture,
            "{0}rw-r--r-- {1,4} {2,-8} {3,-8} {4,12} {5:MMM dd HH:mm} {6}",
            item.IsDirectory ? 'd' : item.ItemType == FtpItemType.File ? '-' : 'l',
            _random.Next(1, 2000),
            item.Owner,
            item.Group,
            item.Length ?? (item.LinkTarget is { } target ? Encoding.UTF8.GetByteCount(target) : 4096),
            item.LastWriteTimeUtc,
            item.LinkTarget is null ? item.Name : item.Name + " -> " + item.LinkTarget));

    [Fact]
    public void Dos() => RoundTrip(ListingFormat.List, TimeSpan.FromMinutes(1), FtpTimePrecision.Minute, item =>
        string.Format(
            CultureInfo.InvariantCulture,
            item.IsDirectory ? "{0:MM-dd-yy  hh:mmtt}       <DIR>          {2}" : "{0:MM-dd-yy  hh:mmtt} {1,20} {2}",
            item.LastWriteTimeUtc,
            item.Length,
            item.Name), withUnixFacts: false);

    private void RoundTrip(ListingFormat format, TimeSpan unit, FtpTimePrecision precision, Func<FtpItem, string> write, bool withUnixFacts = true)
    {
        var items = Enumerable.Range(0, Count).Select(_ => RandomItem(unit, precision, withUnixFacts)).ToList();
        var listing = Encoding.UTF8.GetBytes(string.Concat(items.Select(item => write(item) + "\r\n")));
        var read = ListingTestData.Read(format, listing, 1000);
        Assert.Equal(items.Select(Facts), read.Select(Facts));
    }

    private static string Facts(FtpItem item) =>
        $"{item.ItemType} '{item.FullName}' -> '{item.LinkTarget}' {item.Length} {item.LastWriteTimeUtc:O} {item.TimePrecision} {item.Owner} {item.Group}";

    private FtpItem RandomItem(TimeSpan unit, FtpTimePrecision precision, bool withUnixFacts)
    {
        var itemType = (FtpItemType)_random.Next(withUnixFacts ? 3 : 2);
        var name = RandomName();
        var now = ListingTestData.Now;
        var time = now - TimeSpan.FromMinutes(_random.Next(360 * 24 * 60)) - TimeSpan.FromSeconds(_random.Next(60));
        return new FtpItem
        {
            Name = name,
            FullName = "/dir/" + name,
            ItemType = itemType,
            Length = itemType == FtpItemType.File ? _random.NextInt64(1L << _random.Next(63)) : null,
            LastWriteTimeUtc = new DateTime(time.Ticks / unit.Ticks * unit.Ticks, DateTimeKind.Utc),
            TimePrecision = precision,
            Owner = withUnixFacts ? RandomOwner() : null,
            Group = withUnixFacts ? RandomOwner() : null,
            LinkTarget = itemType == FtpItemType.SymbolicLink ? "/" + RandomName().Replace(';', ',') : null,
        };
    }

    // All that file names are made of, and most of all what has a meaning in listings.
    private string RandomName()
    {
        const string Letters = "abcXYZ019 .-_;=:,[]<>'\"\\*?#%+~ñ日\t";
        string name;
        do
        {
            name = string.Concat(Enumerable.Range(0, _random.Next(1, 25)).Select(_ => Letters[_random.Next(Letters.Length)]));
        }
        while (name is "." or "..");
        return name;
    }

    private string RandomOwner() => _random.Next(2) == 0 ? _random.Next(100_000).ToString(CultureInfo.InvariantCulture) : "user" + _random.Next(10);
}
