using System;

namespace FtpTools.Trees;

/// <summary>What a file was on both sides when both were alike.</summary>
/// <param name="Here">What it was here.</param>
/// <param name="There">What it was on the server.</param>
internal sealed record SyncRecord(SyncFacts Here, SyncFacts There)
{
    /// <summary>Which sides have changed since; null when that cannot be told of both.</summary>
    public (bool Here, bool There)? Changes(SyncFacts here, SyncFacts there) =>
        HasChanged(here, Here) is { } isOther && HasChanged(there, There) is { } isOtherThere ? (isOther, isOtherThere) : null;

    // Two times that one clock tells of one file are the same or they are not: there is nothing to allow for, as there is where
    // two clocks are compared, but that one of both was told less exactly.
    private static bool? HasChanged(SyncFacts now, SyncFacts then)
    {
        if (!now.IsFile || now.HasLengthOf(then) == false)
            return true;
        if (now.Time is not { } time || then.Time is not { } former)
            return null;
        var (less, more) = now.Precision < then.Precision ? (now.Precision, then.Precision) : (then.Precision, now.Precision);
        if (less is FtpTimePrecision.Day or FtpTimePrecision.ServerTime && less != more)
            return now.CompareTime(then) is null or 0 ? null : true;
        var unit = less switch
        {
            FtpTimePrecision.Millisecond => 1,
            FtpTimePrecision.Second => TimeSpan.TicksPerSecond,
            FtpTimePrecision.Day => TimeSpan.TicksPerDay,
            _ => TimeSpan.TicksPerMinute,
        };
        return time.Ticks / unit != former.Ticks / unit;
    }
}
