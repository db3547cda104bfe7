namespace FtpTools.Listing;

/// <summary>
/// The lines of NonStop's Guardian: <c>NAME 101 4096 31-Jan-24 12:34:56 12,255 "aooo"</c>, with the file's code, its end of file,
/// the time, the owner and who may read, write, execute and purge.
/// </summary>
internal static class NonStopListParser
{
    /// <summary>Reads a line. False when it is none of this form or its name is hostile; true without an item for the heading.</summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        var fields = context.Fields(line);
        if (fields.Count is < 6 or > 9)
            return false;
        if (fields.Is(0, "File") && fields.Is(1, "Code") && fields.Is(2, "EOF"))
            return true;
        // The code of some files has a letter behind it; a file that is open has an O in a column of its own.
        var size = fields.Is(2, "O") ? 3 : 2;
        var date = size + 1;
        if (!ListingText.IsDigit(line[fields.Start(1)]) || !fields.TryNumber(size, out var length)
            || !UnixListDate.TryParse(line, fields.Start(date), context.UtcNow, out var day) || day.End != fields.End(date + 1)
            || line.IndexOf(',', day.End) == -1)
            return false;
        var entry = new ListingEntry { ItemType = FtpItemType.File, Length = length, Time = day.Time, NameStart = fields.Start(0), NameEnd = fields.End(0) };
        var quote = line.IndexOf('"', day.End);
        var owner = ListingText.SkipSpaces(line, day.End);
        if (quote != -1)
        {
            entry.Permission = context.Pool.Take(line, quote, line.TrimEnd().Length).Trim('"');
            entry.Owner = line.Substring(owner, quote - owner).Replace(" ", "");
        }
        return entry.TryMake(line, context, out item);
    }
}
