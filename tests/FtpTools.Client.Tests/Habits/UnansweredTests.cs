using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Tests.Faults;
using Xunit;

namespace FtpTools.Tests.Habits;

/// <summary>Commands of the login that a server never answers, or hangs up over, are given up in time, and not said a second time.</summary>
public sealed class UnansweredTests : LoopbackTest
{
    [Theory]
    [InlineData("FEAT")]
    [InlineData("SYST")]
    [InlineData("OPTS")]
    [InlineData("AUTH")]
    public async Task What_is_never_answered_is_not_said_again(string verb)
    {
        if (verb == "SYST")
            WithoutFacts();
        Server.On(verb, (_, _) => Task.CompletedTask);
        using var session = await FtpSession.ConnectAsync(Options with { MaxConnection = 2 }, Bound);
        var said = Count(verb);
        Assert.InRange(said, 1, 2); // together with another one, and alone
        Assert.Contains(session.Habits, habit => habit.Evidence.Contains($"{verb} wasn't answered within 1 s", StringComparison.Ordinal));
        await ListAsync(session);
        await ProveAsync(session);
        // Nor by the session's other connections.
        Serve("one", 200_000);
        Serve("two", 200_000);
        var results = new List<FtpTransferResult>();
        await TransferTreeAsync(session, Default, results.Add, batch =>
        {
            batch.AddDownload(new FtpItem { Name = "one", FullName = "/one", ItemType = FtpItemType.File }, Local("one"));
            batch.AddDownload(new FtpItem { Name = "two", FullName = "/two", ItemType = FtpItemType.File }, Local("two"));
        });
        Assert.All(results, result => Assert.Equal(FtpTransferStatus.Succeeded, result.Status));
        Assert.Equal(said, Count(verb));
    }

    [Fact]
    public async Task A_connection_that_is_lost_once_over_FEAT_is_asked_again()
    {
        var times = 0;
        Server.On("FEAT", (c, argument) =>
        {
            if (Interlocked.Increment(ref times) > 1)
                return c.HandleAsync("FEAT", argument);
            c.Close();
            return Task.CompletedTask;
        });
        using var session = await ConnectAsync();
        await ListAsync(session);
        Assert.Equal(1, Count("MLSD"));
        Assert.DoesNotContain(session.Habits, habit => habit.Name.Contains("unanswered", StringComparison.Ordinal));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("FEAT")]
    [InlineData("SYST")]
    public async Task A_server_that_hangs_up_over_what_it_does_not_know_is_not_told_it_a_third_time(string verb)
    {
        if (verb == "SYST")
            WithoutFacts();
        Server.On(verb, (c, _) =>
        {
            c.Close();
            return Task.CompletedTask;
        });
        using var session = await ConnectAsync();
        Assert.InRange(Count(verb), 2, 3); // the first of three in one write with another one
        Assert.Contains(session.Habits, habit => habit.Name.Contains("unanswered", StringComparison.Ordinal));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_silence_to_AUTH_is_no_leave_to_go_on_without_TLS_where_it_is_insisted_on()
    {
        Server.On("AUTH", (_, _) => Task.CompletedTask);
        await FailsAsync("FtpTimeout", () => FtpSession.ConnectAsync(Options with { Tls = FtpTlsMode.Explicit }, Bound));
        Assert.Equal(0, Count("USER"));
    }

    [Fact]
    public async Task A_loss_over_AUTH_is_no_leave_to_go_on_without_TLS()
    {
        Server.On("AUTH", (c, _) =>
        {
            c.Close();
            return Task.CompletedTask;
        });
        await FailsAsync("FtpConnectionLost", ConnectAsync);
        Assert.Equal(0, Count("USER"));
    }

    [Fact]
    public async Task A_test_tells_what_is_not_answered()
    {
        Server.On("FEAT", (_, _) => Task.CompletedTask);
        var tests = new List<FtpConnectionTest>();
        await FtpSession.TestAsync(Options, FtpMode.Epsv, null, tests.Add, Bound);
        var features = Assert.Single(tests, test => test.Step == FtpTestStep.Features);
        Assert.True(features.Succeeded, features.Diagnosis);
        Assert.Contains("leaves commands unanswered ('FEAT wasn't answered within 1 s')", features.Diagnosis);
        Assert.True(tests[^1].Succeeded);
    }

    [Fact]
    public async Task A_cancelled_login_ends_at_once()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.On("FEAT", (_, _) =>
        {
            asked.TrySetResult();
            return Task.CompletedTask;
        });
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Bound);
        var login = FtpSession.ConnectAsync(Options with { Timeout = TimeSpan.FromMinutes(1), OptionalTimeout = TimeSpan.FromSeconds(30) }, cancel.Token);
        await asked.Task.WaitAsync(Bound);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => login);
        Assert.Equal(1, Count("FEAT"));
        Server.Off("FEAT");
        using var session = await ConnectAsync();
        await ProveAsync(session);
    }
}
