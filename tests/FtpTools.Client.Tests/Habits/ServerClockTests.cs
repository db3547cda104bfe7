using System;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.Tests.Faults;
using Xunit;

namespace FtpTools.Tests.Habits;

/// <summary>Servers in other time zones, whose listings by LIST tell local time.</summary>
public sealed class ServerClockTests : LoopbackTest
{
    private static readonly DateTime _utc = new(2024, 1, 31, 12, 34, 56, DateTimeKind.Utc);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(120, 120)]
    [InlineData(-420, -420)]
    [InlineData(345, 345)]
    [InlineData(840, 840)]
    [InlineData(-720, -720)]
    [InlineData(7, null)]
    [InlineData(855, null)]
    [InlineData(-735, null)]
    [InlineData(100_000, null)]
    public void An_offset_is_a_multiple_of_a_quarter_of_an_hour(int minutes, int? expected)
    {
        var listed = new DateTime(2024, 1, 31, 12, 34, 0, DateTimeKind.Utc).AddMinutes(minutes);
        Assert.Equal(expected is not null, ServerClock.TryMeasure(listed, _utc, out var offset));
        if (expected is { } whole)
            Assert.Equal(whole, offset.TotalMinutes);
    }

    [Theory]
    [InlineData("2024-01-31 14:34", 2)]
    [InlineData("2024-01-31 05:34", -7)]
    [InlineData("2024-01-31 18:19", 5.75)]
    [InlineData("2024-01-31 12:34", 0)]
    public async Task The_offset_is_measured_once_and_times_are_UTC(string listed, double hours)
    {
        List(Line(listed, "a.txt"), Line("2020-07-01 00:10", "old"));
        using var session = await ConnectAsync();
        Assert.Null(session.ServerTimeZoneOffset);
        var items = await ListAsync(session);
        Assert.Equal(TimeSpan.FromHours(hours), session.ServerTimeZoneOffset);
        Assert.Equal(_utc.AddSeconds(-56), items[0].LastWriteTimeUtc);
        Assert.Equal(new DateTime(2020, 7, 1, 0, 10, 0, DateTimeKind.Utc).AddHours(-hours), items[1].LastWriteTimeUtc);
        Assert.All(items, item => Assert.Equal(FtpTimePrecision.Minute, item.TimePrecision));
        Assert.Equal(items[1].LastWriteTimeUtc, (await ListAsync(session))[1].LastWriteTimeUtc);
        Assert.Equal(1, Count("MDTM"));
    }

    [Fact]
    public async Task The_MDTM_of_npms_ftpd_is_not_asked()
    {
        Server.Greeting = "220 FTP server (nodeftpd) ready";
        // 00:34 is what it says of 12:34, and a server in New Zealand too.
        List(Line("2024-02-01 00:34", "a.txt"));
        using var session = await ConnectAsync();
        var item = Assert.Single(await ListAsync(session));
        Assert.Equal(_utc.AddHours(12).AddSeconds(-56), item.LastWriteTimeUtc);
        Assert.Equal(FtpTimePrecision.ServerTime, item.TimePrecision);
        Assert.Null(session.ServerTimeZoneOffset);
        Assert.Equal(0, Count("MDTM"));
        Assert.Contains(session.Habits, habit => habit.Name == "reports wrong times with MDTM");
    }

    [Fact]
    public async Task A_file_that_was_changed_meanwhile_does_not_tell_the_offset_and_the_next_one_does()
    {
        List(Line("2024-01-31 14:34", "a.txt"), Line("2024-02-01 09:00", "growing"));
        using var session = await ConnectAsync();
        var items = await ListAsync(session);
        Assert.Equal(TimeSpan.FromHours(2), session.ServerTimeZoneOffset);
        Assert.Equal(_utc.AddSeconds(-56), items[0].LastWriteTimeUtc);
        Assert.Equal(2, Count("MDTM"));
    }

    [Theory]
    [InlineData("502 MDTM?", 1)]
    [InlineData("550 No", 2)]
    [InlineData("213 20240131120056", 2)] // 2 h 34 min are no time zone
    public async Task Where_the_offset_cannot_be_measured_the_precision_says_so(string reply, int times)
    {
        List(Line("2024-01-31 14:34", "a.txt"), Line("2024-01-31 14:34", "b.txt"), Line("Jan 31  2023", "day"));
        Server.On("MDTM", (c, _) => c.ReplyAsync(reply));
        using var session = await ConnectAsync();
        var items = await ListAsync(session);
        Assert.Null(session.ServerTimeZoneOffset);
        Assert.Equal([FtpTimePrecision.ServerTime, FtpTimePrecision.ServerTime, FtpTimePrecision.Day], items.Select(item => item.TimePrecision));
        await ListAsync(session);
        Assert.Equal(times, Count("MDTM"));
    }

    [Fact]
    public async Task Dates_without_a_time_of_day_leave_the_offset_to_the_next_listing()
    {
        List(Line("Jan 31  2023", "day"));
        using var session = await ConnectAsync();
        await ListAsync(session);
        Assert.Equal(0, Count("MDTM"));
        List(Line("2024-01-31 14:34", "a.txt"));
        await ListAsync(session);
        Assert.Equal(TimeSpan.FromHours(2), session.ServerTimeZoneOffset);
    }

    [Theory]
    [InlineData("2024-01-31 13:34", "2024-01-31T12:34")] // winter
    [InlineData("2024-07-31 14:34", "2024-07-31T12:34")] // summer
    [InlineData("2024-03-31 02:30", "2024-03-31T01:30")] // an hour that no clock showed
    public async Task A_time_zone_that_is_given_is_used_with_its_summer_time(string listed, string utc)
    {
        List(Line(listed, "a.txt"));
        using var session = await FtpSession.ConnectAsync(Options with { ServerTimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") }, Bound);
        var item = Assert.Single(await ListAsync(session));
        Assert.Equal(DateTime.Parse(utc, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal), item.LastWriteTimeUtc);
        Assert.Equal(0, Count("MDTM"));
        Assert.NotNull(session.ServerTimeZoneOffset);
    }

    [Theory]
    [InlineData(true, null)] // measured by MDTM
    [InlineData(false, 7.0)] // given
    public async Task Update_is_right_seven_hours_away(bool hasTime, double? zone)
    {
        var stamp = "2024-01-31 19:34";
        List(Line(stamp, "a.txt"));
        Server.On("LIST", (c, _) => ListingWayTests.ListRawAsync(c, Line(stamp, "a.txt")));
        Server.On("RETR", async (c, argument) =>
        {
            await c.ReplyAsync("150 Here");
            using (var data = await c.OpenDataAsync())
                await data.SendAsync("hello"u8.ToArray().AsMemory());
            await c.ReplyAsync("226 Done");
        });
        if (!hasTime)
            Server.On("MDTM", (c, _) => c.ReplyAsync("502 No"));
        var options = Options with { ServerTimeZone = zone is { } hours ? TimeZoneInfo.CreateCustomTimeZone("there", TimeSpan.FromHours(hours), "there", "there") : null };
        using var session = await FtpSession.ConnectAsync(options, Bound);
        var update = Default with { Update = true };
        Assert.Equal(FtpTransferStatus.Succeeded, (await GetAsync()).Status);
        Assert.Equal(_utc, System.IO.File.GetLastWriteTimeUtc(Local("a.txt")), TimeSpan.FromMinutes(1));
        Assert.Equal(FtpTransferStatus.Skipped, (await GetAsync()).Status);
        // Changed there two hours later, with as many bytes.
        stamp = "2024-01-31 21:34";
        if (hasTime)
            Server.On("MDTM", (c, _) => c.ReplyAsync("213 20240131143456"));
        Assert.Equal(FtpTransferStatus.Succeeded, (await GetAsync()).Status);
        Assert.Equal(FtpTransferStatus.Skipped, (await GetAsync()).Status);

        async Task<FtpTransferResult> GetAsync() => await session.DownloadAsync(await session.GetItemAsync("/a.txt", Bound), Local("a.txt"), update, null, Bound);
    }

    [Theory]
    [InlineData(-20, FtpTransferStatus.Skipped)]
    [InlineData(-6, FtpTransferStatus.Succeeded)] // what may have been changed is taken
    [InlineData(6, FtpTransferStatus.Succeeded)]
    public async Task Update_leaves_nothing_out_that_may_be_newer_where_the_zone_is_not_known(int hours, FtpTransferStatus status)
    {
        List(Line(DateTime.UtcNow.AddHours(hours).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), "a.txt"));
        Server.On("MDTM", (c, _) => c.ReplyAsync("502 No"));
        Serve("a.txt", 5);
        Server.On("SIZE", (c, _) => c.ReplyAsync("213 5"));
        System.IO.File.WriteAllText(Local("a.txt"), "hello");
        using var session = await ConnectAsync();
        var result = await session.DownloadAsync(await session.GetItemAsync("/a.txt", Bound), Local("a.txt"), Default with { Update = true }, null, Bound);
        Assert.Equal(status, result.Status);
    }

    [Fact]
    public async Task Listings_that_tell_UTC_need_no_offset()
    {
        Serve("a", 1);
        using var session = await ConnectAsync();
        Assert.Equal(FtpTimePrecision.Second, Assert.Single(await ListAsync(session)).TimePrecision);
        Assert.Equal(0, Count("MDTM"));
        Assert.Null(session.ServerTimeZoneOffset);
    }

    private static string Line(string time, string name) => $"-rw-r--r-- 1 owner group 5 {time} {name}\r\n";

    private void List(params string[] lines)
    {
        if (Server.Features.SingleOrDefault(line => line.StartsWith("MLST", StringComparison.Ordinal)) is { } facts)
            Server.Features.Remove(facts);
        Server.On("LIST", (c, _) => ListingWayTests.ListRawAsync(c, string.Concat(lines)));
        if (Server.Commands.Count == 0)
            Server.On("MDTM", (c, _) => c.ReplyAsync("213 20240131123456"));
    }
}
