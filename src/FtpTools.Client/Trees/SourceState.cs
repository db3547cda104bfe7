using System;

namespace FtpTools.Trees;

/// <summary>What is known of an original: by it is seen whether a file is the one that was taken.</summary>
/// <param name="Length">Its length in bytes; null when that is not known.</param>
/// <param name="TimeUtc">The time of its last change; null when that is not known.</param>
/// <param name="Precision">How exact that is.</param>
internal sealed record SourceState(long? Length, DateTime? TimeUtc, FtpTimePrecision Precision)
{
    /// <summary>What an entry tells.</summary>
    public static SourceState Of(FtpJournalEntry entry) => new(entry.Length, entry.LastWriteTimeUtc, entry.TimePrecision);

    /// <summary>Whether it is known so well that another file would hardly look like it.</summary>
    public bool IsSure => Length is not null && TimeUtc is not null && Precision >= FtpTimePrecision.Second;

    /// <summary>Whether it is the same as far as can be told, and enough can.</summary>
    public bool IsLike(SourceState other) => TimeUtc is not null && other.TimeUtc is not null && !Contradicts(other);

    /// <summary>Whether it cannot be the same.</summary>
    public bool Contradicts(SourceState other)
    {
        if (Length is not null && other.Length is not null && Length != other.Length)
            return true;
        if (TimeUtc is not { } time || other.TimeUtc is not { } otherTime)
            return false;
        return (Precision < other.Precision ? Precision : other.Precision) switch
        {
            FtpTimePrecision.None => false,
            FtpTimePrecision.Day => (time - otherTime).Duration() > TimeSpan.FromDays(1),
            // By a clock of which the zone is not known two times are the same, or tell nothing.
            FtpTimePrecision.ServerTime => time != otherTime,
            FtpTimePrecision.Minute => (time - otherTime).Duration() >= TimeSpan.FromMinutes(1),
            FtpTimePrecision.Second => Seconds(time) != Seconds(otherTime),
            _ => time != otherTime,
        };
    }

    private static long Seconds(DateTime time) => time.Ticks / TimeSpan.TicksPerSecond;
}
