using System;

namespace FtpTools.Listing;

/// <summary>
/// The data sets of z/OS: <c>VOLUME 3390  2024/01/31  1  45  FB  80 27920  PO  SOME.NAME</c>. Columns run together where their numbers are
/// large, so the line is told by its ends. A partitioned data set (PO) is a directory of members; what is used is told in tracks.
/// </summary>
internal static class MvsListParser
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string None = "**NONE**";

    /// <summary>Reads a line. False when it is none of this form or its name is hostile; true without an item for the heading.</summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        var fields = context.Fields(line);
        var last = fields.Count - 1;
        if (last < 1 || fields.Count == ListingFields.Max)
            return false;
        if (fields.Is(0, "Volume") && fields.Is(last, "Dsname"))
            return true;
        var entry = new ListingEntry { NameStart = fields.Start(last), NameEnd = fields.End(last) };
        // A whole name, which need not lie below the working directory, stands in quotes, and is called with them.
        var isWhole = fields.Length(last) > 2 && line[entry.NameStart] == '\'' && line[entry.NameEnd - 1] == '\'';
        if (isWhole)
            (entry.NameStart, entry.NameEnd) = (entry.NameStart + 1, entry.NameEnd - 1);
        if (!IsDataSetName(line, entry.NameStart, entry.NameEnd) || !(TryState(fields, ref entry) || TryColumns(fields, ref entry)))
            return false;
        if (!context.TryTakeName(line, fields.Start(last), fields.End(last), out var name, out var fullName) || name is null)
            return false;
        // A level of names is called with the point behind it, by which it is told from a data set.
        if (IsLevel(fields))
            fullName = isWhole ? fullName.Insert(fullName.Length - 1, ".") : fullName + ".";
        item = entry.Make(line, name.Trim('\''), fullName, context);
        return true;
    }

    private static bool IsLevel(ListingFields fields) => fields.Count == 3 && fields.Is(0, "Pseudo") && fields.Is(1, "Directory");

    // What is not on a disk, or no plain data set, has words in the place of figures.
    private static bool TryState(ListingFields fields, ref ListingEntry entry)
    {
        var last = fields.Count - 1;
        entry.ItemType = FtpItemType.File;
        if (IsLevel(fields))
        {
            entry.ItemType = FtpItemType.Directory;
            return true;
        }
        if (fields.Is(0, "Migrated") || fields.Is(0, "Archived"))
            return last == 1;
        if (fields.Is(1, "Tape"))
            return last == 2;
        if (fields.Is(1, "Not"))
            return fields.Is(2, "Mounted") ? last == 3 : last == 5 && fields.Is(2, "Direct") && fields.Is(4, "Device");
        if (fields.Is(0, "Error") || fields.Is(1, "Error"))
            return fields.Is(last - 1, "attributes") || fields.Is(last - 1, "attribs");
        if (last > 3)
            return false;
        if (fields.Is(last - 1, "VSAM"))
            return true;
        // A base of generations, a path to a VSAM, another catalog: names of what cannot be received.
        entry.ItemType = FtpItemType.Other;
        return fields.Is(last - 1, "GDG") || fields.Is(last - 1, "PATH") || fields.Is(last - 1, "AIX")
            || (last == 3 && fields.Is(0, "User") && fields.Is(1, "catalog") && fields.Is(2, "connector"));
    }

    // The unit is missing on some.
    private static bool TryColumns(ListingFields fields, ref ListingEntry entry)
    {
        var last = fields.Count - 1;
        var date = TryDate(fields, 1, ref entry.Time) ? 1 : 2;
        if (date == 2 && !TryDate(fields, 2, ref entry.Time))
            return false;
        if (last < date + 3 || fields.Length(0) > 6 || fields.Length(last - 1) > 4 || !fields.IsOf(last - 1, Letters + "-?") || !AreFigures(fields, date + 1, last - 1))
            return false;
        entry.Time.Precision = FtpTimePrecision.Day;
        if (ListingText.StartsWith(fields.Line, fields.Start(last - 1), fields.Line.Length, "PO"))
            entry.ItemType = FtpItemType.Directory;
        return true;
    }

    // The date of the last use. More than 99 extents leave no space before them: 2010/03/09123.
    private static bool TryDate(ListingFields fields, int index, ref ListingTime time)
    {
        var (line, start, end) = (fields.Line, fields.Start(index), fields.End(index));
        var isNone = ListingText.StartsWith(line, start, end, None);
        var dateEnd = Math.Min(end, start + (isNone ? None.Length : 10));
        return (isNone || time.TryDate(line, start, dateEnd)) && ListingText.SkipDigits(line, dateEnd, end) == end;
    }

    // Extents and tracks, the format of the records, their lengths.
    private static bool AreFigures(ListingFields fields, int index, int end)
    {
        var hasFormat = false;
        for (; index < end; index++)
        {
            if (fields.IsOf(index, "0123456789?+"))
                continue;
            if (hasFormat || !fields.IsOf(index, Letters))
                return false;
            hasFormat = true;
        }
        return true;
    }

    private static bool IsDataSetName(string line, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@#$.-".IndexOf(line[i]) < 0)
                return false;
        }
        return end - start <= 44 && line[start] is not ('.' or '-');
    }
}
