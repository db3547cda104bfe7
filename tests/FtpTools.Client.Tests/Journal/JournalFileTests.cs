using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Trees;
using Xunit;

namespace FtpTools.Tests.Journal;

/// <summary>The file of a journal: torn at any byte, shared by several, written anew, of another version, and no journal at all.</summary>
public sealed class JournalFileTests : IDisposable
{
    private static readonly string[] _lines =
    [
        JournalText.Write(Entry("/in/a", FtpJournalState.Begun)), JournalText.Write(Entry("/in/a", FtpJournalState.Taken)),
        JournalText.Write(Entry("/in/\u00E4 \"b\"", FtpJournalState.Begun)),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("ftptools-").FullName;
    private readonly List<string> _warnings = [];

    private string Path => System.IO.Path.Combine(_folder, "journal.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_journal_that_is_torn_at_any_byte_is_repaired_and_it_is_said()
    {
        Reader([]).Exchange(() => _lines, CancellationToken.None);
        var whole = File.ReadAllBytes(Path);
        Assert.Equal(4, whole.Count(b => b == '\n'));
        var header = Array.IndexOf(whole, (byte)'\n') + 1;
        for (var length = 0; length < whole.Length; length++)
        {
            _warnings.Clear();
            File.WriteAllBytes(Path, whole[..length]);
            var taken = new List<string>();
            Reader(taken).Exchange(() => ["{\"x\":1}"], CancellationToken.None);
            // What is whole but for its line end is whole.
            var kept = _lines.Where((_, i) => length >= EndOf(whole, i + 2)).ToArray();
            Assert.Equal(kept, taken);
            var isTorn = length > 0 && whole[length - 1] != '\n' && !(whole[length] == '\n');
            Assert.True(isTorn == (_warnings.Count == 1), $"At {length}: {string.Join(' ', _warnings)}");
            if (isTorn && length > header)
                Assert.Contains(Encoding.UTF8.GetString(whole[header..length]).Split('\n')[^1][..1], _warnings[0], StringComparison.Ordinal);
            _warnings.Clear();
            var after = new List<string>();
            Reader(after).Exchange(() => [], CancellationToken.None);
            Assert.Equal([.. kept, "{\"x\":1}"], after);
            Assert.Empty(_warnings);
        }
    }

    [Theory]
    [InlineData("\0\0\0\0\0\0")]
    [InlineData("\0\0\0\0\0\0\n")]
    [InlineData("{\"state\":\"Taken\",\0\0\0\n")]
    [InlineData("nonsense\n")]
    public void A_last_line_that_is_none_is_cut_off(string tail)
    {
        Reader([]).Exchange(() => _lines, CancellationToken.None);
        File.AppendAllText(Path, tail);
        var taken = new List<string>();
        Reader(taken).Exchange(() => ["{\"x\":1}"], CancellationToken.None);
        Assert.Equal(_lines, taken);
        Assert.Contains("It was removed", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.Equal(5, File.ReadAllLines(Path).Length);
    }

    [Fact]
    public void A_line_in_the_middle_that_is_none_is_passed_over_and_told()
    {
        Reader([]).Exchange(() => _lines, CancellationToken.None);
        var lines = File.ReadAllLines(Path).ToList();
        lines.Insert(2, "nonsense");
        File.WriteAllText(Path, string.Join("\r\n", lines) + "\r\n\r\n");
        var taken = new List<string>();
        Reader(taken).Exchange(() => [], CancellationToken.None);
        Assert.Equal(_lines, taken);
        Assert.Contains("Line 3", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Date,Amount\n2026-01-01,3\n")]
    [InlineData("\n")]
    [InlineData("{\"a\":1}\n")]
    [InlineData("{\"journal\":\"Other\",\"version\":1}\n")]
    [InlineData("some text without an end")]
    public void What_is_no_journal_is_refused_and_stays_as_it_is(string content)
    {
        File.WriteAllText(Path, content);
        foreach (var work in Ways())
            Assert.Contains("isn't a journal", Assert.Throws<FtpException>(work).Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(Path));
    }

    [Fact]
    public void A_journal_of_a_later_version_is_refused_and_stays_as_it_is()
    {
        const string Content = "{\"journal\":\"FtpTools\",\"version\":2,\"generation\":\"g\"}\n{\"state\":\"Other\"}\n";
        File.WriteAllText(Path, Content);
        foreach (var work in Ways())
            Assert.Contains("has the version 2", Assert.Throws<FtpException>(work).Message, StringComparison.Ordinal);
        Assert.Equal(Content, File.ReadAllText(Path));
    }

    [Fact]
    public void A_journal_that_an_editor_has_saved_is_one()
    {
        Reader([]).Exchange(() => _lines, CancellationToken.None);
        File.WriteAllText(Path, File.ReadAllText(Path).Replace("\n", "\r\n", StringComparison.Ordinal), new UTF8Encoding(true));
        Assert.Equal(2, FtpJournal.Read(Path, false, _warnings.Add).Count);
        Reader([]).Exchange(() => _lines, CancellationToken.None);
        Assert.Equal(6, FtpJournal.Read(Path, true, _warnings.Add).Count);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task Two_writers_lose_nothing_and_see_each_other()
    {
        const int Count = 60;
        var seen = new List<string>[] { [], [], [] };
        await Task.WhenAll(seen.Select((taken, writer) => Task.Run(() =>
        {
            var file = Reader(taken);
            for (var i = 0; i < Count; i++)
                file.Exchange(() => [Line(writer, i)], CancellationToken.None);
            file.Exchange(() => [], CancellationToken.None);
        })));
        var all = File.ReadAllLines(Path).Skip(1).ToArray();
        Assert.Equal(3 * Count, all.Length);
        for (var writer = 0; writer < 3; writer++)
        {
            var own = Enumerable.Range(0, Count).Select(i => Line(writer, i)).ToArray();
            Assert.Equal(own, all.Where(own.Contains));
            // Each has taken what the others had written by then, once, and nothing of its own.
            Assert.Equal(seen[writer].Distinct(), seen[writer]);
            Assert.DoesNotContain(seen[writer], own.Contains);
        }

        Assert.Empty(_warnings);
    }

    [Fact]
    public void Who_has_read_a_journal_that_is_written_anew_reads_it_again()
    {
        var (taken, anew) = (new List<string>(), 0);
        var file = new JournalFile(Path, line => Add(taken, line), () => anew++, _warnings.Add);
        file.Exchange(() => _lines, CancellationToken.None);
        var other = Reader([]);
        other.Rewrite(() => ["{\"kept\":1}"], CancellationToken.None);
        other.Exchange(() => ["{\"new\":1}"], CancellationToken.None);
        file.Exchange(() => ["{\"own\":1}"], CancellationToken.None);
        Assert.Equal(1, anew);
        Assert.Equal(["{\"kept\":1}", "{\"new\":1}"], taken);
        Assert.Equal(["{\"kept\":1}", "{\"new\":1}", "{\"own\":1}"], File.ReadAllLines(Path).Skip(1));
        Assert.Equal([System.IO.Path.GetFileName(Path), "journal.jsonl.lock"], Directory.GetFiles(_folder).Select(System.IO.Path.GetFileName).Order());
    }

    [Fact]
    public async Task Who_is_stopped_waits_no_longer_for_the_lock()
    {
        using var held = new FileStream(JournalFile.LockPath(Path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var error = await Assert.ThrowsAsync<FtpException>(() => Task.Run(() => Reader([]).Exchange(() => _lines, stop.Token)).WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Contains("another program has locked", error.Message, StringComparison.Ordinal);
    }

    private static string Line(int writer, int number) => $"{{\"writer\":{writer},\"number\":{number}}}";

    private static FtpJournalEntry Entry(string path, FtpJournalState state) => new()
    {
        State = state,
        Direction = FtpTransferDirection.Download,
        Server = "h:21",
        UserName = "u",
        RemotePath = path,
        LocalPath = "/x" + path,
        Length = 12,
        Attempt = 1,
    };

    private static bool Add(List<string> taken, string line)
    {
        var isWhole = FtpTools.Protocol.JsonLine.TryRead(line) is not null;
        if (isWhole)
            taken.Add(line);
        return isWhole;
    }

    // Where a line ends, without its line end.
    private static int EndOf(byte[] all, int line)
    {
        var at = -1;
        for (var i = 0; i < line; i++)
            at = Array.IndexOf(all, (byte)'\n', at + 1);
        return at;
    }

    private JournalFile Reader(List<string> taken) => new(Path, line => Add(taken, line), taken.Clear, text =>
    {
        lock (_warnings)
            _warnings.Add(text);
    });

    private Action[] Ways() =>
    [
        () => Reader([]).Exchange(() => _lines, CancellationToken.None),
        () => FtpJournal.Check(Path),
        () => FtpJournal.Read(Path, true, _warnings.Add),
        () => FtpJournal.Clear(Path, DateTime.UtcNow.AddDays(1), _warnings.Add),
    ];
}
