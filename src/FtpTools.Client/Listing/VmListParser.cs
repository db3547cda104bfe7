namespace FtpTools.Listing;

/// <summary>
/// The lines of VM/CMS: <c>PROFILE  XEDIT  F  80  42  1 2001-05-23 18:44:09 OWNER</c>, with the file's name and type, the format and length
/// of its records, their number, blocks, time and owner; older ones with the file's mode before the format. Name and type
/// are said with a point between them.
/// </summary>
internal static class VmListParser
{
    /// <summary>Reads a line. False when it is none of this form or its name is hostile; true without an item for the heading.</summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        var fields = context.Fields(line);
        if (fields.Is(0, "Filename") && fields.Is(1, "FileType"))
            return true;
        if (fields.Count is < 7 or > 12)
            return false;
        for (var format = 1; format <= 3; format++)
        {
            var entry = new ListingEntry { ItemType = FtpItemType.File, IsLengthRough = true };
            if (!TryFormat(fields, format, ref entry) || !entry.TryTime(fields, format + 4, format + 5, context))
                continue;
            var isNamed = entry.ItemType == FtpItemType.File;
            var name = isNamed ? fields.Text(0) + "." + fields.Text(1) : fields.Text(0);
            entry.Owner = format + 6 < fields.Count && !fields.Is(format + 6, "-") ? fields.Text(format + 6) : null;
            if (!context.TryTakeName(name, 0, name.Length, out var taken, out var fullName) || taken is null)
                return false;
            item = entry.Make(line, taken, fullName, context);
            return true;
        }
        return false;
    }

    private static bool TryFormat(ListingFields fields, int index, ref ListingEntry entry)
    {
        if (fields.Is(index, "DIR"))
        {
            entry.ItemType = FtpItemType.Directory;
            return index <= 2 && fields.IsOf(index + 1, "-") && fields.IsOf(index + 2, "-") && fields.IsOf(index + 3, "-");
        }
        if (index == 1 || !(fields.Is(index, "F") || fields.Is(index, "V"))
            || !fields.TryNumber(index + 1, out var length) || !fields.TryNumber(index + 2, out var records) || !fields.TryNumber(index + 3, out _))
            return false;
        // Records of different lengths may each be shorter than the longest, which is what is told.
        if (fields.Is(index, "F") && length < int.MaxValue && records < int.MaxValue)
            entry.Length = length * records;
        return true;
    }
}
