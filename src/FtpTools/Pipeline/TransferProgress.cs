using System;
using System.Diagnostics;
using System.Management.Automation;

namespace FtpTools.Pipeline;

/// <summary>
/// Shows how far a cmdlet's transfers are, five times a second at the most; what comes more often is dropped on the
/// thread that tells of it, for a queue full of it would delay Ctrl+C. Work that is done sooner shows nothing.
/// </summary>
internal sealed class TransferProgress : IProgress<FtpProgress>
{
    private static readonly long _interval = Stopwatch.Frequency / 5;

    private readonly object _lock = new();
    private readonly string _activity;
    private readonly Action<ProgressRecord> _post;
    private long _next = Stopwatch.GetTimestamp() + _interval;
    private bool _isShown;
    private int _files;
    private string? _file;
    private long _fileStart;
    private long _fileStartTime;

    /// <summary>The progress of one cmdlet's transfers.</summary>
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
        lock (_lock)
        {
            var now = Stopwatch.GetTimestamp();
            if (_file != value.Source)
            {
                _file = value.Source;
                _fileStart = value.Transferred;
                _fileStartTime = now;
            }
            if (IsDue(now))
                _post(Record(value, now));
        }
    }

    /// <summary>Counts a file that has been dealt with. Of many small ones, this is all there is to see.</summary>
    public void Count(FtpTransferResult result)
    {
        lock (_lock)
        {
            _files++;
            // A large one has had its say already.
            if (_file != result.Source && IsDue(Stopwatch.GetTimestamp()))
                _post(Record(result.Source, result.Destination, ""));
        }
    }

    /// <summary>Takes the bar away, if there is one.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            if (!_isShown)
                return;
            _isShown = false;
            _post(new ProgressRecord(0, _activity, "Done") { RecordType = ProgressRecordType.Completed });
        }
    }

    private bool IsDue(long now)
    {
        if (now < _next)
            return false;
        _next = now + _interval;
        return _isShown = true;
    }

    // The one-line bar of PowerShell 7 has room for the status alone, and cuts it at the end.
    private ProgressRecord Record(string source, string destination, string amount) =>
        new(0, _activity, $"{(_files > 0 ? $"{_files} done, " : "")}{amount}{source.Substring(source.LastIndexOfAny(['/', '\\']) + 1)}")
        {
            CurrentOperation = $"{source} -> {destination}",
        };

    private ProgressRecord Record(FtpProgress value, long now)
    {
        var seconds = (double)(now - _fileStartTime) / Stopwatch.Frequency;
        var rate = seconds > 0 ? (value.Transferred - _fileStart) / seconds : 0;
        var amount = ByteText.Of(value.Transferred) + (value.Length is { } all ? $" of {ByteText.Of(all)}" : "") + (rate > 0 ? $", {ByteText.Of(rate)}/s" : "");
        var record = Record(value.Source, value.Destination, amount + ": ");
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
