using System;
using System.Diagnostics;
using System.Management.Automation;
using System.Threading;

namespace FtpTools.Pipeline;

/// <summary>
/// Shows how far a cmdlet's transfers are. The engine tells after each buffer, on the copying thread; all but five
/// reports a second are dropped there, for a queue full of them would delay Ctrl+C. Short work shows nothing.
/// </summary>
internal sealed class TransferProgress : IProgress<FtpProgress>
{
    private static readonly long _interval = Stopwatch.Frequency / 5;

    private readonly Action<ProgressRecord> _post;
    private readonly string _activity;
    private readonly Stopwatch _fileTime = new();
    private string? _file;
    private long _fileStart;
    private long _next = Stopwatch.GetTimestamp() + _interval;
    private int _isShown;

    /// <summary>The progress of one cmdlet's transfers, one at a time.</summary>
    /// <param name="activity">What is done.</param>
    /// <param name="post">Has the pipeline thread write a record, and does not wait.</param>
    public TransferProgress(string activity, Action<ProgressRecord> post)
    {
        _activity = activity;
        _post = post;
    }

    /// <inheritdoc/>
    public void Report(FtpProgress value)
    {
        if (_file != value.Source)
        {
            _file = value.Source;
            _fileStart = value.Transferred;
            _fileTime.Restart();
        }
        var now = Stopwatch.GetTimestamp();
        if (now < _next)
            return;
        _next = now + _interval;
        Volatile.Write(ref _isShown, 1);
        _post(Record(value));
    }

    /// <summary>Takes the bar away, if there is one.</summary>
    public void Complete()
    {
        if (Interlocked.Exchange(ref _isShown, 0) == 1)
            _post(new ProgressRecord(0, _activity, "Done") { RecordType = ProgressRecordType.Completed });
    }

    private ProgressRecord Record(FtpProgress value)
    {
        var seconds = _fileTime.Elapsed.TotalSeconds;
        var rate = seconds > 0 ? (value.Transferred - _fileStart) / seconds : 0;
        var record = new ProgressRecord(0, _activity, $"{value.Source} -> {value.Destination}")
        {
            CurrentOperation = $"{ByteText.Of(value.Transferred)}{(value.Length is { } all ? " of " + ByteText.Of(all) : "")}, {ByteText.Of((long)rate)}/s",
        };
        // An ASCII transfer, or a file that grows meanwhile, can exceed the length that was told.
        if (value.Length is > 0 and var length)
        {
            record.PercentComplete = (int)Math.Min(100, value.Transferred * 100.0 / length);
            if (rate > 0 && value.Transferred < length)
                record.SecondsRemaining = (int)Math.Min(int.MaxValue, (length - value.Transferred) / rate);
        }
        return record;
    }
}
