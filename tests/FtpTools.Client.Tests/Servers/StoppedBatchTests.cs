using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Tests.Faults;
using Xunit;

namespace FtpTools.Tests.Servers;

/// <summary>
/// What <c>Receive-FtpItem ... | Select-Object -First 3</c> does to a session: a batch of small files is stopped after three
/// of them, when others are at any point of their way, and what is said next over the same connections does what it says.
/// FTPTOOLS_ROUNDS says how often.
/// </summary>
public sealed class StoppedBatchTests : LoopbackTest, IClassFixture<RealServers>
{
    private const int Files = 200;

    private readonly RealServers _servers;

    public StoppedBatchTests(RealServers servers)
        : base(TimeSpan.FromSeconds(60 + (2 * Rounds))) => _servers = servers;

    private static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("FTPTOOLS_ROUNDS"), out var rounds) ? rounds : 5;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public Task The_embedded_server(int connections) => PlayAsync(Options with { MaxConnection = connections }, Server.Root, () => { });

    [RealServerTheory]
    [InlineData("vsftpd", 1)]
    [InlineData("vsftpd", 4)]
    [InlineData("proftpd", 1)]
    [InlineData("proftpd", 4)]
    [InlineData("pureftpd", 1)]
    [InlineData("pureftpd", 4)]
    public Task A_real_server(string name, int connections)
    {
        var server = _servers[name];
        return PlayAsync(server.Options(connections: connections) with { Tls = FtpTlsMode.None }, server.Root, server.Own);
    }

    private async Task PlayAsync(FtpClientOptions options, string root, Action own)
    {
        var small = Directory.CreateDirectory(Path.Combine(root, "small")).FullName;
        for (var i = 0; i < Files; i++)
            await File.WriteAllTextAsync(Path.Combine(small, $"{i}.txt"), $"{i}", Bound);
        own();
        using var session = await FtpSession.ConnectAsync(options, Bound);
        var items = await ListAsync(session, "/small");
        Assert.Equal(Files, items.Count);
        var stopped = 0;
        for (var round = 0; round < Rounds; round++)
        {
            stopped += await StopAsync(session, items) ? 1 : 0;
            var name = $"new{options.MaxConnection}-{round}";
            await session.CreateDirectoryAsync($"/{name}", false, Bound);
            Assert.True(Directory.Exists(Path.Combine(root, name)), $"Round {round}: there is no directory.");
            await session.UploadAsync(new MemoryStream([1, 2, 3]), $"/{name}/up", Default, null, Bound);
            Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(Path.Combine(root, name, "up"), Bound));
            Assert.Equal([Path.Combine(root, name, "up")], Directory.GetFileSystemEntries(Path.Combine(root, name)));
            Assert.NotNull(await session.FindItemAsync($"/{name}/up", Bound));
            Assert.Null(await session.FindItemAsync($"/{name}/none", Bound));
            await session.DeleteFileAsync($"/{name}/up", Bound);
            Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(root, name)));
            await Assert.ThrowsAsync<FtpCommandException>(() => session.DeleteFileAsync($"/{name}/up", Bound));
            await session.DeleteDirectoryAsync($"/{name}", false, null, Bound);
            Assert.False(Directory.Exists(Path.Combine(root, name)), $"Round {round}: the directory is still there.");
        }

        Assert.True(stopped > 0, "No batch was stopped before it had ended.");
        Directory.Delete(small, recursive: true);
    }

    /// <summary>Receives all, and stops after the third result.</summary>
    /// <returns>Whether files were left.</returns>
    private async Task<bool> StopAsync(FtpSession session, List<FtpItem> items)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Bound);
        var count = 0;
        var batch = session.BeginTransfers(
            Default, null,
            result =>
            {
                Assert.Equal(FtpTransferStatus.Succeeded, result.Status);
                if (Interlocked.Increment(ref count) == 3)
                    stop.Cancel();
            },
            null, stop.Token);
        foreach (var item in items)
            batch.AddDownload(item, Local(item.Name));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(batch.CompleteAsync);
        foreach (var file in Directory.GetFiles(Folder))
        {
            Assert.Equal(Path.GetFileNameWithoutExtension(file), await File.ReadAllTextAsync(file, Bound));
            File.Delete(file);
        }

        return count < items.Count;
    }
}
