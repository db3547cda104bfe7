using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;
using FtpTools.Dialogue;
using FtpTools.Tests.Tls;
using Xunit;
using Loss = FtpTools.Dialogue.TransferKeepAlive.Loss;

namespace FtpTools.Tests.Faults;

/// <summary>What keeps the control connection in use while it is silent, and what is said when it was lost all the same.</summary>
public sealed class KeepAliveTests : LoopbackTest
{
    private const int Size = 300_000;
    private static readonly TimeSpan _often = TimeSpan.FromMilliseconds(150);
    private readonly LogList _log = new();

    [Theory]
    [InlineData(0, 60)]
    [InlineData(0.2, 1)]
    [InlineData(30, 30)]
    [InlineData(86_400, 32_767)]
    public void TCP_asks_after_a_minute_or_when_the_user_wants_it(double asked, int seconds) =>
        Assert.Equal(seconds, ControlDial.KeepAliveTime(TimeSpan.FromSeconds(asked)).TotalSeconds);

    [Fact(Skip = Engine.NoKeepAliveTimes)]
    public void The_options_are_set_on_a_socket()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(listener.LocalEndpoint);
        Compat.KeepAlive(socket, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(7), 5);
        int Tcp(SocketOptionName name) => (int)socket.GetSocketOption(SocketOptionLevel.Tcp, name)!;
        Assert.NotEqual(0, (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)!);
        Assert.Equal((40, 7, 5), (Tcp(SocketOptionName.TcpKeepAliveTime), Tcp(SocketOptionName.TcpKeepAliveInterval), Tcp(SocketOptionName.TcpKeepAliveRetryCount)));
    }

    [Fact(Skip = Engine.NoKeepAliveTimes)]
    public async Task A_control_connection_has_TCP_ask_for_a_sign_of_life()
    {
        if (!OperatingSystem.IsLinux())
            return; // which shows the timers of its sockets
        using var session = await FtpSession.ConnectAsync(Options with { KeepAlive = TimeSpan.FromSeconds(20) }, Bound);
        // sl local remote state queues timer:when; state 01 is an open connection, timer 02 is keep-alive's, in hundredths of a second.
        var remote = string.Create(CultureInfo.InvariantCulture, $":{Server.Port:X4}");
        var fields = File.ReadLines("/proc/net/tcp").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Single(parts => parts[2].EndsWith(remote, StringComparison.Ordinal) && parts[3] == "01");
        var timer = fields[5].Split(':');
        Assert.Equal("02", timer[0]);
        Assert.InRange(int.Parse(timer[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture), 1, 2000);
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NOOPs_that_are_answered_after_a_transfer_are_counted(bool upload)
    {
        using var session = await FtpSession.ConnectAsync(Options with { KeepAlive = _often }, Bound);
        var watch = Stopwatch.StartNew();
        await RunSlowlyAsync(session, upload);
        // One a time in the transfer, and at most one a time while idle.
        Assert.InRange(Count("NOOP"), 1, 2 + (int)(2 * (watch.Elapsed / _often)));
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Theory]
    [InlineData("200 NOOP: data transfer in progress")] // ProFTPD
    [InlineData("500 Unknown command")] // Pure-FTPd
    public async Task A_NOOP_that_is_answered_in_mid_transfer_does_not_end_it(string reply)
    {
        // Those that came while the connection was idle are answered as ever, and do not count.
        var (before, isSwallowed) = (-1, false);
        Server.On("NOOP", (c, argument) =>
        {
            if (before < 0 || isSwallowed)
                return c.HandleAsync("NOOP", argument);
            isSwallowed = true;
            return Task.CompletedTask;
        });
        Server.On("RETR", async (c, argument) =>
        {
            before = Count("NOOP");
            var transfer = c.HandleAsync("RETR", argument);
            await Server.WaitForCommandAsync("NOOP", TimeSpan.FromSeconds(10), before + 1);
            await c.ReplyAsync(reply);
            await transfer;
        });
        using var session = await FtpSession.ConnectAsync(Options with { KeepAlive = _often }, Bound);
        await RunSlowlyAsync(session, upload: false);
        Server.Off("RETR");
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Fact]
    public async Task No_NOOP_is_said_in_a_transfer_unless_it_was_asked_for()
    {
        using var session = await ConnectAsync();
        await RunSlowlyAsync(session, upload: false);
        Assert.Equal(0, Count("NOOP"));
    }

    [Fact]
    public async Task A_NOOP_that_is_never_answered_costs_the_connection_and_not_the_file()
    {
        var before = -1;
        Server.On("NOOP", (c, argument) => before < 0 ? c.HandleAsync("NOOP", argument) : Task.CompletedTask);
        Server.On("RETR", (c, argument) =>
        {
            before = Count("NOOP");
            return c.HandleAsync("RETR", argument);
        });
        using var session = await FtpSession.ConnectAsync(Options with { KeepAlive = TimeSpan.FromSeconds(0.8), Log = _log }, Bound);
        await RunSlowlyAsync(session, upload: false);
        Assert.True(Count("NOOP") > before);
        Server.Off("NOOP");
        Server.Off("RETR");
        await RunSlowlyAsync(session, upload: false);
        Assert.Empty(NoopsOfLastTransfer());
        Assert.Equal(2, Server.AcceptedCount);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_transfer_that_a_NOOP_breaks_is_gone_on_with_without()
    {
        Server.On("RETR", async (c, argument) =>
        {
            Server.Off("RETR");
            var before = Count("NOOP");
            var transfer = c.HandleAsync("RETR", argument);
            await Server.WaitForCommandAsync("NOOP", TimeSpan.FromSeconds(10), before + 1);
            c.Drop();
            await transfer;
        });
        using var session = await FtpSession.ConnectAsync(Options with { KeepAlive = _often, Log = _log }, Bound);
        Server.DataFaults.BytesPerSecond = Size;
        Serve("slow", Size);
        var result = await session.DownloadAsync(await session.GetItemAsync("/slow", Bound), Local("slow"), new FtpTransferOptions { RetryCount = 1 }, null, Bound);
        Assert.Equal((2, 2), (result.Attempts, Count("RETR")));
        Assert.Empty(NoopsOfLastTransfer());
        await ProveAsync(session);
    }

    [Fact]
    public async Task An_upload_that_a_NOOP_breaks_is_gone_on_with_without_though_its_data_breaks_first()
    {
        Server.On("STOR", async (c, _) =>
        {
            Server.Off("STOR");
            await c.ReplyAsync("150 Ok to send data.");
            using (var data = await c.OpenDataAsync())
            {
                await Server.WaitForCommandAsync("NOOP", TimeSpan.FromSeconds(10), Count("NOOP") + 1);
                data.LingerState = new LingerOption(true, 0);
            }

            await Task.Delay(Timeout.Infinite, c.Closed);
        });
        // By then the client has seen that its data broke.
        Server.On("ABOR", (c, _) =>
        {
            Server.Off("ABOR");
            c.Drop();
            return Task.CompletedTask;
        });
        using var session = await FtpSession.ConnectAsync(Options with { KeepAlive = _often, Log = _log, Timeout = TimeSpan.FromSeconds(20) }, Bound);
        File.WriteAllBytes(Local("source"), new byte[30_000_000]);
        var result = await session.UploadAsync(Local("source"), "/copy", new FtpTransferOptions { RetryCount = 1 }, null, Bound);
        Assert.Equal(2, result.Attempts);
        Assert.Contains(session.Habits, habit => habit.Name.Contains("NOOP", StringComparison.Ordinal));
        // It was reset while the client waited to send more, which .NET calls a time-out.
        var warning = Assert.Single(_log.Warnings, line => line.StartsWith("Attempt 1", StringComparison.Ordinal));
        Assert.Contains("was lost", warning);
        Assert.DoesNotContain("20 seconds", warning);
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancel_with_a_NOOP_on_its_way_leaves_the_session_usable(bool upload)
    {
        using var session = await FtpSession.ConnectAsync(Options with { KeepAlive = _often, Timeout = TimeSpan.FromSeconds(25) }, Bound);
        Serve("big", 30_000_000);
        File.WriteAllBytes(Local("source"), new byte[30_000_000]);
        var item = await session.GetItemAsync("/big", Bound);
        var stalled = Server.DataFaults.StallNextAsync(500_000);
        using var stop = new CancellationTokenSource();
        Task transfer = upload
            ? session.UploadAsync(Local("source"), "/copy", Default, null, stop.Token)
            : session.DownloadAsync(item, Local("big"), Default, null, stop.Token);
        await stalled.WaitAsync(Bound);
        await Server.WaitForCommandAsync("NOOP", TimeSpan.FromSeconds(10), Count("NOOP") + 1);
        var watch = Stopwatch.StartNew();
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transfer);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(true, "All 300000 bytes had been sent")]
    [InlineData(false, "All 300000 bytes had been received")]
    public async Task A_final_reply_that_never_comes_is_told_with_the_bytes_and_without_a_guess(bool upload, string bytes)
    {
        using var session = await ConnectAsync();
        NeverEnd();
        var error = await FailsAsync("FtpTimeout", () => RunAsync(session, upload, Default));
        Assert.Contains(bytes, error.Message);
        // They took no time, and no NAT forgets a connection as soon as that.
        Assert.DoesNotContain("NAT", error.Message);
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_final_reply_that_never_comes_costs_a_try_and_no_byte(bool upload)
    {
        using var session = await ConnectAsync();
        NeverEnd();
        var result = await RunAsync(session, upload, new FtpTransferOptions { RetryCount = 1 });
        Assert.Equal((2, (long)Size, FtpVerification.Size), (result.Attempts, result.Length, result.Verification));
        Assert.Equal(1, Count("RETR") + Count("STOR"));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("RETR", 5L, 9L, false, Loss.Reset, 3, 0, false, "5 bytes had been received.")]
    [InlineData("RETR", 5L, 9L, false, Loss.Reset, 90, 0, true, "5 bytes had been received.")]
    [InlineData("STOR", 5L, null, false, Loss.Reset, 90, 0, true, "5 bytes had been sent.")]
    [InlineData("STOR", 5L, null, false, Loss.Close, 90, 0, false, "5 bytes had been sent.")]
    [InlineData("RETR", 5L, 9L, false, Loss.Silence, 90, 0, false, "5 bytes had been received.")]
    [InlineData("RETR", 5L, null, true, Loss.Silence, 90, 0, true, "5 bytes had been received and the data connection had ended")]
    [InlineData("RETR", 5L, 5L, true, Loss.Silence, 90, 60, true, "All 5 bytes had been received")]
    [InlineData("RETR", 5L, 5L, true, Loss.Silence, 3, 60, false, "All 5 bytes had been received")]
    public void A_NAT_is_blamed_for_what_one_may_have_done(
        string verb, long moved, long? expected, bool hasEnded, object loss, int silence, int keepAlive, bool isBlamed, string bytes)
    {
        var text = TransferKeepAlive.Explain(verb, moved, expected, hasEnded, (Loss)loss, TimeSpan.FromSeconds(silence), TimeSpan.FromSeconds(keepAlive));
        Assert.StartsWith(bytes, text, StringComparison.Ordinal);
        Assert.Equal(isBlamed, text.Contains("NAT", StringComparison.Ordinal));
        Assert.Equal(isBlamed, text.Contains("-KeepAliveSec", StringComparison.Ordinal));
    }

    /// <summary>
    /// The NOOPs between the last RETR and its closing reply. Other ones belong to the idle connection, before and after: on
    /// a busy machine it is idle for longer than the time between two.
    /// </summary>
    private IEnumerable<string> NoopsOfLastTransfer()
    {
        var said = _log.Of(FtpLogLevel.Debug).ToList();
        return said.Skip(said.FindLastIndex(line => line.StartsWith("--> RETR", StringComparison.Ordinal)))
            .TakeWhile(line => !line.StartsWith("<-- 226", StringComparison.Ordinal)).Where(line => line == "--> NOOP");
    }

    /// <summary>Transfers for a second.</summary>
    private async Task RunSlowlyAsync(FtpSession session, bool upload)
    {
        Server.DataFaults.BytesPerSecond = Size;
        await RunAsync(session, upload, Default);
        Server.DataFaults.BytesPerSecond = 0;
    }

    private async Task<FtpTransferResult> RunAsync(FtpSession session, bool upload, FtpTransferOptions options)
    {
        Serve("down", Size);
        File.Copy(Path.Combine(Server.Root, "down"), Local("up"), overwrite: true);
        var result = upload
            ? await session.UploadAsync(Local("up"), "/copy", options, null, Bound)
            : await session.DownloadAsync(await session.GetItemAsync("/down", Bound), Local("down"), options, null, Bound);
        Assert.Equal(File.ReadAllBytes(Local("up")), File.ReadAllBytes(upload ? Path.Combine(Server.Root, "copy") : Local("down")));
        return result;
    }

    /// <summary>The next transfer ends, and nothing is said of it.</summary>
    private void NeverEnd()
    {
        Server.DataFaults.AppliesTo = (verb, _) => verb is "RETR" or "STOR";
        Server.DataFaults.SilentEnds = 1;
    }
}
