using System;
using System.Diagnostics;

namespace FtpTools.Transfer;

/// <summary>Counts the bytes and the time of one transfer and tells of them, five times a second at the most.</summary>
internal sealed class TransferMeter(IProgress<FtpProgress>? progress, string source, string destination, long? length)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(200);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly DateTime _start = DateTime.Now;
    private TimeSpan _told = -_interval;
    private long _moved;

    /// <summary>The bytes of the local file so far.</summary>
    public long Count { get; private set; }

    /// <summary>The bytes in all; null when not known.</summary>
    public long? Length => length;

    /// <summary>The path that is read; empty for what is no file.</summary>
    public string Source => source;

    /// <summary>The path that is written; empty for what is no file.</summary>
    public string Destination => destination;

    /// <summary>The time so far.</summary>
    public TimeSpan Elapsed => _watch.Elapsed;

    /// <summary>What became of the transfer so far.</summary>
    public FtpTransferResult Result(FtpTransferDirection direction, FtpTransferType type, int attempts, Proof proof = default) => new()
    {
        Direction = direction,
        Source = source,
        Destination = destination,
        StartTime = _start,
        Length = Count,
        Moved = _moved,
        Elapsed = _watch.Elapsed,
        TransferType = type,
        Attempts = attempts,
        Verification = proof.Verification,
        Hash = proof.Hash,
        HashAlgorithm = proof.Algorithm,
    };

    /// <summary>Begins, again perhaps, with so many bytes in their place.</summary>
    public void Begin(long count) => Count = count;

    /// <summary>What tells of a wait between two tries; null when nobody listens.</summary>
    public Action<string>? OnWait => progress is null ? null : what => progress.Report(new FtpProgress(source, destination, Count, length) { Moved = _moved, Waiting = what });

    /// <summary>Counts bytes.</summary>
    public void Add(int count)
    {
        Count += count;
        _moved += count;
        if (progress is null)
            return;
        var now = _watch.Elapsed;
        if (now - _told < _interval)
            return;
        _told = now;
        progress.Report(new FtpProgress(source, destination, Count, length) { Moved = _moved });
    }
}

/// <summary>What the copy and the original were found to have in common.</summary>
/// <param name="Verification">How they were compared.</param>
/// <param name="Algorithm">The algorithm of the hash; null where there is none.</param>
/// <param name="Hash">The hash of both; null unless they were compared by it.</param>
internal readonly record struct Proof(FtpVerification Verification, string? Algorithm = null, string? Hash = null);
