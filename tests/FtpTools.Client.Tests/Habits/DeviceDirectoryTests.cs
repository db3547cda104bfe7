using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.TestServer;
using FtpTools.Tests.Faults;
using Xunit;

namespace FtpTools.Tests.Habits;

/// <summary>What servers in devices and in front of object stores make of directories.</summary>
public sealed class DeviceDirectoryTests : LoopbackTest
{
    [Fact]
    public async Task CWD_that_takes_anything_makes_no_directory()
    {
        WithoutFacts();
        Directory.CreateDirectory(Path.Combine(Server.Root, "in"));
        Serve("file", 3);
        Server.On("CWD", async (c, argument) =>
        {
            if (Directory.Exists(Path.Combine(Server.Root, argument.TrimStart('/'))))
                await c.HandleAsync("CWD", argument);
            else
                await c.ReplyAsync("250 Ok.");
        });
        using var session = await ConnectAsync();
        Assert.Null(await session.FindItemAsync("/none", Bound));
        Assert.False(await session.IsDirectoryAsync("/none", Bound));
        Assert.False(await session.IsDirectoryAsync("/file", Bound));
        Assert.True(await session.IsDirectoryAsync("/in", Bound));
        Assert.Contains(session.Habits, habit => habit.Name == "accepts CWD to what isn't a directory");
        await FailsAsync("FtpPathNotFound", () => ListAsync(session, "/none"));
        await ProveAsync(session);
    }

    [Fact]
    public async Task Nothing_in_what_CWD_takes_may_be_nothing_at_all()
    {
        WithoutFacts();
        Serve("file", 3);
        Server.On("CWD", (c, argument) => argument == "/" ? c.HandleAsync("CWD", argument) : c.ReplyAsync("250 Ok."));
        using var session = await ConnectAsync();
        await FailsAsync("FtpPathNotFound", () => ListEmptyAsync(session, "/none"));
        await ProveAsync(session);
    }

    [Fact]
    public async Task CWD_that_takes_a_file_makes_no_directory_of_it()
    {
        WithoutFacts();
        Directory.CreateDirectory(Path.Combine(Server.Root, "in.d"));
        Serve("new.txt", 3);
        Server.On("CWD", (c, argument) => argument == "/new.txt" ? c.ReplyAsync("250 Ok.") : c.HandleAsync("CWD", argument));
        using var session = await ConnectAsync();
        Assert.True(await session.IsDirectoryAsync("/in.d", Bound));
        Assert.False(await session.IsDirectoryAsync("/new.txt", Bound));
        Assert.Equal(FtpItemType.File, (await session.GetItemAsync("/new.txt", Bound)).ItemType);
        Assert.Contains(session.Habits, habit => habit.Evidence.Contains("the file '/new.txt'", StringComparison.Ordinal));
        await ProveAsync(session);
    }

    [Fact]
    public async Task CWD_that_was_seen_to_refuse_is_believed()
    {
        WithoutFacts();
        Directory.CreateDirectory(Path.Combine(Server.Root, "in"));
        using var session = await ConnectAsync();
        Assert.False(await session.IsDirectoryAsync("/none", Bound));
        var said = Count("CWD");
        Assert.True(await session.IsDirectoryAsync("/in", Bound));
        Assert.True(await session.IsDirectoryAsync("/in", Bound));
        Assert.Equal(said + 2, Count("CWD"));
        Assert.Equal("doesn't offer TLS", Assert.Single(session.Habits).Name);
    }

    [Fact]
    public async Task Directories_may_be_known_with_a_slash_alone()
    {
        WithoutFacts();
        Directory.CreateDirectory(Path.Combine(Server.Root, "in"));
        Serve("in/a", 3);
        foreach (var verb in new[] { "CWD", "MKD", "RMD" })
            Server.On(verb, (c, argument) => argument.EndsWith('/') ? c.HandleAsync(verb, argument) : c.ReplyAsync("550 No such directory"));
        using var session = await ConnectAsync();
        Assert.Equal("a", Assert.Single(await ListAsync(session, "/in")).Name);
        Assert.Contains(session.Habits, habit => habit.Name == "accepts directories only with a slash at the end");
        await session.CreateDirectoryAsync("/made/one", createParents: true, Bound);
        Assert.True(Directory.Exists(Path.Combine(Server.Root, "made", "one")));
        await session.DeleteDirectoryAsync("/made", true, null, Bound);
        Assert.False(Directory.Exists(Path.Combine(Server.Root, "made")));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_slash_is_tried_twice_at_most()
    {
        WithoutFacts();
        Server.On("CWD", (c, _) => c.ReplyAsync("550 No such directory"));
        using var session = await ConnectAsync();
        for (var i = 0; i < 4; i++)
            Assert.False(await session.IsDirectoryAsync($"/none{i}", Bound));
        Assert.Equal(2, Server.Commands.Count(line => line.StartsWith("CWD ", StringComparison.Ordinal) && line.EndsWith('/') && line != "CWD /"));
    }

    [Fact]
    public async Task A_server_that_tells_facts_is_spared_the_slash()
    {
        using var session = await ConnectAsync();
        Assert.Null(await session.FindItemAsync("/none", Bound));
        Assert.Contains("CWD /none", Server.Commands);
        Assert.DoesNotContain("CWD /none/", Server.Commands);
    }

    [Theory]
    [InlineData("550 Can't read the current directory")]
    [InlineData("500 What?")]
    public async Task PWD_that_is_refused_after_CWD_is_no_second_reply(string refusal)
    {
        WithoutFacts();
        Directory.CreateDirectory(Path.Combine(Server.Root, "in"));
        Serve("in/a", 3);
        using var session = await FtpSession.ConnectAsync(Options with { Timeout = TimeSpan.FromSeconds(20) }, Bound);
        var current = "/";
        Server.On("CWD", (c, argument) =>
        {
            current = argument;
            return c.ReplyAsync("200 OK");
        });
        Server.On("LIST", (c, _) => c.HandleAsync("LIST", current));
        Server.On("PWD", (c, _) => c.ReplyAsync(refusal));
        for (var i = 0; i < 2; i++)
            Assert.Equal("a", Assert.Single(await ListAsync(session, "/in")).Name);
        // The login's, and one that was in vain.
        Assert.Equal(2, Count("PWD"));
        Assert.DoesNotContain(session.Habits, habit => habit.Name == "replies twice to CWD");
        Assert.Equal(1, Server.AcceptedCount);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_wait_for_the_mark_behind_two_replies_ends_when_it_is_canceled()
    {
        WithoutFacts();
        Directory.CreateDirectory(Path.Combine(Server.Root, "in"));
        using var session = await FtpSession.ConnectAsync(Options with { Timeout = TimeSpan.FromSeconds(20) }, Bound);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Bound);
        Server.On("CWD", (c, _) => c.ReplyAsync("200 OK"));
        Server.On("PWD", (c, _) =>
        {
            stop.CancelAfter(TimeSpan.FromMilliseconds(300));
            return c.ReplyAsync("250 Done");
        });
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.ListAsync("/in", true, static _ => { }, stop.Token));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Server.Off("CWD");
        Server.Off("PWD");
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("200 OK", "250 Directory successfully changed.", true)]
    [InlineData("200 OK", null, false)]
    [InlineData("250 OK", null, false)]
    public async Task A_second_reply_to_CWD_is_not_taken_for_that_to_the_next_command(string first, string? second, bool isTwice)
    {
        WithoutFacts();
        Directory.CreateDirectory(Path.Combine(Server.Root, "in"));
        Server.On("CWD", async (c, argument) =>
        {
            if (!Directory.Exists(Path.Combine(Server.Root, argument.TrimStart('/'))))
            {
                await c.ReplyAsync("550 No such directory");
                return;
            }

            await c.ReplyAsync(first);
            if (second is not null)
                await c.ReplyAsync(second);
        });
        using var session = await ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            Assert.True(await session.IsDirectoryAsync("/in", Bound));
            Assert.False(await session.IsDirectoryAsync("/none", Bound));
        }

        Assert.Equal(isTwice, session.Habits.Any(habit => habit.Name == "replies twice to CWD"));
        Assert.Equal(isTwice ? 1 + 20 : first[0..3] == "200" ? 1 + 1 : 1, Count("PWD"));
        Assert.Equal(1, Server.AcceptedCount);
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_directory_may_vanish_with_its_last_file(bool hasFacts)
    {
        if (!hasFacts)
            WithoutFacts();
        Directory.CreateDirectory(Path.Combine(Server.Root, "in", "deep"));
        Serve("in/deep/a", 3);
        Server.On("DELE", async (c, argument) =>
        {
            await c.HandleAsync("DELE", argument);
            var parent = Path.GetDirectoryName(Path.Combine(Server.Root, argument.TrimStart('/')))!;
            if (parent != Server.Root && Directory.Exists(parent) && !Directory.EnumerateFileSystemEntries(parent).Any())
                Directory.Delete(parent);
        });
        using var session = await ConnectAsync();
        await session.DeleteDirectoryAsync("/in", true, null, Bound);
        Assert.False(Directory.Exists(Path.Combine(Server.Root, "in")));
        await FailsAsync("FtpPathNotFound", () => session.DeleteDirectoryAsync("/none", false, null, Bound));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_directory_is_left_before_it_is_deleted_where_that_is_asked()
    {
        WithoutFacts();
        Directory.CreateDirectory(Path.Combine(Server.Root, "in"));
        Serve("in/a", 3);
        var current = "/";
        Server.On("CWD", (c, argument) =>
        {
            current = argument;
            return c.HandleAsync("CWD", argument);
        });
        Server.On("RMD", (c, argument) => current == argument ? c.ReplyAsync("550 The process cannot access the file because it is being used by another process.") : c.HandleAsync("RMD", argument));
        using var session = await ConnectAsync();
        await session.DeleteDirectoryAsync("/in", true, null, Bound);
        Assert.False(Directory.Exists(Path.Combine(Server.Root, "in")));
        await ProveAsync(session);
    }

    [Fact]
    public async Task What_no_listing_shows_is_found()
    {
        WithoutFacts();
        Directory.CreateDirectory(Path.Combine(Server.Root, "virtual"));
        Serve("virtual/a", 3);
        Serve("file", 70);
        Server.On("LIST", async (c, argument) =>
        {
            if (Server.Commands.Last(line => line.StartsWith("CWD ", StringComparison.Ordinal)) == "CWD /")
                await SendAsync(c, "-rw-r--r-- 1 o g 70 Jan 31 2024 FILE\r\n");
            else
                await c.HandleAsync("LIST", argument);
        });
        using var session = await ConnectAsync();
        Assert.True((await session.GetItemAsync("/virtual", Bound)).IsDirectory);
        Assert.Equal(70, (await session.GetItemAsync("/file", Bound)).Length);
        Assert.Null(await session.FindItemAsync("/none", Bound));
        Assert.Equal("a", Assert.Single(await ListAsync(session, "/virtual")).Name);
    }

    private static async Task SendAsync(LoopbackConnection connection, string lines)
    {
        await connection.ReplyAsync("150 Here it comes");
        await using (var data = await connection.OpenDataStreamAsync())
            await data.WriteAsync(System.Text.Encoding.ASCII.GetBytes(lines));
        await connection.ReplyAsync("226 Done");
    }

    /// <summary>Lists where the server shows nothing.</summary>
    private async Task ListEmptyAsync(FtpSession session, string path)
    {
        Server.On("LIST", (c, _) => SendAsync(c, Server.Commands.Last(line => line.StartsWith("CWD ", StringComparison.Ordinal)) == "CWD /" ? "-rw-r--r-- 1 o g 3 Jan 31 2024 file\r\n" : ""));
        try
        {
            await ListAsync(session, path);
        }
        finally
        {
            Server.Off("LIST");
        }
    }
}
