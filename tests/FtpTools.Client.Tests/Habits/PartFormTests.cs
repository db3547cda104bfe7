using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.TestServer;
using FtpTools.Tests.Faults;
using FtpTools.Transfer;
using Xunit;

namespace FtpTools.Tests.Habits;

/// <summary>Servers that take short names alone, or no name but the file's own: the file arrives, under that name and no other.</summary>
public sealed class PartFormTests : LoopbackTest
{
    [Theory]
    [InlineData(42, "550 Invalid argument")]
    [InlineData(31, "553 File name not allowed. Too long.")]
    [InlineData(12, "501 Bad name")]
    public async Task A_short_name_is_tried_where_a_long_one_is_refused(int most, string refusal)
    {
        foreach (var verb in new[] { "STOR", "RNTO" })
            Server.On(verb, (c, argument) => argument.TrimStart('/').Length > most ? c.ReplyAsync(refusal) : c.HandleAsync(verb, argument));
        using var session = await ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            Fill("file", 70_000 + i);
            var result = await session.UploadAsync(Local("file"), "/new.txt", Default, null, Bound);
            Assert.Equal(FtpTransferStatus.Succeeded, result.Status);
            Assert.Equal(File.ReadAllBytes(Local("file")), Served("new.txt"));
            Assert.Equal(["new.txt"], There());
        }

        Assert.Contains(session.Habits, habit => habit.Name == "accepts only short names" && habit.Evidence == refusal);
        // Hidden and without the dot, each as a path and as a name, and then short ones.
        Assert.Equal(4 + 3, Count("STOR"));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_former_file_is_set_aside_under_a_short_name()
    {
        string[] taken = [];
        foreach (var verb in new[] { "STOR", "RNTO" })
        {
            Server.On(verb, (c, argument) =>
            {
                taken = [.. taken, argument];
                return argument.Length > 13 ? c.ReplyAsync("553 Too long")
                    : verb == "RNTO" && File.Exists(Path.Combine(Server.Root, argument.TrimStart('/'))) ? c.ReplyAsync("550 File exists")
                    : c.HandleAsync(verb, argument);
            });
        }

        Serve("new.txt", 3);
        Fill("file", 70_000);
        using var session = await ConnectAsync();
        await session.UploadAsync(Local("file"), "/new.txt", Default, null, Bound);
        Assert.Equal(File.ReadAllBytes(Local("file")), Served("new.txt"));
        Assert.Equal(["new.txt"], There());
        Assert.Contains(taken, name => name.StartsWith("/ft", StringComparison.Ordinal) && name.EndsWith(".old", StringComparison.Ordinal));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_short_part_is_not_kept_for_nobody_knows_it_again()
    {
        Server.On("STOR", async (c, argument) =>
        {
            if (argument.Length > 13)
            {
                await c.ReplyAsync("553 Too long");
                return;
            }

            await c.ReplyAsync("150 Go on");
            var buffer = new byte[1 << 21];
            await using (var data = await c.OpenDataStreamAsync())
                await data.ReadExactlyAsync(buffer, Bound);
            await File.WriteAllBytesAsync(Path.Combine(Server.Root, argument.TrimStart('/')), buffer, Bound);
            await c.ReplyAsync("451 Local error");
        });
        Fill("file", 1 << 22);
        using var session = await ConnectAsync();
        var error = await Assert.ThrowsAnyAsync<FtpException>(() => session.UploadAsync(Local("file"), "/new.txt", Default, null, Bound));
        Assert.DoesNotContain("-Resume", error.Message);
        Assert.Empty(There());
    }

    [Fact]
    public async Task Where_no_other_name_is_taken_a_new_file_is_written_under_its_own()
    {
        Server.On("STOR", (c, argument) => argument.EndsWith(".txt", StringComparison.Ordinal) ? c.HandleAsync("STOR", argument) : c.ReplyAsync("553 File type not allowed"));
        Fill("file", 70_000);
        using var session = await ConnectAsync();
        await session.UploadAsync(Local("file"), "/new.txt", Default, null, Bound);
        await session.UploadAsync(Local("file"), "/other.txt", Default, null, Bound);
        Assert.Equal(["new.txt", "other.txt"], There());
        Assert.Equal(File.ReadAllBytes(Local("file")), Served("new.txt"));
        Assert.Equal(6 + 1 + 1, Count("STOR"));
        Assert.Contains(session.Habits, habit => habit.Name == "accepts no temporary names");
        // What is there could be lost.
        var error = await FailsAsync("FtpCommandNotSupported", () => session.UploadAsync(Local("file"), "/new.txt", Default, null, Bound));
        Assert.Contains("-Direct", error.Message);
        await session.UploadAsync(Local("file"), "/new.txt", Default with { Direct = true }, null, Bound);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_former_file_is_left_alone_where_no_other_name_is_taken()
    {
        Server.On("STOR", (c, argument) => argument.EndsWith(".txt", StringComparison.Ordinal) ? c.HandleAsync("STOR", argument) : c.ReplyAsync("553 File type not allowed"));
        Serve("new.txt", 3);
        Fill("file", 70_000);
        using var session = await ConnectAsync();
        var error = await Assert.ThrowsAnyAsync<FtpException>(() => session.UploadAsync(Local("file"), "/new.txt", Default, null, Bound));
        Assert.Contains("-Direct", error.Message);
        Assert.Equal(3, Served("new.txt").Length);
        await ProveAsync(session);
    }

    [Fact]
    public async Task What_may_not_be_written_at_all_is_told_after_few_tries()
    {
        Server.On("STOR", (c, _) => c.ReplyAsync("550 Permission denied"));
        Fill("file", 3);
        using var session = await ConnectAsync();
        for (var i = 0; i < 3; i++)
            await FailsAsync("FtpPermissionDenied", () => session.UploadAsync(Local("file"), "/new.txt", Default, null, Bound));
        // As a path and as a name, with a dot and without; the short one is tried once.
        Assert.Equal(2 * (3 + 2 + 2), Count("STOR"));
        Assert.Equal("doesn't offer TLS", Assert.Single(session.Habits).Name);
    }

    [Fact]
    public void Short_names_have_eight_letters_and_three()
    {
        var name = new PartName("file.txt", 3, null);
        string[] names = [name.New(PartForm.Short), name.New(PartForm.Short), name.Former(PartForm.Short)];
        Assert.All(names, one => Assert.Matches("^ft[0-9a-z]{6}\\.(tmp|old)$", one));
        Assert.Equal(3, names.Distinct().Count());
        Assert.All(names, one => Assert.Equal(PartForm.Short, PartName.FormOf(one)));
        Assert.True(name.IsFormer(names[2]));
        Assert.False(name.IsForTarget(names[0]));
        Assert.Equal(names[2], new PartName("file.txt", 4, null).Former(PartForm.Short));
        Assert.NotEqual(names[2], new PartName("file.tx", 3, null).Former(PartForm.Short));
    }

    [Theory]
    [InlineData("552 Quota exceeded", "FtpDiskFull")]
    [InlineData("550 Virus found", "FtpPermissionDenied")]
    public async Task What_was_begun_and_refused_is_left_under_no_name(string refusal, string id)
    {
        Server.On("STOR", async (c, argument) =>
        {
            if (!argument.EndsWith(".txt", StringComparison.Ordinal))
                await c.ReplyAsync("553 File type not allowed");
            else
                await TakeAndRefuseAsync(c, argument, refusal);
        });
        Fill("file", 70_000);
        using var session = await ConnectAsync();
        var error = await Assert.ThrowsAnyAsync<FtpException>(() => session.UploadAsync(Local("file"), "/new.txt", Default, null, Bound));
        Assert.Empty(There());
        Assert.Equal(id, error.ErrorId);
        Server.Off("STOR");
        await ProveAsync(session);
    }

    [Fact]
    public async Task No_part_is_left_of_the_names_that_were_tried()
    {
        Server.On("STOR", (c, argument) => TakeAndRefuseAsync(c, argument, "550 Virus found"));
        Fill("file", 70_000);
        using var session = await ConnectAsync();
        await Assert.ThrowsAnyAsync<FtpException>(() => session.UploadAsync(Local("file"), "/new.txt", Default, null, Bound));
        Assert.Empty(There());
        Server.Off("STOR");
        await ProveAsync(session);
    }

    /// <summary>Takes the beginning of a file, keeps it, and says no.</summary>
    private async Task TakeAndRefuseAsync(LoopbackConnection connection, string argument, string refusal)
    {
        await connection.ReplyAsync("150 Go on");
        var buffer = new byte[1000];
        await using (var data = await connection.OpenDataStreamAsync())
            await data.ReadExactlyAsync(buffer, Bound);
        await File.WriteAllBytesAsync(Path.Combine(Server.Root, argument.TrimStart('/')), buffer, Bound);
        await connection.ReplyAsync(refusal);
    }
}
