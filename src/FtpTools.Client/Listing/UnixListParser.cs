using System;
using System.Globalization;

namespace FtpTools.Listing;

/// <summary>
/// Lines of LIST in the manner of <c>ls -l</c>. No RFC fixes them; columns vary (a group or none, a link count or none),
/// so the date is what the line is read around: the size stands before it, the name behind it.
/// </summary>
internal static class UnixListParser
{
    private const string Months = "JanFebMarAprMayJunJulAugSepOctNovDec";

    /// <summary>Reads a line.</summary>
    /// <returns>True when it is of this form; <paramref name="item"/> is null for <c>total N</c>, <c>.</c> and <c>..</c>.</returns>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        if (line.StartsWith("total ", StringComparison.Ordinal))
            return true;
        if (line.Length < 12 || "-dlbcpsD".IndexOf(line[0]) < 0)
            return false;
        for (var i = 1; i < 10; i++)
        {
            if ("rwxsStTl-".IndexOf(line[i]) < 0)
                return false;
        }

        // Tokens before the date: [links] owner [group] size, or "major, minor" for devices. An ACL adds '+' or '.'.
        var tokens = new Tokens(line, line[10] == ' ' ? 10 : 11);
        int first = -1, second = -1, third = -1, beforeSize = -1, size = -1;
        while (tokens.Next())
        {
            if (size >= 0 && tokens.Index >= 2 && TryDate(line, tokens.Start, context.UtcNow, out var time, out var precision, out var nameStart)
                && TrySize(line, size, out var length))
            {
                return Finish(line, context, nameStart, time, precision, length, first, second, third, beforeSize, size, tokens.Index, out item);
            }

            if (tokens.Index == 0)
                first = tokens.Start;
            else if (tokens.Index == 1)
                second = tokens.Start;
            else if (tokens.Index == 2)
                third = tokens.Start;
            beforeSize = size;
            size = tokens.Start;
        }

        return false;
    }

    private static bool Finish(
        string line, ListingContext context, int nameStart, DateTime time, FtpTimePrecision precision, long length,
        int first, int second, int third, int beforeSize, int size, int count, out FtpItem? item)
    {
        item = null;
        var written = line.Substring(nameStart);
        string? target = null;
        if (line[0] == 'l')
        {
            var arrow = written.IndexOf(" -> ", StringComparison.Ordinal);
            if (arrow > 0)
            {
                target = written.Substring(arrow + 4);
                written = written.Substring(0, arrow);
            }
        }

        if (!context.TryName(written, out var name))
            return false;
        if (context.IsSelfOrParent(name))
            return true;

        var device = beforeSize >= 0 && Token(line, beforeSize).EndsWith(",", StringComparison.Ordinal);
        // A link count is a number and more columns follow it; without one the owner comes first.
        var hasLinks = count > 2 && IsNumber(line, first);
        var owner = hasLinks ? second : first;
        var group = hasLinks ? third : second;
        var type = line[0] switch { '-' => FtpItemType.File, 'd' => FtpItemType.Directory, 'l' => FtpItemType.SymbolicLink, _ => FtpItemType.Other };
        item = new FtpItem
        {
            Name = name,
            FullName = context.FullName(name),
            ItemType = type,
            Length = device || type == FtpItemType.Directory ? null : length,
            LastWriteTimeUtc = time,
            TimePrecision = precision,
            Permission = line.Substring(0, 10),
            Owner = owner >= 0 && owner < size ? Token(line, owner) : null,
            Group = group >= 0 && group < (device ? beforeSize : size) ? Token(line, group) : null,
            LinkTarget = target,
            RawLine = line,
            Session = context.Session,
        };
        return true;
    }

    /// <summary>Reads <c>Jan 31 12:34</c>, <c>Jan 31  2024</c> or <c>2024-01-31 12:34</c>; the name begins one space behind it.</summary>
    private static bool TryDate(string line, int at, DateTime utcNow, out DateTime time, out FtpTimePrecision precision, out int nameStart)
    {
        time = default;
        precision = FtpTimePrecision.None;
        nameStart = 0;
        if (at + 16 < line.Length && line[at + 4] == '-' && line[at + 7] == '-')
        {
            if (!DateTime.TryParseExact(
                    line.Substring(at, 16), "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time))
                return false;
            precision = FtpTimePrecision.Minute;
            nameStart = at + 17;
            return line[at + 16] == ' ' && nameStart < line.Length;
        }

        if (at + 3 >= line.Length || line[at + 3] != ' ')
            return false;
        var month = Months.IndexOf(line.Substring(at, 3), StringComparison.OrdinalIgnoreCase);
        if (month < 0 || month % 3 != 0)
            return false;
        month = (month / 3) + 1;
        var tokens = new Tokens(line, at + 3);
        if (!tokens.Next() || !TryNumber(line, tokens.Start, tokens.End, out var day) || day is < 1 or > 31 || !tokens.Next())
            return false;
        nameStart = tokens.End + 1;
        if (nameStart >= line.Length)
            return false;

        var colon = line.IndexOf(':', tokens.Start, tokens.End - tokens.Start);
        if (colon < 0)
        {
            if (!TryNumber(line, tokens.Start, tokens.End, out var year) || year is < 1970 or > 9999 || day > DateTime.DaysInMonth(year, month))
                return false;
            time = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc);
            precision = FtpTimePrecision.Day;
            return true;
        }

        if (!TryNumber(line, tokens.Start, colon, out var hour) || !TryNumber(line, colon + 1, tokens.End, out var minute) || hour > 23 || minute > 59)
            return false;
        precision = FtpTimePrecision.Minute;
        return TryRecent(utcNow, month, day, hour, minute, out time);
    }

    /// <summary>The latest such day that is not more than a day ahead (the server's clock may be in another time zone).</summary>
    private static bool TryRecent(DateTime utcNow, int month, int day, int hour, int minute, out DateTime time)
    {
        var latest = utcNow.AddDays(1);
        for (var year = latest.Year; year > latest.Year - 9; year--) // 29 February may be eight years back
        {
            if (day > DateTime.DaysInMonth(year, month))
                continue;
            time = new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Utc);
            if (time <= latest)
                return true;
        }

        time = default;
        return false;
    }

    private static bool TrySize(string line, int at, out long size)
    {
        size = 0;
        var i = at;
        for (; i < line.Length && line[i] is >= '0' and <= '9'; i++)
        {
            if (size > (long.MaxValue - 9) / 10)
                return false;
            size = (size * 10) + line[i] - '0';
        }

        return i > at && (i == line.Length || line[i] == ' ');
    }

    private static bool TryNumber(string line, int start, int end, out int number)
    {
        number = 0;
        for (var i = start; i < end; i++)
        {
            if (line[i] is < '0' or > '9' || number > 99999)
                return false;
            number = (number * 10) + line[i] - '0';
        }

        return end > start;
    }

    private static bool IsNumber(string line, int at) => TrySize(line, at, out _);

    private static string Token(string line, int at)
    {
        var end = line.IndexOf(' ', at);
        return end < 0 ? line.Substring(at) : line.Substring(at, end - at);
    }

    /// <summary>The words of a line, one after the other, without copies of them.</summary>
    private struct Tokens(string line, int at)
    {
        private int _at = at;

        public int Start { get; private set; }

        public int End { get; private set; }

        public int Index { get; private set; } = -1;

        public bool Next()
        {
            while (_at < line.Length && line[_at] == ' ')
                _at++;
            if (_at >= line.Length)
                return false;
            Start = _at;
            while (_at < line.Length && line[_at] != ' ')
                _at++;
            End = _at;
            Index++;
            return true;
        }
    }
}
