using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>Listings: hostile, broken, unreadable, endless.</summary>
public sealed class ListingFaultTests : LoopbackTest
{
    [Fact]
    public async Task A_listing_of_garbage_is_an_error_with_a_sample()
    {
        using var session = await ConnectAsync();
        Send("MLSD", "no facts here\r\n\x01\x02\xff\r\n");
        var error = await FailsAsync("FtpListingUnparsed", () => ListAsync(session));
        Assert.Contains("no facts here", error.Message);
        Server.Off("MLSD");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_listing_with_some_garbage_gives_the_rest_and_an_error_with_the_lines()
    {
        using var session = await ConnectAsync();
        Send("MLSD", "type=file;size=1; good\r\n\x1B[31mgarbage\xFF\r\n" + string.Concat(Enumerable.Range(1, 20).Select(i => $"line {i}\r\n")) + "type=file;size=1; better\r\n");
        var items = new ConcurrentQueue<FtpItem>();
        var error = await FailsAsync("FtpListingUnparsed", () => session.ListAsync("/", true, items.Enqueue, Bound));
        Assert.Equal(["good", "better"], items.Select(item => item.Name));
        Assert.Contains("21 of 23 lines", error.Message);
        Assert.Contains("'\\x1B[31mgarbage\\xFF', 'line 1', 'line 2', 'line 3', 'line 4' and 16 more", error.Message);
        Assert.Equal("/", error.Path);
        Server.Off("MLSD");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_tree_with_a_line_that_cannot_be_read_is_received_but_for_that_and_fails()
    {
        using var session = await ConnectAsync();
        Directory.CreateDirectory(Path.Combine(Server.Root, "sub"));
        Serve("good", 3);
        Serve("sub/better", 3);
        Server.OddLine = "what is this";
        var results = new ConcurrentQueue<FtpTransferResult>();
        await TransferTreeAsync(session, Default, results.Enqueue, batch => batch.AddDownloadTree("/", Local("in")));
        Assert.Equal(["better", "good"], Directory.GetFiles(Local("in"), "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order());
        var failures = results.Where(result => result.Status == FtpTransferStatus.Failed).OrderBy(result => result.Source).ToArray();
        Assert.Equal(["/", "/sub"], failures.Select(failure => failure.Source));
        Assert.All(failures, failure => Assert.Equal("FtpListingUnparsed", failure.Failure!.ErrorId));
        Server.OddLine = null;
        await ProveAsync(session);
    }

    [Fact]
    public async Task What_a_line_that_cannot_be_read_may_stand_for_keeps_its_directory()
    {
        using var session = await ConnectAsync();
        Directory.CreateDirectory(Path.Combine(Server.Root, "sub"));
        Serve("sub/known", 3);
        Serve("sub/unknown", 3);
        Send("MLSD", "type=file;size=3; known\r\nunknown?\r\n");
        var error = await FailsAsync("FtpListingUnparsed", () => session.DeleteDirectoryAsync("/sub", true, null, Bound));
        Assert.Contains("'unknown?'", error.Message);
        Assert.Contains("isn't empty", error.Message);
        Assert.Equal(["unknown"], Directory.GetFiles(Path.Combine(Server.Root, "sub")).Select(Path.GetFileName));
        // Where the line stood for nothing, nothing is left of it.
        File.Delete(Path.Combine(Server.Root, "sub", "unknown"));
        Send("MLSD", "unknown?\r\n");
        await session.DeleteDirectoryAsync("/sub", true, null, Bound);
        Server.Off("MLSD");
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("refused")]
    [InlineData("not found")]
    [InlineData("empty")]
    [InlineData("others")]
    [InlineData("no directory")]
    public async Task An_exact_name_needs_no_listing(string listing)
    {
        foreach (var feature in Server.Features.Where(line => !line.StartsWith("EPSV", StringComparison.Ordinal)).ToArray())
            Server.Features.Remove(feature);
        Server.On("SIZE", (connection, _) => connection.ReplyAsync("502 No"));
        Server.On("CWD", (connection, argument) => argument == "/exact" ? connection.ReplyAsync("501 No") : connection.HandleAsync("CWD", argument));
        if (listing == "no directory")
            Server.On("CWD", (connection, _) => connection.ReplyAsync("550 Not found"));
        else if (listing is "refused" or "not found")
            Server.On("LIST", (connection, _) => connection.ReplyAsync(listing == "refused" ? "550 Permission denied" : "550 Not found"));
        else
            Send("LIST", listing switch { "garbage" => "what is this\r\n", "empty" => "", _ => "-rw-r--r-- 1 u g 5 Jan 31 2024 seen\r\n" });
        using var session = await ConnectAsync();
        Serve("exact", 70_000);
        var item = await session.GetNamedItemAsync("/exact", Bound);
        await session.DownloadAsync(item, Local("got"), Default, null, Bound);
        Assert.Equal(70_000, new FileInfo(Local("got")).Length);
        await session.DeleteFileAsync(item.FullName, Bound);
        Assert.False(File.Exists(Path.Combine(Server.Root, "exact")));
        // What is not there is told by the server then.
        await FailsAsync("FtpPathNotFound", () => session.DownloadAsync(item, Local("gone"), Default, null, Bound));
        Server.Off("LIST");
        Server.Off("SIZE");
        Server.Off("CWD");
        await ProveAsync(session);
    }

    [Fact]
    public async Task An_endless_line_is_given_up()
    {
        using var session = await ConnectAsync();
        Send("MLSD", "type=file;size=1; " + new string('x', 3_000_000));
        await FailsAsync("FtpListingUnparsed", () => ListAsync(session));
        Server.Off("MLSD");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_name_that_leads_out_of_the_folder_is_written_nowhere()
    {
        using var session = await ConnectAsync();
        var target = Directory.CreateDirectory(Local("in")).FullName;
        Serve("good", 3);
        Send("MLSD", "type=file;size=3; good\r\ntype=file;size=3; ../evil\r\ntype=file;size=3; /etc/evil\r\ntype=dir; ..\r\n");
        var results = new ConcurrentQueue<FtpTransferResult>();
        await TransferTreeAsync(session, Default, results.Enqueue, batch => batch.AddDownloadTree("/", target));
        Assert.Equal(["good"], Directory.GetFileSystemEntries(Folder, "*", SearchOption.AllDirectories).Where(File.Exists).Select(Path.GetFileName));
        Server.Off("MLSD");
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("type=file;size=3; ../evil\r\n", "FtpInvalidName")]
    [InlineData("type=file;size=3; a/../../evil\r\n", "FtpInvalidName")]
    [InlineData("type=file;size=3; a\0b\r\n", "FtpInvalidName")]
    [InlineData("type=file;size=3; ../evil\r\nwhat is this\r\n", "FtpListingUnparsed")]
    public async Task Names_that_lead_elsewhere_are_told_apart_from_lines_that_cannot_be_read(string lines, string id)
    {
        using var session = await ConnectAsync();
        Send("MLSD", "type=file;size=3; good\r\n" + lines);
        var items = new System.Collections.Generic.List<FtpItem>();
        var error = await FailsAsync(id, () => session.ListAsync("/", true, items.Add, Bound));
        Assert.True(error.IsUnreadListing);
        Assert.DoesNotContain('\0', error.Message);
        Assert.Equal("good", Assert.Single(items).Name);
        Server.Off("MLSD");
        await ProveAsync(session);
    }

    [Fact]
    public async Task Of_names_that_differ_in_case_alone_none_replaces_another()
    {
        using var session = await ConnectAsync();
        Serve("good", 3);
        Send("MLSD", "type=file;size=3; good\r\ntype=file;size=3; Good\r\n");
        // Where the server itself has but one of the names.
        Server.On("RETR", (connection, _) => connection.HandleAsync("RETR", "/good"));
        var results = new ConcurrentQueue<FtpTransferResult>();
        await TransferTreeAsync(session, Default, results.Enqueue, batch => batch.AddDownloadTree("/", Local("in")));
        if (OperatingSystem.IsWindows())
            Assert.Equal("FtpInvalidName", Assert.Single(results, result => result.Status == FtpTransferStatus.Failed).Failure!.ErrorId);
        else
            Assert.All(results, result => Assert.Equal(FtpTransferStatus.Succeeded, result.Status));
        Assert.Equal(results.Count(result => result.Status == FtpTransferStatus.Succeeded), Directory.GetFiles(Local("in")).Length);
        Server.Off("MLSD");
        Server.Off("RETR");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_name_that_is_not_UTF8_can_be_listed_and_deleted_and_fails_alone_in_a_tree()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var session = await FtpSession.ConnectAsync(Options, Bound);
        Serve("good", 3);
        Send("MLSD", "type=file;size=3; good\r\n", (byte[])[.. "type=file;size=3; caf"u8, 0xE9, .. "\r\n"u8]);
        byte[]? deleted = null;
        Server.On("DELE", (connection, argument) =>
        {
            deleted = Server.Encoding.GetBytes(argument);
            return connection.ReplyAsync("250 Gone");
        });
        Server.Encoding = Encoding.Latin1;
        var odd = (await ListAsync(session)).Single(item => item.Name != "good");
        await session.DeleteFileAsync(odd.FullName, Bound);
        Assert.Equal([.. "/caf"u8, 0xE9], deleted!);

        var results = new ConcurrentQueue<FtpTransferResult>();
        await TransferTreeAsync(session, Default, results.Enqueue, batch => batch.AddDownloadTree("/", Local("in")));
        Assert.Equal([FtpTransferStatus.Succeeded, FtpTransferStatus.Failed], results.Select(result => result.Status).Order());
        Assert.Contains("-Encoding", results.Single(result => result.Error is not null).Failure!.Message);
    }

    [Fact]
    public async Task The_first_item_comes_before_the_listing_has_ended()
    {
        using var session = await ConnectAsync();
        Server.Synthetic["/many"] = 100_000;
        // The first listing below the current directory is looked at before it is handed out.
        Server.Synthetic["/few"] = 1;
        await ListAsync(session, "/few");
        var gate = new ListingGate(5_000);
        Server.ListingGate = gate;
        var count = 0;
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var listing = session.ListAsync("/many", false, _ =>
        {
            if (++count == 1)
                first.SetResult();
        }, Bound);
        await gate.Reached.WaitAsync(Bound);
        await first.Task.WaitAsync(Bound);
        Assert.False(listing.IsCompleted);
        gate.Release();
        await listing;
        Assert.Equal(100_000, count);
    }

    [Fact]
    public async Task LIST_is_used_where_there_is_no_MLSD_and_names_with_brackets_are_no_patterns()
    {
        foreach (var feature in Server.Features.Where(line => line.StartsWith("MLST", StringComparison.Ordinal)).ToArray())
            Server.Features.Remove(feature);
        // What Windows' file names may have of it.
        var (folder, name) = OperatingSystem.IsWindows() ? ("/a [x]", "-l [y]") : ("/a [x]*", "-l [y]?");
        using var session = await ConnectAsync();
        await session.CreateDirectoryAsync(folder, false, Bound);
        File.WriteAllText(Local("f"), "x");
        await session.UploadAsync(Local("f"), $"{folder}/{name}", Default, null, Bound);
        Assert.Equal([name], (await ListAsync(session, folder)).Select(item => item.Name));
        Assert.Equal($"{folder}/{name}", (await session.GetItemAsync($"{folder}/{name}", Bound)).FullName);
        Assert.Contains(Server.Commands, line => line is "LIST" or "LIST -a");
        await session.DeleteDirectoryAsync(folder, true, null, Bound);
        await ProveAsync(session);
    }

    /// <summary>Answers a listing command with these bytes.</summary>
    private void Send(string verb, params object[] parts) => Server.On(verb, async (connection, _) =>
    {
        await connection.ReplyAsync("150 Here it comes");
        using (var data = await connection.OpenDataAsync())
        {
            try
            {
                foreach (var part in parts)
                    await data.SendAsync(part as byte[] ?? Encoding.Latin1.GetBytes((string)part));
                data.Shutdown(SocketShutdown.Both);
            }
            catch (SocketException)
            {
                // The client has had enough.
            }
        }

        await connection.ReplyAsync("226 Done");
    });
}
