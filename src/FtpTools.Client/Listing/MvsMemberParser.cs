using System.Globalization;

namespace FtpTools.Listing;

/// <summary>
/// The members of a z/OS library: <c>NAME  01.07 2009/03/12 2016/11/22 14:05  88  61  0 USER</c> with statistics, whose sizes are records;
/// <c>NAME  0012A8 00010C  00 FO ...</c> of load modules, whose size is bytes, in hexadecimal; or, below a heading, the name alone.
/// </summary>
internal static class MvsMemberParser
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ@#$0123456789";
    private const string Hexadecimal = "0123456789ABCDEFabcdef";

    /// <summary>Reads a line. False when it is none of this form; true without an item for the heading.</summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        var fields = context.Fields(line);
        if (fields.Is(0, "Name") && (fields.Is(1, "VV.MM") || (fields.Is(1, "Size") && fields.Is(2, "TTR"))))
            return context.HasMemberHeading = true;
        if (!fields.IsOf(0, Letters + "-"))
            return false;
        var entry = new ListingEntry { ItemType = FtpItemType.File, IsLengthRough = true, NameStart = fields.Start(0), NameEnd = fields.End(0) };
        return (TryStatistics(fields, context.Pool, ref entry) || TryLoadModule(fields, ref entry) || (fields.Count == 1 && context.HasMemberHeading && IsMemberName(fields)))
            && entry.TryMake(line, context, out item);
    }

    private static bool IsMemberName(ListingFields fields) =>
        fields.Length(0) <= 8 && fields.IsOf(0, Letters) && !ListingText.IsDigit(fields.Line[fields.Start(0)]);

    private static bool TryStatistics(ListingFields fields, StringPool pool, ref ListingEntry entry)
    {
        var created = default(ListingTime);
        if (fields.Count < 5 || fields.Length(1) != 5 || fields.Line[fields.Start(1) + 2] != '.' || !fields.IsOf(1, "0123456789.")
            || !TryDate(fields, 2, ref created) || !TryDate(fields, 3, ref entry.Time)
            || !entry.Time.TryTimeOfDay(fields.Line, fields.Start(4), fields.End(4)))
            return false;
        if (fields.Count > 8)
            entry.Owner = pool.Take(fields.Line, fields.Start(8), fields.End(8));
        return true;
    }

    private static bool TryDate(ListingFields fields, int index, ref ListingTime time) =>
        time.TryYearFirst(fields.Line, fields.Start(index), fields.End(index)) || time.TryDate(fields.Line, fields.Start(index), fields.End(index));

    // Size, TTR, perhaps what it is an alias of, and two digits of authorization.
    private static bool TryLoadModule(ListingFields fields, ref ListingEntry entry)
    {
        if (fields.Count < 4 || fields.Length(1) is < 6 or > 8 || fields.Length(2) != 6 || !fields.IsOf(1, Hexadecimal) || !fields.IsOf(2, Hexadecimal)
            || !(IsAuthorization(fields, 3) || IsAuthorization(fields, 4)))
            return false;
        entry.Length = long.Parse(fields.Text(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return true;
    }

    private static bool IsAuthorization(ListingFields fields, int index) => fields.Length(index) == 2 && fields.IsOf(index, Hexadecimal);
}
