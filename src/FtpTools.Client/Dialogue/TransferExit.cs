using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;

namespace FtpTools.Dialogue;

/// <summary>How a transfer is left that did not come to its end: what is owed is settled, and what is to be said of it found.</summary>
internal sealed class TransferExit(ProtocolInterpreter pi, DataAgreement agreement, TransferKeepAlive keepAlive, TransferRequest request, DataAttempt attempt)
{
    /// <summary>Its data connection.</summary>
    public required DataConnection Data { get; init; }

    /// <summary>What is owed for its command; null when that was not sent.</summary>
    public required OwedReply? Owed { get; init; }

    /// <summary>What is owed for the EPSV that was sent along; null for none.</summary>
    public required OwedReply? Ahead { get; init; }

    /// <summary>What moves its bytes; null when it did not come to that.</summary>
    public required Task? Moving { get; init; }

    /// <summary>
    /// The one way out of a transfer that did not come to its end, whatever ended it: a refusal, a cancel, a callback that
    /// threw, the disk, the wire. What is still owed is waited for, within bounds, or the connection is closed.
    /// </summary>
    /// <returns>What the caller is to hear of it.</returns>
    public async Task<Exception> LeaveAsync(Exception e, CancellationToken cancellationToken)
    {
        // Of now, and not of when all is settled, which takes its time.
        var isAfterNoop = keepAlive.IsRecent;
        Data.Dispose();
        if (Moving is not null)
            await Task.WhenAny(Moving).ConfigureAwait(false);
        // A server whose call did not come is still dialling, mostly for a minute, and has had its time to say so.
        var isStillDialling = attempt.IsActive && !Data.IsOpen && e.InnerException is TimeoutException;
        if (Owed is not null)
            await SettleAsync(cancellationToken.IsCancellationRequested || isStillDialling ? ProtocolInterpreter.CancelGrace : ProtocolInterpreter.FailureGrace).ConfigureAwait(false);
        attempt.Take(Data);
        attempt.HasBegun |= Owed?.HasBegun == true;
        attempt.Reply = Owed?.Final ?? attempt.Reply;
        attempt.TimedOut = e.InnerException is TimeoutException;
        if (cancellationToken.IsCancellationRequested)
            return e is OperationCanceledException ? e : new OperationCanceledException(cancellationToken);
        // Who drops both connections over it may have the end of the data be seen first.
        if (isAfterNoop && !pi.Control.IsOpen && e is FtpConnectionException or FtpException { Kind: FtpErrorKind.DataConnectionFailed })
            pi.Habits.Learn(ServerHabit.NoNoopInTransfer, e.Message);
        var cause = Explain(e);
        if (attempt.IsDataAhead && request.Verb is "STOR" or "APPE" && cause is FtpException { Kind: FtpErrorKind.Timeout or FtpErrorKind.DataConnectionFailed } lost and not FtpCommandException)
            BlameDataAhead(lost);
        // What went before the command was read apart from it, once that has begun; the EPSV behind it may break all of it.
        if (IsOfAnnouncingAhead(cause) || (IsAnomaly(cause) && (Ahead is not null || (attempt.IsSentAhead && !attempt.HasBegun))))
            BlameWhatWasSentAhead((FtpException)cause);
        return cause;
    }

    /// <summary>What ended the transfer, with what the server said of it.</summary>
    private Exception Explain(Exception e)
    {
        if (e is FtpConnectionException lost)
            return keepAlive.AfterSilence(lost, request, attempt, hasEnded: Moving?.Status == TaskStatus.RanToCompletion);
        // When the wire broke, the server often says why; of a local failure it only saw that it was hung up on.
        if (e is FtpException { Kind: not (FtpErrorKind.LocalFileError or FtpErrorKind.DiskFull) } failure and not FtpCommandException && Owed?.Final is { IsNegative: true } late)
            return IsCause(request.Verb, late, failure, attempt) ? FtpRefusal.Create(request.Verb, late, request.Task, request.Path, pi.Server) : failure.Adding($"The server replied '{late}'.");
        return e;
    }

    private static bool IsAnomaly(Exception e) =>
        e is FtpException { Kind: FtpErrorKind.ConnectionLost or FtpErrorKind.Timeout or FtpErrorKind.DataConnectionFailed or FtpErrorKind.TlsFailed or FtpErrorKind.TransferIncomplete };

    /// <summary>
    /// Whether the server has forgotten the port that it announced ahead: it refuses for another reason than the file's
    /// (ftp-srv: "551 No connector setup").
    /// </summary>
    private bool IsOfAnnouncingAhead(Exception e) =>
        attempt is { IsAnnouncedAhead: true, HasBegun: false } && e is FtpCommandException { Reply.Code: 425 or 426 or 451 or 500 or 501 or 503 or 551 };

    /// <summary>
    /// Ends, for the session, what saves round trips, when a transfer failed that something had been sent along with, and
    /// not by a plain refusal: pyftpdlib and ftp-srv drop the running transfer over an EPSV, aioftp the connection.
    /// </summary>
    private void BlameWhatWasSentAhead(FtpException failure)
    {
        pi.Habits.Learn(ServerHabit.OneCommandAtATime, failure.Message);
        failure.IsOfSendingAhead = true;
        pi.Trace(FtpLogLevel.Information, $"A transfer failed after another command had been sent in advance, so {pi.Server} is sent only one command at a time from now on. ({failure.Message})");
    }

    /// <summary>
    /// Ends, for the session, that the bytes of an upload go before the reply to its command: over a relay, or where a packet is
    /// lost, they may overtake the command too. pyftpdlib takes what comes then for the end of the data connection, says 150,
    /// and waits for another one.
    /// </summary>
    private void BlameDataAhead(FtpException failure)
    {
        pi.Habits.Learn(ServerHabit.NoDataAhead, failure.Message);
        pi.Trace(FtpLogLevel.Information, $"An upload failed whose data had been sent before the reply to {request.Verb}, so it waits for the reply from now on. ({failure.Message})");
    }

    /// <summary>Waits for what is owed. A server that does not answer is told ABOR.</summary>
    private async Task SettleAsync(TimeSpan grace)
    {
        try
        {
            var end = DateTime.UtcNow + TimeSpan.FromTicks(grace.Ticks / 2);
            while (pi.Control.IsOpen && !Owed!.IsComplete && await pi.Control.TryPutDownAsync(end - DateTime.UtcNow).ConfigureAwait(false))
            {
                // Pure-FTPd ends a download whose data connection was closed with a second 150, and says no more of it.
                if (Owed.TryTake(out var reply) && reply.IsPreliminary && attempt.HasBegun)
                    break;
                attempt.HasBegun |= Owed.HasBegun;
            }

            if (pi.Control.IsOpen && !Owed!.IsComplete)
                await pi.AbortAsync(attempt.HasBegun || Owed.HasBegun, TimeSpan.FromTicks(grace.Ticks / 2)).ConfigureAwait(false);
            else if (pi.Control.IsOpen && Ahead is { } ahead)
                await agreement.TakeAheadAsync(ahead, ProtocolInterpreter.CancelGrace).ConfigureAwait(false);
        }
        catch (FtpConnectionException)
        {
            // Closed, with the reason kept.
        }

        await pi.SettleAsync(grace, FtpErrorKind.ConnectionLost, $"{pi.Server} didn't reply to all commands that were sent together with a failed transfer").ConfigureAwait(false);
    }

    /// <summary>
    /// Whether a transfer broke because the server refused it, rather than of itself: it closes the data connection as it
    /// refuses, and what is sent or shaken hands on by then breaks, sooner than the refusal is read or later.
    /// </summary>
    private static bool IsCause(string verb, FtpReply refusal, FtpException broken, DataAttempt attempt) =>
        broken is { Kind: FtpErrorKind.DataConnectionFailed or FtpErrorKind.TlsFailed or FtpErrorKind.Timeout, InnerException: not TimeoutException }
        // Of the file system, once it had begun; of anything but TLS and the data connection's end before.
        && (attempt.HasBegun ? FtpRefusal.IsDiskFull(verb, refusal) || refusal.Code is >= 550 and < 560 : refusal.Code is not (426 or 521 or 522 or 533 or 534));
}
