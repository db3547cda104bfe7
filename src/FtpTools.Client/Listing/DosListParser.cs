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
        // A server that does not fill up days and months with zeros fills up its columns with spaces.
        var start = ListingText.SkipSpaces(line, 0);
        if (start == line.Length || !ListingText.IsDigit(line[start]))
            return false;
        var time = default(ListingTime);
        var dateEnd = ListingText.SkipToken(line, start);
        var timeStart = ListingText.SkipSpaces(line, dateEnd);
        var timeEnd = ListingText.SkipToken(line, timeStart);
        var kindStart = ListingText.SkipSpaces(line, timeEnd);
        if (dateEnd - start is < 6 or > 10 || !context.Memory.TryDate(line, start, dateEnd, ref time)
            || !TryTime(line, timeStart, timeEnd, ref kindStart, ref time)
            || !TryKind(line, kindStart, out var itemType, out var length, out var nameStart))
            return false;
        // IIS, whose dates have dashes, puts one space before a name; others align the column.
        if (ListingText.Holds(line, '/', start, dateEnd))
            nameStart = ListingText.SkipSpaces(line, nameStart);

        var nameEnd = line.Length;
        string? target = null;
        if (itemType == FtpItemType.SymbolicLink)
            TakeTarget(line, nameStart, ref nameEnd, out target);
        // Windows knows no slash in names.
        if (!context.TryTakeName(line, nameStart, nameEnd, out var name, out var fullName) || ListingText.Holds(line, '/', nameStart, nameEnd))
            return false;
        if (name is null)
            return true;
        var isTime = time.TryGet(context.UtcNow, out var utc);
        item = new FtpItem
        {
            Name = name,
            FullName = fullName,
            ItemType = itemType,
            Length = length,
            LastWriteTimeUtc = isTime ? utc : null,
            TimePrecision = isTime ? time.Precision : FtpTimePrecision.None,
            IsTimeOfServer = true,
            LinkTarget = target,
            RawLine = line,
        };
        return true;
    }

    // 12:34PM, 12:34 PM, 9:41AM, 11:15:38PM or 23:45.
    private static bool TryTime(string line, int start, int end, ref int next, ref ListingTime time)
    {
        if (!time.TryTimeOfDay(line, start, end))
            return false;
        var word = ListingText.SkipToken(line, next);
        if (ListingText.IsDigit(line[end - 1]) && time.TryHalf(line, next, word))
            next = ListingText.SkipSpaces(line, word);
        return true;
    }

    private static bool TryKind(string line, int start, out FtpItemType itemType, out long? length, out int nameStart)
    {
        var end = ListingText.SkipToken(line, start);
        length = null;
        itemType = FtpItemType.File;
        nameStart = end + 1;
        if (start == end || line[start] != '<')
            return ListingSize.TryParse(line, start, end, out length);
        if (ListingText.IsWord(line, start, end, "<DIR>"))
            itemType = FtpItemType.Directory;
        else if (ListingText.IsWord(line, start, end, "<JUNCTION>") || ListingText.StartsWith(line, start, end, "<SYMLINK"))
            itemType = FtpItemType.SymbolicLink;
        else
            return false;
        // IIS puts ten spaces behind <DIR>; what comes after them is the name's own. Others align the columns otherwise.
        var name = ListingText.SkipSpaces(line, end);
        nameStart = itemType == FtpItemType.Directory && !IsWide(line, start) ? Math.Min(name, end + 10) : name;
        return true;
    }

    // Windows CE has wider columns than IIS, which puts seven spaces before <DIR>, and nine where the hours go to 24.
    private static bool IsWide(string line, int index)
    {
        const int Narrow = 9;
        var end = index;
        while (ListingText.IsBlank(line[index - 1]))
            index--;
        return end - index > Narrow;
    }

    // "name [target]", as "dir" writes links; others as ls does.
    private static void TakeTarget(string line, int start, ref int end, out string? target)
    {
        target = null;
        if (line[end - 1] != ']')
        {
            var arrow = line.IndexOf("-> ", start, StringComparison.Ordinal);
            if (arrow <= start || line[arrow - 1] != ' ')
                return;
            (target, end) = (line.Substring(arrow + 3), arrow - 1);
            return;
        }
        var bracket = line.LastIndexOf(" [", end - 1, end - start, StringComparison.Ordinal);
        if (bracket <= start)
            return;
        target = line.Substring(bracket + 2, end - bracket - 3);
        end = bracket;
    }
}
