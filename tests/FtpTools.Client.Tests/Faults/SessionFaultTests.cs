using System;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>What can go wrong between the callers of one session, and between the names of one side and the other.</summary>
public sealed class SessionFaultTests : LoopbackTest
{
    // What an encoding makes of names that it cannot write; Windows has no such file, and the test less to say.
    private static readonly string _asQuestionMarks = OperatingSystem.IsWindows() ? "other.txt" : "??.txt";

    [Fact]
    public async Task A_keep_alive_holds_its_place_in_the_pool()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.On("NOOP", async (connection, _) =>
        {
            asked.TrySetResult();
            await answer.Task;
            await connection.ReplyAsync("200 Still here.");
        });
        // The server takes one connection alone, which is the one that the NOOP is under way on.
        Server.MaxConnections = 1;
        using var session = await FtpSession.ConnectAsync(
            Options with { KeepAlive = TimeSpan.FromMilliseconds(50), Timeout = TimeSpan.FromSeconds(25) }, Bound);
        await asked.Task.WaitAsync(Bound);
        var work = ListAsync(session);
        answer.SetResult();
        Assert.Empty(await work.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(1, Server.AcceptedCount);
        Server.Off("NOOP");
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("us-ascii")]
    [InlineData("iso-8859-1")]
    public async Task A_name_that_the_encoding_cannot_write_is_refused_and_never_changed(string encoding)
    {
        Serve(_asQuestionMarks, 3);
        using var session = await FtpSession.ConnectAsync(Options with { Encoding = Encoding.GetEncoding(encoding) }, Bound);
        var error = await FailsAsync("FtpInvalidName", () => session.DeleteFileAsync("/日本.txt", Bound));
        Assert.Contains("-Encoding", error.Message);
        Assert.Equal("/日本.txt", error.Path);
        Assert.Equal(0, Count("DELE"));
        Assert.True(File.Exists(Path.Combine(Server.Root, _asQuestionMarks)));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_name_that_the_encoding_cannot_read_does_not_become_another_one()
    {
        Serve("\u00F1.txt", 3);
        Serve(_asQuestionMarks, 3);
        using var session = await FtpSession.ConnectAsync(Options with { Encoding = Encoding.ASCII }, Bound);
        var other = Assert.Single(await ListAsync(session), item => item.Name != _asQuestionMarks);
        await FailsAsync("FtpInvalidName", () => session.DeleteFileAsync(other.FullName, Bound));
        Assert.Equal(2, Directory.GetFiles(Server.Root).Length);
        await ProveAsync(session);
    }

    [Fact]
    public async Task Half_a_surrogate_pair_is_no_name()
    {
        using var session = await ConnectAsync();
        await FailsAsync("FtpInvalidName", () => session.DeleteFileAsync("/\uD800.txt", Bound));
        await ProveAsync(session);
    }

    [Fact]
    public void Options_do_not_tell_the_password() =>
        Assert.DoesNotContain(Server.Password, (Options with { Account = "billing" }).ToString() + Options);
}
