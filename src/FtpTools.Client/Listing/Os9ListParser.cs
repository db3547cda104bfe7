namespace FtpTools.Listing;

/// <summary>The lines of OS-9: <c>0.0 95/12/09 0805 ----r-wr 2F41 17330 name</c>, with owner, date, time, attributes, sector and size.</summary>
internal static class Os9ListParser
{
    /// <summary>Reads a line. False when it is none of this form or its name is hostile; true without an item for the heading.</summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        var fields = context.Fields(line);
        if (fields.Is(0, "Owner") && fields.Is(1, "Last") && fields.Is(3, "Attributes"))
            return true;
        var entry = new ListingEntry { ItemType = FtpItemType.File };
        if (fields.Count < 7 || fields.Length(3) != 8 || !fields.IsOf(0, "0123456789.") || !fields.IsOf(3, "dsewrDSEWR-")
            || !fields.IsOf(4, "0123456789ABCDEFabcdef") || !fields.TryNumber(5, out var length)
            || !entry.Time.TryYearFirst(line, fields.Start(1), fields.End(1))
            || fields.Length(2) != 4 || !ListingText.TryDigits(line, fields.Start(2), 2, out entry.Time.Hour)
            || !ListingText.TryDigits(line, fields.Start(2) + 2, 2, out entry.Time.Minute))
            return false;
        entry.Time.Precision = FtpTimePrecision.Minute;
        entry.Length = length;
        if ((line[fields.Start(3)] | 0x20) == 'd')
            entry.ItemType = FtpItemType.Directory;
        entry.Permission = context.Pool.Take(line, fields.Start(3), fields.End(3));
        entry.Owner = context.Pool.Take(line, fields.Start(0), fields.End(0));
        return entry.TryTakeRest(line, fields.Start(6), context, out item);
    }
}
