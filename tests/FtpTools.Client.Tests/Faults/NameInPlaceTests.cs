using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>How a file comes by its name on servers that are particular about names: whole, or the former one stays, or it is said where that is.</summary>
public sealed class NameInPlaceTests : LoopbackTest
{
    private static readonly FtpTransferOptions _retry = new() { RetryCount = 2 };

    [Theory]
    [InlineData("550 Cannot create a file when that file already exists. ")] // IIS
    [InlineData("553 file exists")] // FileZilla Server, as lftp tells
    [InlineData("553 Can't rename file.")] // Apache FtpServer
    [InlineData("501 No.")]
    [InlineData("504 No.")]
    [InlineData("521 No.")]
    [InlineData("450 The file exists.")]
    public async Task Where_a_rename_does_not_replace_the_former_file_is_set_aside(string refusal)
    {
        Server.Habits.ReplaceRefusal = refusal;
        Serve("file", 100);
        Serve("other", 100);
        Fill("new", 3000);
        using var session = await ConnectAsync();
        // At each moment one of the two is under the file's name, or the former one under another.
        var seen = new List<string>();
        Server.On("RNTO", async (c, argument) =>
        {
            try
            {
                await c.HandleAsync("RNTO", argument);
            }
            finally
            {
                seen.Add(File.Exists(There("file")) ? $"file {Length("file")}" : $"former {Length(There().Single(name => name.EndsWith("-former", StringComparison.Ordinal)))}");
            }
        });
        Assert.Equal(FtpVerification.Size, (await session.UploadAsync(Local("new"), "/file", Default, null, Bound)).Verification);
        Assert.Equal(["file 100", "former 100", "file 3000"], seen);
        Assert.Equal((3, 1), (Count("RNTO"), Count("DELE")));
        Assert.Equal(["file", "other"], There());
        Assert.Equal(File.ReadAllBytes(Local("new")), File.ReadAllBytes(There("file")));

        // The next one is done in the right order at once, and a file that is not there yet without ado.
        await session.UploadAsync(Local("new"), "/other", Default, null, Bound);
        Assert.Equal((5, 2), (Count("RNTO"), Count("DELE")));
        await session.UploadAsync(Local("new"), "/third", Default, null, Bound);
        Assert.Equal(2, Count("DELE"));
        Assert.Equal(["file", "other", "third"], There());
        Assert.All(There(), name => Assert.Equal(3000, Length(name)));
        Assert.Contains(session.Habits, habit => habit.Name == "doesn't replace files when renaming" && habit.Evidence.StartsWith(refusal[..3], StringComparison.Ordinal));
        Server.Off("RNTO");
        await ProveAsync(session);
    }

    [Fact]
    public async Task Many_files_at_once_replace_theirs_where_a_rename_does_not()
    {
        Server.Habits.ReplaceRefusal = "550 File exists";
        for (var i = 0; i < 30; i++)
        {
            Fill($"f{i:00}", 1000 + i);
            Serve($"f{i:00}", 10);
        }

        using var session = await FtpSession.ConnectAsync(Options with { MaxConnection = 4 }, Bound);
        var results = new List<FtpTransferResult>();
        await TransferTreeAsync(session, Default, result =>
        {
            lock (results)
                results.Add(result);
        }, batch => batch.AddUploadTree(Folder, "/"));
        Assert.All(results, result => Assert.Equal(FtpTransferStatus.Succeeded, result.Status));
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"f{i:00}"), There());
        Assert.All(There(), name => Assert.Equal(File.ReadAllBytes(Local(name)), File.ReadAllBytes(There(name))));
    }

    [Fact]
    public async Task What_was_set_aside_is_put_back_where_the_new_one_is_refused_all_the_same()
    {
        Serve("file", 100);
        Fill("new", 3000);
        using var session = await ConnectAsync();
        Server.On("RNTO", (c, argument) => argument == "/file" && Directory.GetFiles(Server.Root, "*.part").Length > 0 && Count("RNTO") < 4
            ? c.ReplyAsync("550 Permission denied.")
            : c.HandleAsync("RNTO", argument));
        var error = await FailsAsync("FtpPermissionDenied", () => session.UploadAsync(Local("new"), "/file", _retry, null, Bound));
        Assert.Contains("-Direct", error.Message, StringComparison.Ordinal);
        Assert.Equal(["file"], There());
        Assert.Equal(100, Length("file"));
        Assert.Equal(4, Count("RNTO"));
        Assert.DoesNotContain(session.Habits, habit => habit.Name == "doesn't replace files when renaming");
        Server.Off("RNTO");
        await ProveAsync(session);
    }

    /// <summary>The connection breaks between the two renames; what comes of it, and where the former file is, by how many tries there are.</summary>
    [Fact]
    public async Task An_exchange_that_broke_off_is_ended_by_the_next_try()
    {
        Server.Habits.ReplaceRefusal = "550 File exists";
        Serve("file", 100);
        Fill("new", 3000);
        using var session = await ConnectAsync();
        DropAt(3);
        var result = await session.UploadAsync(Local("new"), "/file", _retry, null, Bound);
        Assert.Equal((2, FtpTransferStatus.Succeeded), (result.Attempts, result.Status));
        Assert.Equal(["file"], There());
        Assert.Equal(3000, Length("file"));
        // All of it was there: it only had to take its name.
        Assert.Equal(1, Count("STOR") + Count("APPE"));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task An_exchange_that_broke_off_for_good_says_where_the_former_file_is_and_the_next_transfer_mends_it(int at)
    {
        Server.Habits.ReplaceRefusal = "550 File exists";
        Serve("file", 100);
        Fill("new", 3000);
        using (var session = await ConnectAsync())
        {
            DropAt(at);
            var error = await FailsAsync("FtpConnectionLost", () => session.UploadAsync(Local("new"), "/file", Default, null, Bound));
            var former = There().Single(name => Length(name) == 100);
            Assert.Equal(at == 3, former != "file");
            if (former != "file")
                Assert.Contains($"'/{former}'", error.Message, StringComparison.Ordinal);
        }

        using var later = await ConnectAsync();
        Assert.Equal(FtpTransferStatus.Succeeded, (await later.UploadAsync(Local("new"), "/file", Default, null, Bound)).Status);
        Assert.Equal(3000, Length("file"));
        // Whoever replaces it next, or resumes, removes what was set aside.
        await later.UploadAsync(Local("new"), "/file", Default, null, Bound);
        Assert.DoesNotContain(There(), name => name.EndsWith("-former", StringComparison.Ordinal));
        await ProveAsync(later);
    }

    [Fact]
    public async Task An_exchange_is_ended_before_a_cancel_is_heard()
    {
        Server.Habits.ReplaceRefusal = "550 File exists";
        Serve("file", 100);
        Fill("new", 3000);
        using var session = await ConnectAsync();
        using var stop = new CancellationTokenSource();
        Server.On("RNTO", async (c, argument) =>
        {
            if (Count("RNTO") == 2)
                await stop.CancelAsync();
            await c.HandleAsync("RNTO", argument);
        });
        await session.UploadAsync(Local("new"), "/file", Default, null, stop.Token);
        Assert.Equal(["file"], There());
        Assert.Equal(3000, Length("file"));
        Server.Off("RNTO");
        await ProveAsync(session);
    }

    /// <summary>The size was asked, and nothing was said of the rename: there is nothing that could be half done, and the part can go.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("220 (vsFTPd 3.0.3)")]
    public async Task A_cancel_just_before_the_rename_leaves_no_part_and_keeps_the_connection(string? greeting)
    {
        Server.Greeting = greeting ?? Server.Greeting;
        Serve("file", 100);
        Fill("new", 3000);
        using var session = await ConnectAsync();
        using var stop = new CancellationTokenSource();
        using (FtpTrace.To(entry =>
        {
            if (entry.Message.StartsWith("<-- 213", StringComparison.Ordinal))
                stop.Cancel();
        }))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.UploadAsync(Local("new"), "/file", Default, null, stop.Token));
        Assert.Equal((0, 1), (Count("RNFR"), Count("DELE")));
        Assert.Equal(["file"], There());
        Assert.Equal(100, Length("file"));
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("220 (vsFTPd 3.0.3)")]
    public async Task A_rename_that_has_begun_is_ended_before_a_cancel_is_heard(string? greeting)
    {
        Server.Greeting = greeting ?? Server.Greeting;
        Serve("file", 100);
        Fill("new", 3000);
        using var session = await ConnectAsync();
        // The first of a session is asked for whether it was done.
        await session.UploadAsync(Local("new"), "/first", Default, null, Bound);
        using var stop = new CancellationTokenSource();
        Server.On("RNFR", async (c, argument) =>
        {
            await stop.CancelAsync();
            await c.HandleAsync("RNFR", argument);
        });
        Assert.Equal(FtpTransferStatus.Succeeded, (await session.UploadAsync(Local("new"), "/file", Default, null, stop.Token)).Status);
        Assert.Equal(["file", "first"], There());
        Assert.Equal(3000, Length("file"));
        Server.Off("RNFR");
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Theory]
    [InlineData(null, "RNFR")]
    [InlineData(null, "RNTO")]
    [InlineData("220 (vsFTPd 3.0.3)", "RNFR")]
    [InlineData("220 (vsFTPd 3.0.3)", "RNTO")]
    public async Task A_rename_whose_end_is_not_told_after_a_cancel_closes_the_connection(string? greeting, string verb)
    {
        Server.Greeting = greeting ?? Server.Greeting;
        Fill("new", 3000);
        using var session = await ConnectAsync();
        using var stop = new CancellationTokenSource();
        Server.On(verb, async (_, _) => await stop.CancelAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.UploadAsync(Local("new"), "/file", Default, null, stop.Token));
        Assert.Equal(0, Count("DELE"));
        Server.Off(verb);
        await ProveAsync(session);
        Assert.Equal(2, Server.AcceptedCount);
    }

    [Fact]
    public async Task A_directory_is_never_set_aside()
    {
        Directory.CreateDirectory(There("file"));
        Server.Habits.ReplaceRefusal = "550 File exists";
        Fill("new", 3000);
        using var session = await ConnectAsync();
        await FailsAsync("FtpAlreadyExists", () => session.UploadAsync(Local("new"), "/file", Default, null, Bound));
        Assert.True(Directory.Exists(There("file")));
        Assert.Empty(There());
        Assert.Equal(1, Count("RNTO"));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("500 Unknown command.", "RNFR")]
    [InlineData("502 Command not implemented.", "RNFR")]
    [InlineData("504 No.", "RNFR")]
    [InlineData("502 Command not implemented.", "RNTO")]
    public async Task Without_a_rename_what_is_new_is_written_in_place_and_what_is_there_is_not_touched(string refusal, string verb)
    {
        Server.On(verb, (c, _) => c.ReplyAsync(refusal));
        Serve("former", 100);
        Fill("new", 3000);
        using var session = await ConnectAsync();
        var warned = new List<string>();
        using (Warnings(warned))
        {
            foreach (var name in new[] { "one", "two" })
                Assert.Equal((FtpTransferStatus.Succeeded, FtpVerification.Size, false), Of(await session.UploadAsync(Local("new"), "/" + name, Default, null, Bound)));
        }

        Assert.Single(warned, line => line.Contains("can't rename", StringComparison.Ordinal));
        // The first was sent twice, for nobody knew.
        Assert.Equal(3, Count("STOR"));
        var error = await FailsAsync("FtpCommandNotSupported", () => session.UploadAsync(Local("new"), "/former", Default, null, Bound));
        Assert.Contains("-Direct", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, Count("STOR"));
        Assert.Equal(["former", "one", "two"], There());
        Assert.Equal((100L, 3000L, 3000L), (Length("former"), Length("one"), Length("two")));
        await session.UploadAsync(Local("new"), "/former", Default with { Direct = true }, null, Bound);
        Assert.Equal(3000, Length("former"));
        await ProveAsync(session);

        static (FtpTransferStatus, FtpVerification, bool) Of(FtpTransferResult result) => (result.Status, result.Verification, result.Resumed);
    }

    [Fact]
    public async Task Without_a_rename_a_former_file_is_found_before_anything_is_lost()
    {
        Server.Habits.RenameRefusal = "502 Command not implemented.";
        Serve("former", 100);
        Fill("new", 3000);
        using var session = await ConnectAsync();
        var error = await FailsAsync("FtpCommandNotSupported", () => session.UploadAsync(Local("new"), "/former", Default, null, Bound));
        Assert.Contains("-Direct", error.Message, StringComparison.Ordinal);
        Assert.Equal(["former"], There());
        Assert.Equal(100, Length("former"));
        await ProveAsync(session);
    }

    [Fact]
    public async Task Without_a_rename_nothing_is_left_of_a_file_that_broke_off()
    {
        Server.Habits.RenameRefusal = "502 Command not implemented.";
        Fill("new", 3000);
        using var session = await ConnectAsync();
        await session.UploadAsync(Local("new"), "/first", Default, null, Bound);
        Server.DataFaults.CutAfter = 1000;
        Server.DataFaults.Cut = DataCut.Finish;
        Server.DataFaults.BytesPerSecond = 100_000;
        await FailsAsync("FtpTransferIncomplete", () => session.UploadAsync(Local("new"), "/second", Default, null, Bound));
        Server.DataFaults.CutAfter = null;
        Assert.Equal(["first"], There());
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("553 Prohibited file name: x")]
    [InlineData("550 Permission denied.")]
    [InlineData("501 Bad name.")]
    public async Task Where_no_name_may_begin_with_a_dot_parts_have_others(string refusal)
    {
        Server.Habits.DotNameRefusal = refusal;
        Server.Habits.ReplaceRefusal = "550 File exists";
        Serve("file", 100);
        Fill("new", 3_000_000);
        using var session = await ConnectAsync();
        await session.UploadAsync(Local("new"), "/file", Default, null, Bound);
        // By its path, by its name alone, and without the dot.
        Assert.Equal(3, Count("STOR"));
        Assert.Equal(3_000_000, Length("file"));
        Assert.Contains(session.Habits, habit => habit.Name == "doesn't accept names that begin with a dot");

        // What breaks off is found again under such a name, in another session too.
        Cut(2_000_000);
        await FailsAsync("FtpTransferIncomplete", () => session.UploadAsync(Local("new"), "/file", Default, null, Bound));
        Assert.Equal(4, Count("STOR"));
        Assert.Matches("^ftptools-[0-9a-f-]+\\.part$", There()[1]);
        using var later = await ConnectAsync();
        Assert.True((await later.UploadAsync(Local("new"), "/file", Default with { Resume = true }, null, Bound)).Resumed);
        Assert.Equal(["file"], There());
        Assert.Equal(File.ReadAllBytes(Local("new")), File.ReadAllBytes(There("file")));
        await ProveAsync(later);
    }

    [Fact]
    public async Task Where_nothing_may_be_written_the_error_is_the_first_one_and_nothing_is_learnt()
    {
        Server.Habits.NewFileRefusal = "553 Permission denied.";
        Fill("new", 3000);
        using var session = await ConnectAsync();
        var error = await FailsAsync("FtpPermissionDenied", () => session.UploadAsync(Local("new"), "/file", _retry, null, Bound));
        Assert.DoesNotContain("-Direct", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("-TemporaryName", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(session.Habits, habit => habit.Name.Contains("dot", StringComparison.Ordinal));
        Assert.Empty(There());
        await ProveAsync(session);
    }

    [Fact]
    public async Task An_account_that_may_replace_and_not_create_is_told_of_Direct()
    {
        Server.Habits.NewFileRefusal = "550 Access is denied.";
        Serve("file", 100);
        Fill("new", 3000);
        using var session = await ConnectAsync();
        var error = await FailsAsync("FtpPermissionDenied", () => session.UploadAsync(Local("new"), "/file", _retry, null, Bound));
        Assert.Contains("-Direct", error.Message, StringComparison.Ordinal);
        Assert.Equal(100, Length("file"));
        await session.UploadAsync(Local("new"), "/file", Default with { Direct = true }, null, Bound);
        Assert.Equal(3000, Length("file"));
        await ProveAsync(session);
    }

    [Fact]
    public async Task An_account_that_may_create_and_not_rename_leaves_no_part()
    {
        Server.On("RNFR", (c, _) => c.ReplyAsync("550 Permission denied."));
        Fill("new", 3000);
        using var session = await ConnectAsync();
        var error = await FailsAsync("FtpPermissionDenied", () => session.UploadAsync(Local("new"), "/file", _retry, null, Bound));
        Assert.Contains("-Direct", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("remains on", error.Message, StringComparison.Ordinal);
        Assert.Empty(There());
        // As anonymous accounts of vsftpd mostly are.
        Server.On("DELE", (c, _) => c.ReplyAsync("550 Permission denied."));
        error = await FailsAsync("FtpPermissionDenied", () => session.UploadAsync(Local("new"), "/file", _retry, null, Bound));
        Assert.Contains($"'/{Assert.Single(There())}' could not be removed", error.Message, StringComparison.Ordinal);
        Server.Off("RNFR");
        Server.Off("DELE");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_file_that_is_taken_away_at_once_is_told_as_such()
    {
        Server.Habits.TakesAwayUnless = ".tmp";
        Fill("new", 3000);
        using var session = await ConnectAsync();
        var error = await FailsAsync("FtpPathNotFound", () => session.UploadAsync(Local("new"), "/file", _retry, null, Bound));
        Assert.Contains("-TemporaryName", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Direct", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, Count("STOR"));
        Assert.Equal(FtpVerification.None, (await session.UploadAsync(Local("new"), "/file", Default with { Direct = true }, null, Bound)).Verification);
        Assert.Equal(FtpVerification.Size, (await session.UploadAsync(Local("new"), "/file", Default with { TemporaryName = "*.tmp" }, null, Bound)).Verification);
        Assert.Equal(["file"], There());
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_rename_that_the_server_is_too_busy_for_costs_a_try_and_not_the_bytes()
    {
        Fill("new", 3000);
        using var session = await ConnectAsync();
        Server.On("RNTO", (c, argument) =>
        {
            Server.Off("RNTO");
            return c.ReplyAsync("450 Busy.");
        });
        Assert.Equal(2, (await session.UploadAsync(Local("new"), "/file", _retry, null, Bound)).Attempts);
        Assert.Equal((1, 0), (Count("STOR"), Count("APPE")));
        Assert.Equal(["file"], There());
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_chosen_name_is_that_of_the_part_and_is_found_again()
    {
        Server.Habits.ReplaceRefusal = "550 File exists";
        Serve("file.csv", 100);
        Fill("new", 3_000_000);
        using var session = await ConnectAsync();
        var chosen = Default with { TemporaryName = "in.*.tmp" };
        Cut(2_000_000);
        await FailsAsync("FtpTransferIncomplete", () => session.UploadAsync(Local("new"), "/file.csv", chosen, null, Bound));
        Assert.Equal(["file.csv", "in.file.csv.tmp"], There());
        var result = await session.UploadAsync(Local("new"), "/file.csv", chosen with { Resume = true }, null, Bound);
        Assert.Equal((true, 3_000_000L, 1), (result.Resumed, result.Length, Count("APPE")));
        Assert.Equal(["file.csv"], There());
        Assert.Equal(File.ReadAllBytes(Local("new")), File.ReadAllBytes(There("file.csv")));
        // Who takes files by their names leaves what is set aside alone, too.
        Assert.All(Server.Commands.Where(line => line.StartsWith("RNTO", StringComparison.Ordinal)), line => Assert.Matches("^RNTO /(file\\.csv|in\\..*\\.tmp)$", line));
        await ProveAsync(session);
    }

    /// <summary>Its name does not tell what it is a part of.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_part_of_a_chosen_name_is_gone_on_with_if_it_ends_as_the_source_does(bool readable)
    {
        Fill("new", 3_000_000);
        if (readable)
            Serve("file.tmp", 2_000_000);
        else
            File.WriteAllBytes(There("file.tmp"), File.ReadAllBytes(Local("new"))[..2_000_000]);
        if (!readable)
            Server.On("RETR", (c, _) => c.ReplyAsync("550 Permission denied."));
        using var session = await ConnectAsync();
        var result = await session.UploadAsync(Local("new"), "/file", Default with { TemporaryName = "*.tmp", Resume = true }, null, Bound);
        Assert.Equal((false, 0), (result.Resumed, Count("APPE")));
        Assert.Equal(File.ReadAllBytes(Local("new")), File.ReadAllBytes(There("file")));
        Server.Off("RETR");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_chosen_name_is_refused_where_it_makes_no_sense()
    {
        Fill("new.tmp", 10);
        using var session = await ConnectAsync();
        var chosen = Default with { TemporaryName = "*.tmp" };
        var before = Server.Commands.Count;
        await FailsAsync("FtpInvalidName", () => session.UploadAsync(Local("new.tmp"), "/new.TMP", chosen, null, Bound));
        await FailsAsync("FtpCommandNotSupported", () => session.UploadAsync(Local("new.tmp"), "/file", chosen with { Direct = true }, null, Bound));
        await FailsAsync("FtpCommandNotSupported", () => session.UploadAsync(Local("new.tmp"), "/file", chosen with { Append = true }, null, Bound));
        Assert.Equal(before, Server.Commands.Count);
        await ProveAsync(session);
    }

    /// <summary>Resets the control connection instead of doing an RNTO, once.</summary>
    private void DropAt(int count) => Server.On("RNTO", (c, argument) =>
    {
        if (Count("RNTO") < count)
            return c.HandleAsync("RNTO", argument);
        Server.Off("RNTO");
        c.Drop();
        return Task.CompletedTask;
    });

    private void Cut(long after)
    {
        Server.DataFaults.CutAfter = after;
        Server.DataFaults.Times = 1;
        Server.DataFaults.Cut = DataCut.Finish;
        Server.DataFaults.BytesPerSecond = 20_000_000;
    }

    private static IDisposable Warnings(List<string> warned) => FtpTrace.To(entry =>
    {
        if (entry.Level != FtpLogLevel.Warning)
            return;
        lock (warned)
            warned.Add(entry.Message);
    });

    private string There(string name) => Path.Combine(Server.Root, name);

    private long Length(string name) => new FileInfo(There(name)).Length;
}
