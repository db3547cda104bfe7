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
        if (line.Length == 0 || !ListingText.IsDigit(line[0]))
            return false;
        var time = default(ListingTime);
        var dateEnd = ListingText.SkipToken(line, 0);
        var timeStart = ListingText.SkipSpaces(line, dateEnd);
        var timeEnd = ListingText.SkipToken(line, timeStart);
        var kindStart = ListingText.SkipSpaces(line, timeEnd);
        if (dateEnd is < 6 or > 10 || !context.Memory.TryDate(line, 0, dateEnd, ref time)
            || !TryTime(line, timeStart, timeEnd, ref kindStart, ref time)
            || !TryKind(line, kindStart, out var itemType, out var length, out var nameStart))
            return false;

        var nameEnd = line.Length;
        string? target = null;
        if (itemType == FtpItemType.SymbolicLink)
            TakeTarget(line, nameStart, ref nameEnd, out target);
        // Windows knows no slash in names.
        if (nameStart >= nameEnd || line.IndexOf('/', nameStart, nameEnd - nameStart) >= 0
            || !context.TryTakeName(line, nameStart, nameEnd, out var name, out var fullName))
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
        if (IsHalf(line, end - 2, end))
        {
            if (!time.TryTimeOfDay(line, start, end - 2))
                return false;
            TakeHalf(line, end - 2, ref time);
            return true;
        }
        if (!time.TryTimeOfDay(line, start, end))
            return false;
        var word = ListingText.SkipToken(line, next);
        if (!IsHalf(line, next, word))
            return true;
        TakeHalf(line, next, ref time);
        next = ListingText.SkipSpaces(line, word);
        return true;
    }

    private static bool IsHalf(string line, int start, int end) =>
        ListingText.IsWord(line, start, end, "AM") || ListingText.IsWord(line, start, end, "PM");

    // 13:00PM is no time, and leaves the item without one.
    private static void TakeHalf(string line, int half, ref ListingTime time) =>
        time.Hour = time.Hour > 12 ? 99 : time.Hour % 12 + ((line[half] | 0x20) == 'p' ? 12 : 0);

    private static bool TryKind(string line, int start, out FtpItemType itemType, out long? length, out int nameStart)
    {
        var end = ListingText.SkipToken(line, start);
        length = null;
        itemType = FtpItemType.File;
        nameStart = end + 1;
        if (start == end)
            return false;
        if (line[start] != '<')
            return ListingSize.TryParse(line, start, end, out length);
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

    // "name [target]", as "dir" writes links.
    private static void TakeTarget(string line, int start, ref int end, out string? target)
    {
        target = null;
        if (line[end - 1] != ']')
            return;
        var bracket = line.LastIndexOf(" [", end - 1, end - start, StringComparison.Ordinal);
        if (bracket <= start)
            return;
        target = line.Substring(bracket + 2, end - bracket - 3);
        end = bracket;
    }
}
