using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Trees;

/// <summary>
/// Files of chance that are taken once: which way, as a tree or one by one, what becomes of the originals, what the server can tell.
/// Between runs files come, change, and come again under the names of those that were taken, which they may look like; and what
/// was being written to the journal may be torn.
/// </summary>
internal sealed class PickUpJob : RandomJob
{
    private const string Done = "done"; // the directory, or the ending

    private static readonly DateTime _begin = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly FtpTransferDirection _direction;
    private readonly FtpTransferOptions _options;
    private readonly bool _isTree;
    private readonly bool _hasFacts;
    private readonly bool _hasHash;
    private readonly SortedDictionary<string, List<Version>> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _transfers = new(StringComparer.Ordinal); // that have succeeded, of each path
    private readonly ConcurrentQueue<string> _warnings = [];
    private int _count; // of all versions
    private int _torn;
    private int _linesSeen;
    private DateTime _runBegan;
    private int _taken; // in the last run

    public PickUpJob(Random random)
        : base(random)
    {
        _direction = (FtpTransferDirection)random.Next(2);
        _isTree = random.Next(3) > 0;
        _hasFacts = random.Next(4) > 0;
        _hasHash = random.Next(4) == 0;
        var action = random.Next(8) == 0 ? FtpSourceAction.None : (FtpSourceAction)random.Next(1, 4);
        _options = new FtpTransferOptions
        {
            RetryCount = random.Next(3),
            Resume = random.Next(2) == 0,
            PreserveTime = random.Next(2) == 0 ? true : null,
            Journal = At("journal.jsonl"),
            SourceAction = action,
            SourceDestination = action switch { FtpSourceAction.Move => Done, FtpSourceAction.Rename => "*." + Done, _ => null },
        };
        Directory.CreateDirectory(Source);
        Directory.CreateDirectory(Target);
        for (var i = random.Next(5, 20); i > 0; i--)
            PutNew();
    }

    private bool IsUpload => _direction == FtpTransferDirection.Upload;

    private string Source => IsUpload ? At("here") : Path.Combine(Served, "tree");

    private string Target => IsUpload ? Path.Combine(Served, "tree") : At("here");

    private string Journal => _options.Journal!;

    private bool Stays => _options.SourceAction == FtpSourceAction.None;

    public override string ToString() =>
        $"{_direction} of {_count} {(_isTree ? "in a tree" : "one by one")}, {_options.SourceAction}, {Connections} connections, {_options.RetryCount} more tries{(_options.Resume ? ", resuming" : "")}"
        + $"{(_options.PreserveTime == true ? ", with times" : "")}{(_hasFacts ? "" : ", without facts")}{(_hasHash ? ", with hashes" : "")}";

    protected override void Configure(LoopbackServer server)
    {
        if (!_hasFacts)
            server.Features.Remove(server.Features.Single(line => line.StartsWith("MLST", StringComparison.Ordinal)));
        if (_hasHash)
            Extensions.AddTo(server);
    }

    protected override void Prepare(int run)
    {
        _runBegan = DateTime.UtcNow;
        _taken = 0;
        if (run == 0)
            return;
        for (var i = Random.Next(4); i > 0; i--)
            PutNew();
        foreach (var (path, versions) in _versions)
        {
            if (Random.Next(4) > 0)
                continue;
            var last = versions[^1];
            if (!last.IsGone)
            {
                // Somebody writes over it, whether it was copied or not.
                Put(path, last.Text.Length + 1 + Random.Next(50), _begin.AddSeconds(_count));
            }
            else if (Random.Next(3) == 0)
            {
                Put(path, Random.Next(200), _begin.AddSeconds(_count));
            }
            else
            {
                // It looks like the one that was taken.
                Put(path, last.Text.Length, last.Time);
            }
        }

        if (Random.Next(3) == 0)
            Tear();
    }

    protected override async Task RunOnceAsync(bool isBad, Breach breach, CancellationToken bound)
    {
        if (breach == Breach.Process)
        {
            string[] more =
            [
                _isTree ? "--tree" : "--files", "--journal", Journal, "--source-action", $"{_options.SourceAction}", "--retries", $"{_options.RetryCount}",
                .. _options.SourceDestination is { } destination ? new[] { "--source-destination", destination } : [],
                .. _options.Resume ? new[] { "--resume" } : [], .. _options.PreserveTime == true ? new[] { "--preserve-time" } : [],
            ];
            foreach (var line in await RunThereAsync(IsUpload ? "upload" : "download", IsUpload ? Source : "/tree", IsUpload ? "/tree" : Target, more, bound))
            {
                var words = line.Split(' ', 4);
                if (words[0] == "warning")
                    _warnings.Enqueue(line);
                else if (words is ["Succeeded", _, not "0", _])
                    Count(words[3]);
            }
        }
        else
        {
            await RunHereAsync(isBad, breach, bound, stop => TakeAsync(isBad, stop));
        }
    }

    protected override void RequireSound(bool isBad)
    {
        foreach (var path in Files(Target))
        {
            var text = File.ReadAllText(In(Target, path));
            var copied = _versions.GetValueOrDefault(path)?.SingleOrDefault(version => version.Text == text);
            Assert.True(copied is not null, $"'{path}' has {text.Length} characters that are of no version of it.");
            copied.IsCopied = true;
        }

        var kept = new List<string>();
        foreach (var path in Files(Source))
        {
            if (IsKept(path))
                kept.Add(File.ReadAllText(In(Source, path)));
            else
                Assert.True(_versions[path][^1].Text == File.ReadAllText(In(Source, path)), $"The original '{path}' is not what it was.");
        }

        foreach (var (path, versions) in _versions)
        {
            versions[^1].IsGone |= !File.Exists(In(Source, path));
            foreach (var version in versions.Where(version => version.IsGone))
                Assert.True(!Stays && version.IsCopied, $"The original '{path}' ({version}) is gone, and was never copied.");
            foreach (var version in versions)
            {
                var expected = version.IsGone && _options.SourceAction != FtpSourceAction.Remove ? 1 : 0;
                Assert.True(kept.Count(text => text == version.Text) == expected, $"The original '{path}' ({version}) is kept {kept.Count(text => text == version.Text)} times, and not {expected}.");
            }
        }

        Assert.Equal(_versions.Values.Sum(versions => versions.Count(version => version.IsGone && _options.SourceAction != FtpSourceAction.Remove)), kept.Count);
        RequireTrueJournal();
    }

    protected override void RequireDone()
    {
        var journal = ReadJournal(_ => Assert.Fail("The journal is damaged still.")).ToLookup(PathOf);
        foreach (var (path, versions) in _versions)
        {
            var version = versions[^1];
            Assert.True(File.ReadAllText(In(Target, path)) == version.Text, $"The copy of '{path}' is not of its last version ({version}).");
            Assert.True(version.IsGone != Stays, $"The original '{path}' is {(Stays ? "gone" : "there still")}.");
            var last = journal[path].Last();
            Assert.True(version.Looks(last), $"'{path}' ({version}): the journal tells of another one last: {last.Length}, {last.LastWriteTimeUtc:s}.");
            // Where a run was broken off between the end of the original and its line, nobody knows of it.
            Assert.True(Stays ? last.State == FtpJournalState.Taken : last.State is FtpJournalState.Away or FtpJournalState.Leaving, $"'{path}': {last.State} is the last in the journal.");
            if (!Stays && _options.SourceAction != FtpSourceAction.Remove && last.SourceDestination is { } place)
                Assert.Equal(version.Text, File.ReadAllText(IsUpload ? place : Served + place));
        }

        // Who is killed in the middle of it has said it too.
        Assert.InRange(_warnings.Count(text => text.Contains("It was removed", StringComparison.Ordinal)), _torn, int.MaxValue);
        if (_taken > 0)
            Assert.Empty(Directory.GetFiles(At(""), "journal.jsonl.run-*"));
    }

    private async Task TakeAsync(bool isBad, CancellationToken stop)
    {
        var results = new ConcurrentQueue<FtpTransferResult>();
        using var ear = new Ear(_warnings);
        try
        {
            using var session = await FtpSession.ConnectAsync(ClientOptions(isBad) with { Log = ear }, stop);
            var items = new List<FtpItem>();
            if (!_isTree && !IsUpload)
                await session.ListAsync("/tree", true, items.Add, stop);
            var batch = session.BeginTransfers(_options, null, results.Enqueue, null, stop);
            if (_isTree && IsUpload)
                batch.AddUploadTree(Source, "/tree");
            else if (_isTree)
                batch.AddDownloadTree("/tree", Target);
            else if (IsUpload)
                Directory.GetFiles(Source).ToList().ForEach(path => batch.AddUpload(path, "/tree/" + Path.GetFileName(path)));
            else
                items.Where(item => !item.IsDirectory).ToList().ForEach(item => batch.AddDownload(item, Path.Combine(Target, item.Name)));
            await batch.CompleteAsync();
        }
        finally
        {
            Failures += results.Count(result => result.Error is not null || result.SourceError is not null);
            foreach (var result in results.Where(result => result.Status == FtpTransferStatus.Succeeded))
            {
                _taken++;
                if (result.Attempts > 0)
                    Count(result.Source);
            }
        }

        if (!isBad)
            Assert.All(results, result => Assert.True(result is { Error: null, SourceError: null }, $"{result.Error}{result.SourceError}"));
    }

    private void Count(string source)
    {
        var path = Below(source);
        _transfers[path] = _transfers.GetValueOrDefault(path) + 1;
    }

    private List<FtpJournalEntry> ReadJournal(Action<string> warn) => File.Exists(Journal) ? [.. FtpJournal.Read(Journal, all: true, warn)] : [];

    private string PathOf(FtpJournalEntry entry) => Below(IsUpload ? entry.LocalPath : entry.RemotePath);

    // Of a path on the one side or the other.
    private string Below(string source) => (IsUpload ? Path.GetRelativePath(Source, source) : source["/tree/".Length..]).Replace('\\', '/');

    private void RequireTrueJournal()
    {
        var all = ReadJournal(_ => { });
        foreach (var entry in all.Skip(_linesSeen))
        {
            var path = PathOf(entry);
            Assert.True(_versions.ContainsKey(path), $"The journal tells of '{path}', which there never was.");
            Assert.Equal((_direction, Where, "tester", IsUpload ? "/tree/" + path : Path.Combine(Target, path)), (entry.Direction, entry.Server, entry.UserName, IsUpload ? entry.RemotePath : entry.LocalPath));
            Assert.InRange(entry.TimeUtc, _runBegan.AddSeconds(-1), DateTime.UtcNow);
            Assert.NotEmpty(entry.Run);
            if (entry.State is FtpJournalState.Taken or FtpJournalState.Leaving or FtpJournalState.Away)
                Assert.True(_versions[path].Any(version => version.Looks(entry) && version.IsCopied), $"The journal tells of '{path}' as {entry.State}, of {entry.Length} bytes, at {entry.LastWriteTimeUtc:s}, and no such was copied.");
        }

        var seenBefore = _linesSeen;
        _linesSeen = all.Count;
        foreach (var entries in all.GroupBy(PathOf))
        {
            var versions = _versions[entries.Key];
            var last = entries.Last();
            // One that came before this run, which did not come to it, is not what an older line tells of.
            if (last.State == FtpJournalState.Away && all.FindLastIndex(entry => PathOf(entry) == entries.Key) >= seenBefore)
                Assert.True(versions[^1].IsGone, $"The journal tells that '{entries.Key}' is away, and it is there.");
            if (last is { State: FtpJournalState.Taken, Length: not null } && versions[^1].Looks(last))
                Assert.True(versions[^1].IsCopied, $"The journal tells that '{entries.Key}' ({versions[^1]}) is taken, and it is not.");
            Assert.True(entries.Count(entry => entry.State == FtpJournalState.Away) <= versions.Count(version => version.IsGone), $"The journal tells of '{entries.Key}' as away more often than it has gone.");
            Assert.True(_transfers.GetValueOrDefault(entries.Key) <= Told(entries), $"'{entries.Key}' was transferred {_transfers.GetValueOrDefault(entries.Key)} times, and the journal tells of {Told(entries)}.");
        }

        Assert.All(_transfers.Keys, path => Assert.Contains(path, all.Select(PathOf)));
    }

    private string Where => FormattableString.Invariant($"127.0.0.1:{Port}");

    /// <summary>Of how many transfers the journal tells.</summary>
    private static int Told(IEnumerable<FtpJournalEntry> entries)
    {
        var (told, attempt) = (0, 0);
        FtpJournalEntry? last = null;
        foreach (var entry in entries)
        {
            // Another file begins again with the first.
            if (last is { State: FtpJournalState.Away } || entry.Attempt < attempt || (last is not null && (last.Length, last.LastWriteTimeUtc) != (entry.Length, entry.LastWriteTimeUtc)))
                attempt = 0;
            told += Math.Max(0, entry.Attempt - attempt);
            attempt = Math.Max(attempt, entry.Attempt);
            last = entry;
        }

        return told;
    }

    private void PutNew()
    {
        var folder = _isTree ? Random.Next(3) switch { 0 => "", 1 => "sub/", _ => "sub/low er/" } : "";
        Put(FormattableString.Invariant($"{folder}f{_versions.Count:00}.txt"), Random.Next(4) == 0 ? Random.Next(300_000) : Random.Next(100), _begin.AddSeconds(_count));
    }

    private void Put(string path, int length, DateTime time)
    {
        // Each is another one, also where it looks the same.
        var text = (++_count).ToString("D6", CultureInfo.InvariantCulture);
        var version = new Version(text.PadRight(length, (char)('a' + (_count % 26))), time);
        if (!_versions.TryGetValue(path, out var versions))
            _versions[path] = versions = [];
        versions.Add(version);
        var file = In(Source, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, version.Text);
        File.SetLastWriteTimeUtc(file, time);
    }

    /// <summary>As after a power cut: what was being written is there in part, and what it tells was not done yet. Some run will read it, for there is a file to take.</summary>
    private void Tear()
    {
        if (!File.Exists(Journal) || !Files(Source).Any(path => !IsKept(path)) || FtpJournal.Read(Journal, true, _ => { }).Count == 0 || HasTornEnd())
            return;
        var lines = File.ReadAllLines(Journal);
        var line = lines[Random.Next(1, lines.Length)];
        File.AppendAllText(Journal, Random.Next(4) == 0 ? new string('\0', Random.Next(1, 500)) : line[..Random.Next(1, line.Length)]);
        _torn++;
    }

    private bool HasTornEnd() => File.ReadAllBytes(Journal)[^1] != '\n';

    private bool IsKept(string path) => _options.SourceAction switch
    {
        FtpSourceAction.Move => path.StartsWith(Done + "/", StringComparison.Ordinal),
        FtpSourceAction.Rename => path.EndsWith("." + Done, StringComparison.Ordinal),
        _ => false,
    };

    private static string In(string root, string path) => Path.Combine(root, path);

    // Parts aside.
    private static IEnumerable<string> Files(string root) => Directory.GetFiles(root, "*", SearchOption.AllDirectories)
        .Where(path => !Path.GetFileName(path).StartsWith(".ftptools-", StringComparison.Ordinal))
        .Select(path => path[(root.Length + 1)..].Replace('\\', '/'));

    /// <summary>What a file was for a time.</summary>
    private sealed class Version(string text, DateTime time)
    {
        public string Text => text;

        public DateTime Time => time;

        /// <summary>It was seen under the target's name.</summary>
        public bool IsCopied { get; set; }

        /// <summary>It is no longer where it was, and nobody has written over it.</summary>
        public bool IsGone { get; set; }

        /// <summary>Whether an entry may be of it, as exactly as the server told when it was written.</summary>
        public bool Looks(FtpJournalEntry entry) => (entry.Length is null || entry.Length == text.Length)
            && (entry.LastWriteTimeUtc is not { } told || (entry.TimePrecision >= FtpTimePrecision.Second ? told == time : (told - time).Duration() <= TimeSpan.FromDays(1)));

        public override string ToString() => FormattableString.Invariant($"{text[..6]}, {text.Length} bytes of {time:s}");
    }

    /// <summary>Hears warnings.</summary>
    private sealed class Ear(ConcurrentQueue<string> warnings) : FtpLog
    {
        public override void Write(FtpLogEntry entry)
        {
            if (entry.Level == FtpLogLevel.Warning)
                warnings.Enqueue(entry.Message);
        }
    }
}
