using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class ListingReaderTests
{
    public static TheoryData<string> Fixtures => new(ListingTestData.FixtureNames);

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void AListingIsTheSameHoweverItIsCut(string fixture)
    {
        var format = ListingTestData.FormatOf(fixture);
        var listing = ListingTestData.Fixture(fixture);
        var whole = ListingTestData.Read(format, listing).Select(ListingTestData.Describe).ToList();
        Assert.NotEmpty(whole);
        for (var chunk = 1; chunk <= 130; chunk += chunk < 10 ? 1 : 40)
            Assert.Equal(whole, ListingTestData.Read(format, listing, chunk).Select(ListingTestData.Describe));
        // Bare line feeds, and a last line without any.
        var text = Encoding.UTF8.GetString(listing).Replace("\r", "").TrimEnd('\n');
        Assert.Equal(whole, ListingTestData.Read(format, Encoding.UTF8.GetBytes(text), 7).Select(ListingTestData.Describe));
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    [Trait("Kind", "Random")]
    public void NoBeginningOfALineAndNoDamageMakesAParserFail(string fixture)
    {
        var random = new Random(7);
        var parsed = 0;
        foreach (var line in Encoding.UTF8.GetString(ListingTestData.Fixture(fixture)).Split("\r\n"))
        {
            for (var length = 0; length <= line.Length; length++)
            {
                parsed += ParseWithAll(line[..length]) + ParseWithAll(line[length..]);
                var damaged = line.ToCharArray();
                if (length < damaged.Length)
                    damaged[length] = " ;=-:0<\0/é9\t"[random.Next(12)];
                ParseWithAll(new string(damaged));
            }
        }
        Assert.True(parsed > 0);
    }

    [Theory]
    [InlineData(nameof(ListingFormat.List))]
    [InlineData(nameof(ListingFormat.Mlsx))]
    public void NoNameIsLostThatBeginsLikeAReplyOrATotal(string format)
    {
        string[] names = ["123 456 abc.csv", "226 files.txt", "226", "150-A4.pdf", "250 Data connection.docx", "total 2024.xls", "Total of 3 files.txt", "No files found.txt", "File not found.html", "Directory of members.xls", "Directory of [old] things.txt"];
        var items = new List<FtpItem>();
        var reader = ListingTestData.Reader(Enum.Parse<ListingFormat>(format), items.Add);
        var listing = Encoding.UTF8.GetBytes(string.Join("\r\n", names) + "\r\n");
        ListingTestData.Feed(reader, listing, listing.Length);
        Assert.Equal((names.Length, 0, 0), (reader.UnparsedCount, reader.FillerCount, items.Count));
    }

    [Theory]
    [InlineData("vsftpd-3.0.3.list", "null,sda,pipe,tab\tname")]
    [InlineData("proftpd-1.3.8.list", "null,sda,pipe,tab\tname")]
    [InlineData("pureftpd-1.0.50.list", "")]
    [InlineData("proftpd-1.3.8.mlsd", "null,sda,pipe,tab\tname")]
    [InlineData("pureftpd-1.0.50.mlsd", "null,sda,pipe")]
    public void AllServersTellTheSameOfTheSameFolder(string fixture, string more)
    {
        var items = ListingTestData.Read(ListingTestData.FormatOf(fixture), ListingTestData.Fixture(fixture)).ToDictionary(item => item.Name);
        string[] expected =
        [
            " leading", ".hidden", "[x] *?.txt", "arrow -> file", "back\\slash", "big.iso", "broken", "dir with space", "dirlink",
            "empty.bin", "future.txt", "leap.txt", "li -> nk", "link", "name with  two spaces.txt", "old.txt", "plain.txt",
            "semi;colon=1; x.txt", "setgid", "setuid", "sticky", "sub", "trailing ", "x-2024.txt", "ñandú 日本.txt",
        ];
        var names = expected.Concat(more.Split(',', StringSplitOptions.RemoveEmptyEntries));
        if (fixture.StartsWith("proftpd", StringComparison.Ordinal) && fixture.EndsWith(".mlsd", StringComparison.Ordinal))
            names = names.Except(["broken"]); // it follows links, and leaves out those that lead nowhere
        Assert.Equal(names.Order(StringComparer.Ordinal), items.Keys.Order(StringComparer.Ordinal));

        Assert.Equal(5368709121, items["big.iso"].Length);
        Assert.Equal(0, items["empty.bin"].Length);
        Assert.Equal(FtpItemType.Directory, items["dir with space"].ItemType);
        Assert.Equal(FtpItemType.SymbolicLink, items["li -> nk"].ItemType);
        Assert.Equal(FtpItemType.File, items["arrow -> file"].ItemType);
        Assert.Equal("-rwsr-xr-x", items["setuid"].Permission);
        Assert.Equal("drwxrws---", items["setgid"].Permission);
        Assert.Equal("drwxrwxrwt", items["sticky"].Permission);
        Assert.Equal("lrwxrwxrwx", items["link"].Permission);
        Assert.Equal(new DateTime(2019, 7, 4), items["old.txt"].LastWriteTimeUtc!.Value.Date);
        Assert.Equal(new DateTime(2024, 2, 29), items["leap.txt"].LastWriteTimeUtc!.Value.Date);
        Assert.Equal(new DateTime(2026, 11, 23, 0, 29, 0), items["plain.txt"].LastWriteTimeUtc!.Value.AddSeconds(-items["plain.txt"].LastWriteTimeUtc!.Value.Second));
        if (ListingTestData.FormatOf(fixture) == ListingFormat.List)
        {
            Assert.Equal("plain.txt", items["li -> nk"].LinkTarget);
            Assert.Equal("nowhere with space", items["broken"].LinkTarget);
            Assert.Equal("1234", items["leap.txt"].Owner);
            Assert.Equal("5678", items["leap.txt"].Group);
        }
    }

    [Theory]
    [InlineData("iis.list", "aspnet_client,Old Things,empty.txt,one mebibyte.bin,big.iso, leading space.txt,Documents and Settings,current")]
    [InlineData("iis-four-digit-years.list", "aspnet_client,empty.txt,one mebibyte.bin,big.iso")]
    [InlineData("wu-ftpd.list", "bin,etc,null,sdb,lib,ls-lR.gz,pub,socket")]
    [InlineData("no-group.list", "README,incoming,ls-lR.Z")]
    public void ReadsTheListingsOfOtherServers(string fixture, string names)
    {
        var items = ListingTestData.Read(ListingFormat.List, ListingTestData.Fixture(fixture));
        Assert.Equal(names.Split(','), items.Select(item => item.Name));
    }

    [Fact]
    public void HandsOutAnItemAsSoonAsItsLineIsThere()
    {
        var items = new List<FtpItem>();
        var reader = ListingTestData.Reader(ListingFormat.List, items.Add);
        var bytes = Encoding.UTF8.GetBytes("total 2\r\n-rw-r--r-- 1 u g 5 Jan 31 12:34 a\r\n-rw-r--r-- 1 u g 5 Jan 31 12:34 b");
        reader.Feed(bytes, bytes.Length);
        Assert.Equal("a", Assert.Single(items).Name);
        reader.Complete();
        Assert.Equal(["a", "b"], items.Select(item => item.Name));
        Assert.Equal(2, reader.ItemCount);
        Assert.Equal(0, reader.UnparsedCount);
    }

    [Fact]
    public void NoLineDecidesTheDialectOfTheOthers()
    {
        var items = new List<FtpItem>();
        var reader = ListingTestData.Reader(ListingFormat.List, items.Add);
        ListingTestData.Feed(reader, Encoding.UTF8.GetBytes("what is this\n01-31-24  12:34PM  <DIR>  dos\n-rw-r--r-- 1 u g 5 Jan 31 12:34 unix\nANAME.TXT;1  1/3  31-JAN-2024 12:34  [A,B]  (RWED,,,)\n"), 1000);
        Assert.Equal(["dos", "unix", "ANAME.TXT;1"], items.Select(item => item.Name));
        Assert.Equal(["what is this"], reader.UnparsedSamples);
    }

    [Fact]
    public void TheSessionRemembersTheDialectOfMostLines()
    {
        var memory = new ListingMemory();
        memory.LearnSystem("215 UNIX Type: L8");
        Assert.Equal(ListingDialect.Unix, memory.Dialect);
        var context = new ListingContext("/", ListingTestData.Now) { Memory = memory };
        var listing = "-rw-r--r-- 1 u g 5 Jan 31 12:34 odd\n" + string.Concat(Enumerable.Range(1, 3).Select(i => $"01-31-24  12:34PM  {i} dos{i}\n"));
        var reader = new ListingReader(ListingFormat.List, context, Encoding.UTF8, _ => { });
        ListingTestData.Feed(reader, Encoding.UTF8.GetBytes(listing), 1000);
        Assert.Equal(4, reader.ItemCount);
        Assert.Equal(ListingDialect.Dos, memory.Dialect);
    }

    [Fact]
    public void CountsWhatItDoesNotUnderstandAndKeepsTheFirstLines()
    {
        var items = new List<FtpItem>();
        var reader = ListingTestData.Reader(ListingFormat.Mlsx, items.Add);
        var garbage = string.Concat(Enumerable.Range(1, 100).Select(i => $"garbage {i}\r\n\r\n \r\ntotal {i}\r\n"));
        ListingTestData.Feed(reader, Encoding.UTF8.GetBytes(garbage + "type=file;size=1; a\r\ntype=file;size=1; ../evil\r\n"), 64);
        Assert.Equal("a", Assert.Single(items).Name);
        Assert.Equal((101, 1), (reader.UnparsedCount, reader.RefusedCount));
        Assert.Equal(["garbage 1", "garbage 2", "garbage 3", "garbage 4", "garbage 5"], reader.UnparsedSamples);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(int.MaxValue)]
    public void RandomBytesAreNoListing(int chunk)
    {
        var bytes = new byte[20_000];
        new Random(11).NextBytes(bytes);
        var items = new List<FtpItem>();
        var reader = ListingTestData.Reader(ListingFormat.List, items.Add);
        ListingTestData.Feed(reader, bytes, chunk);
        Assert.Empty(items);
        Assert.True(reader.UnparsedCount > 10);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1000, false)]
    [InlineData(1000, true)]
    [InlineData(int.MaxValue, true)]
    public void EndsAtALineThatNeverEnds(int chunk, bool withLineEnd)
    {
        var reader = ListingTestData.Reader(ListingFormat.List, _ => { });
        var line = Encoding.UTF8.GetBytes(new string('x', ListingReader.MaxLineLength + 1) + (withLineEnd ? "\n" : ""));
        var failure = Assert.Throws<FtpException>(() => ListingTestData.Feed(reader, line, chunk));
        Assert.Equal(FtpErrorKind.ListingUnparsed, failure.Kind);
        Assert.Equal("/dir", failure.Path);
        Assert.Contains("'/dir' contains a line of more than 65536 bytes", failure.Message);

        // One byte less is long, but no failure.
        reader = ListingTestData.Reader(ListingFormat.List, _ => { });
        ListingTestData.Feed(reader, line[1..], chunk);
        Assert.Equal(1, reader.UnparsedCount);
    }

    [Theory]
    [InlineData("-rw-r--r-- 1 u g 5 Jan 31 12:34 a", nameof(ListingFormat.List))]
    [InlineData("type=file;size=5; a", nameof(ListingFormat.Mlsx))]
    [InlineData("a", nameof(ListingFormat.Names))]
    public void AByteOrderMarkAheadOfAListingIsNoPartOfIt(string line, string format)
    {
        byte[] listing = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(line + "\r\n" + line[..^1] + "\uFEFFb\r\n")];
        foreach (var chunk in new[] { 1, 2, 1000 })
        {
            var items = new List<FtpItem>();
            var reader = ListingTestData.Reader(Enum.Parse<ListingFormat>(format), items.Add);
            ListingTestData.Feed(reader, listing, chunk);
            Assert.Equal(["a", "\uFEFFb"], items.Select(item => item.Name));
        }
    }

    [Theory]
    [InlineData("\u00EF", "\u00EF")] // in Latin-1, the mark's first byte, its first two, or other ones
    [InlineData("\u00EF\u00BB", "\u00EF\u00BB")]
    [InlineData("\u00EF\u00BB\u00BF", "")]
    [InlineData("\u00EF\u00BB\u00BE", "\u00EF\u00BB\u00BE")]
    [InlineData("\u00EF\u00BA\u00BF", "\u00EF\u00BA\u00BF")]
    [InlineData("\u00EE\u00BB\u00BF", "\u00EE\u00BB\u00BF")]
    [InlineData("\u00EF\u00BB\u00BFa", "a")]
    public void WhatIsOnlyLikeAByteOrderMarkIsOfTheName(string line, string name)
    {
        var names = new List<string>();
        var reader = new ListingReader(ListingFormat.Names, ListingTestData.Context(), Encoding.Latin1, item => names.Add(item.Name));
        ListingTestData.Feed(reader, Encoding.Latin1.GetBytes(line + "\n"), 1000);
        Assert.Equal(name, Assert.Single(names.DefaultIfEmpty("")));
    }

    [Fact]
    public void OfNamesEachLineIsOne()
    {
        var (items, memory) = (new List<FtpItem>(), new ListingMemory());
        var reader = new ListingReader(ListingFormat.Names, new ListingContext("/dir", ListingTestData.Now) { Memory = memory }, Encoding.UTF8, items.Add);
        string[] lines =
        [
            "total 8", "-rw-r--r-- 1 u g 5 Jan 31 12:34 a", ".", "..", "./b", "/dir/c", "/elsewhere/d", "sub/", "226 done", " e ", "../evil", "no\0ne", "LONG.TXT;1", "last",
        ];
        ListingTestData.Feed(reader, Encoding.UTF8.GetBytes(string.Join("\r\n", lines)), 7);
        Assert.Equal(
            ["/dir/total 8", "/dir/-rw-r--r-- 1 u g 5 Jan 31 12:34 a", "/dir/b", "/dir/c", "/dir/d", "/dir/sub", "/dir/226 done", "/dir/ e ", "/dir/LONG.TXT;1", "/dir/last"],
            items.Select(item => item.FullName));
        Assert.Equal("sub", Assert.Single(items, item => item.IsDirectory).Name);
        Assert.Equal((14, 10, 2, 2, 2), (reader.LineCount, reader.ItemCount, reader.FillerCount, reader.UnparsedCount, reader.RefusedCount));
        Assert.Equal(ListingDialect.Unknown, memory.Dialect);
    }

    [Fact]
    public void KeepsNoMoreOfALineThanItMayHave()
    {
        var reader = ListingTestData.Reader(ListingFormat.List, _ => { });
        var half = new byte[40_000];
        reader.Feed(half, half.Length);
        Assert.Equal(FtpErrorKind.ListingUnparsed, Assert.Throws<FtpException>(() => reader.Feed(half, half.Length)).Kind);
    }

    [Fact]
    public void CountsEachLineOnce()
    {
        string[] lines =
        [
            "/dir:", "total 8", "drwxr-xr-x 2 u g 4096 Jan 31 12:34 .", "-rw-r--r-- 1 u g 5 Jan 31 12:34 a", "", "what is this", "-rw-r--r-- 1 u g 5 Jan 31 12:34 ../evil",
            "01-31-24  12:34PM  5 not\0refused for its name alone", "/dir/sub:", "-rw-r--r-- 1 u g 5 Jan 31 12:34 b",
        ];
        var reader = Feed(lines, new ListingMemory());
        Assert.Equal((9, 1, 4, 4, 1), (reader.LineCount, reader.ItemCount, reader.FillerCount, reader.UnparsedCount, reader.RefusedCount));
        Assert.Equal([lines[5], lines[6], lines[7], lines[9]], reader.UnparsedSamples);
    }

    [Fact]
    public void AnEvilNameIsOneInTheFirstLineToo()
    {
        var reader = Feed(["-rw-r--r-- 1 u g 5 Jan 31 12:34 ../evil", "what is this"], new ListingMemory());
        Assert.Equal((2, 1), (reader.UnparsedCount, reader.RefusedCount));
    }

    [Fact]
    public void ANameOnALineOfItsOwnIsHalfAnItem()
    {
        var memory = new ListingMemory();
        var reader = Feed(["LONG.TXT;1", "   1/3  31-JAN-2024 12:34", "OTHER.TXT;1  1/3  31-JAN-2024 12:34", "LAST.TXT;1"], memory);
        Assert.Equal((4, 3, 1, 0), (reader.LineCount, reader.ItemCount, reader.FillerCount, reader.UnparsedCount));
        Assert.Equal(ListingDialect.Vms, memory.Dialect);
        Assert.Equal(["ALONE.TXT;1"], Feed(["ALONE.TXT;1"], new ListingMemory()).UnparsedSamples);
    }

    [Theory]
    [InlineData("unix unix dos", "Unix")]
    [InlineData("unix dos", "Unix")]
    [InlineData("unix dos dos", "Dos")]
    [InlineData("unix unix dos dos", "Unix")]
    [InlineData("dos unix unix unix", "Unix")]
    [InlineData("heading", "Unknown")]
    [InlineData("", "Unknown")]
    public void TheDialectOfMostLinesIsRemembered(string lines, string dialect)
    {
        var memory = new ListingMemory();
        Feed([.. lines.Split(' ').Select((line, i) => line switch
        {
            "unix" => $"-rw-r--r-- 1 u g 5 Jan 31 12:34 a{i}",
            "dos" => $"01-31-24  12:34PM  5 a{i}",
            "heading" => "Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname",
            _ => line,
        })], memory);
        Assert.Equal(dialect, memory.Dialect.ToString());
    }

    [Fact]
    public void AListingOfFactsTellsNothingOfOthers()
    {
        var memory = new ListingMemory();
        var reader = new ListingReader(ListingFormat.Mlsx, new ListingContext("/dir", ListingTestData.Now) { Memory = memory }, Encoding.UTF8, _ => { });
        ListingTestData.Feed(reader, "type=file; a\n"u8.ToArray(), 100);
        Assert.Equal((1, ListingDialect.Unknown), (reader.ItemCount, memory.Dialect));
    }

    [Theory]
    [InlineData("-rw-r--r-- 1 u g 5 Jan 31 12:34 a", true)]
    [InlineData("-rw-r--r-- 1 u g 5 2024-01-31 12:34:56 +0100 a", false)]
    [InlineData("01-31-24  12:34PM  5 a", true)]
    [InlineData("A.TXT;1  1/3  31-JAN-2024 12:34", true)]
    [InlineData("+r,m1373213333,\ta", false)]
    [InlineData("0100600 1 2 5 1028463584 a", false)]
    public void ATimeIsTheServersUnlessItsZoneIsTold(string line, bool isOfServer) =>
        Assert.Equal(isOfServer, Assert.Single(ListingTestData.Read(ListingFormat.List, Encoding.UTF8.GetBytes(line + "\n"))).IsTimeOfServer);

    [Theory]
    [InlineData("-rw-r--r-- 1 u g 5 Jan 31 12:34 a", false)]
    [InlineData("-rw-r--r-- 1 u g 5k Jan 31 12:34 a", true)]
    [InlineData("A.TXT;1  1/3  31-JAN-2024 12:34", true)]
    [InlineData("BOB 5 01/31/24 12:34:56 *STMF a", false)]
    [InlineData("BOB 5 01/31/24 12:34:56 *FILE A.FILE", true)]
    [InlineData("KELP 052202 002162 00 FO", true)]
    [InlineData("KELP EXEC F 132 826 4 2002-07-20 13:29:12", true)]
    public void ALengthInBlocksOrRecordsOrWithAUnitIsRough(string line, bool isRough) =>
        Assert.Equal(isRough, Assert.Single(ListingTestData.Read(ListingFormat.List, Encoding.UTF8.GetBytes(line + "\n"))).IsLengthRough);

    [Fact]
    public void DecodesNamesWithTheGivenEncoding()
    {
        var items = new List<FtpItem>();
        var reader = new ListingReader(ListingFormat.Mlsx, ListingTestData.Context(), Encoding.Latin1, items.Add);
        ListingTestData.Feed(reader, Encoding.Latin1.GetBytes("type=file; ñ\r\n"), 3);
        Assert.Equal("ñ", Assert.Single(items).Name);
    }

    [Fact]
    public void GivesALevelOfNamesThePointThatItIsCalledWith()
    {
        var items = new List<FtpItem>();
        var reader = new ListingReader(ListingFormat.List, ListingTestData.Context("/'ANNA.'"), Encoding.UTF8, items.Add);
        ListingTestData.Feed(reader, "Pseudo Directory                                        PROJECTS\r\nMigrated                                                OLD.TEXT\r\n"u8.ToArray(), 100);
        Assert.Equal(["/'ANNA.'/PROJECTS.", "/'ANNA.'/OLD.TEXT"], items.Select(item => item.FullName));
        Assert.Equal(["PROJECTS", "OLD.TEXT"], items.Select(item => item.Name));
    }

    [Fact]
    public void LeavesADirectoryOfAVmsTheNameOfItsFile()
    {
        var items = new List<FtpItem>();
        var memory = new ListingMemory();
        memory.LearnSystem("VMS OpenVMS V8.4");
        var reader = new ListingReader(ListingFormat.List, new ListingContext("/DISK:[ANNA]", ListingTestData.Now) { Memory = memory }, Encoding.UTF8, items.Add);
        ListingTestData.Feed(reader, "SUB.DIR;1  1/3  31-JAN-2024 12:34:56  [ANNA]  (RWE,RWE,RE,)\r\n"u8.ToArray(), 100);
        Assert.Equal("/DISK:[ANNA]/SUB.DIR;1", Assert.Single(items).FullName);
        Assert.True(items[0].IsDirectory);
    }

    [Fact]
    public void CountsWhatBelongsToAnotherDirectory()
    {
        var items = new List<FtpItem>();
        var reader = ListingTestData.Reader(ListingFormat.List, items.Add);
        ListingTestData.Feed(reader, "/dir:\n-rw-r--r-- 1 u g 5 Jan 31 12:34 a\n\n/dir/sub:\ntotal 4\n-rw-r--r-- 1 u g 5 Jan 31 12:34 b\n"u8.ToArray(), 100);
        Assert.Equal("a", Assert.Single(items).Name);
        Assert.Equal(["-rw-r--r-- 1 u g 5 Jan 31 12:34 b"], reader.UnparsedSamples);
    }

    /// <summary>BSD heads the directories of a recursive listing by their names alone, below an empty line.</summary>
    [Fact]
    public void CountsWhatLiesBelowTheNextHeadingAsNotRead()
    {
        var reader = Feed(["-rw-r--r-- 1 u g 5 Jan 31 12:34 a", "", "sub:", "total 4", "-rw-r--r-- 1 u g 5 Jan 31 12:34 b"], new ListingMemory());
        Assert.Equal((1, 2, 1), (reader.ItemCount, reader.FillerCount, reader.UnparsedCount));
        // Without the empty line it is no heading but a line that tells nothing, such as an error.
        reader = Feed(["-rw-r--r-- 1 u g 5 Jan 31 12:34 a", "sub:", "-rw-r--r-- 1 u g 5 Jan 31 12:34 b"], new ListingMemory());
        Assert.Equal((2, 0, 1), (reader.ItemCount, reader.FillerCount, reader.UnparsedCount));
        // Elsewhere it is one that tells nothing, too.
        reader = Feed(["01-31-24  12:34PM  5 a", "", "sub:", "01-31-24  12:34PM  5 b"], new ListingMemory());
        Assert.Equal((2, 0, 1), (reader.ItemCount, reader.FillerCount, reader.UnparsedCount));
    }

    [Theory]
    [InlineData("Directory DKA0:[STAFF]", "Directory DKA0:[STAFF.WORK]", 1, 1)]
    [InlineData("DKA0:[STAFF]", "DKA0:[STAFF.WORK.OLD]", 1, 1)]
    [InlineData("Directory DKA0:[STAFF]", "Directory DKB0:[STAFF]", 2, 0)]
    [InlineData("Directory DKA0:[STAFF]", "Directory DKA0:[STAFFING]", 2, 0)]
    [InlineData("Directory DKA0:[STAFF.WORK]", "Directory DKA0:[STAFF]", 2, 0)]
    [InlineData("Total of 1 file.", "Directory DKA0:[STAFF.WORK]", 2, 0)]
    [InlineData("Directory ][", "Directory DKA0:[STAFF.WORK]", 2, 0)]
    public void CountsWhatVmsHeadsByADirectoryWithinAsNotRead(string first, string second, int items, int unparsed)
    {
        var reader = Feed([first, "A.TXT;1  1/3  31-JAN-2026 12:34", second, "B.TXT;1  1/3  31-JAN-2026 12:34"], new ListingMemory());
        Assert.Equal((items, unparsed, 2), (reader.ItemCount, reader.UnparsedCount, reader.FillerCount));
        reader = Feed([first, "A.TXT;1  1/3  31-JAN-2026 12:34", second, "B.TXT;1  1/3  31-JAN-2026 12:34", first, "C.TXT;1  1/3  31-JAN-2026 12:34"], new ListingMemory());
        Assert.Equal(items + 1, reader.ItemCount);
    }

    [Theory]
    [InlineData(" Directory of D:\\ftp\\in\\sub", 1, 1)]
    [InlineData("Directory of D:\\ftp\\in\\sub", 1, 1)]
    [InlineData(" Directory of things.txt", 2, 1)]
    public void CountsWhatDirHeadsByAnotherDirectoryAsNotRead(string heading, int items, int unparsed)
    {
        var reader = Feed([" Directory of D:\\ftp\\in", "01-31-24  12:34PM  5 a", heading, "01-31-24  12:34PM  5 b"], new ListingMemory());
        Assert.Equal((items, unparsed), (reader.ItemCount, reader.UnparsedCount));
    }

    [Fact]
    public void CountsBothLinesOfWhatTogetherIsNoItem()
    {
        var reader = Feed(["A.TXT;1  1/3  31-JAN-2026 12:34  [A,B]  (RWED,RWED,RE,)", "...DIR;1", "     1/3  31-JAN-2026 12:34  [A,B]  (RWED,RWED,RE,)"], new ListingMemory());
        Assert.Equal((3, 1), (reader.LineCount, reader.ItemCount));
        Assert.Equal(2, reader.FillerCount + reader.UnparsedCount);
    }

    [Fact]
    public void PutsTheItemsBelowTheirDirectory()
    {
        var items = new List<FtpItem>();
        var reader = new ListingReader(ListingFormat.Mlsx, ListingTestData.Context("/"), Encoding.UTF8, items.Add);
        ListingTestData.Feed(reader, "type=file; a\r\n"u8.ToArray(), 100);
        Assert.Equal("/a", Assert.Single(items).FullName);
    }

    /// <summary>The bound of a large listing is memory: a line costs its text, its name twice and the item.</summary>
    [Theory]
    [InlineData("list", "-rw-r--r--    1 1000     100          1234 Jan 31 12:34 file-000001.txt\r\n")]
    [InlineData("file.mlsd", "modify=20261123002950;perm=adfr;size=2;type=file;UNIX.mode=0664;UNIX.owner=0;UNIX.ownername=u; file-000001.txt\r\n")]
    public void LeavesLittleGarbage(string fixture, string line)
    {
        var listing = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(line, 1000)));
        var count = 0;
        var reader = ListingTestData.Reader(ListingTestData.FormatOf(fixture), _ => count++);
        reader.Feed(listing, listing.Length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        reader.Feed(listing, listing.Length);
        var perLine = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;
        Assert.Equal(2000, count);
        Assert.InRange(perLine, 100, 2 * line.Length + 320);
    }

    private static ListingReader Feed(string[] lines, ListingMemory memory)
    {
        var reader = new ListingReader(ListingFormat.List, new ListingContext("/dir", ListingTestData.Now) { Memory = memory }, Encoding.UTF8, _ => { });
        ListingTestData.Feed(reader, Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\r\n"))), 7);
        return reader;
    }

    private static int ParseWithAll(string line)
    {
        var context = ListingTestData.Context();
        var single = ListingTestData.Context(singleItem: true);
        var count = 0;
        count += MlsxParser.TryParse(line, context, out _) ? 1 : 0;
        count += UnixListParser.TryParse(line, context, out _) ? 1 : 0;
        count += DosListParser.TryParse(line, context, out _) ? 1 : 0;
        count += MlsxParser.TryParse(line, single, out _) ? 1 : 0;
        count += UnixListParser.TryParse(line, single, out _) ? 1 : 0;
        count += DosListParser.TryParse(line, single, out _) ? 1 : 0;
        return count;
    }
}
