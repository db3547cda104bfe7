using System;
using System.Globalization;
using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class UnixListParserTests
{
    [Theory]
    // vsftpd, ProFTPD, Pure-FTPd, wu-ftpd
    [InlineData("-rw-r--r--    1 1000     100          1234 Jan 31 12:34 a.txt", "a.txt", 1234L, "1000", "100")]
    [InlineData("-rw-rw-r--   1 ftp-testuser daemon       4096 Nov 23 00:29 a.txt", "a.txt", 4096L, "ftp-testuser", "daemon")]
    [InlineData("-rw-rw-r--    1 0          0          5368709121 Nov 23 00:29 big.iso", "big.iso", 5368709121L, "0", "0")]
    [InlineData("-rw-r--r--.  1 ftpadmin wheel   14723823 Dec 31 23:59 ls-lR.gz", "ls-lR.gz", 14723823L, "ftpadmin", "wheel")]
    [InlineData("-rw-r--r--+ 1 u g 1 Jan 31 12:34 acl", "acl", 1L, "u", "g")]
    [InlineData("-rw-r--r--@ 1 u g 1 Jan 31 12:34 mac", "mac", 1L, "u", "g")]
    [InlineData("-rwsr-Sr-T   1 u g 1 Jan 31 12:34 bits", "bits", 1L, "u", "g")]
    // no group; no owner either; a count of links with no space before it; owners with spaces
    [InlineData("-rw-r--r--   1 root      8 Apr  8  1994 README", "README", 8L, "root", null)]
    [InlineData("-rw-r--r--   root      8 Apr  8  1994 README", "README", 8L, "root", null)]
    [InlineData("-rw-r--r--1234 root sys 8 Apr  8  1994 README", "README", 8L, "root", "sys")]
    [InlineData("-rw-r--r--   1 jane Domain Users 8 Apr  8  1994 x", "x", 8L, "jane", "Domain Users")]
    [InlineData("-rw-r--r--   6 1          daemon           4096 Nov 23 00:29 x", "x", 4096L, "1", "daemon")]
    [InlineData("-rw-r--r--   6 1          daemon           2024 Nov 23 00:29 x", "x", 2024L, "1", "daemon")]
    [InlineData("-rw-r--r--   1 1000 1000 31 Jan 31 12:34 x", "x", 31L, "1000", "1000")]
    // other orders and forms of dates
    [InlineData("-rw-r--r--   1 u g 5 31 Jan 12:34 x", "x", 5L, "u", "g")]
    [InlineData("-rw-r--r--   1 u g 5 2024-01-31 12:34 x", "x", 5L, "u", "g")]
    // names
    [InlineData("-rw-r--r-- 1 u g 5 Jan 31 12:34  leading", " leading", 5L, "u", "g")]
    [InlineData("-rw-r--r-- 1 u g 5 Jan 31 12:34 trailing ", "trailing ", 5L, "u", "g")]
    [InlineData("-rw-r--r-- 1 u g 5 Jan 31  2024 1 Jan 31 12:34 x", "1 Jan 31 12:34 x", 5L, "u", "g")]
    [InlineData("-rw-r--r-- 1 u g 5 Jan 31 12:34 arrow -> file", "arrow -> file", 5L, "u", "g")]
    [InlineData("-rw-r--r-- 1 u g 5 Jan 31 12:34 ...", "...", 5L, "u", "g")]
    [InlineData("-rw-r--r-- 1 u g 5 Jan 31 12:34 日本 ñ", "日本 ñ", 5L, "u", "g")]
    public void ReadsFiles(string line, string name, long length, string? owner, string? group)
    {
        var item = Parse(line);
        Assert.Equal(FtpItemType.File, item.ItemType);
        Assert.Equal(name, item.Name);
        Assert.Equal("/dir/" + name, item.FullName);
        Assert.Equal(length, item.Length);
        Assert.Equal(owner, item.Owner);
        Assert.Equal(group, item.Group);
        Assert.Equal(line[..10], item.Permission);
        Assert.Equal(line, item.RawLine);
        Assert.Null(item.LinkTarget);
    }

    [Theory]
    [InlineData("drwxr-xr-x 2 u g 4096 Jan 31 12:34 sub", FtpItemType.Directory, "sub", null)]
    [InlineData("lrwxrwxrwx 1 u g 3 Jan 31 12:34 link -> sub", FtpItemType.SymbolicLink, "link", "sub")]
    [InlineData("lrwxrwxrwx 1 u g 9 Jan 31 12:34 li -> nk -> plain.txt", FtpItemType.SymbolicLink, "li -> nk", "plain.txt")]
    [InlineData("lrwxrwxrwx 1 u g 9 Jan 31 12:34 a -> b -> c d", FtpItemType.SymbolicLink, "a", "b -> c d")]
    [InlineData("lrwxrwxrwx 1 u g 6 Jan 31 12:34 a -> b -> 日本", FtpItemType.SymbolicLink, "a -> b", "日本")]
    [InlineData("lrwxrwxrwx 1 u g 3 Jan 31 12:34 untold", FtpItemType.SymbolicLink, "untold", null)]
    [InlineData("crw-rw-rw- 1 root sys 1,  3 Nov 23 00:29 null", FtpItemType.Other, "null", null)]
    [InlineData("brw-rw---- 1 root disk 8, 16 Nov 23 00:29 sdb", FtpItemType.Other, "sdb", null)]
    [InlineData("prw-rw-r-- 1 u g 0 Nov 23 00:29 pipe", FtpItemType.Other, "pipe", null)]
    [InlineData("srw-rw-r-- 1 u g 0 Nov 23 00:29 socket", FtpItemType.Other, "socket", null)]
    public void ReadsOtherKinds(string line, FtpItemType itemType, string name, string? target)
    {
        var item = Parse(line);
        Assert.Equal(itemType, item.ItemType);
        Assert.Equal(name, item.Name);
        Assert.Equal(target, item.LinkTarget);
        Assert.Null(item.Length);
    }

    /// <summary>Lines as sent, and permission, owner and group.</summary>
    [Theory]
    [InlineData("-rw-r--r-- 1 u doe, 5 Jan 31 12:34 x", "-rw-r--r--|u|doe,")]
    [InlineData("-rw-r--r-- root sys 5 Jan 31 12:34 x", "-rw-r--r--|root|sys")]
    [InlineData("-rw-r--r-- 1000 5 Jan 31 12:34 x", "-rw-r--r--|1000|-")]
    [InlineData("-rw-r--r-- 5 Jan 31 12:34 x", "-rw-r--r--|-|-")]
    [InlineData("-rw-r--r--5 Jan 31 12:34 x", "-rw-r--r--|-|-")]
    [InlineData("  -rw-r--r-- 1 u g 5 Jan 31 12:34 x", "-rw-r--r--|u|g")]
    [InlineData("-rw-r--r- 1 u g 5 Jan 31 12:34 x", "-rw-r--r-|u|g")]
    [InlineData("-rw-r--r-- 1 12345 12345 Jan 31 12:34 x", "-rw-r--r--|-|-")] // Serv-U tells the size twice
    [InlineData("-rw-r--r-- 1 1234 1234 Jan 31 12:34 x", "-rw-r--r--|1234|-")]
    [InlineData("-rw-r--r-- 1 12345 12346 Jan 31 12:34 x", "-rw-r--r--|12345|-")]
    [InlineData("-rw-r--r-- 1 12345 g 12345 Jan 31 12:34 x", "-rw-r--r--|12345|g")]
    [InlineData("-rw-r--r-- 1 owner12345 Jan 31 12:34 x", "-rw-r--r--|owner|-")]
    [InlineData("-rw-r--r-- 1 u g 5 name", "-rw-r--r--|u|g")]
    [InlineData("brw-rw---- 8, 16 Jan 31 12:34 x", "brw-rw----|-|-")]
    [InlineData("brw-rw---- 1 a,b disk 16 Jan 31 12:34 x", "brw-rw----|a,b|disk")]
    [InlineData("brw-rw---- 1 root disk 8, 16 Jan 31 12:34 x", "brw-rw----|root|disk")]
    [InlineData("brw-rw---- 1 root disk 8,16 Jan 31 12:34 x", "brw-rw----|root|disk")]
    [InlineData("brw-rw---- 16 Jan 31 12:34 x", "brw-rw----|-|-")]
    [InlineData("-rw-r--r-- 1 u g 8,16 Jan 31 12:34 x", "refused")]
    public void TellsRights(string line, string rights) => Assert.Equal(rights, ListingTestData.Rights(UnixListParser.TryParse, line));

    /// <summary>What may look like more of the date is the beginning of the name.</summary>
    [Theory]
    [InlineData("bl\u00FC 31 2024 12:34 name", "12:34 name")]
    [InlineData("1月 31日 2024 12:34 name", "12:34 name")]
    [InlineData("01-31 2024 12:34 name", "12:34 name")]
    [InlineData("2024-01-31 12:34 +0100 name", "+0100 name")]
    [InlineData("Jan 31 12:34:56 +0100 name", "+0100 name")]
    [InlineData("2024-01-31 1:23 name", "1:23 name")]
    [InlineData("2018 Apr 22 abcd name", "abcd name")]
    [InlineData("2018 Apr 22 12345 name", "12345 name")]
    [InlineData("2024-01-31 12:34:56 +1500 name", "+1500 name")]
    [InlineData("2024-01-31 12:34:56 +0160 name", "+0160 name")]
    [InlineData("2024-01-31 12:34:56 +010", "+010")]
    [InlineData("2024-01-31 12:34:56 +0100", "+0100")]
    [InlineData("2024-01-31 12:34:56 x0100 name", "x0100 name")]
    [InlineData("2024-01-31 12:34:56 +01x0 name", "+01x0 name")]
    [InlineData("2024-01-31 12:34:56 +0100x name", "+0100x name")]
    [InlineData("Jan 31 2024 2024 name", "2024 name")]
    [InlineData("1 31 2024 12:34 name", "12:34 name")]
    [InlineData("2018\tApr\t22\t12 name", "12 name")]
    public void ReadsTheNameBehindADate(string rest, string name)
    {
        var item = Parse("-rw-r--r-- 1 u g 5 " + rest);
        Assert.Equal((name, 5), (item.Name, item.Length));
        Assert.NotEqual(name.StartsWith("12:34", StringComparison.Ordinal) && rest[0] == 'b', item.TimePrecision != FtpTimePrecision.None);
    }

    [Fact]
    public void ANumberBeforeADateWithAYearIsTheSize() => Assert.Equal(2018, Parse("-rw-r--r-- 1 u g 5 2018 Apr 22 2024 name").Length);

    // GNU ls, of what it could not learn.
    [Theory]
    [InlineData("-????????? ? ? ? ?            ? name", "name")]
    [InlineData("-????????? ? ? ? ? ?  leading", " leading")]
    [InlineData("d????????? ? ? ? ? ? ? name", "? name")]
    public void ReadsLinesThatTellTheNameAlone(string line, string name)
    {
        var item = Parse(line);
        Assert.Equal((name, FtpTimePrecision.None), (item.Name, item.TimePrecision));
        Assert.Null(item.Length);
    }

    // An attribute cannot hold half a surrogate pair.
    [Fact]
    public void TheSizeOfALinkTellsItsTargetInCharactersOrBytes()
    {
        void Check(string target, int size)
        {
            var item = Parse($"lrwxrwxrwx 1 u g {size} Jan 31 12:34 a -> b -> {target}");
            Assert.Equal(("a -> b", target), (item.Name, item.LinkTarget));
        }

        Check("fé!", 3);
        Check("fé!", 4);
        Check("\u0080b", 3);
        Check("\u07FFb", 3);
        Check("\u0800b", 4);
        Check("é\uDC80", 3);
        Check("é\uDCFF", 3);
        Check("\uDC80é", 3);
        Check("\U0001F480", 4);
        Check("\U00010000", 4);
        Check("\U000103FF", 4);
        Check("\uFFFDé", 5);
        var other = Parse("lrwxrwxrwx 1 u g 99 Jan 31 12:34 a -> b -> c");
        Assert.Equal(("a", "b -> c"), (other.Name, other.LinkTarget));
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void NoOwnersHaveMoreWords(int words, bool isRead)
    {
        var line = "-rw-r--r-- " + string.Concat(System.Linq.Enumerable.Repeat("word ", words)) + "5 Jan 31 12:34 x";
        Assert.Equal(isRead, UnixListParser.TryParse(line, ListingTestData.Context(), out _));
    }

    // A month and a day with no time or year behind them, or half of one.
    [Theory]
    [InlineData("May x", "May x")]
    [InlineData("Jan - name", "name")]
    [InlineData("Jan 31 name", "name")]
    [InlineData("Jan 31 1:234 name", "name")]
    [InlineData("Jan 31 12345 name", "name")]
    [InlineData("Jan 31 123456 name", "123456 name")]
    [InlineData("Jan 31 12:3", "12:3")]
    [InlineData("31", "31")]
    [InlineData("31-Jan", "31-Jan")]
    [InlineData("31.x 12:34 name", "31.x 12:34 name")]
    [InlineData("Jan 31 12:3 ", "12:3 ")]
    [InlineData("13 31 2024 name", "13 31 2024 name")]
    [InlineData("0 31 2024 name", "0 31 2024 name")]
    [InlineData("12 32 2024 name", "12 32 2024 name")]
    [InlineData("12 0 2024 name", "12 0 2024 name")]
    [InlineData("1 31 name", "1 31 name")]
    [InlineData("bl\u00FC xx 2024 name", "bl\u00FC xx 2024 name")]
    [InlineData("x1 31 12:34 name", "x1 31 12:34 name")]
    [InlineData("abcdefghijklmnopqrstu 31 12:34 name", "abcdefghijklmnopqrstu 31 12:34 name")]
    [InlineData("Xyz Jan 31 12:34 name", "Xyz Jan 31 12:34 name")]
    [InlineData("01-310 12:34 name", "01-310 12:34 name")]
    [InlineData("2024年年年年年 1月 31日 name", "2024年年年年年 1月 31日 name")]
    [InlineData("2024年 1 31 name", "2024年 1 31 name")]
    [InlineData("2024年 1abc 31 name", "2024年 1abc 31 name")]
    [InlineData("name with words", "name with words")]
    public void ReadsTheNameBehindHalfADate(string rest, string name)
    {
        var item = Parse("-rw-r--r-- 1 u g 5 " + rest);
        Assert.Equal((name, 5, FtpTimePrecision.None), (item.Name, item.Length, item.TimePrecision));
    }

    [Fact]
    public void ReadsTheOwnersOfDevices()
    {
        var item = Parse("crw-rw-rw- 1 root Domain Users 1,  3 Nov 23 00:29 null");
        Assert.Equal("root", item.Owner);
        Assert.Equal("Domain Users", item.Group);
    }

    [Theory]
    [InlineData("Nov 23 00:59", "2026-11-23 00:59", FtpTimePrecision.Minute)]
    [InlineData("Nov 24 00:59", "2026-11-24 00:59", FtpTimePrecision.Minute)] // a server east of UTC
    [InlineData("Nov 24 01:00", "2026-11-24 01:00", FtpTimePrecision.Minute)]
    [InlineData("Nov 24 01:01", "2025-11-24 01:01", FtpTimePrecision.Minute)]
    [InlineData("Dec 31 23:59", "2025-12-31 23:59", FtpTimePrecision.Minute)]
    [InlineData("Jan  1 00:00", "2026-01-01 00:00", FtpTimePrecision.Minute)]
    [InlineData("Feb 29 12:00", "2024-02-29 12:00", FtpTimePrecision.Minute)]
    [InlineData("jan 31  5:06", "2026-01-31 05:06", FtpTimePrecision.Minute)]
    [InlineData("Jan 31  2024", "2024-01-31 00:00", FtpTimePrecision.Day)]
    [InlineData("Jan 01  2030", "2030-01-01 00:00", FtpTimePrecision.Day)]
    [InlineData("31 Jan 2024", "2024-01-31 00:00", FtpTimePrecision.Day)]
    [InlineData("2024-01-31 12:34", "2024-01-31 12:34", FtpTimePrecision.Minute)]
    [InlineData("2024-01-31 12:34:56", "2024-01-31 12:34:56", FtpTimePrecision.Second)]
    [InlineData("2024-01-31 12:34:56.123456789 +0130", "2024-01-31 11:04:56", FtpTimePrecision.Second)]
    [InlineData("31. Mär 12:34", "2026-03-31 12:34", FtpTimePrecision.Minute)]
    [InlineData("déc. 31 2024", "2024-12-31 00:00", FtpTimePrecision.Day)]
    [InlineData("1 31 12:34", "2026-01-31 12:34", FtpTimePrecision.Minute)]
    [InlineData("12 31 2024", "2024-12-31 00:00", FtpTimePrecision.Day)]
    [InlineData("1 1 2024", "2024-01-01 00:00", FtpTimePrecision.Day)]
    [InlineData("13 31 12:34", null, FtpTimePrecision.None)]
    [InlineData("xy 31 12:34", null, FtpTimePrecision.None)]
    [InlineData("xy. 31 12:34", null, FtpTimePrecision.None)]
    [InlineData("xy, 31 12:34", null, FtpTimePrecision.None)]
    [InlineData("x\u0080 31 12:34", null, FtpTimePrecision.None)]
    [InlineData("abcdefghijklmnopqrst 31 12:34", null, FtpTimePrecision.None)]
    [InlineData("2024\u0080 1\u0080 31\u0080", "2024-01-31 00:00", FtpTimePrecision.Day)]
    [InlineData("1\u0080 31\u0080 2024", "2024-01-31 00:00", FtpTimePrecision.Day)]
    [InlineData("2024年年年年 1月 31日", "2024-01-31 00:00", FtpTimePrecision.Day)]
    [InlineData("2024年 1月月月月 31日", "2024-01-31 00:00", FtpTimePrecision.Day)]
    [InlineData("2024年 1月 31日 12:34", "2024-01-31 12:34", FtpTimePrecision.Minute)]
    [InlineData("Wed Jan 31 12:34", "2026-01-31 12:34", FtpTimePrecision.Minute)]
    [InlineData("sun Jan 31 12:34", "2026-01-31 12:34", FtpTimePrecision.Minute)]
    [InlineData("Jan 31日x 12:34", null, FtpTimePrecision.None)]
    [InlineData("31-Jan-24 12:34", "2024-01-31 12:34", FtpTimePrecision.Minute)]
    [InlineData("31-Jan-2024", "2024-01-31 00:00", FtpTimePrecision.Day)]
    [InlineData("Jan 31 12:34:56 2024", "2024-01-31 12:34:56", FtpTimePrecision.Second)]
    [InlineData("2024-01-31 12:34:56 -0130", "2024-01-31 14:04:56", FtpTimePrecision.Second)]
    [InlineData("2024-01-31 12:34:56 +1459", "2024-01-30 21:35:56", FtpTimePrecision.Second)]
    [InlineData("9999-12-31 23:59:59 -0100", "9999-12-31 23:59:59", FtpTimePrecision.Second)]
    [InlineData("0001-01-01 00:00:00 +0100", "0001-01-01 00:00:00", FtpTimePrecision.Second)]
    [InlineData("blü 31 2024", null, FtpTimePrecision.None)] // a month in no known language
    [InlineData("31 blü 12:34", null, FtpTimePrecision.None)]
    [InlineData("Jan 32 12:34", null, FtpTimePrecision.None)]
    [InlineData("Feb 30 12:34", null, FtpTimePrecision.None)]
    [InlineData("Jan 31 25:61", null, FtpTimePrecision.None)]
    [InlineData("Jan 31  0000", null, FtpTimePrecision.None)]
    [InlineData("Jan 31 24:00", "2026-02-01 00:00", FtpTimePrecision.Minute)]
    public void ReadsDates(string date, string? expected, FtpTimePrecision precision)
    {
        var item = Parse($"-rw-r--r-- 1 u g 5 {date} name");
        Assert.Equal("name", item.Name);
        Assert.Equal(expected is null ? null : DateTime.Parse(expected, CultureInfo.InvariantCulture), item.LastWriteTimeUtc);
        Assert.Equal(expected is null ? null : DateTimeKind.Utc, item.LastWriteTimeUtc?.Kind);
        Assert.Equal(precision, item.TimePrecision);
    }

    [Theory]
    [InlineData("2026-12-31 12:00", "Jan  1 06:00", "2027-01-01 06:00")] // the new year has begun at the server
    [InlineData("2027-01-01 00:00", "Dec 31 23:00", "2026-12-31 23:00")]
    [InlineData("2104-02-28 12:00", "Feb 29 06:00", "2104-02-29 06:00")]
    [InlineData("2104-02-27 12:00", "Feb 29 06:00", "2096-02-29 06:00")]
    [InlineData("2103-02-28 12:00", "Feb 29 06:00", "2096-02-29 06:00")] // 2100 is no leap year
    public void GivesTheYearThatIsMissing(string now, string date, string expected)
    {
        var utcNow = DateTime.SpecifyKind(DateTime.Parse(now, CultureInfo.InvariantCulture), DateTimeKind.Utc);
        Assert.True(UnixListParser.TryParse($"-rw-r--r-- 1 u g 5 {date} x", new ListingContext("/", utcNow), out var item));
        Assert.Equal(DateTime.Parse(expected, CultureInfo.InvariantCulture), item!.LastWriteTimeUtc);
    }

    [Theory]
    [InlineData("drwxr-xr-x 2 u g 4096 Jan 31 12:34 .")]
    [InlineData("drwxr-xr-x 2 u g 4096 Jan 31 12:34 ..")]
    [InlineData("drwxr-xr-x 2 u g 4096 Jan 31 12:34 /")]
    [InlineData("drwxr-xr-x 2 u g 4096 Jan 31 12:34 ./")]
    [InlineData("drwxr-xr-x 2 u g 4096 Jan 31 12:34 sub/.")]
    [InlineData("drwxr-xr-x 2 u g 4096 Jan 31 12:34 /dir/..")]
    [InlineData("drwxr-xr-x 2 u g 4096 Jan 31 12:34 /dir")]
    public void DropsTheDirectoryItself(string line)
    {
        Assert.True(UnixListParser.TryParse(line, ListingTestData.Context(), out var item));
        Assert.Null(item);
    }

    [Theory]
    [InlineData("")]
    [InlineData("total 12")]
    [InlineData("12345")]
    [InlineData("12-rw-r--r-- 1 u g 5 Jan 31 12:34 x")]
    [InlineData("1 2 3 -rw-r--r-- 1 u g 5 Jan 31 12:34 x")]
    [InlineData("-rw-r--r--")]
    [InlineData("-rw-r--r-- 1 u g 5 Jan 31 12:34")]
    [InlineData("-rw-r--r-- 1 u g 5 Jan 31 12:34 ")]
    [InlineData("-rw-r--r-- 1 u g 5 Jan 31 12:34 ../evil")]
    [InlineData("-rw-r--r-- 1 u g 5 Jan 31 12:34 /dir/../evil")]
    [InlineData("-rw-r--r-- 1 u g 5 Jan 31 12:34 a/../../evil")]
    [InlineData("-rw-r--r-- 1 u g 5 Jan 31")]
    [InlineData("-rw-r--r-- 1 u g 5 Jan")]
    [InlineData("-rw-r--r-- 1 u g 5 Jan 31 12:34 nul\0name")]
    [InlineData("xrw-r--r-- 1 u g 5 Jan 31 12:34 x")]
    [InlineData("-rw-r--r-- no such file or directory")]
    [InlineData("-rw-r--r-- 1 u g x name")]
    [InlineData("-rw-r--r-- 1 u g 5 Jan 31\u65E5")]
    [InlineData("-rw-r--r--x 1 u g 5 Jan 31 12:34 x")]
    [InlineData("-rw-r--r 1 u g 5 Jan 31 12:34 x")]
    [InlineData("-????????? ? ? ? ? name")]
    [InlineData("-????????? ? ? ? ? x ? name")]
    [InlineData("-????????? ? ? ? ? ?x name")]
    [InlineData("-????????? ? ? ? ? ?")]
    [InlineData("-????????? a b c d e name")]
    [InlineData("-rw-r--r-- 1 u g 5")]
    [InlineData("-rw-r--r-- 1 u g 5 ")]
    [InlineData("01-31-24  12:34PM       <DIR>          name")]
    [InlineData("-rw-r--r-- 1 u g 5 Feb  8 2005")]
    [InlineData("-rw-r--r-- 1 u g 5 Feb  8 2005 ")]
    public void RefusesWhatIsNoItem(string line) => Assert.False(UnixListParser.TryParse(line, ListingTestData.Context(), out _));

    // ProFTPD and Pure-FTPd answer LIST of a file with its whole path.
    [Theory]
    [InlineData("-rw-rw-r--   1 0 0 6 Nov 23 00:29 /dir/plain.txt", "plain.txt", "/dir/plain.txt")]
    [InlineData("drwxrwxr-x   2 0 0 4096 Nov 23 00:29 /dir/sub/", "sub", "/dir/sub")]
    [InlineData("drwxrwxr-x   2 0 0 4096 Nov 23 00:29 /", "/", "/")]
    public void TakesTheLastPartOfAPathWhereOneItemWasAskedFor(string line, string name, string fullName)
    {
        Assert.True(UnixListParser.TryParse(line, ListingTestData.Context(singleItem: true), out var item));
        Assert.Equal(name, item!.Name);
        Assert.Equal(fullName, item.FullName);
    }

    [Theory]
    [InlineData("/dir/plain.txt", "plain.txt", "/dir/plain.txt")]
    [InlineData("./sub/plain.txt", "plain.txt", "/dir/sub/plain.txt")]
    [InlineData("sub/plain.txt", "plain.txt", "/dir/sub/plain.txt")]
    [InlineData("/etc/passwd", "passwd", "/dir/passwd")] // never a place that was not asked about
    [InlineData("/dirty/plain.txt", "plain.txt", "/dir/plain.txt")]
    public void TakesTheLastPartOfAPathThatStandsInThePlaceOfTheName(string path, string name, string fullName)
    {
        var item = Parse("-rw-r--r-- 1 u g 5 Jan 31 12:34 " + path);
        Assert.Equal(name, item.Name);
        Assert.Equal(fullName, item.FullName);
    }

    private static FtpItem Parse(string line)
    {
        Assert.True(UnixListParser.TryParse(line, ListingTestData.Context(), out var item));
        return item!;
    }
}
