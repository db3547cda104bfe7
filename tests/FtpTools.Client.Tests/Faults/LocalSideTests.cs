using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>What is no file on this side, leads elsewhere, or changes while it is sent.</summary>
public sealed class LocalSideTests : LoopbackTest
{
    [Fact]
    public async Task A_pipe_is_not_sent_and_nobody_waits_for_its_writer()
    {
        if (!TryMakePipe("pipe"))
            return;
        using var session = await ConnectAsync();
        var error = await FailsAsync("FtpLocalFileError", () => session.UploadAsync(Local("pipe"), "/up", Default, null, Bound));
        Assert.Contains("pipe", error.Message);
        await FailsAsync("FtpLocalFileError", () => session.UploadAsync("/dev/zero", "/up", Default, null, Bound));
        File.CreateSymbolicLink(Local("link"), Local("pipe"));
        await FailsAsync("FtpLocalFileError", () => session.UploadAsync(Local("link"), "/up", Default, null, Bound));
        Assert.Equal(0, Count("STOR"));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_tree_is_sent_without_what_is_no_file()
    {
        Directory.CreateDirectory(Local("tree"));
        if (!TryMakePipe("tree/pipe"))
            return;
        File.WriteAllText(Local("tree/a.txt"), "a");
        File.WriteAllText(Local("tree/z.txt"), "z");
        File.CreateSymbolicLink(Local("tree/dangling"), Local("nowhere"));
        using var session = await ConnectAsync();
        var results = new ConcurrentQueue<FtpTransferResult>();
        await TransferTreeAsync(session, Default, results.Enqueue, batch => batch.AddUploadTree(Local("tree"), "/tree"));
        Assert.Equal(["a.txt", "z.txt"], results.Where(result => result.Status == FtpTransferStatus.Succeeded).Select(result => Path.GetFileName(result.Source)).Order());
        Assert.Equal(["dangling", "pipe"], results.Where(result => result.Failure?.ErrorId == "FtpLocalFileError").Select(result => Path.GetFileName(result.Source)).Order());
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pipe_is_no_target(bool direct)
    {
        if (!TryMakePipe("pipe"))
            return;
        Serve("file", 10);
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/file", Bound);
        var error = await FailsAsync("FtpLocalFileError", () => session.DownloadAsync(item, Local("pipe"), Default with { Direct = direct }, null, Bound));
        Assert.Contains("is a pipe", error.Message);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_tree_does_not_come_through_links_below_the_destination()
    {
        if (Path.DirectorySeparatorChar == '\\')
            return; // where not everybody may make links
        Directory.CreateDirectory(Local("outside"));
        Directory.CreateDirectory(Local("target"));
        Directory.CreateDirectory(Path.Combine(Server.Root, "top", "out"));
        File.WriteAllText(Path.Combine(Server.Root, "top", "out", "x.txt"), "evil");
        File.WriteAllText(Path.Combine(Server.Root, "top", "good.txt"), "good");
        Directory.CreateSymbolicLink(Local("target/out"), Local("outside"));
        File.CreateSymbolicLink(Local("named"), Local("target"));
        using var session = await ConnectAsync();
        var results = new ConcurrentQueue<FtpTransferResult>();
        // The destination itself may be a link: the user has named it.
        await TransferTreeAsync(session, Default, results.Enqueue, batch => batch.AddDownloadTree("/top", Local("named")));
        Assert.Empty(Directory.GetFileSystemEntries(Local("outside")));
        Assert.Equal("good", File.ReadAllText(Local("target/good.txt")));
        var failure = Assert.Single(results, result => result.Status == FtpTransferStatus.Failed);
        Assert.Equal(("FtpLocalFileError", "/top/out"), (failure.Failure!.ErrorId, failure.Source));
        await TransferTreeAsync(session, Default, results.Enqueue, batch => batch.AddDownloadTree("/top", Local("named"), mayBeLink: false));
        Assert.Equal("/top", results.Last().Source);
        Assert.Equal(FtpTransferStatus.Failed, results.Last().Status);
        await TransferTreeAsync(session, Default with { FollowSymlink = true }, results.Enqueue, batch => batch.AddDownloadTree("/top", Local("named")));
        Assert.Equal("evil", File.ReadAllText(Local("outside/x.txt")));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task What_a_link_leads_to_is_not_overwritten(bool direct, bool dangling)
    {
        if (Path.DirectorySeparatorChar == '\\')
            return; // where not everybody may make links
        if (!dangling)
            File.WriteAllText(Local("outside"), "keep");
        File.CreateSymbolicLink(Local("link"), Local("outside"));
        Serve("file", 10);
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/file", Bound);
        if (direct)
            await FailsAsync("FtpLocalFileError", () => session.DownloadAsync(item, Local("link"), Default with { Direct = true }, null, Bound));
        else
            await session.DownloadAsync(item, Local("link"), Default, null, Bound);
        Assert.Equal(dangling ? null : "keep", File.Exists(Local("outside")) ? File.ReadAllText(Local("outside")) : null);
        Assert.Equal(direct, new FileInfo(Local("link")).LinkTarget is not null);
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_target_that_is_read_only_is_left_as_it_is_unless_it_is_to_be_replaced(bool direct)
    {
        Serve("file", 3_000_000);
        File.WriteAllText(Local("target"), "former");
        File.SetAttributes(Local("target"), FileAttributes.ReadOnly);
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/file", Bound);
        var error = await FailsAsync("FtpLocalFileError", () => session.DownloadAsync(item, Local("target"), new FtpTransferOptions { Direct = direct }, null, Bound));
        Assert.Contains("read-only", error.Message);
        Assert.Equal(("former", 0), (File.ReadAllText(Local("target")), Count("RETR")));
        Assert.Equal(["target"], Directory.GetFiles(Folder).Select(Path.GetFileName));

        await session.DownloadAsync(item, Local("target"), Default with { ReplaceReadOnly = true, Direct = direct }, null, Bound);
        Assert.Equal(3_000_000, new FileInfo(Local("target")).Length);
        Assert.False(new FileInfo(Local("target")).IsReadOnly);
        Assert.Equal(["target"], Directory.GetFiles(Folder).Select(Path.GetFileName));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("grown")]
    [InlineData("written")]
    [InlineData("replaced")]
    public async Task A_file_that_changes_while_it_is_sent_is_no_success(string how)
    {
        Serve("up", 10);
        var former = File.ReadAllBytes(Path.Combine(Server.Root, "up"));
        var source = Local("source");
        File.WriteAllBytes(source, new byte[4 << 20]);
        File.SetLastWriteTimeUtc(source, new DateTime(2024, 1, 31, 0, 0, 0, DateTimeKind.Utc));
        using var session = await ConnectAsync();
        var once = new Once(() =>
        {
            if (how == "replaced")
            {
                File.WriteAllBytes(source + "2", new byte[4 << 20]);
                File.Move(source + "2", source, overwrite: true);
                return;
            }

            using var file = new FileStream(source, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            if (how == "cut")
                file.SetLength(1000);
            else if (how == "grown")
                file.Seek(0, SeekOrigin.End);
            if (how != "cut")
                file.WriteByte(1);
        });
        var error = await FailsAsync("FtpVerificationFailed", () => session.UploadAsync(source, "/up", Default with { RetryCount = 3 }, once, Bound));
        Assert.Contains("changed while it was being sent", error.Message);
        Assert.Equal(former, File.ReadAllBytes(Path.Combine(Server.Root, "up")));
        Assert.Equal(["up"], Directory.GetFiles(Server.Root).Select(Path.GetFileName));
        await ProveAsync(session);
    }

    /// <summary>What has been added cannot be taken back, and what came since is added the next time.</summary>
    [Fact]
    public async Task A_log_may_grow_while_its_end_is_added()
    {
        File.WriteAllText(Local("log"), new string('x', 1000));
        using var session = await ConnectAsync();
        var result = await session.UploadAsync(Local("log"), "/log", Default with { Append = true }, new Once(() => File.AppendAllText(Local("log"), "more")), Bound);
        Assert.Equal(FtpTransferStatus.Succeeded, result.Status);
        await ProveAsync(session);
    }

    private bool TryMakePipe(string name)
    {
        if (Path.DirectorySeparatorChar == '\\')
            return false;
        using var made = Process.Start("mkfifo", Local(name));
        made.WaitForExit();
        return made.ExitCode == 0;
    }

    private sealed class Once(Action act) : IProgress<FtpProgress>
    {
        private bool _isDone;

        public void Report(FtpProgress value)
        {
            if (_isDone)
                return;
            _isDone = true;
            act();
        }
    }
}
