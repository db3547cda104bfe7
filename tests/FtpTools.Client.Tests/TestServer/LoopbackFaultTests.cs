using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.TestServer;

/// <summary>The loopback server goes wrong in the way it is told to, and in no other.</summary>
public sealed class LoopbackFaultTests
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_abort_ends_a_stalled_transfer_and_the_session_goes_on(bool download)
    {
        await using var server = LoopbackServer.Start();
        server.DataFaults.StallAfter = 1000;
        server.DataFaults.Times = 1;
        using var ftp = await RawFtp.LoginAsync(server);
        await File.WriteAllBytesAsync(Path.Combine(server.Root, "a"), new byte[5000]);
        using var data = await ftp.PassiveAsync();
        Assert.StartsWith("150 ", await ftp.AskAsync(download ? "RETR a" : "STOR b"));
        if (!download)
            await data.SendAsync(new byte[5000].AsMemory());
        await server.DataFaults.Stalled.WaitAsync(_bound);
        // The Telnet Synch that RFC 959 wants before an ABOR.
        await ftp.SendAsync([255, 244, 255, 242, .. "ABOR\r\n"u8]);
        Assert.StartsWith("426 ", await ftp.ReplyAsync());
        Assert.StartsWith("226 ", await ftp.ReplyAsync());
        Assert.StartsWith("225 ", await ftp.AskAsync("ABOR"));
        Assert.Equal(5000, (await ftp.DownloadAsync("RETR a")).Length);
        Assert.Equal("RETR a", await server.WaitForCommandAsync("RETR", _bound));
    }

    [Theory]
    [InlineData(DataCut.Reset)]
    [InlineData(DataCut.Finish)]
    public async Task A_cut_comes_once_with_its_reply(DataCut cut)
    {
        await using var server = LoopbackServer.Start();
        server.DataFaults.CutAfter = 70_000;
        server.DataFaults.Cut = cut;
        server.DataFaults.ClosingReply = "226 All is well.";
        server.DataFaults.Times = 2;
        server.DataFaults.AppliesTo = (verb, path) => verb is "RETR" or "STOR" && path == "/a";
        using var ftp = await RawFtp.LoginAsync(server);
        await File.WriteAllBytesAsync(Path.Combine(server.Root, "a"), new byte[500_000]);
        Assert.Contains("a", Encoding.UTF8.GetString(await ftp.DownloadAsync("NLST")));
        using (var data = await ftp.PassiveAsync())
        {
            Assert.StartsWith("150 ", await ftp.AskAsync("RETR a"));
            if (cut == DataCut.Finish)
                Assert.Equal(70_000, (await ftp.ReadAllAsync(data)).Length);
            else
                await Assert.ThrowsAsync<IOException>(() => ftp.ReadAllAsync(data));
            Assert.Equal("226 All is well.", await ftp.ReplyAsync());
        }

        using (var data = await ftp.PassiveAsync())
        {
            Assert.StartsWith("150 ", await ftp.AskAsync("STOR a"));
            await data.SendAsync(new byte[70_000].AsMemory());
            if (cut == DataCut.Finish)
                Assert.Empty(await ftp.ReadAllAsync(data));
            else
                await Assert.ThrowsAsync<IOException>(() => ftp.ReadAllAsync(data));
            Assert.Equal("226 All is well.", await ftp.ReplyAsync());
        }

        await ftp.UploadAsync("STOR a", new byte[80_000]);
        Assert.Equal(80_000, (await ftp.DownloadAsync("RETR a")).Length);
    }

    [Fact]
    public async Task A_cut_can_take_the_control_connection_along()
    {
        await using var server = LoopbackServer.Start();
        server.DataFaults.CutAfter = 0;
        server.DataFaults.ClosingReply = null;
        server.DataFaults.DropControl = true;
        using var ftp = await RawFtp.LoginAsync(server);
        using var data = await ftp.PassiveAsync();
        await ftp.SendAsync("LIST\r\n");
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            while (await ftp.ReplyAsync() is not null)
            {
            }
        });
        using var next = await RawFtp.LoginAsync(server);
        Assert.Equal(2, server.AcceptedCount);
    }

    [Fact]
    public async Task Throttles()
    {
        await using var server = LoopbackServer.Start();
        server.DataFaults.BytesPerSecond = 1_000_000;
        using var ftp = await RawFtp.LoginAsync(server);
        await File.WriteAllBytesAsync(Path.Combine(server.Root, "a"), new byte[500_000]);
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        Assert.Equal(500_000, (await ftp.DownloadAsync("RETR a")).Length);
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds, 0.45, 15);
    }

    [Fact]
    public async Task Scripts_answer_in_place_of_the_server_or_hand_on_to_it()
    {
        await using var server = LoopbackServer.Start();
        server.ReplyBytewise = true;
        server.PasvAddress = IPAddress.Parse("192.0.2.9");
        server.On("EPSV", (c, _) => c.ReplyAsync("500 no"));
        server.On("NOOP", async (c, argument) =>
        {
            await c.SendRawAsync("200 raw\r\n"u8.ToArray());
            await c.HandleAsync("PWD", argument);
        });
        server.On("STAT", (_, _) => throw new InvalidOperationException("broken script"));
        using var ftp = await RawFtp.LoginAsync(server);
        Assert.Equal("500 no", await ftp.AskAsync("EPSV"));
        Assert.Equal("200 raw", await ftp.AskAsync("NOOP"));
        Assert.Equal("257 \"/\" is the current directory.", await ftp.ReplyAsync());
        Assert.Contains("broken script", await ftp.AskAsync("STAT"));
        Assert.StartsWith("227 Entering Passive Mode (192,0,2,9,", await ftp.AskAsync("PASV"));
        server.Off("EPSV");
        Assert.StartsWith("229 ", await ftp.AskAsync("EPSV"));
    }

    [Fact]
    public async Task Without_the_MLST_feature_MLSD_is_unknown()
    {
        await using var server = LoopbackServer.Start();
        Assert.True(server.Features.Remove(server.Features.Single(f => f.StartsWith("MLST", StringComparison.Ordinal))));
        using var ftp = await RawFtp.LoginAsync(server);
        Assert.DoesNotContain("MLST", await ftp.AskAsync("FEAT"));
        Assert.StartsWith("500 ", await ftp.AskAsync("MLSD"));
    }

    [Fact]
    public async Task Refuses_connections_beyond_its_bound()
    {
        await using var server = LoopbackServer.Start();
        server.MaxConnections = 1;
        using var first = await RawFtp.LoginAsync(server);
        using var second = await RawFtp.ConnectAsync(server);
        Assert.Equal("421 Too many connections", await second.ReplyAsync());
        Assert.Null(await second.ReplyAsync());
        Assert.Equal(1, server.ConnectionCount);
        Assert.StartsWith("221 ", await first.AskAsync("QUIT"));
        Assert.Null(await first.ReplyAsync());
    }

    [Theory]
    [InlineData("MLSD /many", "file000009.txt")]
    [InlineData("LIST /many", "file000009.txt")]
    public async Task Holds_a_synthetic_listing_until_released(string command, string last)
    {
        await using var server = LoopbackServer.Start();
        server.Synthetic["/many"] = 10;
        var gate = server.ListingGate = new ListingGate(5);
        using var ftp = await RawFtp.LoginAsync(server);
        using var data = await ftp.PassiveAsync();
        Assert.StartsWith("150 ", await ftp.AskAsync(command));
        await gate.Reached.WaitAsync(_bound);
        var buffer = new byte[4096];
        var some = Encoding.ASCII.GetString(buffer, 0, await data.ReceiveAsync(buffer.AsMemory()));
        Assert.Equal(5, some.Count(c => c == '\n'));
        gate.Release();
        Assert.EndsWith(last + "\r\n", Encoding.ASCII.GetString(await ftp.ReadAllAsync(data)));
        Assert.StartsWith("226 ", await ftp.ReplyAsync());
        Assert.Contains("type=dir", await ftp.AskAsync("MLST /many"));
        Assert.Contains("size=7", await ftp.AskAsync("MLST /many/file000007.txt"));
        Assert.Contains("many", Encoding.ASCII.GetString(await ftp.DownloadAsync("NLST")));
    }

    [Fact]
    public async Task Disposing_ends_what_would_never_end()
    {
        var server = LoopbackServer.Start();
        server.On("NOOP", (_, _) => Task.Delay(Timeout.Infinite));
        server.DataFaults.StallAfter = 0;
        using var silent = await RawFtp.LoginAsync(server);
        await silent.SendAsync("NOOP\r\nABOR\r\n");
        await server.WaitForCommandAsync("ABOR", _bound);
        using var stalled = await RawFtp.LoginAsync(server);
        using var data = await stalled.PassiveAsync();
        Assert.StartsWith("150 ", await stalled.AskAsync("STOR a"));
        await server.DataFaults.Stalled.WaitAsync(_bound);
        await server.DisposeAsync().AsTask().WaitAsync(_bound);
        await Assert.ThrowsAnyAsync<IOException>(() => silent.ReplyAsync());
        Assert.False(Directory.Exists(server.Root));
        using var late = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() => late.ConnectAsync(server.EndPoint));
    }

    [Fact]
    public async Task Waiting_for_a_command_that_does_not_come_tells_what_came()
    {
        await using var server = LoopbackServer.Start();
        using var ftp = await RawFtp.LoginAsync(server);
        var e = await Assert.ThrowsAsync<TimeoutException>(() => server.WaitForCommandAsync("RETR", TimeSpan.FromMilliseconds(20)));
        Assert.Contains("TYPE I", e.Message);
    }
}
