using System;
using System.IO;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace FtpTools.Tests.Servers;

/// <summary>What large files alone have: segments, and a control connection that is silent for long.</summary>
public sealed class RealLongTransferTests(RealServers servers) : IClassFixture<RealServers>, IDisposable
{
    private const int Size = 64 << 20;
    private static readonly string[] _names = ["vsftpd", "proftpd", "pureftpd"];
    private readonly string _folder = Directory.CreateTempSubdirectory("ftptools-").FullName;
    private readonly CancellationTokenSource _bound = new(TimeSpan.FromMinutes(2));

    public static TheoryData<string, FtpTlsMode, FtpTlsVersion> NamesAndSecurities
    {
        get
        {
            var data = new TheoryData<string, FtpTlsMode, FtpTlsVersion>();
            foreach (var name in _names)
            {
                data.Add(name, FtpTlsMode.None, FtpTlsVersion.Any);
                data.Add(name, FtpTlsMode.Explicit, FtpTlsVersion.Tls12);
                data.Add(name, FtpTlsMode.Explicit, FtpTlsVersion.Any);
            }

            return data;
        }
    }

    public void Dispose()
    {
        _bound.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [RealServerTheory]
    [MemberData(nameof(NamesAndSecurities), Skip = Engine.NoLongTransfers)]
    public async Task A_file_comes_back_exactly_in_segments(string name, FtpTlsMode tls, FtpTlsVersion version)
    {
        var (session, local, item) = await SendAsync(name, tls, version, TimeSpan.Zero);
        using var _ = session;
        foreach (var mode in new[] { FtpMode.Auto, FtpMode.Active })
        {
            session.Mode = mode;
            foreach (var segments in new[] { 2, 4, 7 })
            {
                var back = Path.Combine(_folder, $"back{mode}{segments}");
                var result = await session.DownloadAsync(item, back, new FtpTransferOptions { Segments = segments, Verify = FtpVerification.Size }, null, _bound.Token);
                Assert.Equal((1, false, (long)Size, FtpVerification.Size), (result.Attempts, result.Resumed, result.Length, result.Verification));
                Assert.Equal(Hash(local), Hash(back));
                File.Delete(back);
            }
        }

        Assert.Empty(Directory.GetFiles(_folder, ".*"));
        Assert.InRange(session.ConnectionCount, 1, 4);
        await session.DeleteFileAsync(item.FullName, _bound.Token);
    }

    [RealServerTheory]
    [MemberData(nameof(NamesAndSecurities), Skip = Engine.NoLongTransfers)]
    public async Task NOOPs_in_a_transfer_cost_neither_the_file_nor_the_connection(string name, FtpTlsMode tls, FtpTlsVersion version)
    {
        var (session, local, item) = await SendAsync(name, tls, version, TimeSpan.FromMilliseconds(500), connections: 1);
        using var _ = session;
        var said = 0;
        var closed = 0;
        using var trace = FtpTrace.To(entry =>
        {
            if (entry.Message == "--> NOOP")
                Interlocked.Increment(ref said);
            if (entry.Message.StartsWith("Connection closed:", StringComparison.Ordinal))
                Interlocked.Increment(ref closed);
        });
        var slow = new FtpTransferOptions { RateLimit = Size / 2, RetryCount = 0 };
        var back = Path.Combine(_folder, "back");
        await session.DownloadAsync(item, back, slow, null, _bound.Token);
        Assert.Equal(Hash(local), Hash(back));
        var before = said;
        Assert.InRange(before, 2, int.MaxValue);
        await session.UploadAsync(local, "/again", slow, null, _bound.Token);
        Assert.InRange(said, before + 2, int.MaxValue);
        Assert.Equal(0, closed);
        await session.DeleteFileAsync("/again", _bound.Token);
        await session.DeleteFileAsync(item.FullName, _bound.Token);
    }

    private async Task<(FtpSession Session, string Local, FtpItem Item)> SendAsync(string name, FtpTlsMode tls, FtpTlsVersion version, TimeSpan keepAlive, int connections = 4)
    {
        var server = tls == FtpTlsMode.None ? servers[name] : servers.Get(name, "--tls");
        var session = await FtpSession.ConnectAsync(
            server.Options(connections: connections) with { ComputerName = tls == FtpTlsMode.None ? server.Host : "localhost", Tls = tls, TlsVersion = version, SkipCertificateCheck = true, KeepAlive = keepAlive },
            _bound.Token);
        var local = Path.Combine(_folder, "big");
        await File.WriteAllBytesAsync(local, RandomNumberGenerator.GetBytes(Size));
        await session.UploadAsync(local, "/long", new FtpTransferOptions(), null, _bound.Token);
        return (session, local, await session.GetItemAsync("/long", _bound.Token));
    }

    private static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(file));
    }
}
