using System;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading.Tasks;
using FtpTools.Tests.Faults;
using Xunit;

namespace FtpTools.Tests.Habits;

/// <summary>Commands that servers in the field refuse, deny or hang up over, and what does instead.</summary>
public sealed class FieldHabitTests : LoopbackTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EPSV_may_cost_the_connection_once(bool isSilent)
    {
        Server.On("EPSV", (c, _) =>
        {
            if (!isSilent)
                c.Close();
            return Task.CompletedTask;
        });
        using var session = await FtpSession.ConnectAsync(Options with { MaxConnection = 2 }, Bound);
        await ListAsync(session);
        await ProveAsync(session);
        Assert.Equal(1, Count("EPSV"));
        Assert.Equal(2, Server.AcceptedCount);
        Assert.Contains(session.Habits, habit => habit.Name == "leaves commands unanswered");
    }

    [Fact]
    public async Task Where_EPSV_alone_is_wanted_its_loss_is_told()
    {
        Server.On("EPSV", (c, _) =>
        {
            c.Close();
            return Task.CompletedTask;
        });
        using var session = await FtpSession.ConnectAsync(Options with { Mode = FtpMode.Epsv }, Bound);
        await FailsAsync("FtpConnectionLost", () => ListAsync(session));
        Assert.Equal(0, Count("PASV"));
    }

    [Theory]
    [InlineData("PRET", false)]
    [InlineData("You need to use a client supporting PRET (PRE Transfer)", true)]
    public async Task PRET_is_said_where_it_is_demanded(string words, bool isDemanded)
    {
        var isTold = false;
        Server.On("PRET", (c, _) =>
        {
            isTold = true;
            return c.ReplyAsync("200 OK, planning to do so");
        });
        foreach (var verb in new[] { "EPSV", "PASV" })
        {
            Server.On(verb, (c, argument) =>
            {
                var may = isTold || !isDemanded;
                isTold = false;
                return may ? c.HandleAsync(verb, argument) : c.ReplyAsync($"500 {words}");
            });
        }

        using var session = await ConnectAsync();
        await ListAsync(session);
        await ProveAsync(session);
        Assert.Equal(isDemanded, Server.Commands.Contains("PRET RETR /proof"));
        Assert.Equal(isDemanded, session.Habits.Any(habit => habit.Name.Contains("PRET", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Directories_may_be_known_by_their_old_verbs_alone()
    {
        foreach (var verb in new[] { "PWD", "MKD", "RMD" })
        {
            Server.On(verb, (c, _) => c.ReplyAsync("502 Command not implemented"));
            Server.On("X" + verb, (c, argument) => c.HandleAsync(verb, argument));
        }

        Directory.CreateDirectory(Path.Combine(Server.Root, "home"));
        Server.LoginDirectory = "/home";
        using var session = await ConnectAsync();
        Assert.Equal("/home", session.Location);
        await session.CreateDirectoryAsync("made", false, Bound);
        Assert.True(Directory.Exists(Path.Combine(Server.Root, "home", "made")));
        await session.DeleteDirectoryAsync("made", false, null, Bound);
        Assert.False(Directory.Exists(Path.Combine(Server.Root, "home", "made")));
        Assert.Equal((1, 0, 0), (Count("PWD"), Count("MKD"), Count("RMD")));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_file_that_MLST_denies_is_found_in_the_listing()
    {
        Server.On("MLST", (c, _) => c.ReplyAsync("550 No such file or directory"));
        Serve("file", 70_000);
        using var session = await ConnectAsync();
        Assert.Equal(70_000, (await session.GetItemAsync("/file", Bound)).Length);
        Assert.Contains(session.Habits, habit => habit.Name.Contains("MLST", StringComparison.Ordinal));
        Assert.Null(await session.FindItemAsync("/none", Bound));
        Assert.Equal(2, Count("MLST")); // by its path and by its name
        await ProveAsync(session);
    }

    [Fact]
    public async Task MLST_that_has_told_of_something_is_believed()
    {
        Serve("file", 3);
        using var session = await ConnectAsync();
        Assert.NotNull(await session.FindItemAsync("/file", Bound));
        Assert.Null(await session.FindItemAsync("/none", Bound));
        Assert.Equal((2, 0, 0), (Count("MLST"), Count("SIZE"), Count("CWD")));
    }

    [Fact]
    public async Task MLST_that_has_told_of_nothing_is_doubted_once()
    {
        using var session = await ConnectAsync();
        Assert.Null(await session.FindItemAsync("/none", Bound));
        var first = Server.Commands.Count;
        Assert.Null(await session.FindItemAsync("/none", Bound));
        Assert.Equal("MLST /none", Assert.Single(Server.Commands.Skip(first)));
        await ProveAsync(session);
    }

    [Fact]
    public async Task MLSD_that_denies_a_path_that_CWD_enters_is_no_listing_of_nothing()
    {
        Directory.CreateDirectory(Path.Combine(Server.Root, "in"));
        Serve("in/a", 3);
        Server.On("MLSD", (c, argument) => argument.Contains('/') ? c.ReplyAsync("550 No such file or directory") : c.HandleAsync("MLSD", argument));
        using var session = await ConnectAsync();
        Assert.Equal("in", Assert.Single(await ListAsync(session)).Name);
        Assert.Equal("a", Assert.Single(await ListAsync(session, "/in")).Name);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_server_that_goes_back_to_type_A_is_told_the_type_again()
    {
        var isBinary = true;
        Server.On("TYPE", (c, argument) =>
        {
            isBinary = argument == "I";
            return c.HandleAsync("TYPE", argument);
        });
        Server.On("RETR", async (c, argument) =>
        {
            if (isBinary)
            {
                isBinary = false;
                await c.HandleAsync("RETR", argument);
                return;
            }

            await c.ReplyAsync("150 Here it comes");
            using (var data = await c.OpenDataStreamAsync())
                await data.WriteAsync("one\r\ntwo\r\n"u8.ToArray());
            await c.ReplyAsync("226 Done");
        });
        File.WriteAllText(Path.Combine(Server.Root, "text"), "one\ntwo\n");
        using var session = await ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            await session.DownloadAsync(await session.GetItemAsync("/text", Bound), Local("text"), Default with { RetryCount = 1 }, null, Bound);
            Assert.Equal("one\ntwo\n", File.ReadAllText(Local("text")));
        }
    }

    [Fact]
    public async Task A_reset_behind_the_last_byte_is_an_end()
    {
        Serve("file", 3000);
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/file", Bound);
        Server.On("RETR", async (c, _) =>
        {
            await c.ReplyAsync("150 Here it comes");
            using (var socket = await c.OpenDataAsync())
            {
                await socket.SendAsync(Served("file"), SocketFlags.None);
                socket.LingerState = new LingerOption(true, 0);
            }

            await c.ReplyAsync("226 Done");
        });
        await session.DownloadAsync(item, Local("file"), Default, null, Bound);
        Assert.Equal(Served("file"), File.ReadAllBytes(Local("file")));
    }
}
