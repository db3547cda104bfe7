namespace FtpTools.Listing;

/// <summary>
/// The lines of OS/2: <c>  774 DIR  A    12-13-101  02:16  name</c>, with size, attributes, date and time. The year is counted
/// from 1900.
/// </summary>
internal static class Os2ListParser
{
    /// <summary>Reads a line. False when it is none of this form or its name is hostile.</summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        var fields = context.Fields(line);
        if (!fields.TryNumber(0, out var length))
            return false;
        var entry = new ListingEntry { ItemType = FtpItemType.File, Length = length };
        var next = 1;
        for (; next < 5 && !ListingText.IsDigit(CharOf(fields, next)); next++)
        {
            if (fields.Is(next, "DIR"))
                entry.ItemType = FtpItemType.Directory;
            else if (fields.Length(next) > 6 || !fields.IsOf(next, "ADHRSLadhrsl-"))
                return false;
        }
        return entry.TryTime(fields, next, next + 1, context)
            && entry.TryTakeRest(line, fields.Start(next + 2), context, out item);
    }

    private static char CharOf(ListingFields fields, int index) => index < fields.Count ? fields.Line[fields.Start(index)] : '0';
}
