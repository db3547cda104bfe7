using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Tests.Tls;
using Xunit;
using Xunit.Abstractions;

namespace FtpTools.Tests.Servers;

/// <summary>Every way to open a data connection, with every security, to vsftpd, ProFTPD and Pure-FTPd.</summary>
public sealed class RealDataConnectionTests(RealServers servers, DataConnectionTable table, ITestOutputHelper output)
    : IClassFixture<RealServers>, IClassFixture<DataConnectionTable>, IDisposable
{
    private static readonly string[] _names = ["vsftpd", "proftpd", "pureftpd"];
    private static readonly FtpTransferOptions _default = new();
    private static readonly byte[] _content = Content();
    private readonly string _folder = Directory.CreateTempSubdirectory("ftptools-").FullName;
    private readonly CancellationTokenSource _bound = new(TimeSpan.FromMinutes(5));
    private readonly LogList _log = new();

    public static TheoryData<string, FtpTlsMode, FtpTlsVersion, FtpMode> Matrix(FtpTlsVersion version)
    {
        var data = new TheoryData<string, FtpTlsMode, FtpTlsVersion, FtpMode>();
        foreach (var name in _names)
        {
            foreach (var tls in Securities(name, version))
            {
                foreach (var mode in new[] { FtpMode.Pasv, FtpMode.Epsv, FtpMode.Port, FtpMode.Eprt })
                    data.Add(name, tls, version, mode);
            }
        }

        return data;
    }

    public static TheoryData<string> Names => [.. _names];

    public static TheoryData<string, FtpTlsVersion> StrictServers(FtpTlsVersion version) => new() { { "vsftpd", version }, { "proftpd", version } };

    public static TheoryData<string, FtpTlsVersion> AllServers(FtpTlsVersion version) => new() { { "vsftpd", version }, { "proftpd", version }, { "pureftpd", version } };

    public void Dispose()
    {
        _bound.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <remarks>
    /// TLS 1.3 is Any here, which begins with it: ProFTPD demands that sessions are resumed, and gives none to resume with
    /// an upload, so that 1.3 alone cannot work there.
    /// </remarks>
    [RealServerTheory]
    [MemberData(nameof(Matrix), FtpTlsVersion.Tls12)]
    [MemberData(nameof(Matrix), FtpTlsVersion.Any, Skip = Engine.NoTls13)]
    public async Task Bytes_come_back_exactly_by_every_command_with_every_security(string name, FtpTlsMode tls, FtpTlsVersion version, FtpMode mode)
    {
        var row = $"{name} | {(tls == FtpTlsMode.None ? "none" : $"{tls.ToString().ToLowerInvariant()}, {(version == FtpTlsVersion.Tls12 ? "1.2" : "1.3")}")}";
        var order = (Array.IndexOf(_names, name) * 100) + ((int)tls * 10) + (version == FtpTlsVersion.Tls12 ? 0 : 1);
        var done = new List<string>();
        try
        {
            var server = Server(name, tls);
            var byName = mode is FtpMode.Pasv or FtpMode.Port;
            using var session = await FtpSession.ConnectAsync(Options(server, tls, version) with { Mode = mode, ComputerName = byName ? "localhost" : server.Host }, _bound.Token);
            var began = session.Security?.Version;
            Assert.Equal(tls == FtpTlsMode.None ? null : version == FtpTlsVersion.Tls12 ? "TLS 1.2" : "TLS 1.3", began);

            await UploadAsync(session, server, $"/{mode}.bin", _content);
            await UploadAsync(session, server, $"/{mode}.empty", []);
            done.Add("up");
            await DownloadAsync(session, $"/{mode}.bin", _content);
            await DownloadAsync(session, $"/{mode}.empty", []);
            done.Add("down");
            var items = new List<FtpItem>();
            await session.ListAsync("/", false, items.Add, _bound.Token);
            Assert.Contains(items, item => item.Name == $"{mode}.bin" && item.Length == _content.Length);
            Assert.Contains(items, item => item.Name == $"{mode}.empty" && item.Length == 0);
            done.Add("list");

            Assert.Equal(tls != FtpTlsMode.None, session.Security is not null);
            var fellBack = _log.Count("continues with TLS 1.2");
            Assert.True(fellBack == 0 || (name == "proftpd" && began == "TLS 1.3"), "It went on at TLS 1.2.");
            if (name != "pureftpd") // which does not demand it
                Assert.Equal(fellBack, _log.Count("with a new session"));
            if (fellBack > 0)
                done.Add("(at 1.2 after one refusal)");
            await session.DeleteFileAsync($"/{mode}.bin", _bound.Token);
            await session.DeleteFileAsync($"/{mode}.empty", _bound.Token);
            table.Tell(order, row, mode, string.Join(' ', done));
        }
        catch (Exception e)
        {
            table.Tell(order, row, mode, $"{string.Join(' ', done)} **{e.Message.Split('\n')[0].Replace("|", "/")}**".Trim());
            throw;
        }
    }

    /// <remarks>FTPTOOLS_TLS_TRANSFERS is the number of transfers each way; 200 without it.</remarks>
    [RealServerTheory]
    [MemberData(nameof(StrictServers), FtpTlsVersion.Tls12)]
    [MemberData(nameof(StrictServers), FtpTlsVersion.Any, Skip = Engine.NoTls13)]
    public async Task Eight_connections_at_a_time_resume_each_its_own_session(string name, FtpTlsVersion version)
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("FTPTOOLS_TLS_TRANSFERS"), out var wanted) ? wanted : 200;
        var server = Server(name, FtpTlsMode.Explicit);
        using var session = await FtpSession.ConnectAsync(Options(server, FtpTlsMode.Explicit, version) with { MaxConnection = 8 }, _bound.Token);
        var source = Path.Combine(_folder, "source");
        var content = _content[..20_000];
        await File.WriteAllBytesAsync(source, content);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var failures = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = _bound.Token }, async (i, stop) =>
        {
            try
            {
                await session.UploadAsync(source, $"/reuse-{i}", _default, null, stop);
                var item = new FtpItem { Name = $"reuse-{i}", FullName = $"/reuse-{i}", ItemType = FtpItemType.File, Length = content.Length };
                await session.DownloadAsync(item, Path.Combine(_folder, $"{i}"), _default with { PreserveTime = false }, null, stop);
                Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(_folder, $"{i}"), stop));
                await session.DeleteFileAsync(item.FullName, stop);
            }
            catch (Exception e)
            {
                failures.Enqueue(e.Message);
            }
        });

        var (resumed, unresumed, refused) = (_log.Count("with a resumed session"), _log.Count("with a new session"), _log.Count("continues with TLS 1.2"));
        output.WriteLine($"{name}, {version}: {count} up and {count} down over {session.ConnectionCount} connections in {watch.Elapsed.TotalSeconds:0.0} s; {failures.Count} failed; {resumed} data connections resumed, {unresumed} did not, {refused} fell back; at the end {session.Security!.Version}.");
        Assert.Empty(failures);
        Assert.Equal(2 * count, resumed);
        Assert.Equal(refused, unresumed);
        // Each connection of ProFTPD's may have been refused once, before the session had learnt of the first.
        Assert.InRange(refused, 0, name == "proftpd" && version == FtpTlsVersion.Any ? 8 : 0);
    }

    [RealServerTheory]
    [MemberData(nameof(Names))]
    public async Task Three_active_ports_are_enough_for_sixty_listings(string name)
    {
        var first = FreePorts.Take(3);
        var options = Options(servers[name], FtpTlsMode.None, FtpTlsVersion.Any) with { Mode = FtpMode.Port, ActivePortRange = new FtpPortRange(first, first + 2) };
        using var session = await FtpSession.ConnectAsync(options, _bound.Token);
        for (var i = 0; i < 60; i++)
            await session.ListAsync("/", false, _ => { }, _bound.Token);
        Assert.Equal(60, _log.Count("--> PORT "));
        Assert.Equal(3, _log.Of(FtpLogLevel.Debug).Where(line => line.StartsWith("--> PORT ", StringComparison.Ordinal)).Distinct().Count());
    }

    [RealServerTheory]
    [MemberData(nameof(AllServers), FtpTlsVersion.Tls12)]
    [MemberData(nameof(AllServers), FtpTlsVersion.Any, Skip = Engine.NoTls13)]
    public async Task A_client_certificate_lets_in_and_its_lack_is_told(string name, FtpTlsVersion version)
    {
        var server = servers.Get(name, "--tls-required", "--client-certificate");
        var options = Options(server, FtpTlsMode.Explicit, version);
        var error = await Assert.ThrowsAnyAsync<FtpException>(() => FtpSession.ConnectAsync(options with { ClientCertificate = null }, _bound.Token));
        Assert.Equal("FtpTlsFailed", error.ErrorId);
        Assert.Contains("-ClientCertificate", error.Message);

        using var session = await FtpSession.ConnectAsync(options, _bound.Token);
        foreach (var mode in new[] { FtpMode.Epsv, FtpMode.Port })
        {
            session.Mode = mode;
            await session.ListAsync("/", false, _ => { }, _bound.Token);
            await UploadAsync(session, server, $"/client-{mode}-{version}", _content);
        }
    }

    private RealServer Server(string name, FtpTlsMode tls) => tls switch
    {
        FtpTlsMode.None => servers[name],
        FtpTlsMode.Implicit => servers.Get(name, "--tls-implicit"),
        _ => servers.Get(name, "--tls"),
    };

    private FtpClientOptions Options(RealServer server, FtpTlsMode tls, FtpTlsVersion version) => server.Options(connections: 1) with
    {
        Tls = tls,
        TlsVersion = version,
        CertificateThumbprint = server.Certificate is { } certificate ? FtpSecurity.Fingerprint(certificate.RawData) : null,
        ClientCertificate = server.ClientCertificate,
        Log = _log,
    };

    private static IEnumerable<FtpTlsMode> Securities(string name, FtpTlsVersion version)
    {
        if (version == FtpTlsVersion.Tls12)
            yield return FtpTlsMode.None;
        yield return FtpTlsMode.Explicit;
        if (name != "pureftpd")
            yield return FtpTlsMode.Implicit;
    }

    private async Task UploadAsync(FtpSession session, RealServer server, string remote, byte[] content)
    {
        await session.UploadAsync(new MemoryStream(content), remote, _default, null, _bound.Token);
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(server.Root, remote[1..])));
    }

    private async Task DownloadAsync(FtpSession session, string remote, byte[] content)
    {
        var local = Path.Combine(_folder, "back");
        await session.DownloadAsync(await session.GetItemAsync(remote, _bound.Token), local, _default, null, _bound.Token);
        Assert.Equal(content, await File.ReadAllBytesAsync(local));
    }

    private static byte[] Content()
    {
        var content = new byte[1 << 20];
        new Random(2228).NextBytes(content);
        return content;
    }
}
