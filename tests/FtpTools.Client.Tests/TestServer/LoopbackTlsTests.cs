using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.TestServer;

/// <summary>The loopback server speaks TLS as a real one does, and goes wrong in it as it is told to.</summary>
public sealed class LoopbackTlsTests
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);
    private static readonly X509Certificate2 _certificate = TestCertificate.Create();

    [Theory]
    [InlineData(false, SslProtocols.Tls13, "EPSV")]
    [InlineData(false, SslProtocols.Tls13, "PORT")]
    [InlineData(false, SslProtocols.Tls12, "EPSV")]
    [InlineData(false, SslProtocols.Tls12, "PORT")]
    [InlineData(true, SslProtocols.Tls13, "EPSV")]
    [InlineData(true, SslProtocols.Tls12, "EPRT")]
    public async Task Moves_every_byte_both_ways_under_TLS(bool implicitTls, SslProtocols protocol, string opener)
    {
        await using var server = Start();
        server.ImplicitTls = implicitTls;
        server.TlsProtocols = protocol;
        server.TlsFaults.RequireCloseNotify = true;
        using var ftp = await RawFtp.SecureLoginAsync(server);
        var connection = Assert.Single(server.Connections);
        Assert.True(connection.IsSecure);
        Assert.Equal(protocol, connection.TlsProtocol);
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);
        await ftp.UploadAsync("STOR a", bytes, opener);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(server.Root, "a")));
        Assert.Equal(bytes, await ftp.DownloadAsync("RETR a", opener));
        Assert.True(ftp.CloseNotifySeen);
        await ftp.UploadAsync("STOR empty", [], opener);
        Assert.Empty(await ftp.DownloadAsync("RETR empty", opener));
        Assert.True(ftp.CloseNotifySeen);
        Assert.Contains("type=file;size=3000000;", Text(await ftp.DownloadAsync("MLSD", opener)));
        Assert.Equal(5, connection.DataHandshakes);
        Assert.StartsWith("200 ", await ftp.AskAsync("PROT C"));
        ftp.ProtectsData = false;
        Assert.Equal(bytes, await ftp.DownloadAsync("RETR a", opener));
        Assert.Equal(5, server.DataHandshakes);
        Assert.Equal(0, server.PlainTextAfterAuth);
        Assert.StartsWith("221 ", await ftp.AskAsync("QUIT"));
        Assert.Null(await ftp.ReplyAsync());
    }

    [Fact]
    public async Task Without_a_certificate_there_is_no_TLS()
    {
        await using var server = LoopbackServer.Start();
        using var ftp = await RawFtp.LoginAsync(server);
        Assert.DoesNotContain("AUTH", await ftp.AskAsync("FEAT"));
        Assert.StartsWith("502 ", await ftp.AskAsync("AUTH TLS"));
        Assert.StartsWith("500 ", await ftp.AskAsync("PBSZ 0"));
        Assert.StartsWith("500 ", await ftp.AskAsync("PROT P"));
        Assert.StartsWith("500 ", await ftp.AskAsync("CCC"));
        Assert.False(Assert.Single(server.Connections).IsSecure);
    }

    [Fact]
    public async Task Wants_the_commands_in_their_order_and_the_login_anew()
    {
        await using var server = Start();
        using var ftp = await RawFtp.LoginAsync(server);
        var features = await ftp.AskAsync("FEAT");
        Assert.Contains("\n AUTH TLS\n PBSZ\n PROT\n211 ", features);
        Assert.StartsWith("504 ", await ftp.AskAsync("AUTH KERBEROS_V4"));
        Assert.StartsWith("503 ", await ftp.AskAsync("PBSZ 0"));
        Assert.StartsWith("503 ", await ftp.AskAsync("PROT P"));
        Assert.StartsWith("533 ", await ftp.AskAsync("CCC"));
        Assert.StartsWith("257 ", await ftp.AskAsync("PWD"));
        Assert.StartsWith("234 ", await ftp.AskAsync("auth ssl"));
        await ftp.SecureAsync();
        Assert.StartsWith("503 ", await ftp.AskAsync("AUTH TLS"));
        Assert.StartsWith("530 ", await ftp.AskAsync("PWD"));
        Assert.StartsWith("503 ", await ftp.AskAsync("PROT P"));
        Assert.StartsWith("200 PBSZ=0", await ftp.AskAsync("PBSZ 0"));
        Assert.StartsWith("536 ", await ftp.AskAsync("PROT S"));
        Assert.StartsWith("536 ", await ftp.AskAsync("PROT E"));
        Assert.StartsWith("504 ", await ftp.AskAsync("PROT X"));
        await ftp.LoginAsync(server.User, server.Password);
        // Clear is how data connections begin (RFC 4217, 9).
        Assert.Empty(await ftp.DownloadAsync("NLST"));
        Assert.Equal(0, server.DataHandshakes);
    }

    [Fact]
    public async Task Can_refuse_a_login_before_TLS()
    {
        await using var server = Start();
        server.RequireTls = true;
        using var ftp = await RawFtp.ConnectAsync(server);
        Assert.StartsWith("220 ", await ftp.ReplyAsync());
        Assert.Equal("550 SSL/TLS required on the control channel", await ftp.AskAsync("USER " + server.User));
        server.TlsRequiredReply = "530 Non-anonymous sessions must use encryption.";
        Assert.StartsWith("530 Non-anonymous ", await ftp.AskAsync("USER " + server.User));
        using var secure = await RawFtp.SecureLoginAsync(server);
        Assert.StartsWith("257 ", await secure.AskAsync("PWD"));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls12, false)]
    [InlineData(SslProtocols.Tls13, true)]
    [InlineData(SslProtocols.Tls13, false)]
    public async Task After_CCC_the_control_connection_goes_on_in_plain_text_and_data_stay_protected(
        SslProtocols protocol, bool closeNotify)
    {
        await using var server = Start();
        server.TlsProtocols = protocol;
        await File.WriteAllTextAsync(Path.Combine(server.Root, "a"), "abc");
        using var ftp = await RawFtp.SecureLoginAsync(server);
        server.AllowClearCommandChannel = false;
        Assert.StartsWith("533 ", await ftp.AskAsync("CCC"));
        server.AllowClearCommandChannel = true;
        Assert.StartsWith("200 ", await ftp.AskAsync("CCC"));
        await ftp.ClearAsync("PWD\r\nNOOP\r\n", closeNotify);
        Assert.StartsWith("257 \"/\"", await ftp.ReplyAsync());
        Assert.StartsWith("200 ", await ftp.ReplyAsync());
        Assert.False(Assert.Single(server.Connections).IsSecure);
        Assert.Equal("abc", Text(await ftp.DownloadAsync("RETR a")));
        Assert.Equal(1, server.DataHandshakes);
        Assert.Equal(0, server.PlainTextAfterAuth);
    }

    [Fact]
    public async Task Discards_and_counts_plain_text_behind_AUTH_and_can_inject_some_itself()
    {
        await using var server = Start();
        server.InjectAfterAuth = "230 injected\r\n";
        using var ftp = await RawFtp.ConnectAsync(server);
        Assert.StartsWith("220 ", await ftp.ReplyAsync());
        await ftp.SendAsync("AUTH TLS\r\nUSER mallory\r\nNO");
        Assert.StartsWith("234 ", await ftp.ReplyAsync());
        Assert.Equal("230 injected", await ftp.ReplyAsync());
        await ftp.SecureAsync();
        Assert.StartsWith("200 ", await ftp.AskAsync("NOOP"));
        Assert.Equal("USER mallory\r\nNO".Length, server.PlainTextAfterAuth);
        Assert.Equal(["AUTH TLS", "NOOP"], server.Commands);
        // What follows an AUTH that is not granted is as good as ever.
        using var other = await RawFtp.ConnectAsync(server);
        Assert.StartsWith("220 ", await other.ReplyAsync());
        await other.SendAsync("AUTH GSSAPI\r\nNOOP\r\n");
        Assert.StartsWith("504 ", await other.ReplyAsync());
        Assert.StartsWith("200 ", await other.ReplyAsync());
    }

    [Fact]
    public async Task Replies_come_bytewise_under_TLS_too()
    {
        await using var server = Start();
        server.ReplyBytewise = true;
        using var ftp = await RawFtp.SecureLoginAsync(server);
        Assert.Contains("\n PBSZ\n", await ftp.AskAsync("FEAT"));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_client_must_show_a_certificate_where_one_is_required(SslProtocols protocol)
    {
        await using var server = Start();
        server.TlsProtocols = protocol;
        server.RequireClientCertificate = true;
        // By TLS 1.3 the client is through before the server has seen that there is none.
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using var nobody = await RawFtp.SecureLoginAsync(server);
        });
        using var own = TestCertificate.Create("CN=client");
        using var ftp = await RawFtp.SecureLoginAsync(server, tls => tls.ClientCertificates = [own]);
        Assert.Empty(await ftp.DownloadAsync("NLST"));
    }

    [Fact]
    public async Task Data_can_end_without_close_notify()
    {
        await using var server = Start();
        server.TlsFaults.OmitCloseNotify = true;
        using var ftp = await RawFtp.SecureLoginAsync(server);
        await ftp.UploadAsync("STOR a", new byte[100_000]);
        Assert.Equal(100_000, (await ftp.DownloadAsync("RETR a")).Length);
        Assert.False(ftp.CloseNotifySeen);
        server.TlsFaults.OmitCloseNotify = false;
        Assert.Equal(100_000, (await ftp.DownloadAsync("RETR a")).Length);
        Assert.True(ftp.CloseNotifySeen);
    }

    [Theory]
    [InlineData(DataCut.Finish)]
    [InlineData(DataCut.Reset)]
    public async Task A_cut_under_TLS_comes_without_close_notify_whatever_the_reply_says(DataCut cut)
    {
        await using var server = Start();
        server.DataFaults.CutAfter = 70_000;
        server.DataFaults.Cut = cut;
        server.DataFaults.ClosingReply = "226 All is well.";
        server.DataFaults.Times = 2;
        using var ftp = await RawFtp.SecureLoginAsync(server);
        await File.WriteAllBytesAsync(Path.Combine(server.Root, "a"), new byte[500_000]);
        using (var data = await ftp.PassiveAsync())
        {
            Assert.StartsWith("150 ", await ftp.AskAsync("RETR a"));
            if (cut == DataCut.Finish)
                Assert.Equal(70_000, (await ftp.ReadAllAsync(data)).Length);
            else
                await Assert.ThrowsAsync<IOException>(() => ftp.ReadAllAsync(data));
            Assert.False(ftp.CloseNotifySeen);
            Assert.Equal("226 All is well.", await ftp.ReplyAsync());
        }

        using (var data = await ftp.PassiveAsync())
        {
            Assert.StartsWith("150 ", await ftp.AskAsync("STOR a"));
            var (tls, records) = await ftp.SecureDataAsync(data);
            await tls.WriteAsync(new byte[70_000]);
            Assert.Equal("226 All is well.", await ftp.ReplyAsync());
            if (cut == DataCut.Finish)
                Assert.Equal(0, await tls.ReadAsync(new byte[1]).AsTask().WaitAsync(_bound));
            else
                await Assert.ThrowsAsync<IOException>(() => tls.ReadAsync(new byte[1]).AsTask().WaitAsync(_bound));
            Assert.Equal(cut == DataCut.Finish, records.Ended);
        }

        await ftp.UploadAsync("STOR a", new byte[80_000]);
        Assert.Equal(80_000, (await ftp.DownloadAsync("RETR a")).Length);
        Assert.True(ftp.CloseNotifySeen);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task The_clients_close_notify_can_go_unanswered(SslProtocols protocol)
    {
        await using var server = Start();
        server.TlsProtocols = protocol;
        server.TlsFaults.NeverAnswerCloseNotify = true;
        using var ftp = await RawFtp.SecureLoginAsync(server);
        using (var data = await ftp.PassiveAsync())
        {
            Assert.StartsWith("150 ", await ftp.AskAsync("STOR a"));
            var (tls, records) = await ftp.SecureDataAsync(data);
            await tls.WriteAsync(new byte[70_000]);
            await tls.ShutdownAsync();
            Assert.StartsWith("226 ", await ftp.ReplyAsync());
            var end = tls.ReadAsync(new byte[1]).AsTask();
            // The control connection has moved on meanwhile.
            Assert.StartsWith("213 70000", await ftp.AskAsync("SIZE a"));
            await Assert.ThrowsAsync<TimeoutException>(() => end.WaitAsync(TimeSpan.FromMilliseconds(300)));
            data.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, await end.WaitAsync(_bound));
            Assert.True(records.Ended);
        }

        server.TlsFaults.NeverAnswerCloseNotify = false;
        await ftp.UploadAsync("STOR a", new byte[80_000]);
        Assert.Equal(80_000, (await ftp.DownloadAsync("RETR a")).Length);
    }

    [Fact]
    public async Task An_upload_without_close_notify_can_be_refused()
    {
        await using var server = Start();
        using var ftp = await RawFtp.SecureLoginAsync(server);
        foreach (var required in new[] { true, false })
        {
            server.TlsFaults.RequireCloseNotify = required;
            using var data = await ftp.PassiveAsync();
            Assert.StartsWith("150 ", await ftp.AskAsync("STOR a"));
            var (tls, _) = await ftp.SecureDataAsync(data);
            await tls.WriteAsync(new byte[1000]);
            data.Shutdown(SocketShutdown.Send);
            Assert.StartsWith(required ? "426 " : "226 ", await ftp.ReplyAsync());
        }
    }

    [Theory]
    [InlineData("EPSV")]
    [InlineData("PORT")]
    public async Task A_data_connection_can_be_closed_without_a_handshake(string opener)
    {
        await using var server = Start();
        server.TlsFaults.RefuseHandshake = HandshakeRefusal.InsteadOfHandshake;
        server.TlsFaults.RefusalReply = "425 Unable to build data connection: Operation not permitted";
        server.TlsFaults.Times = 1;
        using var ftp = await RawFtp.SecureLoginAsync(server);
        using (var first = opener == "EPSV" ? await ftp.PassiveAsync() : await ftp.ActiveAsync(opener))
        {
            Assert.StartsWith("150 ", await ftp.AskAsync("NLST"));
            using var data = opener == "EPSV" ? first : await first.AcceptAsync();
            await Assert.ThrowsAnyAsync<IOException>(() => ftp.SecureDataAsync(data));
            Assert.Equal(server.TlsFaults.RefusalReply, await ftp.ReplyAsync());
        }

        Assert.Empty(await ftp.DownloadAsync("NLST", opener));
        Assert.Equal(0, server.TlsFaults.Times);
        Assert.Equal(1, server.DataHandshakes);
    }

    [Theory]
    [InlineData(SslProtocols.Tls13, true)]
    [InlineData(SslProtocols.Tls12, false)]
    public async Task A_data_connection_can_be_refused_after_its_handshake_for_TLS_13_alone(SslProtocols protocol, bool refused)
    {
        await using var server = Start();
        server.TlsFaults.RefuseHandshake = HandshakeRefusal.AfterHandshake;
        server.TlsFaults.OnlyTls13 = true;
        server.TlsFaults.Times = 1;
        using var ftp = await RawFtp.SecureLoginAsync(server, tls => tls.EnabledSslProtocols = protocol);
        if (refused)
        {
            using var data = await ftp.PassiveAsync();
            Assert.StartsWith("150 ", await ftp.AskAsync("NLST"));
            Assert.Empty(await ftp.ReadAllAsync(data));
            Assert.Equal("522 SSL connection failed: session reuse required", await ftp.ReplyAsync());
        }

        Assert.Empty(await ftp.DownloadAsync("NLST"));
        Assert.Equal(refused ? 0 : 1, server.TlsFaults.Times);
        Assert.Equal(refused ? 2 : 1, server.DataHandshakes);
    }

    [Fact]
    public async Task A_data_connection_on_which_hands_are_not_shaken_is_answered_522()
    {
        await using var server = Start();
        using var ftp = await RawFtp.SecureLoginAsync(server);
        using (var data = await ftp.PassiveAsync())
        {
            Assert.StartsWith("150 ", await ftp.AskAsync("STOR a"));
            await data.SendAsync("plain text, and more than a header of it"u8.ToArray().AsMemory());
            Assert.StartsWith("522 ", await ftp.ReplyAsync());
        }

        server.DataTimeout = TimeSpan.FromMilliseconds(200);
        using (var data = await ftp.PassiveAsync())
        {
            Assert.StartsWith("150 ", await ftp.AskAsync("STOR a"));
            Assert.StartsWith("522 ", await ftp.ReplyAsync());
        }

        server.DataTimeout = _bound;
        Assert.Equal("a\r\n", Text(await ftp.DownloadAsync("NLST")));
    }

    [Fact]
    public async Task An_abort_ends_a_transfer_that_stalled_under_TLS()
    {
        await using var server = Start();
        server.DataFaults.StallAfter = 1000;
        server.DataFaults.Times = 1;
        using var ftp = await RawFtp.SecureLoginAsync(server);
        await File.WriteAllBytesAsync(Path.Combine(server.Root, "a"), new byte[5000]);
        using var data = await ftp.PassiveAsync();
        Assert.StartsWith("150 ", await ftp.AskAsync("RETR a"));
        _ = await ftp.SecureDataAsync(data);
        await server.DataFaults.Stalled.WaitAsync(_bound);
        await ftp.SendAsync([255, 244, 255, 242, .. "ABOR\r\n"u8]);
        Assert.StartsWith("426 ", await ftp.ReplyAsync());
        Assert.StartsWith("226 ", await ftp.ReplyAsync());
        Assert.Equal(5000, (await ftp.DownloadAsync("RETR a")).Length);
    }

    [Fact]
    public async Task Scripts_can_shake_hands_themselves()
    {
        await using var server = Start();
        server.On("AUTH", async (c, _) =>
        {
            await c.ReplyAsync("234-Wait\r\n234 Now");
            await c.SecureAsync();
        });
        server.On("NLST", async (c, _) =>
        {
            await c.ReplyAsync("150 Here it comes");
            await using (var data = await c.OpenDataStreamAsync())
            {
                await data.WriteAsync("x\r\n"u8.ToArray());
                if (data is SslStream tls)
                    await tls.ShutdownAsync();
            }

            await c.ReplyAsync("226 Done");
        });
        using var ftp = await RawFtp.ConnectAsync(server);
        Assert.StartsWith("220 ", await ftp.ReplyAsync());
        Assert.StartsWith("234-", await ftp.AskAsync("AUTH TLS"));
        await ftp.SecureAsync();
        await ftp.LoginAsync(server.User, server.Password);
        Assert.Equal("x\r\n", Text(await ftp.DownloadAsync("NLST")));
        await ftp.ProtectAsync();
        Assert.Equal("x\r\n", Text(await ftp.DownloadAsync("NLST")));
        Assert.True(ftp.CloseNotifySeen);
        Assert.Equal(1, server.DataHandshakes);
    }

    [Fact]
    public async Task A_client_that_goes_while_AUTH_is_unanswered_or_failing_is_gone()
    {
        await using var server = Start();
        server.On("AUTH", (_, _) => new TaskCompletionSource().Task);
        using (var ftp = await RawFtp.ConnectAsync(server))
        {
            await ftp.SendAsync("AUTH TLS\r\n");
            await server.WaitForCommandAsync("AUTH", _bound);
        }

        server.Off("AUTH");
        using (var ftp = await RawFtp.ConnectAsync(server))
        {
            Assert.StartsWith("220 ", await ftp.ReplyAsync());
            ftp.Tls.RemoteCertificateValidationCallback = (_, _, _, _) => false;
            Assert.StartsWith("234 ", await ftp.AskAsync("AUTH TLS"));
            await Assert.ThrowsAsync<AuthenticationException>(ftp.SecureAsync);
        }

        for (var start = Stopwatch.GetTimestamp(); server.ConnectionCount > 0;)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < _bound);
            await Task.Delay(10);
        }

        using var next = await RawFtp.SecureLoginAsync(server);
    }

    [Fact]
    public async Task Refuses_connections_beyond_its_bound_under_TLS()
    {
        await using var server = Start();
        server.ImplicitTls = true;
        server.MaxConnections = 1;
        using var first = await RawFtp.SecureLoginAsync(server);
        using var second = await RawFtp.ConnectAsync(server);
        await second.SecureAsync();
        Assert.Equal("421 Too many connections", await second.ReplyAsync());
        Assert.Null(await second.ReplyAsync());
    }

    [Fact]
    public void Certificates_are_what_was_asked_for()
    {
        using var authority = TestCertificate.Create("CN=authority", authority: true);
        using var issued = TestCertificate.Create("CN=a.example", ["a.example", "*.b.example"], issuer: authority);
        Assert.True(issued.HasPrivateKey);
        Assert.True(issued.MatchesHostname("a.example"));
        Assert.True(issued.MatchesHostname("x.b.example"));
        Assert.False(issued.MatchesHostname("localhost"));
        Assert.True(Chain(issued, authority));
        using var expired = TestCertificate.Create(notBefore: DateTimeOffset.UtcNow.AddDays(-9), notAfter: DateTimeOffset.UtcNow.AddDays(-1));
        Assert.True(expired.NotAfter < DateTime.Now);
        Assert.False(Chain(expired, expired));
        Assert.True(Chain(_certificate, _certificate));
        Assert.True(_certificate.MatchesHostname("localhost"));
        Assert.True(_certificate.MatchesHostname("127.0.0.1"));
        using var elsewhere = TestCertificate.Create(addresses: [IPAddress.Parse("192.0.2.9")]);
        Assert.False(elsewhere.MatchesHostname("127.0.0.1", allowCommonName: false));
        using var again = X509CertificateLoader.LoadPkcs12(issued.Export(X509ContentType.Pkcs12), null);
        Assert.Equal(issued.Thumbprint, again.Thumbprint);
    }

    private static LoopbackServer Start()
    {
        var server = LoopbackServer.Start();
        server.Certificate = _certificate;
        return server;
    }

    private static bool Chain(X509Certificate2 certificate, X509Certificate2 root)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
