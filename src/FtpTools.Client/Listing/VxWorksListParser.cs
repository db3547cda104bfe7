namespace FtpTools.Listing;

/// <summary>The lines of VxWorks: <c>1048576    Jan-31-2024  12:34:56   name</c>, with <c>&lt;DIR&gt;</c> behind the name of a directory.</summary>
internal static class VxWorksListParser
{
    /// <summary>Reads a line. False when it is none of this form or its name is hostile; true without an item for a heading.</summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        var fields = context.Fields(line);
        if (fields.Is(0, "size") && fields.Is(1, "date") && fields.Is(2, "time") && fields.Is(3, "name"))
            return true;
        // What the shell says below its "ls": value = 0 = 0x0.
        if (fields.Count == 5 && fields.Is(0, "value") && fields.Is(1, "=") && fields.Is(3, "=") && fields.TryNumber(2, out _))
            return true;
        var entry = new ListingEntry { ItemType = FtpItemType.File };
        if (fields.Count < 4 || !ListingSize.TryParse(line, fields.Start(0), fields.End(0), out entry.Length)
            || !TryDate(line, fields.Start(1), fields.End(1), ref entry.Time)
            || !entry.Time.TryTimeOfDay(line, fields.Start(2), fields.End(2)))
            return false;
        (entry.NameStart, entry.NameEnd) = (fields.Start(3), line.Length);
        const string Mark = "<DIR>";
        var end = line.TrimEnd().Length;
        if (end - Mark.Length > entry.NameStart && ListingText.IsWord(line, end - Mark.Length, end, Mark) && ListingText.IsBlank(line[end - Mark.Length - 1]))
        {
            entry.ItemType = FtpItemType.Directory;
            entry.NameEnd = line.Substring(0, end - Mark.Length).TrimEnd().Length;
        }
        return entry.TryMake(line, context, out item);
    }

    private static bool TryDate(string line, int start, int end, ref ListingTime time)
    {
        var dash = line.IndexOf('-', start);
        var year = line.IndexOf('-', dash + 1);
        time.Month = MonthNames.Find(line, start, dash);
        return time.Month != 0 && ListingText.TryShort(line, dash + 1, year, out time.Day)
            && end - year == 5 && ListingText.TryDigits(line, year + 1, 4, out time.Year);
    }
}
