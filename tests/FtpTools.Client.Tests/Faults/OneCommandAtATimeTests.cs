using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>Servers that take what one packet holds for one command, or that drop a transfer over a command that comes with its own.</summary>
public sealed class OneCommandAtATimeTests : LoopbackTest
{
    private new FtpClientOptions Options => base.Options with { Tls = FtpTlsMode.None };

    [Theory]
    [InlineData("451 Requested action aborted.")] // npm's ftpd: one answer for both, and neither is done
    [InlineData("")] // LightFTP hangs up
    public async Task A_server_that_reads_one_command_a_packet_is_found_out_at_login_and_once(string answer)
    {
        Server.OneCommandAPacket = answer;
        Serve("down", 100_000);
        using var session = await FtpSession.ConnectAsync(Options, Bound);
        Assert.Equal(["accepts only one command at a time"], session.Habits.Select(habit => habit.Name));
        await File.WriteAllBytesAsync(Local("up"), [1, 2, 3]);
        Assert.Equal(FtpTransferStatus.Succeeded, (await session.UploadAsync(Local("up"), "/up", Default, null, Bound)).Status);
        var item = await session.GetItemAsync("/down", Bound);
        Assert.Equal(1, (await session.DownloadAsync(item, Local("down"), Default, null, Bound)).Attempts);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(Server.Root, "down")), await File.ReadAllBytesAsync(Local("down")));
        await session.RenameAsync("/up", "/renamed", Bound);
        Assert.Equal(["down", "renamed"], (await ListAsync(session)).Select(found => found.Name).Order(StringComparer.Ordinal));

        // The next session of the process knows the host.
        using var next = await FtpSession.ConnectAsync(Options, Bound);
        await next.DeleteFileAsync("/renamed", Bound);
        Assert.Equal((1, 3), (Server.PacketsOfSeveral, Server.AcceptedCount));
    }

    [Fact]
    public async Task Nothing_is_sent_together_where_the_user_says_never()
    {
        Server.OneCommandAPacket = "451 Never.";
        using var session = await FtpSession.ConnectAsync(Options with { SendAhead = FtpSendAhead.Never }, Bound);
        await File.WriteAllBytesAsync(Local("up"), [1, 2, 3]);
        await session.UploadAsync(Local("up"), "/up", Default, null, Bound);
        Assert.Equal((0, 1), (Server.PacketsOfSeveral, Server.AcceptedCount));
        Assert.Empty(session.Habits);
    }

    [Fact]
    public async Task A_transfer_that_breaks_over_the_EPSV_behind_it_is_done_again_without_one_and_is_no_try()
    {
        // aioftp drops the connection.
        var isDropping = true;
        Server.On("EPSV", (connection, argument) =>
        {
            if (!isDropping || Server.Commands.Count(line => line == "EPSV") < 3)
                return connection.HandleAsync("EPSV", argument);
            isDropping = false;
            connection.Drop();
            return Task.CompletedTask;
        });
        using var session = await FtpSession.ConnectAsync(Options with { SendAhead = FtpSendAhead.Always }, Bound);
        for (var i = 0; i < 6; i++)
            Serve($"file{i}", 3000);
        var results = new System.Collections.Concurrent.ConcurrentBag<FtpTransferResult>();
        var batch = session.BeginTransfers(Default, null, results.Add, null, Bound);
        batch.AddDownloadTree("/", Local("tree"));
        await batch.CompleteAsync();
        Assert.Equal(6, results.Count);
        Assert.All(results, result => Assert.Equal((FtpTransferStatus.Succeeded, 1), (result.Status, result.Attempts)));
        Assert.Equal(6, Directory.GetFiles(Local("tree")).Length);
        Assert.Contains(session.Habits, habit => habit.Name == "accepts only one command at a time");
        Assert.False(isDropping);
    }

    [Fact]
    public async Task A_port_that_was_announced_ahead_and_forgotten_is_asked_for_again_and_no_more_ahead()
    {
        Server.On("RETR", (connection, argument) => Count("RETR") == 2 ? connection.ReplyAsync("551 No connector setup.") : connection.HandleAsync("RETR", argument));
        using var session = await FtpSession.ConnectAsync(Options with { SendAhead = FtpSendAhead.Always }, Bound);
        for (var i = 0; i < 4; i++)
            Serve($"file{i}", 3000);
        var results = new System.Collections.Concurrent.ConcurrentBag<FtpTransferResult>();
        await TransferTreeAsync(session, Default, results.Add, batch => batch.AddDownloadTree("/", Local("tree")));
        Assert.All(results, result => Assert.Equal(FtpTransferStatus.Succeeded, result.Status));
        Assert.Equal((4, 5), (results.Count, Count("RETR")));
        Assert.Contains(session.Habits, habit => habit.Name == "accepts only one command at a time");
    }

    [Theory]
    [InlineData("331 What?")]
    [InlineData("150 And then nothing.")]
    public async Task A_reply_that_cannot_end_a_command_is_neither_yes_nor_no(string reply)
    {
        var isOdd = true;
        Server.On("DELE", (connection, argument) => isOdd ? connection.ReplyAsync(reply) : connection.HandleAsync("DELE", argument));
        Serve("kept", 10);
        using var session = await FtpSession.ConnectAsync(Options, Bound);
        await FailsAsync("FtpConnectionLost", () => session.DeleteFileAsync("/kept", Bound));
        isOdd = false;
        await session.DeleteFileAsync("/kept", Bound);
        Assert.Empty(await ListAsync(session));
    }

    [Fact]
    public async Task A_flood_of_preliminary_replies_ends()
    {
        Server.On("RETR", async (connection, _) =>
        {
            for (var i = 0; i < 1000; i++)
                await connection.ReplyAsync("150 Soon.");
        });
        Serve("file", 10);
        using var session = await FtpSession.ConnectAsync(Options, Bound);
        var item = await session.GetItemAsync("/file", Bound);
        await FailsAsync("FtpConnectionLost", () => session.DownloadAsync(item, Local("file"), Default, null, Bound));
        Assert.Equal(["file"], (await ListAsync(session)).Select(found => found.Name));
    }
}
