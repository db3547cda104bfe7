using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.Tests.Servers;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>No file of a call replaces another one, and a name that cannot be is said before a byte moves.</summary>
public sealed class LocalNameTests : LoopbackTest
{
    [NtfsFact]
    public async Task A_directory_that_knows_no_case_takes_the_first_of_two_names()
    {
        Serve("UP.txt", 10);
        Serve("up.txt", 20);
        Directory.CreateDirectory(Path.Combine(Server.Root, "tree"));
        Serve("tree/UP.txt", 10);
        Serve("tree/up.txt", 20);
        using var disk = new NtfsDisk(Local("disk"));
        using var session = await ConnectAsync();
        var items = (await ListAsync(session)).Where(item => !item.IsDirectory).ToArray();
        var results = new ConcurrentQueue<FtpTransferResult>();
        await TransferTreeAsync(session, Default, results.Enqueue, batch =>
        {
            foreach (var item in items)
                batch.AddDownload(item, Path.Combine(disk.Path, item.Name));
            batch.AddDownloadTree("/tree", Path.Combine(disk.Path, "tree"));
        });
        Assert.Equal(2, results.Count(result => result.Status == FtpTransferStatus.Succeeded));
        Assert.Equal(["FtpInvalidName", "FtpInvalidName"], results.Where(result => result.Error is not null).Select(result => result.Failure!.ErrorId));
        Assert.Single(Directory.GetFiles(disk.Path));
        Assert.Single(Directory.GetFiles(Path.Combine(disk.Path, "tree")));
        Assert.Equal(items[0].Length, new FileInfo(Path.Combine(disk.Path, "up.txt")).Length);
    }

    [NtfsFact]
    public async Task A_name_that_the_file_system_cannot_hold_is_said_before_a_byte_moves()
    {
        string[] names = ["a:b.txt", "what?.txt", "dot.", "space "];
        foreach (var name in names)
            Serve(name, 1000);
        using var disk = new NtfsDisk(Local("disk"));
        using var session = await ConnectAsync();
        foreach (var item in await ListAsync(session))
        {
            var error = await FailsAsync("FtpInvalidName", () => session.DownloadAsync(item, Path.Combine(disk.Path, item.Name), Default, null, Bound));
            Assert.Equal(item.FullName, error.Path);
        }

        Assert.Equal(0, Count("RETR"));
        Assert.Empty(Directory.GetFileSystemEntries(disk.Path));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_name_that_is_too_long_here_is_said_before_a_byte_moves()
    {
        Serve("file", 1000);
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/file", Bound);
        await FailsAsync("FtpInvalidName", () => session.DownloadAsync(item, Local(new string('x', 256)), Default, null, Bound));
        Assert.Equal(0, Count("RETR"));
        var odd = OperatingSystem.IsWindows() ? "odd.txt" : "a:b?.";
        await session.DownloadAsync(item, Local(odd), Default, null, Bound);
        Assert.Equal([odd], Directory.GetFileSystemEntries(Folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Two_files_of_one_name_are_not_received_or_sent_over_each_other()
    {
        foreach (var directory in new[] { "a", "b" })
        {
            Directory.CreateDirectory(Path.Combine(Server.Root, directory));
            Serve(directory + "/file", directory == "a" ? 10 : 20);
            Directory.CreateDirectory(Local(directory));
            File.WriteAllText(Local(directory + "/sent"), directory);
        }

        using var session = await ConnectAsync();
        var results = new ConcurrentQueue<FtpTransferResult>();
        var (first, second) = (await session.GetItemAsync("/a/file", Bound), await session.GetItemAsync("/b/file", Bound));
        await TransferTreeAsync(session, Default, results.Enqueue, batch =>
        {
            batch.AddDownload(first, Local("file"));
            batch.AddDownload(second, Local("file"));
            batch.AddUpload(Local("a/sent"), "/sent");
            batch.AddUpload(Local("b/sent"), "/sent");
        });
        Assert.Equal(
            ["/b/file", Local("b/sent")],
            results.Where(result => result.Failure?.Kind == FtpErrorKind.InvalidName).OrderByDescending(result => result.Direction).Select(result => result.Source));
        Assert.Equal(10, new FileInfo(Local("file")).Length);
        Assert.Equal("a", File.ReadAllText(Path.Combine(Server.Root, "sent")));
        await ProveAsync(session);
    }

    [Fact]
    public async Task Names_are_mapped_in_trees_too_and_checked_as_any_other()
    {
        foreach (var name in new[] { "tree/one", "tree/sub/two", "tree/sub/out" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Server.Root, name))!);
            Serve(name, 10);
        }

        using var session = await ConnectAsync();
        var results = new ConcurrentQueue<FtpTransferResult>();
        var batch = session.BeginTransfers(Default, null, results.Enqueue, null, Bound);
        batch.NameMap = async item =>
        {
            await Task.Yield();
            return item switch
            {
                FtpItem { Name: "two" } => null,
                FtpItem { Name: "out" } => "../out",
                FtpItem one => one.Session == session ? "x-" + one.Name : null,
                FileSystemInfo { Name: "two" } => "a/b",
                FileSystemInfo file => "y-" + file.Name,
                _ => throw new InvalidOperationException(),
            };
        };
        batch.AddDownloadTree("/tree", Local("tree"));
        await batch.CompleteAsync();
        Assert.Equal(["tree/x-one", "tree/x-sub/two"], Under(Folder));
        var refused = Assert.Single(results, result => result.Error is not null);
        Assert.Equal(("FtpInvalidName", "/tree/sub/out"), (refused.Failure!.ErrorId, refused.Failure.Path));

        var up = session.BeginTransfers(Default, null, results.Enqueue, null, Bound);
        up.NameMap = batch.NameMap;
        up.AddUploadTree(Local("tree"), "/up");
        await up.CompleteAsync();
        Assert.Equal(["up/y-x-one"], Under(Server.Root).Where(path => path.StartsWith("up/", StringComparison.Ordinal)));
        Assert.Equal(2, results.Count(result => result.Failure?.ErrorId == "FtpInvalidName"));
        await ProveAsync(session);
    }

    private static string[] Under(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];
}
