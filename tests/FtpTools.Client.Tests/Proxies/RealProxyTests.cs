using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Tests.Servers;
using Xunit;

namespace FtpTools.Tests.Proxies;

/// <summary>The truth: what is sent through microsocks and tinyproxy comes back, and nothing goes another way.</summary>
public sealed partial class RealProxyTests(RealServers servers) : IClassFixture<RealServers>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ftptools-").FullName;
    private readonly CancellationTokenSource _bound = new(TimeSpan.FromMinutes(2));

    public static TheoryData<string, bool, string, FtpMode> Ways
    {
        get
        {
            var data = new TheoryData<string, bool, string, FtpMode>();
            foreach (var proxy in new[] { "microsocks", "tinyproxy" })
            {
                foreach (var user in new[] { false, true })
                {
                    foreach (var server in new[] { "vsftpd", "proftpd" })
                    {
                        foreach (var mode in new[] { FtpMode.Epsv, FtpMode.Pasv })
                            data.Add(proxy, user, server, mode);
                    }
                }
            }

            return data;
        }
    }

    public static TheoryData<string> Proxies => ["microsocks", "tinyproxy"];

    public void Dispose()
    {
        _bound.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [RealServerTheory]
    [MemberData(nameof(Ways))]
    public async Task Bytes_come_back_exactly_and_every_connection_is_in_the_proxys_log(string proxyName, bool user, string serverName, FtpMode mode)
    {
        var server = servers[serverName];
        var proxy = servers.Proxy(proxyName, user);
        var log = new Dialogue();
        // A name, which the proxy resolves; the server listens on 127.0.0.1 alone.
        var options = server.Options(mode) with { ComputerName = "localhost", Proxy = proxy.Address, Log = log };
        using var session = await FtpSession.ConnectAsync(options, _bound.Token);
        var remote = $"/proxied-{proxyName}-{user}-{mode}";
        await session.CreateDirectoryAsync(remote, false, _bound.Token);
        foreach (var (file, size) in new[] { ("big", 24 << 20), ("empty", 0), ("one", 1) })
        {
            var local = Path.Combine(_folder, file);
            await File.WriteAllBytesAsync(local, RandomNumberGenerator.GetBytes(size));
            var up = await session.UploadAsync(local, $"{remote}/{file}", new FtpTransferOptions(), null, _bound.Token);
            Assert.Equal((mode, FtpVerification.Size), (up.Mode!.Value, up.Verification));
            Assert.Equal(Hash(local), Hash(Path.Combine(server.Root, remote[1..], file)));
            var back = Path.Combine(_folder, "back");
            var item = await session.GetItemAsync($"{remote}/{file}", _bound.Token);
            var down = await session.DownloadAsync(item, back, new FtpTransferOptions(), null, _bound.Token);
            Assert.Equal(mode, down.Mode);
            Assert.Equal(Hash(local), Hash(back));
        }

        var items = new List<FtpItem>();
        await session.ListAsync(remote, false, items.Add, _bound.Token);
        Assert.Equal([("big", 24L << 20), ("empty", 0L), ("one", 1L)], items.Select(item => (item.Name, item.Length!.Value)).Order());
        await session.DeleteDirectoryAsync(remote, true, null, _bound.Token);

        // Each port that the server announced, and its control port, was asked of the proxy by the server's name.
        var ports = log.AnnouncedPorts;
        Assert.True(ports.Count >= 7, $"{ports.Count} data connections");
        var asked = await AskedAsync(proxy, ports);
        Assert.All(ports.Append(server.Port), port => Assert.Contains($"localhost:{port}", asked));
        Assert.DoesNotContain(log.Lines, line => proxy.Password is not null && line.Contains(proxy.Password));
    }

    [RealServerTheory]
    [MemberData(nameof(Proxies))]
    public async Task A_wrong_password_for_the_proxy_is_told_and_the_right_one_lets_in(string proxyName)
    {
        var server = servers["vsftpd"];
        var proxy = servers.Proxy(proxyName, true).Address;
        foreach (var wrong in new[] { proxy with { Password = "guessed" }, proxy with { UserName = null, Password = null } })
        {
            var error = await Assert.ThrowsAnyAsync<FtpException>(() => FtpSession.ConnectAsync(server.Options() with { Proxy = wrong }, _bound.Token));
            Assert.True(error.ErrorId == "FtpLoginFailed", error.ToString());
            Assert.Contains("-ProxyCredential", error.Message);
            Assert.Contains(wrong.ToString(), error.Message);
        }

        using var session = await FtpSession.ConnectAsync(server.Options() with { Proxy = proxy }, _bound.Token);
        await session.ListAsync("/", false, _ => { }, _bound.Token);
    }

    [RealServerTheory]
    [MemberData(nameof(Proxies))]
    public async Task What_the_proxy_cannot_reach_is_told_in_its_words(string proxyName)
    {
        var proxy = servers.Proxy(proxyName, false).Address;
        // Port 9 of loopback: nothing listens there.
        foreach (var host in new[] { "127.0.0.1", "nowhere.invalid" })
        {
            var options = new FtpClientOptions { ComputerName = host, Port = 9, Proxy = proxy };
            var error = await Assert.ThrowsAsync<FtpConnectionException>(() => FtpSession.ConnectAsync(options, _bound.Token));
            Assert.True(error.ErrorId == "FtpHostUnreachable", error.ToString());
            Assert.Contains($"the proxy {proxy} didn't open the connection to {host}:9", error.Message);
            Assert.Contains(proxyName == "tinyproxy" ? "'HTTP/1." : "(SOCKS reply ", error.Message);
        }
    }

    /// <summary>The proxy's log, once the last of the ports is in it, for it is written when it pleases.</summary>
    private async Task<string> AskedAsync(RealProxy proxy, IReadOnlyList<int> ports)
    {
        while (true)
        {
            var text = await File.ReadAllTextAsync(proxy.Log, _bound.Token);
            if (ports.All(port => text.Contains($"localhost:{port}")))
                return text;
            if (DateTime.UtcNow > File.GetLastWriteTimeUtc(proxy.Log).AddSeconds(5))
                return text;
            await Task.Delay(50, _bound.Token);
        }
    }

    private static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(file));
    }

    /// <summary>What was said, and the ports in it.</summary>
    private sealed partial class Dialogue : FtpLog
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IReadOnlyList<int> AnnouncedPorts =>
        [
            .. Lines.Select(line => Extended().Match(line)).Where(match => match.Success).Select(match => int.Parse(match.Groups[1].Value)),
            .. Lines.Select(line => Old().Match(line)).Where(match => match.Success).Select(match => (int.Parse(match.Groups[1].Value) << 8) | int.Parse(match.Groups[2].Value)),
        ];

        public override void Write(FtpLogEntry entry) => Lines.Enqueue(entry.Message);

        [GeneratedRegex(@"^<-- 229 .*\(\|\|\|(\d+)\|\)")]
        private static partial Regex Extended();

        [GeneratedRegex(@"^<-- 227 .*,(\d+),(\d+)\)")]
        private static partial Regex Old();
    }
}
