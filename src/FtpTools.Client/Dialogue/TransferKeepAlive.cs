using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>What keeps the control connection in use while bytes move over another one, and what is said when it was lost.</summary>
internal sealed class TransferKeepAlive(ProtocolInterpreter pi)
{
    /// <summary>A NAT keeps a connection for longer than this, so that a loss has another reason sooner.</summary>
    private static readonly TimeSpan _leastSilence = TimeSpan.FromSeconds(30);

    /// <summary>What breaks sooner after a NOOP broke over it.</summary>
    private static readonly TimeSpan _noopTime = TimeSpan.FromSeconds(5);

    private readonly List<OwedReply> _noops = [];
    private readonly Stopwatch _silence = Stopwatch.StartNew();
    private TimeSpan? _silenceAtEnd; // of the bytes: who waits for the last reply is silent too

    /// <summary>Whether a NOOP has not been answered.</summary>
    public bool IsOwed => _noops.Any(noop => !noop.IsComplete);

    /// <summary>Whether what breaks now may have broken over a NOOP.</summary>
    public bool IsRecent => IsOwed && _silence.Elapsed < _noopTime;

    /// <summary>The transfer's command was sent: from now on the control connection is silent.</summary>
    public void Begin() => _silence.Restart();

    /// <summary>
    /// Waits for the bytes to have moved or for a reply, whichever comes first. With -KeepAliveSec a NOOP is said after each
    /// such time without either.
    /// </summary>
    /// <remarks>
    /// TCP's own question keeps most NATs content, and is always on. NOOP is for those that want to see bytes, and said only
    /// to a user who asked for it, for RFC 959 has no place for it in mid-transfer. Measured, by thousands of transfers with
    /// one to three NOOPs at every point of them, plain and TLS, that ran to their end: each has exactly one reply.
    /// vsftpd 3.0.3: 200, after the 226. ProFTPD 1.3.8: "200 NOOP: data transfer in progress" at once, but after the 226
    /// where it sends a file in clear text, by sendfile. Pure-FTPd 1.0.50: "500 Unknown command" at once, and 200 if it
    /// came after the last byte; two in one read would have one reply, but these are seconds apart. Where a transfer is
    /// given up, too few may come (Pure-FTPd, TLS: 3 of 150). So replies are counted, told by their codes, which no
    /// transfer ends with that runs to its end, and the connection is closed when one is missing.
    /// </remarks>
    public async Task WhenMovedOrReplyAsync(Task moving, DataAttempt attempt)
    {
        var either = Task.WhenAny(moving, pi.Control.WhenReplyAsync());
        while (pi.Options.KeepAlive > TimeSpan.Zero && !pi.Habits.Has(ServerHabit.NoNoopInTransfer))
        {
            using var stop = new CancellationTokenSource();
            var first = await Task.WhenAny(either, Task.Delay(pi.Options.KeepAlive, stop.Token)).ConfigureAwait(false);
            stop.Cancel();
            if (first == either)
                break;
            if (!attempt.HasBegun)
                continue;
            _noops.AddRange(await pi.Control.SendAsync([(new FtpCommand("NOOP"), ReplySequence.Aside)], CancellationToken.None).ConfigureAwait(false));
            _silence.Restart();
        }

        await either.ConfigureAwait(false);
        if (moving.IsCompleted)
            _silenceAtEnd ??= _silence.Elapsed;
    }

    /// <summary>Takes the replies to NOOPs that come after the transfer's own. Where they do not come, the connection is of no more use, but the transfer is as it is.</summary>
    public async Task SettleAsync(TimeSpan grace)
    {
        if (!IsOwed)
            return;
        await pi.SettleAsync(grace, FtpErrorKind.ConnectionLost, $"{pi.Server} didn't reply to NOOP after a transfer").ConfigureAwait(false);
        if (!pi.Control.IsOpen)
            pi.Habits.Learn(ServerHabit.NoNoopInTransfer, "a NOOP during a transfer wasn't answered");
    }

    /// <summary>The loss of the control connection in a transfer, with what is known of the bytes, and of a likely reason.</summary>
    public FtpException AfterSilence(FtpConnectionException lost, TransferRequest request, DataAttempt attempt, bool hasEnded)
    {
        return attempt.HasBegun && !pi.IsClosing && lost.Reply is null
            ? lost.Adding(Explain(request.Verb, attempt.Moved, request.Expected, hasEnded, HowLost(lost), _silenceAtEnd ?? _silence.Elapsed, pi.Options.KeepAlive))
            : lost;
    }

    /// <summary>How a control connection ends.</summary>
    internal enum Loss
    {
        /// <summary>Nothing came.</summary>
        Silence,

        /// <summary>It was reset.</summary>
        Reset,

        /// <summary>The server closed it.</summary>
        Close,
    }

    private static Loss HowLost(FtpConnectionException lost) =>
        lost.Kind == FtpErrorKind.Timeout ? Loss.Silence : lost.GetBaseException() is EndOfStreamException ? Loss.Close : Loss.Reset;

    /// <summary>What is said of a transfer whose control connection was lost.</summary>
    /// <param name="verb">The transfer's command.</param>
    /// <param name="moved">How many bytes had moved.</param>
    /// <param name="expected">How many should be received; null when that is not known.</param>
    /// <param name="hasEnded">Whether the data connection had ended as it should.</param>
    /// <param name="loss">How it ended.</param>
    /// <param name="silence">How long the control connection had not been used while bytes moved.</param>
    /// <param name="keepAlive">The session's -KeepAliveSec; zero for none.</param>
    internal static string Explain(string verb, long moved, long? expected, bool hasEnded, Loss loss, TimeSpan silence, TimeSpan keepAlive)
    {
        var isUpload = verb is "STOR" or "APPE";
        var bytes = (isUpload, hasEnded) switch
        {
            (true, true) => $"All {moved} bytes had been sent, but the server hadn't confirmed the transfer.",
            (true, false) => $"{moved} bytes had been sent.",
            (false, true) when moved == expected => $"All {moved} bytes had been received, but the server hadn't confirmed the transfer.",
            (false, true) => $"{moved} bytes had been received and the data connection had ended, but the server hadn't confirmed the transfer.",
            _ => $"{moved} bytes had been received.",
        };
        // A NAT that has forgotten a connection drops what comes over it, or resets it at the next packet. It does not close it.
        var isForgotten = silence >= _leastSilence && (loss == Loss.Silence ? hasEnded : loss == Loss.Reset);
        return (isForgotten, keepAlive > TimeSpan.Zero) switch
        {
            (true, false) => FormattableString.Invariant($"{bytes} The control connection had been idle for {silence.TotalSeconds:0} seconds, as usual during a transfer, and a router (NAT) or firewall may have dropped it. To keep it in use, specify Connect-Ftp -KeepAliveSec 30."),
            (true, true) => FormattableString.Invariant($"{bytes} A router (NAT) or firewall may have dropped the control connection, which had been idle for {silence.TotalSeconds:0} seconds. Specify a smaller -KeepAliveSec than {keepAlive.TotalSeconds:0.#}."),
            _ => bytes,
        };
    }
}
