using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using Xunit.Abstractions;

namespace FtpTools.Tests.Servers;

/// <summary>A disk that is full indeed, here or there: the error says so at once, and what found room is gone on with.</summary>
public sealed class DiskFullTests(RealServers servers, ITestOutputHelper output) : IClassFixture<RealServers>, IDisposable
{
    private const int Size = 6 << 20;
    private static readonly FtpTransferOptions _resume = new() { Resume = true };
    private readonly string _folder = Directory.CreateTempSubdirectory("ftptools-").FullName;
    private readonly CancellationTokenSource _bound = new(TimeSpan.FromMinutes(1));

    public static TheoryData<string, bool> NamesWithAndWithoutTls => new()
    {
        { "vsftpd", false }, { "vsftpd", true }, { "proftpd", false }, { "proftpd", true }, { "pureftpd", false }, { "pureftpd", true },
    };

    public void Dispose()
    {
        _bound.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [ServerDiskTheory]
    [MemberData(nameof(NamesWithAndWithoutTls))]
    public async Task An_upload_to_a_full_disk_fails_as_that_and_is_resumed_when_there_is_room(string name, bool tls)
    {
        var server = tls ? servers.Get(name, "--tls") : servers[name];
        using var disk = new SmallDisk(Path.Combine(server.Root, "disk"), mebibytes: 4);
        var local = Path.Combine(_folder, "source");
        var content = Fill(local);
        using var session = await ConnectAsync(server);

        var error = await FailsAsync(() => session.UploadAsync(local, "/disk/target", new FtpTransferOptions(), null, _bound.Token));
        output.WriteLine(error.Message);
        var reply = Assert.IsType<FtpCommandException>(error).Reply;
        Assert.Contains(reply.Lines[0], error.Message, StringComparison.Ordinal);
        Assert.Contains("kept for -Resume", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, error.Attempts);
        var part = Assert.Single(Directory.GetFiles(disk.Path));
        Assert.Equal(4 << 20, new FileInfo(part).Length);

        // Nothing finds room any more, and nothing is left of that.
        output.WriteLine((await FailsAsync(() => session.UploadAsync(local, "/disk/target", new FtpTransferOptions(), null, _bound.Token))).Message);
        Assert.Equal([part], Directory.GetFiles(disk.Path));
        output.WriteLine((await FailsAsync(() => session.UploadAsync(local, "/disk/target", _resume, null, _bound.Token))).Message);
        // Who goes on with it gives it another name.
        part = Assert.Single(Directory.GetFiles(disk.Path));
        Assert.Equal(4 << 20, new FileInfo(part).Length);

        disk.Grow(mebibytes: 16);
        var result = await session.UploadAsync(local, "/disk/target", _resume, null, _bound.Token);
        Assert.Equal((true, (long)Size, FtpVerification.Size), (result.Resumed, result.Length, result.Verification));
        Assert.Equal([Path.Combine(disk.Path, "target")], Directory.GetFiles(disk.Path));
        Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(disk.Path, "target"))));
    }

    [ServerDiskTheory]
    [InlineData("vsftpd", false)]
    [InlineData("vsftpd", true)]
    public async Task A_download_to_a_full_disk_fails_as_that_and_is_resumed_when_there_is_room(string name, bool tls)
    {
        var server = tls ? servers.Get(name, "--tls") : servers[name];
        using var disk = new SmallDisk(Path.Combine(_folder, "disk"), mebibytes: 4);
        var content = Fill(Path.Combine(server.Root, "source"));
        var target = Path.Combine(disk.Path, "target");
        using var session = await ConnectAsync(server);
        var item = await session.GetItemAsync("/source", _bound.Token);

        var error = await FailsAsync(() => session.DownloadAsync(item, target, new FtpTransferOptions(), null, _bound.Token));
        output.WriteLine(error.Message);
        Assert.Contains("kept for -Resume", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("The server replied", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, error.Attempts);
        var part = Assert.Single(Directory.GetFiles(disk.Path));
        Assert.Equal(4 << 20, new FileInfo(part).Length);

        output.WriteLine((await FailsAsync(() => session.DownloadAsync(item, target, new FtpTransferOptions(), null, _bound.Token))).Message);
        Assert.Equal([part], Directory.GetFiles(disk.Path));
        output.WriteLine((await FailsAsync(() => session.DownloadAsync(item, target, _resume, null, _bound.Token))).Message);
        Assert.Equal([part], Directory.GetFiles(disk.Path));

        disk.Grow(mebibytes: 16);
        var result = await session.DownloadAsync(item, target, _resume, null, _bound.Token);
        Assert.Equal((true, (long)Size, FtpVerification.Size), (result.Resumed, result.Length, result.Verification));
        Assert.Equal([target], Directory.GetFiles(disk.Path));
        Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(target)));
    }

    private Task<FtpSession> ConnectAsync(RealServer server) => FtpSession.ConnectAsync(
        server.Options(connections: 1) with { CertificateThumbprint = server.Certificate is { } certificate ? FtpSecurity.Fingerprint(certificate.RawData) : null }, _bound.Token);

    private static async Task<FtpException> FailsAsync(Func<Task> work)
    {
        var error = await Assert.ThrowsAnyAsync<FtpException>(work);
        Assert.True(error.Kind == FtpErrorKind.DiskFull, $"{error.ErrorId}: {error.Message}");
        return error;
    }

    private static byte[] Fill(string path)
    {
        var content = new byte[Size];
        new Random(452).NextBytes(content);
        File.WriteAllBytes(path, content);
        return content;
    }
}
