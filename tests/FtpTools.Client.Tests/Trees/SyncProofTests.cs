using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Trees;

/// <summary>What is no proof that something is on one side alone, so that nothing may be deleted for it.</summary>
public sealed class SyncProofTests : SyncTest
{
    private void PutBothWithOneAlone(string alone)
    {
        foreach (var name in new[] { "a.txt", "b.txt", "sub/c.txt", "sub/d.txt", "other/e.txt" })
        {
            Put(Here, name, name);
            Put(There, name, name);
        }

        Put(alone, "gone.txt", "gone");
        Put(alone, "sub/gone.txt", "gone");
    }

    public static TheoryData<string, bool> Listings
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var way in new[] { "cut, 426", "cut, 226", "refused", "reset", "a line that is not read", "no end of TLS" })
            {
                data.Add(way, true);
                data.Add(way, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Listings))]
    public async Task A_listing_that_was_not_whole_deletes_nothing(string way, bool isUpload)
    {
        PutBothWithOneAlone(isUpload ? There : Here);
        var options = Options with { Tls = FtpTlsMode.None };
        bool IsSpoilt(string verb, string path) => path == "/there/sub" && verb is "MLSD" or "LIST";
        switch (way)
        {
            case "refused":
                Server.On("MLSD", (c, path) => IsSpoilt("MLSD", path) ? c.ReplyAsync("550 Permission denied.") : c.HandleAsync("MLSD", path));
                Server.On("LIST", (c, _) => c.ReplyAsync("550 Permission denied."));
                break;
            case "a line that is not read":
                Server.OddLine = "what is this";
                break;
            case "no end of TLS":
                Server.Certificate = TestCertificate.Create();
                options = options with { Tls = FtpTlsMode.Explicit, SkipCertificateCheck = true };
                Server.TlsFaults.OmitCloseNotify = true;
                break;
            default:
                Server.DataFaults.AppliesTo = IsSpoilt;
                Server.DataFaults.CutAfter = 30;
                Server.DataFaults.Cut = way == "reset" ? DataCut.Reset : DataCut.Finish;
                Server.DataFaults.ClosingReply = way == "cut, 226" ? "226 Transfer complete." : "426 Connection closed.";
                break;
        }

        using var session = await FtpSession.ConnectAsync(options, Bound);
        var before = (Tree(Here), Tree(There));
        var sync = isUpload ? Mirror : MirrorDown;
        var plan = await CompareAsync(session, sync);
        Assert.DoesNotContain(plan, action => action.IsRemoval);
        Assert.NotEmpty(Errors);
        await DoAsync(session, plan, sync);
        Assert.Equal(isUpload ? before.Item1 : before.Item2, isUpload ? Tree(Here) : Tree(There));
        Assert.Superset(before.Item2.ToHashSet(), Tree(There).ToHashSet());
        Assert.Superset(before.Item1.ToHashSet(), Tree(Here).ToHashSet());
        if (way != "no end of TLS")
            await ProveAsync(session);
    }

    [Fact]
    public async Task What_LIST_does_not_show_is_asked_about_before_its_like_here_is_deleted()
    {
        WithoutFacts();
        foreach (var name in new[] { ".htaccess", ".dir/x.txt", "\u00E4.txt", "a.txt" })
        {
            Put(Here, name, name);
            Put(There, name, name);
        }

        Put(Here, ".gone", "gone");
        // No option of LIST, so that names with a dot are not shown, and busybox's spelling of letters that it does not know.
        Server.On("LIST", async (c, _) =>
        {
            await c.ReplyAsync("150 Here it comes.");
            using (var data = await c.OpenDataAsync())
                await data.SendAsync(Encoding.ASCII.GetBytes("-rw-r--r--    1 1000     1000            5 Mar 01 12:00 a.txt\r\n"));
            await c.ReplyAsync("226 Done.");
        });
        using var session = await ConnectAsync();
        await SyncAsync(session, MirrorDown);
        Assert.Equal([".dir/", ".dir/x.txt=.dir/x.txt", ".htaccess=.htaccess", "a.txt=a.txt", "\u00E4.txt=\u00E4.txt"], Tree(Here));
        // Two files with a dot, a directory, and the one with the other letter.
        Assert.Equal(["FtpPlanOutdated", "FtpPlanOutdated", "FtpPlanOutdated", "FtpPlanOutdated"], Results.Where(result => result.Status == FtpTransferStatus.Failed).Select(result => result.ErrorId));
        Server.Off("LIST");
        await ProveAsync(session);
    }

    [Fact]
    public async Task What_may_be_the_same_file_under_another_letter_case_is_not_deleted()
    {
        // A server that knows no letter case, and of which nothing but its listing tells that there is a file.
        WithoutFacts();
        Server.On("SIZE", (c, _) => c.ReplyAsync("502 Not here."));
        Server.On("MDTM", (c, _) => c.ReplyAsync("502 Not here."));
        foreach (var verb in new[] { "STOR", "RNTO", "RNFR", "DELE", "CWD" })
            Server.On(verb, (c, path) => c.HandleAsync(verb, path.Replace("A.TXT", "a.txt", StringComparison.Ordinal)));
        Put(Here, "A.TXT", "the only one");
        Put(Here, "b.txt", "b");
        Put(There, "a.txt", "the only one");
        Put(There, "b.txt", "b");
        Put(There, "c.txt", "c");
        using var session = await ConnectAsync();
        var plan = await CompareAsync(session, Mirror);
        Assert.Contains("RemoveFile a.txt", Steps(plan));
        await DoAsync(session, plan, Mirror);
        Assert.Equal(["a.txt=the only one", "b.txt=b"], Tree(There));
        Assert.Single(Results, result => result.ErrorId == "FtpPlanOutdated");
        await ProveAsync(session);
    }

    [Fact]
    public async Task On_a_server_that_knows_letter_case_a_file_of_the_other_one_is_deleted()
    {
        Put(Here, "A.TXT", "same");
        Put(Here, "DIR/x.txt", "x");
        Put(There, "a.txt", "same");
        Put(There, "dir/x.txt", "x");
        using var session = await ConnectAsync();
        await SyncAsync(session, Mirror);
        Assert.All(Results, result => Assert.Null(result.Error));
        await ProveAlikeAsync(session, Mirror);
    }

    [Fact]
    public async Task What_is_left_out_is_no_part_of_what_half_may_be_deleted_of()
    {
        for (var i = 0; i < 20; i++)
            Put(There, $"{i}.log", "log");
        Put(There, "a.txt", "a");
        Put(There, "b.txt", "b");
        Put(There, "c.txt", "c");
        Put(Here, "a.txt", "a");
        using var session = await ConnectAsync();
        foreach (var filter in new[] { new FtpItemFilter { Exclude = [Ends(".log")] }, new FtpItemFilter { Filter = Ends(".txt") } })
        {
            var sync = new FtpSyncOptions { Mirror = true, Filter = filter };
            var plan = await CompareAsync(session, sync);
            Assert.Equal(["RemoveFile b.txt", "RemoveFile c.txt"], Steps(plan));
            Assert.All(plan, action => Assert.Equal(3, action.TargetCount));
            await FailsAsync("FtpTooManyDeletes", () => DoAsync(session, plan, sync));
        }

        // A source of which the filter takes nothing is as good as empty.
        Put(Here, "a.csv", "a");
        Put(There, "a.csv", "a");
        Put(There, "b.csv", "b");
        File.Delete(Path.Combine(Here, "a.txt"));
        Assert.Empty(await CompareAsync(session, new FtpSyncOptions { Mirror = true, Filter = new FtpItemFilter { Filter = Ends(".txt") } }));
        Assert.Equal(["FtpTooManyDeletes"], ErrorIds);
        await ProveAsync(session);
    }

    [Fact]
    public async Task Of_directories_that_are_missing_on_the_target_no_file_is_made_with_OnlyExisting()
    {
        Put(Here, "new/deep/a.txt", "a");
        Put(Here, "both/new.txt", "new");
        Put(Here, "both/b.txt", "longer");
        Put(There, "both/b.txt", "b");
        Put(There, "old/c.txt", "c");
        using var session = await ConnectAsync();
        await SyncAsync(session, Mirror with { OnlyExisting = true });
        Assert.Empty(Errors);
        Assert.Equal(["both/", "both/b.txt=longer"], Tree(There));
    }

    [Fact]
    public async Task Links_that_are_not_brought_are_an_error_and_those_on_the_target_alone_are_not()
    {
        // Links need a right there that tests do not have.
        if (OperatingSystem.IsWindows())
            return;
        Put(Here, "a.txt", "a");
        Put(There, "a.txt", "a");
        Put(There, "gone.txt", "gone");
        File.CreateSymbolicLink(Path.Combine(Here, "link.txt"), "a.txt");
        Directory.CreateSymbolicLink(Path.Combine(Here, "loop"), "..");
        File.CreateSymbolicLink(Path.Combine(Here, "broken"), "nowhere");
        WithoutFacts();
        File.CreateSymbolicLink(Path.Combine(There, "alone"), "a.txt");
        using var session = await ConnectAsync();
        var said = new ConcurrentQueue<string>();
        using (FtpTrace.To(entry => said.Enqueue(entry.Message)))
            await SyncAsync(session, Mirror);
        Assert.Equal(["FtpCommandRefused", "FtpCommandRefused", "FtpCommandRefused"], ErrorIds);
        Assert.Contains("'/there/alone' is a link and was left unchanged.", said);
        Assert.Equal(["a.txt=a", "alone=a"], Tree(There));
        var filter = new FtpItemFilter { Exclude = [Is("link.txt"), Is("loop"), Is("broken")] };
        Assert.Empty(await CompareAsync(session, Mirror with { Filter = filter }));
        Assert.Empty(Errors);
    }

    [Fact]
    public async Task A_remote_top_that_is_a_link_is_a_directory_as_long_as_it_leads_to_one()
    {
        // Links need a right there that tests do not have.
        if (OperatingSystem.IsWindows())
            return;
        Put(Server.Root, "real/a.txt", "a");
        Put(Server.Root, "real/sub/b.txt", "b");
        Directory.Delete(There);
        Directory.CreateSymbolicLink(There, "real");
        Directory.Delete(Here);
        WithoutFacts();
        using var session = await ConnectAsync();
        var plan = await CompareAsync(session, MirrorDown);
        Assert.Equal(["Download a.txt", "Download sub/b.txt", "MakeDirectory ", "MakeDirectory sub"], Steps(plan));
        await DoAsync(session, plan, MirrorDown);
        Assert.All(Results, result => Assert.Equal(FtpTransferStatus.Succeeded, result.Status));
        await ProveAlikeAsync(session, MirrorDown);

        // Nothing is made for one that has become a file meanwhile, nor where the target was made something else.
        Directory.Delete(Here, recursive: true);
        plan = await CompareAsync(session, MirrorDown);
        Directory.Delete(There);
        File.WriteAllText(There, "a file");
        await DoAsync(session, plan, MirrorDown);
        Assert.Contains(Results, result => result.Step == FtpSyncKind.MakeDirectory && result.Failure?.Kind == FtpErrorKind.PlanOutdated);
        Assert.False(Directory.Exists(Here));
        File.Delete(There);
        Directory.CreateSymbolicLink(There, "real");
        File.WriteAllText(Here, "a file");
        await DoAsync(session, plan, MirrorDown);
        Assert.Contains(Results, result => result.Step == FtpSyncKind.MakeDirectory && result.Failure?.Kind == FtpErrorKind.PlanOutdated);
        Assert.Equal("a file", File.ReadAllText(Here));
    }

    [Fact]
    public async Task Two_files_of_a_plan_are_never_written_under_one_local_name()
    {
        Put(There, "a.txt", "a");
        Put(There, "b.txt", "b");
        using var session = await ConnectAsync();
        var plan = await CompareAsync(session, MirrorDown);
        // As of a computer that tells names apart which are one here.
        await DoAsync(session, plan.Select(action => action with { LocalPath = Path.Combine(Here, "one.txt") }), MirrorDown);
        var failed = Assert.Single(Results, result => result.Status == FtpTransferStatus.Failed);
        Assert.Equal(FtpErrorKind.InvalidName, failed.Failure!.Kind);
        var done = Assert.Single(Results, result => result.Status == FtpTransferStatus.Succeeded);
        Assert.NotEqual(failed.Source, done.Source);
        Assert.Equal([$"one.txt={Path.GetFileNameWithoutExtension(done.Source)}"], Tree(Here));
        // The next one is another call.
        await DoAsync(session, await CompareAsync(session, MirrorDown), MirrorDown);
        Assert.All(Results, result => Assert.Equal(FtpTransferStatus.Succeeded, result.Status));
    }

    [Fact]
    public async Task Names_that_the_other_side_cannot_have_are_errors_of_their_own()
    {
        // Such names cannot be there.
        if (OperatingSystem.IsWindows())
            return;
        Put(Here, "a.txt", "a");
        Put(Here, "two\nlines", "x");
        Put(Here, "two\nlines.dir/x", "x");
        Put(There, "gone.txt", "gone");
        MakeNoText(Path.Combine(Here, "not-text-"));
        using var session = await ConnectAsync();
        await SyncAsync(session, Mirror);
        // What could not be brought may be what is deleted, under another name.
        Assert.Equal(["FtpInvalidName", "FtpInvalidName", "FtpInvalidName", "FtpTooManyDeletes"], ErrorIds.Order());
        Assert.Equal(["a.txt=a", "gone.txt=gone"], Tree(There));

        // The other way round they are on the target alone: they stay, and all else is done.
        foreach (var file in Directory.GetFiles(Here).Where(file => file.Contains("not-text", StringComparison.Ordinal)))
            File.Delete(file);
        RemoveNoText(Path.Combine(Here, "not-text-"));
        Put(Here, "old.txt", "old");
        await SyncAsync(session, MirrorDown);
        Assert.Equal(["FtpInvalidName", "FtpInvalidName"], ErrorIds);
        Assert.Equal(["a.txt=a", "gone.txt=gone", "two\nlines.dir/", "two\nlines.dir/x=x", "two\nlines=x"], Tree(Here));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_file_whose_hash_is_refused_is_an_error_and_its_neighbours_are_compared()
    {
        Server.Features.Add("HASH SHA-256*");
        Server.On("HASH", (c, path) => path.EndsWith("closed.txt", StringComparison.Ordinal) ? c.ReplyAsync("550 Permission denied.")
            : c.ReplyAsync($"213 SHA-256 0-1 {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Server.Root + path)))} {path}"));
        foreach (var name in new[] { "closed.txt", "open.txt", "same.txt" })
        {
            Put(Here, name, name);
            Put(There, name, name == "open.txt" ? "open.TXT" : name);
        }

        using var session = await ConnectAsync();
        Assert.Equal(["Upload open.txt"], Steps(await CompareAsync(session, Mirror with { By = FtpSyncBy.Hash })));
        Assert.Equal(["FtpPermissionDenied"], ErrorIds);
        await ProveAsync(session);
    }

    private static FtpNamePattern Is(string name) => new(name, pattern => text => text == pattern);

    private static FtpNamePattern Ends(string end) => new(end, pattern => text => text.EndsWith(pattern, StringComparison.Ordinal));

    // A name that no string of .NET can say; a shell can.
    private static void MakeNoText(string prefix) => Shell($"printf x > \"$(printf '{prefix}\\377')\"");

    private static void RemoveNoText(string prefix) => Shell($"rm \"$(printf '{prefix}\\377')\"");

    private static void Shell(string line)
    {
        using var process = System.Diagnostics.Process.Start("sh", ["-c", line]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
