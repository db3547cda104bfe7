namespace FtpTools.Listing;

/// <summary>
/// Lines that begin with the name: <c>SETUP.INF  9314  10-28-96  20:33</c> and <c>GAMES  &lt;DIR&gt;  Dec 19 1994 18:25</c> of servers
/// for 16-bit Windows, <c>ti.cfg  20811  04/11/02  Thur.  06:55:41</c> of WFTPD.
/// </summary>
internal static class NameFirstParser
{
    private const string Weekdays = "SUNMONTUEWEDTHUFRISAT";

    /// <summary>Reads a line. False when it is none of this form or its name is hostile.</summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        // What ls writes is no name, though all of it but the name stands before a date.
        if (UnixListParser.HasPermission(line))
            return false;
        var fields = context.Fields(line);
        if (fields.Count is < 4 or ListingFields.Max)
            return TryLongName(fields, context, out item);
        // Chameleon puts the attributes last.
        var count = fields.Count - (fields.Length(fields.Count - 1) <= 4 && fields.IsOf(fields.Count - 1, "ADHRSadhrs") ? 1 : 0);
        // Date and time; with the day of the week between; with the month's name.
        for (var columns = 2; columns <= 4 && count > columns + 1; columns++)
        {
            var entry = new ListingEntry { ItemType = FtpItemType.File, NameStart = fields.Start(0) };
            var kind = count - columns - 1;
            if (!TryKind(fields, kind, ref entry) || !TryTime(fields, kind + 1, columns, context, ref entry))
                continue;
            entry.NameEnd = fields.End(kind - 1);
            if (kind == 2 && IsSplit(fields, count))
                return TrySplitName(fields, entry, context, out item);
            // Other systems tell the kinds of things in such brackets, behind the name.
            return line.IndexOf('<', entry.NameStart, entry.NameEnd - entry.NameStart) <= entry.NameStart && entry.TryMake(line, context, out item);
        }
        return TryLongName(fields, context, out item);
    }

    // PC-NFS writes what "dir" of MS-DOS does: "BOOT     CFG      1804  03-13-98   8:27a", the name in eight columns, a space, its extension.
    private static bool IsSplit(ListingFields fields, int count) =>
        fields.Start(1) - fields.Start(0) == 9 && fields.Length(1) <= 3 && !ListingText.IsDigit(fields.Line[fields.End(count - 1) - 1]);

    private static bool TrySplitName(ListingFields fields, ListingEntry entry, ListingContext context, out FtpItem? item)
    {
        var name = fields.Text(0) + "." + fields.Text(1);
        context.TryTakeName(name, 0, name.Length, out var taken, out var fullName);
        item = taken is null ? null : entry.Make(fields.Line, taken, fullName, context);
        return item is not null;
    }

    // SuperTCP: "REPORT~1.DOC  4096  11-29-2004  22:16 Report of May.doc", the short name first and the long one last. A short
    // name that is not made up is the long one.
    private static bool TryLongName(ListingFields fields, ListingContext context, out FtpItem? item)
    {
        item = null;
        var entry = new ListingEntry { ItemType = FtpItemType.File };
        return fields.Count > 4 && fields.Length(0) <= 12
            && (fields.Is(4, fields.Text(0)) || fields.Text(0).IndexOf('~') > 0)
            && TryKind(fields, 1, ref entry) && entry.TryTime(fields, 2, 3, context) && entry.Time.Precision == FtpTimePrecision.Minute
            && entry.TryTakeRest(fields.Line, fields.End(3) + 1, context, out item);
    }

    private static bool TryKind(ListingFields fields, int index, ref ListingEntry entry)
    {
        if (!fields.Is(index, "<DIR>"))
            return ListingSize.TryParse(fields.Line, fields.Start(index), fields.End(index), out entry.Length);
        entry.ItemType = FtpItemType.Directory;
        return true;
    }

    private static bool TryTime(ListingFields fields, int index, int columns, ListingContext context, ref ListingEntry entry)
    {
        if (columns == 2)
            return entry.TryTime(fields, index, index + 1, context);
        if (columns == 3)
            return entry.TryTime(fields, index, index + 2, context) && TryWeekday(fields, index + 1, context, ref entry.Time);
        entry.Time.Month = MonthNames.Find(fields.Line, fields.Start(index), fields.End(index));
        return entry.Time.Month != 0
            && ListingText.TryShort(fields.Line, fields.Start(index + 1), fields.End(index + 1), out entry.Time.Day)
            && fields.Length(index + 2) == 4 && ListingText.TryDigits(fields.Line, fields.Start(index + 2), 4, out entry.Time.Year)
            && entry.Time.TryTimeOfDay(fields.Line, fields.Start(index + 3), fields.End(index + 3));
    }

    // The day of the week tells whether the day or the month stands first.
    private static bool TryWeekday(ListingFields fields, int index, ListingContext context, ref ListingTime time)
    {
        if (fields.Length(index) < 3)
            return false;
        for (var i = 0; i < Weekdays.Length; i += 3)
        {
            if (string.Compare(fields.Line, fields.Start(index), Weekdays, i, 3, System.StringComparison.OrdinalIgnoreCase) != 0)
                continue;
            var swapped = time;
            (swapped.Month, swapped.Day) = (time.Day, time.Month);
            if (!IsOn(time, i / 3, context) && IsOn(swapped, i / 3, context))
                time = swapped;
            return true;
        }
        return false;
    }

    private static bool IsOn(ListingTime time, int weekday, ListingContext context) =>
        time.TryGet(context.UtcNow, out var utc) && (int)utc.DayOfWeek == weekday;
}
