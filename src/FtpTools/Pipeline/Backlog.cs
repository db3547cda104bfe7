using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>
/// The objects that wait to be written. One listing is read at full speed, for the wire does not wait for the pipeline; but of
/// a recursion the next directory does, and of a listing what comes behind so many items that an honest one hardly has them:
/// without an end, they would fill the memory. They are taken many at a time: to call the pipeline's thread for each of
/// 100,000 took longer than to write them.
/// </summary>
internal sealed class Backlog
{
    private const int Most = 5000;
    private const int MostOfListing = 200_000;
    private const int MostAtOnce = 500;

    /// <summary>Who takes nothing for so long may be waiting for the connection that the listing comes over.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    private readonly object _lock = new();
    private readonly Queue<object> _waiting = new();
    private bool _isTold;
    private TaskCompletionSource<bool>? _room;

    /// <summary>Adds an object; where too many wait, that is on the thread that reads the listing, until there is room.</summary>
    /// <param name="value">The object.</param>
    /// <param name="cancellationToken">Ends the wait, also when what waits will never be written, for the pipeline has stopped.</param>
    /// <returns>True when nobody is taking them, so that somebody has to be told.</returns>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.Timeout"/>: nothing is written any more.</exception>
    public bool Add(object value, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_waiting.Count >= MostOfListing)
                WaitForRoom(cancellationToken);
            _waiting.Enqueue(value);
            var isNews = !_isTold;
            _isTold = true;
            return isNews;
        }
    }

    /// <summary>Takes what waits, or the first of it, in the order that it was added; nothing when there is no more, and the next has to be told of.</summary>
    public IReadOnlyList<object> Take()
    {
        lock (_lock)
        {
            var taken = new List<object>(Math.Min(_waiting.Count, MostAtOnce));
            while (taken.Count < MostAtOnce && _waiting.Count > 0)
                taken.Add(_waiting.Dequeue());
            _isTold = taken.Count > 0;
            if (_waiting.Count < Most)
                _room?.TrySetResult(true);
            Monitor.PulseAll(_lock);
            return taken;
        }
    }

    /// <summary>Waits until there are not too many.</summary>
    /// <param name="cancellationToken">Ends the wait, also when what waits will never be written, for the pipeline has stopped.</param>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<bool> room;
        lock (_lock)
        {
            if (_waiting.Count < Most)
                return;
            _room = room = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        using (cancellationToken.Register(() => room.TrySetCanceled(cancellationToken)))
            await room.Task.ConfigureAwait(false);
    }

    private void WaitForRoom(CancellationToken cancellationToken)
    {
        using var stop = cancellationToken.Register(Wake);
        var (least, since) = (_waiting.Count, Stopwatch.StartNew());
        while (_waiting.Count >= MostOfListing)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_waiting.Count < least)
                (least, since) = (_waiting.Count, Stopwatch.StartNew());
            else if (since.Elapsed > _patience)
                throw new FtpException(FtpErrorKind.Timeout, FormattableString.Invariant($"The listing was stopped: {MostOfListing} of its items are waiting for the pipeline, which hasn't read any of them for {_patience.TotalMinutes} minutes. Assign the items to a variable first."));
            Monitor.Wait(_lock, _patience);
        }
    }

    private void Wake()
    {
        lock (_lock)
            Monitor.PulseAll(_lock);
    }
}
