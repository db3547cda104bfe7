using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>What becomes of files that a batch cannot transfer any more, for its session is of no use.</summary>
public sealed class EndedSessionTests : LoopbackTest
{
    private string ServerName => $"{Server.Host}:{Server.Port}";

    [Fact]
    public async Task Each_file_that_was_not_tried_has_a_result_and_the_batch_one_error()
    {
        using var session = await ConnectAsync();
        File.WriteAllText(Local("a.txt"), "one");
        var results = await RunAsync(session, batch =>
        {
            for (var i = 0; i < 20; i++)
                batch.AddUpload(Local("a.txt"), $"/{i}.txt");
        });

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"/{i}.txt"), results.Select(result => result.Destination));
        Assert.Equal(FtpTransferStatus.Succeeded, results[0].Status);
        Assert.All(results.Skip(1), result => Assert.Equal((FtpTransferStatus.Failed, "FtpSessionClosed"), (result.Status, result.Failure!.ErrorId)));
        Assert.All(results.Skip(2), result => Assert.Equal(("Not tried, because of the error FtpSessionClosed.", 0, result.Destination), (result.Failure!.Message, result.Attempts, result.Failure.Path)));
        Assert.Equal(1, Count("STOR"));
        await ProveAnewAsync();
    }

    [Fact]
    public async Task A_file_that_is_added_afterwards_has_a_result_too()
    {
        using var session = await ConnectAsync();
        File.WriteAllText(Local("a.txt"), "one");
        var results = new List<FtpTransferResult>();
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var batch = session.BeginTransfers(Default, null, result => Take(results, result, session, second), null, Bound);
        batch.AddUpload(Local("a.txt"), "/0.txt");
        batch.AddUpload(Local("a.txt"), "/1.txt");
        await second.Task.WaitAsync(Bound);
        batch.AddUpload(Local("a.txt"), "/2.txt");
        Directory.CreateDirectory(Local("tree"));
        batch.AddUploadTree(Local("tree"), "/tree");
        await FailsAsync("FtpSessionClosed", batch.CompleteAsync);
        Assert.Equal(["/0.txt", "/1.txt", "/2.txt", "/tree"], results.Select(result => result.Destination));
        Assert.Equal([null, "FtpSessionClosed", "FtpSessionClosed", "FtpSessionClosed"], results.Select(result => result.Failure?.ErrorId));
        Assert.Equal(3, batch.FileCount);
        await ProveAnewAsync();
    }

    [Fact]
    public async Task Of_a_tree_the_directories_that_were_not_listed_have_results()
    {
        foreach (var name in new[] { "one", "two", "three" })
        {
            Directory.CreateDirectory(Path.Combine(Server.Root, "tree", name));
            Serve($"tree/{name}/a.bin", 100);
        }

        Serve("tree/first.bin", 100);
        using var session = await ConnectAsync();
        var results = await RunAsync(session, batch => batch.AddDownloadTree("/tree", Local("tree")));
        Assert.Equal("/tree/first.bin", Assert.Single(results, result => result.Status == FtpTransferStatus.Succeeded).Source);
        var failed = results.Where(result => result.Status == FtpTransferStatus.Failed).Select(result => result.Source).ToArray();
        // A directory that was not listed stands for what is in it.
        Assert.All(new[] { "one", "two", "three" }, name => Assert.Single(failed, source => source.StartsWith($"/tree/{name}", StringComparison.Ordinal)));
        Assert.Equal(3, failed.Length);
        await ProveAnewAsync();
    }

    [Fact]
    public async Task Errors_and_items_tell_their_server()
    {
        Serve("a.bin", 3);
        using var session = await ConnectAsync();
        Assert.Equal(ServerName, session.Server);
        Assert.True(session.IsOn(ServerName));
        Assert.Equal(ServerName, (await session.GetItemAsync("/a.bin", Bound)).Server);
        Assert.Equal(ServerName, Assert.Single(await ListAsync(session)).Server);
        var refused = await FailsAsync("FtpPathNotFound", () => session.DeleteFileAsync("/none", Bound));
        Assert.Equal(ServerName, refused.Server);
        Assert.Equal((ServerName, refused.ErrorId), (refused.Adding("More.").Server, refused.Adding("More.").ErrorId));
        var result = await session.DownloadAsync(await session.GetItemAsync("/a.bin", Bound), Local("a.bin"), Default, null, Bound);
        Assert.Equal(ServerName, result.Server);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_connect_that_fails_tells_the_server()
    {
        var error = await FailsAsync("FtpLoginFailed", () => FtpSession.ConnectAsync(Options with { Password = "wrong" }, Bound));
        Assert.Equal(ServerName, error.Server);
        await ProveAnewAsync();
    }

    private static void Take(List<FtpTransferResult> results, FtpTransferResult result, FtpSession session, TaskCompletionSource? second)
    {
        lock (results)
        {
            results.Add(result);
            if (results.Count == 2)
                second?.SetResult();
        }

        if (result.Status == FtpTransferStatus.Succeeded)
            session.Dispose();
    }

    // The session is closed as soon as one file has succeeded.
    private async Task<List<FtpTransferResult>> RunAsync(FtpSession session, Action<FtpTransferBatch> add)
    {
        var results = new List<FtpTransferResult>();
        var error = await FailsAsync("FtpSessionClosed", () => TransferTreeAsync(session, Default, result => Take(results, result, session, null), add));
        Assert.Equal(ServerName, error.Server);
        Assert.All(results, result => Assert.Equal(ServerName, result.Server));
        Assert.All(results, result => Assert.Equal(result.Error is null ? null : ServerName, result.Failure?.Server));
        return results;
    }

    private async Task ProveAnewAsync()
    {
        using var session = await ConnectAsync();
        await ProveAsync(session);
    }
}
