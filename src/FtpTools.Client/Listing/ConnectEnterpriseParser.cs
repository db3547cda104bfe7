namespace FtpTools.Listing;

/// <summary>
/// The lines of CONNECT:Enterprise: <c>-C--E-----FTP A MAILBOX  3301  880412 Jan 31 12:34 name</c>, with a batch's flags and the protocol it
/// came by, its mode, mailbox, number, size, time and name.
/// </summary>
internal static class ConnectEnterpriseParser
{
    private const int Flags = 10;

    /// <summary>Reads a line. False when it is none of this form or its name is hostile; true without an item for the total.</summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        if (line.Length < Flags)
            return false;
        var hasLetter = false;
        for (var i = 0; i < Flags; i++)
        {
            if (line[i] is not ('-' or (>= 'A' and <= 'Z')))
                return false;
            hasLetter |= line[i] != '-';
        }
        var fields = context.Fields(line);
        // What has no flag at all is a line of ls whose file nobody may read.
        if (fields.Count < 7 || !(hasLetter || fields.Length(0) > Flags) || fields.Length(1) > 4
            || !UnixListColumns.TryFind(line, fields.Start(2), false, context, out var columns))
            return false;
        var entry = new ListingEntry
        {
            ItemType = FtpItemType.File,
            Length = columns.Length,
            Time = columns.Date.Time,
            Owner = columns.Owner,
            NameStart = columns.NameStart,
            NameEnd = line.Length,
        };
        return entry.TryMake(line, context, out item);
    }
}
