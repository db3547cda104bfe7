using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.TestServer;
using FtpTools.Tests.Proxies;
using Xunit;

namespace FtpTools.Tests.Tls;

/// <summary>From the greeting to the login under TLS, and when there is to be no login.</summary>
public sealed class TlsLoginTests : TlsTest
{
    [Theory]
    [InlineData(SslProtocols.Tls12, "TLS 1.2")]
    [InlineData(SslProtocols.Tls13, "TLS 1.3", Skip = Engine.NoTls13)]
    public async Task Explicit_TLS_comes_before_the_account_and_covers_data(SslProtocols protocol, string version)
    {
        Server.TlsProtocols = protocol;
        Server.RequireTls = true;
        using var session = await ConnectSecureAsync();
        Assert.Equal(["AUTH TLS", $"USER {Server.User}", $"PASS {Server.Password}", "PBSZ 0", "PROT P"], Server.Commands.Take(5));
        Assert.Equal((FtpTlsMode.Explicit, version), (session.Security!.Mode, session.Security.Version));
        Assert.Equal(Certificate.Thumbprint, session.Security.GetCertificate().Thumbprint);
        await RoundTripAsync(session);
        Assert.Equal(3, Server.DataHandshakes);
        Assert.Equal(3, Log.Count("with a resumed session"));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13, Skip = Engine.NoTls13)]
    public async Task Implicit_TLS_comes_before_the_greeting(SslProtocols protocol)
    {
        Server.TlsProtocols = protocol;
        Server.ImplicitTls = true;
        using var session = await FtpSession.ConnectAsync(Patient with { Tls = FtpTlsMode.Implicit }, Bound);
        Assert.Equal(FtpTlsMode.Implicit, session.Security!.Mode);
        Assert.Equal(0, Count("AUTH"));
        await RoundTripAsync(session);
        Assert.Equal(3, Server.DataHandshakes);
        await ProveAsync(session);
    }

    [Fact]
    public async Task PBSZ_that_is_never_answered_is_not_said_again()
    {
        Server.On("PBSZ", (_, _) => Task.CompletedTask);
        Server.On("PROT", (c, argument) =>
        {
            c.State.BufferSizeGiven = true;
            return c.HandleAsync("PROT", argument);
        });
        using var session = await FtpSession.ConnectAsync(Patient with { OptionalTimeout = TimeSpan.FromSeconds(1) }, Bound);
        Assert.Contains(session.Habits, habit => habit.Evidence.StartsWith("PBSZ wasn't answered", StringComparison.Ordinal));
        await RoundTripAsync(session);
        Assert.Equal(3, Server.DataHandshakes);
        Assert.Equal(1, Count("PBSZ"));
        Assert.Equal(2, Count("AUTH"));
        await ProveAsync(session);
    }

    [Fact]
    public async Task Replies_may_come_byte_by_byte_under_TLS()
    {
        Server.ReplyBytewise = true;
        using var session = await ConnectSecureAsync();
        await ProveAsync(session);
    }

    [Fact]
    public async Task Auto_takes_TLS_where_there_is_some_and_says_nothing()
    {
        using var session = await FtpSession.ConnectAsync(Patient with { Tls = FtpTlsMode.Auto }, Bound);
        Assert.Equal(FtpTlsMode.Explicit, session.Security!.Mode);
        Assert.Empty(Log.Warnings);
        await ProveAsync(session);
    }

    [Fact]
    public async Task Auto_never_goes_on_with_a_certificate_that_is_not_trusted()
    {
        await FailsAsync("FtpCertificateRejected", () => FtpSession.ConnectAsync(Patient with { Tls = FtpTlsMode.Auto, SkipCertificateCheck = false }, Bound));
        Assert.Equal(["AUTH TLS"], Server.Commands);
    }

    [Fact]
    public async Task Auto_warns_a_named_account_once_a_session_where_there_is_no_TLS_and_asks_once()
    {
        Server.Certificate = null;
        using var session = await FtpSession.ConnectAsync(Patient with { Tls = FtpTlsMode.Auto, MaxConnection = 3 }, Bound);
        await ListAtOnceAsync(session, 3);
        Assert.Equal(3, Count("USER"));
        Assert.Equal(1, Count("AUTH"));
        Assert.Contains("unencrypted", Assert.Single(Log.Warnings));
        Assert.Null(session.Security);
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("anonymous")]
    [InlineData("ftp")]
    public async Task Auto_does_not_warn_who_has_no_password_to_lose(string user)
    {
        Server.Certificate = null;
        Server.AllowAnonymous = true;
        using var session = await FtpSession.ConnectAsync(Patient with { Tls = FtpTlsMode.Auto, UserName = user, MaxConnection = 2 }, Bound);
        await ListAtOnceAsync(session, 2);
        Assert.Empty(Log.Warnings);
        await ProveAsync(session);
    }

    [Fact]
    public async Task None_asks_for_none_and_says_nothing()
    {
        using var session = await FtpSession.ConnectAsync(Patient with { Tls = FtpTlsMode.None }, Bound);
        Assert.Equal(0, Count("AUTH"));
        Assert.Empty(Log.Warnings);
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("500 AUTH not understood")]
    [InlineData("502 AUTH not implemented.")]
    [InlineData("504 AUTH not understood")]
    [InlineData("530 Please login with USER and PASS.")]
    [InlineData("534 Policy.")]
    [InlineData("431 Not now.")]
    public async Task Explicit_never_sends_name_or_password_when_AUTH_is_refused(string reply)
    {
        Server.On("AUTH", (connection, _) => connection.ReplyAsync(reply));
        var error = await FailsAsync("FtpTlsFailed", ConnectSecureAsync);
        Assert.Contains(reply, error.Message);
        Assert.Contains("The password wasn't sent.", error.Message);
        Assert.Contains("-Tls", error.Message);
        Assert.Equal(0, Count("USER") + Count("PASS"));
    }

    [Theory]
    [InlineData("530 Non-anonymous sessions must use encryption.")] // vsftpd
    [InlineData("550 SSL/TLS required on the control channel")] // ProFTPD
    [InlineData("503 Use AUTH first, TLS is required.")]
    public async Task A_login_refused_for_want_of_TLS_is_not_told_as_a_wrong_password(string reply)
    {
        Server.RequireTls = true;
        Server.TlsRequiredReply = reply;
        var error = await FailsAsync("FtpLoginFailed", () => FtpSession.ConnectAsync(Patient with { Tls = FtpTlsMode.None }, Bound));
        Assert.Contains(reply, error.Message);
        Assert.Contains("-Tls Explicit", error.Message);
        Assert.DoesNotContain("Check the user name", error.Message);
        using var session = await ConnectSecureAsync();
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_wrong_password_under_TLS_is_told_as_one()
    {
        var error = await FailsAsync("FtpLoginFailed", () => FtpSession.ConnectAsync(Patient with { Password = "guessed" }, Bound));
        Assert.Contains("Check the user name and the password.", error.Message);
        Assert.DoesNotContain("guessed", error.Message);
    }

    [Fact]
    public async Task A_server_of_old_is_asked_for_SSL()
    {
        Server.On("AUTH", (connection, argument) => argument == "SSL" ? connection.HandleAsync("AUTH", argument) : connection.ReplyAsync("504 No TLS."));
        using var session = await ConnectSecureAsync();
        await ProveAsync(session);
        Assert.NotNull(session.Security);
    }

    [Fact]
    public async Task A_session_that_began_with_TLS_never_goes_on_without()
    {
        Serve("any", 1);
        using var session = await FtpSession.ConnectAsync(Patient with { Tls = FtpTlsMode.Auto, MaxConnection = 2 }, Bound);
        Server.On("AUTH", (connection, _) => connection.ReplyAsync("502 AUTH not implemented."));
        // A second connection of its pool:
        Server.ListingGate = new ListingGate(1);
        var first = ListAsync(session);
        await Server.ListingGate.Reached.WaitAsync(Bound);
        await FailsAsync("FtpTlsFailed", () => ListAsync(session));
        Server.ListingGate.Release();
        await first;
        // One in the place of a lost one:
        Server.Connections[0].Drop();
        await FailsAsync("FtpTlsFailed", () => ListAsync(session));
        Assert.Equal((1, 1), (Count("USER"), Count("PASS")));
        Assert.Empty(Log.Warnings);
        Server.Off("AUTH");
        await ProveAsync(session);
    }

    [Fact]
    public async Task Plain_text_injected_behind_the_reply_to_AUTH_is_not_taken_for_a_reply()
    {
        Server.InjectAfterAuth = "230 You are logged in.\r\n257 \"/elsewhere\"\r\n";
        using var session = await ConnectSecureAsync();
        Assert.Equal((1, 1), (Count("USER"), Count("PASS")));
        Assert.Equal("/", session.Location);
        Assert.Equal(0, Log.Count("You are logged in."));
        await ProveAsync(session);
    }

    [Fact]
    public async Task Plain_text_injected_a_moment_later_ends_the_handshake()
    {
        Server.On("AUTH", async (connection, _) =>
        {
            await connection.ReplyAsync("234 Proceed.");
            // The client's first TLS record is there: it has taken the reply.
            await Task.Yield();
            await connection.ReplyAsync("230 You are logged in.");
            await connection.SecureAsync();
        });
        try
        {
            using var session = await ConnectSecureAsync();
            Assert.Equal((1, 1), (Count("USER"), Count("PASS"))); // it came together with 234 all the same
        }
        catch (FtpException e)
        {
            Assert.Equal("FtpTlsFailed", e.ErrorId);
            Assert.Equal(0, Count("USER"));
        }

        Assert.Equal(0, Log.Count("You are logged in."));
        Server.Off("AUTH");
        using var next = await ConnectSecureAsync();
        await ProveAsync(next);
    }

    [Fact]
    public async Task PROT_P_refused_is_no_session()
    {
        Server.On("PROT", (connection, _) => connection.ReplyAsync("534 No protection here."));
        var error = await FailsAsync("FtpTlsFailed", ConnectSecureAsync);
        Assert.Contains("534 No protection here.", error.Message);
        Assert.Contains("-DataProtection Clear", error.Message);
        Server.Off("PROT");
        using var next = await ConnectSecureAsync();
        await ProveAsync(next);
    }

    [Fact]
    public async Task PROT_C_leaves_data_in_clear_text()
    {
        using var session = await FtpSession.ConnectAsync(Patient with { DataProtection = FtpDataProtection.Clear }, Bound);
        Assert.Contains("PROT C", Server.Commands);
        await RoundTripAsync(session);
        Assert.Equal(0, Server.DataHandshakes);
        Server.On("PROT", (connection, _) => connection.ReplyAsync("534 Data must be encrypted."));
        var error = await FailsAsync("FtpTlsFailed", () => FtpSession.ConnectAsync(Patient with { DataProtection = FtpDataProtection.Clear }, Bound));
        Assert.Contains("-DataProtection Private", error.Message);
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13, Skip = Engine.NoTls13)]
    public async Task CCC_leaves_TLS_on_the_control_connection_alone(SslProtocols protocol)
    {
        Server.TlsProtocols = protocol;
        using var session = await FtpSession.ConnectAsync(Patient with { ClearCommandChannel = true }, Bound);
        Assert.False(Assert.Single(Server.Connections).IsSecure);
        foreach (var mode in new[] { FtpMode.Epsv, FtpMode.Port })
        {
            session.Mode = mode;
            await RoundTripAsync(session);
        }

        Assert.Equal(6, Server.DataHandshakes);
        Assert.Equal(6, Log.Count("with a resumed session"));
        Assert.Equal(1, Count("CCC"));
        await ProveAsync(session);
    }

    [Fact]
    public async Task CCC_refused_is_no_session()
    {
        Server.AllowClearCommandChannel = false;
        var error = await Assert.ThrowsAnyAsync<FtpException>(() => FtpSession.ConnectAsync(Patient with { ClearCommandChannel = true }, Bound));
        Assert.Contains("end TLS on the control connection", error.Message);
        Assert.Contains("533", error.Message);
        using var session = await ConnectSecureAsync();
        await ProveAsync(session);
    }

    [Fact]
    public async Task CCC_that_is_granted_and_not_done_is_an_error_after_a_second()
    {
        Server.On("CCC", SilentAfter("200 Clearing."));
        var watch = Stopwatch.StartNew();
        await FailsAsync("FtpTlsFailed", () => FtpSession.ConnectAsync(Patient with { ClearCommandChannel = true, Timeout = TimeSpan.FromSeconds(20) }, Bound));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(8));
        Server.Off("CCC");
        using var session = await FtpSession.ConnectAsync(Patient with { ClearCommandChannel = true }, Bound);
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, FtpTlsVersion.Tls13)]
    [InlineData(SslProtocols.Tls13, FtpTlsVersion.Tls12, Skip = Engine.NoTls13)]
    public async Task Versions_that_do_not_meet_are_told(SslProtocols server, FtpTlsVersion client)
    {
        Server.TlsProtocols = server;
        var error = await FailsAsync("FtpTlsFailed", () => FtpSession.ConnectAsync(Patient with { TlsVersion = client }, Bound));
        Assert.Contains($"{client}", error.Message);
        Assert.Equal(0, Count("USER"));
        using var session = await ConnectSecureAsync();
        Assert.Equal(server == SslProtocols.Tls12 ? "TLS 1.2" : "TLS 1.3", session.Security!.Version);
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(FtpTlsVersion.Tls12, "TLS 1.2")]
    [InlineData(FtpTlsVersion.Tls13, "TLS 1.3")]
    [InlineData(FtpTlsVersion.Any, Engine.NewestTls)]
    public async Task The_client_chooses_the_version(FtpTlsVersion client, string version)
    {
        using var session = await FtpSession.ConnectAsync(Patient with { TlsVersion = client }, Bound);
        Assert.Equal(version, session.Security!.Version);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_server_that_falls_silent_in_the_handshake_is_given_up()
    {
        Server.On("AUTH", SilentAfter("234 Proceed."));
        var watch = Stopwatch.StartNew();
        var error = await FailsAsync("FtpTimeout", () => FtpSession.ConnectAsync(Secure, Bound));
        Assert.Contains("TLS handshake", error.Message);
        Assert.Contains("-TimeoutSec", error.Message);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(8));
        Server.Off("AUTH");
        using var session = await ConnectSecureAsync();
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_cancel_in_the_handshake_ends_within_a_second()
    {
        Server.On("AUTH", SilentAfter("234 Proceed."));
        using var stop = new CancellationTokenSource();
        var connecting = FtpSession.ConnectAsync(Patient with { Timeout = TimeSpan.FromSeconds(25) }, stop.Token);
        await Server.WaitForCommandAsync("AUTH", TimeSpan.FromSeconds(10));
        var watch = Stopwatch.StartNew();
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Server.Off("AUTH");
        using var session = await ConnectSecureAsync();
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("500 I changed my mind.\r\n")]
    public async Task A_server_that_answers_the_handshake_with_something_else_is_given_up(string garbage)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connecting = FailsAsync("FtpTlsFailed", () => FtpSession.ConnectAsync(Patient with { Port = ((IPEndPoint)listener.LocalEndpoint).Port }, Bound));
        using var client = await listener.AcceptTcpClientAsync(Bound);
        await using var stream = client.GetStream();
        var buffer = new byte[100];
        await stream.WriteAsync("220 Hello.\r\n"u8.ToArray());
        await stream.ReadExactlyAsync(buffer.AsMemory(0, "AUTH TLS\r\n".Length), Bound);
        await stream.WriteAsync("234 Proceed.\r\n"u8.ToArray());
        await stream.ReadExactlyAsync(buffer, Bound);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(garbage));
        Assert.Contains("TLS handshake", (await connecting).Message);
    }

    [Fact]
    public async Task A_server_that_hangs_up_on_the_handshake_is_given_up()
    {
        Server.On("AUTH", async (connection, _) =>
        {
            await connection.ReplyAsync("234 Proceed.");
            connection.Close();
        });
        await FailsAsync("FtpTlsFailed", ConnectSecureAsync);
        Server.Off("AUTH");
        using var session = await ConnectSecureAsync();
        await ProveAsync(session);
    }

    [Fact]
    public async Task Implicit_TLS_with_a_server_that_has_explicit_TLS_says_so()
    {
        var error = await FailsAsync("FtpTlsFailed", () => FtpSession.ConnectAsync(Patient with { Tls = FtpTlsMode.Implicit }, Bound));
        Assert.Contains("-Tls Explicit", error.Message);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13, Skip = Engine.NoTls13)]
    public async Task A_client_certificate_is_shown_on_every_connection(SslProtocols protocol)
    {
        Server.TlsProtocols = protocol;
        Server.RequireClientCertificate = true;
        using var own = TestCertificate.Create("CN=client");
        using var session = await FtpSession.ConnectAsync(Patient with { ClientCertificate = own }, Bound);
        await RoundTripAsync(session);
        Assert.Equal(3, Log.Count("with a resumed session"));
        var error = await FailsAsync("FtpTlsFailed", ConnectSecureAsync);
        Assert.Contains("-ClientCertificate", error.Message);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_client_certificate_is_not_lost_to_a_session_without_TLS()
    {
        Server.Certificate = null;
        using var own = TestCertificate.Create("CN=client");
        await FailsAsync("FtpTlsFailed", () => FtpSession.ConnectAsync(Patient with { Tls = FtpTlsMode.Auto, ClientCertificate = own }, Bound));
        Assert.Equal(0, Count("USER"));
    }

    [Theory]
    [InlineData("ftp.example")]
    [InlineData("192.0.2.17")]
    [InlineData("b\u00FCcher.example")] // which TLS knows as xn--bcher-kva.example
    public async Task Each_control_connection_resumes_its_own_session(string host)
    {
        await using var proxy = new ScriptedProxy(FtpProxyKind.Http) { Route = target => "127.0.0.1" + target[target.LastIndexOf(':')..] };
        using var session = await FtpSession.ConnectAsync(Patient with { ComputerName = host, TlsVersion = FtpTlsVersion.Tls13, Proxy = proxy.Proxy, MaxConnection = 4 }, Bound);
        Serve("any", 100);
        var item = await session.GetItemAsync("/any", Bound);
        await ListAtOnceAsync(session, 4);
        Log.Clear();
        await Parallel.ForAsync(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Bound }, async (i, stop) =>
            await session.DownloadAsync(item, Local($"any{i}"), Default, null, stop));
        Assert.Equal((60, 0), (Log.Count("with a resumed session"), Log.Count("with a new session")));
        await ProveAsync(session);
    }

    private static CommandScript SilentAfter(string reply) => async (connection, _) =>
    {
        await connection.ReplyAsync(reply);
        await Task.Delay(Timeout.Infinite, connection.Closed);
    };

    /// <summary>Has so many connections of a session at work at a time.</summary>
    private async Task ListAtOnceAsync(FtpSession session, int count)
    {
        Serve("any", 100);
        Server.ListingGate = new ListingGate(1);
        var listings = new List<Task>();
        var before = Count("MLSD");
        for (var i = 0; i < count; i++)
            listings.Add(ListAsync(session));
        await Server.WaitForCommandAsync("MLSD", TimeSpan.FromSeconds(10), before + count);
        Server.ListingGate.Release();
        await Task.WhenAll(listings);
        Server.ListingGate = null;
    }
}
