using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.TestServer;
using FtpTools.Tests.Faults;
using Xunit;

namespace FtpTools.Tests.Habits;

/// <summary>Servers that list in another way than they say, or than others do: there is a way, it is remembered, and it costs no server without the habit a command.</summary>
public sealed class ListingWayTests : LoopbackTest
{
    /// <summary>Nothing that is usual was sent in vain: what servers that do as they say are asked.</summary>
    [Theory]
    [InlineData(true, "/", "EPSV|MLSD /")]
    [InlineData(true, "/in", "EPSV|MLSD /in")]
    [InlineData(true, "/in/deep", "EPSV|MLSD /in/deep")]
    [InlineData(false, "/", "CWD /|EPSV|LIST -a")]
    [InlineData(false, "/in", "CWD /in|EPSV|LIST -a")]
    public async Task A_server_without_habits_is_asked_what_is_needed(bool isFacts, string path, string commands)
    {
        Plant();
        if (!isFacts)
            WithoutFacts();
        using var session = await ConnectAsync();
        await ListAsync(session); // the session's first measures the clock
        var before = Server.Commands.Count;
        await ListAsync(session, path);
        Assert.Equal(commands, string.Join('|', Server.Commands.Skip(before)));
        Assert.DoesNotContain(session.Habits, habit => habit.Name != "doesn't offer TLS");
    }

    [Theory]
    [InlineData("500 MLSD: command not understood")]
    [InlineData("502 Command not implemented.")]
    [InlineData("504 Not for that parameter")]
    [InlineData("202 Superfluous")]
    public async Task MLSD_that_is_announced_and_refused_makes_way_for_LIST(string refusal)
    {
        Plant();
        Server.On("MLSD", (c, _) => c.ReplyAsync(refusal));
        Server.On("MLST", (c, _) => c.ReplyAsync(refusal));
        using var session = await ConnectAsync();
        Assert.Equal(["in", "top"], await NamesAsync(session, "/"));
        Assert.Equal(["deep", "in.txt"], await NamesAsync(session, "/in"));
        Assert.Equal(3, (await session.GetItemAsync("/in/in.txt", Bound)).Length);
        Assert.True((await session.GetItemAsync("/in", Bound)).IsDirectory);
        Assert.Null(await session.FindItemAsync("/in/none", Bound));
        // Where it is the parameter that is refused, MLSD without one is a way too.
        Assert.Equal(refusal.StartsWith("504", StringComparison.Ordinal) ? 2 : 1, Count("MLSD"));
        Assert.Contains(session.Habits, habit => habit.Name.Contains("MLSD", StringComparison.Ordinal));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("450 No such file")]
    [InlineData("501 Option not understood")]
    [InlineData("504 -a")]
    [InlineData("550 -a: No such file or directory")]
    [InlineData("")] // it lists what there is of that name: nothing
    public async Task LIST_whose_option_is_taken_for_a_name_is_said_without(string refusal)
    {
        Plant();
        WithoutFacts();
        Server.On("LIST", (c, argument) =>
            argument.Length == 0 ? c.HandleAsync("LIST", "") : refusal.Length > 0 ? c.ReplyAsync(refusal) : ListRawAsync(c, ""));
        using var session = await ConnectAsync();
        Assert.Equal(["in", "top"], await NamesAsync(session, "/"));
        var tries = Count("LIST");
        Assert.Equal(["deep", "in.txt"], await NamesAsync(session, "/in"));
        Assert.Equal(2, tries);
        Assert.Equal(3, Count("LIST"));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("550 LIST command invalid with TYPE binary")]
    [InlineData("501 Set type A first")]
    [InlineData("451 Cannot list in image mode")]
    public async Task LIST_that_is_refused_in_type_I_is_said_in_type_A(string refusal)
    {
        Plant();
        WithoutFacts();
        var isBinary = true;
        Server.On("TYPE", (c, argument) =>
        {
            isBinary = argument.StartsWith('I');
            return c.HandleAsync("TYPE", argument);
        });
        Server.On("LIST", (c, argument) => isBinary ? c.ReplyAsync(refusal) : c.HandleAsync("LIST", argument));
        using var session = await ConnectAsync();
        Assert.Equal(["in", "top"], await NamesAsync(session, "/"));
        await ProveAsync(session);
        var before = Count("LIST");
        Assert.Equal(["deep", "in.txt"], await NamesAsync(session, "/in"));
        Assert.Equal(1, Count("LIST") - before);
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("550 No files found", "")]
    [InlineData("450 No files found.", "")]
    [InlineData("550 empty directory", "")]
    [InlineData("226 No files", "")]
    [InlineData("550 No such file or directory", "")]
    [InlineData("550 No files found", "MLSD")]
    [InlineData("550 Permission denied", "", true)]
    [InlineData("450 No files: permission denied", "", true)]
    public async Task Nothing_there_is_no_error_and_no_permission_is(string reply, string verb, bool isError = false)
    {
        Plant();
        Directory.CreateDirectory(Path.Combine(Server.Root, "empty"));
        if (verb.Length == 0)
            WithoutFacts();
        Server.On(verb.Length == 0 ? "LIST" : verb, (c, _) => c.ReplyAsync(reply));
        using var session = await ConnectAsync();
        if (isError)
            await FailsAsync("FtpPermissionDenied", () => ListAsync(session, "/empty"));
        else
            Assert.Empty(await ListAsync(session, "/empty"));
        if (!isError)
        {
            await FailsAsync("FtpPathNotFound", () => ListAsync(session, "/none"));
            await session.DeleteDirectoryAsync("/empty", true, null, Bound);
            Assert.False(Directory.Exists(Path.Combine(Server.Root, "empty")));
        }

        Server.Off("MLSD");
        Server.Off("LIST");
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("502 Command not implemented.")]
    [InlineData("500 Unknown command")]
    public async Task A_server_without_CWD_is_listed_by_path(string refusal)
    {
        Plant();
        WithoutFacts();
        Server.On("CWD", (c, _) => c.ReplyAsync(refusal));
        Server.On("LIST", (c, argument) => argument.StartsWith('-') ? c.ReplyAsync("550 -a: not found") : c.HandleAsync("LIST", argument));
        using var session = await ConnectAsync();
        Assert.Equal(["deep", "in.txt"], await NamesAsync(session, "/in"));
        Assert.True(await session.IsDirectoryAsync("/in/deep", Bound));
        Assert.False(await session.IsDirectoryAsync("/in/in.txt", Bound));
        await FailsAsync("FtpPathNotFound", () => ListAsync(session, "/none"));
        await FailsAsync("FtpPathNotFound", () => ListAsync(session, "/top"));
        Assert.Empty(await ListAsync(session, "/in/deep"));
        Assert.Equal(1, Count("CWD"));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_directory_that_may_not_be_entered_is_listed_by_path_where_that_lists_anything()
    {
        Plant();
        WithoutFacts();
        Server.On("CWD", (c, argument) => argument.StartsWith("/in", StringComparison.Ordinal) ? c.ReplyAsync("550 Permission denied") : c.HandleAsync("CWD", argument));
        using var session = await ConnectAsync();
        Assert.Equal(["deep", "in.txt"], await NamesAsync(session, "/in"));
        // Nothing may be what it shows of what may not be seen.
        await FailsAsync("FtpPermissionDenied", () => ListAsync(session, "/in/deep"));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("")]
    [InlineData("501 No argument, please")]
    public async Task MLSD_of_the_current_directory_alone_is_said_there(string refusal)
    {
        Plant();
        Server.On("MLSD", (c, argument) => argument.Length > 0 && refusal.Length > 0 ? c.ReplyAsync(refusal) : c.HandleAsync("MLSD", ""));
        using var session = await ConnectAsync();
        Assert.Equal(["deep", "in.txt"], await NamesAsync(session, "/in"));
        Assert.Equal(["in", "top"], await NamesAsync(session, "/"));
        Assert.Empty(await NamesAsync(session, "/in/deep"));
        Assert.Contains(session.Habits, habit => habit.Name.Contains("current directory", StringComparison.Ordinal));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_directory_in_one_of_its_own_name_is_asked_for_twice_once()
    {
        Plant();
        Directory.CreateDirectory(Path.Combine(Server.Root, "same", "same", "same"));
        File.WriteAllText(Path.Combine(Server.Root, "same", "file"), "x");
        using var session = await ConnectAsync();
        Assert.Equal(["file", "same"], await NamesAsync(session, "/same"));
        Assert.Equal(["same"], await NamesAsync(session, "/same/same"));
        Assert.Equal(3, Count("MLSD"));
        Assert.DoesNotContain(session.Habits, habit => habit.Name != "doesn't offer TLS");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_first_listing_without_end_is_not_held_back_for_ever(bool isFacts)
    {
        if (!isFacts)
            WithoutFacts();
        Server.Synthetic["/many"] = 150_000;
        var gate = new ListingGate(120_000);
        Server.ListingGate = gate;
        using var session = await ConnectAsync();
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        var listing = session.ListAsync("/many", false, _ =>
        {
            count++;
            first.TrySetResult();
        }, Bound);
        await gate.Reached.WaitAsync(Bound);
        await first.Task.WaitAsync(Bound);
        Assert.False(listing.IsCompleted);
        gate.Release();
        await listing;
        Assert.Equal(150_000, count);
    }

    [Fact]
    public async Task An_item_of_a_directory_that_cannot_be_listed_is_found_by_SIZE_and_CWD()
    {
        Plant();
        WithoutFacts();
        Server.On("LIST", (c, _) => c.ReplyAsync("550 Permission denied"));
        using var session = await ConnectAsync();
        Assert.Equal(3, (await session.GetItemAsync("/in/in.txt", Bound)).Length);
        Assert.True((await session.GetItemAsync("/in/deep", Bound)).IsDirectory);
        await FailsAsync("FtpPermissionDenied", () => session.FindItemAsync("/in/none", Bound));
        await ProveAsync(session);
    }

    [Fact]
    public async Task Names_with_a_leading_dot_are_found_where_listings_leave_them_out()
    {
        WithoutFacts();
        Serve(".hidden", 7);
        Server.On("LIST", (c, argument) => argument.Length > 0 ? c.ReplyAsync("501 No options") : ListRawAsync(c, "-rw-r--r-- 1 u g 5 Jan 31 2024 seen\r\n"));
        using var session = await ConnectAsync();
        Assert.Equal(7, (await session.GetItemAsync("/.hidden", Bound)).Length);
        Assert.Null(await session.FindItemAsync("/.none", Bound));
    }

    [Theory]
    [InlineData("\u65E5\u672C", "??")]
    [InlineData("f\u0151", "f?")]
    [InlineData("plain", "PLAIN")]
    [InlineData("\u65E5\u672C", "nothing of the kind")]
    public async Task Names_that_are_not_listed_as_they_are_are_found_by_their_own(string name, string listed)
    {
        WithoutFacts();
        Serve(name, 7);
        Server.On("LIST", (c, _) => ListRawAsync(c, $"-rw-r--r-- 1 u g 7 Jan 31 2024 {listed}\r\n"));
        using var session = await ConnectAsync();
        Assert.Equal(7, (await session.FindItemAsync($"/{name}", Bound))?.Length);
        Assert.Null(await session.FindItemAsync("/none", Bound));
    }

    [Theory]
    [InlineData("257 /in", "/in")]
    [InlineData("257 \"/in\"", "/in")]
    [InlineData("257 ", "/")]
    [InlineData("502 No PWD", "/")]
    [InlineData("550 No", "/")]
    public async Task A_session_begins_where_PWD_says_however_it_says_it(string reply, string location)
    {
        Plant();
        Server.On("PWD", (c, _) => c.ReplyAsync(reply));
        using var session = await ConnectAsync();
        Assert.Equal(location, session.Location);
        await ProveAsync(session);
    }

    private void Plant()
    {
        Directory.CreateDirectory(Path.Combine(Server.Root, "in", "deep"));
        Serve("top", 5);
        Serve(Path.Combine("in", "in.txt"), 3);
    }

    private async Task<List<string>> NamesAsync(FtpSession session, string path) =>
        [.. (await ListAsync(session, path)).Select(item => item.Name).Order(StringComparer.Ordinal)];

    /// <summary>Sends lines as they are over the data connection.</summary>
    internal static async Task ListRawAsync(LoopbackConnection connection, string lines)
    {
        await connection.ReplyAsync("150 Here it comes");
        using (var data = await connection.OpenDataAsync())
        {
            for (var rest = connection.Server.Encoding.GetBytes(lines).AsMemory(); !rest.IsEmpty;)
                rest = rest[await data.SendAsync(rest)..];
        }

        await connection.ReplyAsync("226 Done");
    }
}
