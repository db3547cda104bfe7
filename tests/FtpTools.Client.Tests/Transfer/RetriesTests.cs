using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Transfer;
using Xunit;

namespace FtpTools.Tests.Transfer;

/// <summary>Which failures pass, which are worth waiting for, and what bounds the tries.</summary>
public sealed class RetriesTests
{
    private static readonly FtpTransferOptions _forTime = new() { RetryFor = TimeSpan.FromHours(2) };

    [Theory]
    [InlineData("421 Shutting down", FtpErrorKind.LoginFailed, false, true)]
    [InlineData("450 Try later", FtpErrorKind.LoginFailed, false, true)]
    [InlineData("430 Invalid username or password", FtpErrorKind.LoginFailed, false, false)]
    [InlineData("530 Login incorrect", FtpErrorKind.LoginFailed, false, false)]
    [InlineData("550 No", FtpErrorKind.CommandRefused, false, false)]
    [InlineData("450 Busy", FtpErrorKind.CommandRefused, true, true)]
    [InlineData("452 No space left", FtpErrorKind.DiskFull, false, false)]
    public void A_refusal_passes_or_does_not(string reply, FtpErrorKind kind, bool byCount, bool byTime)
    {
        var error = new FtpCommandException(kind, "No.", new FtpReply(int.Parse(reply.AsSpan(0, 3), null), [reply[4..]]));
        Assert.Equal((byCount, byTime), (new Retries(new FtpTransferOptions()).Allow(error, 1), new Retries(_forTime).Allow(error, 1)));
    }

    [Theory]
    [InlineData(FtpErrorKind.HostUnreachable, true, true)]
    [InlineData(FtpErrorKind.Timeout, true, true)]
    [InlineData(FtpErrorKind.ConnectionLost, true, true)]
    [InlineData(FtpErrorKind.TlsFailed, false, true)]
    [InlineData(FtpErrorKind.CertificateRejected, false, false)]
    [InlineData(FtpErrorKind.SessionClosed, false, false)]
    public void The_loss_of_a_connection_passes_or_does_not(FtpErrorKind kind, bool byCount, bool byTime)
    {
        var error = new FtpConnectionException(kind, "Gone.");
        Assert.Equal((byCount, byTime), (new Retries(new FtpTransferOptions()).Allow(error, 1), new Retries(_forTime).Allow(error, 1)));
    }

    [Fact]
    public void What_is_marked_as_worth_waiting_is_waited_for_with_a_time_alone_and_stays_marked()
    {
        var error = new FtpException(FtpErrorKind.LocalFileError, "In use.") { IsWorthWaiting = true }.Adding("More.");
        Assert.Equal((false, true), (new Retries(new FtpTransferOptions()).Allow(error, 1), new Retries(_forTime).Allow(error, 1)));
    }

    [Fact]
    public void A_time_bounds_no_count_unless_one_is_given_too()
    {
        var error = new FtpConnectionException(FtpErrorKind.HostUnreachable, "Gone.");
        Assert.False(new Retries(new FtpTransferOptions()).Allow(error, 4));
        Assert.True(new Retries(_forTime).Allow(error, 4000));
        Assert.False(new Retries(_forTime with { RetryCount = 5 }).Allow(error, 6));
    }

    [Fact]
    public async Task A_wait_that_is_over_while_it_is_looked_at_has_ended()
    {
        var error = new FtpConnectionException(FtpErrorKind.ConnectionLost, "Gone.");
        for (var i = 0; i < 300; i++)
        {
            var retries = new Retries(new FtpTransferOptions { RetryFor = TimeSpan.FromMilliseconds(0.5) });
            if (retries.Allow(error, 1))
                await retries.WaitAsync("to do it", error, 1, static (_, _) => { }, null, CancellationToken.None);
        }
    }

    [Fact]
    public void Who_comes_later_waits_no_longer_for_a_server_that_was_away_by_then()
    {
        var error = new FtpConnectionException(FtpErrorKind.HostUnreachable, "Gone.");
        var options = new FtpTransferOptions { RetryFor = TimeSpan.FromTicks(1) };
        var absence = new Absence();
        Assert.Equal(TimeSpan.Zero, absence.Elapsed);
        absence.Begin();
        while (absence.Elapsed < options.RetryFor)
            continue;
        var late = new Retries(options, absence);
        Assert.False(late.Allow(error, 1));
        Assert.True(late.IsTimeOver);
        absence.End();
        Assert.Equal(TimeSpan.Zero, absence.Elapsed);
    }

    [Fact]
    public void Waits_grow_to_half_a_minute_or_with_a_time_to_two_minutes()
    {
        Assert.InRange(RetryPolicy.Delay(2).TotalSeconds, 0.25, 0.5);
        Assert.InRange(RetryPolicy.Delay(2, isForTime: true).TotalSeconds, 0.25, 0.5);
        Assert.InRange(RetryPolicy.Delay(40).TotalSeconds, 15, 30);
        Assert.InRange(RetryPolicy.Delay(4000, isForTime: true).TotalSeconds, 60, 120);
    }
}
