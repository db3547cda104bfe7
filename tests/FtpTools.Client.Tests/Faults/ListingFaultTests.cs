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
    public async Task A_listing_with_some_garbage_gives_the_rest_and_a_warning()
    {
        using var session = await ConnectAsync();
        Send("MLSD", "type=file;size=1; good\r\ngarbage\r\n");
        var trace = new ConcurrentQueue<FtpLogEntry>();
        using (FtpTrace.To(trace.Enqueue))
            Assert.Equal(["good"], (await ListAsync(session)).Select(item => item.Name));
        Assert.Contains(trace, entry => entry.Level == FtpLogLevel.Warning && entry.Message.Contains("garbage", StringComparison.Ordinal));
        Server.Off("MLSD");
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
            Assert.Equal("FtpInvalidName", Assert.Single(results, result => result.Status == FtpTransferStatus.Failed).Error!.ErrorId);
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
        Assert.Contains("-Encoding", results.Single(result => result.Error is not null).Error!.Message);
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
        await session.DeleteDirectoryAsync(folder, true, Bound);
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
