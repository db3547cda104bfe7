namespace FtpTools.Listing;

/// <summary>
/// The lines of CONNECT:Enterprise: <c>-C--E-----FTP A MAILBOX  3301  880412 Jan 31 12:34 name</c>, with a batch's flags and the protocol it
/// came by, its mode, mailbox, number, size, time and name; and of its remote users: <c>MAILBOX 00000020 00000152 &lt;name&gt; 240131-1234 A R TCP BIN</c>.
/// </summary>
internal static class ConnectEnterpriseParser
{
    private const int Flags = 10;

    /// <summary>Reads a line. False when it is none of this form or its name is hostile; true without an item for the total.</summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item) =>
        TryFlagged(line, context, out item) || TryBatch(line, context, out item);

    private static bool TryFlagged(string line, ListingContext context, out FtpItem? item)
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

    // A plus behind the name tells that it has been cut off. A mailbox in the root is "d - - - - - - - NAME".
    private static bool TryBatch(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        var fields = context.Fields(line);
        var entry = new ListingEntry { ItemType = FtpItemType.Directory, NameStart = fields.Start(8), NameEnd = fields.End(8) };
        if (fields.Count == 9 && fields.Is(0, "d"))
        {
            for (var i = 1; i < 8; i++)
            {
                if (!fields.Is(i, "-"))
                    return false;
            }
            return entry.TryMake(line, context, out item);
        }
        if (fields.Count < 5 || fields.Length(1) < 5 || !fields.TryNumber(1, out _) || !fields.TryNumber(2, out var length) || line[fields.Start(3)] != '<')
            return false;
        entry = new ListingEntry { ItemType = FtpItemType.File, Length = length, Owner = fields.Text(0), NameStart = fields.Start(3) + 1 };
        for (var end = line.IndexOf('>', entry.NameStart); end >= 0; end = line.IndexOf('>', end + 1))
        {
            var next = end + 1 < line.Length && line[end + 1] == '+' ? end + 2 : end + 1;
            if (next == line.Length || !ListingText.IsBlank(line[next]) || !TryTime(line, ListingText.SkipSpaces(line, next), ref entry.Time))
                continue;
            entry.NameEnd = end;
            return entry.TryMake(line, context, out item);
        }
        return false;
    }

    // 990926-1431
    private static bool TryTime(string line, int start, ref ListingTime time)
    {
        if (ListingText.SkipToken(line, start) - start != 11 || line[start + 6] != '-'
            || !ListingText.TryDigits(line, start, 2, out var year) || !ListingText.TryDigits(line, start + 2, 2, out time.Month)
            || !ListingText.TryDigits(line, start + 4, 2, out time.Day) || !ListingText.TryDigits(line, start + 7, 2, out time.Hour)
            || !ListingText.TryDigits(line, start + 9, 2, out time.Minute))
            return false;
        time.Year = ListingText.FullYear(year);
        time.Precision = FtpTimePrecision.Minute;
        return true;
    }
}
