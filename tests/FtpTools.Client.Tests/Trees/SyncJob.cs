using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Trees;

/// <summary>
/// A mirror of chance: two trees, which way, how many connections, with a backup or without; some runs under a server that
/// fails, and one under one that does not. After each run the world is looked at.
/// </summary>
internal sealed class SyncJob : IAsyncDisposable
{
    private const int MostRuns = 4;
    private const string Backup = "old";

    private readonly Random _random;
    private readonly string _root = Directory.CreateTempSubdirectory("ftptools-job-").FullName;
    private readonly FtpSyncOptions _options;
    private readonly FtpTransferOptions _transfer;
    private readonly int _connections;
    private readonly Dictionary<string, string> _source = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _former = new(StringComparer.Ordinal);
    private readonly string _kept; // a name on the target alone that is excluded
    private LoopbackServer? _server;
    private int _runs;
    private int _failures;

    public SyncJob(Random random)
    {
        _random = random;
        _connections = random.Next(1, 5);
        _options = new FtpSyncOptions
        {
            Direction = random.Next(2) == 0 ? FtpTransferDirection.Upload : FtpTransferDirection.Download,
            Mirror = true,
            MaximumDeletePercent = 100,
            BackupPath = random.Next(2) == 0 ? Backup : null,
            Filter = new FtpItemFilter { Exclude = [new FtpNamePattern("*.keep", _ => name => name.EndsWith(".keep", StringComparison.Ordinal))] },
        };
        _transfer = new FtpTransferOptions { RetryCount = random.Next(3), Resume = random.Next(2) == 0, Verify = FtpVerification.Size };
        Directory.CreateDirectory(Source);
        Directory.CreateDirectory(Target);
        _kept = Put(Target, $"d{random.Next(3)}/x.keep", "kept", 1);
        // A source without a file is no proof of anything.
        Put(Source, "always.txt", "always", 2);
        for (var i = random.Next(5, 25); i > 0; i--)
            PutPair(i);
        foreach (var path in Files(Source))
            _source[path] = File.ReadAllText(Path.Combine(Source, path));
        foreach (var path in Files(Target).Where(path => path != _kept))
            _former[path] = File.ReadAllText(Path.Combine(Target, path));
    }

    private bool IsUpload => _options.Direction == FtpTransferDirection.Upload;

    private string Served => Path.Combine(_root, "server");

    private string Source => IsUpload ? Path.Combine(_root, "here") : Path.Combine(Served, "tree");

    private string Target => IsUpload ? Path.Combine(Served, "tree") : Path.Combine(_root, "here");

    private string Switch => Path.Combine(_root, "unreliable");

    /// <summary>Runs it to its end.</summary>
    /// <returns>What came of it, in a line.</returns>
    public async Task<string> RunAsync(CancellationToken bound)
    {
        var port = 0;
        var bad = _random.Next(1, MostRuns);
        for (_runs = 0; _runs <= bad; _runs++)
        {
            var isBad = _runs < bad;
            if (isBad)
                await File.WriteAllTextAsync(Switch, "", bound);
            else
                File.Delete(Switch);
            _server ??= Start(port);
            port = _server.Port;
            await SyncAsync(isBad, bound);
        }

        Assert.Equal(_source.OrderBy(pair => pair.Key, StringComparer.Ordinal), Whole(Target).OrderBy(pair => pair.Key, StringComparer.Ordinal));
        return $"{this}: {_runs} runs, {_failures} failures";
    }

    public override string ToString() => $"{_options.Direction}, {_connections} connections, {_former.Count} files of {_source.Count}, backup {_options.BackupPath ?? "none"}, {_transfer.RetryCount} more tries{(_transfer.Resume ? ", resuming" : "")}";

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    private LoopbackServer Start(int port)
    {
        Directory.CreateDirectory(Served);
        var server = LoopbackServer.Start(Served, port: port);
        server.Password = "p";
        new Unreliability(Switch, percent: 4, losesReplies: true).Spoil(server);
        return server;
    }

    private async Task SyncAsync(bool isBad, CancellationToken bound)
    {
        var before = Whole(Target);
        var errors = new ConcurrentQueue<FtpException>();
        var results = new ConcurrentQueue<FtpTransferResult>();
        var plan = new List<FtpSyncAction>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(bound);
        var server = _server!; // which may be killed at once
        Task? killing = null;
        if (isBad && _random.Next(3) == 0)
            killing = KillAsync(_random.Next(2) == 0 ? stop : null, _random.Next(200));
        try
        {
            using var session = await FtpSession.ConnectAsync(
                new FtpClientOptions
                {
                    ComputerName = server.Host, Port = server.Port, UserName = server.User, Password = "p", MaxConnection = _connections, Tls = FtpTlsMode.None,
                    Timeout = TimeSpan.FromSeconds(isBad ? 0.5 : 20), OptionalTimeout = TimeSpan.FromSeconds(0.5), DataTimeout = TimeSpan.FromSeconds(isBad ? 0.5 : 10),
                },
                stop.Token);
            await session.CompareAsync(IsUpload ? Source : Target, "/tree", _options, _transfer, plan.Add, errors.Enqueue, null, stop.Token);
            var batch = session.BeginSync(_options, _transfer, results.Enqueue, null, stop.Token);
            plan.ForEach(batch.Add);
            await batch.CompleteAsync();
        }
        catch (Exception e) when (isBad && e is FtpException or OperationCanceledException && !bound.IsCancellationRequested)
        {
            _failures++;
        }

        if (killing is not null)
            await killing;
        _failures += errors.Count + results.Count(result => result.Error is not null);
        if (!isBad)
        {
            Assert.Empty(errors);
            Assert.All(results, result => Assert.Null(result.Error));
        }

        RequireSound(before, plan, errors, results);
    }

    /// <summary>The server, or this side, is gone at once.</summary>
    private async Task KillAsync(CancellationTokenSource? stop, int after)
    {
        await Task.Delay(after);
        if (stop is not null)
        {
            await stop.CancelAsync();
            return;
        }

        await _server!.DisposeAsync();
        _server = null;
    }

    private void RequireSound(Dictionary<string, string> before, List<FtpSyncAction> plan, IEnumerable<FtpException> errors, IEnumerable<FtpTransferResult> results)
    {
        Assert.Equal(_source.OrderBy(pair => pair.Key, StringComparer.Ordinal), Whole(Source).OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Equal("kept", File.ReadAllText(Path.Combine(Target, _kept)));
        var after = Whole(Target);
        foreach (var (path, text) in after)
            Assert.True(_source.GetValueOrDefault(path) == text || _former.GetValueOrDefault(path) == text, $"'{path}' has {text.Length} characters that are neither the former ones nor the new ones.");
        var gone = before.Keys.Where(path => !after.ContainsKey(path)).ToArray();
        if (gone.Length > 0)
        {
            // Of what the source has, nothing is ever gone, but where an exchange broke off half done; what is gone was planned to be, by a comparison that had seen all.
            Assert.DoesNotContain(gone, path => _source.ContainsKey(path) && !IsKept(path));
            Assert.True(gone.All(_source.ContainsKey) || !errors.Any(), "Something was deleted after a comparison that had not seen all.");
            Assert.Superset(gone.Where(path => !_source.ContainsKey(path)).ToHashSet(), plan.Where(action => action.IsRemoval).Select(action => action.RelativePath).ToHashSet());
            Assert.DoesNotContain(results, result => result.Step is not (FtpSyncKind.RemoveFile or FtpSyncKind.RemoveDirectory) && result.Status == FtpTransferStatus.Failed && !gone.All(_source.ContainsKey));
        }

        if (_options.BackupPath is not null)
            RequireBackup(after);
    }

    /// <summary>All that was there is there still, or kept, each with what it held when it was first overwritten or deleted.</summary>
    private void RequireBackup(Dictionary<string, string> after)
    {
        var kept = Kept();
        foreach (var (path, text) in _former)
            Assert.True(after.GetValueOrDefault(path) == text || kept.GetValueOrDefault(path) == text, $"The former '{path}' is neither in its place nor in the backup.");
    }

    private bool IsKept(string path) => _options.BackupPath is not null && Kept().ContainsKey(path);

    private Dictionary<string, string> Kept()
    {
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        var old = Path.Combine(Target, Backup);
        if (!Directory.Exists(old))
            return kept;
        foreach (var run in Directory.GetDirectories(old).Order(StringComparer.Ordinal))
        {
            foreach (var path in Files(run))
                kept.TryAdd(path, File.ReadAllText(Path.Combine(run, path)));
        }

        return kept;
    }

    private void PutPair(int i)
    {
        var path = $"d{_random.Next(3)}/{(_random.Next(3) == 0 ? "e/" : "")}f{i}.txt";
        var text = new string((char)('a' + (i % 26)), _random.Next(4) == 0 ? _random.Next(300_000) : _random.Next(100)) + i;
        switch (_random.Next(5))
        {
            case 0:
                Put(Source, path, text, 2);
                Put(Target, path, text, 2);
                break;
            case 1:
                Put(Source, path, text, 2);
                Put(Target, path, "former " + text, 1);
                break;
            case 2:
                Put(Target, path, text, 1);
                break;
            default:
                Put(Source, path, text, 2);
                break;
        }
    }

    private static string Put(string root, string path, string text, int day)
    {
        var file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        File.SetLastWriteTimeUtc(file, new DateTime(2026, 3, day, 12, 0, 0, DateTimeKind.Utc));
        return path;
    }

    // Parts and the backup aside.
    private static IEnumerable<string> Files(string root) => Directory.GetFiles(root, "*", SearchOption.AllDirectories)
        .Where(path => !Path.GetFileName(path).StartsWith(".ftptools-", StringComparison.Ordinal))
        .Select(path => path[(root.Length + 1)..].Replace('\\', '/'));

    private Dictionary<string, string> Whole(string root) => Files(root)
        .Where(path => path != _kept && !path.StartsWith(Backup + "/", StringComparison.Ordinal)).ToDictionary(path => path, path => File.ReadAllText(Path.Combine(root, path)), StringComparer.Ordinal);
}
