using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Tls;

/// <summary>Data connections under TLS: all that comes and goes, what is missing at their end, and sessions that are to be resumed.</summary>
public sealed class TlsDataTests : TlsTest
{
    public static TheoryData<SslProtocols, FtpMode> EveryMode(SslProtocols version) => new()
    {
        { version, FtpMode.Epsv }, { version, FtpMode.Pasv }, { version, FtpMode.Port }, { version, FtpMode.Eprt },
    };

    [Theory]
    [MemberData(nameof(EveryMode), SslProtocols.Tls12)]
    [MemberData(nameof(EveryMode), SslProtocols.Tls13, Skip = Engine.NoTls13)]
    public async Task Bytes_come_back_exactly_in_every_mode_from_a_server_that_is_strict_about_the_end(SslProtocols version, FtpMode mode)
    {
        Server.TlsProtocols = version;
        Server.TlsFaults.RequireCloseNotify = true;
        using var session = await FtpSession.ConnectAsync(Patient with { Mode = mode }, Bound);
        foreach (var size in new[] { 0, 1, 16_384, 5_000_011 })
            await RoundTripAsync(session, size);
        Assert.Equal((12, 0), (Log.Count("with a resumed session"), Log.Count("with a new session")));
        Assert.Equal(12, Count(mode.ToString()));
        Assert.Equal(1, Server.AcceptedCount);
        await ProveAsync(session);
    }

    [Fact]
    public async Task Text_comes_back_in_the_ASCII_type()
    {
        using var session = await FtpSession.ConnectAsync(Patient with { TransferType = FtpTransferType.Ascii }, Bound);
        await File.WriteAllTextAsync(Local("text"), string.Concat(Enumerable.Range(0, 50_000).Select(i => $"line {i}\n")));
        await session.UploadAsync(Local("text"), "/text", Default, null, Bound);
        await session.DownloadAsync(await session.GetItemAsync("/text", Bound), Local("back"), Default, null, Bound);
        Assert.Equal(await File.ReadAllBytesAsync(Local("text")), await File.ReadAllBytesAsync(Local("back")));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, true, Skip = Engine.NoTls13)]
    [InlineData(SslProtocols.Tls13, false, Skip = Engine.NoTls13)]
    public async Task A_download_that_was_cut_and_called_complete_is_an_error_and_never_a_short_file(SslProtocols version, bool isSizeKnown)
    {
        Server.TlsProtocols = version;
        using var session = await ConnectSecureAsync();
        Serve("big", 3_000_000);
        var item = await session.GetItemAsync("/big", Bound);
        if (!isSizeKnown)
            item = ForgetSize(item);
        Server.DataFaults.CutAfter = 1_000_000;
        Server.DataFaults.Cut = DataCut.Finish;
        Server.DataFaults.ClosingReply = "226 Transfer complete.";
        Server.DataFaults.Times = 1;
        await FailsAsync("FtpTransferIncomplete", () => session.DownloadAsync(item, Local("big"), Default, null, Bound));
        Assert.Empty(Directory.GetFiles(Folder));
        Server.Off("SIZE");
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Fact]
    public async Task A_text_that_was_cut_and_called_complete_is_an_error()
    {
        using var session = await FtpSession.ConnectAsync(Patient with { TransferType = FtpTransferType.Ascii }, Bound);
        Serve("big", 3_000_000);
        var item = await session.GetItemAsync("/big", Bound);
        Server.DataFaults.CutAfter = 1_000_000;
        Server.DataFaults.Cut = DataCut.Finish;
        Server.DataFaults.ClosingReply = "226 Transfer complete.";
        Server.DataFaults.Times = 1;
        await FailsAsync("FtpTransferIncomplete", () => session.DownloadAsync(item, Local("big"), Default, null, Bound));
        Assert.Empty(Directory.GetFiles(Folder));
        await session.DownloadAsync(item, Local("big"), Default with { TransferType = FtpTransferType.Binary }, null, Bound);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_listing_that_was_cut_and_called_complete_is_an_error()
    {
        using var session = await ConnectSecureAsync();
        Server.Synthetic["/many"] = 5000;
        Server.DataFaults.CutAfter = 100_000;
        Server.DataFaults.Cut = DataCut.Finish;
        Server.DataFaults.ClosingReply = "226 Transfer complete.";
        Server.DataFaults.Times = 1;
        var error = await FailsAsync("FtpTransferIncomplete", () => ListAsync(session, "/many"));
        Assert.Contains("close_notify", error.Message);
        Assert.Equal("/many", error.Path);
        Assert.Equal(5000, (await ListAsync(session, "/many")).Count);
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13, Skip = Engine.NoTls13)]
    public async Task Without_close_notify_a_file_is_accepted_by_its_size_and_nothing_else_is(SslProtocols version)
    {
        Server.TlsProtocols = version;
        using var session = await ConnectSecureAsync();
        Serve("file", 200_000);
        var item = await session.GetItemAsync("/file", Bound);
        Server.TlsFaults.OmitCloseNotify = true;
        var result = await session.DownloadAsync(item, Local("file"), Default, null, Bound);
        Assert.Equal(FtpVerification.Size, result.Verification);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(Server.Root, "file")), await File.ReadAllBytesAsync(Local("file")));
        await session.UploadAsync(Local("file"), "/again", Default, null, Bound);
        File.Delete(Local("file"));

        await FailsAsync("FtpTransferIncomplete", () => ListAsync(session));
        await FailsAsync("FtpTransferIncomplete", () => session.DownloadAsync(ForgetSize(item), Local("file"), Default, null, Bound));
        Assert.Empty(Directory.GetFiles(Folder));
        Server.TlsFaults.OmitCloseNotify = false;
        Server.Off("SIZE");
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Fact]
    public async Task Without_close_notify_a_listing_is_accepted_by_who_asks_for_that()
    {
        using var session = await FtpSession.ConnectAsync(Secure with { SkipTlsEndCheck = true }, Bound);
        Serve("file", 200_000);
        var item = await session.GetItemAsync("/file", Bound);
        Server.TlsFaults.OmitCloseNotify = true;
        Assert.Equal("file", Assert.Single(await ListAsync(session)).Name);
        var result = await session.DownloadAsync(ForgetSize(item), Local("file"), Default, null, Bound);
        Assert.Equal((FtpTransferStatus.Succeeded, FtpVerification.None, 200_000), (result.Status, result.Verification, result.Length));
        Server.Off("SIZE");
        // What is too short by its size is so whoever asks for what.
        (Server.DataFaults.CutAfter, Server.DataFaults.Cut, Server.DataFaults.ClosingReply, Server.DataFaults.Times) = (100_000, DataCut.Finish, "226 Transfer complete.", 1);
        await FailsAsync("FtpTransferIncomplete", () => session.DownloadAsync(item, Local("other"), Default, null, Bound));
        Assert.False(File.Exists(Local("other")));
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13, Skip = Engine.NoTls13)]
    public async Task A_server_that_never_answers_close_notify_costs_an_upload_a_second(SslProtocols version)
    {
        Server.TlsProtocols = version;
        using var session = await FtpSession.ConnectAsync(Patient with { Timeout = TimeSpan.FromSeconds(20) }, Bound);
        Server.TlsFaults.NeverAnswerCloseNotify = true;
        var watch = Stopwatch.StartNew();
        await session.UploadAsync(new MemoryStream(new byte[100_000]), "/up", Default, null, Bound);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(8));
        Assert.Equal(100_000, new FileInfo(Path.Combine(Server.Root, "up")).Length);
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Theory]
    [InlineData(FtpTlsMode.None)]
    [InlineData(FtpTlsMode.Explicit)]
    public async Task A_download_whose_connection_never_ends_after_226_costs_a_second(FtpTlsMode tls)
    {
        using var session = await FtpSession.ConnectAsync(Patient with { Tls = tls, Timeout = TimeSpan.FromSeconds(20) }, Bound);
        Serve("file", 200_000);
        var item = await session.GetItemAsync("/file", Bound);
        var content = await File.ReadAllBytesAsync(Path.Combine(Server.Root, "file"));
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.On("RETR", async (connection, path) =>
        {
            await connection.ReplyAsync("150 Here it comes.");
            var data = await connection.OpenDataStreamAsync();
            await data.WriteAsync(content);
            await connection.ReplyAsync("226 Transfer complete.");
            _ = WatchAsync(data);
        });
        async Task WatchAsync(Stream data)
        {
            try
            {
                await using (data)
                    await data.CopyToAsync(Stream.Null);
            }
            catch (IOException)
            {
                // A reset is an end too.
            }

            closed.TrySetResult();
        }

        var watch = Stopwatch.StartNew();
        var result = await session.DownloadAsync(item, Local("file"), Default, null, Bound);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(8));
        Assert.Equal((200_000, FtpVerification.Size), (result.Length, result.Verification));
        Assert.Equal(content, await File.ReadAllBytesAsync(Local("file")));
        await closed.Task.WaitAsync(Bound); // this side has hung up
        Server.Off("RETR");
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Theory(Skip = Engine.NoTls13)]
    [InlineData(HandshakeRefusal.AfterHandshake, "522 SSL connection failed: session reuse required", "Epsv")]
    [InlineData(HandshakeRefusal.AfterHandshake, "425 Unable to build data connection: Operation not permitted", "Epsv")]
    [InlineData(HandshakeRefusal.AfterHandshake, "450 TLS session of data connection has not resumed.", "Port")]
    [InlineData(HandshakeRefusal.InsteadOfHandshake, "425 Unable to build data connection: Operation not permitted", "Epsv")]
    [InlineData(HandshakeRefusal.InsteadOfHandshake, "522 SSL connection failed: session reuse required", "Port")]
    public async Task Refused_for_want_of_reuse_at_TLS_13_the_session_goes_on_at_TLS_12(HandshakeRefusal refusal, string reply, string mode)
    {
        var bytes = new byte[700_000];
        new Random(13).NextBytes(bytes);
        foreach (var first in new[] { "upload", "download", "list" })
        {
            Server.TlsFaults.RefuseHandshake = refusal;
            Server.TlsFaults.RefusalReply = reply;
            Server.TlsFaults.OnlyTls13 = true;
            using var session = await FtpSession.ConnectAsync(Patient with { Mode = Enum.Parse<FtpMode>(mode) }, Bound);
            Assert.Equal("TLS 1.3", session.Security!.Version);
            await File.WriteAllBytesAsync(Path.Combine(Server.Root, "there"), bytes);
            var item = await session.GetItemAsync("/there", Bound);
            ForgetSessions();
            Log.Clear();
            switch (first)
            {
                case "upload":
                    await session.UploadAsync(new MemoryStream(bytes), "/here", Default, null, Bound);
                    Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(Server.Root, "here")));
                    break;
                case "download":
                    await session.DownloadAsync(item, Local("there"), Default, null, Bound);
                    Assert.Equal(bytes, await File.ReadAllBytesAsync(Local("there")));
                    break;
                default:
                    Assert.Contains(await ListAsync(session), one => one.Name == "there" && one.Length == bytes.Length);
                    break;
            }

            Assert.Contains("continues with TLS 1.2", Assert.Single(Log.Of(FtpLogLevel.Information), line => line.Contains(reply, StringComparison.Ordinal)));
            Assert.Equal("TLS 1.2", session.Security.Version);
            Log.Clear();
            await RoundTripAsync(session);
            Assert.Equal(3, Log.Count("secured by TLS 1.2, with a resumed session"));
            Assert.Equal(0, Log.Count("continues with TLS"));
            await ProveAsync(session);
        }
    }

    [Fact(Skip = Engine.NoTls13)]
    public async Task All_connections_of_a_session_go_on_at_TLS_12_when_one_was_refused()
    {
        Serve("any", 1);
        Server.TlsFaults.OnlyTls13 = true;
        using var session = await FtpSession.ConnectAsync(Patient with { MaxConnection = 3 }, Bound);
        Server.ListingGate = new ListingGate(1);
        var listings = Enumerable.Range(0, 3).Select(_ => ListAsync(session)).ToArray();
        await Server.WaitForCommandAsync("MLSD", TimeSpan.FromSeconds(10), 3);
        Server.ListingGate.Release();
        await Task.WhenAll(listings);
        Server.TlsFaults.RefuseHandshake = HandshakeRefusal.AfterHandshake;
        ForgetSessions();
        await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => ListAsync(session)));
        Assert.InRange(Log.Count("continues with TLS 1.2"), 1, 3);
        Log.Clear();
        await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => ListAsync(session)));
        Assert.Equal(9, Log.Count("secured by TLS 1.2, with a resumed session"));
        await ProveAsync(session);
    }

    [Fact(Skip = Engine.NoTls13)]
    public async Task What_cannot_be_read_twice_is_an_error_that_says_so_and_the_next_transfer_works()
    {
        Server.On("STOR", async (connection, argument) =>
        {
            if (connection.TlsProtocol != SslProtocols.Tls13)
            {
                await connection.HandleAsync("STOR", argument);
                return;
            }

            await connection.ReplyAsync("150 Ok to send data.");
            await using (var data = await connection.OpenDataStreamAsync())
                await data.ReadExactlyAsync(new byte[1]); // so that something has been read of what is sent
            await connection.ReplyAsync("522 SSL connection failed: session reuse required");
        });
        using var session = await ConnectSecureAsync();
        ForgetSessions();
        var error = await FailsAsync("FtpDataConnectionFailed", () => session.UploadAsync(new OneWay(new byte[200_000]), "/piped", Default, null, Bound));
        Assert.Contains("Send it again.", error.Message);
        Assert.Contains("522", error.Message);

        Assert.Empty(Directory.GetFiles(Server.Root));
        await session.UploadAsync(new OneWay(new byte[200_000]), "/piped", Default, null, Bound);
        Assert.Equal(200_000, new FileInfo(Path.Combine(Server.Root, "piped")).Length);
        Assert.Equal("TLS 1.2", session.Security!.Version);
        await ProveAsync(session);
    }

    [Fact]
    public async Task Refused_at_TLS_12_it_is_an_error_with_advice()
    {
        Server.TlsProtocols = SslProtocols.Tls12;
        Server.TlsFaults.RefuseHandshake = HandshakeRefusal.AfterHandshake;
        using var session = await ConnectSecureAsync();
        ForgetSessions();
        var error = await FailsAsync("FtpDataConnectionFailed", () => session.UploadAsync(new MemoryStream(new byte[1000]), "/up", Default, null, Bound));
        Assert.Contains("522 SSL connection failed: session reuse required", error.Message);
        Assert.Contains("didn't resume the TLS session", error.Message);
        Assert.Contains("require_ssl_reuse=NO", error.Message);
        Assert.Equal("522", Assert.IsType<FtpCommandException>(error).Reply.Code.ToString());
        Server.TlsFaults.RefuseHandshake = HandshakeRefusal.None;
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Fact]
    public async Task Refused_where_TLS_13_was_asked_for_it_is_an_error_with_advice()
    {
        Server.TlsFaults.RefuseHandshake = HandshakeRefusal.AfterHandshake;
        Server.TlsFaults.OnlyTls13 = true;
        using var session = await FtpSession.ConnectAsync(Patient with { TlsVersion = FtpTlsVersion.Tls13 }, Bound);
        ForgetSessions();
        var error = await FailsAsync("FtpDataConnectionFailed", () => ListAsync(session));
        Assert.Contains("-TlsVersion Any", error.Message);
        Server.TlsFaults.RefuseHandshake = HandshakeRefusal.None;
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("425 Can't open data connection.")]
    [InlineData("450 No such directory.")]
    public async Task A_refusal_in_the_place_of_150_is_not_for_want_of_reuse(string reply)
    {
        using var session = await ConnectSecureAsync();
        Server.On("MLSD", (connection, argument) =>
            Server.Commands[^2].StartsWith("EPSV", StringComparison.Ordinal) ? connection.ReplyAsync(reply) : connection.HandleAsync("MLSD", argument));
        if (reply[..3] == "425")
            Assert.Empty(await ListAsync(session)); // by PASV
        else
            Assert.Contains(reply, (await FailsAsync("FtpPathNotFound", () => ListAsync(session))).Message);
        Assert.Equal(Engine.NewestTls, session.Security!.Version);
        Assert.Equal(0, Log.Count("continues with TLS"));
        Server.Off("MLSD");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_data_connection_on_which_the_server_never_shakes_hands_is_given_up()
    {
        using var session = await FtpSession.ConnectAsync(Secure, Bound);
        Server.On("MLSD", async (connection, _) =>
        {
            await connection.ReplyAsync("150 Here it comes.");
            using var data = await connection.OpenDataAsync();
            await data.ReceiveAsync(new byte[1]);
            await Task.Delay(Timeout.Infinite, connection.Closed);
        });
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<FtpException>(() => ListAsync(session));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(8));
        Server.Off("MLSD");
        await ProveAsync(session);
    }

    [Fact]
    public async Task Plain_text_where_TLS_was_agreed_on_is_never_taken()
    {
        using var session = await ConnectSecureAsync();
        Server.On("MLSD", async (connection, _) =>
        {
            await connection.ReplyAsync("150 Here it comes.");
            using (var data = await connection.OpenDataAsync())
                await data.SendAsync("type=file;size=1; planted\r\n"u8.ToArray());
            await connection.ReplyAsync("226 Done.");
        });
        await Assert.ThrowsAnyAsync<FtpException>(() => ListAsync(session));
        Server.Off("MLSD");
        Assert.Empty(await ListAsync(session));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls12, false)]
    [InlineData(SslProtocols.Tls13, true, Skip = Engine.NoTls13)]
    [InlineData(SslProtocols.Tls13, false, Skip = Engine.NoTls13)]
    public async Task A_cancel_while_the_server_stalls_ends_within_a_second(SslProtocols version, bool upload)
    {
        Server.TlsProtocols = version;
        using var session = await FtpSession.ConnectAsync(Patient with { Timeout = TimeSpan.FromSeconds(25) }, Bound);
        Serve("big", 30_000_000);
        await File.WriteAllBytesAsync(Local("source"), new byte[30_000_000]);
        var item = await session.GetItemAsync("/big", Bound);
        // The first one pays for what the runtime compiles and loads when a socket is taken from a call for the first time.
        await CancelAsync();
        Assert.InRange(await CancelAsync(), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal([Local("source")], Directory.GetFiles(Folder));
        await ProveAsync(session);

        async Task<TimeSpan> CancelAsync()
        {
            var stalled = Server.DataFaults.StallNextAsync(500_000);
            using var stop = new CancellationTokenSource();
            Task transfer = upload
                ? session.UploadAsync(Local("source"), "/copy", Default, null, stop.Token)
                : session.DownloadAsync(item, Local("big"), Default, null, stop.Token);
            await stalled.WaitAsync(Bound);
            var watch = Stopwatch.StartNew();
            stop.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transfer);
            return watch.Elapsed;
        }
    }

    [Theory]
    [InlineData(FtpMode.Epsv)]
    [InlineData(FtpMode.Port)]
    public async Task A_cancel_in_the_handshake_of_a_data_connection_ends_within_a_second(FtpMode mode)
    {
        using var session = await FtpSession.ConnectAsync(Patient with { Mode = mode, Timeout = TimeSpan.FromSeconds(25), DataTimeout = TimeSpan.FromSeconds(25) }, Bound);
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.On("MLSD", async (connection, _) =>
        {
            await connection.ReplyAsync("150 Here it comes.");
            using var data = await connection.OpenDataAsync();
            await data.ReceiveAsync(new byte[1]);
            open.SetResult();
            await Task.Delay(Timeout.Infinite, connection.Closed);
        });
        using var stop = new CancellationTokenSource();
        var listing = session.ListAsync("/", false, _ => { }, stop.Token);
        await open.Task.WaitAsync(Bound);
        var watch = Stopwatch.StartNew();
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listing);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Server.Off("MLSD");
        await ProveAsync(session);
    }

    /// <summary>As a server would have listed it that tells no sizes.</summary>
    private FtpItem ForgetSize(FtpItem item)
    {
        Server.On("SIZE", (connection, _) => connection.ReplyAsync("550 No."));
        return new FtpItem { Name = item.Name, FullName = item.FullName, ItemType = item.ItemType };
    }

    private sealed class OneWay(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
