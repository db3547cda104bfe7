using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.Tests.Faults;
using FtpTools.Trees;
using Xunit;
using Xunit.Abstractions;

namespace FtpTools.Tests.Processes;

/// <summary>
/// A run with a journal that is killed at each of its steps, and at moments of chance, and run again: no file is lost, and none
/// is transferred more often than the journal tells. FTPTOOLS_KILLS says how many are killed at moments of chance.
/// </summary>
public sealed class KilledJournalTests(ITestOutputHelper output) : LoopbackTest(TimeSpan.FromSeconds(120 + (20 * Kills)))
{
    private const int FileCount = 30;

    private readonly List<string> _transferred = [];

    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("FTPTOOLS_KILLS"), out var all) ? Math.Max(1, all / 10) : 2;

    private string Journal => Local("journal.jsonl");

    // At which command of the server, or, by the lock that is taken from it then, before which line of the journal; and what the last line is by then.
    [Theory]
    [InlineData(FtpTransferDirection.Download, "RETR", false, FtpJournalState.Begun, 2)]
    [InlineData(FtpTransferDirection.Download, "RETR", true, FtpJournalState.Begun, 1)] // the copy has its name
    [InlineData(FtpTransferDirection.Download, "MLST", false, FtpJournalState.Taken, 1)]
    [InlineData(FtpTransferDirection.Download, "MKD", false, FtpJournalState.Taken, 1)]
    [InlineData(FtpTransferDirection.Download, "RNTO", false, FtpJournalState.Leaving, 2)] // it may be another file by then
    [InlineData(FtpTransferDirection.Download, "RNTO", true, FtpJournalState.Leaving, 1)] // the original is away
    [InlineData(FtpTransferDirection.Upload, "STOR", false, FtpJournalState.Begun, 2)]
    [InlineData(FtpTransferDirection.Upload, "RNTO", false, FtpJournalState.Begun, 2)]
    [InlineData(FtpTransferDirection.Upload, "RNTO", true, FtpJournalState.Begun, 2)] // by its time it cannot be told from a former one
    public async Task A_run_that_is_killed_at_a_step_is_gone_on_with(FtpTransferDirection direction, string verb, bool isHeld, FtpJournalState state, int attempts)
    {
        var isDownload = direction == FtpTransferDirection.Download;
        var (from, to) = Prepare(direction);
        var content = new byte[30_000];
        new Random(7).NextBytes(content);
        File.WriteAllBytes(Path.Combine(from, "a.bin"), content);
        FileStream? held = null;
        var reached = new TaskCompletionSource();
        Watch(async (c, said, argument) =>
        {
            // The copy takes its name by RNTO, and so does the original, at another time. Of what is asked before the transfer nothing is held up.
            if (said != verb || (verb is "MLST" or "MKD" && _transferred.Count == 0) || reached.Task.IsCompleted)
                return false;
            if (isHeld)
            {
                held = new FileStream(JournalFile.LockPath(Journal), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                await ServeAsync(c, said, argument);
            }

            reached.SetResult();
            if (!isHeld)
                await Task.Delay(System.Threading.Timeout.Infinite, c.Closed);
            return true;
        });
        using (var client = Start(direction, "a.bin"))
        {
            await reached.Task.WaitAsync(Bound);
            // It waits for the lock once it has done what comes before.
            while (isHeld && (isDownload && verb == "RETR" ? !File.Exists(Path.Combine(to, "a.bin")) : !File.Exists(Path.Combine(isDownload ? from + "/done" : to, "a.bin"))))
                await Task.Delay(1, Bound);
            client.Kill();
            await client.EndAsync(Bound);
            Assert.True(client.IsKilled);
        }

        if (held is not null)
            await held.DisposeAsync();
        var isGone = verb == "RNTO" && isHeld && isDownload;
        Assert.Equal(state, Last("a.bin").State);
        Assert.Equal(!isGone, File.Exists(Path.Combine(from, "a.bin")));
        Watch(null);
        using (var client = Start(direction, "a.bin"))
            Assert.True(await client.EndAsync(Bound) is var told && (isGone ? told.StartsWith("FtpPathNotFound", StringComparison.Ordinal) : told.Length == 0), told);
        Assert.Equal(content, File.ReadAllBytes(Path.Combine(to, "a.bin")));
        Assert.Equal(content, File.ReadAllBytes(Path.Combine(from, "done", "a.bin")));
        Assert.False(File.Exists(Path.Combine(from, "a.bin")));
        Assert.Equal((isGone ? FtpJournalState.Leaving : FtpJournalState.Away, attempts), (Last("a.bin").State, Last("a.bin").Attempt));
        Assert.True(_transferred.Count <= attempts, $"It was transferred {_transferred.Count} times.");
        Assert.Single(Directory.GetFiles(Path.Combine(from, "done")));
        // Who finds no file begins no run.
        Assert.Equal(isGone ? 1 : 0, Directory.GetFiles(Folder, "journal.jsonl.run-*").Length);
        using var session = await ConnectAsync();
        await ProveAsync(session);
    }

    // At which line of the log, which is between two lines of the journal, and what the last of these is by then.
    [Theory]
    [InlineData(FtpTransferDirection.Upload, "Move", "was transferred, and the original is now to be", FtpJournalState.Taken, true, 1)]
    [InlineData(FtpTransferDirection.Upload, "Remove", "was transferred, and the original is now to be", FtpJournalState.Taken, true, 1)]
    [InlineData(FtpTransferDirection.Upload, "Move", "was moved to", FtpJournalState.Leaving, false, 1)]
    [InlineData(FtpTransferDirection.Upload, "Remove", "was deleted", FtpJournalState.Leaving, false, 1)]
    [InlineData(FtpTransferDirection.Download, "Remove", "was transferred, and the original is now to be", FtpJournalState.Taken, true, 1)]
    [InlineData(FtpTransferDirection.Download, "Remove", "--> DELE", FtpJournalState.Leaving, true, 2)]
    [InlineData(FtpTransferDirection.Download, "Remove", "was deleted", FtpJournalState.Leaving, false, 1)]
    public async Task A_run_that_is_killed_between_the_copy_and_the_end_of_the_original_is_gone_on_with(FtpTransferDirection direction, string action, string line, FtpJournalState state, bool isThere, int attempts)
    {
        var (from, to) = Prepare(direction);
        Watch(null);
        var time = new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc);
        var original = Path.Combine(from, "a.bin");
        Write(1);
        using (var client = Start(direction, "a.bin", action, "--die-at", line))
        {
            await client.EndAsync(Bound);
            Assert.NotEqual(0, client.ExitCode);
        }

        Assert.Equal(state, Last("a.bin").State);
        Assert.Equal(isThere, File.Exists(original));
        if (isThere)
        {
            using var client = Start(direction, "a.bin", action);
            Assert.Equal("", await client.EndAsync(Bound));
            Assert.Equal((FtpJournalState.Away, attempts), (Last("a.bin").State, Last("a.bin").Attempt));
            RequireTaken(1);
        }

        // Another one, of the same size and time, is not the one that was taken.
        Write(2);
        using (var client = Start(direction, "a.bin", action))
            Assert.Equal("", await client.EndAsync(Bound));
        Assert.Equal(FtpJournalState.Away, Last("a.bin").State);
        RequireTaken(2);

        void Write(byte fill)
        {
            File.WriteAllBytes(original, [.. Enumerable.Repeat(fill, 30_000)]);
            File.SetLastWriteTimeUtc(original, time);
        }

        void RequireTaken(byte fill)
        {
            Assert.False(File.Exists(original));
            Assert.Equal(Enumerable.Repeat(fill, 30_000), File.ReadAllBytes(Path.Combine(to, "a.bin")));
            var kept = Path.Combine(from, "done");
            Assert.Equal(action == "Move" ? Enumerable.Range(1, fill) : [], Directory.Exists(kept) ? Directory.GetFiles(kept).Select(path => (int)File.ReadAllBytes(path)[0]).Order() : []);
        }
    }

    [Theory]
    [InlineData(FtpTransferDirection.Download, "Move")]
    [InlineData(FtpTransferDirection.Download, "Remove")]
    [InlineData(FtpTransferDirection.Upload, "Move")]
    public async Task Runs_that_are_killed_at_any_moment_lose_no_file_and_take_none_twice_untold(FtpTransferDirection direction, string action)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"The seed is {seed}.");
        var random = new Random(seed);
        var (from, to) = Prepare(direction);
        Watch(null);
        var contents = new Dictionary<string, byte[]>();
        for (var i = 0; i < FileCount; i++)
        {
            var content = new byte[random.Next(200_000)];
            random.NextBytes(content);
            contents[$"f{i:00}"] = content;
            File.WriteAllBytes(Path.Combine(from, $"f{i:00}"), content);
        }

        var killed = 0;
        for (var i = 0; i < Kills; i++)
        {
            // Two runs at once, of which one dies.
            using var client = Start(direction, null, action);
            using var other = Start(direction, null, action);
            while (!client.HasExited && !File.Exists(Journal))
                await Task.Delay(1, Bound);
            await Task.Delay(random.Next(700), Bound);
            client.Kill();
            other.Kill();
            await client.EndAsync(Bound);
            await other.EndAsync(Bound);
            killed += client.IsKilled ? 1 : 0;
        }

        // A run that has nothing to write removes nothing of those that were killed.
        contents["f99"] = [1];
        File.WriteAllBytes(Path.Combine(from, "f99"), contents["f99"]);
        using (var client = Start(direction, null, action))
        using (var other = Start(direction, null, action))
        {
            var told = await client.EndAsync(Bound) + await other.EndAsync(Bound);
            Assert.True(told.Length == 0, told);
        }

        // What one run had begun, and the other saw it as begun, is done by the one.
        foreach (var (name, content) in contents)
        {
            Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(to, name))), $"The copy of '{name}' is wrong.");
            Assert.False(File.Exists(Path.Combine(from, name)), $"'{name}' is still there.");
            if (action == "Move")
                Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(from, "done", name))), $"The original of '{name}' is wrong.");
            int transfers;
            lock (_transferred)
                transfers = _transferred.Count(path => path == "/in/" + name);
            Assert.True(transfers <= Last(name).Attempt, $"'{name}' was transferred {transfers} times, and the journal tells of {Last(name).Attempt}.");
        }

        if (action == "Move")
            Assert.Equal(contents.Count, Directory.GetFiles(Path.Combine(from, "done")).Length);
        Assert.Empty(Directory.GetFiles(Folder, "journal.jsonl.run-*"));
        output.WriteLine($"{killed} of {Kills} were killed before their end; {_transferred.Count} transfers of {FileCount} files.");
    }

    private FtpJournalEntry Last(string name) => FtpJournal.Read(Journal, false, _ => { }).Single(entry => entry.Source.EndsWith("/" + name, StringComparison.Ordinal));

    private (string From, string To) Prepare(FtpTransferDirection direction)
    {
        var (remote, local) = (Directory.CreateDirectory(Path.Combine(Server.Root, "in")).FullName, Directory.CreateDirectory(Local("out")).FullName);
        return direction == FtpTransferDirection.Download ? (remote, local) : (local, remote);
    }

    private ClientProcess Start(FtpTransferDirection direction, string? name, string action = "Move", params string[] further)
    {
        var (remote, local) = (name is null ? "/in" : "/in/" + name, name is null ? Local("out") : Path.Combine(Local("out"), name));
        string[] more = ["--journal", Journal, "--source-action", action, .. action == "Move" ? new[] { "--source-destination", "done" } : [], .. name is null ? new[] { "--tree" } : [], .. further];
        return ClientProcess.Start(Options, direction, direction == FtpTransferDirection.Download ? remote : local, direction == FtpTransferDirection.Download ? local : remote, 20_000_000, more);
    }

    private void Watch(Func<FtpTools.TestServer.LoopbackConnection, string, string, Task<bool>>? hold)
    {
        foreach (var verb in new[] { "RETR", "STOR", "MLST", "MKD", "RNTO" })
        {
            Server.On(verb, async (c, argument) =>
            {
                if (hold is not null && await hold(c, verb, argument))
                    return;
                await ServeAsync(c, verb, argument);
            });
        }
    }

    // A file that was served whole, or has got its name, counts.
    private async Task ServeAsync(FtpTools.TestServer.LoopbackConnection connection, string verb, string argument)
    {
        await connection.HandleAsync(verb, argument);
        if (verb is not ("RETR" or "RNTO") || argument.Contains("/done/", StringComparison.Ordinal))
            return;
        lock (_transferred)
            _transferred.Add(argument);
    }
}
