using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.TestServer;
using FtpTools.Tests.Faults;
using Xunit;

namespace FtpTools.Tests.Habits;

/// <summary>Servers that log out who is idle and keep the connection, and those that bear fewer connections than are wanted.</summary>
public sealed class SessionEndTests : LoopbackTest
{
    [Theory]
    [InlineData("530 Please login with USER and PASS.")]
    [InlineData("530 Not logged in.")]
    [InlineData("503 Login with USER first.")]
    [InlineData("421 Timeout, closing control connection")]
    public async Task A_session_that_is_over_is_logged_in_anew(string reply)
    {
        Directory.CreateDirectory(Path.Combine(Server.Root, "in"));
        Serve("in/a", 70_000);
        Serve("in/b", 3);
        Fill("up", 70_000);
        using var session = await ConnectAsync();
        await EndAsync(session, reply, "MLSD", async () => Assert.Equal(2, (await ListAsync(session, "/in")).Count), "EPSV");
        await EndAsync(session, reply, "MLST", async () => Assert.NotNull(await session.FindItemAsync("/in/a", Bound)));
        await EndAsync(session, reply, "DELE", () => session.DeleteFileAsync("/in/b", Bound));
        await EndAsync(session, reply, "RNFR", () => session.RenameAsync("/in/a", "/in/c", Bound));
        await EndAsync(session, reply, "MKD", () => session.CreateDirectoryAsync("/in/made", false, Bound));
        await EndAsync(session, reply, "STOR", () => session.UploadAsync(Local("up"), "/up", Default, null, Bound), "EPSV");
        await EndAsync(session, reply, "RETR", () => session.DownloadAsync(session.ItemAt("/in/c"), Local("down"), Default, null, Bound), "EPSV");
        Assert.Equal(Served("in/c"), File.ReadAllBytes(Local("down")));
        Assert.Equal(File.ReadAllBytes(Local("up")), Served("up"));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_refusal_of_permission_is_one()
    {
        Serve("a", 3);
        Server.On("DELE", (c, _) => c.ReplyAsync("530 Permission denied"));
        using var session = await ConnectAsync();
        await FailsAsync("FtpPermissionDenied", () => session.DeleteFileAsync("/a", Bound));
        Assert.Equal((1, 1), (Count("DELE"), Server.AcceptedCount));
    }

    [Fact]
    public async Task A_server_that_says_so_always_is_asked_twice()
    {
        Serve("a", 3);
        Server.On("DELE", (c, _) => c.ReplyAsync("530 Not logged in"));
        using var session = await ConnectAsync();
        await FailsAsync("FtpPermissionDenied", () => session.DeleteFileAsync("/a", Bound));
        Assert.Equal((2, 2), (Count("DELE"), Server.AcceptedCount));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("421 Rebooting", 1)]
    [InlineData("530 Please login with USER and PASS.", 2)]
    public async Task What_the_user_says_in_words_of_FTP_is_not_said_again_where_it_may_have_been_done(string reply, int count)
    {
        using var session = await ConnectAsync();
        Server.On("SITE", async (c, _) =>
        {
            await c.ReplyAsync(Count("SITE") == 1 ? reply : "200 Done");
            if (reply.StartsWith("421", StringComparison.Ordinal))
                c.Close();
        });
        if (count == 1)
            await FailsAsync("FtpConnectionLost", () => session.InvokeAsync("SITE REBOOT", Bound));
        else
            Assert.Equal(200, (await session.InvokeAsync("SITE REBOOT", Bound)).Code);
        Assert.Equal(count, Count("SITE"));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("500 Sorry, only one client")]
    [InlineData("421 Too many")]
    [InlineData(null)]
    public async Task Work_goes_on_over_the_connections_that_there_are(string? refusal)
    {
        Directory.CreateDirectory(Path.Combine(Server.Root, "tree", "deep"));
        foreach (var i in Enumerable.Range(0, 40))
            Serve($"tree/{(i % 2 == 0 ? "deep/" : "")}{i}", 3);
        using var session = await FtpSession.ConnectAsync(Options with { MaxConnection = 4 }, Bound);
        await ListAsync(session);
        Server.On("USER", async (c, argument) =>
        {
            if (refusal is null)
                c.Close();
            else
                await c.ReplyAsync(refusal);
        });
        await session.DeleteDirectoryAsync("/tree", true, null, Bound);
        Assert.False(Directory.Exists(Path.Combine(Server.Root, "tree")));
        var accepted = Server.AcceptedCount;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => session.FindItemAsync("/none", Bound)));
        // Not before a fourth has been tried.
        Assert.InRange(Server.AcceptedCount, accepted, accepted + 2);
        Server.Off("USER");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_tree_is_deleted_though_each_client_costs_the_one_before_its_connection()
    {
        using var session = await ConnectToTreeAsync();
        Server.On("USER", (c, argument) =>
        {
            DropOthers(c);
            return c.HandleAsync("USER", argument);
        });
        await session.DeleteDirectoryAsync("/tree", true, null, Bound);
        Assert.False(Directory.Exists(Path.Combine(Server.Root, "tree")));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_tree_that_is_still_there_is_not_deleted()
    {
        using var session = await ConnectToTreeAsync();
        Server.On("USER", (c, argument) =>
        {
            DropOthers(c);
            Server.On("MLSD", (d, _) => d.ReplyAsync("550 Failed to open"));
            Server.On("RMD", (d, _) => d.ReplyAsync("550 Failed to remove"));
            return c.HandleAsync("USER", argument);
        });
        await Assert.ThrowsAnyAsync<FtpException>(() => session.DeleteDirectoryAsync("/tree", true, null, Bound));
        Assert.True(Directory.Exists(Path.Combine(Server.Root, "tree")));
        Server.Off("MLSD");
        await ProveAsync(session);
    }

    /// <summary>Plants a tree of so many files that several connections delete it.</summary>
    private Task<FtpSession> ConnectToTreeAsync()
    {
        Directory.CreateDirectory(Path.Combine(Server.Root, "tree"));
        foreach (var i in Enumerable.Range(0, 60))
            Serve($"tree/{i}", 3);
        return FtpSession.ConnectAsync(Options with { MaxConnection = 4 }, Bound);
    }

    private void DropOthers(LoopbackConnection connection)
    {
        foreach (var other in Server.Connections.Where(other => other != connection))
            other.Drop();
    }

    /// <summary>Does something over a connection whose session has ended: the reply stands in for the answer to the first command.</summary>
    private async Task EndAsync(FtpSession session, string reply, string verb, Func<Task> work, string? first = null)
    {
        var accepted = Server.AcceptedCount;
        var ended = 0;
        foreach (var one in new[] { verb, first }.OfType<string>())
        {
            Server.On(one, async (c, argument) =>
            {
                if (Interlocked.Exchange(ref ended, 1) != 0)
                {
                    await c.HandleAsync(one, argument);
                    return;
                }

                await c.ReplyAsync(reply);
                if (reply.StartsWith("421", StringComparison.Ordinal))
                    c.Close();
            });
        }

        await work();
        Assert.Equal((1, accepted + 1), (ended, Server.AcceptedCount));
        Server.Off(verb);
        if (first is not null)
            Server.Off(first);
    }
}
