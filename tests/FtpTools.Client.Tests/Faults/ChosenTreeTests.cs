using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>Trees of which some files are chosen, also where a part of them cannot be looked at or made.</summary>
public sealed class ChosenTreeTests : LoopbackTest
{
    private readonly ConcurrentQueue<FtpTransferResult> _results = new();
    private readonly ConcurrentQueue<string> _said = new();

    public ChosenTreeTests()
    {
        foreach (var root in new[] { Path.Combine(Server.Root, "tree"), Local("tree") })
        {
            Write(root, "a.csv", 3);
            Write(root, "a.txt", 1);
            Write(root, "one/b.csv", 2);
            Write(root, "one/two/c.csv", 1);
            Write(root, "other/d.csv", 4);
            Directory.CreateDirectory(Path.Combine(root, "empty"));
        }
    }

    [Fact]
    public async Task Directories_are_made_when_a_file_goes_into_them()
    {
        using var session = await ConnectAsync();
        var filter = new FtpItemFilter { Filter = Is("c.csv") };
        await TransferAsync(session, filter, batch => batch.AddUploadTree(Local("tree"), "/up"));
        Assert.Equal(["MKD /up", "MKD /up/one", "MKD /up/one/two"], Server.Commands.Where(line => line.StartsWith("MKD", StringComparison.Ordinal)));
        Assert.Equal(["/one", "/one/two", "/one/two/c.csv"], Below(Path.Combine(Server.Root, "up")));
        await TransferAsync(session, filter, batch => batch.AddDownloadTree("/tree", Local("down")));
        Assert.Equal(["/one", "/one/two", "/one/two/c.csv"], Below(Local("down")));
        Assert.Equal(2, _results.Count);
        await ProveAsync(session);
    }

    [Fact]
    public async Task Of_a_tree_without_a_file_that_fits_nothing_is_made()
    {
        using var session = await ConnectAsync();
        var filter = new FtpItemFilter { MinimumSize = 1 << 20 };
        await TransferAsync(session, filter, batch => batch.AddUploadTree(Local("tree"), "/up"));
        await TransferAsync(session, filter, batch => batch.AddDownloadTree("/tree", Local("down")));
        Assert.Empty(_results);
        Assert.False(Directory.Exists(Local("down")));
        Assert.Equal(0, Count("MKD"));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_one_failure_and_the_others_go_on()
    {
        using var session = await ConnectAsync();
        Server.On("MKD", (c, argument) => argument == "/up/one" ? c.ReplyAsync("550 No") : c.HandleAsync("MKD", argument));
        Write(Local("tree"), "one/b2.csv", 2);
        await TransferAsync(session, new FtpItemFilter { Filter = Ends(".csv") }, batch => batch.AddUploadTree(Local("tree"), "/up"));
        Assert.Equal(["/up/a.csv", "/up/other/d.csv"], Of(FtpTransferStatus.Succeeded));
        Assert.Equal(["/up/one"], Of(FtpTransferStatus.Failed));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_choice_is_made_of_what_could_be_looked_at_and_the_rest_is_a_failure(bool isUpload)
    {
        using var session = await ConnectAsync();
        Server.On("MLSD", (c, argument) => argument == "/tree/one" ? c.ReplyAsync("550 No") : c.HandleAsync("MLSD", argument));
        Server.On("LIST", (c, argument) => argument.Contains("/tree/one", StringComparison.Ordinal) ? c.ReplyAsync("550 No") : c.HandleAsync("LIST", argument));
        Server.On("CWD", (c, argument) => argument == "/tree/one" ? c.ReplyAsync("550 No") : c.HandleAsync("CWD", argument));
        var filter = new FtpItemFilter { Filter = Ends(".csv"), Newest = 2 };
        await TransferAsync(session, filter, batch =>
        {
            if (isUpload)
                batch.AddUploadTree(Local("tree"), "/up");
            else
                batch.AddDownloadTree("/tree", Local("down"));
        });
        string At(string path) => isUpload ? "/up" + path : Path.Combine(Local("down"), path[1..]);
        // By their days: the newest two are in directories of their own.
        Assert.Equal(isUpload ? [At("/one/two/c.csv"), At("/one/b.csv")] : [At("/a.csv"), At("/other/d.csv")], Of(FtpTransferStatus.Succeeded, inOrder: true));
        Assert.Equal(isUpload ? [] : [At("/one")], Of(FtpTransferStatus.Failed));
        await ProveAsync(session);
    }

    [Fact]
    public async Task What_is_chosen_and_cannot_be_transferred_is_a_failure_of_its_own()
    {
        using var session = await ConnectAsync();
        Server.On("MKD", (c, argument) => argument == "/up/one" ? c.ReplyAsync("550 No") : c.HandleAsync("MKD", argument));
        await TransferAsync(session, new FtpItemFilter { Filter = Ends(".csv"), Newest = 3 }, batch => batch.AddUploadTree(Local("tree"), "/up"));
        Assert.Equal(["/up/a.csv"], Of(FtpTransferStatus.Succeeded));
        Assert.Equal([Local("tree/one/b.csv"), Local("tree/one/two/c.csv")], _results.Where(result => result.Status == FtpTransferStatus.Failed).Select(result => result.Source).Order(StringComparer.Ordinal));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_directory_that_is_left_out_is_not_looked_at()
    {
        using var session = await ConnectAsync();
        await TransferAsync(session, new FtpItemFilter { Exclude = [Is("one")] }, batch => batch.AddDownloadTree("/tree", Local("down")));
        Assert.Equal(["/a.csv", "/a.txt", "/empty", "/other", "/other/d.csv"], Below(Local("down")));
        Assert.DoesNotContain(Server.Commands, line => line.Contains("/one", StringComparison.Ordinal));
        await TransferAsync(session, new FtpItemFilter { Exclude = [Is("one")] }, batch => batch.AddUploadTree(Local("tree"), "/up"));
        Assert.Equal(["/a.csv", "/a.txt", "/empty", "/other", "/other/d.csv"], Below(Path.Combine(Server.Root, "up")));
        Assert.DoesNotContain(Server.Commands, line => line.Contains("/one", StringComparison.Ordinal));
        await ProveAsync(session);
    }

    [Fact]
    public async Task What_is_taken_in_doubt_is_said()
    {
        WithoutFacts();
        using var session = await ConnectAsync();
        // LIST of a file of this age tells the date alone.
        await TransferAsync(session, new FtpItemFilter { Filter = Is("d.csv"), NewerThan = Day(4).AddHours(1) }, batch => batch.AddDownloadTree("/tree", Local("down")));
        Assert.Equal([Path.Combine(Local("down"), "other", "d.csv")], Of(FtpTransferStatus.Succeeded));
        Assert.Contains(_said, line => line.StartsWith("'/tree/other/d.csv' is selected, although it may not match, because its time", StringComparison.Ordinal));
        await ProveAsync(session);
    }

    private static FtpNamePattern Is(string name) => new(name, pattern => text => text == pattern);

    private static FtpNamePattern Ends(string end) => new(end, pattern => text => text.EndsWith(pattern, StringComparison.Ordinal));

    private static DateTime Day(int daysBefore) => new DateTime(2020, 1, 20, 12, 0, 0, DateTimeKind.Utc).AddDays(-daysBefore);

    private static void Write(string root, string path, int daysBefore)
    {
        var file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, path);
        File.SetLastWriteTimeUtc(file, Day(daysBefore).AddMinutes(-path.Length));
    }

    private static IEnumerable<string> Below(string root) =>
        Directory.GetFileSystemEntries(root, "*", SearchOption.AllDirectories).Select(path => path[root.Length..].Replace('\\', '/')).Order(StringComparer.Ordinal);

    private IEnumerable<string> Of(FtpTransferStatus status, bool inOrder = false)
    {
        var destinations = _results.Where(result => result.Status == status).Select(result => result.Destination);
        return inOrder ? destinations : destinations.Order(StringComparer.Ordinal);
    }

    private async Task TransferAsync(FtpSession session, FtpItemFilter filter, Action<FtpTransferBatch> add)
    {
        using var trace = FtpTrace.To(entry => _said.Enqueue(entry.Message));
        var choice = filter.IsChoice ? new FtpItemChoice<Func<Task>>(filter) : null;
        var batch = session.BeginTransfers(Default, null, _results.Enqueue, null, Bound);
        (batch.Filter, batch.Choice) = (filter, choice);
        add(batch);
        if (choice is not null)
        {
            await batch.WalkAsync();
            Assert.DoesNotContain(_results, result => result.Status == FtpTransferStatus.Succeeded);
            foreach (var transferAsync in choice.Take())
                await transferAsync();
        }

        await batch.CompleteAsync();
    }
}
