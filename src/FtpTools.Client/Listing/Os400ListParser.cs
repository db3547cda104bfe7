namespace FtpTools.Listing;

/// <summary>
/// The lines of IBM i: <c>OWNER  1024 01/31/24 12:34:56 *FILE  NAME.FILE</c>, the order of the date that of the job; a member of a file
/// has neither size nor time, and stands with the file that it is in.
/// </summary>
internal static class Os400ListParser
{
    /// <summary>Reads a line. False when it is none of this form or its name is hostile.</summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        var fields = context.Fields(line);
        var type = 0;
        while (type < 5 && (type >= fields.Count || line[fields.Start(type)] != '*'))
            type++;
        if (type is not (0 or 1 or 3 or 4) || fields.Length(type) < 3 || !fields.IsOf(type, "*ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))
            return false;
        // Of a file of the database that of the object is told, and not of what would be received.
        var entry = new ListingEntry { ItemType = TypeOf(fields, type), IsLengthRough = !fields.Is(type, "*STMF"), Owner = type == 0 ? null : context.Pool.Take(line, fields.Start(0), fields.End(0)) };
        if (type == 4 && !ListingSize.TryParse(line, fields.Start(1), fields.End(1), out entry.Length))
            return false;
        // The size may be missing.
        if (type >= 3 && !entry.TryTime(fields, type - 2, type - 1, context))
            return false;
        (entry.NameStart, entry.NameEnd) = (fields.Start(type + 1), line.Length);
        if (!fields.Is(type, "*MEM"))
            return entry.TryTakeRest(line, entry.NameStart, context, out item);
        if (!context.TryTakeNestedName(line, entry.NameStart, line.TrimEnd().Length, out var name, out var fullName))
            return false;
        item = entry.Make(line, name!, fullName, context);
        return true;
    }

    private static FtpItemType TypeOf(ListingFields fields, int type)
    {
        if (fields.Is(type, "*DIR") || fields.Is(type, "*DDIR") || fields.Is(type, "*FLR") || fields.Is(type, "*LIB"))
            return FtpItemType.Directory;
        return fields.Is(type, "*SYMLNK") ? FtpItemType.SymbolicLink : FtpItemType.File;
    }
}
