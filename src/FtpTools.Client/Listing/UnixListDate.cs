using System;

namespace FtpTools.Listing;

/// <summary>
/// A date in one of the many forms that <c>ls -l</c> and its imitations write, and where it ends: <c>Jan 31 12:34</c>,
/// <c>Jan 31  2024</c>, <c>31. Januar, 12:34</c>, <c>2024-01-31 12:34[:56[.789] [+0100]]</c>, <c>1月 31日 2024年</c> ... Most do not
/// tell the server's time zone: <see cref="IsUtc"/>.
/// </summary>
internal struct UnixListDate
{
    private ListingTime _time;

    /// <summary>The time, in UTC or by the server's clock.</summary>
    public DateTime Utc { get; private set; }

    /// <summary>Day, Minute or Second; None where there is no such time, or the month's name is of no known language.</summary>
    public FtpTimePrecision Precision { get; private set; }

    /// <summary>Whether the line named the time zone; else the time is by the server's clock.</summary>
    public bool IsUtc { get; private set; }

    /// <summary>The date as the line has it.</summary>
    public readonly ListingTime Time => _time;

    /// <summary>The index of the first character behind the date.</summary>
    public int End { get; private set; }

    /// <summary>
    /// Where the name begins: a blank further, and behind all of them where a column for the time is left out. The line's end where
    /// none stands behind the date.
    /// </summary>
    public int NameStart { get; private set; }

    /// <summary>Reads the date that begins at <paramref name="start"/>, if it is of a form that is hardly anything else.</summary>
    /// <param name="line">The line.</param>
    /// <param name="start">Where the date is to begin.</param>
    /// <param name="utcNow">The present time: a date without a year is the latest that is not more than a day in the future.</param>
    /// <param name="date">The date.</param>
    public static bool TryParse(string line, int start, DateTime utcNow, out UnixListDate date)
    {
        date = default;
        if (start >= line.Length)
            return false;
        var end = ListingText.SkipToken(line, start);
        return (ListingText.IsDigit(line[start]) ? date.TryDigitsFirst(line, start, end) : date.TryMonthFirst(line, start, end))
            && date.Close(line, utcNow);
    }

    /// <summary>
    /// Reads a date of a form that other columns may have too: two numbers for month and day, or a month's name of no known
    /// language. The item's name is worth more than its date.
    /// </summary>
    public static bool TryParseVague(string line, int start, DateTime utcNow, out UnixListDate date)
    {
        date = default;
        var end1 = ListingText.SkipToken(line, start);
        var start2 = ListingText.SkipSpaces(line, end1);
        var end2 = ListingText.SkipToken(line, start2);
        if (ListingText.TryShort(line, start, end1, out date._time.Month) && ListingText.TryShort(line, start2, end2, out date._time.Day))
        {
            return date.TryTail(line, end2, hasComma: false)
                && (date._time.Year == 0 || (date._time.Month is >= 1 and <= 12 && date._time.Day is >= 1 and <= 31))
                && date.Close(line, utcNow);
        }
        date._time.Month = 0;
        var isDayFirst = date.TryDay(line, start, end1, out _);
        var isDate = isDayFirst ? MonthNames.CanBe(line, start2, end2) : MonthNames.CanBe(line, start, end1) && date.TryDay(line, start2, end2, out _);
        // "1 daemon 4096" is an owner, a group and a size, and no day of a year. No owner is written in letters that are not ASCII.
        return isDate && date.TryTail(line, end2, hasComma: false) && (date._time.Year == 0 || !isDayFirst || line[start2] >= 0x80) && date.Close(line, utcNow);
    }

    private bool Close(string line, DateTime utcNow)
    {
        if (NameStart == 0)
            NameStart = Math.Min(End + 1, line.Length);
        Precision = FtpTimePrecision.None;
        if (!_time.TryGet(utcNow, out var utc))
            return true;
        Utc = utc;
        Precision = _time.Precision;
        if (Precision == FtpTimePrecision.Second && _time.Year != 0)
            TakeZone(line, ListingText.SkipSpaces(line, End));
        return true;
    }

    // Jan 31 ..., and Wed Jan 31 ...
    private bool TryMonthFirst(string line, int start, int end)
    {
        var month = MonthNames.Find(line, start, end);
        if (month == 0 && MonthNames.IsWeekday(line, start, end))
        {
            start = ListingText.SkipSpaces(line, end);
            end = ListingText.SkipToken(line, start);
            month = MonthNames.Find(line, start, end);
        }
        if (month == 0)
            return false;
        _time.Month = month;
        var day = ListingText.SkipSpaces(line, end);
        var dayEnd = ListingText.SkipToken(line, day);
        if (!TryDay(line, day, dayEnd, out var next))
            return false;
        var hasComma = line[dayEnd - 1] == ',';
        if (!TryTail(line, next, hasComma))
            return TryShortYear(line, next, hasComma);
        // "Feb  8 2005  name": where the year is aligned with the left end of a time of day, the space behind it fills the column.
        if (_time.Precision == FtpTimePrecision.Day && End == next + 5 && End + 1 < line.Length && ListingText.IsBlank(line[End + 1]))
            NameStart = End + 2;
        return true;
    }

    // Jun 17 93 12:22 and Sept 14, 99 3:39 pm, of NetWare.
    private bool TryShortYear(string line, int index, bool hasComma)
    {
        var start = ListingText.SkipSpaces(line, index);
        var end = ListingText.SkipToken(line, start);
        var next = ListingText.SkipSpaces(line, end);
        End = ListingText.SkipToken(line, next);
        if (!ListingText.TryShort(line, start, end, out var year) || end - start != 2 || !_time.TryTimeOfDay(line, next, End))
            return false;
        _time.Year = ListingText.FullYear(year);
        var half = ListingText.SkipSpaces(line, End);
        var halfEnd = ListingText.SkipToken(line, half);
        if ((hasComma || (_time.Hour <= 12 && halfEnd < line.Length)) && _time.TryHalf(line, half, halfEnd))
            End = halfEnd;
        return true;
    }

    private bool TryDigitsFirst(string line, int start, int end)
    {
        var digits = ListingText.SkipDigits(line, start, end) - start;
        if (digits is not (1 or 2 or 4))
            return false;
        var mark = start + digits < end ? line[start + digits] : ' ';
        if (digits == 4 && (mark == ' ' || mark >= 0x80))
            return TryYearFirst(line, start, end, mark != ' ');
        if (mark >= 0x80)
            return TryNumberedMonth(line, start, end) && TryDayAfter(line, end, out var next) && TryTail(line, next, hasComma: false);
        if (mark is '-' or '/' or '.' && start + digits + 1 < end)
            return TryJoined(line, start, end);
        if (digits == 4 || !TryDay(line, start, end, out _))
            return false;
        var month = ListingText.SkipSpaces(line, end);
        var monthEnd = ListingText.SkipToken(line, month);
        _time.Month = MonthNames.Find(line, month, monthEnd);
        return _time.Month != 0 && TryTail(line, monthEnd, hasComma: false);
    }

    // 2018 Apr 22 and 2013년 4월 19일. A time or a year behind it tells that the first number is something else: a size. So does
    // a number that is the year of no file.
    private bool TryYearFirst(string line, int start, int end, bool isMarked)
    {
        if (!TryYear(line, start, end) || (!isMarked && _time.Year is < 1970 or > 2099))
            return false;
        var month = ListingText.SkipSpaces(line, end);
        var monthEnd = ListingText.SkipToken(line, month);
        if (!TryNumberedMonth(line, month, monthEnd))
            _time.Month = MonthNames.Find(line, month, monthEnd);
        if (_time.Month == 0 || !TryDayAfter(line, monthEnd, out var next))
            return false;
        End = next;
        _time.Precision = FtpTimePrecision.Day;
        var day = _time;
        var tail = ListingText.SkipSpaces(line, next);
        var tailEnd = ListingText.SkipToken(line, tail);
        // What has no name is a name itself, and its date stands before it.
        if (!isMarked && tail == line.Length)
            return false;
        if (_time.TryTimeOfDay(line, tail, tailEnd))
        {
            End = tailEnd;
            return isMarked;
        }
        _time = day;
        return isMarked || tailEnd == line.Length || tailEnd - tail != 4 || !ListingText.TryDigits(line, tail, 4, out _);
    }

    // 2024-01-31, 31.01.2024, 31-Jan-24 and 01-31, the last with a time or a year behind it.
    private bool TryJoined(string line, int start, int end)
    {
        var next = ListingText.SkipSpaces(line, end);
        var nextEnd = ListingText.SkipToken(line, next);
        if (!_time.TryDate(line, start, end, isDayFirst: true) && !_time.TryNamedDate(line, start, end))
        {
            return end - start == 5 && line[start + 2] == '-'
                && ListingText.TryDigits(line, start, 2, out _time.Month) && ListingText.TryDigits(line, start + 3, 2, out _time.Day)
                && TryTail(line, end, hasComma: false);
        }
        var day = _time;
        End = nextEnd;
        if (_time.TryTimeOfDay(line, next, nextEnd) && nextEnd - next >= 5)
            return true;
        _time = day;
        _time.Precision = FtpTimePrecision.Day;
        End = end;
        NameStart = next;
        return true;
    }

    // What is behind month and day: a time, perhaps with a year behind it, or a year, perhaps with a time behind it.
    private bool TryTail(string line, int index, bool hasComma)
    {
        var start = ListingText.SkipSpaces(line, index);
        var end = ListingText.SkipToken(line, start);
        var next = ListingText.SkipSpaces(line, end);
        var nextEnd = ListingText.SkipToken(line, next);
        End = end;
        if (_time.TryTimeOfDay(line, start, end) || (next < line.Length && TryShortMinute(line, start, end)))
        {
            if (_time.Precision == FtpTimePrecision.Second && nextEnd - next == 4 && ListingText.TryDigits(line, next, 4, out _time.Year))
                End = nextEnd;
            return true;
        }
        if (!TryYear(line, start, end))
            return false;
        var day = _time;
        if (hasComma && _time.TryTimeOfDay(line, next, nextEnd))
        {
            End = nextEnd;
            return true;
        }
        _time = day;
        _time.Hour = _time.Minute = _time.Second = 0;
        _time.Precision = FtpTimePrecision.Day;
        return true;
    }

    // "00:0" of small devices.
    private bool TryShortMinute(string line, int start, int end)
    {
        var colon = end - 2;
        if (!ListingText.TryShort(line, start, colon, out _time.Hour) || line[colon] != ':' || !ListingText.TryDigits(line, colon + 1, 1, out _time.Minute))
            return false;
        _time.Precision = FtpTimePrecision.Minute;
        return true;
    }

    private bool TryDayAfter(string line, int index, out int next)
    {
        var start = ListingText.SkipSpaces(line, index);
        return TryDay(line, start, ListingText.SkipToken(line, start), out next);
    }

    // One or two digits; behind them a point (German), a comma, or the sign of East Asia, whatever its encoding was.
    private bool TryDay(string line, int start, int end, out int next)
    {
        next = ListingText.SkipDigits(line, start, end);
        if (!ListingText.TryShort(line, start, next, out _time.Day))
            return false;
        if (next == end)
            return true;
        if (line[next] is '.' or ',')
            return ++next == end;
        while (next < end && line[next] >= 0x80)
            next++;
        return next == end || ListingText.IsDigit(line[next]);
    }

    // Four digits, and perhaps a sign of East Asia.
    private bool TryYear(string line, int start, int end)
    {
        if (end - start is < 4 or > 8 || !ListingText.TryDigits(line, start, 4, out _time.Year) || !IsSign(line, start + 4, end, orNone: true))
            return false;
        if (_time.Year == 0)
            _time.Year = -1; // there is no such year, which is another thing than none being told
        return true;
    }

    // One or two digits and a sign of East Asia.
    private bool TryNumberedMonth(string line, int start, int end)
    {
        var digits = ListingText.SkipDigits(line, start, end);
        return ListingText.TryShort(line, start, digits, out _time.Month) && IsSign(line, digits, end, orNone: false);
    }

    // Its bytes may have been in an encoding of their own, in which the second is an ASCII letter now and then.
    private static bool IsSign(string line, int start, int end, bool orNone)
    {
        if (start >= end)
            return orNone;
        return end - start <= 4 && line[start] >= 0x80;
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
        NameStart = End + 1;
    }
}
