using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.Tests.Faults;
using Xunit;

namespace FtpTools.Tests.Habits;

/// <summary>Servers that announce MLSD and MLST and let nobody say them, tell no facts unless asked, or show nothing of some paths.</summary>
public sealed class DeniedFactsTests : LoopbackTest
{
    [Theory]
    [InlineData("402 Command not allowed")]
    [InlineData("550 Permission denied")]
    [InlineData("530 Access denied")]
    [InlineData("550 Unsupported command")]
    public async Task LIST_is_said_instead(string refusal)
    {
        Server.On("MLSD", (c, _) => c.ReplyAsync(refusal));
        Server.On("MLST", (c, _) => c.ReplyAsync(refusal));
        Directory.CreateDirectory(Path.Combine(Server.Root, "in"));
        Serve("in/a", 3);
        Fill("up", 70_000);
        using var session = await ConnectAsync();
        Assert.Equal("a", Assert.Single(await ListAsync(session, "/in")).Name);
        Assert.Equal(3, (await session.GetItemAsync("/in/a", Bound)).Length);
        Assert.Null(await session.FindItemAsync("/none", Bound));
        await session.UploadAsync(Local("up"), "/in/up", Default, null, Bound);
        Assert.Equal(File.ReadAllBytes(Local("up")), Served("in/up"));
        await session.DeleteDirectoryAsync("/in", true, null, Bound);
        Assert.Equal((1, 1), (Count("MLSD"), Count("MLST")));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_directory_that_may_not_be_listed_at_all_is_told_as_such()
    {
        Server.On("MLSD", (c, _) => c.ReplyAsync("550 Permission denied"));
        Server.On("LIST", (c, _) => c.ReplyAsync("550 Access denied"));
        using var session = await ConnectAsync();
        var error = await FailsAsync("FtpPermissionDenied", () => ListAsync(session));
        Assert.Contains("MLSD", error.Message);
        Assert.Equal("doesn't offer TLS", Assert.Single(session.Habits).Name);
    }

    [Fact]
    public async Task Nothing_is_no_listing_of_what_may_not_be_seen()
    {
        Server.On("MLSD", (c, _) => c.ReplyAsync("550 /: Permission denied"));
        Server.On("LIST", (c, _) => ListingWayTests.ListRawAsync(c, "total 0\r\n"));
        using var session = await ConnectAsync();
        var error = await FailsAsync("FtpPermissionDenied", () => ListAsync(session));
        Assert.Contains("MLSD", error.Message, StringComparison.Ordinal);
        Server.Off("MLSD");
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-rw-r--r-- 1 o g 5 Jan 31 2024 other\r\n")]
    public async Task What_nobody_may_look_at_is_not_replaced_where_nothing_may_be(string listing)
    {
        foreach (var verb in new[] { "MLSD", "MLST", "SIZE", "MDTM" })
            Server.On(verb, (c, _) => c.ReplyAsync("550 Permission denied"));
        Server.On("LIST", (c, _) => ListingWayTests.ListRawAsync(c, listing));
        Serve("former", 3);
        Fill("up", 70_000);
        using var session = await ConnectAsync();
        await FailsAsync("FtpPermissionDenied", () => session.UploadAsync(Local("up"), "/former", Default with { NoClobber = true }, null, Bound));
        Assert.Equal(3, Served("former").Length);
        Assert.Equal(["former"], There());
    }

    [Fact]
    public async Task An_upload_where_nobody_may_look_is_done()
    {
        foreach (var verb in new[] { "MLSD", "MLST", "LIST", "SIZE", "MDTM", "RETR" })
            Server.On(verb, (c, _) => c.ReplyAsync("550 Permission denied"));
        Fill("up", 70_000);
        using var session = await ConnectAsync();
        for (var i = 0; i < 2; i++)
            await session.UploadAsync(Local("up"), "/up", Default, null, Bound);
        Assert.Equal(File.ReadAllBytes(Local("up")), Served("up"));
        Assert.Equal(["up"], There());
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("[ temp ]")]
    public async Task MLSD_that_shows_nothing_of_a_path_is_asked_from_within(string name)
    {
        Directory.CreateDirectory(Path.Combine(Server.Root, "in", name));
        Directory.CreateDirectory(Path.Combine(Server.Root, "in", "an empty one"));
        Serve($"in/{name}/a", 3);
        Server.On("MLSD", async (c, argument) =>
        {
            if (argument.IndexOfAny([' ', '[']) < 0)
            {
                await c.HandleAsync("MLSD", argument);
                return;
            }

            await c.ReplyAsync("150 Here it comes");
            (await c.OpenDataAsync()).Dispose();
            await c.ReplyAsync("226 Done");
        });
        using var session = await ConnectAsync();
        Assert.Equal(2, (await ListAsync(session, "/in")).Count);
        Assert.Empty(await ListAsync(session, "/in/an empty one"));
        Assert.Equal("a", Assert.Single(await ListAsync(session, "/in/" + name)).Name);
        Assert.Contains(session.Habits, habit => habit.Evidence.EndsWith("listed nothing", StringComparison.Ordinal));
        await ProveAsync(session);
    }

    [Fact]
    public async Task MLSD_that_takes_such_a_path_is_asked_once()
    {
        Directory.CreateDirectory(Path.Combine(Server.Root, "a b"));
        Directory.CreateDirectory(Path.Combine(Server.Root, "a c"));
        Serve("a b/a", 3);
        using var session = await ConnectAsync();
        Assert.Single(await ListAsync(session, "/"), item => item.Name == "a b");
        Assert.Single(await ListAsync(session, "/a b"));
        Assert.Empty(await ListAsync(session, "/a c"));
        Assert.Equal(3, Count("MLSD"));
        Assert.Equal("doesn't offer TLS", Assert.Single(session.Habits).Name);
    }

    [Theory]
    [InlineData("type*;size;modify;", "type;size;modify;")]
    [InlineData("Size;Modify;Type;Perm", "Size;Modify;Type;Perm;")]
    [InlineData("type*;size*;modify*;perm*;media-type;", null)]
    [InlineData("size;modify;", null)]
    public async Task Facts_without_a_star_are_asked_for(string offered, string? asked)
    {
        WithoutFacts();
        Server.Features.Add("MLST " + offered);
        using var session = await ConnectAsync();
        Assert.Equal(asked is null ? [] : [$"OPTS MLST {asked}"], Server.Commands.Where(line => line.StartsWith("OPTS MLST", StringComparison.Ordinal)));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_client_is_named_where_UTF8_wants_it(bool isAnnounced)
    {
        if (isAnnounced)
            Server.Features.Add("CLNT");
        var isNamed = false;
        Server.On("CLNT", (c, _) =>
        {
            isNamed = true;
            return c.ReplyAsync("200 Noted");
        });
        Server.On("OPTS", (c, argument) => isNamed || argument != "UTF8 ON" ? c.HandleAsync("OPTS", argument)
            : c.ReplyAsync(isAnnounced ? "501 Not for you" : "500 Send 'CLNT client_type' before enabling UTF8"));
        using var session = await ConnectAsync();
        Assert.Equal((1, 2), (Count("CLNT"), Server.Commands.Count(line => line == "OPTS UTF8 ON")));
        await ProveAsync(session);
    }

    [Fact]
    public async Task The_client_is_not_named_where_nobody_asks()
    {
        Server.Features.Add("CLNT");
        using var session = await ConnectAsync();
        Assert.Equal(0, Count("CLNT"));
    }

    [Fact]
    public async Task A_greeting_that_has_logged_in_is_enough()
    {
        Server.Greeting = "230 You are logged in already.";
        Server.On("USER", (c, _) => c.ReplyAsync("503 You are logged in already."));
        using var session = await ConnectAsync();
        Assert.Equal(FtpSessionState.Opened, session.State);
        Assert.Equal(0, Count("PASS"));
    }

    [Fact]
    public async Task A_warning_that_turns_into_the_beginning_is_one()
    {
        Server.On("STOR", async (c, argument) =>
        {
            await c.ReplyAsync("553-\r\n553- Directory excluded (precheck).\r\n150 Opening BINARY mode data connection");
            await using (var file = File.Create(Path.Combine(Server.Root, argument.TrimStart('/'))))
            await using (var data = await c.OpenDataStreamAsync())
                await data.CopyToAsync(file, Bound);
            await c.ReplyAsync("226 Done");
        });
        Fill("up", 70_000);
        using var session = await ConnectAsync();
        await session.UploadAsync(Local("up"), "/up", Default, null, Bound);
        Assert.Equal(File.ReadAllBytes(Local("up")), Served("up"));
        await ProveAsync(session);
    }

    /// <summary>ProFTPD says "226 Transfer complete" to LIST of a directory that it cannot read. With it as the source, a mirror would delete all there is.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("total 0\r\n")]
    public async Task A_directory_that_may_not_be_read_is_not_empty(string listing)
    {
        Directory.CreateDirectory(Path.Combine(Server.Root, "in", "secret"));
        Serve("in/secret/a", 3);
        Server.On("MLSD", (c, argument) => argument.EndsWith("secret", StringComparison.Ordinal) ? c.ReplyAsync($"550 {argument}: Permission denied") : c.HandleAsync("MLSD", argument));
        Server.On("LIST", (c, argument) => c.Directory.EndsWith("secret", StringComparison.Ordinal) ? ListingWayTests.ListRawAsync(c, listing) : c.HandleAsync("LIST", argument));
        using var session = await ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            var error = await FailsAsync("FtpPermissionDenied", () => ListAsync(session, "/in/secret"));
            Assert.Equal("/in/secret", error.Path);
        }

        Assert.Equal("doesn't offer TLS", Assert.Single(session.Habits).Name);
        await ProveAsync(session);
    }

    [Fact]
    public async Task An_empty_directory_is_one_where_nobody_may_say_MLSD()
    {
        Server.On("MLSD", (c, _) => c.ReplyAsync("550 Permission denied"));
        Directory.CreateDirectory(Path.Combine(Server.Root, "in", "empty"));
        using var session = await ConnectAsync();
        Assert.Empty(await ListAsync(session, "/in/empty"));
        Assert.Equal("empty", Assert.Single(await ListAsync(session, "/in")).Name);
        // Of the directory and of the one above it.
        Assert.Equal(2, Count("MLSD"));
        await ProveAsync(session);
    }

    [Fact]
    public async Task CWD_that_stays_where_it_is_shows_nothing_of_such_a_path()
    {
        Serve("top", 3);
        Server.On("MLSD", (c, argument) => argument.Contains(' ', StringComparison.Ordinal) ? ListingWayTests.ListRawAsync(c, "") : c.HandleAsync("MLSD", argument));
        Server.On("CWD", (c, _) => c.ReplyAsync("250 OK"));
        using var session = await ConnectAsync();
        Assert.Equal("top", Assert.Single(await ListAsync(session)).Name);
        Assert.Empty(await ListAsync(session, "/a b"));
        Assert.Equal("doesn't offer TLS", Assert.Single(session.Habits).Name);
        await ProveAsync(session);
    }
}
