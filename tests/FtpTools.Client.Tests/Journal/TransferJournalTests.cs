using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Trees;
using Xunit;

namespace FtpTools.Tests.Journal;

/// <summary>What runs know of each other by the journal, what is decided by it, and what is taken out of it.</summary>
public sealed class TransferJournalTests : IDisposable
{
    private static readonly DateTime _time = new(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc);

    private readonly string _folder = Directory.CreateTempSubdirectory("ftptools-").FullName;
    private readonly List<string> _warnings = [];

    private string Path => System.IO.Path.Combine(_folder, "journal");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_entry_comes_back_as_it_was()
    {
        var entry = Entry("/in/\u00F1 \"x\"\uDC80") with
        {
            State = FtpJournalState.Away, Hash = "AB12", HashAlgorithm = "SHA-256", Attempt = 3, SourceAction = FtpSourceAction.Move, SourceDestination = "/done/x", ErrorId = "FtpTimeout",
            TimeUtc = _time.AddTicks(1234567), LastWriteTimeUtc = _time.AddTicks(7), TimePrecision = FtpTimePrecision.Millisecond, Run = "r", HasLookalike = true,
        };
        Assert.Equal(entry, JournalText.Read(JournalText.Write(entry), out var isWhole));
        Assert.True(isWhole);
        var bare = Entry("/in/x") with { Length = null, LastWriteTimeUtc = null, TimePrecision = FtpTimePrecision.None, Attempt = 1, TimeUtc = _time };
        Assert.Equal(bare, JournalText.Read(JournalText.Write(bare), out _));
    }

    [Theory]
    [InlineData("""{"state":"Frozen","direction":"Download","server":"s","remote":"/r","local":"l"}""")]
    [InlineData("""{"state":"1","direction":"Download","server":"s","remote":"/r","local":"l"}""")]
    [InlineData("""{"note":"of somebody"}""")]
    public void A_line_of_another_kind_is_whole_and_tells_of_no_file(string line)
    {
        Assert.Null(JournalText.Read(line, out var isWhole));
        Assert.True(isWhole);
    }

    // The last state, of a run that is under way or not, what the file is now, whether originals are moved away: what is done, as which attempt.
    [Theory]
    [InlineData(FtpJournalState.Begun, true, "same", true, "Skip 2")]
    [InlineData(FtpJournalState.Begun, true, "changed", true, "Skip 2")]
    [InlineData(FtpJournalState.Begun, false, "same", true, "Check 2")]
    [InlineData(FtpJournalState.Begun, false, "same", false, "Check 2")]
    [InlineData(FtpJournalState.Begun, false, "minute", false, "Transfer 3")]
    [InlineData(FtpJournalState.Begun, false, "changed", false, "Transfer 1")]
    [InlineData(FtpJournalState.Begun, false, "unknown", false, "Transfer 1")]
    [InlineData(FtpJournalState.Taken, false, "same", false, "Skip 2")]
    [InlineData(FtpJournalState.Taken, false, "same", true, "MoveAway 2")]
    [InlineData(FtpJournalState.Taken, true, "same", true, "Skip 2")]
    [InlineData(FtpJournalState.Taken, false, "minute", false, "Skip 2")]
    [InlineData(FtpJournalState.Taken, false, "minute", true, "Transfer 3")]
    [InlineData(FtpJournalState.Taken, false, "day", false, "Skip 2")]
    [InlineData(FtpJournalState.Taken, false, "changed", false, "Transfer 1")]
    [InlineData(FtpJournalState.Taken, true, "changed", true, "Transfer 1")]
    [InlineData(FtpJournalState.Taken, false, "longer", true, "Transfer 1")]
    [InlineData(FtpJournalState.Taken, false, "unknown", false, "Look 3")]
    [InlineData(FtpJournalState.Taken, true, "unknown", true, "Skip 2")]
    [InlineData(FtpJournalState.Leaving, false, "same", true, "Compare 2")]
    [InlineData(FtpJournalState.Leaving, false, "same", false, "Compare 2")]
    [InlineData(FtpJournalState.Leaving, true, "same", true, "Skip 2")]
    [InlineData(FtpJournalState.Leaving, true, "unknown", true, "Skip 2")]
    [InlineData(FtpJournalState.Leaving, false, "unknown", true, "Look 3")]
    [InlineData(FtpJournalState.Leaving, false, "changed", true, "Transfer 1")]
    [InlineData(FtpJournalState.Leaving, false, "minute", true, "Compare 2")]
    [InlineData(FtpJournalState.Away, false, "same", true, "Look 1")]
    [InlineData(FtpJournalState.Away, false, "changed", true, "Transfer 1")]
    [InlineData(FtpJournalState.Away, false, "unknown", false, "Look 1")]
    [InlineData(FtpJournalState.Left, false, "same", true, "Transfer 3")]
    [InlineData(FtpJournalState.Left, true, "same", true, "Transfer 3")]
    [InlineData(FtpJournalState.Left, false, "changed", true, "Transfer 1")]
    public void What_is_done_follows_from_the_last_that_the_journal_tells(FtpJournalState state, bool isBusy, string now, bool movesAway, string done)
    {
        var last = Entry("/in/x") with { State = state, Attempt = 2 };
        var seen = now switch
        {
            "same" => new SourceState(12, _time, FtpTimePrecision.Second),
            "minute" => new SourceState(12, _time.AddSeconds(-7), FtpTimePrecision.Minute),
            "day" => new SourceState(12, _time.Date, FtpTimePrecision.Day),
            "changed" => new SourceState(12, _time.AddSeconds(1), FtpTimePrecision.Second),
            "longer" => new SourceState(13, _time, FtpTimePrecision.Second),
            _ => new SourceState(12, null, FtpTimePrecision.None),
        };
        var decision = JournalDecision.Of(last, seen, isBusy, movesAway);
        Assert.Equal(done, $"{decision.Step} {decision.Attempt}");
        Assert.Equal(decision.Step == JournalStep.Skip, decision.Why is not null);
        Assert.Equal((JournalStep.Transfer, 1), JournalDecision.Of(null, seen, isBusy, movesAway) is var first ? (first.Step, first.Attempt) : default);
    }

    // What is begun after each state, for a file of the same looks or others, and what the next run makes of it when it finds that file again.
    [Theory]
    [InlineData(null, "same", JournalStep.Check)]
    [InlineData(FtpJournalState.Away, "same", JournalStep.Compare)]
    [InlineData(FtpJournalState.Away, "changed", JournalStep.Check)]
    [InlineData(FtpJournalState.Leaving, "same", JournalStep.Compare)]
    [InlineData(FtpJournalState.Taken, "changed", JournalStep.Check)]
    [InlineData(FtpJournalState.Left, "same", JournalStep.Check)]
    [InlineData(FtpJournalState.Left, "changed", JournalStep.Compare)]
    [InlineData(FtpJournalState.Begun, "same", JournalStep.Check)]
    [InlineData(FtpJournalState.Begun, "changed", JournalStep.Compare)]
    public void A_copy_that_a_former_file_may_have_left_is_known_by_its_hash_alone(FtpJournalState? state, string now, object step)
    {
        var last = state is null ? null : Entry("/in/x") with { State = state.Value, Attempt = 1 };
        var seen = new SourceState(12, now == "same" ? _time : _time.AddSeconds(1), FtpTimePrecision.Second);
        var begun = Entry("/in/x") with { LastWriteTimeUtc = seen.TimeUtc, HasLookalike = JournalDecision.Of(last, seen, isBusy: false, movesAway: true).HasLookalike };
        var read = JournalText.Read(JournalText.Write(begun), out _)!;
        Assert.Equal(step, JournalDecision.Of(read, seen, isBusy: false, movesAway: true).Step);
        // It stays so over runs that do not get on.
        var left = read with { State = FtpJournalState.Left };
        Assert.Equal(begun.HasLookalike, JournalDecision.Of(left, seen, isBusy: false, movesAway: true).HasLookalike);
    }

    [Fact]
    public void What_a_run_has_begun_is_its_own_until_it_ends()
    {
        var first = Begin();
        using var second = Begin();
        Assert.Equal(JournalStep.Transfer, Claim(first, "/in/a"));
        Assert.Equal(JournalStep.Skip, Claim(second, "/in/a"));
        // Given twice to one call, too.
        Assert.Equal(JournalStep.Skip, Claim(first, "/in/a"));
        Assert.Equal(JournalStep.Transfer, Claim(second, "/in/b"));
        // A failure gives it up.
        first.Write(Entry("/in/a") with { State = FtpJournalState.Left, ErrorId = "FtpTimeout" }, isDone: true, CancellationToken.None);
        Assert.Equal(JournalStep.Transfer, Claim(second, "/in/a"));
        Assert.Equal(JournalStep.Skip, Claim(first, "/in/b"));
        Assert.Equal(JournalStep.Transfer, Claim(first, "/in/c"));
        first.Dispose();
        Assert.Equal(JournalStep.Check, Claim(second, "/in/c"));
        Assert.Single(Directory.GetFiles(_folder, "journal.run-*"));
    }

    [Fact]
    public void A_file_that_a_killed_run_has_left_beside_the_journal_is_removed()
    {
        File.WriteAllText(Path + ".run-000000000000", "");
        using (var run = Begin())
        {
            Claim(run, "/in/a");
            Assert.DoesNotContain(Path + ".run-000000000000", Directory.GetFiles(_folder));
            Assert.True(run.Owns(Path) && run.Owns(Path + ".lock") && run.Owns(Path + ".run-1") && !run.Owns(Path + "2"));
        }

        Assert.Equal(["journal", "journal.lock"], Directory.GetFiles(_folder).Select(System.IO.Path.GetFileName).Order());
    }

    [Fact]
    public async Task Of_many_workers_and_runs_one_takes_each_file()
    {
        using var first = Begin();
        using var second = Begin();
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
            Enumerable.Range(0, 100).Select(i => Claim(worker % 2 == 0 ? first : second, $"/in/{i}")).ToArray())));
        for (var i = 0; i < 100; i++)
            Assert.Equal(1, claims.Count(one => one[i] == JournalStep.Transfer));
        Assert.Equal(100, FtpJournal.Read(Path, true, _warnings.Add).Count);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_journal_that_cannot_be_written_takes_no_file_and_does_so_once_it_can()
    {
        Directory.CreateDirectory(Path);
        using var run = Begin();
        Assert.Equal("FtpLocalFileError", Assert.Throws<FtpException>(() => Claim(run, "/in/a")).ErrorId);
        Directory.Delete(Path);
        Assert.Equal(JournalStep.Transfer, Claim(run, "/in/a"));
        Assert.Equal(FtpJournalState.Begun, Assert.Single(FtpJournal.Read(Path, true, _warnings.Add)).State);
    }

    [Fact]
    public void Of_each_file_the_last_is_read_or_all()
    {
        using var run = Begin();
        Claim(run, "/in/a");
        Claim(run, "/in/b");
        run.Write(Entry("/in/a") with { State = FtpJournalState.Taken, Attempt = 1 }, isDone: true, CancellationToken.None);
        Assert.Equal(["Begun ftp://h/in/b", "Taken ftp://h/in/a"], FtpJournal.Read(Path, false, _warnings.Add).Select(entry => entry.ToString()));
        Assert.Equal(3, FtpJournal.Read(Path, true, _warnings.Add).Count);
    }

    [Fact]
    public void What_is_old_is_taken_out_but_what_a_run_has_begun_and_what_is_not_understood()
    {
        var dead = Begin();
        Claim(dead, "/in/dead");
        dead.Dispose();
        using var run = Begin();
        Claim(run, "/in/mine");
        run.Write(Entry("/in/taken") with { State = FtpJournalState.Taken }, isDone: true, CancellationToken.None);
        var all = File.ReadAllLines(Path).ToList();
        all[0] = all[0].Replace("}", ",\"note\":\"kept\"}", StringComparison.Ordinal);
        all.Insert(1, """{"state":"Frozen","of":"a later version","time":"2020-01-01T00:00:00Z"}""");
        File.WriteAllLines(Path, all);
        Assert.Equal(0, FtpJournal.Clear(Path, DateTime.UtcNow.AddDays(-1), _warnings.Add));
        Assert.Equal(all, File.ReadAllLines(Path));

        Assert.Equal(2, FtpJournal.Clear(Path, DateTime.UtcNow.AddDays(1), _warnings.Add));
        var left = File.ReadAllLines(Path);
        Assert.Equal([all[1], all.Single(line => line.Contains("/in/mine", StringComparison.Ordinal))], left.Skip(1));
        Assert.Contains("\"note\":\"kept\"", left[0], StringComparison.Ordinal);
        Assert.NotEqual(all[0], left[0]);
        // The run goes on, and knows by now what was taken out.
        run.Write(Entry("/in/mine") with { State = FtpJournalState.Taken }, isDone: true, CancellationToken.None);
        Assert.Equal(JournalStep.Transfer, Claim(run, "/in/taken"));
        Assert.Equal(JournalStep.Skip, Claim(run, "/in/mine"));
        Assert.Empty(_warnings);
    }

    private static FtpJournalEntry Entry(string path) => new()
    {
        State = FtpJournalState.Begun, Direction = FtpTransferDirection.Download, Server = "h:21", UserName = "u", RemotePath = path, LocalPath = "/x",
        Length = 12, LastWriteTimeUtc = _time, TimePrecision = FtpTimePrecision.Second,
    };

    private static JournalStep Claim(TransferJournal run, string path) => run.Claim(Entry(path), movesAway: false, CancellationToken.None).Step;

    private TransferJournal Begin() => new(Path, text =>
    {
        lock (_warnings)
            _warnings.Add(text);
    });
}
