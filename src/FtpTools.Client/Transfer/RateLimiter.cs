using System;
using System.Diagnostics;
using System.Threading;

namespace FtpTools.Transfer;

/// <summary>Holds the transfers of one call, all together, to so many bytes a second.</summary>
/// <param name="bytesPerSecond">More than zero.</param>
internal sealed class RateLimiter(long bytesPerSecond)
{
    private readonly object _lock = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private double _due;

    /// <summary>The limit that the options ask for; null for none.</summary>
    public static RateLimiter? Of(FtpTransferOptions options) => options.RateLimit > 0 ? new RateLimiter(options.RateLimit) : null;

    /// <summary>Counts bytes and waits, on the copying thread, until they were due.</summary>
    /// <param name="count">How many have been moved.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public void Take(int count, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            // Time in which nothing moved is not made up for.
            _due = Math.Max(_due, _watch.Elapsed.TotalSeconds) + ((double)count / bytesPerSecond);
            wait = TimeSpan.FromSeconds(_due) - _watch.Elapsed;
        }

        if (wait > TimeSpan.Zero)
            cancellationToken.WaitHandle.WaitOne(wait);
    }

    /// <summary>A buffer's share that keeps the flow even: a tenth of a second's worth at most.</summary>
    /// <param name="length">The buffer's length in bytes.</param>
    public int Portion(int length) => (int)Math.Max(1, Math.Min(length, bytesPerSecond / 10));
}
