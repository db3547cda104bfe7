namespace FtpTools.Listing;

/// <summary>The lines of NetWare: <c>d [RWCEAFMS] owner 512 Jan 31 12:34 name</c>, with the rights in brackets.</summary>
internal static class NetWareListParser
{
    /// <summary>Reads a line. False when it is none of this form or its name is hostile.</summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        if (line.Length < 5 || line[0] is not ('-' or 'd'))
            return false;
        // NetPresenz on the Macintosh leaves out the space.
        var rights = ListingText.SkipSpaces(line, 1);
        var end = rights;
        while (end < line.Length && end - rights < 20 && (line[end] is '[' or ']' or '-' or ' ' || char.IsLetter(line[end])))
        {
            if (line[end++] == ']')
                break;
        }
        if (rights >= line.Length || line[rights] != '[' || line[end - 1] != ']')
            return false;
        if (!UnixListColumns.TryFind(line, ListingText.SkipSpaces(line, end), false, context, out var columns))
            return false;
        var entry = new ListingEntry
        {
            ItemType = line[0] == 'd' ? FtpItemType.Directory : FtpItemType.File,
            Length = columns.Length,
            Time = columns.Date.Time,
            Permission = context.Pool.Take(line, rights, end),
            Owner = columns.Owner,
        };
        return entry.TryTakeRest(line, ListingText.SkipSpaces(line, columns.NameStart), context, out item);
    }
}
