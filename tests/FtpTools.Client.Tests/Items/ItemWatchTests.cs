using System;
using System.Collections.Generic;
using System.Linq;
using FtpTools.Trees;
using Xunit;

namespace FtpTools.Tests.Items;

/// <summary>Which files are whole, by listings at given times.</summary>
public sealed class ItemWatchTests
{
    private static readonly DateTime _noon = new(2026, 3, 10, 12, 0, 0, DateTimeKind.Utc);

    // Looks at a second each: "second: name size[@seconds before noon] ...", then "=> whole names".
    [Theory]
    [InlineData("unchanged for as long as it takes", "0: a 5 => ; 4: a 5 => ; 10: a 5 => a")]
    [InlineData("a change of its size begins anew", "0: a 5 => ; 9: a 6 => ; 18: a 6 => ; 19: a 6 => a")]
    [InlineData("so does one that makes it smaller", "0: a 5 => ; 10: a 4 => ; 20: a 4 => a")]
    [InlineData("so does a change of its time alone", "0: a 5@60 => ; 10: a 5@50 => ; 20: a 5@50 => a")]
    [InlineData("whole is not for ever", "0: a 5 => ; 10: a 5 => a; 11: a 6 => ; 21: a 6 => a")]
    [InlineData("one that was gone comes anew", "0: a 5 => ; 5: => ; 10: a 5 => ; 20: a 5 => a")]
    [InlineData("each has its own time", "0: a 5, b 1 => ; 5: a 5, b 2 => ; 10: a 5, b 2 => a; 15: a 5, b 2 => a b")]
    [InlineData("a look that failed tells nothing", "0: a 5 => ; 100: a 5 => a")]
    [InlineData("without a size the time decides", "0: a ?@60 => ; 10: a ?@60 => a; 11: a ?@1 => ")]
    [InlineData("a size that is told later is no change", "0: a ?@60 => ; 10: a 7@60 => a")]
    [InlineData("an empty file is a file", "0: a 0 => ; 10: a 0 => a")]
    public void A_file_is_whole_when_it_has_not_changed(string why, string looks)
    {
        Assert.NotEmpty(why);
        Play(new FtpWaitOptions { Stable = TimeSpan.FromSeconds(10) }, looks);
    }

    [Fact]
    public void A_look_that_takes_long_is_not_reckoned_to_the_time()
    {
        var watch = new ItemWatch(new FtpWaitOptions { Stable = TimeSpan.FromSeconds(10) });
        // What the first one shows may be of its last moment, what the second one does of its first.
        watch.Observe([Item("a", 5)], [], At(0), At(8), _noon);
        watch.Observe([Item("a", 5)], [], At(17), At(30), _noon);
        Assert.Empty(watch.Whole);
        watch.Observe([Item("a", 5)], [], At(18), At(19), _noon);
        Assert.Single(watch.Whole);
    }

    [Theory]
    [InlineData(null, null, 5)]
    [InlineData(null, "*.done", 0)]
    [InlineData(0, null, 0)]
    [InlineData(7, "*.done", 7)]
    public void Without_a_time_it_is_five_seconds_or_none_with_a_marker(int? given, string? marker, int expected) =>
        Assert.Equal(At(expected), new FtpWaitOptions { Stable = given is { } seconds ? At(seconds) : null, Marker = marker }.StableTime);

    // The file was changed so many seconds before the look, as exactly as the server tells.
    [Theory]
    [InlineData(599, FtpTimePrecision.Second, false, false)]
    [InlineData(601, FtpTimePrecision.Second, true, false)]
    // A minute may have begun just before, and so is waited for.
    [InlineData(601, FtpTimePrecision.Minute, false, false)]
    [InlineData(660, FtpTimePrecision.Minute, true, false)]
    // The day, or the zone, cannot be waited for.
    [InlineData(601, FtpTimePrecision.Day, true, true)]
    [InlineData(601, FtpTimePrecision.ServerTime, true, true)]
    [InlineData(60, FtpTimePrecision.ServerTime, true, true)]
    [InlineData(3 * 86400, FtpTimePrecision.Day, true, false)]
    [InlineData(-20 * 3600, FtpTimePrecision.ServerTime, false, false)]
    [InlineData(0, FtpTimePrecision.None, true, true)]
    // By a clock that is ahead.
    [InlineData(-3600, FtpTimePrecision.Second, false, false)]
    public void The_age_is_waited_for_where_it_can_be_told(int secondsAgo, FtpTimePrecision precision, bool isWhole, bool isDoubted)
    {
        var watch = new ItemWatch(new FtpWaitOptions { Stable = TimeSpan.Zero, MinimumAge = TimeSpan.FromMinutes(10) });
        var item = new FtpItem { Name = "a", FullName = "/a", Length = 5, LastWriteTimeUtc = precision == FtpTimePrecision.None ? null : _noon.AddSeconds(-secondsAgo), TimePrecision = precision };
        var changes = watch.Observe([item], [], At(0), At(0), _noon);
        Assert.Equal(isWhole, watch.Whole.Any());
        Assert.Equal(isDoubted, changes.Any(change => change.Contains("is treated as complete", StringComparison.Ordinal)));
        // Once.
        Assert.DoesNotContain(watch.Observe([item], [], At(1), At(1), _noon), change => change.Contains("is treated as complete", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("*.done", "a.csv 5", "")]
    [InlineData("*.done", "a.csv 5, a.csv.done 0", "a.csv")]
    [InlineData("*.done", "a.csv 5, a.done 0", "a.csv")]
    [InlineData("*.done", "a.csv 5, b.csv 5, a.csv.done 0", "a.csv")]
    [InlineData("*.done", "a.csv 5, a.xml 5, a.done 0", "a.csv a.xml")]
    // a.csv.done is of a.csv.
    [InlineData("*.done", "a.csv 5, a.csv.gz 5, a.csv.done 0", "a.csv")]
    [InlineData("*.done", "a.csv.gz 5, a.csv.done 0", "a.csv.gz")]
    [InlineData("all.done", "a.csv 5, b.csv 5", "")]
    [InlineData("all.done", "a.csv 5, b.csv 5, all.done 0", "a.csv b.csv")]
    // It has to be younger than the file, or a former one of that name has left it.
    [InlineData("*.done", "a.csv 5@100, a.csv.done 0@200", "")]
    [InlineData("*.done", "a.csv 5@100, a.csv.done 0@100", "a.csv")]
    [InlineData("*.done", "a.csv 5@100, a.csv.done 0@50", "a.csv")]
    [InlineData("*.done", "a.csv 5@100, a.csv.done 0@200, a.done 0@50", "a.csv")]
    public void A_marker_tells_that_a_file_is_whole_and_is_no_such_file_itself(string marker, string there, string expected) =>
        Play(new FtpWaitOptions { Marker = marker }, $"0: {there} => {expected}");

    [Fact]
    public void A_marker_may_be_what_no_filter_lets_through()
    {
        var watch = new ItemWatch(new FtpWaitOptions { Marker = "*.done" });
        watch.Observe([Item("a.csv", 5)], [Item("a.csv.done", 0), Item("b.csv", 1)], At(0), At(0), _noon);
        Assert.Equal(["a.csv"], watch.Whole.Select(item => item.Name));
        // A directory is none.
        watch.Observe([Item("a.csv", 5)], [new FtpItem { Name = "a.csv.done", FullName = "/in/a.csv.done", ItemType = FtpItemType.Directory }], At(1), At(1), _noon);
        Assert.Empty(watch.Whole);
    }

    [Fact]
    public void Claimed_files_directories_and_links_are_left()
    {
        var watch = new ItemWatch(new FtpWaitOptions { Stable = TimeSpan.Zero, Claim = "*.mine" });
        watch.Observe(
            [Item("a", 5), Item("b.mine", 5), new FtpItem { Name = "c", FullName = "/in/c", ItemType = FtpItemType.Directory }, new FtpItem { Name = "d", FullName = "/in/d", ItemType = FtpItemType.SymbolicLink }],
            [], At(0), At(0), _noon);
        Assert.Equal(["a"], watch.Whole.Select(item => item.Name));
        Assert.StartsWith("'d' is a link", Assert.Single(watch.Lacks), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_forgotten_begins_anew()
    {
        var watch = new ItemWatch(new FtpWaitOptions { Stable = TimeSpan.FromSeconds(10) });
        watch.Observe([Item("a", 5)], [], At(0), At(0), _noon);
        watch.Observe([Item("a", 5)], [], At(10), At(10), _noon);
        watch.Forget(Assert.Single(watch.Whole));
        watch.Observe([Item("a", 5)], [], At(11), At(11), _noon);
        Assert.Empty(watch.Whole);
    }

    [Fact]
    public void It_says_what_files_lack_and_what_changes_but_not_the_same_twice()
    {
        var watch = new ItemWatch(new FtpWaitOptions { Stable = TimeSpan.FromSeconds(10) });
        IReadOnlyList<string> Look(int second, params FtpItem[] items) => watch.Observe(items, [], At(second), At(second), _noon);

        Assert.Equal("'/in/a' isn't complete yet: it has been unchanged for less than 00:00:10 (5 bytes).", Assert.Single(Look(0, Item("a", 5))));
        Assert.Empty(Look(1, Item("a", 6)));
        Assert.Equal("'a' is still growing (6 bytes)", Assert.Single(watch.Lacks));
        Assert.Empty(Look(2, Item("a", 3)));
        Assert.Equal("'a' has just changed (3 bytes)", Assert.Single(watch.Lacks));
        Assert.Equal("'/in/a' is complete (3 bytes).", Assert.Single(Look(12, Item("a", 3))));
        Assert.Empty(watch.Lacks);
        Assert.Empty(Look(13, Item("a", 3)));
        Assert.Equal("'/in/a' is gone.", Assert.Single(Look(14)));

        watch = new ItemWatch(new FtpWaitOptions { Marker = "*.done", Stable = TimeSpan.Zero });
        Look(0, Item("a", 5));
        Assert.Equal("'a' has no marker 'a.done'", Assert.Single(watch.Lacks));
        Look(0, Item("a", 5, 10), Item("a.done", 5, 20));
        Assert.Equal("'a' has a marker 'a.done' that is older than the file", Assert.Single(watch.Lacks));

        watch = new ItemWatch(new FtpWaitOptions { MinimumAge = At(60), Stable = TimeSpan.Zero });
        Look(0, Item("a", 5, 10));
        Assert.Equal("'a' was modified at 2026-03-10 11:59:50Z, which is less than 00:01:00 ago (5 bytes)", Assert.Single(watch.Lacks));
    }

    private static void Play(FtpWaitOptions options, string looks)
    {
        var watch = new ItemWatch(options);
        foreach (var look in looks.Split("; "))
        {
            var parts = look.Split(": ", 2);
            var (there, expected) = parts[1].Split("=>") is [var before, var behind] ? (before, behind) : throw new FormatException(look);
            var second = At(int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture));
            watch.Observe([.. there.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Read)], [], second, second, _noon);
            Assert.Equal(expected.Trim(), string.Join(' ', watch.Whole.Select(item => item.Name)));
        }
    }

    private static FtpItem Read(string text)
    {
        var (name, rest) = text.Split(' ') is [var first, var second] ? (first, second.Split('@')) : throw new FormatException(text);
        return Item(name, rest[0] == "?" ? null : int.Parse(rest[0], System.Globalization.CultureInfo.InvariantCulture), rest.Length > 1 ? int.Parse(rest[1], System.Globalization.CultureInfo.InvariantCulture) : null);
    }

    private static FtpItem Item(string name, long? length, int? secondsAgo = null) => new()
    {
        Name = name,
        FullName = "/in/" + name,
        Length = length,
        LastWriteTimeUtc = secondsAgo is { } seconds ? _noon.AddSeconds(-seconds) : null,
        TimePrecision = secondsAgo is null ? FtpTimePrecision.None : FtpTimePrecision.Second,
    };

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);
}
