using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.Tests.Faults;
using Xunit;

namespace FtpTools.Tests.Habits;

/// <summary>Servers that take names in the current directory, and no paths: all works by CWD and the name.</summary>
public sealed class NameAloneTests : LoopbackTest
{
    private static readonly string[] _verbs = ["RETR", "STOR", "APPE", "SIZE", "MDTM", "MFMT", "DELE", "MKD", "RMD", "RNFR", "RNTO"];

    [Theory]
    [InlineData("550 No such file", false)]
    [InlineData("553 Bad name", false)]
    [InlineData("501 Syntax error", false)]
    [InlineData("550 No such file", true)]
    public async Task The_main_job_is_done(string refusal, bool hasFacts)
    {
        if (!hasFacts)
            WithoutFacts();
        NamesAlone(refusal, hasFacts);
        Directory.CreateDirectory(Path.Combine(Server.Root, "in", "deep"));
        Serve("in/a", 70_000);
        Serve("in/deep/b", 3);
        using var session = await ConnectAsync();
        Assert.Equal(["a", "deep"], (await ListAsync(session, "/in")).Select(item => item.Name).Order(StringComparer.Ordinal));
        await session.DownloadAsync(await session.GetItemAsync("/in/a", Bound), Local("a"), Default, null, Bound);
        Assert.Equal(Served("in/a"), File.ReadAllBytes(Local("a")));
        Assert.Contains(session.Habits, habit => habit.Name.Contains("only names", StringComparison.Ordinal));
        await session.UploadAsync(Local("a"), "/in/deep/up", Default, null, Bound);
        await session.UploadAsync(Local("a"), "/in/deep/up", Default, null, Bound);
        Assert.Equal(Served("in/a"), Served("in/deep/up"));
        await session.RenameAsync("/in/deep/up", "/in/deep/renamed", Bound);
        Assert.Equal(["b", "renamed"], (await ListAsync(session, "/in/deep")).Select(item => item.Name).Order(StringComparer.Ordinal));
        await session.CreateDirectoryAsync("/in/new/one", createParents: true, Bound);
        Assert.True(Directory.Exists(Path.Combine(Server.Root, "in", "new", "one")));
        var results = new List<FtpTransferResult>();
        await TransferTreeAsync(session, Default with { CreateParents = true }, results.Add, batch => batch.AddDownloadTree("/in", Local("down")));
        Assert.All(results, result => Assert.Equal(FtpTransferStatus.Succeeded, result.Status));
        Assert.Equal(3, results.Count);
        await session.DeleteDirectoryAsync("/in", true, null, Bound);
        Assert.False(Directory.Exists(Path.Combine(Server.Root, "in")));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("MKD")]
    [InlineData("STOR")]
    [InlineData("DELE")]
    public async Task The_first_thing_may_be_a_change(string verb)
    {
        WithoutFacts();
        NamesAlone("550 No such file", false);
        Serve("file", 3);
        File.WriteAllText(Local("file"), "content");
        using var session = await ConnectAsync();
        switch (verb)
        {
            case "MKD":
                await session.CreateDirectoryAsync("/made", false, Bound);
                Assert.True(Directory.Exists(Path.Combine(Server.Root, "made")));
                break;
            case "STOR":
                await session.UploadAsync(Local("file"), "/up", Default, null, Bound);
                Assert.Equal(["file", "up"], There());
                break;
            default:
                await session.DeleteFileAsync("/file", Bound);
                Assert.Empty(There());
                break;
        }

        await ProveAsync(session);
    }

    [Fact]
    public async Task A_server_that_takes_paths_is_asked_once()
    {
        Serve("file", 3);
        using var session = await ConnectAsync();
        await session.DownloadAsync(await session.GetItemAsync("/file", Bound), Local("file"), Default, null, Bound);
        var before = Server.Commands.Count;
        await FailsAsync("FtpPathNotFound", () => session.DownloadAsync(new FtpItem { Name = "none", FullName = "/none", ItemType = FtpItemType.File }, Local("none"), Default, null, Bound));
        Assert.DoesNotContain(Server.Commands.Skip(before), line => line.StartsWith("CWD", StringComparison.Ordinal));
    }

    private void NamesAlone(string refusal, bool hasFacts)
    {
        foreach (var verb in hasFacts ? [.. _verbs, "MLST", "MLSD"] : _verbs)
            Server.On(verb, (c, argument) => argument.Contains('/') ? c.ReplyAsync(refusal) : c.HandleAsync(verb, argument));
    }
}
