using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.Trees;
using Xunit;

namespace FtpTools.Tests.Transfer;

/// <summary>What is remembered of two directories, as text and as a file. None of it needs a server.</summary>
public sealed class SyncMemoryTests : IDisposable
{
    private static readonly DateTime _noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly SyncEnds _ends = new("ftp.example.com:21", "anna", "/web", Path.Combine(Path.GetTempPath(), "site"));

    private readonly string _folder = Directory.CreateTempSubdirectory("ftptools-memory-").FullName;

    private string State => Path.Combine(_folder, "deep", "state.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_written_is_read_again()
    {
        var records = new Dictionary<string, SyncRecord>
        {
            ["a.txt"] = Record(5, 0),
            ["b/\"[x]\"\u00f1\u2028\\.txt"] = new(File(long.MaxValue, 0.1234567, FtpTimePrecision.Millisecond), File(null, 60, FtpTimePrecision.Minute)),
        };
        var text = new StringWriter();
        SyncMemoryText.Write(text, _ends, records);
        Assert.Equal(3, text.ToString().Count(c => c == '\n'));
        Assert.Equal(records, SyncMemoryText.Read(new StringReader(text.ToString()), _ends));
    }

    [Theory]
    [InlineData("", "written by a comparison with -Newer")]
    [InlineData("some other file\n", "written by a comparison with -Newer")]
    [InlineData("{\"journal\":\"FtpTools\",\"version\":1}\n", "written by a comparison with -Newer")]
    [InlineData("{\"syncState\":\"FtpTools\",\"version\":2}\n", "version 2")]
    [InlineData("{\"syncState\":\"FtpTools\",\"version\":1,\"server\":\"other:21\",\"user\":\"anna\",\"remote\":\"/web\",\"local\":\"/x\"}\n", "other:21")]
    public void Another_file_is_refused_and_left_as_it_is(string content, string words)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(State)!);
        System.IO.File.WriteAllText(State, content);
        var error = Assert.Throws<FtpException>(() => SyncMemory.Open(State, _ends));
        Assert.Equal(FtpErrorKind.LocalFileError, error.Kind);
        Assert.Contains(words, error.Message);
        Assert.Equal(content, System.IO.File.ReadAllText(State));
    }

    [Fact]
    public void A_line_that_is_not_whole_is_not_taken_for_a_file_that_was_never_seen()
    {
        var text = new StringWriter();
        SyncMemoryText.Write(text, _ends, new Dictionary<string, SyncRecord> { ["a.txt"] = Record(5, 0) });
        Assert.Contains("line 2", Assert.Throws<FormatException>(() => SyncMemoryText.Read(new StringReader(text.ToString().TrimEnd('\n', '}')), _ends)).Message);
    }

    [Fact]
    public async Task It_is_kept_and_grows_by_what_other_runs_know()
    {
        var first = SyncMemory.Open(State, _ends);
        Assert.Null(first.Recall("a.txt"));
        var second = SyncMemory.Open(State, _ends);
        Note(first, "a.txt", 5, 0);
        Note(first, "both.txt", 5, 0);
        await first.SaveAsync();
        Note(second, "b.txt", 6, 0);
        Note(second, "both.txt", 7, 60);
        await second.SaveAsync();

        var third = SyncMemory.Open(State, _ends);
        Assert.Equal(Record(5, 0), third.Recall("a.txt"));
        Assert.Equal(Record(6, 0), third.Recall("b.txt"));
        Assert.Equal(Record(7, 60), third.Recall("both.txt"));
        Assert.Equal(["state.jsonl", "state.jsonl.lock"], Directory.GetFiles(Path.GetDirectoryName(State)!).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_on_neither_side_is_forgotten_once_all_was_looked_at()
    {
        var first = SyncMemory.Open(State, _ends);
        Note(first, "a.txt", 5, 0);
        Note(first, "gone.txt", 5, 0);
        await first.SaveAsync();

        var part = SyncMemory.Open(State, _ends);
        Assert.NotNull(part.Recall("a.txt"));
        await part.SaveAsync();
        Assert.NotNull(SyncMemory.Open(State, _ends).Recall("gone.txt"));

        var whole = SyncMemory.Open(State, _ends);
        whole.Recall("a.txt");
        whole.NoteWhole();
        await whole.SaveAsync();
        Assert.Null(SyncMemory.Open(State, _ends).Recall("gone.txt"));
        Assert.NotNull(SyncMemory.Open(State, _ends).Recall("a.txt"));
    }

    [Fact]
    public async Task What_cannot_show_a_change_is_not_remembered()
    {
        var memory = SyncMemory.Open(State, _ends);
        memory.Note("untimed", File(5, 0, FtpTimePrecision.Second), new(FtpItemType.File, 5, null, FtpTimePrecision.None));
        memory.Note("other size", File(5, 0, FtpTimePrecision.Second), File(6, 0, FtpTimePrecision.Second));
        memory.Note("directory", new(FtpItemType.Directory, null, null, FtpTimePrecision.None), new(FtpItemType.Directory, null, null, FtpTimePrecision.None));
        await memory.SaveAsync();
        Assert.False(System.IO.File.Exists(State));
    }

    [Fact]
    public async Task What_was_known_more_exactly_stays()
    {
        var first = SyncMemory.Open(State, _ends);
        first.Note("a.txt", File(5, 0, FtpTimePrecision.Millisecond), File(5, 37, FtpTimePrecision.Second));
        await first.SaveAsync();
        var second = SyncMemory.Open(State, _ends);
        second.Note("a.txt", File(5, 0, FtpTimePrecision.Millisecond), File(5, 0, FtpTimePrecision.Minute));
        await second.SaveAsync();
        Assert.Equal(FtpTimePrecision.Second, SyncMemory.Open(State, _ends).Recall("a.txt")!.There.Precision);
    }

    [Fact]
    public async Task Runs_that_save_at_the_same_time_keep_what_the_others_know()
    {
        var runs = Enumerable.Range(0, 8).Select(_ => SyncMemory.Open(State, _ends)).ToArray();
        for (var i = 0; i < runs.Length; i++)
            Note(runs[i], $"{i}.txt", i, 0);
        await Task.WhenAll(runs.Select(run => Task.Run(() => run.SaveAsync())));

        var last = SyncMemory.Open(State, _ends);
        Assert.All(Enumerable.Range(0, runs.Length), i => Assert.Equal(Record(i, 0), last.Recall($"{i}.txt")));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_an_error_and_leaves_nothing()
    {
        var memory = SyncMemory.Open(State, _ends);
        Note(memory, "a.txt", 5, 0);
        // A directory takes its name.
        Directory.CreateDirectory(State);
        Assert.Equal(FtpErrorKind.LocalFileError, (await Assert.ThrowsAsync<FtpException>(() => memory.SaveAsync())).Kind);
        Assert.Equal("state.jsonl.lock", Assert.Single(Directory.GetFiles(Path.GetDirectoryName(State)!).Select(Path.GetFileName)));
        Assert.Equal(FtpErrorKind.LocalFileError, Assert.Throws<FtpException>(() => SyncMemory.Open(State, _ends)).Kind);
    }

    [Fact]
    public void Other_directories_have_another_file_of_the_account()
    {
        string? PathOf(SyncEnds ends) => SyncMemory.Open(null, ends).Path;
        var path = PathOf(_ends);
        Assert.Equal(path, PathOf(_ends with { Local = _ends.Local + Path.DirectorySeparatorChar }));
        SyncEnds[] others = [_ends with { Server = "ftp.example.com:2121" }, _ends with { UserName = "berta" }, _ends with { Remote = "/other" }, _ends with { Local = _ends.Local + "2" }];
        Assert.Equal(5, others.Select(PathOf).Append(path).Distinct().Count());
    }

    [Theory]
    [InlineData("a.txt", "/web/a.txt", "/web")]
    [InlineData("b/c/a.txt", "/web/b/c/a.txt", "/web")]
    [InlineData("b/a.txt", "/b/a.txt", "/")]
    [InlineData("", "/web", "/web")]
    public void The_directories_of_a_step_are_known_by_its_paths(string relative, string remote, string top)
    {
        var local = Path.Combine(_folder, relative.Replace('/', Path.DirectorySeparatorChar)).TrimEnd(Path.DirectorySeparatorChar);
        var action = SyncPlan.Action(FtpSyncKind.Upload, FtpTransferDirection.Upload, "", relative, local, remote, default, default);
        Assert.Equal((_folder, top), SyncMemory.Tops(action));
    }

    private static void Note(SyncMemory memory, string path, long length, double seconds) =>
        memory.Note(path, File(length, seconds, FtpTimePrecision.Millisecond), File(length, seconds, FtpTimePrecision.Second));

    private static SyncRecord Record(long length, double seconds) => new(File(length, seconds, FtpTimePrecision.Millisecond), File(length, seconds, FtpTimePrecision.Second));

    private static SyncFacts File(long? length, double seconds, FtpTimePrecision precision) => new(FtpItemType.File, length, _noon.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)), precision);
}
