using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.TestServer;
using FtpTools.Tests.Proxies;
using FtpTools.Tests.Tls;
using Xunit;

namespace FtpTools.Tests.Diagnosis;

/// <summary>The walk from a server's name to a data connection by every command, and what it tells when something is in the way.</summary>
public sealed class ConnectionProbeTests : TlsTest
{
    private static readonly FtpMode[] _rungs = [FtpMode.Epsv, FtpMode.Pasv, FtpMode.Port, FtpMode.Eprt];

    [Theory]
    [InlineData(FtpTlsMode.None)]
    [InlineData(FtpTlsMode.Auto)]
    [InlineData(FtpTlsMode.Explicit)]
    [InlineData(FtpTlsMode.Implicit)]
    public async Task Tells_of_every_step_where_all_is_well_and_leaves_nothing_behind(FtpTlsMode tls)
    {
        Server.ImplicitTls = tls == FtpTlsMode.Implicit;
        var tests = await TestAsync(Secure with { Tls = tls }, "/");
        FtpTestStep[] login = tls switch
        {
            FtpTlsMode.None => [FtpTestStep.Resolve, FtpTestStep.Connect, FtpTestStep.Greeting, FtpTestStep.Login, FtpTestStep.Features],
            FtpTlsMode.Implicit => [FtpTestStep.Resolve, FtpTestStep.Connect, FtpTestStep.Tls, FtpTestStep.Greeting, FtpTestStep.Login, FtpTestStep.Features],
            _ => [FtpTestStep.Resolve, FtpTestStep.Connect, FtpTestStep.Greeting, FtpTestStep.Tls, FtpTestStep.Login, FtpTestStep.Features],
        };
        var data = _rungs.SelectMany(_ => new[] { FtpTestStep.Listing, FtpTestStep.Upload });
        Assert.Equal([.. login, .. data, FtpTestStep.Recommendation], tests.Select(test => test.Step));
        Assert.All(tests, test => Assert.True(test.Succeeded, $"{test.Step}: {test.Diagnosis}"));
        Assert.All(tests, test => Assert.DoesNotContain(Server.Password, $"{test}"));
        Assert.All(tests.Where(test => test.Mode is not null && test.Step != FtpTestStep.Recommendation), test =>
        {
            Assert.Equal(test.Mode.ToString()!.ToUpperInvariant(), test.Command);
            Assert.Equal(FtpDataStage.Done, test.Stage);
            Assert.Equal(tls == FtpTlsMode.None ? null : true, test.Resumed);
            Assert.StartsWith("Works:", test.Diagnosis);
            Assert.NotNull(test.Announced);
            Assert.NotNull(test.Used);
        });
        Assert.Equal(FtpMode.Auto, tests[^1].Mode);
        Assert.StartsWith($"Connect-Ftp localhost -Port {Server.Port} -Credential tester -Tls ", tests[^1].Command);
        Assert.Empty(Directory.GetFiles(Server.Root));
        Assert.Equal((4, 4, 1), (Count("STOR"), Count("DELE"), Server.AcceptedCount));
    }

    [Fact]
    public async Task Passive_ports_that_are_refused_are_told_and_active_mode_recommended()
    {
        var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        Server.On("EPSV", (connection, _) => connection.ReplyAsync($"229 Entering Extended Passive Mode (|||{port}|)"));
        Server.On("PASV", (connection, _) => connection.ReplyAsync($"227 Entering Passive Mode (127,0,0,1,{port >> 8},{port & 255})."));
        var tests = await TestAsync(Secure, null);
        Assert.All(tests.Where(test => test.Mode is FtpMode.Epsv or FtpMode.Pasv), test =>
        {
            Assert.Equal((false, FtpDataStage.Open), (test.Succeeded, test.Stage));
            Assert.Contains($"127.0.0.1:{port} refused the connection immediately", test.Diagnosis);
            Assert.Equal("FtpDataConnectionFailed", test.Failure!.ErrorId);
        });
        Assert.Equal((FtpMode.Active, true), (tests[^1].Mode, tests[^1].Succeeded));
        Assert.Contains("-Mode Active", tests[^1].Command);
    }

    [Fact]
    public async Task An_address_that_is_not_the_servers_is_told_and_not_dialled()
    {
        Server.PasvAddress = IPAddress.Parse("10.1.2.3");
        var pasv = Assert.Single(await TestAsync(Secure, null, FtpMode.Pasv), test => test.Step == FtpTestStep.Listing);
        Assert.True(pasv.Succeeded);
        Assert.Contains("private address 10.1.2.3", pasv.Diagnosis);
        Assert.StartsWith("10.1.2.3:", pasv.Announced);
        Assert.StartsWith("127.0.0.1:", pasv.Used);
    }

    [Fact]
    public async Task A_control_connection_that_is_cut_at_a_command_is_told_and_the_next_command_tried_on_another()
    {
        Server.On("EPSV", (connection, _) =>
        {
            connection.Drop();
            return Task.CompletedTask;
        });
        var tests = await TestAsync(Secure with { Tls = FtpTlsMode.None }, null);
        var epsv = Assert.Single(tests, test => test is { Mode: FtpMode.Epsv, Step: FtpTestStep.Listing });
        Assert.Contains("lost when EPSV was sent", epsv.Diagnosis);
        Assert.Contains("inspects FTP", epsv.Diagnosis);
        Assert.All(tests.Where(test => test.Mode is FtpMode.Pasv or FtpMode.Port or FtpMode.Eprt), test => Assert.True(test.Succeeded));
        Assert.Equal(2, Server.AcceptedCount);
        Assert.Equal(FtpMode.Pasv, tests[^1].Mode);
        Assert.Contains("With EPSV, the connection is lost", tests[^1].Diagnosis);
    }

    [Fact]
    public async Task A_control_connection_that_cannot_be_made_again_is_told_as_that_and_tried_once_more_for_the_next_command()
    {
        Server.On("EPSV", (connection, _) =>
        {
            connection.Drop();
            return Task.CompletedTask;
        });
        Server.On("PASS", (connection, argument) => connection.Number == 2 ? connection.ReplyAsync("530 Not so fast.") : connection.HandleAsync("PASS", argument));
        var tests = await TestAsync(Secure, null);
        var pasv = Assert.Single(tests, test => test is { Mode: FtpMode.Pasv, Step: FtpTestStep.Listing });
        Assert.Contains("PASV wasn't tried, because the connection could not be opened again.", pasv.Diagnosis);
        Assert.Contains("530 Not so fast.", pasv.Diagnosis);
        Assert.DoesNotContain("lost when", pasv.Diagnosis);
        Assert.All(tests.Where(test => test.Mode is FtpMode.Port or FtpMode.Eprt), test => Assert.True(test.Succeeded, test.Diagnosis));
        Assert.Equal((3, 0, FtpMode.Active), (Server.AcceptedCount, Count("PASV"), tests[^1].Mode));
    }

    [Theory]
    [InlineData(FtpTlsMode.None)]
    [InlineData(FtpTlsMode.Explicit)]
    public async Task A_file_that_the_server_does_not_take_is_not_laid_at_the_data_connections_door(FtpTlsMode tls)
    {
        var tests = await TestAsync(Secure with { Tls = tls }, "/missing");
        Assert.All(tests.Where(test => test.Step == FtpTestStep.Upload), test =>
        {
            Assert.Contains("The data connection isn't the cause of the failure: the server didn't accept the file. It replied '550 ", test.Diagnosis);
            Assert.Equal("FtpPathNotFound", test.Failure!.ErrorId);
        });
        Assert.Equal(4, tests.Count(test => test.Step == FtpTestStep.Upload));
        Assert.Equal((FtpMode.Auto, 1), (tests[^1].Mode, Server.AcceptedCount));
        Assert.Contains("The server refused the upload itself, regardless of the mode.", tests[^1].Diagnosis);
    }

    [Fact]
    public async Task A_greeting_that_a_firewall_blotted_out_is_told()
    {
        Server.Greeting = "220 ****************************************";
        var greeting = Assert.Single(await TestAsync(Secure, null, FtpMode.Epsv), test => test.Step == FtpTestStep.Greeting);
        Assert.True(greeting.Succeeded);
        Assert.Contains("masked", greeting.Diagnosis);
    }

    [Fact]
    public async Task No_TLS_is_told_as_a_step_that_neither_worked_nor_failed()
    {
        Server.Certificate = null;
        var tests = await TestAsync(Secure with { Tls = FtpTlsMode.Auto }, null, FtpMode.Epsv);
        var tls = Assert.Single(tests, test => test.Step == FtpTestStep.Tls);
        Assert.Null(tls.Succeeded);
        Assert.Contains("unencrypted", tls.Diagnosis);
        Assert.EndsWith("-Tls None", tests[^1].Command);
        Assert.Empty(Log.Warnings);
    }

    [Fact]
    public async Task A_certificate_that_is_rejected_ends_the_walk()
    {
        var tests = await TestAsync(Secure with { SkipCertificateCheck = false }, null);
        Assert.Equal((FtpTestStep.Tls, false, "FtpCertificateRejected"), (tests[^1].Step, tests[^1].Succeeded, tests[^1].Failure!.ErrorId));
        Assert.Contains("-CertificateThumbprint", tests[^1].Diagnosis);
        Assert.Equal(0, Count("USER"));
    }

    [Fact]
    public async Task Session_reuse_that_is_demanded_and_not_to_be_had_is_told()
    {
        Server.TlsFaults.RefuseHandshake = HandshakeRefusal.InsteadOfHandshake;
        Server.TlsFaults.RefusalReply = "425 Unable to build data connection: Operation not permitted";
        var tests = await TestAsync(Secure with { TlsVersion = FtpTlsVersion.Tls12 }, null, FtpMode.Passive);
        Assert.All(tests.Where(test => test.Step == FtpTestStep.Listing), test =>
        {
            Assert.False(test.Succeeded);
            Assert.Contains("requires data connections to resume the TLS session of the control connection", test.Diagnosis);
        });
        Assert.Equal((null, false), (tests[^1].Mode, tests[^1].Succeeded));
    }

    [Fact]
    public async Task Session_reuse_that_TLS_12_has_is_gone_on_with()
    {
        Server.TlsFaults.RefuseHandshake = HandshakeRefusal.InsteadOfHandshake;
        Server.TlsFaults.OnlyTls13 = true;
        var tests = await TestAsync(Secure, null, FtpMode.Passive);
        Assert.All(tests.Where(test => test.Step == FtpTestStep.Listing), test => Assert.Contains("Secured by TLS 1.2", test.Diagnosis));
        Assert.Equal(FtpMode.Auto, tests[^1].Mode);
    }

    [Theory]
    [InlineData("no-such-host.invalid", FtpTestStep.Resolve, "could not be resolved")]
    [InlineData("localhost", FtpTestStep.Connect, "refused the connection immediately")]
    public async Task A_server_that_is_not_there_ends_the_walk(string host, FtpTestStep step, string words)
    {
        var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        var tests = await TestAsync(Secure with { ComputerName = host, Port = port }, null);
        Assert.Equal((step, false), (tests[^1].Step, tests[^1].Succeeded));
        Assert.Contains(words, tests[^1].Diagnosis);
    }

    [Fact]
    public async Task No_local_port_is_told_as_what_it_is()
    {
        var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        var port = ((IPEndPoint)busy.LocalEndpoint).Port;
        var tests = await TestAsync(Secure with { ActivePortRange = new FtpPortRange(port, port) }, null, FtpMode.Port);
        busy.Stop();
        Assert.Contains("-ActivePortRange", Assert.Single(tests, test => test.Step == FtpTestStep.Listing).Diagnosis);
    }

    [Theory]
    [InlineData(FtpProxyKind.Socks5)]
    [InlineData(FtpProxyKind.Http)]
    public async Task Through_a_proxy_the_announced_address_is_nobodys_business_and_active_mode_not_tried(FtpProxyKind kind)
    {
        await using var proxy = new ScriptedProxy(kind) { Route = target => target.Replace("nowhere.invalid", "127.0.0.1") };
        var tests = await TestAsync(Secure with { ComputerName = "nowhere.invalid", Proxy = proxy.Proxy }, null);
        Assert.Equal(FtpTestStep.Connect, tests[0].Step);
        Assert.All(tests.Where(test => test.Mode is FtpMode.Epsv or FtpMode.Pasv), test =>
        {
            Assert.StartsWith("nowhere.invalid:", test.Used);
            Assert.Equal($"Works: this computer can connect to the server ({test.Used}). Secured by {Engine.NewestTls}, with the resumed session of the control connection.", test.Diagnosis);
        });
        Assert.All(tests.Where(test => test.Mode is FtpMode.Port or FtpMode.Eprt), test => Assert.Contains("through a proxy", test.Diagnosis));
        Assert.All(tests.Where(test => test.Mode is FtpMode.Port or FtpMode.Eprt), test => Assert.Null(test.Succeeded));
        Assert.Equal(FtpMode.Auto, tests[^1].Mode);
        Assert.Contains("-Proxy ", tests[^1].Command);
    }

    [Theory]
    [InlineData(FtpProxyKind.Socks5)]
    [InlineData(FtpProxyKind.Http)]
    public async Task A_proxy_that_does_not_reach_the_passive_ports_is_told_in_its_words(FtpProxyKind kind)
    {
        var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        await using var proxy = new ScriptedProxy(kind) { Route = target => $"127.0.0.1:{(target.EndsWith($":{Server.Port}", StringComparison.Ordinal) ? Server.Port : port)}" };
        var tests = await TestAsync(Secure with { Proxy = proxy.Proxy }, null, FtpMode.Passive);
        Assert.All(tests.Where(test => test.Step == FtpTestStep.Listing), test =>
        {
            Assert.Equal((false, FtpDataStage.Open), (test.Succeeded, test.Stage));
            Assert.Contains($"the proxy {proxy.Proxy}", test.Diagnosis);
            Assert.DoesNotContain("()", test.Diagnosis);
        });
    }

    [Fact]
    public async Task A_session_tests_its_own_way_on_a_connection_of_its_own()
    {
        using var session = await ConnectSecureAsync();
        var tests = new List<FtpConnectionTest>();
        await session.TestAsync(FtpMode.Auto, "/", tests.Add, Bound);
        Assert.Equal("Set-FtpMode Auto", tests[^1].Command);
        Assert.Equal((2, 1), (Server.AcceptedCount, session.ConnectionCount));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_cancel_ends_the_walk_within_a_second()
    {
        Server.On("MLSD", (connection, _) => connection.ReplyAsync("150 Wait."));
        using var stop = new CancellationTokenSource();
        var walking = FtpSession.TestAsync(Secure with { Timeout = TimeSpan.FromSeconds(25), DataTimeout = TimeSpan.FromSeconds(25) }, FtpMode.Auto, null, _ => { }, stop.Token);
        await Server.WaitForCommandAsync("MLSD", TimeSpan.FromSeconds(10));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => walking);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TLS_without_its_end_is_told_and_how_it_is_accepted(bool isAccepted)
    {
        Server.TlsFaults.OmitCloseNotify = true;
        var tests = await TestAsync(Secure with { SkipTlsEndCheck = isAccepted }, null, FtpMode.Passive);
        var listings = tests.Where(test => test.Step == FtpTestStep.Listing).ToList();
        Assert.Equal(2, listings.Count);
        Assert.All(listings, test => Assert.Equal(isAccepted, test.Succeeded));
        Assert.All(listings, test => Assert.Equal(!isAccepted, test.Diagnosis.Contains("close_notify", StringComparison.Ordinal) && test.Diagnosis.Contains("-SkipTlsEndCheck", StringComparison.Ordinal)));
        Assert.DoesNotContain(tests, test => test.Diagnosis.Contains("firewall", StringComparison.Ordinal));
        Assert.Equal((true, FtpMode.Auto, !isAccepted), (tests[^1].Succeeded, tests[^1].Mode, tests[^1].Diagnosis.Contains("-SkipTlsEndCheck", StringComparison.Ordinal)));
        // It is not for a test to turn a check off.
        Assert.Equal(isAccepted, tests[^1].Command!.Contains("-SkipTlsEndCheck", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Over_IPv6_PASV_is_tried_where_EPSV_does_not_work(bool hasEpsv)
    {
        await using var server = LoopbackServer.Start(address: IPAddress.IPv6Loopback);
        server.PasvAddress = IPAddress.Any;
        if (!hasEpsv)
            server.On("EPSV", (c, _) => c.ReplyAsync("500 Unknown command"));
        var tests = await TestAsync(new FtpClientOptions { ComputerName = server.Host, Port = server.Port, UserName = server.User, Password = server.Password }, null, FtpMode.Passive);
        var pasv = Assert.Single(tests, test => test is { Step: FtpTestStep.Listing, Mode: FtpMode.Pasv });
        Assert.Equal(hasEpsv ? (bool?)null : true, pasv.Succeeded);
        Assert.Equal(hasEpsv, pasv.Diagnosis.Contains("EPSV is its successor", StringComparison.Ordinal));
    }

    private async Task<List<FtpConnectionTest>> TestAsync(FtpClientOptions options, string? directory, FtpMode mode = FtpMode.Auto)
    {
        var tests = new List<FtpConnectionTest>();
        await FtpSession.TestAsync(options, mode, directory, tests.Add, Bound);
        return tests;
    }
}
