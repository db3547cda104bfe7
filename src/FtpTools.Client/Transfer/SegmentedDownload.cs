using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;

namespace FtpTools.Transfer;

/// <summary>Lends a connection to work, and waits for one as long as there is none.</summary>
internal delegate Task ConnectionLender(Func<FtpConnection, Task> work, CancellationToken cancellationToken);

/// <summary>
/// The bytes of one file over several connections: the file is divided into ranges, and each connection takes the next
/// one that is left, so that any number of connections, one too, does all of them. A range that breaks is put back and
/// gone on with where it stood. The file that is written has holes until all ranges have ended.
/// </summary>
/// <param name="path">The remote file.</param>
/// <param name="local">The local file, which holds what comes before <paramref name="start"/>.</param>
/// <param name="start">The first byte to receive.</param>
/// <param name="size">How many bytes the remote file has.</param>
/// <param name="mayRetry">Whether a range is tried again after a failure of its try of that number.</param>
/// <param name="take">Counts bytes that are written, on several threads at once, and may wait for a rate limit.</param>
internal sealed class SegmentedDownload(string path, WrittenFile local, long start, long size, Func<FtpException, int, bool> mayRetry, Action<int> take)
{
    /// <summary>A range of fewer bytes costs more in round trips than another connection brings.</summary>
    private const long LeastSegment = 4 << 20;

    private readonly object _lock = new();
    private readonly List<Segment> _segments = [];
    private readonly Queue<Segment> _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _drained = new();
    private Exception? _failure;
    private bool _isOver;
    private Task _stopping = Task.CompletedTask;

    /// <summary>How many times the segment was tried that was tried most.</summary>
    public int Tries => Math.Max(1, _segments.Max(segment => segment.Tries));

    /// <summary>True when a segment went on where a former try of it ended.</summary>
    public bool HasGoneOn { get; private set; }

    /// <summary>True when the server cannot begin in the middle of the file, so that it cannot be received in this way.</summary>
    public bool IsRestRefused { get; private set; }

    /// <summary>The command that opened the data connections; null when none was.</summary>
    public FtpMode? Mode { get; private set; }

    /// <summary>How many bytes of the local file there are without a hole.</summary>
    public long Prefix
    {
        get
        {
            var end = start;
            foreach (var segment in _segments)
            {
                if (segment.Start != end)
                    break;
                end = segment.Position;
            }

            return end;
        }
    }

    /// <summary>How many segments so many bytes are worth; 1 or less for none.</summary>
    public static int CountFor(long bytes, int wanted) => (int)Math.Min(wanted, bytes / LeastSegment);

    /// <summary>Into how many segments what is left of a file is worth dividing, and the file's size; null when it is not, or not known for certain.</summary>
    public static async Task<(int Count, long Size)?> PlanAsync(FtpConnection connection, FtpItem item, long? expected, long offset, int wanted, CancellationToken cancellationToken)
    {
        if (expected is { } listed && CountFor(listed - offset, wanted) <= 1)
            return null;
        // The listing may be out of date, and a link's length is not told by it.
        var size = await connection.Files.SizeAsync(item.FullName, cancellationToken).ConfigureAwait(false);
        if ((size ?? expected) is not { } known || (expected is not null && known != expected))
        {
            connection.Tell($"The size of '{item.FullName}' isn't known for certain, so it's received over one connection.");
            return null;
        }

        var count = CountFor(known - offset, wanted);
        return count > 1 ? (count, known) : null;
    }

    /// <summary>Receives all ranges. When it ends, in whatever way, no byte is written any more.</summary>
    /// <param name="count">How many ranges.</param>
    /// <param name="connection">Does as many of them as the others leave.</param>
    /// <param name="lend">Lends the others.</param>
    /// <param name="others">How many others at the most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False when the server refused to begin in the middle of the file.</returns>
    public async Task<bool> RunAsync(int count, FtpConnection connection, ConnectionLender lend, int others, CancellationToken cancellationToken)
    {
        Divide(count);
        using (_stop)
        using (_drained)
        using (cancellationToken.Register(_stop.Cancel))
        {
            var lent = Task.WhenAll(Enumerable.Range(0, Math.Min(others, count - 1)).Select(_ => Task.Run(() => WorkOnLentAsync(connection, lend))).ToArray());
            await WorkAsync(connection, isLent: false).ConfigureAwait(false);
            // Nobody need wait for a connection any more: this one takes what the others put back, and they may be waiting
            // for this one.
            _drained.Cancel();
            await lent.ConfigureAwait(false);
            await WorkAsync(connection, isLent: false).ConfigureAwait(false);
            await _stopping.ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_failure is not null)
            ExceptionDispatchInfo.Capture(_failure).Throw();
        if (!IsRestRefused && _segments.FirstOrDefault(segment => segment.Before?.IsAsIn(local) == false) is { } wrong)
            GiveUp(connection, wrong);
        return !IsRestRefused;
    }

    /// <summary>The server did not begin in the middle of the file where it was told to.</summary>
    private void GiveUp(FtpConnection connection, Segment segment)
    {
        if (segment.Before!.IsBeginningOf(local))
            connection.Habits.Learn(ServerHabit.NoRestartOfDownloads, $"the beginning of '{path}' after REST {segment.Before.Start} and RETR");
        connection.Tell($"The server didn't begin at byte {segment.Before.Start} of '{path}', so it's received over one connection.");
        IsRestRefused = true;
    }

    private void Divide(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var segment = new Segment(At(i), At(i + 1));
            _segments.Add(segment);
            _waiting.Enqueue(segment);
        }

        long At(int i) => start + (long)((decimal)(size - start) * i / count);
    }

    /// <summary>Works on a lent connection, and on another one when it is lost.</summary>
    private async Task WorkOnLentAsync(FtpConnection main, ConnectionLender lend)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, _drained.Token);
        try
        {
            var isLost = true;
            while (isLost && !enough.IsCancellationRequested)
            {
                await lend(
                    async connection =>
                    {
                        await WorkAsync(connection, isLent: true).ConfigureAwait(false);
                        isLost = !connection.IsOpen;
                    },
                    enough.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            // It has waited for a connection in vain.
        }
        catch (FtpException e)
        {
            main.Tell($"No more connections could be opened for '{path}', so its segments are received over the existing ones. ({e.Message})");
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    /// <summary>Receives ranges until none is left, all is given up, or a lent connection is lost, for which there are others.</summary>
    private async Task WorkAsync(FtpConnection connection, bool isLent)
    {
        while ((connection.IsOpen || !isLent) && Next() is { } segment)
        {
            var begin = segment.Position;
            try
            {
                if (segment.Tries > 1)
                    await Task.Delay(RetryPolicy.Delay(segment.Tries), _stop.Token).ConfigureAwait(false);
                await connection.Login.RestoreAsync(_stop.Token).ConfigureAwait(false);
                await ReceiveAsync(connection, segment).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (FtpCommandException e) when (begin > 0 && segment.Position == begin && e.Reply.IsPermanentNegative && e.Kind is not (FtpErrorKind.PathNotFound or FtpErrorKind.PermissionDenied))
            {
                connection.Tell($"The server can't begin at byte {begin} of '{path}', so it's received over one connection. ({e.Message})");
                IsRestRefused = true;
                Stop();
            }
            catch (RestartIgnoredException)
            {
                GiveUp(connection, segment);
                Stop();
            }
            catch (FtpException e) when (segment.Position == segment.End && RetryPolicy.IsPassing(e))
            {
                connection.Tell($"The end of a segment of '{path}' wasn't confirmed, but all its bytes were received. ({e.Message})");
            }
            catch (FtpException e) when (mayRetry(e, segment.Tries))
            {
                connection.Tell(FormattableString.Invariant($"Attempt {segment.Tries} to receive a segment of '{path}' failed at byte {segment.Position}. It continues there."));
                PutBack(segment);
            }
            catch (Exception e)
            {
                Fail(e);
            }
        }
    }

    private async Task ReceiveAsync(FtpConnection connection, Segment segment)
    {
        // What comes before the place of the first try shows whether the server has begun there, once the segment before is here.
        var overlap = segment.Position > 0 && segment.Position == segment.Start ? segment.Before = new Overlap(segment.Start) : null;
        var begin = overlap?.Start ?? segment.Position;
        void Write(byte[] buffer, int count)
        {
            count = overlap?.Take(buffer, count) ?? count;
            if (count > segment.End - segment.Position)
                throw segment.Before?.IsBeginningOf(local) == true ? new RestartIgnoredException() : Changed();
            local.WriteAt(segment.Position, buffer, count);
            segment.Position += count;
            take(count);
        }

        HasGoneOn |= segment.Position > segment.Start;
        // The last one runs to the end of the stream, which must be where the file's end was.
        var outcome = segment.End == size
            ? await connection.Transfers.RetrieveAsync(path, FtpTransferType.Binary, segment.End - begin, begin, Write, isTimeWanted: false, isFollowed: null, _stop.Token).ConfigureAwait(false)
            : await connection.Transfers.RetrieveRangeAsync(path, begin, segment.End - begin, Write, _stop.Token).ConfigureAwait(false);
        Mode = outcome.Mode;
        if (segment.Position == segment.End)
            return;
        if (await connection.Files.SizeAsync(path, _stop.Token).ConfigureAwait(false) is { } now && now != size)
            throw Changed();
        throw new FtpException(
            FtpErrorKind.TransferIncomplete, $"A segment of '{path}' wasn't received completely: it ended at byte {segment.Position}, {segment.End - segment.Position} bytes too early.", path);
    }

    /// <summary>The error of a file that is another one at the end than it was at the beginning: its segments do not belong together.</summary>
    public FtpException Changed() => new(
        FtpErrorKind.VerificationFailed,
        $"'{path}' was changed on the server while it was being received, so its segments don't belong together. The local file was left unchanged. Try again. If the error persists, omit -Segment.", path);

    private Segment? Next()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 || _isOver || _stop.IsCancellationRequested)
                return null;
            var segment = _waiting.Dequeue();
            segment.Tries++;
            return segment;
        }
    }

    private void PutBack(Segment segment)
    {
        lock (_lock)
            _waiting.Enqueue(segment);
    }

    private void Fail(Exception e)
    {
        lock (_lock)
            _failure ??= e;
        Stop();
    }

    /// <summary>Ends all. What is cancelled goes on within the call that cancels it, and this thread may be one that others wait for.</summary>
    private void Stop()
    {
        lock (_lock)
        {
            if (!_isOver)
                _stopping = Task.Run(_stop.Cancel);
            _isOver = true;
        }
    }
}
