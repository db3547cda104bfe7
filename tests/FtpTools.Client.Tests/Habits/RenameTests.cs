using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.Tests.Faults;
using Xunit;

namespace FtpTools.Tests.Habits;

/// <summary>A yes to RNTO after which nothing has another name: no upload is called Succeeded over it.</summary>
public sealed class RenameTests : LoopbackTest
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_keeps_its_former_name_is_written_in_place(bool isFacts)
    {
        if (!isFacts)
            WithoutFacts();
        Server.On("RNTO", (c, _) => c.ReplyAsync("250 Rename successful."));
        using var session = await ConnectAsync();
        File.WriteAllText(Local("new"), "content");
        Assert.Equal(FtpTransferStatus.Succeeded, (await session.UploadAsync(Local("new"), "/new", Default, null, Bound)).Status);
        Assert.Equal("content", File.ReadAllText(Path.Combine(Server.Root, "new")));
        Assert.Single(Directory.GetFiles(Server.Root));
        Assert.Contains(session.Habits, habit => habit.Name == "can't rename" && habit.Evidence.Contains("the server accepted RNTO", StringComparison.Ordinal));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_former_file_stays_as_it_is_and_the_upload_fails(bool isFacts)
    {
        if (!isFacts)
            WithoutFacts();
        File.WriteAllText(Path.Combine(Server.Root, "there"), "former!");
        Server.On("RNTO", (c, _) => c.ReplyAsync("250 Rename successful."));
        using var session = await ConnectAsync();
        File.WriteAllText(Local("there"), "content"); // of the same size
        var error = await FailsAsync("FtpCommandNotSupported", () => session.UploadAsync(Local("there"), "/there", Default, null, Bound));
        Assert.Contains("-Direct", error.Message);
        Assert.Equal("former!", File.ReadAllText(Path.Combine(Server.Root, "there")));
        Assert.Single(Directory.GetFiles(Server.Root));
        await session.UploadAsync(Local("there"), "/there", Default with { Direct = true }, null, Bound);
        Assert.Equal("content", File.ReadAllText(Path.Combine(Server.Root, "there")));
        await ProveAsync(session);
    }

    /// <summary>As Pure-FTPd, which writes an underscore for a blank at the end.</summary>
    [Theory]
    [InlineData("/new ")]
    [InlineData("/n\tew")]
    public async Task A_name_that_the_server_changes_is_an_error_of_a_rename(string name)
    {
        Server.On("RNTO", (c, argument) => c.HandleAsync("RNTO", argument.TrimEnd().Replace('\t', '_')));
        Serve("old", 10);
        using var session = await ConnectAsync();
        await FailsAsync("FtpInvalidName", () => session.RenameAsync("/old", name, Bound));
        await session.RenameAsync(name == "/new " ? "/new" : "/n_ew", "/plain", Bound);
        Assert.Equal(["plain"], There());
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(true, "220 (vsFTPd 3.0.3)")]
    [InlineData(false, "220 ProFTPD Server ready.")]
    public async Task A_server_that_renames_is_asked_once_a_session_and_one_that_is_known_never(bool isFacts, string? greeting)
    {
        if (!isFacts)
            WithoutFacts();
        if (greeting is not null)
            Server.Greeting = greeting;
        using var session = await ConnectAsync();
        File.WriteAllText(Local("a"), "content");
        var asked = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            var before = Count("SIZE") + Count("MLST");
            await session.UploadAsync(Local("a"), $"/a{i}", Default with { Verify = FtpVerification.None }, null, Bound);
            asked.Add(Count("SIZE") + Count("MLST") - before);
        }

        Assert.Equal(greeting is null ? [asked[1] + 1, asked[1], asked[1]] : [asked[1], asked[1], asked[1]], asked);
        Assert.DoesNotContain(session.Habits, habit => habit.Name == "can't rename");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_server_that_tells_a_size_of_whatever_it_is_asked_about_is_taken_at_its_word()
    {
        WithoutFacts();
        Server.On("SIZE", (c, _) => c.ReplyAsync("213 7"));
        using var session = await ConnectAsync();
        File.WriteAllText(Local("a"), "content");
        Assert.Equal(FtpTransferStatus.Succeeded, (await session.UploadAsync(Local("a"), "/a", Default, null, Bound)).Status);
        Assert.DoesNotContain(session.Habits, habit => habit.Name == "can't rename");
        Server.Off("SIZE");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_server_that_keeps_the_name_of_a_refused_rename_renames_nothing_by_the_next_one()
    {
        // Pure-FTPd 1.0.50: RNTO that is refused (553) leaves what RNFR has named.
        string? open = null;
        Server.On("RNFR", (c, path) =>
        {
            if (!File.Exists(Path.Combine(Server.Root, path.TrimStart('/'))))
                return c.ReplyAsync("550 Sorry, but that file doesn't exist");
            open = path;
            return c.ReplyAsync("350 RNFR accepted - file exists, ready for destination");
        });
        Server.On("RNTO", (c, path) =>
        {
            if (path.Contains('*', StringComparison.Ordinal))
                return c.ReplyAsync("553 Prohibited file name: " + path);
            if (open is null)
                return c.ReplyAsync("503 Need RNFR before RNTO");
            File.Move(Path.Combine(Server.Root, open.TrimStart('/')), Path.Combine(Server.Root, path.TrimStart('/')));
            open = null;
            return c.ReplyAsync("250 File successfully renamed or moved");
        });
        Serve("a", 1);
        using var session = await ConnectAsync();
        await FailsAsync("FtpPermissionDenied", () => session.RenameAsync("/a", "/q*", Bound));
        await FailsAsync("FtpPathNotFound", () => session.RenameAsync("/gone", "/other", Bound));
        Assert.Equal(["a"], Directory.GetFiles(Server.Root).Select(Path.GetFileName));
        await session.RenameAsync("/a", "/b", Bound);
        Assert.Equal(["b"], Directory.GetFiles(Server.Root).Select(Path.GetFileName));
        await ProveAsync(session);
    }
}
