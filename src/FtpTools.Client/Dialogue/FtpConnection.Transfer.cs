using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <content>Transfers: one data connection each, the bytes that move over it, and the replies before and after.</content>
internal sealed partial class FtpConnection
{
    /// <summary>How long a server may take to say why a transfer broke.</summary>
    private static readonly TimeSpan _failureGrace = TimeSpan.FromSeconds(5);

    /// <summary>How long a server may take to end a data connection over which all has come.</summary>
    private static readonly TimeSpan _endGrace = TimeSpan.FromSeconds(1);

    /// <summary>How long to look for a data connection that the server may or may not have opened.</summary>
    private static readonly TimeSpan _acceptGrace = TimeSpan.FromSeconds(1);

    /// <summary>Receives a file (RETR).</summary>
    /// <param name="path">The file.</param>
    /// <param name="type">The transfer type.</param>
    /// <param name="expected">How many bytes are expected; null when that is not known.</param>
    /// <param name="restartAt">How many bytes to leave out at the beginning (REST).</param>
    /// <param name="consume">Takes a buffer and the count of bytes in it, on the receiving thread.</param>
    /// <param name="isTimeWanted">Ask for the time of the file's last change along with it.</param>
    /// <param name="isFollowed">Whether another transfer is to follow at once; null for no.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    public Task<DataOutcome> RetrieveAsync(
        string path, FtpTransferType type, long? expected, long restartAt, Action<byte[], int> consume, bool isTimeWanted, Func<bool>? isFollowed, CancellationToken cancellationToken) =>
        TransferAsync(
            new TransferRequest("RETR", path, type, $"receive '{path}'", path) { Expected = expected, RestartAt = restartAt, IsTimeWanted = isTimeWanted, IsFollowed = isFollowed },
            () => data => data.ReceiveAsync(consume, DataConnection.ReceiveBufferSize, expected), cancellationToken);

    /// <summary>Sends a file (STOR), or adds to its end (APPE).</summary>
    /// <param name="path">The name it is sent under.</param>
    /// <param name="target">The name it is to have in the end, which is what an error is about.</param>
    /// <param name="append">Add to the end.</param>
    /// <param name="type">The transfer type.</param>
    /// <param name="expected">How many bytes are to be sent; null when that is not known.</param>
    /// <param name="restartAt">How many bytes of it are there already and stay (REST); with <paramref name="append"/> 0.</param>
    /// <param name="start">
    /// Gives what fills a buffer, on the sending thread, and returns the count of bytes, 0 at the end. Asked again when
    /// the server refused a data connection, and then null when the beginning cannot be had again.
    /// </param>
    /// <param name="isFollowed">Whether another transfer is to follow at once; null for no.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    public Task<DataOutcome> StoreAsync(
        string path, string target, bool append, FtpTransferType type, long? expected, long restartAt, Func<Func<byte[], int>?> start, Func<bool>? isFollowed, CancellationToken cancellationToken) =>
        TransferAsync(
            new TransferRequest(append ? "APPE" : "STOR", path, type, $"send '{target}'", target) { RestartAt = restartAt, IsFollowed = isFollowed },
            () => start() is { } produce ? data => data.SendAsync(produce, expected) : null, cancellationToken);

    /// <summary>
    /// One transfer, over the first way to open a data connection that works. What does not work is remembered for the
    /// session; it is tried another way only as long as no byte has moved, or the server has refused to take any.
    /// </summary>
    private async Task<DataOutcome> TransferAsync(TransferRequest request, Func<Func<DataConnection, Task>?> start, CancellationToken cancellationToken)
    {
        var ladder = _traits.Ladder;
        var rungs = ladder.Rungs(_control.RemoteEndPoint.AddressFamily, _options.Proxy is not null);
        if (rungs.Count == 0)
            throw NoActiveThroughProxy(ladder.Mode);
        var failures = new List<string>();
        var move = start()!;
        for (var i = 0; ;)
        {
            // A try that failed may have cost the connection: a server that is still dialling answers nothing else.
            if ((failures.Count > 0 && !IsOpen) || (_traits.AvoidsTls13 && MayGoOnAtTls12))
                await ReconnectAsync(cancellationToken).ConfigureAwait(false);
            await PrepareAsync(request, cancellationToken).ConfigureAwait(false);
            var attempt = new DataAttempt(rungs[i]);
            try
            {
                return await AttemptAsync(request, move, attempt, cancellationToken).ConfigureAwait(false);
            }
            catch (RangeEndException)
            {
                ladder.Prove(attempt.Mode);
                return new DataOutcome(attempt.Mode, false);
            }
            catch (FtpException e) when (attempt.LacksReuse && e is not FtpConnectionException)
            {
                if (!FallBackToTls12())
                    throw NoReuse(attempt, request.Path);
                _control.Trace(FtpLogLevel.Information, $"{Server} demands that data connections resume the TLS session, and there is none left to resume: this session goes on at TLS 1.2. (It said '{attempt.Reply}'.)");
                move = start() ?? throw NotAgain(attempt, request);
            }
            catch (FtpException e) when (e is not FtpConnectionException && IsOfTheDataConnection(e, attempt, request.Verb is "STOR" or "APPE"))
            {
                failures.Add($"{attempt.Mode.ToString().ToUpperInvariant()}: {e.Message}");
                var isForGood = ladder.StepDown(attempt.Mode, attempt.TimedOut);
                var next = ladder.Next(rungs, i);
                if (next >= rungs.Count)
                    throw failures.Count == 1 ? e : Exhausted(e, failures, request);
                i = next;
                _control.Trace(
                    FtpLogLevel.Information,
                    isForGood ? $"{attempt.Mode} does not work here, so {rungs[i]} is used from now on. ({e.Message})" : $"{attempt.Mode}, which has worked before, did not this time, so {rungs[i]} is used. ({e.Message})");
                if (start() is not { } again)
                    throw;
                move = again;
            }
        }
    }

    /// <summary>Says what holds for the transfer: where, and in which type.</summary>
    private async Task PrepareAsync(TransferRequest request, CancellationToken cancellationToken)
    {
        if (request.Directory is { } directory)
            await ChangeDirectoryAsync(directory, request.Task, cancellationToken).ConfigureAwait(false);
        if (request.Type is { } type)
            await TypeAsync(type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Goes on at TLS 1.2, with the next transfer, where 1.3 has left no session to resume.</summary>
    /// <returns>False when that is no way out: it is 1.2 already, or 1.3 was asked for.</returns>
    public bool FallBackToTls12() => MayGoOnAtTls12 && (_traits.AvoidsTls13 = true);

    /// <summary>Makes the connection again before a probe or a segment, where the last one cost it, or it is to go on at TLS 1.2.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        if (!IsOpen || (_traits.AvoidsTls13 && MayGoOnAtTls12))
            await ReconnectAsync(cancellationToken).ConfigureAwait(false);
    }

    private bool MayGoOnAtTls12 => _tls is { IsTls13: true } && _options.TlsVersion == FtpTlsVersion.Any;

    /// <summary>Whether another way to open the data connection might do, and nothing has come of this one.</summary>
    private static bool IsOfTheDataConnection(FtpException e, DataAttempt attempt, bool isUpload) => attempt.Stage switch
    {
        FtpDataStage.Announce => true,
        FtpDataStage.Open => e.Kind == FtpErrorKind.DataConnectionFailed,
        // What was sent ahead of a 150 that never came was not taken.
        _ => (attempt.Moved == 0 || (isUpload && !attempt.HasBegun)) && e is FtpCommandException { Kind: FtpErrorKind.DataConnectionFailed },
    };

    /// <summary>
    /// Whether a transfer broke because the server refused it, rather than of itself: it closes the data connection as it
    /// refuses, and what is sent or shaken hands on by then breaks, sooner than the refusal is read or later.
    /// </summary>
    private static bool IsCause(string verb, FtpReply refusal, FtpException broken, DataAttempt attempt) =>
        broken is { Kind: FtpErrorKind.DataConnectionFailed or FtpErrorKind.TlsFailed or FtpErrorKind.Timeout, InnerException: not TimeoutException }
        // Of the file system, once it had begun; of anything but TLS and the data connection's end before.
        && (attempt.HasBegun ? FtpRefusal.IsDiskFull(verb, refusal) || refusal.Code is >= 550 and < 560 : refusal.Code is not (426 or 521 or 522 or 533 or 534));

    private FtpException NoReuse(DataAttempt attempt, string? path)
    {
        var advice = _options.TlsVersion == FtpTlsVersion.Tls13
            ? "-TlsVersion Any lets the session fall back to TLS 1.2, where sessions can be resumed again and again."
            : "This platform did not resume it. In Windows PowerShell, try PowerShell 7; or have the server not demand it (vsftpd: require_ssl_reuse=NO; ProFTPD: TLSOptions NoSessionReuseRequired); -DataProtection Clear leaves data connections unencrypted.";
        return new FtpCommandException(
            FtpErrorKind.DataConnectionFailed,
            $"{Server} refused the data connection with '{attempt.Reply}', for it did not resume the TLS session of the control connection. {advice}", attempt.Reply!, path);
    }

    private FtpException NotAgain(DataAttempt attempt, TransferRequest request) => new FtpCommandException(
        FtpErrorKind.DataConnectionFailed,
        $"Could not {request.Task} on {Server}: it refused the data connection with '{attempt.Reply}', for there was no TLS session left to resume. The session goes on at TLS 1.2, where there is; but what had been read of the content by then cannot be read again. Send it once more.",
        attempt.Reply!, request.Path);

    private FtpException Exhausted(FtpException last, List<string> failures, TransferRequest request)
    {
        var message = $"Could not {request.Task} on {Server}, for no data connection could be opened. {string.Join(" ", failures)} Test-FtpConnection finds out why.";
        return last is FtpCommandException { Reply: { } reply }
            ? new FtpCommandException(last.Kind, message, reply, request.Path)
            : new FtpException(last.Kind, message, request.Path, last);
    }

    /// <summary>The error of what may have been cut off.</summary>
    public static FtpException Truncated(string what, string path) => new(
        FtpErrorKind.TransferIncomplete,
        $"{what} is not complete, or cannot be known to be: the encrypted data connection ended without the end that TLS gives it (close_notify), as when somebody cuts it. Try again; if it stays so, the server does not end TLS as it should.", path);

    /// <summary>
    /// One try: a data connection, the command, the bytes, the closing reply. It is complete when the data connection has
    /// ended and the closing reply is positive; on any other way out the reply that is still owed is waited for, within
    /// bounds, so that the control connection is in sync or closed.
    /// </summary>
    private async Task<DataOutcome> AttemptAsync(TransferRequest request, Func<DataConnection, Task> move, DataAttempt attempt, CancellationToken cancellationToken)
    {
        var (verb, task, path) = (request.Verb, request.Task, request.Path);
        using var data = await AnnounceAsync(attempt, cancellationToken).ConfigureAwait(false);
        // Right before the command (RFC 959, 4.1.3): some servers forget it over PASV.
        if (request.RestartAt > 0 || _isRestartOpen)
            await RestartAsync(request, cancellationToken).ConfigureAwait(false);
        await _control.ThrowIfOutOfStepAsync(cancellationToken).ConfigureAwait(false);
        // The next data connection's EPSV may be on its way already when this transfer ends. Any later than in the same write
        // it would come in mid-transfer, where ProFTPD says 450 and Pure-FTPd loses step.
        var owesAhead = attempt.Mode == FtpMode.Epsv && request.IsFollowed?.Invoke() == true && _traits.CanAnnounceAhead;
        // MDTM spares its round trip by going before. Not so in active mode and under TLS, where the server waits for this
        // side to answer a call that comes with the transfer's command.
        var asksTime = request.IsTimeWanted && request.RestartAt == 0 && _traits.HasModificationTime && !attempt.IsActive && !_isDataProtected;
        var commands = new List<FtpCommand>(3);
        if (asksTime)
            commands.Add(new FtpCommand("MDTM", request.Argument));
        commands.Add(new FtpCommand(verb, request.Argument));
        if (owesAhead)
            commands.Add(new FtpCommand("EPSV"));
        await _control.SendAsync(commands, cancellationToken).ConfigureAwait(false);
        _isRestartOpen = false;
        _silence.Restart();
        var time = asksTime ? await ReceiveTimeAsync(cancellationToken).ConfigureAwait(false) : null;
        FtpReply? final = null;
        Task? moving = null;
        try
        {
            // Where data connections have been opened this way before, bytes need not wait for the 150; but where a refusal of
            // REST is gone on after, none may have been read.
            var isSure = request.RestartAt == 0 && _traits.Ladder.IsProven(attempt.Mode);
            var (first, failed) = await BeginAsync(data, attempt, isSure, cancellationToken).ConfigureAwait(false);
            attempt.Reply = first ?? attempt.Reply;
            attempt.HasBegun |= first is { IsPreliminary: true };
            if (first is { IsPreliminary: false })
                final = first;
            if (first is { IsNegative: true })
                throw data.Rejection ?? FtpRefusal.Create(verb, first, task, path, Server);
            if (failed is not null)
                await failed.ConfigureAwait(false);
            if (!data.IsOpen)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (owesAhead)
                    await ReceiveAheadAsync(cancellationToken).ConfigureAwait(false);
                owesAhead = false;
                // A listing of nothing needs no data connection; a file that went over none has not gone at all.
                return request.Type is null ? default : throw new FtpException(
                    FtpErrorKind.TransferIncomplete, $"Could not {task} on {Server}: the server answered '{first}' to {verb} and opened no data connection. Try the other mode with Set-FtpMode.", path);
            }

            bool isCut;
            using (cancellationToken.Register(data.Dispose))
            {
                moving = move(data);
                while (final is null && !moving.IsCompleted)
                {
                    await WhenMovedOrReplyAsync(moving, attempt).ConfigureAwait(false);
                    if (moving.IsCompleted)
                        break;
                    // The server may have failed (4xx) while the data connection hangs; a 2xx may overtake the data. A
                    // second 1xx (125 and then 150) means nothing.
                    var reply = await _control.ReceiveAsync(cancellationToken).ConfigureAwait(false);
                    if (IsNoops(reply))
                        continue;
                    final = reply.IsPreliminary ? null : reply;
                    attempt.HasBegun |= reply.IsPreliminary;
                    if (!reply.IsNegative)
                        continue;
                    // What of a file has come by then is worth keeping, and the reply may be read before it.
                    if (verb == "RETR" && attempt.HasBegun)
                        await Task.WhenAny(moving, Task.Delay(_endGrace, cancellationToken)).ConfigureAwait(false);
                    throw FtpRefusal.Create(verb, reply, task, path, Server);
                }

                isCut = !await HasEndedAsync(moving, data, request.Expected).ConfigureAwait(false);
                if (!isCut)
                    await moving.ConfigureAwait(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
            data.Dispose();
            while (final is null || final.IsPreliminary)
            {
                var reply = await _control.ReceiveAsync(cancellationToken).ConfigureAwait(false);
                if (IsNoops(reply))
                    continue;
                final = reply;
                attempt.HasBegun |= final.IsPreliminary;
            }

            attempt.Reply = final;
            if (FtpRefusal.IsMeant(final))
                throw FtpRefusal.Create(verb, final, task, path, Server);
            if (owesAhead)
                await ReceiveAheadAsync(cancellationToken).ConfigureAwait(false);
            owesAhead = false;
            await SettleNoopsAsync(_failureGrace).ConfigureAwait(false);
            attempt.Take(data);
            attempt.Stage = FtpDataStage.Done;
            _traits.Ladder.Prove(attempt.Mode);
            return new DataOutcome(data.Mode, data.IsTruncated || isCut, time);
        }
        catch (Exception e)
        {
            data.Dispose();
            if (moving is not null)
                await Task.WhenAny(moving).ConfigureAwait(false);
            if (final is null && _control.IsOpen)
            {
                // A server whose call did not come is still dialling, mostly for a minute, and has had its time to say so.
                var isStillDialling = attempt.IsActive && !data.IsOpen && e.InnerException is TimeoutException;
                final = await SettleAsync(attempt, cancellationToken.IsCancellationRequested || isStillDialling ? _cancelGrace : _failureGrace).ConfigureAwait(false);
            }

            // When the reply was found by a NOOP's, that to the EPSV was passed on the way.
            if (owesAhead && final is not null && _control.IsOpen)
                await SettleAheadAsync().ConfigureAwait(false);
            if (final is not null)
                await SettleNoopsAsync(cancellationToken.IsCancellationRequested ? _cancelGrace : _failureGrace).ConfigureAwait(false);
            attempt.Take(data);
            attempt.Reply = final ?? attempt.Reply;
            attempt.TimedOut = e.InnerException is TimeoutException;
            cancellationToken.ThrowIfCancellationRequested();
            if (e is FtpConnectionException lost)
                throw AfterSilence(lost, request, attempt, hasEnded: moving?.Status == TaskStatus.RanToCompletion);
            // When the wire broke, the server often says why; of a local failure it only saw that it was hung up on.
            if (e is FtpException { Kind: not (FtpErrorKind.LocalFileError or FtpErrorKind.DiskFull) } failure and not FtpCommandException and not FtpConnectionException && final is { IsNegative: true })
                throw IsCause(verb, final, failure, attempt) ? FtpRefusal.Create(verb, final, task, path, Server) : failure.Adding($"The server said '{final}'.");
            throw;
        }
    }

    /// <summary>Receives the reply to an MDTM that was sent along with a transfer's command. Given up, it leaves too much owed.</summary>
    private async Task<DateTime?> ReceiveTimeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var reply = await _control.ReceiveAsync(cancellationToken).ConfigureAwait(false);
            return reply.IsPreliminary || reply.Code is 226 or 426 ? throw _control.FailOutOfStep("MDTM", reply) : ReadModificationTime(reply);
        }
        catch (OperationCanceledException)
        {
            _control.Fail(FtpErrorKind.Cancelled, $"A transfer from {Server} was cancelled before it had begun", null);
            throw;
        }
    }

    /// <summary>
    /// Waits for the data connection's end. A server that has said that all is sent, all of which has come, and does not
    /// end the connection, is waited for no longer than a second.
    /// </summary>
    private static async Task<bool> HasEndedAsync(Task moving, DataConnection data, long? expected)
    {
        while (!moving.IsCompleted && expected is not null)
        {
            await Task.WhenAny(moving, Task.Delay(_endGrace)).ConfigureAwait(false);
            if (moving.IsCompleted || data.Moved < expected)
                continue;
            data.Dispose();
            await Task.WhenAny(moving).ConfigureAwait(false);
            return false;
        }

        return true;
    }

    /// <summary>Waits for the first reply to a transfer command and for the data connection to be ready for bytes (dialled, encrypted), whichever comes first.</summary>
    /// <param name="data">The data connection.</param>
    /// <param name="attempt">Learns that the server has begun.</param>
    /// <param name="isSure">Do not wait for the reply once the data connection is ready.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The reply; null when it has not come yet and need not be waited for. And what has failed, when there should be a data
    /// connection by that reply.
    /// </returns>
    private async Task<(FtpReply? First, Task? Failed)> BeginAsync(DataConnection data, DataAttempt attempt, bool isSure, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var stopTls = stop.Token.Register(data.Dispose);
        var opening = data.OpenAsync(_control.RemoteEndPoint.Address, _options.DataTimeout, _isDataProtected ? _tls : null, stop.Token);
        FtpReply? first = null;
        try
        {
            while (!opening.IsCompleted)
            {
                await Task.WhenAny(opening, _control.WhenReplyAsync()).ConfigureAwait(false);
                if (opening.IsCompleted)
                    break;
                var reply = await _control.ReceiveAsync(cancellationToken).ConfigureAwait(false);
                if (!reply.IsPreliminary)
                {
                    // A server that has dialled, sent all and said 226 can be faster than our accept, which then has its
                    // connection waiting. One that never said 150 may have had nothing to send and not dialled at all.
                    if (reply.IsCompletion && first is not null)
                        await Task.WhenAny(opening).ConfigureAwait(false);
                    else if (reply.IsCompletion)
                        await Task.WhenAny(opening, Task.Delay(_acceptGrace, cancellationToken)).ConfigureAwait(false);
                    // A listing that TLS was to protect and did not is not one of nothing.
                    var isFailure = opening.IsFaulted && (first is not null || data.Stage == FtpDataStage.Secure);
                    return (reply, isFailure ? opening : null);
                }

                first = reply;
                attempt.HasBegun = true;
            }

            await opening.ConfigureAwait(false);
            return (first is not null || isSure ? first : await _control.ReceiveAsync(cancellationToken).ConfigureAwait(false), null);
        }
        finally
        {
            // Whatever happened, nobody is left behind who opens a connection that is given up.
            if (!opening.IsCompleted)
            {
                stop.Cancel();
                await Task.WhenAny(opening).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// After a transfer that this side gave up: receives the reply that is owed. A server that does not answer is told
    /// ABOR, which has one reply or two (RFC 959, 4.1.3), so a NOOP behind it marks where they end.
    /// </summary>
    /// <returns>The closing reply; null when it could not be told, and the connection may be closed.</returns>
    private async Task<FtpReply?> SettleAsync(DataAttempt attempt, TimeSpan grace)
    {
        try
        {
            var end = DateTime.UtcNow + TimeSpan.FromTicks(grace.Ticks / 2);
            while (await _control.TryReceiveAsync(end - DateTime.UtcNow).ConfigureAwait(false) is { } reply)
            {
                if (IsNoops(reply))
                    continue;
                if (!reply.IsPreliminary)
                    return reply;
                // Pure-FTPd ends a download whose data connection was closed with a second 150, and says no more of it.
                if (attempt.HasBegun)
                    break;
                attempt.HasBegun = true;
            }

            // The one behind ABOR could not be told from those.
            if (_owedNoops > 0)
                throw _control.Fail(FtpErrorKind.ConnectionLost, $"{Server} did not answer after a transfer was given up", null);

            await _control.SendAsync(new FtpCommand("ABOR"), CancellationToken.None).ConfigureAwait(false);
            await _control.SendAsync(new FtpCommand("NOOP"), CancellationToken.None).ConfigureAwait(false);
            end = DateTime.UtcNow + TimeSpan.FromTicks(grace.Ticks / 2);
            while (await _control.TryReceiveAsync(end - DateTime.UtcNow).ConfigureAwait(false) is { } reply)
            {
                if (reply.Code == 200)
                    return null;
            }

            _control.Fail(FtpErrorKind.ConnectionLost, $"{Server} did not answer after a transfer was given up", null);
        }
        catch (FtpConnectionException)
        {
            // Closed, with the reason kept.
        }

        return null;
    }

    /// <summary>What is to be transferred.</summary>
    /// <param name="Verb">The command.</param>
    /// <param name="Argument">Its argument; null for none.</param>
    /// <param name="Type">The transfer type; null for a listing.</param>
    /// <param name="Task">What it is for, as in "Could not <c>list '/in'</c>".</param>
    /// <param name="Path">The remote path that it is about.</param>
    private sealed record TransferRequest(string Verb, string? Argument, FtpTransferType? Type, string Task, string Path)
    {
        /// <summary>The directory to be in; null when that does not matter.</summary>
        public string? Directory { get; init; }

        /// <summary>Whether another transfer over the same connection is to follow at once; null for no.</summary>
        public Func<bool>? IsFollowed { get; init; }

        /// <summary>Ask for the time of the file's last change along with it.</summary>
        public bool IsTimeWanted { get; init; }

        /// <summary>How many bytes are not to be transferred again.</summary>
        public long RestartAt { get; init; }

        /// <summary>How many bytes are to be received; null when that is not known.</summary>
        public long? Expected { get; init; }
    }
}
