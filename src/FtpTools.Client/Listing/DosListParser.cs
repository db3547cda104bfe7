using System;
using System.Globalization;

namespace FtpTools.Listing;

/// <summary>Lines of LIST in the manner of the DOS command DIR, as IIS sends them: <c>01-31-24  12:34PM       &lt;DIR&gt;          name</c>.</summary>
internal static class DosListParser
{
    private static readonly string[] _times =
    [
        "MM-dd-yy hh:mmtt", "MM-dd-yyyy hh:mmtt", "MM-dd-yy HH:mm", "MM-dd-yyyy HH:mm", "yyyy-MM-dd HH:mm", "MM/dd/yyyy hh:mmtt",
    ];

    /// <summary>Reads a line.</summary>
    /// <returns>True when it is of this form; <paramref name="item"/> is null for <c>.</c> and <c>..</c>.</returns>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        if (line.Length < 20 || line[0] is < '0' or > '9')
            return false;
        var dateEnd = line.IndexOf(' ');
        var timeStart = SkipSpaces(line, dateEnd);
        var timeEnd = timeStart < 0 ? -1 : line.IndexOf(' ', timeStart);
        var sizeStart = SkipSpaces(line, timeEnd);
        var sizeEnd = sizeStart < 0 ? -1 : line.IndexOf(' ', sizeStart);
        var nameStart = SkipSpaces(line, sizeEnd);
        if (nameStart < 0)
            return false;
        var stamp = line.Substring(0, dateEnd) + " " + line.Substring(timeStart, timeEnd - timeStart);
        if (!DateTime.TryParseExact(
                stamp, _times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return false;

        var kind = line.Substring(sizeStart, sizeEnd - sizeStart);
        var type = kind switch
        {
            "<DIR>" => FtpItemType.Directory,
            "<JUNCTION>" or "<SYMLINKD>" or "<SYMLINK>" => FtpItemType.SymbolicLink,
            _ => FtpItemType.File,
        };
        long length = 0;
        if (type == FtpItemType.File && !long.TryParse(kind, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out length))
            return false;
        var written = line.Substring(nameStart);
        string? target = null;
        var bracket = type == FtpItemType.SymbolicLink ? written.IndexOf(" [", StringComparison.Ordinal) : -1;
        if (bracket > 0 && written[written.Length - 1] == ']')
        {
            target = written.Substring(bracket + 2, written.Length - bracket - 3);
            written = written.Substring(0, bracket);
        }

        if (!context.TryName(written, out var name))
            return false;
        if (context.IsSelfOrParent(name))
            return true;
        item = new FtpItem
        {
            Name = name,
            FullName = context.FullName(name),
            ItemType = type,
            Length = type == FtpItemType.File ? length : null,
            LastWriteTimeUtc = time,
            TimePrecision = FtpTimePrecision.Minute,
            LinkTarget = target,
            RawLine = line,
            Session = context.Session,
        };
        return true;
    }

    private static int SkipSpaces(string line, int at)
    {
        if (at < 0)
            return -1;
        while (at < line.Length && line[at] == ' ')
            at++;
        return at < line.Length ? at : -1;
    }
}
