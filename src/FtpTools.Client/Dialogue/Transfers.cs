using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;

namespace FtpTools.Dialogue;

/// <summary>Transfers, and when one is tried another way.</summary>
internal sealed class Transfers(ProtocolInterpreter pi, Login login)
{
    private readonly DataAgreement _agreement = new(pi);

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
        RunAsync(
            new TransferRequest("RETR", path, type, $"receive '{path}'", path) { Expected = expected, RestartAt = restartAt, IsTimeWanted = isTimeWanted, IsFollowed = isFollowed },
            () => data => data.ReceiveAsync(consume, DataCopy.ReceiveBufferSize, expected), cancellationToken);

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
        RunAsync(
            new TransferRequest(append ? "APPE" : "STOR", path, type, $"send '{target}'", target) { RestartAt = restartAt, IsFollowed = isFollowed },
            () => start() is { } produce ? data => data.SendAsync(produce, expected) : null, cancellationToken);

    /// <summary>
    /// One transfer, over the first way to open a data connection that works. What does not work is remembered for the
    /// session; it is tried another way only as long as no byte has moved, or the server has refused to take any.
    /// </summary>
    public async Task<DataOutcome> RunAsync(TransferRequest request, Func<Func<DataConnection, Task>?> start, CancellationToken cancellationToken)
    {
        var ladder = pi.Traits.Ladder;
        var rungs = ladder.Rungs(pi.Control.RemoteEndPoint.AddressFamily, pi.Options.Proxy is not null);
        if (rungs.Count == 0)
            throw _agreement.NoActiveThroughProxy(ladder.Mode);
        var failures = new List<string>();
        var way = new PathWay(pi, request);
        request = way.Request;
        // The work of a session that was over is begun again, and its content may be gone by then.
        var move = start() ?? throw new FtpException(
            FtpErrorKind.ConnectionLost, $"Could not {request.Task} on {pi.Server}: the connection was lost, and the content that was already read can't be read again. Send it again.", request.Path);
        for (var i = 0; ;)
        {
            // A try that failed may have cost the connection: a server that is still dialling answers nothing else.
            if ((failures.Count > 0 && !pi.Control.IsOpen) || login.IsToGoOnAtTls12)
                await login.RenewAsync(cancellationToken).ConfigureAwait(false);
            await PrepareAsync(request, cancellationToken).ConfigureAwait(false);
            var attempt = new DataAttempt(rungs[i]) { HasNext = ladder.Next(rungs, i) < rungs.Count, Purpose = pi.Command(request.Verb, request.Argument) };
            try
            {
                var outcome = await new TransferAttempt(pi, login, _agreement, request, attempt).RunAsync(move, cancellationToken).ConfigureAwait(false);
                way.Learn();
                return outcome;
            }
            catch (RangeEndException)
            {
                ladder.Prove(attempt.Mode);
                return new DataOutcome(attempt.Mode, false);
            }
            catch (FtpCommandException e) when (!attempt.HasBegun && way.IsAlternativeTo(e))
            {
                request = await way.TakeNameAsync(e, cancellationToken).ConfigureAwait(false);
                if (start() is not { } other)
                    throw;
                move = other;
            }
            catch (FtpException e) when (attempt.LacksReuse && e is not FtpConnectionException)
            {
                if (!login.FallBackToTls12(attempt.Reply))
                    throw NoReuse(attempt, request.Path);
                pi.Trace(FtpLogLevel.Information, $"{pi.Server} requires data connections to resume the TLS session, but no session is left to resume. This session continues with TLS 1.2. (The server replied '{attempt.Reply}'.)");
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
                pi.Trace(
                    FtpLogLevel.Information,
                    isForGood ? $"{attempt.Mode} doesn't work here, so {rungs[i]} is used from now on. ({e.Message})" : $"{attempt.Mode} worked before, but not this time, so {rungs[i]} is used. ({e.Message})");
                if (start() is not { } again)
                    throw;
                move = again;
            }
        }
    }

    /// <summary>Says the transfer type again before the next transfer: of a wrong number of bytes, that may be the reason. Some servers go back to type A after a listing.</summary>
    public void DoubtType() => pi.Said.Type = null;

    /// <summary>One try by one exact command, for a test of it.</summary>
    public async Task<DataOutcome> TryOnceAsync(TransferRequest request, Func<DataConnection, Task> move, DataAttempt attempt, CancellationToken cancellationToken)
    {
        await PrepareAsync(request, cancellationToken).ConfigureAwait(false);
        return await new TransferAttempt(pi, login, _agreement, request, attempt).RunAsync(move, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says what holds for the transfer: where, and in which type.</summary>
    private async Task PrepareAsync(TransferRequest request, CancellationToken cancellationToken)
    {
        if (request.Directory is { } directory)
            await pi.EnterAsync(directory, request.Task, cancellationToken).ConfigureAwait(false);
        if (request.Type is { } type)
            await pi.TypeAsync(type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether another way to open the data connection might do, and nothing has come of this one.</summary>
    private static bool IsOfTheDataConnection(FtpException e, DataAttempt attempt, bool isUpload) => attempt.Stage switch
    {
        FtpDataStage.Announce => true,
        FtpDataStage.Open => e.Kind == FtpErrorKind.DataConnectionFailed,
        // What was sent ahead of a 150 that never came was not taken.
        _ => (attempt.Moved == 0 || (isUpload && !attempt.HasBegun)) && e is FtpCommandException { Kind: FtpErrorKind.DataConnectionFailed },
    };

    private FtpException NoReuse(DataAttempt attempt, string? path)
    {
        var advice = pi.Options.TlsVersion == FtpTlsVersion.Tls13
            ? "To allow the session to fall back to TLS 1.2, where a session can be resumed repeatedly, use -TlsVersion Any."
            : "This platform didn't resume it. If you use Windows PowerShell, try PowerShell 7. Or configure the server not to require it (vsftpd: require_ssl_reuse=NO; ProFTPD: TLSOptions NoSessionReuseRequired). To leave data connections unencrypted, use -DataProtection Clear.";
        return new FtpCommandException(
            FtpErrorKind.DataConnectionFailed,
            $"{pi.Server} refused the data connection with '{attempt.Reply}', because it didn't resume the TLS session of the control connection. {advice}", attempt.Reply!, path);
    }

    private FtpException NotAgain(DataAttempt attempt, TransferRequest request) => new FtpCommandException(
        FtpErrorKind.DataConnectionFailed,
        $"Could not {request.Task} on {pi.Server}: it refused the data connection with '{attempt.Reply}', because no TLS session was left to resume. The session continues with TLS 1.2, but the content that was already read can't be read again. Send it again.",
        attempt.Reply!, request.Path);

    private FtpException Exhausted(FtpException last, List<string> failures, TransferRequest request)
    {
        var message = $"Could not {request.Task} on {pi.Server}, because no data connection could be opened. {string.Join(" ", failures)} To find the cause, use Test-FtpConnection.";
        return last is FtpCommandException { Reply: { } reply }
            ? new FtpCommandException(last.Kind, message, reply, request.Path)
            : new FtpException(last.Kind, message, request.Path, last);
    }

    /// <summary>The error of what may have been cut off.</summary>
    public static FtpException Truncated(string what, string path) => new(
        FtpErrorKind.TransferIncomplete,
        $"{what} may not be complete, because the encrypted data connection ended without the TLS closing message (close_notify). The connection may have been cut. Try again. If the error persists, the server doesn't end TLS correctly. To accept that from this server, use Connect-Ftp -SkipTlsEndCheck.", path);

    /// <summary>Receives so many bytes of a file from an offset on, or fewer where the file ends sooner.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">How many bytes to leave out at the beginning.</param>
    /// <param name="count">How many to receive, more than none.</param>
    /// <param name="consume">Takes a buffer and the count of bytes in it, on the receiving thread.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    public Task<DataOutcome> RetrieveRangeAsync(string path, long offset, long count, Action<byte[], int> consume, CancellationToken cancellationToken)
    {
        var left = count;
        void Take(byte[] buffer, int got)
        {
            var wanted = (int)Math.Min(got, left);
            consume(buffer, wanted);
            left -= wanted;
            if (left == 0)
                throw new RangeEndException();
        }

        return RunAsync(
            new TransferRequest("RETR", path, FtpTransferType.Binary, $"receive '{path}'", path) { RestartAt = offset },
            () => data => data.ReceiveAsync(Take, DataCopy.ReceiveBufferSize, null), cancellationToken);
    }
}

/// <summary>Breaks off a transfer of which all that was wanted has come, in the way that a cancelled one is broken off.</summary>
internal sealed class RangeEndException : Exception;

