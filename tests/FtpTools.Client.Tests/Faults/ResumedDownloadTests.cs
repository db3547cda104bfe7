using System;
using System.IO;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>A download that goes on is like the original, whatever the server makes of REST.</summary>
public sealed class ResumedDownloadTests : LoopbackTest
{
    private const int Size = 10_000_000;
    private static readonly FtpTransferOptions _retry = new() { RetryCount = 2 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_download_begins_anew_where_REST_is_taken_and_ignored(bool isZeros)
    {
        Server.Habits.IgnoresDownloadRestart = true;
        Fill("down", isZeros);
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/down", Bound);
        for (var i = 0; i < 2; i++)
        {
            CutOnce(6_000_000);
            var result = await session.DownloadAsync(item, Local("down"), _retry, null, Bound);
            Assert.Equal((2, false, (long)Size), (result.Attempts, result.Resumed, result.Length));
            Assert.Equal(Served("down"), File.ReadAllBytes(Local("down")));
            File.Delete(Local("down"));
        }

        Assert.Equal(1, Count("REST"));
        Assert.Single(session.Habits, habit => habit.Name == "sends files from the beginning after REST");
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 4)]
    [InlineData(true, 4)]
    public async Task Segments_are_not_taken_for_what_they_are_not_where_REST_is_ignored(bool isZeros, int connections)
    {
        Server.Habits.IgnoresDownloadRestart = true;
        Fill("down", isZeros);
        using var session = await FtpSession.ConnectAsync(Options with { MaxConnection = connections }, Bound);
        var item = await session.GetItemAsync("/down", Bound);
        for (var i = 0; i < 2; i++)
        {
            FtpTransferResult? result = null;
            await TransferTreeAsync(session, Default with { Segments = 2 }, found => result = found, batch => batch.AddDownload(item, Local("down")));
            Assert.Null(result!.Error);
            Assert.Equal((FtpVerification.Size, (long)Size), (result.Verification, result.Length));
            Assert.Equal(Served("down"), File.ReadAllBytes(Local("down")));
        }

        Assert.Equal(1, Count("REST"));
        await ProveAsync(session);
    }

    [Fact]
    public async Task What_is_there_under_the_targets_own_name_is_gone_on_with_if_it_ends_as_the_source_does()
    {
        Fill("down", isZeros: false);
        File.WriteAllBytes(Local("other"), new byte[6_000_000]);
        File.WriteAllBytes(Local("same"), Served("down")[..6_000_000]);
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/down", Bound);
        var direct = Default with { Direct = true, Resume = true };
        Assert.False((await session.DownloadAsync(item, Local("other"), direct, null, Bound)).Resumed);
        Assert.True((await session.DownloadAsync(item, Local("same"), direct, null, Bound)).Resumed);
        Assert.All(new[] { "other", "same" }, name => Assert.Equal(Served("down"), File.ReadAllBytes(Local(name))));
        // It is not the server that was wrong.
        Assert.DoesNotContain(session.Habits, habit => habit.Name.Contains("REST", StringComparison.Ordinal));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(Size - 1)]
    public async Task A_download_goes_on_at_any_byte(int offset)
    {
        Fill("down", isZeros: false);
        File.WriteAllBytes(Local("down"), Served("down")[..offset]);
        using var session = await ConnectAsync();
        var result = await session.DownloadAsync(await session.GetItemAsync("/down", Bound), Local("down"), Default with { Direct = true, Resume = true }, null, Bound);
        Assert.Equal((true, (long)Size), (result.Resumed, result.Length));
        Assert.Equal(Size - offset, result.BytesPerSecond * result.Elapsed.TotalSeconds, 1.0);
        Assert.Equal(Served("down"), File.ReadAllBytes(Local("down")));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_file_that_has_grown_since_it_was_listed_is_gone_on_with_to_its_end()
    {
        Fill("log", isZeros: false);
        File.WriteAllBytes(Local("log"), Served("log")[..6_000_000]);
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/log", Bound);
        await File.AppendAllTextAsync(Path.Combine(Server.Root, "log"), "one more line");
        Assert.True((await session.DownloadAsync(item, Local("log"), Default with { Direct = true, Resume = true }, null, Bound)).Resumed);
        Assert.Equal(Served("log"), File.ReadAllBytes(Local("log")));
        await ProveAsync(session);
    }

    private void CutOnce(long after)
    {
        Server.DataFaults.CutAfter = after;
        Server.DataFaults.Times = 1;
        Server.DataFaults.Cut = DataCut.Finish;
        Server.DataFaults.BytesPerSecond = 40_000_000;
    }

    private void Fill(string name, bool isZeros)
    {
        var content = new byte[Size];
        if (!isZeros)
            new Random(Size).NextBytes(content);
        File.WriteAllBytes(Path.Combine(Server.Root, name), content);
    }
}
