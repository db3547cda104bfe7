using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>Files that are read without a local one: whole, their beginning, their end, and what goes wrong meanwhile.</summary>
public sealed class ContentTests : LoopbackTest
{
    private const int LineCount = 300_000;

    [Fact]
    public async Task The_beginning_of_a_text_ends_the_transfer_and_not_the_session()
    {
        ServeLines("text");
        using var session = await ConnectAsync();
        // Were the rest awaited, the test would end by its bound.
        Server.DataFaults.BytesPerSecond = 200_000;
        var item = await session.GetItemAsync("/text", Bound);
        var lines = new List<string>();
        await session.ReadLinesAsync(item, new FtpReadOptions { TotalCount = 3 }, lines.Add, null, Bound);
        Assert.Equal(["line 1", "line 2", "line 3"], lines);
        Server.DataFaults.BytesPerSecond = 0;
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Fact]
    public async Task The_first_bytes_are_as_many_as_were_wanted()
    {
        Serve("file", 2_000_000);
        using var session = await ConnectAsync();
        var bytes = await BytesAsync(session, "/file", new FtpReadOptions { TotalCount = 700_001 });
        Assert.Equal(Served("file").Take(700_001), bytes);
        Assert.Empty(await BytesAsync(session, "/file", new FtpReadOptions { TotalCount = 0 }));
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(20_000)]
    [InlineData(LineCount)]
    [InlineData(LineCount + 1)]
    public async Task The_end_of_a_text_is_read_from_there(int count)
    {
        ServeLines("text");
        using var session = await ConnectAsync();
        var lines = await TailAsync(session, "/text", new FtpReadOptions { Tail = count });
        var first = Math.Max(1, LineCount - count + 1);
        Assert.Equal(Enumerable.Range(first, LineCount - first + 1).Select(i => $"line {i}"), lines);
        if (count is > 0 and <= 5)
            Assert.Equal((1, 1), (Count("REST"), Count("RETR")));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-32BE")]
    public async Task The_end_of_a_text_is_understood_by_the_mark_at_its_beginning(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        File.WriteAllText(Path.Combine(Server.Root, "text"), string.Concat(Enumerable.Range(1, 50_000).Select(i => $"zeile \u00e4 {i}\n")), encoding);
        using var session = await ConnectAsync();
        Assert.Equal(["zeile \u00e4 49999", "zeile \u00e4 50000"], await TailAsync(session, "/text", new FtpReadOptions { Tail = 2 }));
        await ProveAsync(session);
    }

    [Fact]
    public async Task The_last_bytes_are_as_many_as_were_wanted()
    {
        Serve("file", 1_000_003);
        using var session = await ConnectAsync();
        Assert.Equal(Served("file").Skip(1_000_003 - 10), await BytesAsync(session, "/file", new FtpReadOptions { Tail = 10 }));
        Assert.Equal(Served("file"), await BytesAsync(session, "/file", new FtpReadOptions { Tail = 2_000_000 }));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("SIZE", "502 What?")]
    [InlineData("REST", "502 What?")]
    [InlineData("REST", "350 Yes, and no.")]
    public async Task Where_the_server_does_not_begin_in_the_middle_all_is_read(string verb, string reply)
    {
        ServeLines("text");
        Server.On(verb, (connection, _) => connection.ReplyAsync(reply));
        using var session = await ConnectAsync();
        Assert.Equal([$"line {LineCount - 1}", $"line {LineCount}"], await TailAsync(session, "/text", new FtpReadOptions { Tail = 2 }));
        var bytes = await BytesAsync(session, "/text", new FtpReadOptions { Tail = 3 });
        Assert.Equal(Served("text").TakeLast(3), bytes);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_text_that_was_cut_is_told_after_the_lines_that_came()
    {
        ServeLines("text");
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/text", Bound);
        Server.DataFaults.CutAfter = 100_000;
        Server.DataFaults.Cut = DataCut.Finish;
        Server.DataFaults.ClosingReply = "226 All done.";
        Server.DataFaults.Times = 1;
        var lines = new List<string>();
        var error = await FailsAsync("FtpTransferIncomplete", () => session.ReadLinesAsync(item, new FtpReadOptions(), lines.Add, null, Bound));
        Assert.Contains("100000 bytes were received, but the server reports", error.Message);
        Assert.Equal(Enumerable.Range(1, lines.Count).Select(i => $"line {i}"), lines);
        Assert.InRange(lines.Count, 5_000, 20_000);
        await ProveAsync(session);
    }

    [Fact]
    public async Task What_is_held_whole_is_read_again_after_a_failure_that_passes()
    {
        ServeLines("text");
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/text", Bound);
        Server.DataFaults.CutAfter = 100_000;
        Server.DataFaults.Times = 1;
        Assert.Equal(Encoding.UTF8.GetString(Served("text")), await session.ReadTextAsync(item, new FtpReadOptions(), null, Bound));
        Server.DataFaults.Times = 1;
        var hash = await session.GetHashAsync(item, "SHA256", true, null, Bound);
        Assert.Equal((Convert.ToHexString(SHA256.HashData(Served("text"))), "SHA256", "/text"), (hash.Hash, hash.Algorithm, hash.Path));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_read_that_is_cancelled_leaves_the_session_of_use()
    {
        ServeLines("text");
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/text", Bound);
        using var stop = new CancellationTokenSource();
        var stalled = Server.DataFaults.StallNextAsync(50_000);
        var reading = session.ReadLinesAsync(item, new FtpReadOptions(), static _ => { }, null, stop.Token);
        await stalled.WaitAsync(Bound);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_hash_is_of_the_algorithm_that_was_asked_for_or_an_error_says_which_there_are()
    {
        Server.Features.Add("HASH SHA-1*;SHA-256");
        var chosen = "SHA-1";
        Server.On("OPTS", (one, argument) =>
        {
            if (!argument.StartsWith("HASH ", StringComparison.Ordinal))
                return one.HandleAsync("OPTS", argument);
            chosen = argument["HASH ".Length..];
            return one.ReplyAsync("200 " + chosen);
        });
        Server.On("HASH", (one, _) => one.ReplyAsync($"213 {chosen} 0-10 {new string('A', chosen == "SHA-1" ? 40 : 64)} /file"));
        Serve("file", 10);
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/file", Bound);
        foreach (var (algorithm, digits) in new[] { ("SHA1", 40), ("SHA256", 64), ("SHA256", 64), ("SHA1", 40) })
            Assert.Equal((algorithm, digits), (await session.GetHashAsync(item, algorithm, false, null, Bound)) is var hash ? (hash.Algorithm, hash.Hash.Length) : default);
        Assert.Equal(["OPTS HASH SHA-256", "OPTS HASH SHA-1"], Server.Commands.Where(line => line.StartsWith("OPTS HASH", StringComparison.Ordinal)));
        var error = await FailsAsync("FtpCommandNotSupported", () => session.GetHashAsync(item, "MD5", false, null, Bound));
        Assert.Contains("the server supports only SHA-256, SHA-1", error.Message);
        await ProveAsync(session);
    }

    [Fact]
    public async Task What_is_sent_from_memory_leaves_no_part_behind_that_nobody_could_go_on_with()
    {
        using var session = await ConnectAsync();
        Server.DataFaults.CutAfter = 3_000_000;
        Server.DataFaults.AppliesTo = (verb, _) => verb == "STOR";
        await Assert.ThrowsAnyAsync<FtpException>(() => session.UploadAsync(new MemoryStream(new byte[4_000_000]), "/file", Default, null, Bound));
        Assert.Empty(There());
        await ProveAsync(session);
    }

    private void ServeLines(string name) =>
        File.WriteAllText(Path.Combine(Server.Root, name), string.Concat(Enumerable.Range(1, LineCount).Select(i => $"line {i}\n")));

    private async Task<List<string>> TailAsync(FtpSession session, string path, FtpReadOptions options)
    {
        var lines = new List<string>();
        await session.ReadLinesAsync(await session.GetItemAsync(path, Bound), options, lines.Add, null, Bound);
        return lines;
    }

    private async Task<byte[]> BytesAsync(FtpSession session, string path, FtpReadOptions options)
    {
        var bytes = new MemoryStream();
        await session.ReadBytesAsync(await session.GetItemAsync(path, Bound), options, (buffer, count) => bytes.Write(buffer, 0, count), null, Bound);
        return bytes.ToArray();
    }
}
