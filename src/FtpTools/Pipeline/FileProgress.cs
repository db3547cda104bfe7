using System;
using System.Diagnostics;
using System.Management.Automation;
using System.Threading;

namespace FtpTools.Pipeline;

/// <summary>Shows how far a cmdlet is with one file after the other, where that takes more than a moment. The engine tells of it five times a second at the most.</summary>
internal sealed class FileProgress(string activity, Action<ProgressRecord> post) : IProgress<FtpProgress>
{
    private static readonly TimeSpan _moment = TimeSpan.FromSeconds(0.5);

    private readonly object _lock = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private string _source = "";
    private TimeSpan _start;
    private bool _isShown;
    private bool _isOver;

    /// <inheritdoc/>
    public void Report(FtpProgress value)
    {
        lock (_lock)
        {
            var now = _watch.Elapsed;
            if (_source != value.Source)
                (_source, _start) = (value.Source, now);
            var elapsed = now - _start;
            if (elapsed < _moment)
                return;
            _isShown = true;
            var rate = value.Transferred / elapsed.TotalSeconds;
            var amount = ByteText.Of(value.Transferred) + (value.Length is { } all ? $" of {ByteText.Of(all)}" : "");
            var record = new ProgressRecord(0, activity, FtpVisibleText.Of($"{value.Waiting ?? $"{amount}, {ByteText.Of(rate)}/s"}: {value.Source}"));
            if (value.Length is > 0 and var length)
            {
                record.PercentComplete = (int)Math.Min(100, value.Transferred * 100.0 / length);
                if (rate > 0 && value.Waiting is null)
                    record.SecondsRemaining = (int)Math.Min(int.MaxValue, Math.Max(0, length - value.Transferred) / rate);
            }

            post(record);
        }
    }

    /// <summary>Shows that a file is waited for of which nothing comes meanwhile, each second.</summary>
    /// <param name="what">What is waited for, as "hashed by the server".</param>
    /// <param name="path">The file.</param>
    /// <returns>What ends it.</returns>
    public IDisposable Wait(string what, string path)
    {
        var watch = Stopwatch.StartNew();
        return new Timer(
            _ =>
            {
                lock (_lock)
                {
                    if (_isOver)
                        return;
                    _isShown = true;
                    post(new ProgressRecord(0, activity, FtpVisibleText.Of(FormattableString.Invariant($"{what}, {watch.Elapsed.TotalSeconds:0} s: {path}"))));
                }
            },
            null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Takes the bar away, if there is one.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            if (_isShown)
                post(new ProgressRecord(0, activity, "Done") { RecordType = ProgressRecordType.Completed });
            (_isShown, _isOver) = (false, true);
        }
    }
}
