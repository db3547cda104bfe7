using System;

namespace FtpTools.Listing;

/// <summary>
/// The lines of OpenVMS: <c>NAME.TYPE;3   61/63   31-JAN-2024 12:34:56  [OWNER,GROUP]  (RWED,RWED,RE,)</c>, in whatever order the servers put what
/// comes behind the name. Files keep their version, for which RETR and DELE ask. A directory is a file <c>SUB.DIR;1</c>, and SUB
/// to who goes into it. A long name stands on a line of its own, which <see cref="ListingReader"/> puts together with the next.
/// </summary>
internal static class VmsListParser
{
    private const int Block = 512;

    /// <summary>Reads a line. False when it is none of this form or its name is hostile; true without an item for headings and totals.</summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        if (IsHeading(line))
            return true;
        var start = SkipFolder(line);
        var version = FindVersion(line, start);
        var hasVersion = version > 0;
        var nameEnd = hasVersion ? ListingText.SkipDigits(line, version + 1, line.Length) : ListingText.SkipToken(line, start);
        var entry = new ListingEntry { ItemType = FtpItemType.File, IsLengthRough = true, NameStart = start, NameEnd = nameEnd };
        if (!((hasVersion && IsRefusal(line, nameEnd)) || TryFacts(line, nameEnd, context, ref entry) || (hasVersion && entry.Permission is not null && entry.Owner is not null))
            || (!hasVersion && (entry.Permission is null || !ListingText.Holds(line, '.', start, nameEnd) || ListingText.Holds(line, ';', start, nameEnd))))
            return false;
        TakeDirectory(line, hasVersion ? version : nameEnd, context, ref entry);
        return entry.TryMake(line, context, out item);
    }

    /// <summary>Whether a line is a name, perhaps with a size, whose other facts stand on the next line.</summary>
    public static bool IsNameAlone(string line)
    {
        var start = ListingText.SkipSpaces(line, 0);
        var version = FindVersion(line, start);
        if (version == 0 || ListingText.Holds(line, ' ', start, version))
            return false;
        var size = ListingText.SkipSpaces(line, ListingText.SkipDigits(line, version + 1, line.Length));
        var sizeEnd = ListingText.SkipToken(line, size);
        long? length = null;
        return size == line.Length || (TrySize(line, size, sizeEnd, ref length) && ListingText.SkipSpaces(line, sizeEnd) == line.Length);
    }

    /// <summary>Whether a line between others of a VMS is a name that has no version, whose facts stand on the next line.</summary>
    public static bool IsNameWithoutVersion(string line) => line.IndexOf('.') >= 0 && ListingText.SkipToken(line, 0) == line.Length;

    /// <summary>The directory that a heading names, <c>[USER.WORK</c>; null where the line is no such heading.</summary>
    public static string? FolderOf(string line)
    {
        if (!IsFolderAlone(line) && !ListingText.StartsWith(line, 0, line.Length, "Directory "))
            return null;
        var start = line.IndexOf('[');
        var end = line.IndexOf(']');
        return start >= 0 && end > start ? line.Substring(start, end - start) : null;
    }

    /// <summary>The item of a line that is a name, if no facts have followed; null where it has no version.</summary>
    public static FtpItem? ParseName(string line, ListingContext context)
    {
        var start = SkipFolder(line);
        var version = FindVersion(line, start);
        if (version == 0)
            return null;
        var entry = new ListingEntry { ItemType = FtpItemType.File, NameStart = start, NameEnd = ListingText.SkipDigits(line, version + 1, line.Length) };
        TakeDirectory(line, version, context, ref entry);
        entry.TryMake(line, context, out var item);
        return item;
    }

    private static bool IsHeading(string line)
    {
        if (ListingText.StartsWith(line, 0, line.Length, "Directory "))
            return ListingText.IsPartOf(line, "[") && ListingText.IsPartOf(line, "]") && !ListingFiller.EndsLikeName(line);
        if (IsProtectionAlone(line) || IsFolderAlone(line))
            return true;
        return IsTotal(line, "Total of ") || IsTotal(line, "Grand total of ")
            || ListingText.StartsWith(line, 0, line.Length, "%DIRECT-W-NOFILES")
            || (ListingText.StartsWith(line, 0, line.Length, "*.*;") && ListingText.IsPartOf(line, "%RMS-E-FNF"));
    }

    private static bool IsTotal(string line, string words)
    {
        if (!ListingText.StartsWith(line, 0, line.Length, words))
            return false;
        var end = ListingText.SkipDigits(line, words.Length, line.Length);
        return (ListingText.StartsWith(line, end, line.Length, " file") || ListingText.StartsWith(line, end, line.Length, " director") || ListingText.StartsWith(line, end, line.Length, " block"))
            && !ListingFiller.EndsLikeName(line);
    }

    // UCX breaks its lines before the protection, too.
    private static bool IsProtectionAlone(string line)
    {
        var start = ListingText.SkipSpaces(line, 0);
        if (start == 0 || start == line.Length || line[start] != '(')
            return false;
        var index = start + 1;
        while (index < line.Length && "RWED,".IndexOf(line[index]) >= 0)
            index++;
        return index > start + 1 && index < line.Length && line[index] == ')' && ListingText.SkipSpaces(line, index + 1) == line.Length;
    }

    // MultiNet writes "DKA0:[USER.WORK]" above the files.
    private static bool IsFolderAlone(string line) =>
        line.EndsWith("]", StringComparison.Ordinal) && line.IndexOf(":[", StringComparison.Ordinal) > 0 && ListingText.SkipToken(line, 0) == line.Length;

    // CMU puts the directory before the name, and others the device too.
    private static int SkipFolder(string line)
    {
        var start = ListingText.SkipSpaces(line, 0);
        var bracket = start;
        while (bracket < line.Length && line[bracket] != '[' && !ListingText.IsBlank(line[bracket]))
            bracket++;
        if (bracket == line.Length || line[bracket] != '[' || (bracket > start && line[bracket - 1] != ':'))
            return start;
        return line.IndexOf(']', bracket) is var end and > 0 ? end + 1 : start;
    }

    // "No privilege for attempted operation", "insufficient privilege or file protection violation": of what the server may not
    // read itself there is no more than the name.
    private static bool IsRefusal(string line, int index) =>
        !ListingText.Holds(line, '(', index, line.Length) && (ListingText.IsPartOf(line, "privilege", index) || ListingText.IsPartOf(line, "protection violation", index));

    // The semicolon with digits and a blank behind it; 0 for none. A "*" stands in no name, and DELE would take it for many.
    private static int FindVersion(string line, int start)
    {
        for (var i = line.IndexOf(';', start); i > start; i = line.IndexOf(';', i + 1))
        {
            var end = ListingText.SkipDigits(line, i + 1, line.Length);
            if (end > i + 1 && (end == line.Length || ListingText.IsBlank(line[end])))
                return ListingText.Holds(line, '*', start, i) ? 0 : i;
        }
        return 0;
    }

    private static void TakeDirectory(string line, int end, ListingContext context, ref ListingEntry entry)
    {
        const string Type = ".DIR";
        if (end - entry.NameStart <= Type.Length || !ListingText.IsWord(line, end - Type.Length, end, Type))
            return;
        entry.ItemType = FtpItemType.Directory;
        if (!context.Memory.IsVms)
            entry.NameEnd = end - Type.Length;
    }

    private static bool TryFacts(string line, int index, ListingContext context, ref ListingEntry entry)
    {
        var hasDate = false;
        var hasWord = false;
        long? size = null;
        for (index = ListingText.SkipSpaces(line, index); index < line.Length; index = ListingText.SkipSpaces(line, index))
        {
            var end = ListingText.SkipToken(line, index);
            // One of each: or a line of brackets would be searched for each of them.
            if ((line[index] == '[' && entry.Owner is not null) || (line[index] == '(' && entry.Permission is not null))
                return false;
            if (line[index] == '[')
                end = TakeOwner(line, index, context.Pool, ref entry);
            else if (line[index] == '(')
                entry.Permission = TakeProtection(line, index, ref end, context.Pool);
            else if (line[index] == '%') // the server may not read the file's own data: %RMS-E-PRV
                return !hasDate;
            else if (!hasDate && TryDate(line, index, end, ref entry.Time))
                hasDate = true;
            else if (!TryTime(line, index, end, ref entry.Time) && !TrySize(line, index, end, ref size))
            {
                // A size that is too large for its column.
                if (line[index] == '*')
                {
                    index = end;
                    continue;
                }
                // An owner without brackets.
                if (hasWord)
                    return false;
                hasWord = true;
                entry.Owner = context.Pool.Take(line, index, end);
            }
            entry.Length ??= size; // a second number is something else
            index = end;
        }
        return hasDate;
    }

    private static int TakeOwner(string line, int start, StringPool pool, ref ListingEntry entry)
    {
        var end = line.IndexOf(']', start);
        if (end < 0) // cut off
            end = ListingText.SkipToken(line, start);
        entry.Owner = pool.Take(line, start + 1, end);
        return Math.Min(end + 1, line.Length);
    }

    private static string TakeProtection(string line, int start, ref int end, StringPool pool)
    {
        var close = line.IndexOf(')', start);
        if (close >= 0)
            end = close + 1;
        return pool.Take(line, start, end);
    }

    // 31-JAN-2024
    private static bool TryDate(string line, int start, int end, ref ListingTime time)
    {
        var month = line.IndexOf('-', start, end - start);
        if (month < 0)
            return false;
        var year = line.IndexOf('-', month + 1, end - month - 1);
        if (!ListingText.TryShort(line, start, month, out var day) || end - year != 5 || !ListingText.TryDigits(line, year + 1, 4, out var value))
            return false;
        time.Month = MonthNames.Find(line, month + 1, year);
        (time.Day, time.Year) = (day, value);
        if (time.Precision == FtpTimePrecision.None)
            time.Precision = FtpTimePrecision.Day;
        return true;
    }

    private static bool TryTime(string line, int start, int end, ref ListingTime time)
    {
        var read = time;
        // CMU ends its lines with a colon.
        if (!read.TryTimeOfDay(line, start, line[end - 1] == ':' ? end - 1 : end))
            return false;
        time = read;
        return true;
    }

    // Blocks, used and perhaps allocated ones: 61/63; or 3KB.
    private static bool TrySize(string line, int start, int end, ref long? length)
    {
        var used = ListingText.SkipDigits(line, start, end);
        if (!ListingText.TryNumber(line, start, used, out var blocks))
            return false;
        if (used == end || (line[used] == '/' && ListingText.SkipDigits(line, used + 1, end) == end))
        {
            length = blocks < long.MaxValue / Block ? blocks * Block : null;
            return true;
        }
        return ListingSize.TryParse(line, start, end, out length);
    }
}
