using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;
using FtpTools.Protocol;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>What can go wrong on data connections, and which way is taken then.</summary>
public sealed class DataFaultTests : LoopbackTest
{
    [Fact]
    public async Task A_fresh_data_connection_is_asked_for_before_every_transfer_and_the_type_set_once()
    {
        using var session = await ConnectAsync();
        for (var i = 0; i < 3; i++)
            await ProveAsync(session);
        await ListAsync(session);
        Assert.Equal((4, 1), (Count("EPSV"), Count("TYPE")));
        session.Mode = FtpMode.Port;
        await ProveAsync(session);
        Assert.Equal((4, 1), (Count("EPSV"), Count("PORT")));
    }

    [Theory]
    [InlineData("500 What?")]
    [InlineData("502 EPSV not implemented.")]
    [InlineData("522 Network protocol not supported.")]
    [InlineData("229 Entering some mode, I guess.")]
    public async Task A_refused_EPSV_is_followed_by_PASV_once_and_for_all(string reply)
    {
        Server.On("EPSV", (connection, _) => connection.ReplyAsync(reply));
        using var session = await ConnectAsync();
        await ProveAsync(session);
        await ProveAsync(session);
        Assert.Equal((1, 2), (Count("EPSV"), Count("PASV")));
    }

    [Fact]
    public async Task Auto_ends_up_in_active_mode_where_passive_is_refused()
    {
        Server.On("EPSV", (connection, _) => connection.ReplyAsync("500 no"));
        Server.On("PASV", (connection, _) => connection.ReplyAsync("500 no"));
        using var session = await ConnectAsync();
        await ProveAsync(session);
        var result = await session.UploadAsync(Local("proof"), "/copy", Default, null, Bound);
        Assert.Equal(FtpMode.Port, result.Mode);
        Assert.Equal((1, 1), (Count("EPSV"), Count("PASV")));
        session.Mode = FtpMode.Passive; // asked for by name: no active mode, and the refusal is told
        await FailsAsync("FtpCommandNotSupported", () => ListAsync(session));
        session.Mode = FtpMode.Active;
        await ProveAsync(session);
    }

    [Fact]
    public async Task Auto_goes_on_when_the_announced_port_is_closed()
    {
        var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        Server.On("EPSV", (connection, _) => connection.ReplyAsync($"229 Entering Extended Passive Mode (|||{port}|)"));
        using var session = await ConnectAsync();
        await ProveAsync(session);
        Assert.Equal(1, Count("EPSV"));
    }

    [Fact]
    public async Task Auto_goes_on_when_nothing_answers_at_the_announced_port_and_a_cancel_does_not_wait_for_it()
    {
        if (!OperatingSystem.IsLinux())
            return; // whose listeners drop calls when their queue is full, as a firewall does
        using var hole = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        hole.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        hole.Listen(0);
        using var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        filler.Connect(hole.LocalEndPoint!);
        Server.On("EPSV", (connection, _) => connection.ReplyAsync($"229 Entering Extended Passive Mode (|||{((IPEndPoint)hole.LocalEndPoint!).Port}|)"));

        using var session = await FtpSession.ConnectAsync(Options with { DataTimeout = TimeSpan.FromSeconds(25) }, Bound);
        using var stop = new CancellationTokenSource();
        var listing = session.ListAsync("/", false, _ => { }, stop.Token);
        await Server.WaitForCommandAsync("EPSV", TimeSpan.FromSeconds(5));
        var watch = Stopwatch.StartNew();
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listing);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));

        using var patient = await ConnectAsync();
        watch.Restart();
        await ProveAsync(patient);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(4));
        watch.Restart();
        await ProveAsync(patient);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(0.9));
    }

    [Fact]
    public async Task A_foreign_address_in_227_is_not_dialled()
    {
        Server.PasvAddress = IPAddress.Parse("203.0.113.7");
        using var session = await FtpSession.ConnectAsync(Options with { Mode = FtpMode.Pasv }, Bound);
        await ProveAsync(session);
    }

    [Fact]
    public async Task IPv6_works_both_ways()
    {
        await using var server = LoopbackServer.Start(Server.Root, IPAddress.IPv6Loopback);
        var options = Options with { ComputerName = server.Host, Port = server.Port, Password = server.Password };
        using var session = await FtpSession.ConnectAsync(options, Bound);
        await ProveAsync(session);
        session.Mode = FtpMode.Active;
        await ProveAsync(session);
        Assert.Contains(server.Commands, line => line.StartsWith("EPRT |2|::1|", StringComparison.Ordinal));
        session.Mode = FtpMode.Port;
        var error = await FailsAsync("FtpDataConnectionFailed", () => ListAsync(session));
        Assert.Contains("Eprt", error.Message);
    }

    [Theory]
    [InlineData(FtpMode.Auto)]
    [InlineData(FtpMode.Passive)]
    public async Task Over_IPv6_PASV_is_for_servers_that_know_nothing_newer(FtpMode mode)
    {
        await using var server = LoopbackServer.Start(Server.Root, IPAddress.IPv6Loopback);
        foreach (var verb in new[] { "EPSV", "EPRT" })
            server.On(verb, (c, _) => c.ReplyAsync("500 Unknown command"));
        server.PasvAddress = IPAddress.Any;
        using var session = await FtpSession.ConnectAsync(Options with { ComputerName = server.Host, Port = server.Port, Password = server.Password, Mode = mode }, Bound);
        await ProveAsync(session);
        Assert.Equal((1, mode == FtpMode.Auto ? 1 : 0), (server.Commands.Count(line => line == "EPSV"), server.Commands.Count(line => line.StartsWith("EPRT", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Active_ports_come_from_the_range_in_turn()
    {
        var first = FreePorts.Take(3);
        using var session = await FtpSession.ConnectAsync(Options with { Mode = FtpMode.Port, ActivePortRange = new FtpPortRange(first, first + 2) }, Bound);
        for (var i = 0; i < 3; i++)
            await ListAsync(session);
        var ports = Server.Commands.Where(line => line.StartsWith("PORT ", StringComparison.Ordinal))
            .Select(line => line.Split(',')).Select(parts => (int.Parse(parts[4]) << 8) | int.Parse(parts[5]));
        Assert.Equal([first, first + 1, first + 2], ports);
    }

    [Fact]
    public async Task A_full_active_range_is_an_error_that_says_so()
    {
        var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        var port = ((IPEndPoint)busy.LocalEndpoint).Port;
        using var session = await FtpSession.ConnectAsync(Options with { Mode = FtpMode.Port, ActivePortRange = new FtpPortRange(port, port) }, Bound);
        var error = await FailsAsync("FtpDataConnectionFailed", () => ListAsync(session));
        Assert.Contains("-ActivePortRange", error.Message);
        busy.Stop();
        await ListAsync(session);
    }

    [Fact]
    public async Task A_server_that_never_calls_back_is_given_up_within_the_data_timeout()
    {
        using var session = await FtpSession.ConnectAsync(Options with { Mode = FtpMode.Port }, Bound);
        Server.On("MLSD", (connection, _) => connection.ReplyAsync("150 Opening data connection"));
        Server.On("ABOR", (connection, _) => connection.ReplyAsync("226 Aborted"));
        var watch = Stopwatch.StartNew();
        var error = await FailsAsync("FtpDataConnectionFailed", () => ListAsync(session));
        Assert.Contains("Set-FtpMode Passive", error.Message);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(8));
        Server.Off("MLSD");
        Server.Off("ABOR");
        await ListAsync(session);
    }

    [Fact]
    public async Task A_425_ends_the_wait_for_the_server_at_once()
    {
        using var session = await FtpSession.ConnectAsync(Options with { Mode = FtpMode.Port, DataTimeout = TimeSpan.FromSeconds(25) }, Bound);
        Server.On("MLSD", async (connection, _) =>
        {
            await connection.ReplyAsync("150 Opening data connection");
            await connection.ReplyAsync("425 Failed to establish connection.");
        });
        var watch = Stopwatch.StartNew();
        var error = await FailsAsync("FtpDataConnectionFailed", () => ListAsync(session));
        Assert.Contains("425 Failed to establish connection.", error.Message);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Server.Off("MLSD");
        await ListAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Fact]
    public async Task A_server_that_is_done_before_its_call_is_accepted_loses_nothing()
    {
        using var session = await FtpSession.ConnectAsync(Options with { Mode = FtpMode.Port }, Bound);
        Serve("small", 10);
        var item = await session.GetItemAsync("/small", Bound);
        for (var i = 0; i < 300; i++)
            Assert.Equal(10, (await session.DownloadAsync(item, Local("small"), Default, null, Bound)).Length);
    }

    [Fact]
    public async Task A_server_that_opens_no_data_connection_for_nothing_to_send_is_believed()
    {
        using var session = await FtpSession.ConnectAsync(Options with { Mode = FtpMode.Port }, Bound);
        Server.On("MLSD", (connection, _) => connection.ReplyAsync("226 Nothing to list."));
        Assert.Empty(await ListAsync(session));
        Server.Off("MLSD");
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Fact]
    public async Task A_stranger_on_the_active_port_is_turned_away()
    {
        using var session = await FtpSession.ConnectAsync(Options with { Mode = FtpMode.Port }, Bound);
        Server.On("MLSD", async (connection, argument) =>
        {
            var parts = Server.Commands.Last(line => line.StartsWith("PORT ", StringComparison.Ordinal)).Split(',');
            using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            stranger.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.99"), 0));
            await stranger.ConnectAsync(new IPEndPoint(IPAddress.Loopback, (int.Parse(parts[4]) << 8) | int.Parse(parts[5])));
            await stranger.SendAsync("type=file;size=1; planted\r\n"u8.ToArray());
            await connection.HandleAsync("MLSD", argument);
        });
        Serve("honest", 1);
        Assert.Equal(["honest"], (await ListAsync(session)).Select(item => item.Name));
    }

    [Theory]
    [InlineData(DataCut.Reset, "426 Connection closed; transfer aborted.", "FtpDataConnectionFailed|FtpTransferIncomplete")]
    [InlineData(DataCut.Finish, "426 Connection closed; transfer aborted.", "FtpTransferIncomplete")]
    [InlineData(DataCut.Finish, "226 Transfer complete.", "FtpTransferIncomplete")] // a liar: only the size tells
    public async Task A_download_that_is_cut_off_is_an_error_and_the_former_file_stays(DataCut cut, string reply, string ids)
    {
        using var session = await ConnectAsync();
        Serve("big", 3_000_000);
        var item = await session.GetItemAsync("/big", Bound);
        File.WriteAllText(Local("big"), "former");
        Server.DataFaults.CutAfter = 1_000_000;
        Server.DataFaults.Cut = cut;
        Server.DataFaults.ClosingReply = reply;
        Server.DataFaults.Times = 1;
        var error = await Assert.ThrowsAnyAsync<FtpException>(() => session.DownloadAsync(item, Local("big"), Default, null, Bound));
        Assert.Contains(error.ErrorId, ids.Split('|'));
        Assert.Equal("former", File.ReadAllText(Local("big")));
        Assert.Equal([Local("big")], Directory.GetFiles(Folder));
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Fact]
    public async Task An_upload_that_is_cut_off_is_an_error_and_the_former_file_stays()
    {
        using var session = await ConnectAsync();
        Serve("big", 10);
        File.WriteAllBytes(Local("big"), new byte[30_000_000]);
        Server.DataFaults.CutAfter = 2_000_000;
        Server.DataFaults.Times = 1;
        await Assert.ThrowsAnyAsync<FtpException>(() => session.UploadAsync(Local("big"), "/big", Default, null, Bound));
        Assert.Equal(10, (await session.GetItemAsync("/big", Bound)).Length);
        var part = Assert.Single(await ListAsync(session), item => item.Name != "big");
        Assert.EndsWith(".part", part.Name, StringComparison.Ordinal);

        // Much was sent, but too little arrived to be kept.
        await session.DeleteFileAsync(part.FullName, Bound);
        Server.DataFaults.CutAfter = 1_000_000;
        Server.DataFaults.Times = 1;
        var error = await Assert.ThrowsAnyAsync<FtpException>(() => session.UploadAsync(Local("big"), "/big", Default, null, Bound));
        Assert.DoesNotContain("-Resume", error.Message, StringComparison.Ordinal);
        Assert.Single(await ListAsync(session));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_session_survives_the_loss_of_both_connections_in_mid_transfer()
    {
        using var session = await ConnectAsync();
        Serve("big", 3_000_000);
        var item = await session.GetItemAsync("/big", Bound);
        Server.DataFaults.CutAfter = 1_000_000;
        Server.DataFaults.ClosingReply = null;
        Server.DataFaults.DropControl = true;
        Server.DataFaults.Times = 1;
        await Assert.ThrowsAnyAsync<FtpException>(() => session.DownloadAsync(item, Local("big"), Default, null, Bound));
        Assert.Empty(Directory.GetFiles(Folder));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_server_that_accepts_and_never_sends_is_given_up_and_the_connection_kept()
    {
        using var session = await ConnectAsync();
        Serve("big", 3_000_000);
        var item = await session.GetItemAsync("/big", Bound);
        Server.DataFaults.StallAfter = 0;
        Server.DataFaults.Times = 1;
        var error = await FailsAsync("FtpTimeout", () => session.DownloadAsync(item, Local("big"), Default, null, Bound));
        Assert.Contains("for 2 seconds. To wait longer, use Connect-Ftp -TimeoutSec.", error.Message);
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancel_while_the_server_stalls_ends_within_a_second(bool upload)
    {
        using var session = await FtpSession.ConnectAsync(Options with { Timeout = TimeSpan.FromSeconds(25) }, Bound);
        Serve("big", 30_000_000);
        File.WriteAllBytes(Local("source"), new byte[30_000_000]);
        var item = await session.GetItemAsync("/big", Bound);
        Server.DataFaults.StallAfter = 500_000;
        Server.DataFaults.Times = 1;
        using var stop = new CancellationTokenSource();
        Task transfer = upload
            ? session.UploadAsync(Local("source"), "/copy", Default, null, stop.Token)
            : session.DownloadAsync(item, Local("big"), Default, null, stop.Token);
        await Server.DataFaults.Stalled.WaitAsync(Bound);
        var watch = Stopwatch.StartNew();
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transfer);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal([Local("source")], Directory.GetFiles(Folder));
        await ProveAsync(session);
        if (upload) // which such a server ends at ABOR alone; PWD tells where its replies end
            Assert.Equal((1, "PWD"), (Count("ABOR"), Server.Commands.SkipWhile(line => line != "ABOR").ElementAt(1)));
    }

    [Fact]
    public async Task An_ABOR_that_is_answered_with_200_leaves_the_connection_in_step()
    {
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.On("RETR", async (connection, _) =>
        {
            await connection.ReplyAsync("150 Coming.");
            using var data = await connection.OpenDataAsync();
            waiting.SetResult();
            await aborted.Task.WaitAsync(connection.Closed);
        });
        Server.On("ABOR", async (connection, _) =>
        {
            await connection.ReplyAsync("426 Aborted.\r\n200 ABOR is done.");
            aborted.SetResult();
        });
        using var session = await ConnectAsync();
        await CancelDownloadAsync(session, waiting.Task);
        Server.On("MKD", (connection, _) => connection.ReplyAsync("550 Not here."));
        await FailsAsync("FtpCommandRefused", () => session.CreateDirectoryAsync("/new", false, Bound));
        Server.Off("RETR");
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Fact]
    public async Task An_ABOR_that_knows_of_no_transfer_costs_the_connection_that_began_one()
    {
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // As pyftpdlib does where it has not accepted the data connection yet; it sends the file over the next one then.
        Server.On("RETR", async (connection, _) =>
        {
            await connection.ReplyAsync("150 About to open data connection.");
            waiting.SetResult();
        });
        Server.On("ABOR", (connection, _) => connection.ReplyAsync("225 ABOR command successful; data channel closed."));
        using var session = await ConnectAsync();
        await CancelDownloadAsync(session, waiting.Task);
        Server.Off("RETR");
        await ProveAsync(session);
        Assert.Equal((1, 2), (Count("ABOR"), Server.AcceptedCount));
    }

    [Fact]
    public async Task A_refused_rename_says_Direct_and_leaves_nothing_behind()
    {
        using var session = await ConnectAsync();
        File.WriteAllText(Local("f"), "x");
        Server.On("RNTO", (connection, _) => connection.ReplyAsync("550 Renaming is not allowed here."));
        var error = await FailsAsync("FtpPermissionDenied", () => session.UploadAsync(Local("f"), "/f", Default, null, Bound));
        Assert.Contains("-Direct", error.Message);
        Assert.Empty(await ListAsync(session));
        await session.UploadAsync(Local("f"), "/f", new FtpTransferOptions { Direct = true }, null, Bound);
        Assert.Equal(["f"], (await ListAsync(session)).Select(item => item.Name));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_server_that_lost_bytes_of_an_upload_is_found_out()
    {
        using var session = await ConnectAsync();
        File.WriteAllText(Local("f"), "0123456789");
        Server.On("SIZE", (connection, _) => connection.ReplyAsync("213 7"));
        await FailsAsync("FtpVerificationFailed", () => session.UploadAsync(Local("f"), "/f", Default, null, Bound));
        Server.Off("SIZE");
        Assert.Empty(await ListAsync(session));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_full_local_disk_is_told_as_such_and_a_device_never_replaced(bool direct)
    {
        if (!File.Exists("/dev/full"))
            return;
        using var session = await ConnectAsync();
        Serve("big", 3_000_000);
        var item = await session.GetItemAsync("/big", Bound);
        var error = await FailsAsync("FtpDiskFull", () => session.DownloadAsync(item, "/dev/full", new FtpTransferOptions { Direct = direct }, null, Bound));
        Assert.Contains("/dev/full", error.Message);
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_does_not_end_the_tree()
    {
        using var session = await ConnectAsync();
        foreach (var name in new[] { "a", "b", "c" })
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, "tree", name)).FullName, "f"), name);
        Server.On("MKD", (connection, path) => path == "/t/b" ? connection.ReplyAsync("550 Permission denied.") : connection.HandleAsync("MKD", path));
        var results = new System.Collections.Concurrent.ConcurrentQueue<FtpTransferResult>();
        await TransferTreeAsync(session, Default, results.Enqueue, batch => batch.AddUploadTree(Local("tree"), "/t"));
        Assert.Equal(["/t/a/f", "/t/c/f"], results.Where(result => result.Status == FtpTransferStatus.Succeeded).Select(result => result.Destination));
        var failed = Assert.Single(results, result => result.Status == FtpTransferStatus.Failed);
        Assert.Equal(("/t/b", "FtpPermissionDenied"), (failed.Destination, failed.Failure!.ErrorId));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("150 Here it comes.")]
    [InlineData("125 Already open.")]
    public async Task A_second_preliminary_reply_is_not_taken_for_the_closing_one(string second)
    {
        using var session = await ConnectAsync();
        Server.On("RETR", async (connection, path) =>
        {
            await connection.ReplyAsync("125 Wait.");
            await connection.ReplyAsync(second);
            await connection.HandleAsync("RETR", path);
        });
        await ProveAsync(session);
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_no_data_connection_was_opened_for_is_not_complete(bool upload)
    {
        using var session = await FtpSession.ConnectAsync(Options with { Mode = FtpMode.Port }, Bound);
        Serve("f", 10);
        File.WriteAllText(Local("source"), "0123456789");
        var item = await session.GetItemAsync("/f", Bound);
        Server.On("STOR", (connection, _) => connection.ReplyAsync("226 Done."));
        Server.On("RETR", (connection, _) => connection.ReplyAsync("226 Done."));
        Server.On("SIZE", (connection, _) => connection.ReplyAsync(upload ? "213 0" : "550 Who knows."));
        item = new FtpItem { Name = item.Name, FullName = item.FullName, Session = session };
        await FailsAsync("FtpTransferIncomplete", () => upload
            ? session.UploadAsync(Local("source"), "/copy", new FtpTransferOptions { Direct = true }, null, Bound)
            : session.DownloadAsync(item, Local("f"), Default, null, Bound));
        Assert.False(File.Exists(Local("f")));
        Server.Off("STOR");
        Server.Off("RETR");
        Server.Off("SIZE");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_short_direct_transfer_does_not_claim_that_the_target_is_as_it_was()
    {
        using var session = await ConnectAsync();
        Serve("f", 10);
        var item = await session.GetItemAsync("/f", Bound);
        File.WriteAllText(Local("f"), "former");
        Server.On("SIZE", (connection, _) => connection.ReplyAsync("213 11"));
        var longer = new FtpItem { Name = item.Name, FullName = item.FullName, Length = 11, Session = session };
        var direct = new FtpTransferOptions { Direct = true };
        var down = await FailsAsync("FtpTransferIncomplete", () => session.DownloadAsync(longer, Local("f"), direct, null, Bound));
        Assert.DoesNotContain("left unchanged", down.Message);
        Assert.Equal(10, new FileInfo(Local("f")).Length);
        var up = await FailsAsync("FtpVerificationFailed", () => session.UploadAsync(Local("f"), "/f", direct, null, Bound));
        Assert.DoesNotContain("n't replaced", up.Message);
        Server.Off("SIZE");
        await ProveAsync(session);
    }

    [Fact(Skip = Engine.NoUnixMode)]
    public async Task A_replaced_local_file_stays_as_private_as_it_was()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var session = await ConnectAsync();
        Serve("f", 10);
        File.WriteAllText(Local("f"), "secret");
        File.SetUnixFileMode(Local("f"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await session.DownloadAsync(await session.GetItemAsync("/f", Bound), Local("f"), Default, null, Bound);
        Assert.Equal(10, new FileInfo(Local("f")).Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Local("f")));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_data_connection_that_is_reset_as_soon_as_it_is_there_is_told_as_lost()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var resetting = Task.Run(() =>
        {
            try
            {
                while (true)
                {
                    using var socket = listener.AcceptSocket();
                    socket.LingerState = new LingerOption(true, 0);
                }
            }
            catch (SocketException)
            {
                // It was stopped.
            }
        });
        // Whether the reset is there before this side has looked at its connection is chance.
        for (var i = 0; i < 500; i++)
        {
            try
            {
                using var data = await DataConnection.DialAsync(
                    FtpMode.Epsv, new DialTarget((IPEndPoint)listener.LocalEndpoint), false, TimeSpan.FromSeconds(10), Options, "a server", _ => { }, Bound);
            }
            catch (FtpException e)
            {
                Assert.Equal("FtpDataConnectionFailed", e.ErrorId);
            }
        }

        listener.Stop();
        await resetting;
    }

    /// <summary>Downloads a file, and cancels that as soon as the server has come to where it waits.</summary>
    private async Task CancelDownloadAsync(FtpSession session, Task waiting)
    {
        Serve("file", 1000);
        var item = await session.GetItemAsync("/file", Bound);
        using var stop = new CancellationTokenSource();
        var transfer = session.DownloadAsync(item, Local("file"), Default, null, stop.Token);
        await waiting.WaitAsync(Bound);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transfer);
    }
}
