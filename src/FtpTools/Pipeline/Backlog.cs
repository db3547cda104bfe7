using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>
/// How many objects wait to be written. One listing is read at full speed, for the wire does not wait for the pipeline; but of
/// a recursion the next directory does, and of a listing what comes behind so many items that an honest one hardly has them:
/// without an end, they would fill the memory.
/// </summary>
internal sealed class Backlog
{
    private const int Most = 5000;
    private const int MostOfListing = 200_000;

    /// <summary>Who takes nothing for so long may be waiting for the connection that the listing comes over.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    private readonly object _lock = new();
    private int _count;
    private TaskCompletionSource<bool>? _room;

    /// <summary>Counts one that waits; where too many do, on the thread that reads the listing, until there is room.</summary>
    /// <param name="cancellationToken">Ends the wait, also when what waits will never be written, for the pipeline has stopped.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.Timeout"/>: nothing is written any more.</exception>
    public void Add(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _count++;
            if (_count <= MostOfListing)
                return;
            using var stop = cancellationToken.Register(Wake);
            var (least, since) = (_count, Stopwatch.StartNew());
            while (_count > MostOfListing)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (_count < least)
                    (least, since) = (_count, Stopwatch.StartNew());
                else if (since.Elapsed > _patience)
                    throw new FtpException(FtpErrorKind.Timeout, FormattableString.Invariant($"The listing was stopped: {MostOfListing} of its items are waiting for the pipeline, which hasn't read any of them for {_patience.TotalMinutes} minutes. Assign the items to a variable first."));
                Monitor.Wait(_lock, _patience);
            }
        }
    }

    /// <summary>Counts one that was written.</summary>
    public void Remove()
    {
        lock (_lock)
        {
            if (--_count < Most)
                _room?.TrySetResult(true);
            if (_count == MostOfListing)
                Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Waits until there are not too many.</summary>
    /// <param name="cancellationToken">Ends the wait, also when what waits will never be written, for the pipeline has stopped.</param>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<bool> room;
        lock (_lock)
        {
            if (_count < Most)
                return;
            _room = room = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        using (cancellationToken.Register(() => room.TrySetCanceled(cancellationToken)))
            await room.Task.ConfigureAwait(false);
    }

    private void Wake()
    {
        lock (_lock)
            Monitor.PulseAll(_lock);
    }
}
