using System;

namespace FtpTools.Listing;

/// <summary>
/// A date as <c>ls -l</c> writes it, and where it ends: <c>Jan 31 12:34</c>, <c>Jan 31  2024</c>, <c>31 Jan 12:34</c>,
/// <c>2024-01-31 12:34[:56[.789] [+0100]]</c>. Most do not tell the server's time zone: <see cref="IsUtc"/>.
/// </summary>
internal struct UnixListDate
{
    private const string Months = "JanFebMarAprMayJunJulAugSepOctNovDec";

    /// <summary>The time, in UTC or by the server's clock.</summary>
    public DateTime Utc { get; private set; }

    /// <summary>Day or Minute; Second for the long form; None where the month's name is of another language than English.</summary>
    public FtpTimePrecision Precision { get; private set; }

    /// <summary>Whether the line named the time zone; else the time is by the server's clock.</summary>
    public bool IsUtc { get; private set; }

    /// <summary>The index of the first character behind the date.</summary>
    public int End { get; private set; }

    /// <summary>Reads the date that begins at <paramref name="start"/>.</summary>
    /// <param name="line">The line.</param>
    /// <param name="start">Where the date is to begin.</param>
    /// <param name="utcNow">The present time: a date without a year is the latest that is not more than a day in the future.</param>
    /// <param name="date">The date.</param>
    public static bool TryParse(string line, int start, DateTime utcNow, out UnixListDate date)
    {
        date = default;
        var end1 = ListingText.SkipToken(line, start);
        var start2 = ListingText.SkipSpaces(line, end1);
        var end2 = ListingText.SkipToken(line, start2);
        if (start2 == end2)
            return false;
        if (end1 - start == 10 && line[start + 4] == '-' && line[start + 7] == '-')
            return date.TryIso(line, start, start2, end2);
        var start3 = ListingText.SkipSpaces(line, end2);
        var end3 = ListingText.SkipToken(line, start3);
        var isDayFirst = TryDay(line, start, end1, out var day);
        var isDate = isDayFirst
            ? TryMonth(line, start2, end2, out var month)
            : TryMonth(line, start, end1, out month) && TryDay(line, start2, end2, out day);
        if (!isDate)
            return false;
        date.End = end3;
        if (end3 - start3 == 4 && ListingText.TryDigits(line, start3, 4, out var year))
        {
            // "1 daemon 4096" is an owner, a group and a size, and no day of a year.
            return month == 0 ? !isDayFirst : date.TrySet(year, month, day, 0, 0, FtpTimePrecision.Day);
        }
        return date.TryTimeOfDay(line, start3, end3, month, day, utcNow);
    }

    private static bool TryDay(string line, int start, int end, out int day)
    {
        day = 0;
        if (end > start && line[end - 1] == '.') // "31. Jan", German
            end--;
        if (end - start is not (1 or 2) || !ListingText.TryDigits(line, start, end - start, out day))
            return false;
        return day is >= 1 and <= 31;
    }

    // A name of another language is a month too, but of no known number: the item's name is worth more than its date.
    private static bool TryMonth(string line, int start, int end, out int month)
    {
        month = 0;
        for (var i = start; i < end; i++)
        {
            if (line[i] < 0x80 && !char.IsLetter(line[i]) && line[i] != '.')
                return false;
        }
        for (var i = 0; end - start == 3 && i < Months.Length; i += 3)
        {
            if (string.Compare(line, start, Months, i, 3, StringComparison.OrdinalIgnoreCase) == 0)
                month = i / 3 + 1;
        }
        return end > start;
    }

    private bool TryTimeOfDay(string line, int start, int end, int month, int day, DateTime utcNow)
    {
        var colon = end - 3;
        if (colon - start is not (1 or 2) || line[colon] != ':'
            || !ListingText.TryDigits(line, start, colon - start, out var hour)
            || !ListingText.TryDigits(line, colon + 1, 2, out var minute))
            return false;
        if (month == 0)
            return true;
        var limit = utcNow.Year < 9999 ? utcNow.AddDays(1) : utcNow;
        // Eight years back: the distance of two leap days around a year like 2100.
        for (var year = limit.Year; year >= limit.Year - 8; year--)
        {
            if (TrySet(year, month, day, hour, minute, FtpTimePrecision.Minute) && Utc <= limit)
                return true;
        }
        return false;
    }

    private bool TryIso(string line, int start, int timeStart, int timeEnd)
    {
        if (!ListingText.TryDigits(line, start, 4, out var year)
            || !ListingText.TryDigits(line, start + 5, 2, out var month)
            || !ListingText.TryDigits(line, start + 8, 2, out var day)
            || timeEnd - timeStart < 5 || line[timeStart + 2] != ':'
            || !ListingText.TryDigits(line, timeStart, 2, out var hour)
            || !ListingText.TryDigits(line, timeStart + 3, 2, out var minute)
            || !TrySet(year, month, day, hour, minute, FtpTimePrecision.Minute))
            return false;
        End = timeEnd;
        if (timeEnd - timeStart == 5)
            return true;
        if (line[timeStart + 5] != ':' || !ListingText.TryDigits(line, timeStart + 6, 2, out var second) || second > 59)
            return false;
        Utc = Utc.AddSeconds(second);
        Precision = FtpTimePrecision.Second;
        TakeZone(line, ListingText.SkipSpaces(line, timeEnd));
        return true;
    }

    // "ls --full-time" names the zone behind the time: +0100. A name may look like one, but has seconds before it only there.
    private void TakeZone(string line, int start)
    {
        if (start + 5 >= line.Length || line[start] is not ('+' or '-') || line[start + 5] != ' '
            || !ListingText.TryDigits(line, start + 1, 2, out var hours)
            || !ListingText.TryDigits(line, start + 3, 2, out var minutes) || hours > 14 || minutes > 59)
            return;
        var offset = new TimeSpan(hours, minutes, 0);
        if (Utc.Year is > 1 and < 9999)
            Utc = line[start] == '+' ? Utc - offset : Utc + offset;
        End = start + 5;
        IsUtc = true;
    }

    private bool TrySet(int year, int month, int day, int hour, int minute, FtpTimePrecision precision)
    {
        if (!ListingText.TryTime(year, month, day, hour, minute, 0, out var utc))
            return false;
        Utc = utc;
        Precision = precision;
        return true;
    }
}
