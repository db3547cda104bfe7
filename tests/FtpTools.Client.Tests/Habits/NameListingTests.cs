using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.Tests.Faults;
using Xunit;

namespace FtpTools.Tests.Habits;

/// <summary>Servers that tell the names of what is in a directory, and nothing else of it.</summary>
public sealed class NameListingTests : LoopbackTest
{
    public NameListingTests()
    {
        Server.On("LIST", (c, _) => c.ReplyAsync("502 Command not implemented"));
        Directory.CreateDirectory(Path.Combine(Server.Root, "in", "deep"));
        Serve("top", 5);
        Serve(Path.Combine("in", "in.txt"), 3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_directory_is_listed_by_its_names(bool isMlsdAnnounced)
    {
        if (isMlsdAnnounced)
        {
            foreach (var verb in new[] { "MLSD", "MLST" })
                Server.On(verb, (c, _) => c.ReplyAsync("500 Unknown command"));
        }
        else
        {
            WithoutFacts();
        }

        using var session = await ConnectAsync();
        var items = (await ListAsync(session)).OrderBy(item => item.Name, StringComparer.Ordinal).ToList();
        var lists = Count("LIST");
        Assert.Equal(["in", "top"], items.Select(item => item.Name));
        Assert.Equal((true, false, 5, FtpTimePrecision.Second), (items[0].IsDirectory, items[1].IsDirectory, items[1].Length, items[1].TimePrecision));
        Assert.Equal(["deep", "in.txt"], (await ListAsync(session, "/in")).Select(item => item.Name).Order(StringComparer.Ordinal));
        Assert.Empty(await ListAsync(session, "/in/deep"));
        Assert.Equal(3, (await session.GetItemAsync("/in/in.txt", Bound)).Length);
        Assert.True((await session.GetItemAsync("/in/deep", Bound)).IsDirectory);
        Assert.Null(await session.FindItemAsync("/in/none", Bound));
        await FailsAsync("FtpPathNotFound", () => ListAsync(session, "/none"));
        Assert.Equal((lists, 3), (Count("LIST"), Count("NLST")));
        Assert.Contains(session.Habits, habit => habit is { Name: "doesn't support LIST", Evidence: "502 Command not implemented" });
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_tree_is_received_and_removed()
    {
        WithoutFacts();
        using var session = await ConnectAsync();
        await session.DeleteDirectoryAsync("/in", true, null, Bound);
        Assert.False(Directory.Exists(Path.Combine(Server.Root, "in")));
        Assert.Equal("top", Assert.Single(await ListAsync(session)).Name);
    }

    [Theory]
    [InlineData("450 No files found", true)]
    [InlineData("550 No such file or directory", true)]
    [InlineData("550 Permission denied", false)]
    [InlineData("502 Command not implemented", false)]
    public async Task Nothing_there_is_no_error(string reply, bool isOfNothing)
    {
        WithoutFacts();
        Server.On("NLST", (c, _) => c.ReplyAsync(reply));
        using var session = await ConnectAsync();
        if (isOfNothing)
        {
            Assert.Empty(await ListAsync(session));
            Assert.Empty(await ListAsync(session));
        }
        else
        {
            var error = await FailsAsync("FtpCommandNotSupported", () => ListAsync(session));
            Assert.Contains("502 Command not implemented", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Where_nothing_tells_more_a_name_is_of_a_file()
    {
        WithoutFacts();
        foreach (var verb in new[] { "CWD", "SIZE", "MDTM" })
            Server.On(verb, (c, _) => c.ReplyAsync("502 Command not implemented"));
        using var session = await ConnectAsync();
        var items = await ListAsync(session);
        Assert.Equal(["in", "top"], items.Select(item => item.Name).Order(StringComparer.Ordinal));
        Assert.All(items, item => Assert.True(item is { ItemType: FtpItemType.File, Length: null, TimePrecision: FtpTimePrecision.None }));
        Assert.Equal("in.txt", (await ListAsync(session, "/in")).Select(item => item.Name).Order(StringComparer.Ordinal).Last());
        await ProveAsync(session);
    }
}
