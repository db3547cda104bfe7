using System;
using System.Threading.Tasks;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>What can go wrong between the callers of one session, and between the names of one side and the other.</summary>
public sealed class SessionFaultTests : LoopbackTest
{
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

    [Fact]
    public void Options_do_not_tell_the_password() =>
        Assert.DoesNotContain(Server.Password, (Options with { Account = "billing" }).ToString() + Options);
}
