using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using Xunit.Abstractions;

namespace FtpTools.Tests.Trees;

/// <summary>A comparison and a plan that are broken off at each of their commands, and are run again.</summary>
public sealed class SyncFaultTests(ITestOutputHelper output) : SyncTest(TimeSpan.FromMinutes(3))
{
    private static readonly string[] _verbs =
        ["CWD", "TYPE", "EPSV", "RETR", "STOR", "SIZE", "MDTM", "MFMT", "MLSD", "MLST", "LIST", "RNFR", "RNTO", "DELE", "MKD", "RMD"];

    private void PutTrees()
    {
        foreach (var root in new[] { Here, There })
        {
            Directory.Delete(root, recursive: true);
            Directory.CreateDirectory(root);
        }

        var (from, to) = (Here, There);
        Put(from, "same.txt", "same");
        Put(to, "same.txt", "same");
        Put(from, "changed.txt", "changed", 2);
        Put(to, "changed.txt", "former");
        Put(from, "new/deep/a.txt", "a");
        Put(from, "new/b.txt", "b");
        Put(to, "gone/deep/c.txt", "c");
        Put(to, "gone.txt", "gone");
    }

    public enum End
    {
        Gone,
        Busy,
        Cancelled,
    }

    [Theory]
    [InlineData(End.Gone, 0)]
    [InlineData(End.Gone, 1)]
    [InlineData(End.Busy, 0)]
    [InlineData(End.Cancelled, 0)]
    public async Task Broken_off_at_any_command_it_loses_nothing_and_is_done_by_running_it_again(End end, int connections)
    {
        var (at, count) = (int.MaxValue, 0);
        using var stop = new Stop(Bound);
        foreach (var verb in _verbs)
        {
            Server.On(verb, async (connection, argument) =>
            {
                if (Interlocked.Increment(ref count) != at)
                    await connection.HandleAsync(verb, argument);
                else if (end == End.Gone)
                    connection.Drop();
                else if (end == End.Busy)
                    await connection.ReplyAsync("450 Busy.");
                else
                    stop.Cancel();
            });
        }

        var options = Options with { MaxConnection = connections + 1, KeepAlive = TimeSpan.Zero };
        var all = 0;
        for (var i = 0; i == 0 || i <= all; i++)
        {
            PutTrees();
            (at, count) = (int.MaxValue, 0);
            using var session = await FtpSession.ConnectAsync(options, Bound);
            (at, count) = (i == 0 ? int.MaxValue : i, 0);
            stop.Renew();
            try
            {
                await SyncAsync(session, Mirror, stop: stop.Token);
            }
            catch (Exception e) when (e is FtpException or OperationCanceledException)
            {
                // As it may be; what was done is looked at.
            }

            if (i == 0)
            {
                Assert.All(Results, result => Assert.Null(result.Error));
                all = count;
            }

            at = int.MaxValue;
            RequireNothingLost(i);
            await SyncAsync(session, Mirror);
            Assert.All(Results, result => Assert.True(result.Error is null, $"After an end at command {i}: {result.Error}"));
            await ProveAlikeAsync(session, Mirror);
        }

        output.WriteLine($"{all} commands.");
        Assert.InRange(all, 20, 200);
    }

    // Nothing here has changed, and of the target each file is a former one or a new one, whole.
    private void RequireNothingLost(int at)
    {
        Assert.Equal(["changed.txt=changed", "new/", "new/b.txt=b", "new/deep/", "new/deep/a.txt=a", "same.txt=same"], Tree(Here));
        var there = Tree(There);
        string[] known = ["changed.txt=changed", "changed.txt=former", "new/", "new/b.txt=b", "new/deep/", "new/deep/a.txt=a", "same.txt=same", "gone/", "gone/deep/", "gone/deep/c.txt=c", "gone.txt=gone"];
        Assert.True(there.All(known.Contains), $"At {at} there is: {string.Join(", ", there)}");
        Assert.Single(there, entry => entry.StartsWith("changed.txt=", StringComparison.Ordinal));
        Assert.Contains("same.txt=same", there);
        // Deletions come last, after all else has been done.
        if (!there.Contains("gone.txt=gone") || !there.Contains("gone/deep/c.txt=c"))
            Assert.Superset(new HashSet<string>(["changed.txt=changed", "new/b.txt=b", "new/deep/a.txt=a"]), there.ToHashSet());
    }

    public static TheoryData<string, string> LostReplies => new() { { "DELE", "" }, { "RMD", "" }, { "MKD", "" }, { "RNTO", "" }, { "RNTO", "old" } };

    [Theory]
    [MemberData(nameof(LostReplies))]
    public async Task What_was_done_and_lost_its_reply_is_seen_to_be_done(string verb, string backup)
    {
        PutTrees();
        var isLost = new HashSet<string>();
        Server.On(verb, async (connection, path) =>
        {
            var isFirst = false;
            lock (isLost)
                isFirst = isLost.Add(path);
            if (!isFirst || path.Contains("ftptools-backup/changed", StringComparison.Ordinal))
            {
                await connection.HandleAsync(verb, path);
                return;
            }

            var at = Server.Root + path;
            if (verb == "DELE")
                File.Delete(at);
            else if (verb == "RMD")
                Directory.Delete(at);
            else if (verb == "MKD")
                Directory.CreateDirectory(at);
            else
                File.Move(Server.Root + Server.Commands.Last(line => line.StartsWith("RNFR ", StringComparison.Ordinal))[5..], at, overwrite: true);
            connection.Drop();
        });
        using var session = await ConnectAsync();
        await SyncAsync(session, Mirror with { BackupPath = backup.Length == 0 ? null : backup }, new FtpTransferOptions { RetryCount = 2 });
        Assert.NotEmpty(isLost);
        Assert.All(Results, result => Assert.Null(result.Error));
        Assert.Equal(Tree(Here), Tree(There).Where(entry => !entry.StartsWith("old/", StringComparison.Ordinal)));
        Assert.Equal(backup.Length == 0 ? [] : ["changed.txt=former", "gone.txt=gone", "gone/deep/c.txt=c"], Tree(There).Where(entry => entry.StartsWith("old/", StringComparison.Ordinal) && !entry.EndsWith('/')).Select(entry => entry[(entry.IndexOf("backup/", StringComparison.Ordinal) + 7)..]));
    }

    public static TheoryData<string, string, string> Changes => new()
    {
        // What is done between plan and run, to which step that matters, and what becomes of it.
        { "here changed.txt changes", "Upload changed.txt", "FtpPlanOutdated" },
        { "here changed.txt is gone", "Upload changed.txt", "FtpPlanOutdated" },
        { "here new/b.txt is a directory", "Upload new/b.txt", "FtpPlanOutdated" },
        { "there changed.txt changes", "Upload changed.txt", "FtpPlanOutdated" },
        { "there changed.txt is gone", "Upload changed.txt", "FtpPlanOutdated" },
        { "there new/b.txt changes", "Upload new/b.txt", "FtpPlanOutdated" },
        { "there new is a file", "MakeDirectory new", "FtpPlanOutdated" },
        { "there gone.txt changes", "RemoveFile gone.txt", "FtpPlanOutdated" },
        { "here gone.txt changes", "RemoveFile gone.txt", "FtpPlanOutdated" },
        { "there gone.txt is a directory", "RemoveFile gone.txt", "FtpPlanOutdated" },
        { "there gone.txt is gone", "RemoveFile gone.txt", "Skipped" },
        { "there new is a directory", "MakeDirectory new", "Skipped" },
        { "here gone is a directory", "RemoveDirectory gone", "FtpPlanOutdated" },
        { "there gone/new.txt changes", "RemoveDirectory gone", "FtpPlanOutdated" },
        // A second later than it was, and the copy of a run that ended before it had its time, or what only looks like it.
        { "there changed.txt has FORMER in place", "Upload changed.txt", "FtpPlanOutdated" },
        { "there changed.txt has changed in place", "Upload changed.txt", "Skipped" },
        { "there changed.txt has CHANGED in place", "Upload changed.txt", "FtpPlanOutdated" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task What_has_changed_since_the_plan_is_left_as_it_is(string change, string step, string outcome)
    {
        PutTrees();
        using var session = await ConnectAsync();
        var plan = await CompareAsync(session, Mirror);
        Assert.Contains(step, Steps(plan));
        var words = change.Split(' ');
        var (root, path) = (words[0] == "here" ? Here : There, words[1]);
        var file = Path.Combine(root, path);
        if (change.EndsWith("changes", StringComparison.Ordinal))
        {
            Put(root, path, "changed since", 9);
        }
        else if (change.EndsWith("in place", StringComparison.Ordinal))
        {
            var was = File.GetLastWriteTimeUtc(file);
            Put(root, path, words[3], 9);
            if (words[3] == "FORMER")
                File.SetLastWriteTimeUtc(file, was.AddSeconds(1));
        }
        else
        {
            File.Delete(file);
            if (change.EndsWith("directory", StringComparison.Ordinal))
                Directory.CreateDirectory(file);
            if (change.EndsWith("a file", StringComparison.Ordinal))
                File.WriteAllText(file, "");
        }

        await DoAsync(session, plan, Mirror);
        var action = plan.Single(one => $"{one.Kind} {one.RelativePath}" == step);
        var result = Results.Single(one => one.ActionId == action.Id);
        Assert.Equal(outcome, result.ErrorId ?? result.Status.ToString());
        if (change.EndsWith("changes", StringComparison.Ordinal))
            Assert.Equal("changed since", File.ReadAllText(file));
        if (change.EndsWith("in place", StringComparison.Ordinal))
            Assert.Equal(words[3], File.ReadAllText(file));
        if (words is [_, _, _, "changed", ..])
            Assert.Equal(File.GetLastWriteTimeUtc(Path.Combine(Here, path)), File.GetLastWriteTimeUtc(file));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Thousands_of_files_in_a_hundred_new_directories_wait_for_nobody(int connections)
    {
        const int Count = 6000;
        for (var i = 0; i < Count; i++)
        {
            var directory = Path.Combine(Here, $"d{i % 10}", $"e{i % 100}");
            Directory.CreateDirectory(directory);
            File.WriteAllText(Path.Combine(directory, $"{i}"), $"{i}");
        }

        using var session = await FtpSession.ConnectAsync(Options with { MaxConnection = connections, Timeout = TimeSpan.FromSeconds(20) }, Bound);
        await SyncAsync(session, Mirror);
        Assert.Equal(Count + 110, Results.Count);
        Assert.All(Results, result => Assert.Null(result.Error));
        Assert.Equal(Count, Directory.GetFiles(There, "*", SearchOption.AllDirectories).Length);
        Directory.Delete(Path.Combine(Here, "d1"), recursive: true);
        await SyncAsync(session, Mirror);
        Assert.Equal((Count / 10) + 11, Results.Count);
        Assert.False(Directory.Exists(Path.Combine(There, "d1")));
    }

    /// <summary>A cancellation that can be had again and again.</summary>
    private sealed class Stop(CancellationToken bound) : IDisposable
    {
        private CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(bound);

        public CancellationToken Token => _source.Token;

        public void Cancel() => _source.Cancel();

        public void Renew()
        {
            _source.Dispose();
            _source = CancellationTokenSource.CreateLinkedTokenSource(bound);
        }

        public void Dispose() => _source.Dispose();
    }
}
