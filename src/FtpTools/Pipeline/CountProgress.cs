using System;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace FtpTools.Pipeline;

/// <summary>
/// Shows how many items a cmdlet has dealt with, where nobody knows how many there are: five times a second at the most, and
/// not at all of work that is soon done.
/// </summary>
/// <param name="activity">What is done.</param>
/// <param name="done">What has become of the items, as "deleted".</param>
/// <param name="post">Has the pipeline thread write a record, and does not wait.</param>
internal sealed class CountProgress(string activity, string done, Action<ProgressRecord> post)
{
    private static readonly long _interval = Stopwatch.Frequency / 5;

    private readonly object _lock = new();
    private long _next = Stopwatch.GetTimestamp() + _interval;
    private bool _isShown;
    private long _count;

    /// <summary>Counts an item; on any thread.</summary>
    /// <param name="path">Which one.</param>
    public void Count(string path)
    {
        lock (_lock)
        {
            _count++;
            var now = Stopwatch.GetTimestamp();
            if (now < _next)
                return;
            _next = now + _interval;
            _isShown = true;
            post(new ProgressRecord(0, activity, FtpVisibleText.Of(string.Format(CultureInfo.InvariantCulture, "{0} {1}: {2}", _count, done, path))));
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
