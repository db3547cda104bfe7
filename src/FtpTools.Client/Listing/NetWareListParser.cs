namespace FtpTools.Listing;

/// <summary>The lines of NetWare: <c>d [RWCEAFMS] owner 512 Jan 31 12:34 name</c>, with the rights in brackets.</summary>
internal static class NetWareListParser
{
    // Supervisor, read, write, create, erase, modify, file scan, access control, and what stands for each that is missing.
    private const string Rights = "SRWCEMFA- ";

    /// <summary>Reads a line. False when it is none of this form or its name is hostile.</summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        var type = ListingText.SkipSpaces(line, 0);
        if (type == line.Length || line[type] is not ('-' or 'd' or '['))
            return false;
        // NetPresenz on the Macintosh leaves out the space, and another server the dash of a file.
        var rights = line[type] == '[' ? type : ListingText.SkipSpaces(line, type + 1);
        if (rights == line.Length || line[rights] != '[')
            return false;
        var end = rights + 1;
        while (end < line.Length && Rights.IndexOf(line[end]) >= 0)
            end++;
        if (end == rights + 1 || end + 1 >= line.Length || line[end++] != ']' || !ListingText.IsBlank(line[end]))
            return false;
        if (!UnixListColumns.TryFind(line, ListingText.SkipSpaces(line, end), false, context, out var columns))
            return false;
        var entry = new ListingEntry
        {
            ItemType = line[type] == 'd' ? FtpItemType.Directory : FtpItemType.File,
            Length = columns.Length,
            Time = columns.Date.Time,
            Permission = context.Pool.Take(line, rights, end),
            Owner = columns.Owner,
        };
        return entry.TryTakeRest(line, ListingText.SkipSpaces(line, columns.NameStart), context, out item);
    }
}
