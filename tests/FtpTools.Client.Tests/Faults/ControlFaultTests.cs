using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>What can go wrong on the control connection.</summary>
public sealed class ControlFaultTests : LoopbackTest
{
    [Fact]
    public async Task Replies_may_come_byte_by_byte()
    {
        Server.ReplyBytewise = true;
        using var session = await ConnectAsync();
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_TYPE_fails_transfers_and_nothing_else()
    {
        Server.On("TYPE", (_, _) => Task.CompletedTask);
        using var session = await ConnectAsync();
        Serve("file", 1000);
        Assert.Equal("/file", Assert.Single(await ListAsync(session)).FullName);
        await FailsAsync("FtpTimeout", () => session.UploadAsync(new MemoryStream([1]), "/up", Default, null, Bound));
        Server.Off("TYPE");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_421_in_mid_session_is_told_and_the_next_command_logs_in_again()
    {
        using var session = await ConnectAsync();
        Server.On("MLST", async (connection, _) =>
        {
            await connection.ReplyAsync("421 Shutting down for maintenance.");
            connection.Close();
        });
        var error = await FailsAsync("FtpConnectionLost", () => session.GetItemAsync("/x", Bound));
        Assert.Contains("421 Shutting down for maintenance.", error.Message);
        Server.Off("MLST");
        await ProveAsync(session);
        // The first one may have been of a session that was over, and is asked again.
        Assert.Equal(3, Server.AcceptedCount);
    }

    [Fact]
    public async Task A_connection_closed_while_idle_is_replaced_without_an_error()
    {
        using var session = await ConnectAsync();
        var first = Assert.Single(Server.Connections);
        await first.ReplyAsync("421 No transfer timeout (60 seconds): closing control connection.");
        first.Close();
        await ProveAsync(session);
        Assert.Equal(2, Server.AcceptedCount);
    }

    /// <summary>A socket that was reset has no other end any more, if that is asked late enough.</summary>
    [Fact]
    public async Task A_connection_that_is_reset_as_soon_as_it_is_open_is_lost_and_nothing_worse()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var resetting = Task.Run(async () =>
        {
            while (true)
            {
                using var caller = await listener.AcceptSocketAsync(Bound);
                caller.LingerState = new LingerOption(true, 0);
            }
        });
        var options = Options with { Port = ((IPEndPoint)listener.LocalEndpoint).Port };
        for (var i = 0; i < 200; i++)
            await FailsAsync("FtpConnectionLost", () => FtpSession.ConnectAsync(options, Bound));
        listener.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => resetting);
    }

    [Fact]
    public async Task A_reset_in_mid_command_is_told_and_not_repeated()
    {
        using var session = await ConnectAsync();
        Server.On("DELE", (connection, _) =>
        {
            connection.Drop();
            return Task.CompletedTask;
        });
        await FailsAsync("FtpConnectionLost", () => session.DeleteFileAsync("/x", Bound));
        Assert.Equal(1, Count("DELE"));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_server_that_never_greets_is_given_up()
    {
        Server.Greeting = null;
        var error = await FailsAsync("FtpTimeout", ConnectAsync);
        Assert.Contains("2 seconds", error.Message);
        Assert.Contains("-TimeoutSec", error.Message);
    }

    [Fact]
    public async Task How_long_it_waited_is_told_in_English_whatever_the_users_language()
    {
        Server.Greeting = null;
        var own = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = comma;
        try
        {
            var error = await FailsAsync("FtpTimeout", () => FtpSession.ConnectAsync(Options with { Timeout = TimeSpan.FromSeconds(0.5) }, Bound));
            Assert.Contains("within 0.5 seconds", error.Message);
        }
        finally
        {
            CultureInfo.CurrentCulture = own;
        }
    }

    [Fact]
    public async Task A_server_that_never_answers_a_command_is_given_up()
    {
        using var session = await ConnectAsync();
        Server.On("DELE", (_, _) => Task.CompletedTask);
        await FailsAsync("FtpTimeout", () => session.DeleteFileAsync("/x", Bound));
        await ProveAsync(session);
    }

    [Fact]
    public async Task Nobody_listening_is_an_unreachable_host()
    {
        await Server.DisposeAsync();
        var error = await FailsAsync("FtpHostUnreachable", ConnectAsync);
        Assert.Contains($"{Server.Host}:{Server.Port}", error.Message);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_an_unreachable_host() =>
        await FailsAsync("FtpHostUnreachable", () => FtpSession.ConnectAsync(Options with { ComputerName = "no-such-host.invalid" }, Bound));

    [Fact]
    public async Task A_reply_of_10_MiB_is_refused()
    {
        using var session = await ConnectAsync();
        Server.On("DELE", async (connection, _) =>
        {
            var block = Encoding.ASCII.GetBytes(new string('x', 1 << 16));
            await connection.SendRawAsync("550 "u8.ToArray());
            for (var i = 0; i < 160; i++)
                await connection.SendRawAsync(block);
        });
        var error = await FailsAsync("FtpConnectionLost", () => session.DeleteFileAsync("/x", Bound));
        Assert.Contains("longer than 256 KiB", error.Message);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_refused_FEAT_is_no_failure()
    {
        Server.On("FEAT", (connection, _) => connection.ReplyAsync("500 FEAT not understood"));
        using var session = await ConnectAsync();
        await ProveAsync(session);
        Assert.Equal(0, Count("MLST") + Count("MLSD"));
    }

    [Fact]
    public async Task When_the_server_takes_no_more_connections_the_pool_is_content_with_fewer()
    {
        Server.MaxConnections = 2;
        using var session = await FtpSession.ConnectAsync(Options with { MaxConnection = 6 }, Bound);
        foreach (var i in Enumerable.Range(0, 12))
            Serve($"f{i}", 100_000);
        await Parallel.ForAsync(0, 12, Bound, async (i, stop) =>
            await session.DownloadAsync(await session.GetItemAsync($"/f{i}", stop), Local($"f{i}"), Default, null, stop));
        Assert.InRange(session.ConnectionCount, 1, 2);
        await ProveAsync(session);
    }

    [Fact]
    public async Task An_idle_session_is_kept_alive()
    {
        using var session = await FtpSession.ConnectAsync(Options with { KeepAlive = TimeSpan.FromMilliseconds(100) }, Bound);
        await Server.WaitForCommandAsync("NOOP", TimeSpan.FromSeconds(10), count: 2);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_disconnected_session_says_so()
    {
        var session = await ConnectAsync();
        await session.CloseAsync(Bound);
        Assert.Equal(FtpSessionState.Closed, session.State);
        Assert.Equal(1, Count("QUIT"));
        var error = await FailsAsync("FtpSessionClosed", () => session.GetItemAsync("/x", Bound));
        Assert.Contains("Connect-Ftp", error.Message);
    }

    [Fact]
    public async Task The_password_is_in_no_trace_and_each_flow_sees_its_own_commands()
    {
        var connect = new ConcurrentQueue<FtpLogEntry>();
        var delete = new ConcurrentQueue<FtpLogEntry>();
        FtpSession session;
        using (FtpTrace.To(connect.Enqueue))
            session = await ConnectAsync();
        using (FtpTrace.To(delete.Enqueue))
            await Assert.ThrowsAsync<FtpCommandException>(() => session.DeleteFileAsync("/nope", Bound));
        session.Dispose();
        Assert.Contains(connect, entry => entry.Message == "--> PASS ****");
        Assert.DoesNotContain(connect, entry => entry.Message.Contains(Server.Password, StringComparison.Ordinal));
        // No path was accepted yet: the server may take names alone.
        Assert.Equal(["--> DELE /nope", "--> CWD /", "--> DELE nope"], delete.Where(entry => entry.Message.StartsWith("-->", StringComparison.Ordinal)).Select(entry => entry.Message));
    }
}
