using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Management.Automation;

namespace FtpTools.Pipeline;

/// <summary>
/// Shows how far a cmdlet's transfers are: all of them together, and each that takes its time, five times a second at the
/// most. What comes more often is dropped on the thread that tells of it, for a queue full of it would delay Ctrl+C. Work
/// that is done sooner shows nothing.
/// </summary>
internal sealed class TransferProgress : IProgress<FtpProgress>
{
    private const int MostBars = 5;
    private static readonly long _interval = Stopwatch.Frequency / 5;

    private readonly object _lock = new();
    private readonly string _activity;
    private readonly Action<ProgressRecord> _post;
    private readonly List<Func<(int Files, long Bytes)>> _counts = [];
    private readonly Dictionary<string, Bar> _running = new(StringComparer.Ordinal);
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _next = Stopwatch.GetTimestamp() + _interval;
    private bool _isShown;
    private int _files;
    private long _bytes;
    private double _moved;

    /// <summary>The progress of one cmdlet's transfers.</summary>
    /// <param name="activity">What is done.</param>
    /// <param name="post">Has the pipeline thread write a record, and does not wait.</param>
    public TransferProgress(string activity, Action<ProgressRecord> post)
    {
        _activity = activity;
        _post = post;
    }

    /// <summary>Counts files among those there are.</summary>
    /// <param name="count">How many there are so far, and their bytes.</param>
    public void Add(Func<(int Files, long Bytes)> count)
    {
        lock (_lock)
            _counts.Add(count);
    }

    /// <inheritdoc/>
    public void Report(FtpProgress value)
    {
        lock (_lock)
        {
            var now = Stopwatch.GetTimestamp();
            if (_running.TryGetValue(value.Source, out var bar))
                bar.Last = value;
            else
                _running[value.Source] = new Bar(value, now);
            ShowIfDue(now);
        }
    }

    /// <summary>Counts a file that has been dealt with.</summary>
    public void Count(FtpTransferResult result)
    {
        lock (_lock)
        {
            _files++;
            if (result.Status == FtpTransferStatus.Succeeded)
                _bytes += result.Length;
            _moved += result.BytesPerSecond * result.Elapsed.TotalSeconds;
            if (_running.TryGetValue(result.Source, out var bar))
            {
                _running.Remove(result.Source);
                if (bar.Id > 0)
                    _post(new ProgressRecord(bar.Id, _activity, "Done") { ParentActivityId = 0, RecordType = ProgressRecordType.Completed });
            }
            ShowIfDue(Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Takes the bars away, if there are any.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            if (!_isShown)
                return;
            _isShown = false;
            foreach (var bar in _running.Values.Where(bar => bar.Id > 0))
                _post(new ProgressRecord(bar.Id, _activity, "Done") { ParentActivityId = 0, RecordType = ProgressRecordType.Completed });
            _post(new ProgressRecord(0, _activity, "Done") { RecordType = ProgressRecordType.Completed });
        }
    }

    private void ShowIfDue(long now)
    {
        if (now < _next)
            return;
        _next = now + _interval;
        _isShown = true;
        _post(Total(now));
        // With one file alone its bar would say the same again.
        if (_counts.Sum(count => count().Files) <= 1)
            return;
        // Small ones are gone before they could be read.
        foreach (var bar in _running.Values.Where(bar => bar.Id > 0 || now - bar.Start > _interval).OrderBy(bar => bar.Start).Take(MostBars))
        {
            if (bar.Id == 0)
                bar.Id = Enumerable.Range(1, MostBars + 1).First(id => _running.Values.All(other => other.Id != id));
            _post(One(bar, now));
        }
    }

    private ProgressRecord Total(long now)
    {
        var done = _bytes + _running.Values.Sum(bar => bar.Last.Transferred);
        var files = _counts.Sum(count => count().Files);
        var all = _counts.Sum(count => count().Bytes);
        // What was there to be resumed came in no time, and says nothing of how long the rest will take.
        var rate = (_moved + _running.Values.Sum(bar => bar.Last.Moved)) / Seconds(now - _start);
        var newest = _running.Values.OrderByDescending(bar => bar.Start).FirstOrDefault();
        // The one-line bar of PowerShell 7 has room for the status alone, and cuts it at the end.
        var amount = $"{ByteText.Of(done)} of {ByteText.Of(Math.Max(all, done))}, {ByteText.Of(rate)}/s";
        // The one file, or each that is under way.
        var waiting = _running.Count > 0 && _running.Values.All(bar => bar.Last.Waiting is not null) ? newest?.Last.Waiting + ", " : "";
        var record = new ProgressRecord(0, _activity, waiting + (files > 1 ? $"{_files} of {files} files, {amount}" : newest is null ? amount : $"{amount}: {Name(newest.Last.Source)}"));
        if (files == 1 && newest is not null)
            record.CurrentOperation = Way(newest.Last);
        // An ASCII transfer, or a file that grows meanwhile, can exceed the length that was told.
        if (all > 0)
        {
            record.PercentComplete = (int)Math.Min(100, done * 100.0 / all);
            if (rate > 0 && done < all && waiting.Length == 0)
                record.SecondsRemaining = (int)Math.Min(int.MaxValue, (all - done) / rate);
        }
        return record;
    }

    private ProgressRecord One(Bar bar, long now)
    {
        var value = bar.Last;
        var rate = (value.Moved - bar.First) / Seconds(now - bar.Start);
        var amount = (value.Waiting is { } waiting ? waiting + ", " : "") + ByteText.Of(value.Transferred) + (value.Length is { } all ? $" of {ByteText.Of(all)}" : "")
            + (rate > 0 && value.Waiting is null ? $", {ByteText.Of(rate)}/s" : "");
        var record = new ProgressRecord(bar.Id, Name(value.Source), amount) { ParentActivityId = 0, CurrentOperation = Way(value) };
        if (value.Length is > 0 and var length)
            record.PercentComplete = (int)Math.Min(100, value.Transferred * 100.0 / length);
        return record;
    }

    private static double Seconds(long ticks) => Math.Max(1, ticks) / (double)Stopwatch.Frequency;

    private static string Name(string path) => FtpVisibleText.Of(path.Substring(path.LastIndexOfAny(['/', '\\']) + 1));

    private static string Way(FtpProgress value) => FtpVisibleText.Of($"{value.Source} -> {value.Destination}");

    private sealed class Bar(FtpProgress first, long start)
    {
        public int Id { get; set; }

        public long Start => start;

        public long First { get; } = first.Moved;

        public FtpProgress Last { get; set; } = first;
    }
}
