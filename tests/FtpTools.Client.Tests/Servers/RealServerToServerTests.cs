using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace FtpTools.Tests.Servers;

/// <summary>Files that go from a real server to another one, at another address, and what servers say that do not allow it.</summary>
public sealed class RealServerToServerTests(RealServers servers) : IClassFixture<RealServers>
{
    private const int Size = 3_000_000;

    private readonly CancellationTokenSource _bound = new(TimeSpan.FromSeconds(120));

    private CancellationToken Bound => _bound.Token;

    [RealServerTheory]
    [InlineData("vsftpd", "proftpd")]
    [InlineData("proftpd", "pureftpd")]
    [InlineData("pureftpd", "vsftpd")]
    public async Task A_file_goes_from_one_to_the_other(string source, string target)
    {
        var (one, other) = (servers.Get(source, "--foreign"), servers.Get(target, "--foreign", "--address", "127.0.0.2"));
        var content = Serve(one, "file");
        await File.WriteAllTextAsync(Path.Combine(other.Root, "copy"), "former", Bound);
        other.Own();
        using var from = await FtpSession.ConnectAsync(Options(one), Bound);
        using var to = await FtpSession.ConnectAsync(Options(other), Bound);
        await from.CopyFileAsync(await from.GetItemAsync("/file", Bound), to, "/copy", false, true, null, Bound);
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(other.Root, "copy"), Bound));
        Assert.DoesNotContain(Directory.GetFiles(other.Root), path => Path.GetFileName(path).StartsWith(".", StringComparison.Ordinal));
        await ProveAsync(from);
        await ProveAsync(to);
        other.Own();
    }

    [RealServerTheory]
    [InlineData("vsftpd", "500 Illegal PORT command.")]
    [InlineData("proftpd", "500 Illegal PORT command")]
    [InlineData("pureftpd", "500 I won't open a connection to 127.0.0.2 (only to 127.0.0.1)")]
    public async Task One_that_does_not_allow_it_is_told_of_in_its_own_words(string name, string words)
    {
        var (one, other) = (servers.Get(name), servers.Get(name, "--address", "127.0.0.2"));
        Serve(one, "file");
        using var from = await FtpSession.ConnectAsync(Options(one) with { Timeout = TimeSpan.FromSeconds(5) }, Bound);
        using var to = await FtpSession.ConnectAsync(Options(other) with { Timeout = TimeSpan.FromSeconds(5) }, Bound);
        var item = await from.GetItemAsync("/file", Bound);
        var error = await Assert.ThrowsAnyAsync<FtpException>(() => from.CopyFileAsync(item, to, "/copy2", false, true, null, Bound));
        Assert.Equal("FtpDataConnectionFailed", error.ErrorId);
        Assert.Contains(words, error.Message);
        Assert.False(File.Exists(Path.Combine(other.Root, "copy2")));
        await ProveAsync(from);
        await ProveAsync(to);
    }

    [RealServerTheory]
    [InlineData("vsftpd", "proftpd", "any")]
    [InlineData("pureftpd", "proftpd", "any")]
    [InlineData("proftpd", "proftpd", "any")]
    // A client that sends is sent tickets by TLS 1.3, and ProFTPD closes over them unread, which is a reset.
    [InlineData("proftpd", "vsftpd", "1.2")]
    public async Task Encrypted_where_one_of_them_can_take_the_clients_part(string source, string target, string version)
    {
        var one = servers.Get(source, "--foreign", "--tls-required", "--tls-version", version);
        var other = servers.Get(target, "--foreign", "--tls-required", "--address", "127.0.0.2", "--tls-version", version);
        var content = Serve(one, "file");
        using var from = await FtpSession.ConnectAsync(Secure(one), Bound);
        using var to = await FtpSession.ConnectAsync(Secure(other), Bound);
        Assert.Contains((source == "proftpd" ? from : to).Features, feature => feature.Name == "SSCN");
        var name = $"/from-{source}";
        await from.CopyFileAsync(await from.GetItemAsync("/file", Bound), to, name, false, true, null, Bound);
        Assert.Equal(content, await File.ReadAllBytesAsync(other.Root + name, Bound));
        await ProveAsync(from);
        await ProveAsync(to);
    }

    [RealServerTheory]
    [InlineData("vsftpd", "pureftpd")]
    public async Task Encrypted_where_neither_can_nothing_is_sent(string source, string target)
    {
        var (one, other) = (servers.Get(source, "--foreign", "--tls-required"), servers.Get(target, "--foreign", "--tls-required", "--address", "127.0.0.2"));
        Serve(one, "file");
        using var from = await FtpSession.ConnectAsync(Secure(one), Bound);
        using var to = await FtpSession.ConnectAsync(Secure(other), Bound);
        var item = await from.GetItemAsync("/file", Bound);
        var error = await Assert.ThrowsAnyAsync<FtpException>(() => from.CopyFileAsync(item, to, "/none", false, true, null, Bound));
        Assert.Equal("FtpCommandNotSupported", error.ErrorId);
        Assert.False(File.Exists(Path.Combine(other.Root, "none")));
        await ProveAsync(from);
        await ProveAsync(to);
    }

    private static FtpClientOptions Options(RealServer server) => server.Options() with { Tls = FtpTlsMode.None };

    private static FtpClientOptions Secure(RealServer server) => server.Options() with { Tls = FtpTlsMode.Explicit, SkipCertificateCheck = true };

    private static byte[] Serve(RealServer server, string name)
    {
        var content = new byte[Size];
        new Random(7).NextBytes(content);
        File.WriteAllBytes(Path.Combine(server.Root, name), content);
        server.Own();
        return content;
    }

    private async Task ProveAsync(FtpSession session)
    {
        using var content = new MemoryStream(new byte[70_000]);
        await session.UploadAsync(content, "/proof", new FtpTransferOptions { RetryCount = 0, TransferType = FtpTransferType.Binary }, null, Bound);
        Assert.Equal(70_000, (await session.GetItemAsync("/proof", Bound)).Length);
    }
}
