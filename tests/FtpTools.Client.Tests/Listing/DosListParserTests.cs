using System;
using System.Globalization;
using System.Linq;
using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class DosListParserTests
{
    [Theory]
    [InlineData("01-31-24  12:34PM       <DIR>          aspnet_client", FtpItemType.Directory, "aspnet_client", null, "2024-01-31 12:34")]
    [InlineData("01-31-24  12:34AM       <DIR>           lead", FtpItemType.Directory, " lead", null, "2024-01-31 00:34")]
    [InlineData("01-31-24  12:34 PM  <dir>  name", FtpItemType.Directory, "name", null, "2024-01-31 12:34")]
    [InlineData("01-31-24  01:34PM           5368709121 big file.iso", FtpItemType.File, "big file.iso", 5368709121L, "2024-01-31 13:34")]
    [InlineData("01-31-99  01:34AM                   17  lead", FtpItemType.File, " lead", 17L, "1999-01-31 01:34")]
    [InlineData("01-31-2024  23:59            1,048,576 thousands", FtpItemType.File, "thousands", 1048576L, "2024-01-31 23:59")]
    [InlineData("01/31/2024  23:59                    1 slashes", FtpItemType.File, "slashes", 1L, "2024-01-31 23:59")]
    [InlineData("2024-01-31  23:59                    1 PM", FtpItemType.File, "PM", 1L, "2024-01-31 23:59")]
    [InlineData("1-1-24  12:34PM                      5 short", FtpItemType.File, "short", 5L, "2024-01-01 12:34")]
    [InlineData("                                          1-1-24  12:34PM  5 indented", FtpItemType.File, "indented", 5L, "2024-01-01 12:34")]
    [InlineData("01-31-24  1:34PM                     5 hour", FtpItemType.File, "hour", 5L, "2024-01-31 13:34")]
    public void ReadsItems(string line, FtpItemType itemType, string name, long? length, string time)
    {
        var item = Parse(line);
        Assert.Equal(itemType, item.ItemType);
        Assert.Equal(name, item.Name);
        Assert.Equal("/dir/" + name, item.FullName);
        Assert.Equal(length, item.Length);
        Assert.Equal(DateTime.Parse(time, CultureInfo.InvariantCulture), item.LastWriteTimeUtc);
        Assert.Equal(FtpTimePrecision.Minute, item.TimePrecision);
        Assert.Equal(line, item.RawLine);
        Assert.True(item.IsTimeOfServer);
        Assert.Null(item.Permission);
    }

    [Theory]
    [InlineData("06-15-25  01:02PM       <JUNCTION>     Documents and Settings [C:\\Users]", "Documents and Settings", "C:\\Users")]
    [InlineData("06-15-25  01:02PM       <SYMLINKD>     current [releases\\7]", "current", "releases\\7")]
    [InlineData("06-15-25  01:02PM       <SYMLINK>      file.txt", "file.txt", null)]
    [InlineData("06-15-25  01:02PM       <SYMLINK>            far [x]", "far", "x")]
    [InlineData("06-15-25  01:02PM       <SYMLINK>      odd]", "odd]", null)]
    [InlineData("06-15-25  01:02PM       <SYMLINK>      a [b", "a [b", null)]
    [InlineData("06-15-25  01:02PM       <SYMLINK>      a [b -", "a [b -", null)]
    [InlineData("06-15-25  01:02PM       <SYMLINK>      -> b", "-> b", null)]
    [InlineData("06-15-25  01:02PM       <SYMLINK>      a -> b", "a", "b")]
    [InlineData("06-15-25  01:02PM       <SYMLINK>      a [b] -> c", "a [b]", "c")]
    [InlineData("06-15-25  01:02PM       <SYMLINK>      a[b]", "a[b]", null)]
    [InlineData("06-15-25  01:02PM       <SYMLINK>      a [b] [c]", "a [b]", "c")]
    [InlineData("06-15-25  01:02PM       <SYMLINK>      a []", "a", "")]
    public void ReadsLinks(string line, string name, string? target)
    {
        var item = Parse(line);
        Assert.Equal(FtpItemType.SymbolicLink, item.ItemType);
        Assert.Equal(name, item.Name);
        Assert.Equal(target, item.LinkTarget);
    }

    [Theory]
    [InlineData("01-31-24  12:34PM       <DIR>          .")]
    [InlineData("01-31-24  12:34PM       <DIR>          ..")]
    public void DropsTheDirectoryItself(string line)
    {
        Assert.True(DosListParser.TryParse(line, ListingTestData.Context(), out var item));
        Assert.Null(item);
    }

    [Theory]
    [InlineData("")]
    [InlineData("01-31-24")]
    [InlineData("01-31-24  12:34PM")]
    [InlineData("01-31-24  12:34PM       <DIR>")]
    [InlineData("01-31-24  12:34PM       <DIR>          ")]
    [InlineData("01-31-24  1x:34PM                    5 x")]
    [InlineData("01-31-24  PM                         5 x")]
    [InlineData("01-31-24  12:34PM                    5x x")]
    [InlineData("011-031-240  12:34PM                 5 x")]
    [InlineData("1-1-2  12:34PM                       5 x")]
    [InlineData("06-15-25  01:02PM       <SYMLINK]")]
    [InlineData("01-31-24  12:34PM       <WHAT>         x")]
    [InlineData("01-31-24  12:34XM       <DIR>          x")]
    [InlineData("01-31-24  12:34PM                    1 a/b")]
    [InlineData("01-31-24  12:34PM                    1 a\0b")]
    [InlineData("-rw-r--r-- 1 u g 5 Jan 31 12:34 x")]
    public void RefusesWhatIsNoItem(string line) => Assert.False(DosListParser.TryParse(line, ListingTestData.Context(), out _));

    [Theory]
    [InlineData("13-32-24  12:34PM       <DIR>          x")]
    [InlineData("02-30-24  12:34PM       <DIR>          x")]
    [InlineData("01-31-24  13:34PM       <DIR>          x")]
    [InlineData("01-31-24  25:61         <DIR>          x")]
    public void ADateThatCannotBeMakesAnItemWithoutOne(string line)
    {
        var item = Parse(line);
        Assert.Equal("x", item.Name);
        Assert.Null(item.LastWriteTimeUtc);
        Assert.Equal(FtpTimePrecision.None, item.TimePrecision);
    }

    [Fact]
    public void ADateThatHasTheDayFirstTellsTheOrderOfTheOthers()
    {
        var context = ListingTestData.Context();
        string[] lines = ["03/02/2024  10:00  1 unclear", "25/02/2024  10:00  1 clear", "03/02/2024  10:00  1 now clear", "03-02-24  10:00AM  1 another form"];
        Assert.Equal(["2024-03-02", "2024-02-25", "2024-02-03", "2024-03-02"], lines.Select(line =>
        {
            Assert.True(DosListParser.TryParse(line, context, out var item));
            return item!.LastWriteTimeUtc!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }));
    }

    private static FtpItem Parse(string line)
    {
        Assert.True(DosListParser.TryParse(line, ListingTestData.Context(), out var item));
        return item!;
    }
}
