using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.Tests.Faults;
using Xunit;

namespace FtpTools.Tests.Habits;

/// <summary>Servers whose CWD takes names in the current directory alone: listings, trees and their removal work all the same.</summary>
public sealed class RelativeDirectoryTests : LoopbackTest
{
    [Theory]
    [InlineData("550 /in: Failed to change directory")]
    [InlineData("501 Invalid path")]
    [InlineData("553 Not that way")]
    public async Task Directories_are_gone_to_step_by_step(string refusal)
    {
        Directory.CreateDirectory(Path.Combine(Server.Root, "in", "deep", "deeper"));
        Directory.CreateDirectory(Path.Combine(Server.Root, "aside"));
        Serve("in/a", 3);
        Serve("in/deep/b", 3);
        WithoutFacts();
        RelativeAlone(refusal);
        using var session = await ConnectAsync();
        Assert.Equal(["b", "deeper"], await NamesAsync(session, "/in/deep"));
        Assert.Contains(session.Habits, habit => habit.Name.Contains("relative", StringComparison.Ordinal) && habit.Evidence == refusal);
        var refused = RefusedCount;
        Assert.Equal(["a", "deep"], await NamesAsync(session, "/in"));
        Assert.Equal(["aside", "in"], await NamesAsync(session, "/"));
        Assert.Equal(["aside", "in"], await NamesAsync(session, "/"));
        Assert.Empty(await NamesAsync(session, "/in/deep/deeper"));
        Assert.Empty(await NamesAsync(session, "/aside"));
        Assert.False(await session.IsDirectoryAsync("/in/none", Bound));
        Assert.False(await session.IsDirectoryAsync("/in/a", Bound));
        await FailsAsync("FtpPathNotFound", () => ListAsync(session, "/none/deep"));
        await session.CreateDirectoryAsync("/made/in/one", createParents: true, Bound);
        Assert.True(Directory.Exists(Path.Combine(Server.Root, "made", "in", "one")));
        await session.DeleteDirectoryAsync("/in", true, null, Bound);
        Assert.False(Directory.Exists(Path.Combine(Server.Root, "in")));
        Assert.Equal(refused, RefusedCount);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_tree_goes_up_and_comes_down()
    {
        WithoutFacts();
        RelativeAlone("550 No");
        using var session = await ConnectAsync();
        Directory.CreateDirectory(Local("tree/sub/empty"));
        File.WriteAllText(Local("tree/one"), "1");
        File.WriteAllText(Local("tree/sub/two"), "22");
        var results = new List<FtpTransferResult>();
        await TransferTreeAsync(session, Default, results.Add, batch => batch.AddUploadTree(Local("tree"), "/up"));
        await TransferTreeAsync(session, Default with { CreateParents = true }, results.Add, batch => batch.AddDownloadTree("/up", Local("down")));
        Assert.Equal(4, results.Count);
        Assert.All(results, result => Assert.Equal(FtpTransferStatus.Succeeded, result.Status));
        Assert.Equal("22", File.ReadAllText(Local("down/sub/two")));
        Assert.True(Directory.Exists(Local("down/sub/empty")));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("/home/in")]
    [InlineData("in")]
    public async Task A_session_may_start_in_a_directory_and_have_several_connections(string start)
    {
        Directory.CreateDirectory(Path.Combine(Server.Root, "home", "in", "deep"));
        Serve("home/in/deep/a", 3);
        WithoutFacts();
        RelativeAlone("550 No");
        Server.LoginDirectory = "/home";
        using var session = await FtpSession.ConnectAsync(Options with { InitialDirectory = start, MaxConnection = 2 }, Bound);
        Assert.Equal("/home/in", session.Location);
        Assert.Equal(["a"], await NamesAsync(session, "/home/in/deep"));
        var first = Server.AcceptedCount;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => Assert.Equal(["a"], await NamesAsync(session, "/home/in/deep"))));
        Assert.Equal(first + 1, Server.AcceptedCount);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_directory_that_is_not_there_costs_a_server_that_takes_paths_nothing()
    {
        Directory.CreateDirectory(Path.Combine(Server.Root, "in"));
        WithoutFacts();
        using var session = await ConnectAsync();
        Assert.True(await session.IsDirectoryAsync("/in", Bound));
        Assert.False(await session.IsDirectoryAsync("/none", Bound));
        Assert.Equal(["CWD /in", "CWD /none"], Server.Commands.Where(command => command.StartsWith("CWD", StringComparison.Ordinal)));
        Assert.Equal(0, Count("CDUP"));
    }

    private int RefusedCount => Server.Commands.Count(command => command.StartsWith("CWD /", StringComparison.Ordinal));

    private void RelativeAlone(string refusal) => Server.On("CWD", (c, argument) => argument.StartsWith('/') ? c.ReplyAsync(refusal) : c.HandleAsync("CWD", argument));

    private async Task<List<string>> NamesAsync(FtpSession session, string path) =>
        [.. (await ListAsync(session, path)).Select(item => item.Name).Order(StringComparer.Ordinal)];
}
