using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace FtpTools.Tests.Trees;

/// <summary>A mirror of chance: two trees, which way, how many connections, with a backup or without.</summary>
internal sealed class SyncJob : RandomJob
{
    private const string Backup = "old";
    private const string Kept = ".keep"; // how excluded names end

    private readonly FtpSyncOptions _options;
    private readonly FtpTransferOptions _transfer;
    private readonly Dictionary<string, string> _source = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _former = new(StringComparer.Ordinal);
    private readonly string _kept; // a name on the target alone that is excluded
    private readonly HashSet<string> _planned = new(StringComparer.Ordinal); // to be removed, by this run
    private Dictionary<string, string> _before = [];
    private bool _hasSeenAll;
    private bool _hasFailed; // a step that is no removal

    public SyncJob(Random random)
        : base(random)
    {
        _options = new FtpSyncOptions
        {
            Direction = random.Next(2) == 0 ? FtpTransferDirection.Upload : FtpTransferDirection.Download,
            Mirror = true,
            MaximumDeletePercent = 100,
            BackupPath = random.Next(2) == 0 ? Backup : null,
            Filter = new FtpItemFilter { Exclude = [new FtpNamePattern("*" + Kept, _ => name => name.EndsWith(Kept, StringComparison.Ordinal))] },
        };
        _transfer = new FtpTransferOptions { RetryCount = random.Next(3), Resume = random.Next(2) == 0, Verify = FtpVerification.Size };
        Directory.CreateDirectory(Source);
        Directory.CreateDirectory(Target);
        _kept = Put(Target, $"d{random.Next(3)}/x{Kept}", "kept", 1);
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

    private string Source => IsUpload ? At("here") : Path.Combine(Served, "tree");

    private string Target => IsUpload ? Path.Combine(Served, "tree") : At("here");

    public override string ToString() => $"{_options.Direction}, {Connections} connections, {_former.Count} files of {_source.Count}, backup {_options.BackupPath ?? "none"}, {_transfer.RetryCount} more tries{(_transfer.Resume ? ", resuming" : "")}";

    protected override async Task RunOnceAsync(bool isBad, Breach breach, CancellationToken bound)
    {
        _before = Whole(Target);
        _planned.Clear();
        (_hasSeenAll, _hasFailed) = (true, false);
        if (breach == Breach.Process)
            ReadTold(await RunThereAsync(IsUpload ? "mirror-upload" : "mirror-download", IsUpload ? Source : "/tree", IsUpload ? "/tree" : Target, Arguments(), bound));
        else
            await RunHereAsync(isBad, breach, bound, stop => SyncAsync(isBad, stop));
    }

    protected override void RequireDone() =>
        Assert.Equal(_source.OrderBy(pair => pair.Key, StringComparer.Ordinal), Whole(Target).OrderBy(pair => pair.Key, StringComparer.Ordinal));

    private string[] Arguments() =>
    [
        "--retries", $"{_transfer.RetryCount}", "--exclude", Kept, .. _transfer.Resume ? new[] { "--resume" } : [], .. _options.BackupPath is null ? [] : new[] { "--backup", Backup },
    ];

    private async Task SyncAsync(bool isBad, CancellationToken stop)
    {
        var errors = new ConcurrentQueue<FtpException>();
        var results = new ConcurrentQueue<FtpTransferResult>();
        var plan = new List<FtpSyncAction>();
        try
        {
            using var session = await FtpSession.ConnectAsync(ClientOptions(isBad), stop);
            await session.CompareAsync(IsUpload ? Source : Target, "/tree", _options, _transfer, plan.Add, errors.Enqueue, null, stop);
            var batch = session.BeginSync(_options, _transfer, results.Enqueue, null, stop);
            plan.ForEach(batch.Add);
            await batch.CompleteAsync();
        }
        finally
        {
            Failures += errors.Count + results.Count(result => result.Error is not null);
            _hasSeenAll = errors.IsEmpty;
            _hasFailed = results.Any(result => !IsRemoval(result.Step) && result.Status == FtpTransferStatus.Failed);
            _planned.UnionWith(plan.Where(action => action.IsRemoval).Select(action => action.RelativePath));
        }

        if (!isBad)
        {
            Assert.Empty(errors);
            Assert.All(results, result => Assert.Null(result.Error));
        }
    }

    private void ReadTold(string[] lines)
    {
        foreach (var words in lines.Select(line => line.Split(' ', 3)))
        {
            if (words[0] == "unseen")
                _hasSeenAll = false;
            else if (words[0] == "plan" && IsRemoval(Enum.Parse<FtpSyncKind>(words[1])))
                _planned.Add(words[2]);
            else if (words[0] == $"{FtpTransferStatus.Failed}" && !IsRemoval(Enum.TryParse<FtpSyncKind>(words[1], out var step) ? step : null))
                _hasFailed = true;
        }
    }

    private static bool IsRemoval(FtpSyncKind? step) => step is FtpSyncKind.RemoveFile or FtpSyncKind.RemoveDirectory;

    protected override void RequireSound(bool isBad)
    {
        Assert.Equal(_source.OrderBy(pair => pair.Key, StringComparer.Ordinal), Whole(Source).OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Equal("kept", File.ReadAllText(Path.Combine(Target, _kept)));
        var after = Whole(Target);
        foreach (var (path, text) in after)
            Assert.True(_source.GetValueOrDefault(path) == text || _former.GetValueOrDefault(path) == text, $"'{path}' has {text.Length} characters that are neither the former ones nor the new ones.");
        // Of what the source has, nothing is ever gone, but where an exchange broke off half done; what is gone was planned to be, by a comparison that had seen all.
        var gone = _before.Keys.Where(path => !after.ContainsKey(path)).ToArray();
        Assert.DoesNotContain(gone, path => _source.ContainsKey(path) && !IsKept(path));
        var removed = gone.Where(path => !_source.ContainsKey(path)).ToHashSet();
        if (removed.Count > 0)
        {
            Assert.True(_hasSeenAll, "Something was deleted after a comparison that had not seen all.");
            Assert.False(_hasFailed, "Something was deleted after a step that had failed.");
            Assert.Superset(removed, _planned);
        }

        if (_options.BackupPath is not null)
            RequireBackup(after);
    }

    /// <summary>All that was there is there still, or kept, each with what it held when it was first overwritten or deleted.</summary>
    private void RequireBackup(Dictionary<string, string> after)
    {
        var kept = InBackup();
        foreach (var (path, text) in _former)
            Assert.True(after.GetValueOrDefault(path) == text || kept.GetValueOrDefault(path) == text, $"The former '{path}' is neither in its place nor in the backup.");
    }

    private bool IsKept(string path) => _options.BackupPath is not null && InBackup().ContainsKey(path);

    private Dictionary<string, string> InBackup()
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
        var path = $"d{Random.Next(3)}/{(Random.Next(3) == 0 ? "e/" : "")}f{i}.txt";
        var text = new string((char)('a' + (i % 26)), Random.Next(4) == 0 ? Random.Next(300_000) : Random.Next(100)) + i;
        switch (Random.Next(5))
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
