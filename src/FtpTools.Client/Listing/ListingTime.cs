using System;
using System.Runtime.InteropServices;

namespace FtpTools.Listing;

/// <summary>
/// A date and a time of day as a line tells them. The line is of its form whether or not there is such a day or time of day:
/// what cannot be leaves the item without a time, and the item stays.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct ListingTime
{
    /// <summary>The year; 0 where it is not told.</summary>
    public int Year;

    /// <summary>The month; 0 where it is not known.</summary>
    public int Month;

    /// <summary>The day of the month.</summary>
    public int Day;

    /// <summary>The hour.</summary>
    public int Hour;

    /// <summary>The minute.</summary>
    public int Minute;

    /// <summary>The second.</summary>
    public int Second;

    /// <summary>How exact the line is: Day, Minute or Second.</summary>
    public FtpTimePrecision Precision;

    /// <summary>The time; none where there is no such one.</summary>
    /// <param name="utcNow">The present time: a date without a year is the latest that is not more than a day in the future.</param>
    /// <param name="utc">The time, its zone taken to be UTC.</param>
    public readonly bool TryGet(DateTime utcNow, out DateTime utc)
    {
        utc = default;
        if (Month == 0 || Precision == FtpTimePrecision.None)
            return false;
        if (Year != 0)
            return TryGet(Year, out utc);
        var limit = utcNow.Year < 9999 ? utcNow.AddDays(1) : utcNow;
        // Eight years back: the distance of two leap days around a year like 2100.
        for (var year = limit.Year; year >= limit.Year - 8; year--)
        {
            if (TryGet(year, out utc) && utc <= limit)
                return true;
        }
        utc = default;
        return false;
    }

    /// <summary>
    /// Reads <c>12:34</c>, <c>12:34:56</c> or <c>12:34:56.78</c>; the hour may have one digit, and in some countries points stand between.
    /// Behind them may be the half of the day, of which older versions of <c>dir</c> write the first letter alone: <c>3:41PM</c>, <c>3:41p</c>.
    /// </summary>
    public bool TryTimeOfDay(string line, int start, int end)
    {
        if (start >= end)
            return false;
        var letter = line[end - 1] | 0x20;
        return letter switch
        {
            'a' or 'p' => TryDigits(line, start, end - 1) && TakeHalf(letter == 'p'),
            'm' => TryDigits(line, start, end - 2) && TryHalf(line, end - 2, end),
            _ => TryDigits(line, start, end),
        };
    }

    private bool TryDigits(string line, int start, int end)
    {
        var colon = ListingText.SkipDigits(line, start, Math.Min(end, start + 3));
        if (!ListingText.TryShort(line, start, colon, out Hour) || colon >= end || line[colon] is not (':' or '.')
            || !ListingText.TryDigits(line, colon + 1, 2, out Minute))
            return false;
        Precision = FtpTimePrecision.Minute;
        var next = colon + 3;
        if (next == end)
            return true;
        if (next > end || line[next] != line[colon] || !ListingText.TryDigits(line, next + 1, 2, out Second))
            return false;
        Precision = FtpTimePrecision.Second;
        next += 3;
        return next == end || (next < end && line[next] is '.' or ',' && ListingText.SkipDigits(line, next + 1, end) == end);
    }

    /// <summary>
    /// Takes AM or PM, which stands behind a time of day. 13:00PM is no time, and leaves the item without one.
    /// </summary>
    public bool TryHalf(string line, int start, int end)
    {
        var isAfternoon = ListingText.IsWord(line, start, end, "PM") || ListingText.IsWord(line, start, end, "p.m.");
        if (!isAfternoon && !ListingText.IsWord(line, start, end, "AM") && !ListingText.IsWord(line, start, end, "a.m."))
            return false;
        return TakeHalf(isAfternoon);
    }

    private bool TakeHalf(bool isAfternoon)
    {
        Hour = Hour > 12 ? 99 : Hour % 12 + (isAfternoon ? 12 : 0);
        return true;
    }

    /// <summary>
    /// Reads a date of three numbers with one sort of separator between them: <c>2024-01-31</c>, <c>01/31/24</c>,
    /// <c>31.01.2024</c>. Where two orders could be meant, the month stands first, but with points the day.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="start">Where the date begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="isDayFirst">Whether the day stands first where that can be.</param>
    public bool TryDate(string line, int start, int end, bool isDayFirst = false)
    {
        Month = 0;
        var end1 = ListingText.SkipDigits(line, start, end);
        var end2 = ListingText.SkipDigits(line, end1 + 1, end);
        if (end2 >= end || line[end1] is not ('-' or '/' or '.') || line[end2] != line[end1])
            return false;
        var digits = (end1 - start, end2 - end1 - 1, end - end2 - 1);
        if (digits.Item2 is not (1 or 2) || !ListingText.TryDigits(line, end1 + 1, digits.Item2, out var second))
            return false;
        if (digits is (4, _, 1 or 2))
        {
            Month = second;
            return ListingText.TryDigits(line, start, 4, out Year) && ListingText.TryDigits(line, end2 + 1, digits.Item3, out Day);
        }
        if (digits.Item1 is not (1 or 2) || digits.Item3 is not (2 or 3 or 4)
            || !ListingText.TryDigits(line, start, digits.Item1, out var first) || !ListingText.TryDigits(line, end2 + 1, digits.Item3, out Year))
            return false;
        // OS/2 counts the years from 1900: 104.
        if (digits.Item3 == 3)
            Year += 1900;
        else if (digits.Item3 == 2)
            TakeShortYear(first, second);
        if (Month == 0)
            (Month, Day) = (isDayFirst || line[end1] == '.' || first > 12) && second <= 12 ? (second, first) : (first, second);
        return true;
    }

    /// <summary>Reads <c>24/01/31</c>, as OS-9 and the members of z/OS libraries have it.</summary>
    public bool TryYearFirst(string line, int start, int end)
    {
        if (end - start != 8 || line[start + 2] != '/' || line[start + 5] != '/' || !ListingText.TryDigits(line, start, 2, out var year))
            return false;
        Year = ListingText.FullYear(year);
        return ListingText.TryDigits(line, start + 3, 2, out Month) && ListingText.TryDigits(line, start + 6, 2, out Day);
    }

    /// <summary>Reads <c>31-Jan-24</c> and <c>31-Jan-2024</c>.</summary>
    public bool TryNamedDate(string line, int start, int end)
    {
        var first = line.IndexOf('-', start, end - start);
        if (first < 0)
            return false;
        var second = line.IndexOf('-', first + 1, end - first - 1);
        if (second < 0 || !ListingText.TryShort(line, start, first, out Day))
            return false;
        Month = MonthNames.Find(line, first + 1, second);
        if (end - second == 5)
            return Month != 0 && ListingText.TryDigits(line, second + 1, 4, out Year);
        var isShort = end - second == 3 && ListingText.TryDigits(line, second + 1, 2, out Year);
        Year = ListingText.FullYear(Year);
        return Month != 0 && isShort;
    }

    // IBM i: 98/11/27. What cannot be a day or a month in the first place is a year.
    private void TakeShortYear(int first, int second)
    {
        if (first is 0 or > 31 && second is >= 1 and <= 12 && Year is >= 1 and <= 31)
            (Year, Month, Day) = (ListingText.FullYear(first), second, Year);
        else
            Year = ListingText.FullYear(Year);
    }

    private readonly bool TryGet(int year, out DateTime utc)
    {
        // ISO 8601 and IBM's z/OS write the end of a day as 24:00.
        var isMidnight = Hour == 24 && Minute == 0 && Second == 0;
        if (!ListingText.TryTime(year, Month, Day, isMidnight ? 0 : Hour, Minute, Second, out utc))
            return false;
        if (isMidnight && utc < DateTime.MaxValue.Date)
            utc = utc.AddDays(1);
        return true;
    }
}
