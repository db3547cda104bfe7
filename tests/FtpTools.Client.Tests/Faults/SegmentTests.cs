using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.TestServer;
using FtpTools.Transfer;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>One file over several connections: whole, whatever breaks, and never gone on with where there is a hole.</summary>
public sealed class SegmentTests : LoopbackTest
{
    private const int Size = 20_000_003;
    private static readonly FtpTransferOptions _four = new() { Segments = 4, RetryCount = 0 };
    private static readonly FtpTransferOptions _retry = _four with { RetryCount = 3 };

    private FtpClientOptions Wide => Options with { MaxConnection = 4 };

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 4)]
    [InlineData(16, 4)]
    public async Task A_file_comes_whole_over_as_many_connections_as_it_may_have(int limit, int most)
    {
        ServeRandom("big", Size);
        using var session = await FtpSession.ConnectAsync(Options with { MaxConnection = limit }, Bound);
        var result = await DownloadAsync(session, _four);
        Assert.Equal((1, false, (long)Size, FtpVerification.Size, FtpMode.Epsv), (result.Attempts, result.Resumed, result.Length, result.Verification, result.Mode!.Value));
        Assert.InRange(Server.AcceptedCount, 1, most);
        Assert.Equal(["REST 14995906", "REST 4995904", "REST 9995905"], Rests());
        Assert.Equal(["big"], Here());
        await ProveAsync(session);
    }

    [Fact]
    public async Task The_connections_are_kept_when_a_range_ends_in_the_middle_of_the_file()
    {
        ServeRandom("big", Size);
        using var session = await FtpSession.ConnectAsync(Wide, Bound);
        var closed = new ConcurrentQueue<string>();
        using (FtpTrace.To(entry => closed.Enqueue(entry.Message)))
        {
            for (var i = 0; i < 5; i++)
                await DownloadAsync(session, _four);
        }

        // A login that is on its way when nothing is left to do is given up.
        Assert.DoesNotContain(closed, line => line.StartsWith("Connection closed:", StringComparison.Ordinal) && line.Contains("transfer", StringComparison.Ordinal));
        await ProveAsync(session);
    }

    [Fact]
    public async Task The_throttle_limit_holds_for_all_files_and_segments()
    {
        foreach (var name in new[] { "a", "b", "c" })
            ServeRandom(name, Size);
        using var session = await FtpSession.ConnectAsync(Options with { MaxConnection = 8 }, Bound);
        var results = new ConcurrentBag<FtpTransferResult>();
        var items = await ListAsync(session);
        await TransferTreeAsync(session, _four with { ThrottleLimit = 3 }, results.Add, batch =>
        {
            foreach (var item in items)
                batch.AddDownload(item, Local(item.Name));
        });
        Assert.All(results, result => Assert.Equal(FtpTransferStatus.Succeeded, result.Status));
        foreach (var name in new[] { "a", "b", "c" })
            Assert.Equal(Served(name), File.ReadAllBytes(Local(name)));
        Assert.InRange(Server.AcceptedCount, 2, 3);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_small_file_is_not_divided()
    {
        ServeRandom("big", 7_000_000);
        using var session = await FtpSession.ConnectAsync(Wide, Bound);
        await DownloadAsync(session, _four);
        Assert.Equal((1, 0, 1), (Count("RETR"), Count("REST"), Server.AcceptedCount));
    }

    [Fact]
    public async Task Text_is_refused_and_a_file_in_place_is_not_divided()
    {
        ServeRandom("big", Size);
        using var session = await FtpSession.ConnectAsync(Wide, Bound);
        var error = await FailsAsync("FtpCommandNotSupported", () => DownloadAsync(session, _four with { TransferType = FtpTransferType.Ascii }));
        Assert.Contains("-Segment", error.Message);
        await DownloadAsync(session, _four with { Direct = true });
        Assert.Equal(0, Count("REST"));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Cuts_at_random_bytes_are_gone_on_after(int seed)
    {
        ServeRandom("big", Size);
        var random = new Random(seed);
        var cuts = 6;
        Server.On("RETR", async (c, argument) =>
        {
            lock (random)
            {
                Server.DataFaults.CutAfter = Interlocked.Decrement(ref cuts) >= 0 ? random.Next(6_000_000) : null;
                Server.DataFaults.Cut = random.Next(2) == 0 ? DataCut.Reset : DataCut.Finish;
                Server.DataFaults.DropControl = random.Next(2) == 0;
                Server.DataFaults.ClosingReply = Server.DataFaults.DropControl ? null : random.Next(3) == 0 ? "226 Transfer complete." : "426 Connection closed.";
            }

            await c.HandleAsync("RETR", argument);
        });
        using var session = await FtpSession.ConnectAsync(Wide, Bound);
        var result = await DownloadAsync(session, _four with { RetryCount = 6 });
        Assert.InRange(result.Attempts, 1, 7);
        Assert.True(result.Attempts == 1 || result.Resumed || cuts > 0);
        Assert.Equal(["big"], Here());
        Server.Off("RETR");
        Server.DataFaults.CutAfter = null;
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("502 No REST here")]
    [InlineData("501 What?")]
    public async Task A_server_without_REST_sends_the_file_over_one_connection(string reply)
    {
        ServeRandom("big", Size);
        Server.On("REST", (c, _) => c.ReplyAsync(reply));
        using var session = await FtpSession.ConnectAsync(Wide, Bound);
        var said = new ConcurrentQueue<string>();
        FtpTransferResult result;
        using (FtpTrace.To(entry => said.Enqueue(entry.Message)))
            result = await DownloadAsync(session, _four);
        Assert.Equal((1, false), (result.Attempts, result.Resumed));
        Assert.Contains(said, line => line.Contains("received over one connection", StringComparison.Ordinal) && line.Contains(reply, StringComparison.Ordinal));
        Assert.Equal(["big"], Here());
        Server.Off("REST");
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_takes_no_second_connection_sends_all_over_the_first(bool atLogin)
    {
        ServeRandom("big", Size);
        using var session = await FtpSession.ConnectAsync(Wide, Bound);
        if (atLogin)
            Server.On("PASS", (c, _) => c.ReplyAsync("530 Too many users"));
        else
            Server.MaxConnections = 1;
        var result = await DownloadAsync(session, _four);
        Assert.Equal((1, 4, 1), (result.Attempts, Count("RETR"), session.ConnectionCount));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(4_000_000)]
    [InlineData(12_000_000)]
    [InlineData(Size - 1)]
    [InlineData(Size + 1)]
    [InlineData(Size + 5_000_000)]
    public async Task A_file_that_shrinks_or_grows_meanwhile_is_not_put_in_place(int size)
    {
        ServeRandom("big", Size);
        File.WriteAllText(Local("big"), "former");
        using var session = await FtpSession.ConnectAsync(Wide, Bound);
        var item = await session.GetItemAsync("/big", Bound);
        var changed = 0;
        Server.On("RETR", (c, argument) =>
        {
            if (Interlocked.Exchange(ref changed, 1) == 0)
            {
                using var file = new FileStream(Path.Combine(Server.Root, "big"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                file.SetLength(size);
            }

            return c.HandleAsync("RETR", argument);
        });
        try
        {
            // A range that begins behind the end is refused, and the file then taken whole as it is now.
            var result = await session.DownloadAsync(item, Local("big"), _retry, null, Bound);
            Assert.InRange(size, 0, Size - 5_000_000);
            Assert.Equal((long)size, result.Length);
            Assert.Equal(Served("big"), File.ReadAllBytes(Local("big")));
        }
        catch (FtpException e)
        {
            Assert.Equal("FtpVerificationFailed", e.ErrorId);
            Assert.Equal("former", File.ReadAllText(Local("big")));
        }

        Assert.Equal(["big"], Here());
        Server.Off("RETR");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_file_that_takes_its_place_meanwhile_is_found_out_by_its_time()
    {
        ServeRandom("big", Size);
        using var session = await FtpSession.ConnectAsync(Wide, Bound);
        var item = await session.GetItemAsync("/big", Bound);
        var changed = 0;
        Server.On("RETR", async (c, argument) =>
        {
            await c.HandleAsync("RETR", argument);
            if (Interlocked.Exchange(ref changed, 1) == 0)
                File.SetLastWriteTimeUtc(Path.Combine(Server.Root, "big"), DateTime.UtcNow.AddHours(1));
        });
        await FailsAsync("FtpVerificationFailed", () => session.DownloadAsync(item, Local("big"), _retry, null, Bound));
        Assert.Empty(Here());
        Server.Off("RETR");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_failure_keeps_what_has_no_hole_and_Resume_goes_on_with_it()
    {
        ServeRandom("big", Size);
        using var session = await FtpSession.ConnectAsync(Wide, Bound);
        var item = await session.GetItemAsync("/big", Bound);
        var isSecond = false;
        Server.On("REST", (c, argument) =>
        {
            isSecond = argument == "4995904";
            return c.HandleAsync("REST", argument);
        });
        Server.DataFaults.CutAfter = 2_004_096;
        Server.DataFaults.Cut = DataCut.Finish;
        Server.DataFaults.AppliesTo = (verb, _) => verb == "RETR" && isSecond;
        var error = await Assert.ThrowsAnyAsync<FtpException>(() => session.DownloadAsync(item, Local("big"), _four with { ThrottleLimit = 1 }, null, Bound));
        Assert.Contains("kept for -Resume", error.Message);
        var part = Assert.Single(Here());
        Assert.EndsWith(".part", part, StringComparison.Ordinal);
        Assert.Equal(7_000_000, new FileInfo(Local(part)).Length);
        Assert.Equal(Served("big").AsSpan(0, 7_000_000).ToArray(), File.ReadAllBytes(Local(part)));
        Server.Off("REST");
        Server.DataFaults.CutAfter = null;

        var result = await DownloadAsync(session, _four with { Resume = true });
        Assert.True(result.Resumed);
        Assert.Contains("REST 6995904", Server.Commands);
        Assert.Equal(["big"], Here());
        await ProveAsync(session);
    }

    [Fact]
    public async Task What_a_killed_process_leaves_is_not_taken_for_a_part()
    {
        ServeRandom("big", Size);
        using var session = await FtpSession.ConnectAsync(Wide with { Timeout = TimeSpan.FromSeconds(20) }, Bound);
        var item = await session.GetItemAsync("/big", Bound);
        using var stop = new CancellationTokenSource();
        var transfer = await StallAsync(session, item, _four, stop.Token);
        var name = Assert.Single(Here());
        Assert.EndsWith(".segments", name, StringComparison.Ordinal);
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transfer);
        foreach (var file in Here())
            File.Delete(Local(file));
        File.WriteAllBytes(Local(name), new byte[Size]);
        Server.DataFaults.StallAfter = null;

        foreach (var options in new[] { new FtpTransferOptions { Resume = true }, _four with { Resume = true } })
        {
            File.WriteAllBytes(Local(name), new byte[Size]);
            // Somebody has it open, and is only slow.
            using (WrittenFile.TryOpen(Local(name), "/big"))
                Assert.False((await DownloadAsync(session, options)).Resumed);
            Assert.Equal(["big", name], Here().Reverse());
            File.Delete(Local("big"));
            Assert.False((await DownloadAsync(session, options)).Resumed);
            Assert.Equal(["big"], Here());
            File.Delete(Local("big"));
        }
    }

    [Fact]
    public async Task An_ordinary_part_is_gone_on_with_in_segments()
    {
        ServeRandom("big", 30_000_000);
        using var session = await FtpSession.ConnectAsync(Wide, Bound);
        var item = await session.GetItemAsync("/big", Bound);
        Server.DataFaults.CutAfter = 6_000_000;
        Server.DataFaults.Times = 1;
        await Assert.ThrowsAnyAsync<FtpException>(() => session.DownloadAsync(item, Local("big"), Default, null, Bound));
        var length = new FileInfo(Local(Assert.Single(Here()))).Length;
        Assert.InRange(length, 1 << 20, 6_000_000);
        var result = await DownloadAsync(session, _four with { Resume = true });
        Assert.True(result.Resumed);
        Assert.Equal(30_000_000, result.Length);
        Assert.Contains($"REST {length - 4096}", Server.Commands);
        Assert.Equal(4, Count("REST"));
        Assert.Equal(["big"], Here());
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_cancel_ends_all_segments_within_a_second_and_leaves_the_session_usable()
    {
        ServeRandom("big", Size);
        using var session = await FtpSession.ConnectAsync(Wide with { Timeout = TimeSpan.FromSeconds(20) }, Bound);
        var item = await session.GetItemAsync("/big", Bound);
        using var stop = new CancellationTokenSource();
        var transfer = await StallAsync(session, item, _retry, stop.Token);
        var watch = Stopwatch.StartNew();
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transfer);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.All(Here(), name => Assert.InRange(new FileInfo(Local(name)).Length, 1 << 20, 3_000_000));
        Assert.All(Here(), name => Assert.EndsWith(".part", name, StringComparison.Ordinal));
        Server.DataFaults.StallAfter = null;
        await ProveAsync(session);
        Assert.InRange(Server.AcceptedCount, 1, 4);
    }

    [Fact]
    public async Task The_rate_limit_is_one_for_all_segments()
    {
        ServeRandom("big", Size);
        using var session = await FtpSession.ConnectAsync(Wide, Bound);
        var watch = Stopwatch.StartNew();
        await DownloadAsync(session, _four with { RateLimit = Size });
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(6));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hash_is_that_of_the_whole_file(bool right)
    {
        ServeRandom("big", Size);
        Server.Features.Add("XSHA256");
        var hash = Convert.ToHexString(SHA256.HashData(right ? Served("big") : [1, 2, 3]));
        Server.On("XSHA256", (c, _) => c.ReplyAsync($"250 {hash}"));
        using var session = await FtpSession.ConnectAsync(Wide, Bound);
        if (right)
        {
            Assert.Equal(FtpVerification.Hash, (await DownloadAsync(session, _four with { Verify = FtpVerification.Hash })).Verification);
        }
        else
        {
            await FailsAsync("FtpVerificationFailed", () => DownloadAsync(session, _four with { Verify = FtpVerification.Hash }));
            Assert.Empty(Here());
        }

        await ProveAsync(session);
    }

    [Fact]
    public async Task Progress_is_that_of_the_file_and_never_more_than_all()
    {
        ServeRandom("big", Size);
        using var session = await FtpSession.ConnectAsync(Wide, Bound);
        var seen = new ConcurrentQueue<FtpProgress>();
        var item = await session.GetItemAsync("/big", Bound);
        await session.DownloadAsync(item, Local("big"), _four with { RateLimit = Size }, new Sink(seen), Bound);
        Assert.NotEmpty(seen);
        Assert.All(seen, report => Assert.Equal(("/big", (long?)Size), (report.Source, report.Length)));
        Assert.All(seen, report => Assert.InRange(report.Transferred, 1, Size));
        Assert.Equal(seen.Select(report => report.Transferred).Order(), seen.Select(report => report.Transferred));
    }

    /// <summary>Begins a download in four segments, which all come to a halt in their midst.</summary>
    private async Task<Task<FtpTransferResult>> StallAsync(FtpSession session, FtpItem item, FtpTransferOptions options, CancellationToken cancellationToken)
    {
        Server.DataFaults.StallAfter = 3_000_000;
        Server.DataFaults.AppliesTo = (verb, _) => verb == "RETR";
        var transfer = session.DownloadAsync(item, Local("big"), options, null, cancellationToken);
        await Server.WaitForCommandAsync("RETR", TimeSpan.FromSeconds(10), count: 4);
        await Server.DataFaults.Stalled.WaitAsync(Bound);
        return transfer;
    }

    private async Task<FtpTransferResult> DownloadAsync(FtpSession session, FtpTransferOptions options)
    {
        var result = await session.DownloadAsync(await session.GetItemAsync("/big", Bound), Local("big"), options, null, Bound);
        Assert.Equal(Served("big"), File.ReadAllBytes(Local("big")));
        return result;
    }

    private void ServeRandom(string name, int size) => File.WriteAllBytes(Path.Combine(Server.Root, name), RandomNumberGenerator.GetBytes(size));

    private string[] Rests() => [.. Server.Commands.Where(line => line.StartsWith("REST ", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private sealed class Sink(ConcurrentQueue<FtpProgress> seen) : IProgress<FtpProgress>
    {
        public void Report(FtpProgress value) => seen.Enqueue(value);
    }
}
