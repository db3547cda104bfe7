using System;

namespace FtpTools.Listing;

/// <summary>
/// The lines of <c>dir</c>, which IIS and other Windows servers answer LIST with: <c>01-31-24  12:34PM  &lt;DIR&gt;  name</c>.
/// The time zone is not told and taken to be UTC.
/// </summary>
internal static class DosListParser
{
    /// <summary>
    /// Reads a line. False when it is none of this form or its name is hostile; true without an item for the directory itself
    /// and its parent.
    /// </summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        var dateEnd = ListingText.SkipToken(line, 0);
        var timeStart = ListingText.SkipSpaces(line, dateEnd);
        var timeEnd = ListingText.SkipToken(line, timeStart);
        var kindStart = ListingText.SkipSpaces(line, timeEnd);
        if (!TryDate(line, dateEnd, out var year, out var month, out var day)
            || !TryTime(line, timeStart, ref timeEnd, ref kindStart, out var hour, out var minute)
            || !ListingText.TryTime(year, month, day, hour, minute, 0, out var utc)
            || !TryKind(line, kindStart, out var itemType, out var length, out var nameStart))
            return false;

        var nameEnd = line.Length;
        string? target = null;
        if (itemType == FtpItemType.SymbolicLink)
            TakeTarget(line, nameStart, ref nameEnd, out target);
        if (!context.TryTakeName(line, nameStart, nameEnd, out var name))
            return false;
        if (name is null)
            return true;
        item = new FtpItem
        {
            Name = name,
            FullName = context.FullName(name),
            ItemType = itemType,
            Length = length,
            LastWriteTimeUtc = utc,
            TimePrecision = FtpTimePrecision.Minute,
            IsTimeOfServer = true,
            LinkTarget = target,
            RawLine = line,
        };
        return true;
    }

    // 01-31-24, 01-31-2024 (IIS with four-digit years) and 2024-01-31; some servers write slashes.
    private static bool TryDate(string line, int end, out int year, out int month, out int day)
    {
        month = day = 0;
        if (end == 10 && IsSeparator(line[4]) && IsSeparator(line[7]))
            return ListingText.TryDigits(line, 0, 4, out year)
                && ListingText.TryDigits(line, 5, 2, out month)
                && ListingText.TryDigits(line, 8, 2, out day);
        if (end is not (8 or 10) || !IsSeparator(line[2]) || !IsSeparator(line[5])
            || !ListingText.TryDigits(line, 6, end - 6, out year))
        {
            year = 0;
            return false;
        }
        if (end == 8)
            year += year < 70 ? 2000 : 1900;
        return ListingText.TryDigits(line, 0, 2, out month) && ListingText.TryDigits(line, 3, 2, out day);
    }

    private static bool IsSeparator(char c) => c is '-' or '/';

    // 12:34PM, 12:34 PM or 23:45.
    private static bool TryTime(string line, int start, ref int end, ref int next, out int hour, out int minute)
    {
        minute = 0;
        if (!ListingText.TryDigits(line, start, 2, out hour)
            || end - start < 5 || line[start + 2] != ':'
            || !ListingText.TryDigits(line, start + 3, 2, out minute))
            return false;
        var half = start + 5;
        if (half == end)
        {
            var word = ListingText.SkipToken(line, next);
            if (!IsHalf(line, next, word))
                return true;
            (half, end) = (next, word);
            next = ListingText.SkipSpaces(line, end);
        }
        if (!IsHalf(line, half, end) || hour is < 1 or > 12)
            return false;
        hour = hour % 12 + ((line[half] | 0x20) == 'p' ? 12 : 0);
        return true;
    }

    private static bool IsHalf(string line, int start, int end) =>
        ListingText.IsWord(line, start, end, "AM") || ListingText.IsWord(line, start, end, "PM");

    private static bool TryKind(string line, int start, out FtpItemType itemType, out long? length, out int nameStart)
    {
        var end = ListingText.SkipToken(line, start);
        length = null;
        itemType = FtpItemType.File;
        nameStart = end + 1;
        if (start == end)
            return false;
        if (line[start] != '<')
            return TrySize(line, start, end, out length);
        if (ListingText.IsWord(line, start, end, "<DIR>"))
            itemType = FtpItemType.Directory;
        else if (ListingText.IsWord(line, start, end, "<JUNCTION>") || ListingText.StartsWith(line, start, end, "<SYMLINK"))
            itemType = FtpItemType.SymbolicLink;
        else
            return false;
        // IIS puts ten spaces behind <DIR>; what comes after them is the name's own. Others align the columns otherwise.
        var name = ListingText.SkipSpaces(line, end);
        nameStart = itemType == FtpItemType.Directory ? Math.Min(name, end + 10) : name;
        return true;
    }

    // Digits, perhaps with commas or points between the thousands.
    private static bool TrySize(string line, int start, int end, out long? length)
    {
        length = null;
        long size = 0;
        for (var i = start; i < end; i++)
        {
            if (line[i] is ',' or '.' && i > start)
                continue;
            if (!ListingText.IsDigit(line[i]) || size > long.MaxValue / 10 - 10)
                return false;
            size = size * 10 + (line[i] - '0');
        }
        length = size;
        return true;
    }

    // "name [target]", as "dir" writes links.
    private static void TakeTarget(string line, int start, ref int end, out string? target)
    {
        target = null;
        if (start >= end || line[end - 1] != ']')
            return;
        var bracket = line.LastIndexOf(" [", end - 1, end - start, StringComparison.Ordinal);
        if (bracket <= start)
            return;
        target = line.Substring(bracket + 2, end - bracket - 3);
        end = bracket;
    }
}
