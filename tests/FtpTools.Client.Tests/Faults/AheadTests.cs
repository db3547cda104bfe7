using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.Tests.Tls;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>What is done before its time, the next EPSV and bytes ahead of the 150, and what becomes of it when the server says no.</summary>
public sealed class AheadTests : TlsTest
{
    private static readonly byte[] _bytes = [.. Enumerable.Range(0, 5_000_000).Select(i => (byte)(i * 13))];

    private new FtpClientOptions Options => base.Options with { SendAhead = FtpSendAhead.Always };

    [Fact]
    public async Task The_port_of_the_next_transfer_is_asked_for_along_with_this_one()
    {
        using var connection = await OpenAsync(new SessionTraits(Options));
        await SendAsync(connection, "/a", true);
        Assert.Equal(["EPSV", "STOR", "EPSV"], Server.Commands.TakeLast(3).Select(line => line.Split(' ')[0]));
        await SendAsync(connection, "/b", false);
        Assert.Equal(2, Count("EPSV"));
        await SendAsync(connection, "/c", false);
        Assert.Equal((3, 0), (Count("EPSV"), Count("PASV")));
    }

    [Theory]
    [InlineData("450 Not during a transfer.")]
    [InlineData("500 What?")]
    public async Task A_server_that_takes_no_EPSV_ahead_is_not_asked_again_and_the_mode_stays(string reply)
    {
        Server.On("EPSV", (connection, argument) => Count("EPSV") == 2 ? connection.ReplyAsync(reply) : connection.HandleAsync("EPSV", argument));
        using var connection = await OpenAsync(new SessionTraits(Options));
        foreach (var path in new[] { "/a", "/b", "/c" })
            await SendAsync(connection, path, true);
        Assert.Equal((4, 0, 1), (Count("EPSV"), Count("PASV"), Server.AcceptedCount));
    }

    [Fact]
    public async Task A_port_that_was_announced_ahead_and_is_closed_by_then_says_nothing_of_the_mode()
    {
        var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        Server.On("EPSV", (connection, argument) => Count("EPSV") == 2
            ? connection.ReplyAsync($"229 Entering Extended Passive Mode (|||{port}|)")
            : connection.HandleAsync("EPSV", argument));
        using var connection = await OpenAsync(new SessionTraits(Options));
        foreach (var path in new[] { "/a", "/b", "/c" })
            await SendAsync(connection, path, true);
        Assert.Equal((4, 0, 1), (Count("EPSV"), Count("PASV"), Server.AcceptedCount));
    }

    [Fact]
    public async Task A_port_that_was_announced_ahead_is_forgotten_over_another_mode()
    {
        var traits = new SessionTraits(Options);
        using var connection = await OpenAsync(traits);
        await SendAsync(connection, "/a", true);
        traits.Ladder = new DataModeLadder(FtpMode.Port);
        await SendAsync(connection, "/b", false);
        traits.Ladder = new DataModeLadder(FtpMode.Epsv);
        await SendAsync(connection, "/c", false);
        Assert.Equal((3, true), (Count("EPSV"), !traits.Habits.Has(ServerHabit.NoEpsvAhead)));
    }

    [Fact]
    public async Task The_reply_to_an_EPSV_ahead_is_not_the_end_of_the_transfer_that_it_overtakes()
    {
        using var connection = await OpenAsync(new SessionTraits(Options));
        Server.On("EPSV", (one, argument) => Count("EPSV") == 1 ? one.HandleAsync("EPSV", argument) : Task.CompletedTask);
        Server.On("STOR", async (one, _) =>
        {
            await one.ReplyAsync("150 Go on.");
            using (var data = await one.OpenDataAsync())
            {
                while (await data.ReceiveAsync(new byte[100_000], SocketFlags.None, one.Closed) > 0)
                {
                }
            }

            await one.ReplyAsync("229 Entering Extended Passive Mode (|||1|)\r\n451 Nothing was kept.");
        });
        await FailsAsync("FtpConnectionLost", () => SendAsync(connection, "/a", true));
        Assert.False(connection.IsOpen);
    }

    [Fact]
    public async Task A_refused_transfer_leaves_the_reply_to_the_EPSV_behind_it_in_its_place()
    {
        using var connection = await OpenAsync(new SessionTraits(Options));
        await SendAsync(connection, "/a", true);
        await FailsAsync("FtpPathNotFound", () => SendAsync(connection, "/missing/b", true));
        await SendAsync(connection, "/c", false);
        Assert.Equal((3, 0, 1), (Count("EPSV"), Count("PASV"), Server.AcceptedCount));
    }

    [Theory]
    [InlineData(FtpTlsMode.None)]
    [InlineData(FtpTlsMode.Explicit)]
    public async Task A_refusal_is_the_error_and_not_the_connection_that_broke_over_it(FtpTlsMode tls)
    {
        using var session = await FtpSession.ConnectAsync(Secure with { Tls = tls }, Bound);
        await ProveAsync(session);
        for (var i = 0; i < 10; i++)
        {
            var error = await FailsAsync("FtpPathNotFound", () => session.UploadAsync(new MemoryStream(_bytes), "/missing/file", Default, null, Bound));
            Assert.Contains("the server replied '550 ", error.Message);
        }

        await ProveAsync(session);
        Assert.Equal((1, 0), (Server.AcceptedCount, Count("PASV")));
    }

    [Fact]
    public async Task A_disk_that_fills_up_is_the_error_and_not_the_connection_that_broke_over_it()
    {
        Server.On("STOR", async (connection, _) =>
        {
            await connection.ReplyAsync("150 Go on.");
            using (var data = await connection.OpenDataAsync())
            {
                await data.ReceiveAsync(new byte[1000], SocketFlags.None, connection.Closed);
                data.LingerState = new LingerOption(true, 0);
            }

            await Task.Delay(200, connection.Closed);
            await connection.ReplyAsync("552 Quota exceeded.");
        });
        using var session = await FtpSession.ConnectAsync(Options with { Tls = FtpTlsMode.None }, Bound);
        await FailsAsync("FtpDiskFull", () => session.UploadAsync(new MemoryStream(_bytes), "/up", new FtpTransferOptions(), null, Bound));
        Assert.Equal(1, Count("STOR"));
        Server.Off("STOR");
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Fact]
    public async Task No_byte_is_sent_ahead_where_REST_may_be_refused()
    {
        using var connection = await OpenAsync(new SessionTraits(Options));
        await SendAsync(connection, "/a", false);
        Server.On("STOR", async (one, _) =>
        {
            await Task.Delay(200, one.Closed);
            await one.ReplyAsync("550 No restart here.");
        });
        var reads = 0;
        await Assert.ThrowsAsync<FtpCommandException>(() => connection.Transfers.StoreAsync("/a", "/a", false, FtpTransferType.Binary, null, 5, () => _ => reads++ * 0, null, Bound));
        Assert.Equal(0, reads);
        Assert.Equal((1_000_000, 1), (await connection.Files.SizeAsync("/a", Bound), Server.AcceptedCount));
    }

    [Fact]
    public async Task A_server_that_goes_on_sending_after_an_upload_is_waited_for_no_longer_than_a_second()
    {
        Server.On("STOR", async (connection, argument) =>
        {
            await connection.ReplyAsync("150 Go on.");
            var data = await connection.OpenDataAsync();
            while (await data.ReceiveAsync(new byte[100_000], SocketFlags.None, connection.Closed) > 0)
            {
            }

            await connection.ReplyAsync("226 Done.");
            _ = Task.Run(async () =>
            {
                using (data)
                {
                    for (var i = 0; i < 50; i++)
                    {
                        await data.SendAsync(new byte[1], SocketFlags.None, connection.Closed);
                        await Task.Delay(200, connection.Closed);
                    }
                }
            });
        });
        using var session = await FtpSession.ConnectAsync(Options with { Tls = FtpTlsMode.None }, Bound);
        var watch = Stopwatch.StartNew();
        await session.UploadAsync(new MemoryStream(new byte[1000]), "/up", Default with { Direct = true }, null, Bound);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4));
        Server.Off("STOR");
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Theory]
    [InlineData(null, new[] { false })]
    [InlineData("220 (vsFTPd 3.0.3)", new[] { true, false })]
    public async Task Data_goes_before_the_reply_to_known_servers_alone_and_costs_one_try_where_it_is_lost(string? greeting, bool[] early)
    {
        Server.Greeting = greeting ?? Server.Greeting;
        // As pyftpdlib: what comes over a data connection before the command is its end, and 150 asks for another one.
        var isEarly = new List<bool>();
        using var session = await FtpSession.ConnectAsync(base.Options with { Tls = FtpTlsMode.None }, Bound);
        await session.UploadAsync(new MemoryStream(new byte[9]), "/before", Default, null, Bound);
        Server.On("STOR", async (connection, argument) =>
        {
            using var data = await connection.OpenDataAsync();
            var bytes = new byte[100];
            var coming = data.ReceiveAsync(bytes);
            isEarly.Add(await Task.WhenAny(coming, Task.Delay(500)) == coming);
            if (isEarly[^1])
                data.Close();
            await connection.ReplyAsync("150 File status okay. About to open data connection.");
            if (isEarly[^1])
                await Task.Delay(Timeout.Infinite, connection.Closed);
            await File.WriteAllBytesAsync(Path.Combine(Server.Root, argument.TrimStart('/')), bytes[..await coming]);
            data.Close();
            await connection.ReplyAsync("226 Transfer complete.");
        });
        await File.WriteAllTextAsync(Local("small"), "small");
        var result = await session.UploadAsync(Local("small"), "/small", new FtpTransferOptions { RetryCount = 1 }, null, Bound);
        Assert.Equal(early.Length, result.Attempts);
        Assert.Equal(early, isEarly);
        Assert.Equal("small", await File.ReadAllTextAsync(Path.Combine(Server.Root, "small")));
        Assert.Equal(early[0], session.Habits.Any(habit => habit.Name.StartsWith("doesn't accept data before", StringComparison.Ordinal)));
        Server.Off("STOR");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_listing_whose_TLS_failed_is_not_one_of_nothing()
    {
        Server.On("MLSD", async (connection, _) =>
        {
            using var data = await connection.OpenDataAsync();
            await connection.ReplyAsync("226 Nothing to list.");
            await Task.Delay(200, connection.Closed);
        });
        using var session = await ConnectSecureAsync();
        await FailsAsync("FtpTlsFailed", () => ListAsync(session));
        Server.Off("MLSD");
        await ProveAsync(session);
    }

    [Fact(Skip = Engine.NoTls13)]
    public async Task A_hash_is_chosen_anew_on_a_connection_that_was_made_anew()
    {
        Server.Features.Add("HASH SHA-256;SHA-1*");
        Server.On("OPTS", (one, argument) => argument.StartsWith("HASH", StringComparison.Ordinal) ? one.ReplyAsync("200 SHA-256") : one.HandleAsync("OPTS", argument));
        Server.On("HASH", (one, _) => one.ReplyAsync($"213 SHA-256 0-10 {new string('A', 64)} /a"));
        var traits = new SessionTraits(Secure);
        using var connection = await FtpConnection.OpenAsync(Secure, traits, 1, Bound);
        await connection.Hashes.HashAsync("/a", null, Bound);
        await connection.Hashes.HashAsync("/a", null, Bound);
        traits.Habits.Learn(ServerHabit.NoTls13Reuse, "a test");
        await SendAsync(connection, "/a", false);
        await connection.Hashes.HashAsync("/a", null, Bound);
        Assert.Equal((2, 2), (Server.Commands.Count(line => line == "OPTS HASH SHA-256"), Server.AcceptedCount));
    }

    private Task<FtpConnection> OpenAsync(SessionTraits traits) => FtpConnection.OpenAsync(Options with { Tls = FtpTlsMode.None }, traits, 1, Bound);

    private async Task SendAsync(FtpConnection connection, string path, bool isFollowed)
    {
        Func<byte[], int> Start()
        {
            var left = new MemoryStream(_bytes, 0, 1_000_000);
            return buffer => left.Read(buffer, 0, buffer.Length);
        }

        await connection.Transfers.StoreAsync(path, path, false, FtpTransferType.Binary, 1_000_000, 0, Start, () => isFollowed, Bound);
        Assert.Equal(_bytes.Take(1_000_000), await File.ReadAllBytesAsync(Path.Combine(Server.Root, path.TrimStart('/'))));
    }
}
