using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Tests.Tls;
using Xunit;
using Xunit.Abstractions;

namespace FtpTools.Tests.Servers;

/// <summary>
/// Servers that nothing may be sent to ahead of its time: pyftpdlib and ftp-srv drop a transfer over an EPSV that comes with
/// it, and ftpd takes what one packet holds for one command. Nothing fails there, and nothing is tried a second time.
/// </summary>
public sealed class OneAtATimeServerTests(RealServers servers, ITestOutputHelper output) : IClassFixture<RealServers>, IDisposable
{
    /// <summary>What 200 files both ways take at the most, on a machine that is busy; idle, some seconds. That no time ran out is seen in the log.</summary>
    private static readonly TimeSpan _most = TimeSpan.FromMinutes(1);

    private static readonly FtpTransferOptions _once = new() { RetryCount = 0 };
    private readonly string _folder = Directory.CreateTempSubdirectory("ftptools-").FullName;
    private readonly CancellationTokenSource _bound = new(TimeSpan.FromMinutes(2));
    private readonly LogList _log = new();

    public static TheoryData<string, int, int> FromDebian => Rows("pyftpdlib", "pyftpdlib --tls");

    public static TheoryData<string, int, int> FromNpm => Rows("ftp-srv", "ftpd");

    public void Dispose()
    {
        _bound.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [RealServerTheory]
    [MemberData(nameof(FromDebian))]
    public Task A_folder_goes_up_and_comes_down_without_a_second_try(string server, int files, int connections) => UpAndDownAsync(server, files, connections);

    [NpmServerTheory]
    [MemberData(nameof(FromNpm))]
    public Task A_folder_goes_up_and_comes_down_without_a_second_try_in_JavaScript(string server, int files, int connections) => UpAndDownAsync(server, files, connections);

    [RealServerTheory]
    [InlineData("pyftpdlib")]
    [InlineData("pyftpdlib --tls")]
    public Task Files_are_listed_renamed_replaced_and_deleted(string server) => ManageAsync(server);

    [NpmServerTheory]
    [InlineData("ftp-srv")]
    [InlineData("ftpd")]
    public Task Files_are_listed_renamed_replaced_and_deleted_in_JavaScript(string server) => ManageAsync(server);

    private static TheoryData<string, int, int> Rows(params string[] servers)
    {
        var data = new TheoryData<string, int, int>();
        foreach (var server in servers)
        {
            foreach (var (files, connections) in new[] { (5, 4), (5, 8), (200, 4), (200, 8) })
                data.Add(server, files, connections);
        }

        return data;
    }

    private async Task UpAndDownAsync(string name, int files, int connections)
    {
        var server = Get(name);
        var watch = Stopwatch.StartNew();
        using var session = await ConnectAsync(server, connections);
        var source = Directory.CreateDirectory(Path.Combine(_folder, "source")).FullName;
        for (var i = 0; i < files; i++)
            Fill(Path.Combine(source, $"file {i}"), i * 37);
        var remote = $"/{files} over {connections}";

        await TransferAsync(files, batch => batch.AddUploadTree(source, remote), session);
        Assert.Equal(Content(source), Content(Path.Combine(server.Root, remote[1..])));
        output.WriteLine($"up after {watch.Elapsed}");
        var back = Path.Combine(_folder, "back");
        await TransferAsync(files, batch => batch.AddDownloadTree(remote, back), session);
        Assert.Equal(Content(source), Content(back));
        output.WriteLine($"down after {watch.Elapsed}");
        await session.DeleteDirectoryAsync(remote, true, null, _bound.Token);
        Assert.False(Directory.Exists(Path.Combine(server.Root, remote[1..])));

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, _most);
        AssertInStep(server, session);
    }

    private async Task ManageAsync(string name)
    {
        var server = Get(name);
        using var session = await ConnectAsync(server, connections: 2);
        var local = Path.Combine(_folder, "a");
        Fill(local, 100_003);
        await session.CreateDirectoryAsync("/managed/deep", true, _bound.Token);
        await session.UploadAsync(local, "/managed/a", _once, null, _bound.Token);
        Assert.Equal([("a", (long?)100_003, FtpItemType.File), ("deep", null, FtpItemType.Directory)], await ListAsync(session));

        await session.RenameAsync("/managed/a", "/managed/deep/b", _bound.Token);
        Assert.Equal([("deep", null, FtpItemType.Directory)], await ListAsync(session));
        await session.RenameAsync("/managed/deep/b", "/managed/c", _bound.Token);
        Fill(local, 7);
        var replaced = await session.UploadAsync(local, "/managed/c", _once, null, _bound.Token);
        Assert.Equal((FtpTransferStatus.Succeeded, 1), (replaced.Status, replaced.Attempts));
        Assert.Equal((7, FtpItemType.File), ((await session.GetItemAsync("/managed/c", _bound.Token)) is var item ? (item.Length, item.ItemType) : default));
        Assert.Equal(File.ReadAllBytes(local), File.ReadAllBytes(Path.Combine(server.Root, "managed", "c")));

        await session.DeleteFileAsync("/managed/c", _bound.Token);
        Assert.Null(await session.FindItemAsync("/managed/c", _bound.Token));
        var error = await Assert.ThrowsAnyAsync<FtpException>(() => session.DeleteFileAsync("/managed/c", _bound.Token));
        Assert.True(error is FtpCommandException, error.ToString());
        await session.DeleteDirectoryAsync("/managed", true, null, _bound.Token);
        Assert.False(Directory.Exists(Path.Combine(server.Root, "managed")));
        AssertInStep(server, session);
    }

    private RealServer Get(string name)
    {
        var words = name.Split(' ');
        return servers.Get(words[0], words[1..]);
    }

    private Task<FtpSession> ConnectAsync(RealServer server, int connections) => FtpSession.ConnectAsync(
        server.Options(connections: connections) with { Log = _log, CertificateThumbprint = server.Certificate is { } certificate ? FtpSecurity.Fingerprint(certificate.RawData) : null }, _bound.Token);

    private async Task TransferAsync(int files, Action<FtpTransferBatch> add, FtpSession session)
    {
        var results = new ConcurrentBag<FtpTransferResult>();
        var batch = session.BeginTransfers(_once, null, results.Add, null, _bound.Token);
        add(batch);
        await batch.CompleteAsync();
        var failed = results.FirstOrDefault(result => result.Status != FtpTransferStatus.Succeeded);
        Assert.True(failed is null, $"{failed?.Source}: {failed?.Error}\n{Tail()}");
        Assert.Equal(files, results.Count);
        Assert.All(results, result => Assert.Equal(1, result.Attempts));
    }

    private async Task<List<(string, long?, FtpItemType)>> ListAsync(FtpSession session)
    {
        var items = new List<(string Name, long?, FtpItemType Type)>();
        await session.ListAsync("/managed", true, item => items.Add((item.Name, item.ItemType == FtpItemType.File ? item.Length : null, item.ItemType)), _bound.Token);
        items.Sort();
        return items;
    }

    /// <summary>
    /// Sees in the log that no EPSV was sent while a transfer's closing reply was owed, that no connection was lost, and that
    /// ftpd, which was found out at the first login, was sent one command at a time from then on.
    /// </summary>
    private void AssertInStep(RealServer server, FtpSession session)
    {
        var isOneAtATime = server.Name == "ftpd";
        Assert.Equal(isOneAtATime, session.Habits.Any(habit => habit.Name == "accepts only one command at a time"));
        Assert.DoesNotContain(_log.Warnings, line => server.Certificate is not null || !line.Contains("doesn't offer TLS", StringComparison.Ordinal));
        Assert.Equal((0, 0, 0), (_log.Count("didn't reply within"), _log.Count("doesn't work here"), _log.Count("but not this time")));
        var found = _log.Entries.TakeWhile(entry => !entry.Message.Contains("accepts only one command at a time", StringComparison.Ordinal)).Count();
        // Another session of the process may have found it out.
        var learnt = found == _log.Entries.Count ? 0 : found;
        var owed = new Dictionary<string, List<string>>();
        foreach (var (entry, index) in _log.Entries.Select((entry, index) => (entry, index)))
        {
            if (!owed.TryGetValue(entry.Source, out var commands))
                owed[entry.Source] = commands = [];
            if (entry.Message.StartsWith("--> ", StringComparison.Ordinal))
            {
                var together = string.Join(", ", [.. commands, entry.Message]);
                Assert.False(entry.Message == "--> EPSV" && commands.Count > 0, $"Sent together: {together}");
                Assert.False(isOneAtATime && index > learnt && commands.Count > 0, $"Sent together: {together}");
                commands.Add(entry.Message);
            }
            else if (entry.Message.StartsWith("<-- ", StringComparison.Ordinal) && entry.Message[4] != '1' && commands.Count > 0)
            {
                commands.RemoveAt(0);
            }
            else if (entry.Message.StartsWith("Connection closed", StringComparison.Ordinal))
            {
                Assert.True(isOneAtATime && index == learnt + 1, entry.Message + "\n" + Tail());
                commands.Clear();
            }
        }
    }

    private string Tail() => string.Join('\n', _log.Entries.TakeLast(60).Select(entry => $"{entry.Source} {entry.Message}"));

    private static void Fill(string path, int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>All that is in a folder, parts too.</summary>
    private static string[] Content(string folder) =>
        [.. Directory.GetFileSystemEntries(folder).Select(path => $"{Path.GetFileName(path)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}").Order(StringComparer.Ordinal)];
}
