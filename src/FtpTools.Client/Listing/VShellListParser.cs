namespace FtpTools.Listing;

/// <summary>The lines of VShell: <c>91744  Jan 31, 2024 12:34 name</c>, a directory with a slash behind it.</summary>
internal static class VShellListParser
{
    /// <summary>Reads a line. False when it is none of this form or its name is hostile.</summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        var fields = context.Fields(line);
        if (fields.Count < 6 || !ListingSize.TryParse(line, fields.Start(0), fields.End(0), out var length) || line[fields.End(2) - 1] != ','
            || !UnixListDate.TryParse(line, fields.Start(1), context.UtcNow, out var date) || date.End != fields.End(4))
            return false;
        var entry = new ListingEntry
        {
            ItemType = line[line.Length - 1] == '/' ? FtpItemType.Directory : FtpItemType.File,
            Length = length,
            Time = date.Time,
        };
        return entry.TryTakeRest(line, date.NameStart, context, out item);
    }
}
