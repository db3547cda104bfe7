namespace FtpTools.Listing;

/// <summary>The lines of EPLF (Bernstein, Easily Parsed LIST Format): <c>+</c>, facts with commas behind them, a tab, the name.</summary>
internal static class EplfParser
{
    /// <summary>Reads a line. False when it is none of this form or its name is hostile.</summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        if (line.Length < 3 || line[0] != '+')
            return false;
        var tab = line.IndexOf('\t');
        if (tab == -1)
            return false;
        var entry = new ListingEntry { ItemType = FtpItemType.Other, NameStart = tab + 1, NameEnd = line.Length };
        for (var start = 1; start < tab;)
        {
            var end = line.IndexOf(',', start, tab - start);
            if (end == -1)
                end = tab;
            TakeFact(line, start, end, context.Pool, ref entry);
            start = end + 1;
        }
        return entry.TryMake(line, context, out item);
    }

    private static void TakeFact(string line, int start, int end, StringPool pool, ref ListingEntry entry)
    {
        switch (line[start])
        {
            case '/':
                entry.ItemType = FtpItemType.Directory;
                break;
            case 'r' when entry.ItemType != FtpItemType.Directory: // what can be entered and received is entered
                entry.ItemType = FtpItemType.File;
                break;
            case 's':
                entry.Length = ListingText.TryNumber(line, start + 1, end, out var length) ? length : null;
                break;
            case 'm' when ListingText.TryNumber(line, start + 1, end, out var seconds):
                entry.Utc = UnixNumericParser.FromSeconds(seconds);
                break;
            case 'u' when end > start + 2 && line[start + 1] == 'p':
                entry.Permission = pool.Take(line, start + 2, end);
                break;
        }
    }
}
