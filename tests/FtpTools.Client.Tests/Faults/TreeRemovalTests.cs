using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>Deleting a remote tree over several connections.</summary>
public sealed class TreeRemovalTests : LoopbackTest
{
    private FtpClientOptions Several => Options with { MaxConnection = 4 };

    [Fact]
    public async Task A_tree_is_gone_and_each_path_is_told_once()
    {
        var paths = MakeTree(directories: 12, files: 60);
        using var session = await FtpSession.ConnectAsync(Several, Bound);
        var told = new ConcurrentBag<string>();
        await session.DeleteDirectoryAsync("/tree", true, told.Add, Bound);
        Assert.False(Directory.Exists(Path.Combine(Server.Root, "tree")));
        Assert.Equal(paths.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
        Assert.InRange(session.ConnectionCount, 2, 4);
        await ProveAsync(session);
    }

    [Fact]
    public async Task Few_files_are_deleted_over_the_one_connection_that_there_is()
    {
        MakeTree(directories: 0, files: 10);
        using var session = await FtpSession.ConnectAsync(Several, Bound);
        await session.DeleteDirectoryAsync("/tree", true, null, Bound);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Fact]
    public async Task A_file_that_cannot_be_deleted_is_the_error_and_its_directory_stays()
    {
        MakeTree(directories: 3, files: 50);
        Server.On("DELE", (c, path) => path == "/tree/d1/f25" ? c.ReplyAsync("550 Permission denied.") : c.HandleAsync("DELE", path));
        using var session = await FtpSession.ConnectAsync(Several, Bound);
        var error = await FailsAsync("FtpPermissionDenied", () => session.DeleteDirectoryAsync("/tree", true, null, Bound));
        Assert.Equal("/tree/d1/f25", error.Path);
        Assert.True(File.Exists(Path.Combine(Server.Root, "tree", "d1", "f25")));
        Server.Off("DELE");
        await session.DeleteDirectoryAsync("/tree", true, null, Bound);
        Assert.False(Directory.Exists(Path.Combine(Server.Root, "tree")));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_cancel_ends_all_of_it_and_the_session_can_be_used()
    {
        MakeTree(directories: 4, files: 60);
        using var session = await FtpSession.ConnectAsync(Several, Bound);
        using var stop = System.Threading.CancellationTokenSource.CreateLinkedTokenSource(Bound);
        var count = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.DeleteDirectoryAsync(
            "/tree", true, _ =>
            {
                if (System.Threading.Interlocked.Increment(ref count) == 40)
                    stop.Cancel();
            }, stop.Token));
        Assert.True(Directory.Exists(Path.Combine(Server.Root, "tree")));
        await ProveAsync(session);
    }

    private string[] MakeTree(int directories, int files)
    {
        var root = Path.Combine(Server.Root, "tree");
        foreach (var directory in Enumerable.Range(1, directories).Select(i => Path.Combine(root, $"d{i}")).Append(root))
        {
            Directory.CreateDirectory(directory);
            foreach (var file in Enumerable.Range(1, files))
                File.WriteAllText(Path.Combine(directory, $"f{file}"), "");
        }
        return [.. Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Append(root).Select(path => "/" + Path.GetRelativePath(Server.Root, path).Replace('\\', '/'))];
    }
}
