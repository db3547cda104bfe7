using System;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Threading;

namespace FtpTools.Pipeline;

/// <summary>
/// Shows how many items a cmdlet has dealt with, where nobody knows how many there are: five times a second at the most, and
/// not at all of work that is done within a second.
/// </summary>
/// <param name="activity">What is done.</param>
/// <param name="done">What has become of the items, as "deleted".</param>
/// <param name="post">Has the pipeline thread write a record, and does not wait.</param>
internal sealed class CountProgress(string activity, string done, Action<ProgressRecord> post)
{
    private static readonly long _interval = Stopwatch.Frequency / 5;

    private readonly object _lock = new();
    private long _next = Stopwatch.GetTimestamp() + Stopwatch.Frequency;
    private bool _isShown;
    private long _count;

    /// <summary>Counts an item; on any thread.</summary>
    /// <param name="path">Which one.</param>
    public void Count(string path)
    {
        // A listing of 100,000 is not to wait here so many times.
        var count = Interlocked.Increment(ref _count);
        var now = Stopwatch.GetTimestamp();
        if (now < Volatile.Read(ref _next))
            return;
        lock (_lock)
        {
            if (now < _next)
                return;
            Volatile.Write(ref _next, now + _interval);
            _isShown = true;
            post(new ProgressRecord(0, activity, FtpVisibleText.Of(string.Format(CultureInfo.InvariantCulture, "{0} {1}: {2}", count, done, path))));
        }
    }

    /// <summary>Takes the bar away, if there is one.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            if (_isShown)
                post(new ProgressRecord(0, activity, "Done") { RecordType = ProgressRecordType.Completed });
            _isShown = false;
        }
    }
}
