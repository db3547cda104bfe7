using System;

namespace FtpTools.Listing;

/// <summary>Lines of numbers alone, as they stand in an inode: <c>0100644 201 20 70411 1104537600 name</c>, mode, owner, group, size, seconds since 1970.</summary>
internal static class UnixNumericParser
{
    /// <summary>Reads a line. False when it is none of this form or its name is hostile.</summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        var fields = context.Fields(line);
        if (fields.Count < 6 || fields.Length(0) is < 5 or > 7 || !fields.IsOf(0, "01234567")
            || !fields.TryNumber(1, out _) || !fields.TryNumber(2, out _)
            || !ListingSize.TryParse(line, fields.Start(3), fields.End(3), out var length)
            || !fields.TryNumber(4, out var seconds))
            return false;
        var mode = Convert.ToInt32(fields.Text(0), 8);
        var entry = new ListingEntry { ItemType = TypeOf(mode), Length = length, Utc = FromSeconds(seconds) };
        entry.Permission = context.Pool.ModeText(entry.ItemType, mode);
        entry.Owner = context.Pool.Take(line, fields.Start(1), fields.End(1));
        return entry.TryTakeRest(line, fields.Start(5), context, out item);
    }

    /// <summary>A time that is told in seconds since 1970; null where there is no such one.</summary>
    public static DateTime? FromSeconds(long seconds) =>
        seconds < 253402300800 ? new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(seconds) : null;

    private static FtpItemType TypeOf(int mode) => (mode & 0xF000) switch
    {
        0x8000 => FtpItemType.File,
        0x4000 => FtpItemType.Directory,
        0xA000 => FtpItemType.SymbolicLink,
        _ => FtpItemType.Other,
    };
}
