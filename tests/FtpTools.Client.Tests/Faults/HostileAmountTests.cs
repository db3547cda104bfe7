using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.TestServer;
using FtpTools.Trees;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>More than there can be: files, listings and trees without an end.</summary>
public sealed class HostileAmountTests : LoopbackTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_without_an_end_is_given_up_and_removed(bool isThere)
    {
        Serve("file", 10);
        if (isThere)
            File.WriteAllText(Local("file"), "former");
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/file", Bound);
        Server.On("RETR", async (c, _) =>
        {
            await c.ReplyAsync("150 Here it comes");
            await using var data = await c.OpenDataStreamAsync();
            var buffer = new byte[65_536];
            try
            {
                // The bound on the test is the bound here.
                while (!Bound.IsCancellationRequested)
                    await data.WriteAsync(buffer, Bound);
            }
            catch (IOException)
            {
                await c.ReplyAsync("426 Broken");
            }
        });
        var error = await FailsAsync("FtpVerificationFailed", () => session.DownloadAsync(item, Local("file"), Default with { RetryCount = 2 }, null, Bound));
        Assert.Contains("10 bytes", error.Message);
        Assert.Equal(1, Count("RETR"));
        Assert.Equal(isThere ? ["file"] : [], Directory.GetFiles(Folder).Select(Path.GetFileName));
        if (isThere)
            Assert.Equal("former", File.ReadAllText(Local("file")));
        Server.Off("RETR");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_file_that_has_grown_by_much_since_it_was_listed_is_received_to_its_end()
    {
        Serve("file", 5_000_000);
        using var session = await ConnectAsync();
        var listed = new FtpItem { Name = "file", FullName = "/file", Length = 10 };
        var result = await session.DownloadAsync(listed, Local("file"), Default, null, Bound);
        Assert.Equal((FtpVerification.Size, 5_000_000L), (result.Verification, result.Length));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Server.Root, "file")), File.ReadAllBytes(Local("file")));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(100, 1 << 30)]
    [InlineData(5_000_000, 2_000)]
    public async Task A_listing_over_the_cap_is_refused(int lines, long bytes)
    {
        Server.Synthetic["/many"] = 50_000;
        using var session = await FtpSession.ConnectAsync(Options with { MaxListingLines = lines, MaxListingBytes = bytes }, Bound);
        var error = await FailsAsync("FtpListingUnparsed", () => ListAsync(session, "/many"));
        Assert.Contains("was stopped", error.Message);
        await ProveAsync(session);
    }

    /// <summary>Of one directory in itself, and of names that are new on each level.</summary>
    [Theory]
    [InlineData(false, 33)]
    [InlineData(true, 129)]
    public async Task A_tree_without_a_bottom_has_one(bool isNew, int listings)
    {
        using var session = await FtpSession.ConnectAsync(Options with { MaxConnection = 2 }, Bound);
        Server.On("MLSD", (c, path) => AnswerAsync(c, $"type=dir; d{(isNew ? path.Length : 0)}\r\ntype=file;size=5; f.txt\r\n"));
        Server.On("RETR", (c, _) => AnswerAsync(c, "hello"));
        var results = new ConcurrentQueue<FtpTransferResult>();
        await TransferTreeAsync(session, Default, results.Enqueue, batch => batch.AddDownloadTree("/top", Local("top")));
        var failure = Assert.Single(results, result => result.Status == FtpTransferStatus.Failed);
        Assert.Equal("FtpCommandRefused", failure.Failure!.ErrorId);
        Assert.Equal(listings, Server.Commands.Where(command => command.StartsWith("MLSD", StringComparison.Ordinal)).Distinct().Count());
        Assert.Equal(listings, results.Count(result => result.Status == FtpTransferStatus.Succeeded));
        Server.On("DELE", (c, path) => c.ReplyAsync(path.EndsWith("f.txt", StringComparison.Ordinal) ? "250 Deleted." : "550 Is a directory."));
        await FailsAsync("FtpCommandRefused", () => session.DeleteDirectoryAsync("/top", true, null, Bound));
        Server.Off("DELE");
        Server.Off("MLSD");
        Server.Off("RETR");
        await ProveAsync(session);
    }

    /// <summary>Of a tree that is as wide as it is deep, what waits would never end if it were listed level by level.</summary>
    [Fact]
    public async Task A_wide_tree_without_a_bottom_comes_to_its_bottom_soon()
    {
        using var session = await FtpSession.ConnectAsync(Options with { MaxConnection = 2 }, Bound);
        Server.On("MLSD", (c, path) => AnswerAsync(c, string.Concat(Enumerable.Range(0, 5).Select(i => $"type=dir; {path.Length}{i}\r\n"))));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Bound);
        var results = new ConcurrentQueue<FtpTransferResult>();
        var batch = session.BeginTransfers(Default, null, result =>
        {
            results.Enqueue(result);
            stop.Cancel();
        }, null, stop.Token);
        batch.AddDownloadTree("/top", Local("top"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(batch.CompleteAsync);
        Assert.False(Bound.IsCancellationRequested);
        Assert.Contains("128 levels", results.First().Failure!.Message);
        Assert.InRange(Count("MLSD"), 129, 1000);
        Server.Off("MLSD");
        await ProveAsync(session);
    }

    [Fact]
    public void What_waits_comes_in_its_order_but_for_lower_directories()
    {
        var jobs = new WaitingJobs();
        TransferJob Job(string name, int? depth) => new(FtpTransferDirection.Download, name, name, 0, null!) { IsDirectory = depth is not null, Depth = depth ?? 0 };
        foreach (var (name, depth) in new (string, int?)[] { ("a", null), ("d1", 1), ("b", null), ("d2", 2), ("d1b", 1), ("c", null) })
            jobs.Add(Job(name, depth));
        var order = new List<string>();
        while (jobs.Count > 0)
            order.Add(jobs.Take().Source);
        Assert.Equal("a b d2 d1 d1b c", string.Join(' ', order));
        jobs.Add(Job("d", 0));
        for (var i = 0; i < 5000; i++)
            jobs.Add(Job($"{i}", null));
        Assert.Equal("0", jobs.Take().Source);
        Assert.Equal("d", jobs.Take().Source);
        Assert.Equal(4999, jobs.TakeAll().Count);
        Assert.Equal(0, jobs.Count);
    }

    [Fact]
    public void Levels_that_differ_are_gone_down_as_far_as_is_asked_for()
    {
        var level = FtpTreeLevel.Top();
        for (var i = 0; i < 1000; i++)
        {
            level.Add(new FtpItem { Name = $"d{i % 3}", FullName = "/", ItemType = FtpItemType.Directory });
            level = level.Below("/", 1000);
        }

        Assert.Equal(1000, level.Depth);
        Assert.Throws<FtpException>(() => level.Below("/deeper", 1000));
    }

    /// <summary>A server may list what is in a directory in another order each time.</summary>
    [Fact]
    public void The_same_in_another_order_is_the_same()
    {
        var items = new List<FtpItem> { new() { Name = "a", FullName = "/a", ItemType = FtpItemType.Directory }, new() { Name = "b", FullName = "/b", Length = 3 } };
        var level = FtpTreeLevel.Top();
        Assert.Throws<FtpException>(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                items.Reverse();
                items.ForEach(level.Add);
                level = level.Below("/");
            }
        });
        Assert.Equal(32, level.Depth);
    }

    private static async Task AnswerAsync(LoopbackConnection connection, string content)
    {
        await connection.ReplyAsync("150 Here it comes");
        await using (var data = await connection.OpenDataStreamAsync())
            await data.WriteAsync(Encoding.UTF8.GetBytes(content));
        await connection.ReplyAsync("226 Done");
    }
}
