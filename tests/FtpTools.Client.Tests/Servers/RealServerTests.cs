using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace FtpTools.Tests.Servers;

/// <summary>The truth: what is sent comes back, from vsftpd, ProFTPD and Pure-FTPd, in every mode and type.</summary>
public sealed class RealServerTests(RealServers servers) : IClassFixture<RealServers>, IDisposable
{
    private static readonly string[] _names = ["vsftpd", "proftpd", "pureftpd"];
    private static readonly FtpTransferOptions _default = new();
    private static readonly FtpTransferOptions _resume = new() { Resume = true };
    private static readonly FtpTransferOptions _slow = new() { RateLimit = 50 << 20 };
    private readonly string _folder = Directory.CreateTempSubdirectory("ftptools-").FullName;
    private readonly CancellationTokenSource _bound = new(TimeSpan.FromMinutes(2));

    public static TheoryData<string> Names => [.. _names];

    public static TheoryData<string, FtpMode> NamesAndModes
    {
        get
        {
            var data = new TheoryData<string, FtpMode>();
            foreach (var name in _names)
            {
                foreach (var mode in new[] { FtpMode.Pasv, FtpMode.Epsv, FtpMode.Port, FtpMode.Eprt })
                    data.Add(name, mode);
            }

            return data;
        }
    }

    public void Dispose()
    {
        _bound.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [RealServerTheory]
    [MemberData(nameof(NamesAndModes))]
    public async Task Bytes_come_back_exactly_in_every_mode(string name, FtpMode mode)
    {
        var server = servers[name];
        using var session = await FtpSession.ConnectAsync(server.Options(mode), _bound.Token);
        var remote = $"/exact-{mode}";
        await session.CreateDirectoryAsync(remote, true, _bound.Token);
        foreach (var (file, size) in new[] { ("big.bin", 64 << 20), ("empty", 0), ("one", 1), ("a [x] ñ 日本 'q' #1.txt", 100_003) })
        {
            var local = Path.Combine(_folder, file);
            Fill(local, size);
            var up = await session.UploadAsync(local, $"{remote}/{file}", _default, null, _bound.Token);
            Assert.Equal((mode, FtpVerification.Size, (long)size), (up.Mode!.Value, up.Verification, up.Length));
            Assert.Equal(Hash(local), Hash(Path.Combine(server.Root, remote[1..], file)));

            var item = await session.GetItemAsync($"{remote}/{file}", _bound.Token);
            Assert.Equal((file, (long?)size, FtpItemType.File), (item.Name, item.Length, item.ItemType));
            var back = Path.Combine(_folder, "back");
            var down = await session.DownloadAsync(item, back, _default, null, _bound.Token);
            Assert.Equal((mode, FtpVerification.Size, (long)size), (down.Mode!.Value, down.Verification, down.Length));
            Assert.Equal(Hash(local), Hash(back));
            var age = File.GetLastWriteTimeUtc(back) - File.GetLastWriteTimeUtc(Path.Combine(server.Root, remote[1..], file));
            Assert.InRange(age.TotalSeconds, -1, 1);
        }

        var listed = await ListAsync(session, remote);
        Assert.Equal(["a [x] ñ 日本 'q' #1.txt", "big.bin", "empty", "one"], listed.Select(item => item.Name).Order(StringComparer.Ordinal));
        await session.DeleteDirectoryAsync(remote, true, null, _bound.Token);
        Assert.Null(await session.FindItemAsync(remote, _bound.Token));
    }

    [RealServerTheory]
    [MemberData(nameof(NamesAndModes))]
    public async Task Text_comes_back_exactly_in_the_ASCII_type(string name, FtpMode mode)
    {
        using var session = await FtpSession.ConnectAsync(servers[name].Options(mode) with { TransferType = FtpTransferType.Ascii }, _bound.Token);
        var local = Path.Combine(_folder, "text");
        var random = new Random(959);
        var text = new StringBuilder();
        while (text.Length < 3_000_000)
            text.Append('x', random.Next(100)).Append(" ñ 日本\n");
        await File.WriteAllTextAsync(local, text.ToString());

        var remote = $"/text-{mode}";
        var up = await session.UploadAsync(local, remote, _default, null, _bound.Token);
        Assert.Equal(FtpTransferType.Ascii, up.TransferType);
        Assert.Equal(Hash(local), Hash(Path.Combine(servers[name].Root, remote[1..]))); // the server's line end is LF too
        var back = Path.Combine(_folder, "back");
        await session.DownloadAsync(await session.GetItemAsync(remote, _bound.Token), back, _default, null, _bound.Token);
        Assert.Equal(Hash(local), Hash(back));
        await session.DeleteFileAsync(remote, _bound.Token);
    }

    [RealServerTheory]
    [MemberData(nameof(Names))]
    public async Task A_tree_of_300_files_comes_back_exactly(string name)
    {
        using var session = await FtpSession.ConnectAsync(servers[name].Options(), _bound.Token);
        var tree = Path.Combine(_folder, "tree");
        for (var i = 0; i < 300; i++)
        {
            var folder = Path.Combine(tree, $"d{i % 7}", $"é {i % 3}");
            Directory.CreateDirectory(folder);
            Fill(Path.Combine(folder, $"file {i}"), i * 37);
        }

        Directory.CreateDirectory(Path.Combine(tree, "empty folder"));
        File.WriteAllText(Path.Combine(tree, ".hidden"), "dot");

        var up = new ConcurrentBag<FtpTransferResult>();
        await TransferTreeAsync(session, _default, up.Add, batch => batch.AddUploadTree(tree, "/tree"));
        Assert.Equal(301, up.Count(result => result.Status == FtpTransferStatus.Succeeded));
        var down = new ConcurrentBag<FtpTransferResult>();
        var back = Path.Combine(_folder, "back");
        await TransferTreeAsync(session, _default, down.Add, batch => batch.AddDownloadTree("/tree", back));
        Assert.Equal(301, down.Count(result => result.Status == FtpTransferStatus.Succeeded));
        Assert.Equal(Tree(tree), Tree(back));
        await session.DeleteDirectoryAsync("/tree", true, null, _bound.Token);
        Assert.False(Directory.Exists(Path.Combine(servers[name].Root, "tree")));
    }

    [RealServerTheory]
    [MemberData(nameof(Names))]
    public async Task A_cancelled_transfer_ends_within_a_second_and_the_session_goes_on(string name)
    {
        var server = servers[name];
        using var session = await FtpSession.ConnectAsync(server.Options(connections: 1), _bound.Token);
        var local = Path.Combine(_folder, "big");
        Fill(local, 200 << 20);
        await session.UploadAsync(local, "/big", _default, null, _bound.Token);
        var item = await session.GetItemAsync("/big", _bound.Token);
        var back = Path.Combine(_folder, "back");
        await File.WriteAllTextAsync(back, "former");

        await CancelAsync(progress => stop => session.DownloadAsync(item, back, _slow, progress, stop));
        // What is left is one part, which -Resume goes on with.
        Assert.Equal("former", await File.ReadAllTextAsync(back));
        Assert.Equal([".ftptools-", "back", "big"], Directory.GetFiles(_folder).Select(path => Stem(Path.GetFileName(path))).Order(StringComparer.Ordinal));
        Assert.Equal("/big", (await session.GetItemAsync("/big", _bound.Token)).FullName);
        var down = await session.DownloadAsync(item, back, _resume, null, _bound.Token);
        Assert.True(down.Resumed);
        Assert.Equal(Hash(local), Hash(back));
        Assert.Equal(["back", "big"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());

        await CancelAsync(progress => stop => session.UploadAsync(local, "/again", _slow, progress, stop));
        Assert.Null(await session.FindItemAsync("/again", _bound.Token));
        Assert.Equal([".ftptools-", "big"], (await ListAsync(session, "/", hidden: true)).Select(entry => Stem(entry.Name)).Order(StringComparer.Ordinal));
        var up = await session.UploadAsync(local, "/again", _resume, null, _bound.Token);
        Assert.True(up.Resumed);
        Assert.Equal(Hash(local), Hash(Path.Combine(server.Root, "again")));
        Assert.Equal(["again", "big"], (await ListAsync(session, "/", hidden: true)).Select(entry => entry.Name).Order());
        await session.DeleteFileAsync("/again", _bound.Token);
        await session.DeleteFileAsync("/big", _bound.Token);
    }

    [RealServerTheory]
    [MemberData(nameof(Names))]
    public async Task Nothing_of_a_listing_that_was_given_up_comes_with_the_next_one(string name)
    {
        var server = servers[name];
        using var session = await FtpSession.ConnectAsync(server.Options(connections: 1), _bound.Token);
        var huge = Directory.CreateDirectory(Path.Combine(server.Root, "huge")).FullName;
        for (var i = 0; i < 20_000; i++)
            File.Create(Path.Combine(huge, $"a name that is long enough to fill buffers {i}")).Dispose();
        Directory.CreateDirectory(Path.Combine(server.Root, "small"));
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(server.Root, "first")).FullName, "file"), "");
        server.Own();
        // By the first listing the server's clock is measured, before anything of it is handed out.
        await ListAsync(session, "/first");
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.ListAsync("/huge", false, _ => stop.Cancel(), stop.Token));
        Assert.Empty(await ListAsync(session, "/small"));
        Assert.Equal(20_000, (await ListAsync(session, "/huge")).Count);
        await session.DeleteDirectoryAsync("/small", true, null, _bound.Token);
        await session.DeleteDirectoryAsync("/first", true, null, _bound.Token);
        Directory.Delete(huge, recursive: true);
    }

    [RealServerTheory]
    [MemberData(nameof(Names))]
    public async Task Several_threads_use_one_session(string name)
    {
        using var session = await FtpSession.ConnectAsync(servers[name].Options(connections: 3), _bound.Token);
        await session.CreateDirectoryAsync("/many", true, _bound.Token);
        await Parallel.ForAsync(0, 24, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = _bound.Token }, async (i, stop) =>
        {
            var local = Path.Combine(_folder, $"f{i}");
            Fill(local, 10_000 + i);
            await session.UploadAsync(local, $"/many/f{i}", _default, null, stop);
            var item = await session.GetItemAsync($"/many/f{i}", stop);
            await session.DownloadAsync(item, local + ".back", _default, null, stop);
            Assert.Equal(Hash(local), Hash(local + ".back"));
        });
        Assert.InRange(session.ConnectionCount, 2, 3);
        Assert.Equal(24, (await ListAsync(session, "/many")).Count);
        await session.DeleteDirectoryAsync("/many", true, null, _bound.Token);
    }

    [RealServerTheory]
    [MemberData(nameof(Names))]
    public async Task Refusals_have_their_ids_and_the_session_goes_on(string name)
    {
        var server = servers[name];
        using var session = await FtpSession.ConnectAsync(server.Options(connections: 1), _bound.Token);
        await ExpectAsync("FtpPathNotFound", () => session.GetItemAsync("/nope", _bound.Token));
        await ExpectAsync("FtpPathNotFound", () => session.ListAsync("/nope", false, _ => { }, _bound.Token));
        await ExpectAsync("FtpPathNotFound", () => session.DownloadAsync(Missing(), Path.Combine(_folder, "x"), _default, null, _bound.Token));
        await ExpectAsync("FtpInvalidName", () => session.DeleteFileAsync("/a\r\nDELE b", _bound.Token));
        await session.CreateDirectoryAsync("/once", false, _bound.Token);
        await ExpectAsync("FtpAlreadyExists", () => session.CreateDirectoryAsync("/once", false, _bound.Token));
        await ExpectAsync("FtpDataConnectionFailed", async () =>
        {
            session.Mode = FtpMode.Port;
            session.ActiveAddress = System.Net.IPAddress.Parse("203.0.113.7"); // an address that is not ours: no server dials it
            await session.ListAsync("/", false, _ => { }, _bound.Token);
        });
        session.Mode = FtpMode.Auto;
        await session.CreateDirectoryAsync("/once", true, _bound.Token);
        await session.DeleteDirectoryAsync("/once", false, null, _bound.Token);
        Assert.Empty(Directory.GetFiles(_folder));

        var wrong = await Assert.ThrowsAsync<FtpCommandException>(
            () => FtpSession.ConnectAsync(server.Options() with { Password = "not the password" }, _bound.Token));
        Assert.Equal("FtpLoginFailed", wrong.ErrorId);
        Assert.Equal(530, wrong.Reply.Code);
    }

    [RealServerTheory]
    [MemberData(nameof(Names))]
    public async Task Existing_targets_are_replaced_kept_or_added_to(string name)
    {
        using var session = await FtpSession.ConnectAsync(servers[name].Options(), _bound.Token);
        var local = Path.Combine(_folder, "f");
        await File.WriteAllTextAsync(local, "one");
        await session.UploadAsync(local, "/f", _default, null, _bound.Token);
        await File.WriteAllTextAsync(local, "two");
        await session.UploadAsync(local, "/f", _default, null, _bound.Token);
        await ExpectAsync("FtpAlreadyExists", () => session.UploadAsync(local, "/f", new FtpTransferOptions { NoClobber = true }, null, _bound.Token));
        await session.UploadAsync(local, "/f", new FtpTransferOptions { Append = true }, null, _bound.Token);
        await session.UploadAsync(local, "/new/deep/f", new FtpTransferOptions { CreateParents = true, Direct = true }, null, _bound.Token);

        var back = Path.Combine(_folder, "back");
        await session.DownloadAsync(await session.GetItemAsync("/f", _bound.Token), back, _default, null, _bound.Token);
        Assert.Equal("twotwo", await File.ReadAllTextAsync(back));
        var item = await session.GetItemAsync("/new/deep/f", _bound.Token);
        await ExpectAsync("FtpAlreadyExists", () => session.DownloadAsync(item, back, new FtpTransferOptions { NoClobber = true }, null, _bound.Token));
        await ExpectAsync("FtpLocalFileError", () => session.DownloadAsync(item, Path.Combine(_folder, "no", "f"), _default, null, _bound.Token));
        await session.DownloadAsync(item, Path.Combine(_folder, "no", "f"), new FtpTransferOptions { CreateParents = true }, null, _bound.Token);
        await session.DeleteFileAsync("/f", _bound.Token);
        await session.DeleteDirectoryAsync("/new", true, null, _bound.Token);
    }

    [RealServerTheory]
    [MemberData(nameof(Names))]
    public async Task A_link_to_a_directory_is_deleted_and_what_it_leads_to_stays(string name)
    {
        var server = servers[name];
        using var session = await FtpSession.ConnectAsync(server.Options(), _bound.Token);
        var kept = Directory.CreateDirectory(Path.Combine(server.Root, "kept")).FullName;
        await File.WriteAllTextAsync(Path.Combine(kept, "file"), "x");
        var links = Directory.CreateDirectory(Path.Combine(server.Root, "links")).FullName;
        File.CreateSymbolicLink(Path.Combine(server.Root, "link"), "kept");
        File.CreateSymbolicLink(Path.Combine(links, "inner"), "../kept");
        server.Own();

        await session.DeleteDirectoryAsync("/link", true, null, _bound.Token);
        await session.DeleteDirectoryAsync("/links", true, null, _bound.Token);
        Assert.True(File.Exists(Path.Combine(kept, "file")));
        Assert.Equal(["kept"], (await ListAsync(session, "/")).Select(item => item.Name));
        await session.DeleteDirectoryAsync("/kept", true, null, _bound.Token);
    }

    [RealServerTheory]
    [MemberData(nameof(Names))]
    public async Task A_directory_that_was_looked_at_and_deleted_does_not_take_the_connection_with_it(string name)
    {
        using var session = await FtpSession.ConnectAsync(servers[name].Options(connections: 1), _bound.Token);
        await session.CreateDirectoryAsync("/brief", false, _bound.Token);
        Assert.True(await session.IsDirectoryAsync("/brief", _bound.Token));
        Assert.Empty(await ListAsync(session, "/brief"));
        await session.DeleteDirectoryAsync("/brief", true, null, _bound.Token);
        Assert.False(await session.IsDirectoryAsync("/brief", _bound.Token));
        Assert.DoesNotContain(await ListAsync(session, "/"), item => item.Name == "brief");
        Assert.Equal(1, session.ConnectionCount);
    }

    [RealServerTheory]
    [MemberData(nameof(Names))]
    public async Task A_directory_that_was_replaced_is_not_listed_as_it_was(string name)
    {
        var server = servers[name];
        using var session = await FtpSession.ConnectAsync(server.Options(), _bound.Token);
        var directory = Directory.CreateDirectory(Path.Combine(server.Root, "replaced")).FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "old"), "x");
        server.Own();
        Assert.Equal(["old"], (await ListAsync(session, "/replaced")).Select(item => item.Name));

        Directory.Move(directory, directory + ".bak");
        await ExpectAsync("FtpPathNotFound", () => ListAsync(session, "/replaced"));
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(directory).FullName, "new"), "x");
        server.Own();
        Assert.Equal(["new"], (await ListAsync(session, "/replaced")).Select(item => item.Name));
        await session.DeleteDirectoryAsync("/replaced", true, null, _bound.Token);
        await session.DeleteDirectoryAsync("/replaced.bak", true, null, _bound.Token);
    }

    [RealServerTheory]
    [MemberData(nameof(Names))]
    public async Task A_directory_that_may_be_entered_but_not_read_is_not_an_empty_one(string name)
    {
        if (OperatingSystem.IsWindows())
            return;
        var server = servers[name];
        using var session = await FtpSession.ConnectAsync(server.Options(), _bound.Token);
        var directory = Directory.CreateDirectory(Path.Combine(server.Root, "unreadable")).FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "secret"), "x");
        server.Own();
        File.SetUnixFileMode(directory, UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var error = await Assert.ThrowsAnyAsync<FtpException>(() => ListAsync(session, "/unreadable"));
        Assert.Equal("/unreadable", error.Path);
        File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal(["secret"], (await ListAsync(session, "/unreadable")).Select(item => item.Name));
        await session.DeleteDirectoryAsync("/unreadable", true, null, _bound.Token);
    }

    private static string Stem(string name) => name.StartsWith(".ftptools-", StringComparison.Ordinal) ? ".ftptools-" : name;

    private static FtpItem Missing() => new() { Name = "nope", FullName = "/nope", ItemType = FtpItemType.File };

    private static async Task ExpectAsync(string id, Func<Task> work) =>
        Assert.Equal(id, (await Assert.ThrowsAnyAsync<FtpException>(work)).ErrorId);

    /// <summary>Cancels a transfer when a few MiB have moved and sees that it ends within a second.</summary>
    private static async Task CancelAsync(Func<IProgress<FtpProgress>, Func<CancellationToken, Task>> transfer)
    {
        using var stop = new CancellationTokenSource();
        var watch = new Stopwatch();
        var progress = new EarlyReport(() =>
        {
            watch.Start();
            stop.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transfer(progress)(stop.Token));
        Assert.InRange(watch.Elapsed, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1));
    }

    private Task TransferTreeAsync(FtpSession session, FtpTransferOptions options, Action<FtpTransferResult> onResult, Action<FtpTransferBatch> add)
    {
        var batch = session.BeginTransfers(options, null, onResult, null, _bound.Token);
        add(batch);
        return batch.CompleteAsync();
    }

    private async Task<List<FtpItem>> ListAsync(FtpSession session, string path, bool hidden = false)
    {
        var items = new List<FtpItem>();
        await session.ListAsync(path, hidden, items.Add, _bound.Token);
        return items;
    }

    private static void Fill(string path, int size)
    {
        using var file = File.Create(path);
        var random = new Random(size);
        var buffer = new byte[1 << 20];
        for (var left = size; left > 0; left -= Math.Min(left, buffer.Length))
        {
            random.NextBytes(buffer);
            file.Write(buffer, 0, Math.Min(left, buffer.Length));
        }
    }

    private static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(file));
    }

    private static string[] Tree(string root) =>
        [.. Directory.GetFileSystemEntries(root, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path) + (File.Exists(path) ? " " + Hash(path) : "/")).Order(StringComparer.Ordinal)];

    private sealed class EarlyReport(Action action) : IProgress<FtpProgress>
    {
        private int _told;

        public void Report(FtpProgress value)
        {
            // Less is not kept for -Resume.
            if (value.Transferred > 4 << 20 && Interlocked.Exchange(ref _told, 1) == 0)
                action();
        }
    }

    [RealServerTheory]
    [MemberData(nameof(Names))]
    public async Task A_directory_that_may_not_be_read_is_not_empty(string name)
    {
        // There are no such servers on Windows.
        if (OperatingSystem.IsWindows())
            return;
        var server = servers[name];
        using var session = await FtpSession.ConnectAsync(server.Options(FtpMode.Epsv), _bound.Token);
        await session.CreateDirectoryAsync("/secret/below", true, _bound.Token);
        var secret = Path.Combine(server.Root, "secret");
        var former = File.GetUnixFileMode(secret);
        File.SetUnixFileMode(secret, UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            await Assert.ThrowsAnyAsync<FtpException>(() => ListAsync(session, "/secret"));
        }
        finally
        {
            File.SetUnixFileMode(secret, former);
        }

        Assert.Equal("below", Assert.Single(await ListAsync(session, "/secret")).Name);
        await session.DeleteDirectoryAsync("/secret", true, null, _bound.Token);
    }
}
