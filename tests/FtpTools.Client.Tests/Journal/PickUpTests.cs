using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.Tests.Faults;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Journal;

/// <summary>
/// Files that are taken once: whatever breaks a run off, after the next one each file is where it belongs, its original is
/// away, and the journal tells of every transfer.
/// </summary>
public sealed class PickUpTests() : LoopbackTest(TimeSpan.FromSeconds(180))
{
    private static readonly string[] _verbs = ["TYPE", "EPSV", "RETR", "STOR", "APPE", "SIZE", "MDTM", "MFMT", "MLST", "RNFR", "RNTO", "DELE", "MKD", "CWD"];

    private readonly List<string> _retrieved = [];

    private string Journal => Path.Combine(Folder, "journal.jsonl");

    private string In => Directory.CreateDirectory(Path.Combine(Server.Root, "in")).FullName;

    private string Out => Directory.CreateDirectory(Local("out")).FullName;

    public static TheoryData<FtpTransferDirection, FtpSourceAction, bool, bool> Ways
    {
        get
        {
            var ways = new TheoryData<FtpTransferDirection, FtpSourceAction, bool, bool>();
            foreach (var direction in Enum.GetValues<FtpTransferDirection>())
            {
                foreach (var action in Enum.GetValues<FtpSourceAction>())
                {
                    ways.Add(direction, action, false, true);
                    if (action != FtpSourceAction.None)
                        ways.Add(direction, action, true, true);
                }
            }

            ways.Add(FtpTransferDirection.Download, FtpSourceAction.Move, false, false);
            ways.Add(FtpTransferDirection.Download, FtpSourceAction.Remove, true, false);
            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_server_that_is_gone_at_any_command_loses_no_file_and_doubles_none(FtpTransferDirection direction, FtpSourceAction action, bool isDone, bool hasFacts)
    {
        var isDownload = direction == FtpTransferDirection.Download;
        if (!hasFacts)
            WithoutFacts();
        var contents = new Dictionary<string, byte[]> { ["a.bin"] = Bytes(5000, 1), ["c"] = Bytes(70, 2) };
        var (from, to) = isDownload ? (In, Out) : (Out, In);
        var wasHit = true;
        for (var at = 1; wasHit; at++)
        {
            foreach (var folder in new[] { from, to })
            {
                Directory.Delete(folder, recursive: true);
                Directory.CreateDirectory(folder);
            }

            File.Delete(Journal);
            _retrieved.Clear();
            foreach (var (name, content) in contents)
                File.WriteAllBytes(Path.Combine(from, name), content);
            wasHit = false;
            await RunAsync(direction, action, () => DropAt(at, isDone, () => wasHit = true));
            var results = await RunAsync(direction, action, Watch);
            Assert.All(results, result => Assert.True(result is { Error: null, SourceError: null }, $"Command {at}: {result.Error}{result.SourceError}"));
            foreach (var (name, content) in contents)
            {
                var what = $"'{name}', command {at}";
                Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(to, name))), $"{what}: the copy is wrong.");
                Assert.True(File.Exists(Path.Combine(from, name)) == (action == FtpSourceAction.None), $"{what}: the original is where it should not be.");
                if (action is FtpSourceAction.Move or FtpSourceAction.Rename)
                    Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(from, action == FtpSourceAction.Move ? "done/" + name : name + ".done"))), $"{what}: the original is not kept.");
                var told = FtpJournal.Read(Journal, true, _ => { }).Where(entry => entry.Source.EndsWith("/" + name, StringComparison.Ordinal)).ToArray();
                // Of an original that is gone on the server, and nobody has heard of it, the next run sees nothing.
                Assert.True(told[^1].State == (action == FtpSourceAction.None ? FtpJournalState.Taken : FtpJournalState.Away) || (told[^1].State == FtpJournalState.Leaving && wasHit && isDownload), $"{what}: {told[^1].State}.");
                var transfers = _retrieved.Count(path => path == "/in/" + name);
                Assert.True(transfers <= told.Max(entry => entry.Attempt), $"{what}: {transfers} transfers, and the journal tells of {told.Max(entry => entry.Attempt)}.");
            }

            if (isDownload)
                Assert.Empty(Directory.EnumerateFiles(to, ".ftptools-*"));
            Assert.True(at < 200);
        }
    }

    [Fact]
    public async Task What_was_taken_is_skipped_until_it_changes()
    {
        Write(In, "a", 100);
        Write(In, "b", 200);
        Assert.Equal(["Succeeded a", "Succeeded b"], Told(await ReceiveAsync()));
        Assert.Equal(["Skipped a", "Skipped b"], Told(await ReceiveAsync()));
        File.AppendAllText(Path.Combine(In, "b"), "more");
        File.SetLastWriteTimeUtc(Path.Combine(In, "a"), DateTime.UtcNow.AddHours(-3));
        Write(In, "c", 300);
        Server.On("RETR", (c, path) => c.HandleAsync("RETR", path));
        Assert.Equal(["Succeeded a", "Succeeded b", "Succeeded c"], Told(await ReceiveAsync()));
        Assert.Equal(["Skipped a", "Skipped b", "Skipped c"], Told(await ReceiveAsync()));
        Assert.Equal(204, new FileInfo(Path.Combine(Out, "b")).Length);
        Assert.All(FtpJournal.Read(Journal, false, _ => { }), entry => Assert.Equal((FtpJournalState.Taken, 1), (entry.State, entry.Attempt)));
        using var session = await ConnectAsync();
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_received_is_left_and_taken_the_next_time()
    {
        Write(In, "a", 100);
        Server.On("RETR", async (c, path) =>
        {
            Server.Off("RETR");
            await c.HandleAsync("RETR", path);
            Write(In, "a", 100, 7);
            File.SetLastWriteTimeUtc(Path.Combine(In, "a"), DateTime.UtcNow.AddHours(1));
        });
        var options = Default with { SourceAction = FtpSourceAction.Remove };
        var result = Assert.Single(await ReceiveAsync(options));
        Assert.Equal((FtpTransferStatus.Succeeded, "FtpTransferIncomplete", FtpSourceAction.None), (result.Status, result.SourceErrorId, result.SourceAction));
        Assert.True(File.Exists(Path.Combine(In, "a")));
        result = Assert.Single(await ReceiveAsync(options));
        Assert.Equal((FtpTransferStatus.Succeeded, null, FtpSourceAction.Remove), (result.Status, result.SourceErrorId, result.SourceAction));
        Assert.False(File.Exists(Path.Combine(In, "a")));
        Assert.Equal(Bytes(100, 7), File.ReadAllBytes(Path.Combine(Out, "a")));
    }

    [Fact]
    public async Task A_new_file_is_not_deleted_where_the_reply_to_the_first_try_was_lost()
    {
        Write(In, "a", 100);
        Server.On("DELE", (c, path) =>
        {
            Server.Off("DELE");
            Write(In, "a", 55);
            c.Drop();
            return Task.CompletedTask;
        });
        var result = Assert.Single(await ReceiveAsync(new FtpTransferOptions { SourceAction = FtpSourceAction.Remove }));
        Assert.Equal("FtpTransferIncomplete", result.SourceErrorId);
        Assert.Equal(55, new FileInfo(Path.Combine(In, "a")).Length);
    }

    // A reply is lost, and another file comes at once under the name, of the same size and time: it is not taken for the one that was received.
    [Theory]
    [InlineData(FtpSourceAction.Remove, true, false)]
    [InlineData(FtpSourceAction.Remove, false, false)]
    [InlineData(FtpSourceAction.Remove, false, true)]
    [InlineData(FtpSourceAction.Move, true, false)]
    [InlineData(FtpSourceAction.Move, false, false)]
    public async Task A_file_of_the_same_looks_is_not_moved_away_unread_where_a_reply_was_lost(FtpSourceAction action, bool isDone, bool hasHash)
    {
        ServeOriginal(hasHash);
        var verb = action == FtpSourceAction.Remove ? "DELE" : "RNTO";
        Server.On(verb, (c, path) =>
        {
            Watch();
            if (isDone && action == FtpSourceAction.Remove)
                File.Delete(Path.Combine(In, "a"));
            else if (isDone)
                File.Move(Path.Combine(In, "a"), Server.Root + path);
            if (isDone)
                Write(In, "a", 100, 7);
            GiveLooks();
            c.Drop();
            return Task.CompletedTask;
        });
        var options = new FtpTransferOptions { SourceAction = action, SourceDestination = action == FtpSourceAction.Move ? "done" : null };
        var result = Assert.Single(await ReceiveAsync(options));
        Assert.Equal((FtpTransferStatus.Succeeded, null, action), (result.Status, result.SourceError, result.SourceAction));
        // What RNTO has moved is where it was to go: what has come since is the next run's.
        var isLeft = isDone && action == FtpSourceAction.Move;
        Assert.Equal(isLeft ? ["a", "done/a"] : action == FtpSourceAction.Move ? ["done/a"] : [], Files(In));
        Assert.Equal(Bytes(100, isDone && !isLeft ? 7 : 1), File.ReadAllBytes(Path.Combine(Out, "a")));
        var attempts = isLeft || hasHash ? 1 : 2;
        Assert.Equal((FtpJournalState.Away, attempts), Assert.Single(FtpJournal.Read(Journal, false, _ => { })) is var entry ? (entry.State, entry.Attempt) : default);
        Assert.Equal(attempts, _retrieved.Count(path => path == "/in/a"));
        Assert.Equal(isLeft ? ["Succeeded a"] : [], Told(await ReceiveAsync(options)));
        Assert.Equal(Bytes(100, isDone ? 7 : 1), File.ReadAllBytes(Path.Combine(Out, "a")));
    }

    // The same between one run and the next: nobody knows what became of the original.
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task A_file_of_the_same_looks_is_not_moved_away_unread_by_the_next_run(bool isNew, bool hasHash)
    {
        ServeOriginal(hasHash);
        Server.On("DELE", (c, _) =>
        {
            c.Drop();
            return Task.CompletedTask;
        });
        var options = Default with { SourceAction = FtpSourceAction.Remove };
        Assert.NotNull(Assert.Single(await ReceiveAsync(options)).SourceError);
        var left = Assert.Single(FtpJournal.Read(Journal, false, _ => { }));
        Assert.Equal((FtpJournalState.Leaving, "FtpConnectionLost"), (left.State, left.ErrorId));
        Watch();
        if (isNew)
            Write(In, "a", 100, 7);
        GiveLooks();
        var result = Assert.Single(await ReceiveAsync(options));
        var isRead = isNew || !hasHash;
        Assert.Equal((isRead ? FtpTransferStatus.Succeeded : FtpTransferStatus.Skipped, null, FtpSourceAction.Remove), (result.Status, result.SourceError, result.SourceAction));
        Assert.Empty(Files(In));
        Assert.Equal(Bytes(100, isNew ? 7 : 1), File.ReadAllBytes(Path.Combine(Out, "a")));
        Assert.Equal((FtpJournalState.Away, isRead ? 2 : 1), Assert.Single(FtpJournal.Read(Journal, false, _ => { })) is var entry ? (entry.State, entry.Attempt) : default);
    }

    [Fact]
    public async Task A_file_that_looks_like_one_that_was_taken_is_not_told_from_its_copy_by_its_looks()
    {
        ServeOriginal(hasHash: false);
        var options = Default with { SourceAction = FtpSourceAction.Remove };
        Assert.Equal(["Succeeded a"], Told(await ReceiveAsync(options)));
        Write(In, "a", 100, 7);
        GiveLooks();
        // A run that is killed as soon as it has begun: its line is the last.
        var lines = File.ReadAllLines(Journal);
        Server.On("RETR", (c, _) => c.ReplyAsync("550 Permission denied."));
        await ReceiveAsync(options);
        File.WriteAllLines(Journal, [.. lines, File.ReadAllLines(Journal)[lines.Length]]);
        Assert.Equal(FtpJournalState.Begun, Assert.Single(FtpJournal.Read(Journal, false, _ => { })).State);
        Watch();
        Assert.Equal(["Succeeded a"], Told(await ReceiveAsync(options)));
        Assert.Equal(Bytes(100, 7), File.ReadAllBytes(Path.Combine(Out, "a")));
        Assert.Empty(Files(In));
    }

    [Fact]
    public async Task An_original_that_cannot_be_deleted_for_lost_connections_is_an_error_at_last()
    {
        Watch();
        Write(In, "a", 100);
        Server.On("DELE", (c, _) =>
        {
            c.Drop();
            return Task.CompletedTask;
        });
        var result = Assert.Single(await ReceiveAsync(new FtpTransferOptions { SourceAction = FtpSourceAction.Remove }));
        Assert.Equal((FtpTransferStatus.Succeeded, "FtpConnectionLost"), (result.Status, result.SourceErrorId));
        Assert.Equal((FtpJournalState.Leaving, 4), Assert.Single(FtpJournal.Read(Journal, false, _ => { })) is var entry ? (entry.State, entry.Attempt) : default);
        Assert.Equal(4, _retrieved.Count);
        Assert.Equal(Bytes(100, 1), File.ReadAllBytes(Path.Combine(Out, "a")));
    }

    [Fact]
    public async Task An_original_that_cannot_be_moved_away_is_an_error_and_is_not_received_again()
    {
        Write(In, "a", 100);
        Watch();
        Server.On("DELE", (c, _) => c.ReplyAsync("550 Permission denied."));
        var options = Default with { SourceAction = FtpSourceAction.Remove };
        var result = Assert.Single(await ReceiveAsync(options));
        Assert.Equal((FtpTransferStatus.Succeeded, "FtpPermissionDenied"), (result.Status, result.SourceErrorId));
        Assert.Equal((FtpJournalState.Taken, "FtpPermissionDenied"), Assert.Single(FtpJournal.Read(Journal, false, _ => { })) is var entry ? (entry.State, entry.ErrorId) : default);
        result = Assert.Single(await ReceiveAsync(options));
        Assert.Equal((FtpTransferStatus.Skipped, "FtpPermissionDenied"), (result.Status, result.SourceErrorId));
        Server.Off("DELE");
        result = Assert.Single(await ReceiveAsync(options));
        Assert.Equal((FtpTransferStatus.Skipped, null, FtpSourceAction.Remove), (result.Status, result.SourceErrorId, result.SourceAction));
        Assert.Single(_retrieved);
        Assert.Empty(Directory.GetFiles(In));
        Assert.Equal(FtpJournalState.Away, Assert.Single(FtpJournal.Read(Journal, false, _ => { })).State);
        // Another one of the same name is new, even if it looks the same.
        Write(In, "a", 100);
        Assert.Equal(["Succeeded a"], Told(await ReceiveAsync(options)));
        Assert.Equal(2, _retrieved.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_there_already_is_not_overwritten(bool hasFacts)
    {
        if (!hasFacts)
            WithoutFacts();
        var options = Default with { SourceAction = FtpSourceAction.Move, SourceDestination = "/done" };
        for (var day = 0; day < 12; day++)
        {
            Write(In, "a.txt", 100 + day);
            var result = Assert.Single(await ReceiveAsync(options, hasJournal: false));
            Assert.Equal((null, day == 0 ? "/done/a.txt" : $"/done/a.{day}.txt"), (result.SourceError, result.SourceDestination));
        }

        Assert.Equal(Enumerable.Range(100, 12).Select(length => (long)length), Directory.GetFiles(Path.Combine(Server.Root, "done")).Select(path => new FileInfo(path).Length).Order());
    }

    [Fact]
    public async Task Files_of_one_name_that_are_moved_to_one_directory_at_once_are_all_there()
    {
        for (var i = 0; i < 30; i++)
        {
            Directory.CreateDirectory(Path.Combine(In, $"{i}"));
            Write(Path.Combine(In, $"{i}"), "x.csv", 100 + i);
        }

        var options = Default with { SourceAction = FtpSourceAction.Move, SourceDestination = "/done" };
        using var session = await FtpSession.ConnectAsync(Options with { MaxConnection = 4 }, Bound);
        var results = new List<FtpTransferResult>();
        await TransferTreeAsync(session, options, result => Add(results, result), batch =>
        {
            for (var i = 0; i < 30; i++)
                batch.AddDownload(new FtpItem { Name = "x.csv", FullName = $"/in/{i}/x.csv" }, Path.Combine(Out, $"{i}.csv"));
        });
        Assert.All(results, result => Assert.Null(result.SourceError));
        Assert.Equal(30, results.Select(result => result.SourceDestination).Distinct().Count());
        Assert.Equal(Enumerable.Range(100, 30).Select(length => (long)length), Directory.GetFiles(Path.Combine(Server.Root, "done")).Select(path => new FileInfo(path).Length).Order());
    }

    [Fact]
    public async Task A_tree_keeps_its_directories_where_it_is_moved_to_and_is_not_received_from_there()
    {
        Directory.CreateDirectory(Path.Combine(In, "sub", "low"));
        Write(In, "a", 1);
        Write(Path.Combine(In, "sub"), "a", 2);
        Write(Path.Combine(In, "sub", "low"), "a", 3);
        var options = Default with { SourceAction = FtpSourceAction.Move, SourceDestination = "done" };
        Assert.Equal(3, (await ReceiveTreeAsync(options)).Count);
        Assert.Equal(["done/a", "done/sub/a", "done/sub/low/a"], Files(In));
        Assert.Equal(["a", "sub/a", "sub/low/a"], Files(Out));
        Write(Path.Combine(In, "sub"), "b", 4);
        var before = Server.Commands.Count;
        Assert.Equal(["Succeeded b"], Told(await ReceiveTreeAsync(options)));
        Assert.DoesNotContain(Server.Commands.Skip(before), line => line.StartsWith("MLSD", StringComparison.Ordinal) && line.Contains("/done", StringComparison.Ordinal));
        Assert.Equal(["done/a", "done/sub/a", "done/sub/b", "done/sub/low/a"], Files(In));
    }

    [Fact]
    public async Task A_local_tree_goes_up_once_without_the_journal_that_lies_in_it()
    {
        Directory.CreateDirectory(Path.Combine(Out, "sub"));
        Write(Out, "a", 1);
        Write(Path.Combine(Out, "sub"), "a", 2);
        var journal = Path.Combine(Out, "journal");
        var options = Default with { SourceAction = FtpSourceAction.Move, SourceDestination = "done", Journal = journal };
        for (var run = 0; run < 2; run++)
        {
            var results = new List<FtpTransferResult>();
            using var session = await ConnectAsync();
            await TransferTreeAsync(session, options, result => Add(results, result), batch => batch.AddUploadTree(Out, "/in"));
            Assert.Equal(run == 0 ? 2 : 0, results.Count);
            Assert.All(results, result => Assert.True(result is { Error: null, SourceError: null }));
        }

        Assert.Equal(["done/a", "done/sub/a", "journal", "journal.lock"], Files(Out));
        Assert.Equal(["a", "sub/a"], Files(In));
    }

    [Fact]
    public async Task A_file_with_the_name_of_one_that_was_taken_is_skipped()
    {
        Write(In, "a", 1);
        Write(In, "b.done", 2);
        var options = Default with { SourceAction = FtpSourceAction.Rename, SourceDestination = "*.done" };
        Assert.Equal(["Skipped b.done", "Succeeded a"], Told(await ReceiveAsync(options, hasJournal: false)));
        Assert.Equal(["Skipped a.done", "Skipped b.done"], Told(await ReceiveAsync(options, hasJournal: false)));
        Assert.Equal(["a.done", "b.done"], Files(In));
    }

    [Fact]
    public async Task Two_runs_at_once_take_each_file_once()
    {
        Watch();
        for (var i = 0; i < 40; i++)
            Write(In, $"f{i:00}", 1000 + i);
        var options = Default with { SourceAction = FtpSourceAction.Move, SourceDestination = "done" };
        var runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => ReceiveTreeAsync(options, connections: 3))));
        var results = runs.SelectMany(run => run).ToArray();
        Assert.All(results, result => Assert.True(result is { Error: null, SourceError: null }, $"{result.Error}{result.SourceError}"));
        Assert.Equal(40, results.Count(result => result.Status == FtpTransferStatus.Succeeded));
        Assert.Equal(40, _retrieved.Count(path => !path.Contains("/done/", StringComparison.Ordinal)));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"done/f{i:00}"), Files(In));
        Assert.Equal(40, Files(Out).Length);
        Assert.All(FtpJournal.Read(Journal, false, _ => { }), entry => Assert.Equal((FtpJournalState.Away, 1), (entry.State, entry.Attempt)));
    }

    [Fact]
    public async Task Where_times_are_not_exact_a_file_that_was_taken_is_received_again_before_it_is_moved_away()
    {
        WithoutFacts();
        Watch();
        Server.On("MDTM", (c, _) => c.ReplyAsync("500 Unknown."));
        Write(In, "a", 100);
        // A run that was broken off, or had nothing to move away.
        Assert.Equal(["Succeeded a"], Told(await ReceiveAsync()));
        Assert.Equal(["Skipped a"], Told(await ReceiveAsync()));
        Assert.Equal(["Succeeded a"], Told(await ReceiveAsync(Default with { SourceAction = FtpSourceAction.Remove })));
        Assert.Equal(2, _retrieved.Count);
        Assert.Equal((FtpJournalState.Away, 2), Assert.Single(FtpJournal.Read(Journal, false, _ => { })) is var entry ? (entry.State, entry.Attempt) : default);
    }

    [Fact]
    public async Task A_target_that_is_newer_leaves_the_original_and_one_that_is_the_same_does_not()
    {
        Write(In, "a", 100);
        Write(In, "b", 100);
        Write(Out, "a", 100, 9);
        File.SetLastWriteTimeUtc(Path.Combine(Out, "a"), DateTime.UtcNow.AddDays(1));
        Write(Out, "b", 100);
        File.SetLastWriteTimeUtc(Path.Combine(Out, "b"), File.GetLastWriteTimeUtc(Path.Combine(In, "b")));
        var results = await ReceiveAsync(Default with { SourceAction = FtpSourceAction.Remove, Update = true });
        Assert.Equal(["Skipped a", "Skipped b"], Told(results));
        Assert.All(results, result => Assert.Null(result.SourceError));
        Assert.Equal(["a"], Files(In));
        Assert.Equal([FtpJournalState.Left, FtpJournalState.Away], FtpJournal.Read(Journal, false, _ => { }).OrderBy(entry => entry.RemotePath).Select(entry => entry.State));
    }

    [Fact]
    public async Task A_failed_file_is_told_in_the_journal_and_tried_by_the_next_run()
    {
        Write(In, "a", 100);
        Server.On("RETR", (c, _) => c.ReplyAsync("550 Permission denied."));
        Assert.Equal("FtpPermissionDenied", Assert.Single(await ReceiveAsync()).ErrorId);
        Assert.Equal((FtpJournalState.Left, "FtpPermissionDenied", 1), Assert.Single(FtpJournal.Read(Journal, false, _ => { })) is var entry ? (entry.State, entry.ErrorId, entry.Attempt) : default);
        Server.Off("RETR");
        Assert.Equal(["Succeeded a"], Told(await ReceiveAsync()));
        Assert.Equal(2, Assert.Single(FtpJournal.Read(Journal, false, _ => { })).Attempt);
    }

    [Fact]
    public async Task A_journal_of_a_later_version_ends_the_call_before_anything_is_done()
    {
        File.WriteAllText(Journal, "{\"journal\":\"FtpTools\",\"version\":99}\n");
        using var session = await ConnectAsync();
        var error = Assert.Throws<FtpException>(() => session.BeginTransfers(Default with { Journal = Journal }, null, _ => { }, null, Bound));
        Assert.Contains("version 99", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<FtpException>(() => session.BeginTransfers(Default with { SourceAction = FtpSourceAction.Remove, Verify = FtpVerification.None }, null, _ => { }, null, Bound));
        Assert.Contains("-Verify None", error.Message, StringComparison.Ordinal);
        await ProveAsync(session);
    }

    private static byte[] Bytes(int size, int seed)
    {
        var content = new byte[size];
        new Random(seed).NextBytes(content);
        return content;
    }

    private static void Write(string folder, string name, int size, int seed = 1) => File.WriteAllBytes(Path.Combine(folder, name), Bytes(size, seed));

    private static void Add(List<FtpTransferResult> results, FtpTransferResult result)
    {
        lock (results)
            results.Add(result);
    }

    private static string[] Told(IEnumerable<FtpTransferResult> results) => [.. results.Select(result => $"{result.Status} {result.Name}").Order(StringComparer.Ordinal)];

    private static string[] Files(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    /// <summary>An original whose looks another file can have.</summary>
    private void ServeOriginal(bool hasHash)
    {
        if (hasHash)
            Extensions.AddTo(Server);
        Watch();
        Write(In, "a", 100);
        GiveLooks();
    }

    private void GiveLooks() => File.SetLastWriteTimeUtc(Path.Combine(In, "a"), new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc));

    private void Watch()
    {
        foreach (var verb in _verbs)
            Server.Off(verb);
        foreach (var verb in new[] { "RETR", "RNTO" })
            Server.On(verb, (c, path) => ServeAsync(c, verb, path));
    }

    // A file that was served whole, or has got its name.
    private async Task ServeAsync(LoopbackConnection connection, string verb, string path)
    {
        await connection.HandleAsync(verb, path);
        lock (_retrieved)
            _retrieved.Add(path);
    }

    /// <summary>Hangs up at one command, before it is done, or once it is done where no other reply would tell of it.</summary>
    private void DropAt(int at, bool isDone, Action onHit)
    {
        var count = 0;
        string? from = null;
        foreach (var verb in _verbs)
        {
            Server.On(verb, (c, argument) =>
            {
                if (verb == "RNFR")
                    from = argument;
                if ((isDone && verb is not ("DELE" or "RNTO" or "MKD")) || ++count != at)
                    return verb is "RETR" or "RNTO" ? ServeAsync(c, verb, argument) : c.HandleAsync(verb, argument);
                onHit();
                if (isDone)
                {
                    if (verb == "DELE")
                        File.Delete(Server.Root + argument);
                    else if (verb == "MKD")
                        Directory.CreateDirectory(Server.Root + argument);
                    else
                        File.Move(Server.Root + from, Server.Root + argument, overwrite: true);
                    if (verb == "RNTO")
                        _retrieved.Add(argument);
                }

                c.Drop();
                return Task.CompletedTask;
            });
        }
    }

    private async Task<List<FtpTransferResult>> RunAsync(FtpTransferDirection direction, FtpSourceAction action, Action prepare)
    {
        var options = Default with
        {
            SourceAction = action,
            SourceDestination = action switch { FtpSourceAction.Move => "done", FtpSourceAction.Rename => "*.done", _ => null },
            Journal = Journal,
            PreserveTime = true,
        };
        Watch();
        if (direction == FtpTransferDirection.Download)
            return await ReceiveAsync(options, prepare);
        using var session = await ConnectAsync();
        prepare();
        var results = new List<FtpTransferResult>();
        await TransferTreeAsync(session, options, result => Add(results, result), batch =>
        {
            foreach (var path in Directory.GetFiles(Out).Where(path => !path.EndsWith(".done", StringComparison.Ordinal)))
                batch.AddUpload(path, "/in/" + Path.GetFileName(path));
        });
        return results;
    }

    private async Task<List<FtpTransferResult>> ReceiveAsync(FtpTransferOptions? options = null, Action? prepare = null, bool hasJournal = true)
    {
        using var session = await ConnectAsync();
        _ = In;
        var items = (await ListAsync(session, "/in")).Where(item => !item.IsDirectory).ToArray();
        prepare?.Invoke();
        var results = new List<FtpTransferResult>();
        await TransferTreeAsync(session, (options ?? Default) with { Journal = hasJournal ? Journal : null }, result => Add(results, result), batch =>
        {
            foreach (var item in items.Where(item => prepare is null || !item.Name.EndsWith(".done", StringComparison.Ordinal)))
                batch.AddDownload(item, Path.Combine(Out, item.Name));
        });
        return results;
    }

    private async Task<List<FtpTransferResult>> ReceiveTreeAsync(FtpTransferOptions options, int connections = 1)
    {
        using var session = await FtpSession.ConnectAsync(Options with { MaxConnection = connections }, Bound);
        var results = new List<FtpTransferResult>();
        await TransferTreeAsync(session, options with { Journal = Journal }, result => Add(results, result), batch => batch.AddDownloadTree("/in", Out));
        return results;
    }
}
