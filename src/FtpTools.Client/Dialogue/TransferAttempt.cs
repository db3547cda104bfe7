using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>
/// One transfer, from its data connection to its closing reply, by one way. It goes through <see cref="State"/> in order and
/// is complete when the data connection has ended and the closing reply has been read and is a completion. Every other end
/// goes out by <see cref="TransferExit"/>, which settles what is owed, so that the control connection is in step or closed.
/// </summary>
internal sealed class TransferAttempt(ProtocolInterpreter pi, Login login, DataAgreement agreement, TransferRequest request, DataAttempt attempt)
{
    /// <summary>How long a server may take to end a data connection over which all has come.</summary>
    private static readonly TimeSpan _endGrace = TimeSpan.FromSeconds(1);

    /// <summary>How long to look for a data connection that the server may or may not have opened.</summary>
    private static readonly TimeSpan _acceptGrace = TimeSpan.FromSeconds(1);

    private readonly TransferKeepAlive _keepAlive = new(pi);
    private State _state;
    private DataConnection? _data;
    private OwedReply? _owed;
    private OwedReply? _time;
    private OwedReply? _ahead;
    private Task? _opening;
    private Task? _moving;

    /// <summary>Where a transfer stands.</summary>
    private enum State
    {
        /// <summary>The data connection is agreed on, and in passive mode dialled.</summary>
        Announcing,

        /// <summary>The command is about to be sent.</summary>
        Commanding,

        /// <summary>The command was sent: the server is to say that it begins, and the data connection to be ready for bytes.</summary>
        Beginning,

        /// <summary>Bytes move.</summary>
        Moving,

        /// <summary>The data connection has ended; the closing reply, and all else that is owed, is waited for.</summary>
        Closing,

        /// <summary>All is done and nothing is owed.</summary>
        Done,
    }

    /// <summary>Transfers.</summary>
    /// <param name="move">Moves the bytes over the open data connection.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    public async Task<DataOutcome> RunAsync(Func<DataConnection, Task> move, CancellationToken cancellationToken)
    {
        try
        {
            _data = await agreement.AnnounceAsync(attempt, cancellationToken).ConfigureAwait(false);
            _state = State.Commanding;
            await CommandAsync(cancellationToken).ConfigureAwait(false);
            _state = State.Beginning;
            var time = _time is null ? null : new Files(pi).ReadModificationTime(await _time.TakeAsync(cancellationToken).ConfigureAwait(false));
            if (!await BeginAsync(cancellationToken).ConfigureAwait(false))
                return await EndWithoutDataAsync(cancellationToken).ConfigureAwait(false);
            _state = State.Moving;
            var isCut = await MoveAsync(move, cancellationToken).ConfigureAwait(false);
            _state = State.Closing;
            await CloseAsync(cancellationToken).ConfigureAwait(false);
            _state = State.Done;
            pi.Traits.Ladder.Prove(attempt.Mode);
            return new DataOutcome(_data.Mode, (_data.IsTruncated && !pi.Options.SkipTlsEndCheck) || isCut, time);
        }
        catch (Exception e) when (_state > State.Announcing)
        {
            var exit = new TransferExit(pi, agreement, _keepAlive, request, attempt) { Data = _data!, Owed = _owed, Ahead = _ahead, Moving = _moving };
            var cause = await exit.LeaveAsync(e, cancellationToken).ConfigureAwait(false);
            // Nor do some for a transfer that they refuse.
            pi.Said.IsRestartOpen |= request.RestartAt > 0 && !attempt.HasBegun;
            if (cause is FtpException failure)
                failure.HasBegun = attempt.HasBegun;
            if (cause == e)
                throw;
            throw cause;
        }
        finally
        {
            _data?.Dispose();
        }
    }

    /// <summary>Sends the transfer's command, and with it what the server has shown that it takes along with one.</summary>
    private async Task CommandAsync(CancellationToken cancellationToken)
    {
        // Right before the command (RFC 959, 4.1.3): some servers forget it over PASV. It stays in force over other commands,
        // so that one that was given up would have the next transfer begin in the middle of its file.
        if (request.RestartAt > 0 || pi.Said.IsRestartOpen)
            await RestartAsync(cancellationToken).ConfigureAwait(false);
        // The next data connection's EPSV may be on its way already when this transfer ends. Any later than in the same write
        // it would come in mid-transfer, where ProFTPD says 450 and Pure-FTPd loses step.
        var isAhead = attempt.Mode == FtpMode.Epsv && pi.Habits.TakesEpsvAhead && request.IsFollowed?.Invoke() == true;
        // MDTM spares its round trip by going before. Not so in active mode and under TLS, where the server waits for this
        // side to answer a call that comes with the transfer's command.
        var isTime = request.IsTimeWanted && request.RestartAt == 0 && pi.Habits.HasModificationTime && !attempt.IsActive && !login.IsDataProtected && pi.Habits.ReadsCommandsApart;
        var commands = new List<(FtpCommand, ReplySequence)>(3);
        if (isTime)
            commands.Add((pi.Command("MDTM", request.Argument), ReplySequence.Single));
        commands.Add((pi.Command(request.Verb, request.Argument), ReplySequence.Transfer));
        if (isAhead)
            commands.Add((new FtpCommand("EPSV"), ReplySequence.Single));
        attempt.IsSentAhead = commands.Count > 1;
        var owed = await pi.Control.SendAsync(commands, cancellationToken).ConfigureAwait(false);
        _time = isTime ? owed[0] : null;
        _owed = owed[isTime ? 1 : 0];
        _ahead = isAhead ? owed[owed.Count - 1] : null;
        // Some servers do not use it up for an upload, and begin the next download there.
        pi.Said.IsRestartOpen = request.RestartAt > 0 && request.Verb != "RETR";
        _keepAlive.Begin();
    }

    /// <summary>Says where the transfer begins (REST).</summary>
    private async Task RestartAsync(CancellationToken cancellationToken)
    {
        pi.Said.IsRestartOpen = true;
        var reply = await pi.ExchangeAsync("REST", request.RestartAt.ToString(CultureInfo.InvariantCulture), cancellationToken).ConfigureAwait(false);
        if (!reply.IsNegative)
            return;
        pi.Said.IsRestartOpen = false;
        if (request.RestartAt > 0)
            throw FtpRefusal.Create("REST", reply, $"continue at byte {request.RestartAt} to {request.Task}", request.Path, pi.Server);
    }

    /// <summary>Waits for the first reply and for the data connection to be ready for bytes (dialled, encrypted), whichever comes first, and where it must, for both.</summary>
    /// <returns>False when the server has ended the transfer without a data connection.</returns>
    private async Task<bool> BeginAsync(CancellationToken cancellationToken)
    {
        var (data, owed) = (_data!, _owed!);
        // Where data connections have been opened this way before, bytes need not wait for the 150; but where a refusal of
        // REST is gone on after, none may have been read.
        var isSure = request.RestartAt == 0 && pi.Traits.Ladder.IsProven(attempt.Mode) && pi.Habits.TakesDataAhead;
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        var opening = _opening!;
        if (opening.Status == TaskStatus.RanToCompletion && !isSure && !owed.HasBegun && !owed.IsComplete)
            Hear(await owed.TakeAsync(cancellationToken).ConfigureAwait(false));
        if (owed.Final is { } refusal && FtpRefusal.IsMeant(refusal))
            throw data.Rejection ?? FtpRefusal.Create(request.Verb, refusal, request.Task, request.Path, pi.Server);
        // A listing that TLS was to protect and did not is not one of nothing.
        if (opening.IsFaulted && (!owed.IsComplete || owed.HasBegun || data.Stage == FtpDataStage.Secure))
            await opening.ConfigureAwait(false);
        if (!data.IsOpen)
            cancellationToken.ThrowIfCancellationRequested();
        attempt.IsDataAhead = !owed.HasBegun && !owed.IsComplete;
        return data.IsOpen;
    }

    /// <summary>Opens the data connection while replies are heard; what became of it stands in <see cref="_opening"/>. Nobody is left behind who opens one that is given up.</summary>
    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        var (data, owed) = (_data!, _owed!);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var stopTls = stop.Token.Register(data.Dispose);
        var opening = _opening = data.OpenAsync(pi.Control.RemoteEndPoint.Address, pi.Options.DataTimeout, login.IsDataProtected ? login.Tls : null, stop.Token);
        try
        {
            while (!opening.IsCompleted && !owed.IsComplete)
            {
                await Task.WhenAny(opening, pi.Control.WhenReplyAsync()).ConfigureAwait(false);
                if (!opening.IsCompleted)
                    await HearNextAsync(cancellationToken).ConfigureAwait(false);
            }

            // A server that has dialled, sent all and said 226 can be faster than our accept, which then has its connection
            // waiting. One that never said 150 may have had nothing to send and not dialled at all.
            if (owed.Final is { IsCompletion: true })
                await (owed.HasBegun ? Task.WhenAny(opening) : Task.WhenAny(opening, Task.Delay(_acceptGrace, cancellationToken))).ConfigureAwait(false);
        }
        finally
        {
            if (!opening.IsCompleted)
            {
                stop.Cancel();
                await Task.WhenAny(opening).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Ends a transfer that needed no data connection: a listing of nothing.</summary>
    private async Task<DataOutcome> EndWithoutDataAsync(CancellationToken cancellationToken)
    {
        await SettleAheadAsync(cancellationToken).ConfigureAwait(false);
        // A file that went over none has not gone at all.
        return request.IsListing ? default : throw new FtpException(
            FtpErrorKind.TransferIncomplete, $"Could not {request.Task} on {pi.Server}: the server replied '{_owed!.Final}' to {request.Verb}, but didn't open a data connection. Try the other mode with Set-FtpMode.", request.Path);
    }

    /// <summary>Moves the bytes, while replies are heard: the server may have failed (4xx) while the data connection hangs; a 2xx may overtake the data.</summary>
    /// <returns>True when the server did not end a data connection over which all had come.</returns>
    private async Task<bool> MoveAsync(Func<DataConnection, Task> move, CancellationToken cancellationToken)
    {
        var (data, owed) = (_data!, _owed!);
        using (cancellationToken.Register(data.Dispose))
        {
            _moving = move(data);
            while (!owed.IsComplete && !_moving.IsCompleted)
            {
                await _keepAlive.WhenMovedOrReplyAsync(_moving, attempt).ConfigureAwait(false);
                if (_moving.IsCompleted)
                    break;
                await HearNextAsync(cancellationToken).ConfigureAwait(false);
                if (owed.Final is not { } refusal || !FtpRefusal.IsMeant(refusal))
                    continue;
                // What of a file has come by then is worth keeping, and the reply may be read before it.
                if (request.Verb == "RETR" && attempt.HasBegun)
                    await Task.WhenAny(_moving, Task.Delay(_endGrace, cancellationToken)).ConfigureAwait(false);
                throw FtpRefusal.Create(request.Verb, refusal, request.Task, request.Path, pi.Server);
            }

            if (request.IsListing && owed is { IsComplete: true, HasBegun: false } && await IsOfNothingAsync(_moving, data).ConfigureAwait(false))
                return false;
            var isCut = !await HasEndedAsync(_moving, data, request.Expected).ConfigureAwait(false);
            if (!isCut)
                await _moving.ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return isCut;
        }
    }

    /// <summary>Takes the closing reply, and all else that is owed.</summary>
    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        _data!.Dispose();
        var final = await _owed!.TakeFinalAsync(cancellationToken).ConfigureAwait(false);
        attempt.HasBegun |= _owed.HasBegun;
        attempt.Reply = final;
        if (FtpRefusal.IsMeant(final))
            throw FtpRefusal.Create(request.Verb, final, request.Task, request.Path, pi.Server);
        await SettleAheadAsync(cancellationToken).ConfigureAwait(false);
        await _keepAlive.SettleAsync(ProtocolInterpreter.FailureGrace).ConfigureAwait(false);
        attempt.Take(_data);
        attempt.Stage = FtpDataStage.Done;
    }

    private async Task SettleAheadAsync(CancellationToken cancellationToken)
    {
        if (_ahead is { } ahead)
            await agreement.TakeAheadAsync(ahead, cancellationToken).ConfigureAwait(false);
        _ahead = null;
    }

    private async Task HearNextAsync(CancellationToken cancellationToken)
    {
        await pi.Control.PutDownAsync(cancellationToken).ConfigureAwait(false);
        while (_owed!.TryTake(out var reply))
            Hear(reply);
    }

    private void Hear(FtpReply reply)
    {
        attempt.Reply = reply;
        attempt.HasBegun |= reply.IsPreliminary;
    }

    /// <summary>
    /// Whether a listing that ended before it began is one of nothing ("226 No files" without a 150): the server may have
    /// left a data connection alone that was dialled.
    /// </summary>
    private static async Task<bool> IsOfNothingAsync(Task moving, DataConnection data)
    {
        await Task.WhenAny(moving, Task.Delay(_endGrace)).ConfigureAwait(false);
        if (moving.IsCompleted || data.Moved > 0)
            return false;
        data.Dispose();
        await Task.WhenAny(moving).ConfigureAwait(false);
        return true;
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
}
