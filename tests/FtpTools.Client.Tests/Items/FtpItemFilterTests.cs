using System;
using System.IO;
using Xunit;

namespace FtpTools.Tests.Items;

/// <summary>Which items are chosen, and that what cannot be told for certain is chosen, and said.</summary>
public sealed class FtpItemFilterTests
{
    // Noon.
    private static readonly DateTime _limit = new(2026, 3, 10, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    // To the second: as long as one second, from the time on.
    [InlineData("11:59:59", FtpTimePrecision.Second, "older")]
    [InlineData("12:00:00", FtpTimePrecision.Second, "newer")]
    [InlineData("12:00:01", FtpTimePrecision.Second, "newer")]
    [InlineData("11:59:59.9999999", FtpTimePrecision.Millisecond, "older")]
    [InlineData("12:00:00", FtpTimePrecision.Millisecond, "newer")]
    [InlineData("11:59", FtpTimePrecision.Minute, "older")]
    [InlineData("12:00", FtpTimePrecision.Minute, "newer")]
    // A server's clock may show another day.
    [InlineData("-02:01", FtpTimePrecision.ServerTime, "older")]
    [InlineData("-02:00", FtpTimePrecision.ServerTime, "either")]
    [InlineData("12:00", FtpTimePrecision.ServerTime, "either")]
    [InlineData("1.01:59", FtpTimePrecision.ServerTime, "either")]
    [InlineData("1.02:00", FtpTimePrecision.ServerTime, "newer")]
    // A date begins 14 hours before and ends 14 hours behind that of UTC at the most.
    [InlineData("-2.00:00", FtpTimePrecision.Day, "older")]
    [InlineData("-1.00:00", FtpTimePrecision.Day, "either")]
    [InlineData("00:00", FtpTimePrecision.Day, "either")]
    [InlineData("1.00:00", FtpTimePrecision.Day, "either")]
    [InlineData("2.00:00", FtpTimePrecision.Day, "newer")]
    // What says that it is not known is not.
    [InlineData("10.00:00", FtpTimePrecision.None, "either")]
    [InlineData(null, FtpTimePrecision.Second, "either")]
    public void A_time_is_compared_as_far_as_it_is_known(string? sinceMidnight, FtpTimePrecision precision, string expected)
    {
        var item = Item("a.csv", time: sinceMidnight is null ? null : Since(sinceMidnight), precision: precision);
        AssertTakes(new FtpItemFilter { NewerThan = _limit }, item, expected != "older", expected == "either");
        AssertTakes(new FtpItemFilter { OlderThan = _limit }, item, expected != "newer", expected == "either");
    }

    [Theory]
    [InlineData("12:00:00", FtpTimePrecision.Second)]
    [InlineData("12:00", FtpTimePrecision.Minute)]
    public void A_limit_within_the_second_or_minute_of_a_time_decides_nothing(string sinceMidnight, FtpTimePrecision precision)
    {
        var within = _limit.AddMilliseconds(500);
        AssertTakes(new FtpItemFilter { NewerThan = within }, Item("a.csv", time: Since(sinceMidnight), precision: precision), true, true);
        AssertTakes(new FtpItemFilter { OlderThan = within }, Item("a.csv", time: Since(sinceMidnight), precision: precision), true, true);
    }

    [Fact]
    public void A_day_has_its_beginning_and_not_its_end()
    {
        var filter = new FtpItemFilter { NewerThan = _limit.Date, OlderThan = _limit.Date.AddDays(1) };
        AssertTakes(filter, Item("a", time: _limit.Date.AddSeconds(-1)), false, false);
        AssertTakes(filter, Item("a", time: _limit.Date), true, false);
        AssertTakes(filter, Item("a", time: _limit.Date.AddDays(1).AddSeconds(-1)), true, false);
        AssertTakes(filter, Item("a", time: _limit.Date.AddDays(1)), false, false);
    }

    [Fact]
    public void Limits_are_held_in_UTC()
    {
        var local = new DateTime(2026, 7, 1, 12, 0, 0, DateTimeKind.Local);
        Assert.Equal(local.ToUniversalTime(), new FtpItemFilter { NewerThan = local }.NewerThan);
        Assert.Equal(local.ToUniversalTime(), new FtpItemFilter { OlderThan = DateTime.SpecifyKind(local, DateTimeKind.Unspecified) }.OlderThan);
        Assert.Equal(_limit, new FtpItemFilter { NewerThan = _limit }.NewerThan);
    }

    [Theory]
    [InlineData(9L, false, false, false)]
    [InlineData(10L, false, true, false)]
    [InlineData(20L, false, true, false)]
    [InlineData(21L, false, false, false)]
    [InlineData(null, false, true, true)]
    // In blocks: about so much, and known well enough where it is far away.
    [InlineData(21L, true, true, true)]
    [InlineData(42L, true, false, false)]
    [InlineData(long.MaxValue, true, false, false)]
    public void A_size_is_compared_as_far_as_it_is_known(long? length, bool isRough, bool takes, bool doubts) =>
        AssertTakes(new FtpItemFilter { MinimumSize = 10, MaximumSize = 20 }, Item("a.csv", length: length, isRough: isRough), takes, doubts);

    [Fact]
    public void Directories_have_no_size_and_links_not_that_of_what_they_lead_to()
    {
        var filter = new FtpItemFilter { MinimumSize = 0 };
        AssertTakes(filter, Item("d", FtpItemType.Directory), false, false);
        AssertTakes(filter, Item("l", FtpItemType.SymbolicLink, length: 7), true, true);
        AssertTakes(filter, Item("o", FtpItemType.Other, length: 7), true, false);
        AssertTakes(new FtpItemFilter { OlderThan = _limit }, Item("l", FtpItemType.SymbolicLink, time: _limit.AddDays(-9)), true, true);
        AssertTakes(new FtpItemFilter { OlderThan = _limit }, Item("d", FtpItemType.Directory, time: _limit.AddDays(9)), false, false);
    }

    [Fact]
    public void All_doubts_are_said_at_once_and_none_of_what_is_left_out()
    {
        var filter = new FtpItemFilter { NewerThan = _limit, MinimumSize = 10 };
        Assert.True(filter.Takes(Item("a", time: null, length: null), null, out var doubt));
        Assert.Equal("'/top/a' is selected, although it may not match, because its time isn't known, and its size isn't known.", doubt);
        Assert.True(filter.Takes(Item("a", time: _limit.Date, precision: FtpTimePrecision.Day, length: 10), null, out doubt));
        Assert.Equal("'/top/a' is selected, although it may not match, because its time 2026-03-10 00:00:00Z isn't exact enough (TimePrecision Day).", doubt);
        AssertTakes(filter, Item("a", time: null, length: 9), false, false);
    }

    [Theory]
    [InlineData("/top/a.csv", true)]
    [InlineData("/top/sub/a.csv", true)]
    [InlineData("/top/a.txt", false)]
    [InlineData("/top/b.csv", false)]
    [InlineData("/top/sub/c.csv", false)]
    [InlineData("/top/other/c.csv", true)]
    public void All_patterns_are_obeyed_together(string path, bool takes)
    {
        var filter = new FtpItemFilter { Filter = Pattern("*.csv"), Include = [Pattern("a.csv"), Pattern("**/c.csv")], Exclude = [Pattern("b*"), Pattern("sub/c.csv")] };
        Assert.Equal(takes, filter.Takes(At(path), "/top", out var doubt));
        Assert.Null(doubt);
    }

    [Fact]
    public void Paths_begin_below_the_top_be_it_the_root_or_the_items_own_place()
    {
        Assert.True(new FtpItemFilter { Include = [Pattern("top/a")] }.Takes(At("/top/a"), "/", out _));
        Assert.True(new FtpItemFilter { Include = [Pattern("/a")] }.Takes(At("/top/a"), "/top", out _));
        Assert.True(new FtpItemFilter { Include = [Pattern("/a")] }.Takes(At("/top/a"), null, out _));
        Assert.False(new FtpItemFilter { Include = [Pattern("top/a")] }.Takes(At("/top/a"), null, out _));
    }

    [Fact]
    public void A_directory_is_looked_into_unless_it_is_excluded()
    {
        var filter = new FtpItemFilter { Filter = Pattern("*.csv"), Include = [Pattern("a")], Exclude = [Pattern("cache"), Pattern("sub/logs")], NewerThan = _limit, MinimumSize = 1, Newest = 1 };
        Assert.True(filter.Walks(At("/top/sub", FtpItemType.Directory), "/top"));
        Assert.False(filter.Walks(At("/top/sub/cache", FtpItemType.Directory), "/top"));
        Assert.False(filter.Walks(At("/top/sub/logs", FtpItemType.Directory), "/top"));
        Assert.True(filter.Walks(At("/top/logs", FtpItemType.Directory), "/top"));
        // A link to one, where it is followed.
        Assert.False(new FtpItemFilter { Exclude = [Pattern("cache/")] }.Walks(At("/top/cache", FtpItemType.SymbolicLink), "/top"));
    }

    [Fact]
    public void Local_files_are_chosen_by_the_same_rules()
    {
        var top = Directory.CreateTempSubdirectory("ftptools-").FullName;
        try
        {
            var file = new FileInfo(Path.Combine(top, "sub", "a.csv"));
            file.Directory!.Create();
            File.WriteAllBytes(file.FullName, new byte[10]);
            File.SetLastWriteTimeUtc(file.FullName, _limit);
            AssertTakes(new FtpItemFilter { Include = [Pattern("sub/*.csv")] }, file, top, true, false);
            AssertTakes(new FtpItemFilter { Include = [Pattern("*.txt")] }, file, top, false, false);
            AssertTakes(new FtpItemFilter { NewerThan = _limit, MinimumSize = 10, MaximumSize = 10 }, file, top, true, false);
            AssertTakes(new FtpItemFilter { NewerThan = _limit.AddTicks(1) }, file, top, false, false);
            AssertTakes(new FtpItemFilter { OlderThan = _limit }, file, top, false, false);
            AssertTakes(new FtpItemFilter { MinimumSize = 11 }, file, top, false, false);
            AssertTakes(new FtpItemFilter { MinimumSize = 0 }, file.Directory, top, false, false);
            Assert.False(new FtpItemFilter { Exclude = [Pattern("/sub")] }.Walks(file.Directory, top));
            Assert.True(new FtpItemFilter { Exclude = [Pattern("/a.csv")] }.Walks(file.Directory, top));
            // What is gone is found to be so when it is sent.
            AssertTakes(new FtpItemFilter { OlderThan = _limit, MinimumSize = 11 }, new FileInfo(Path.Combine(top, "gone")), top, true, true);
        }
        finally
        {
            Directory.Delete(top, recursive: true);
        }
    }

    [Fact]
    public void A_local_link_tells_nothing_of_what_it_leads_to()
    {
        // An account needs a right to make links there.
        if (OperatingSystem.IsWindows())
            return;
        var top = Directory.CreateTempSubdirectory("ftptools-").FullName;
        try
        {
            var link = Path.Combine(top, "link");
            File.WriteAllText(Path.Combine(top, "file"), "content");
            File.CreateSymbolicLink(link, "file");
            AssertTakes(new FtpItemFilter { OlderThan = _limit }, new FileInfo(link), top, true, true);
            AssertTakes(new FtpItemFilter { MinimumSize = 1000 }, new FileInfo(link), top, true, true);
        }
        finally
        {
            Directory.Delete(top, recursive: true);
        }
    }

    [Fact]
    public void What_nothing_can_fit_is_refused()
    {
        AssertRefused(new FtpItemFilter { MinimumSize = 11, MaximumSize = 10 }, "11 bytes or more (-MinimumSize)");
        AssertRefused(new FtpItemFilter { NewerThan = _limit, OlderThan = _limit }, "at 2026-03-10 12:00:00Z or later (-NewerThan)");
        AssertRefused(new FtpItemFilter { NewerThan = _limit.AddDays(1), OlderThan = _limit }, "before 2026-03-10 12:00:00Z (-OlderThan)");
        AssertRefused(new FtpItemFilter { Newest = 1, Oldest = 1 }, "-Newest and -Oldest");
        new FtpItemFilter { MinimumSize = 10, MaximumSize = 10, NewerThan = _limit, OlderThan = _limit.AddSeconds(1), Newest = 1 }.Check();
        new FtpItemFilter().Check();
    }

    [Fact]
    public void Exclude_alone_chooses_no_files()
    {
        Assert.False(new FtpItemFilter { Exclude = [Pattern("a")] }.ChoosesFiles);
        Assert.False(new FtpItemFilter().ChoosesFiles);
        Assert.True(new FtpItemFilter { Filter = Pattern("a") }.ChoosesFiles);
        Assert.True(new FtpItemFilter { Include = [Pattern("a")] }.ChoosesFiles);
        Assert.True(new FtpItemFilter { NewerThan = _limit }.ChoosesFiles);
        Assert.True(new FtpItemFilter { MaximumSize = 0 }.ChoosesFiles);
        Assert.True(new FtpItemFilter { Oldest = 1 }.ChoosesFiles);
    }

    private static void AssertRefused(FtpItemFilter filter, string words)
    {
        var error = Assert.Throws<FtpException>(filter.Check);
        Assert.Equal(FtpErrorKind.CommandRefused, error.Kind);
        Assert.Contains(words, error.Message);
    }

    private static void AssertTakes(FtpItemFilter filter, FtpItem item, bool takes, bool doubts) =>
        Assert.Equal((takes, doubts), (filter.Takes(item, "/top", out var doubt), doubt is not null));

    private static void AssertTakes(FtpItemFilter filter, FileSystemInfo item, string top, bool takes, bool doubts) =>
        Assert.Equal((takes, doubts), (filter.Takes(item, top, out var doubt), doubt is not null));

    private static FtpNamePattern Pattern(string pattern) => new(pattern, FtpNamePatternTests.Matcher);

    private static DateTime Since(string midnight) => _limit.Date + TimeSpan.Parse(midnight, System.Globalization.CultureInfo.InvariantCulture);

    private static FtpItem At(string path, FtpItemType type = FtpItemType.File) => new() { Name = path[(path.LastIndexOf('/') + 1)..], FullName = path, ItemType = type };

    private static FtpItem Item(string name, FtpItemType type = FtpItemType.File, DateTime? time = null, FtpTimePrecision precision = FtpTimePrecision.Second, long? length = null, bool isRough = false) => new()
    {
        Name = name,
        FullName = "/top/" + name,
        ItemType = type,
        LastWriteTimeUtc = time,
        TimePrecision = precision,
        Length = length,
        IsLengthRough = isRough,
    };
}
