using System;
using System.Diagnostics;

namespace FtpTools.Transfer;

/// <summary>Counts the bytes and the time of one transfer and tells of them, five times a second at the most.</summary>
internal sealed class TransferMeter(IProgress<FtpProgress>? progress, string source, string destination, long? length)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(200);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _told = -_interval;

    /// <summary>The bytes of the local file so far.</summary>
    public long Count { get; private set; }

    /// <summary>What became of the transfer, which has succeeded.</summary>
    public FtpTransferResult Result(FtpTransferDirection direction, FtpMode? mode, FtpTransferType type, FtpVerification verification) => new()
    {
        Direction = direction,
        Source = source,
        Destination = destination,
        Length = Count,
        Elapsed = _watch.Elapsed,
        Mode = mode,
        TransferType = type,
        Attempts = 1,
        Verification = verification,
    };

    /// <summary>Forgets the bytes so far: the server took none of them.</summary>
    public void Restart() => Count = 0;

    /// <summary>Counts bytes.</summary>
    public void Add(int count)
    {
        Count += count;
        if (progress is null)
            return;
        var now = _watch.Elapsed;
        if (now - _told < _interval)
            return;
        _told = now;
        progress.Report(new FtpProgress(source, destination, Count, length));
    }
}
