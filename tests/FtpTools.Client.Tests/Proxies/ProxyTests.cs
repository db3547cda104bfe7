using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Tests.Faults;
using Xunit;

namespace FtpTools.Tests.Proxies;

/// <summary>Sessions through a proxy that does what it should, and one that does not.</summary>
public sealed class ProxyTests : LoopbackTest
{
    public static TheoryData<FtpProxyKind> Kinds => [FtpProxyKind.Socks5, FtpProxyKind.Http];

    public static TheoryData<FtpProxyKind, bool, FtpMode, string> Ways
    {
        get
        {
            var data = new TheoryData<FtpProxyKind, bool, FtpMode, string>();
            foreach (var kind in new[] { FtpProxyKind.Socks5, FtpProxyKind.Http })
            {
                foreach (var account in new[] { false, true })
                {
                    foreach (var mode in new[] { FtpMode.Epsv, FtpMode.Pasv })
                    {
                        foreach (var delivery in new[] { "plain", "bytewise", "glued" })
                            data.Add(kind, account, mode, delivery);
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Every_connection_goes_through_the_proxy_which_resolves_the_name(FtpProxyKind kind, bool account, FtpMode mode, string delivery)
    {
        await using var proxy = new ScriptedProxy(kind)
        {
            Account = account ? ("mé", "p:w x") : null,
            Bytewise = delivery == "bytewise",
            Glued = delivery == "glued",
            Route = target => target.Replace("nowhere.invalid", "127.0.0.1"), // a name that the proxy alone knows
        };
        using var session = await FtpSession.ConnectAsync(
            Options with { ComputerName = "nowhere.invalid", Proxy = proxy.Proxy, Mode = mode }, Bound);
        await ProveAsync(session);
        var result = await session.UploadAsync(Local("proof"), "/copy", Default, null, Bound);
        Assert.Equal(mode, result.Mode);
        Assert.Equal(File.ReadAllBytes(Local("proof")), File.ReadAllBytes(Path.Combine(Server.Root, "copy")));
        Assert.Equal(["copy", "proof"], (await ListAsync(session)).Select(item => item.Name).Order());
        Assert.Equal("name nowhere.invalid:" + Server.Port, proxy.Targets[0]);
        Assert.Equal(4, proxy.Targets.Count);
        Assert.All(proxy.Targets, target => Assert.StartsWith("name nowhere.invalid:", target));
    }

    [Theory]
    [InlineData(FtpProxyKind.Socks5, "127.0.0.1", "ipv4 127.0.0.1")]
    [InlineData(FtpProxyKind.Socks5, "::1", "ipv6 ::1")]
    [InlineData(FtpProxyKind.Socks5, "localhost", "name localhost")]
    [InlineData(FtpProxyKind.Http, "127.0.0.1", "ipv4 127.0.0.1")]
    [InlineData(FtpProxyKind.Http, "::1", "ipv6 [::1]")]
    [InlineData(FtpProxyKind.Http, "localhost", "name localhost")]
    public async Task The_server_is_named_to_the_proxy_as_it_was_given(FtpProxyKind kind, string host, string target)
    {
        await using var proxy = new ScriptedProxy(kind) { Route = asked => "127.0.0.1" + asked[asked.LastIndexOf(':')..] };
        using var session = await FtpSession.ConnectAsync(Options with { ComputerName = host, Proxy = proxy.Proxy }, Bound);
        await ProveAsync(session);
        Assert.Equal(2, proxy.Targets.Count);
        Assert.All(proxy.Targets, asked => Assert.StartsWith(target + ":", asked));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_address_of_a_227_reply_counts_only_when_it_is_trusted(FtpProxyKind kind)
    {
        Server.PasvAddress = IPAddress.Parse("203.0.113.7");
        await using var proxy = new ScriptedProxy(kind) { Route = target => target.Replace("203.0.113.7", "127.0.0.1") };
        var options = Options with { ComputerName = "localhost", Proxy = proxy.Proxy, Mode = FtpMode.Pasv };
        using (var session = await FtpSession.ConnectAsync(options, Bound))
            await ProveAsync(session);
        Assert.All(proxy.Targets, target => Assert.StartsWith("name localhost:", target));
        using (var session = await FtpSession.ConnectAsync(options with { TrustPassiveAddress = true }, Bound))
            await ProveAsync(session);
        Assert.StartsWith("ipv4 203.0.113.7:", proxy.Targets[^1]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_wrong_or_missing_account_is_told_and_no_password(FtpProxyKind kind)
    {
        await using var proxy = new ScriptedProxy(kind) { Account = ("me", "secret") };
        foreach (var wrong in new[] { proxy.Proxy with { Password = "guessed" }, proxy.Proxy with { UserName = null, Password = null } })
        {
            var error = await FailsAsync("FtpLoginFailed", () => FtpSession.ConnectAsync(Options with { Proxy = wrong }, Bound));
            Assert.Contains("-ProxyCredential", error.Message);
            Assert.Contains(wrong.ToString(), error.Message);
            Assert.Contains(wrong.UserName is null ? "requires a" : "'me'", error.Message);
            Assert.DoesNotContain("guessed", error.ToString());
        }

        Assert.Equal(0, Server.AcceptedCount);
        using var session = await FtpSession.ConnectAsync(Options with { Proxy = proxy.Proxy }, Bound);
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(FtpProxyKind.Socks5, ProxyFault.Refusal, "FtpHostUnreachable", "connection refused (SOCKS reply 5)")]
    [InlineData(FtpProxyKind.Http, ProxyFault.Refusal, "FtpHostUnreachable", "'HTTP/1.1 403 Access violation'")]
    [InlineData(FtpProxyKind.Socks5, ProxyFault.Garbage, "FtpHostUnreachable", "first byte is 50")]
    [InlineData(FtpProxyKind.Http, ProxyFault.Garbage, "FtpHostUnreachable", "begins with '2'")]
    [InlineData(FtpProxyKind.Socks5, ProxyFault.Endless, "FtpHostUnreachable", "first byte is 72")] // an HTTP proxy
    [InlineData(FtpProxyKind.Http, ProxyFault.Endless, "FtpHostUnreachable", "16 KiB")]
    [InlineData(FtpProxyKind.Socks5, ProxyFault.HangUp, "FtpHostUnreachable", "was lost")]
    [InlineData(FtpProxyKind.Http, ProxyFault.HangUp, "FtpHostUnreachable", "was lost")]
    [InlineData(FtpProxyKind.Socks5, ProxyFault.HangUpAtTarget, "FtpHostUnreachable", "was lost")]
    [InlineData(FtpProxyKind.Http, ProxyFault.HangUpAtTarget, "FtpHostUnreachable", "was lost")]
    [InlineData(FtpProxyKind.Socks5, ProxyFault.Silence, "FtpTimeout", "accepted the connection")]
    [InlineData(FtpProxyKind.Http, ProxyFault.Silence, "FtpTimeout", "accepted the connection")]
    [InlineData(FtpProxyKind.Socks5, ProxyFault.SilenceAtTarget, "FtpTimeout", "accepted the connection")]
    [InlineData(FtpProxyKind.Http, ProxyFault.SilenceAtTarget, "FtpTimeout", "accepted the connection")]
    public async Task What_a_proxy_does_in_place_of_its_work_is_told(FtpProxyKind kind, ProxyFault fault, string id, string words)
    {
        await using var proxy = new ScriptedProxy(kind);
        var watch = Stopwatch.StartNew();
        var options = Options with { Proxy = proxy.Proxy, Timeout = TimeSpan.FromSeconds(id == "FtpTimeout" ? 1 : 10) };
        foreach (var bytewise in id == "FtpTimeout" ? new[] { false } : [false, true])
        {
            proxy.Bytewise = bytewise;
            var early = fault is not (ProxyFault.Refusal or ProxyFault.SilenceAtTarget or ProxyFault.HangUpAtTarget);
            proxy.Fault = target => early == target is null ? fault : ProxyFault.None;
            var error = await FailsAsync(id, () => FtpSession.ConnectAsync(options, Bound));
            Assert.IsType<FtpConnectionException>(error);
            Assert.Contains(words, error.Message);
            Assert.Contains(proxy.Proxy.ToString(), error.Message);
            Assert.Contains($"Could not connect to 127.0.0.1:{Server.Port}", error.Message);
        }

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
        Assert.Equal(0, Server.AcceptedCount);
        proxy.Fault = _ => ProxyFault.None;
        using var session = await FtpSession.ConnectAsync(Options with { Proxy = proxy.Proxy }, Bound);
        await ProveAsync(session);
    }

    public static TheoryData<FtpProxyKind, ProxyFault> DataFaults
    {
        get
        {
            var data = new TheoryData<FtpProxyKind, ProxyFault>();
            foreach (var kind in new[] { FtpProxyKind.Socks5, FtpProxyKind.Http })
            {
                foreach (var fault in new[] { ProxyFault.Refusal, ProxyFault.HangUpAtTarget, ProxyFault.SilenceAtTarget, ProxyFault.Garbage, ProxyFault.Endless })
                    data.Add(kind, fault);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(DataFaults))]
    public async Task A_data_connection_that_the_proxy_does_not_open_is_told_and_the_session_goes_on(FtpProxyKind kind, ProxyFault fault)
    {
        await using var proxy = new ScriptedProxy(kind);
        using var session = await FtpSession.ConnectAsync(Options with { Proxy = proxy.Proxy, Mode = FtpMode.Passive }, Bound);
        proxy.Fault = target => target is null ? ProxyFault.None : fault;
        var error = await FailsAsync("FtpDataConnectionFailed", () => ProveAsync(session));
        Assert.IsType<FtpException>(error);
        Assert.Contains(proxy.Proxy.ToString(), error.Message);
        Assert.DoesNotContain("Active", error.Message);
        Assert.Equal((1, 1), (Count("EPSV"), Count("PASV"))); // the other command was tried as well
        proxy.Fault = _ => ProxyFault.None;
        await ProveAsync(session);
        Assert.Equal(1, session.ConnectionCount);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Auto_goes_on_with_PASV_and_never_with_PORT(FtpProxyKind kind)
    {
        Server.On("EPSV", (connection, _) => connection.ReplyAsync("500 no"));
        await using var proxy = new ScriptedProxy(kind);
        using var session = await FtpSession.ConnectAsync(Options with { Proxy = proxy.Proxy }, Bound);
        await ProveAsync(session);
        await ProveAsync(session);
        Assert.Equal((1, 2), (Count("EPSV"), Count("PASV")));
        Server.On("PASV", (connection, _) => connection.ReplyAsync("500 no"));
        await FailsAsync("FtpCommandNotSupported", () => ListAsync(session));
        Assert.Equal((0, 0), (Count("PORT"), Count("EPRT")));
        Server.Off("PASV");
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(FtpMode.Active)]
    [InlineData(FtpMode.Port)]
    [InlineData(FtpMode.Eprt)]
    public async Task Active_mode_is_refused_with_the_reason(FtpMode mode)
    {
        await using var proxy = new ScriptedProxy(FtpProxyKind.Socks5);
        using var session = await FtpSession.ConnectAsync(Options with { Proxy = proxy.Proxy, Mode = mode }, Bound);
        var error = await FailsAsync("FtpDataConnectionFailed", () => ListAsync(session));
        Assert.Contains("can't connect to this computer", error.Message);
        Assert.Contains("Set-FtpMode Auto", error.Message);
        Assert.Equal((0, 0), (Count("PORT"), Count("EPRT")));
        session.Mode = FtpMode.Auto;
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_proxy_that_is_not_there_is_named()
    {
        var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        foreach (var proxy in new[] { new FtpProxy(FtpProxyKind.Socks5, "127.0.0.1", port), new FtpProxy(FtpProxyKind.Http, "proxy.invalid", port) })
        {
            var error = await FailsAsync("FtpHostUnreachable", () => FtpSession.ConnectAsync(Options with { Proxy = proxy }, Bound));
            Assert.Contains($"the proxy {proxy} can't be reached", error.Message);
        }
    }

    [Fact]
    public async Task Every_address_of_the_proxys_name_is_tried()
    {
        // localhost is ::1 too on most machines, where this one does not listen.
        await using var proxy = new ScriptedProxy(FtpProxyKind.Http);
        using var session = await FtpSession.ConnectAsync(Options with { Proxy = new FtpProxy(FtpProxyKind.Http, "localhost", proxy.Port) }, Bound);
        await ProveAsync(session);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_cancel_does_not_wait_for_a_silent_proxy(FtpProxyKind kind)
    {
        await using var proxy = new ScriptedProxy(kind);
        var options = Options with { Proxy = proxy.Proxy, Timeout = TimeSpan.FromSeconds(20), DataTimeout = TimeSpan.FromSeconds(20) };
        using var session = await FtpSession.ConnectAsync(options, Bound);
        Serve("file", 1000);
        var item = await session.GetItemAsync("/file", Bound);
        proxy.Fault = _ => ProxyFault.SilenceAtTarget;
        foreach (var work in new Func<CancellationToken, Task>[]
        {
            stop => FtpSession.ConnectAsync(options, stop),
            stop => session.DownloadAsync(item, Local("file"), Default, null, stop),
        })
        {
            using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
            var watch = Stopwatch.StartNew();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work(stop.Token));
            Assert.InRange(watch.Elapsed.TotalSeconds, 0, 2);
        }

        proxy.Fault = _ => ProxyFault.None;
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Fact]
    public async Task Nothing_traced_has_the_proxys_password_in_it()
    {
        await using var proxy = new ScriptedProxy(FtpProxyKind.Http) { Account = ("me", "secret") };
        var log = new Lines();
        using (var session = await FtpSession.ConnectAsync(Options with { Proxy = proxy.Proxy, Log = log }, Bound))
            await ProveAsync(session);
        Assert.Contains(log.Text, line => line.Contains($"the proxy {proxy.Proxy}"));
        Assert.DoesNotContain(log.Text, line => line.Contains("secret") || line.Contains("bWU6c2VjcmV0"));
    }

    private sealed class Lines : FtpLog
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Text { get; } = new();

        public override void Write(FtpLogEntry entry) => Text.Enqueue(entry.Message);
    }
}
