using System;

namespace FtpTools.Listing;

/// <summary>
/// The lines of <c>ls -l</c>, which Unix servers answer LIST with, and many others too: permissions, links, owner, group, size,
/// date, name. The columns between permissions and size vary, so the line is recognised by a size with a date behind it.
/// </summary>
internal static class UnixListParser
{
    private const string Arrow = " -> ";

    /// <summary>
    /// Reads a line. False when it is none of this form or its name is hostile; true without an item for the directory itself
    /// and its parent.
    /// </summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        // Some servers indent their lines, and those that take options of ls may have been given one for inodes and blocks.
        var start = SkipNumbers(line);
        var end = SkipPermission(line, start);
        if (end < 0)
            return false;
        var first = ListingText.SkipSpaces(line, ListingText.IsDigit(line[end]) ? end : end + 1);
        if (!UnixListColumns.TryFind(line, first, line[start] is 'b' or 'c', context, out var columns) && !TryUntold(line, start, first, ref columns))
            return false;

        var itemType = TypeOf(line[start]);
        var nameEnd = line.Length;
        string? target = null;
        if (itemType == FtpItemType.SymbolicLink)
        {
            var arrow = FindArrow(line, columns.NameStart, columns.Length);
            if (arrow >= 0)
                (nameEnd, target) = (arrow, line.Substring(arrow + Arrow.Length));
        }
        if (!context.TryTakeName(line, columns.NameStart, nameEnd, out var name, out var fullName))
            return false;
        if (name is null)
            return true;
        item = new FtpItem
        {
            Name = name,
            FullName = fullName,
            ItemType = itemType,
            Length = itemType == FtpItemType.File ? columns.Length : null,
            IsLengthRough = columns.IsLengthRough,
            LastWriteTimeUtc = columns.Date.Precision == FtpTimePrecision.None ? null : columns.Date.Utc,
            TimePrecision = columns.Date.Precision,
            IsTimeOfServer = !columns.Date.IsUtc,
            Permission = context.Pool.Take(line, start, end),
            Owner = columns.Owner,
            Group = columns.Group,
            LinkTarget = target,
            RawLine = line,
        };
        return true;
    }

    /// <summary>Whether the line begins as this form does, whatever else may be found in it.</summary>
    public static bool HasPermission(string line) => SkipPermission(line, ListingText.SkipSpaces(line, 0)) >= 0;

    private static int SkipNumbers(string line)
    {
        var start = ListingText.SkipSpaces(line, 0);
        for (var numbers = 0; numbers < 2 && start < line.Length && ListingText.IsDigit(line[start]); numbers++)
        {
            var end = ListingText.SkipDigits(line, start, line.Length);
            if (end == line.Length || !ListingText.IsBlank(line[end]))
                break;
            start = ListingText.SkipSpaces(line, end);
        }
        return start;
    }

    // Nine letters behind the one of the type; eight on a server that leaves the last out, six on one that does not tell of others,
    // stars where it hides some. VxWorks puts the attributes of DOS there: "-rwx---A--"; and Distinct: "-wa-h-----".
    private static int SkipPermission(string line, int start)
    {
        if (line.Length < start + 11 || "-dlbcpsDfCMnP?".IndexOf(line[start]) < 0)
            return -1;
        var end = start + 1;
        while (end < start + 10 && "-rwxsStTlLARHah*?".IndexOf(line[end]) >= 0)
            end++;
        if (end < start + 9 && !(end == start + 7 && ListingText.IsBlank(line[end])))
            return -1;
        // One more character tells of an access list (+), a security context (.) or attributes (@). A count of links of
        // three digits and more leaves no space before it on some servers.
        return ListingText.IsBlank(line[end]) || (end == start + 10 && (line[end] is '+' or '.' or '@' || ListingText.IsDigit(line[end]))) ? end : -1;
    }

    private static FtpItemType TypeOf(char letter) => letter switch
    {
        '-' or 'f' or 'C' or 'M' => FtpItemType.File,
        'd' => FtpItemType.Directory,
        'l' => FtpItemType.SymbolicLink,
        _ => FtpItemType.Other,
    };

    // GNU ls puts question marks for all that it could not learn: "-????????? ? ? ? ?            ? name".
    private static bool TryUntold(string line, int start, int index, ref UnixListColumns columns)
    {
        if (line[start + 1] != '?')
            return false;
        var marks = 0;
        while (marks < 5 && index + 1 < line.Length && line[index] == '?' && ListingText.IsBlank(line[index + 1]))
        {
            marks++;
            index = marks < 5 ? ListingText.SkipSpaces(line, index + 1) : index + 2;
        }
        columns = new UnixListColumns { NameStart = index };
        return marks == 5;
    }

    // A link's name may itself hold an arrow. The size of a link is the length of its target, which tells them apart.
    private static int FindArrow(string line, int start, long? length)
    {
        var first = line.IndexOf(Arrow, start, StringComparison.Ordinal);
        if (first < 0 || length is not { } size)
            return first;
        // In characters, as of an encoding with a byte for each, and in bytes of UTF-8.
        if (IsArrow(line, first, line.Length - size - Arrow.Length))
            return (int)(line.Length - size - Arrow.Length);
        var index = line.Length;
        for (; size > 0 && index > first; index--)
            size -= Utf8Length(line, index - 1);
        return size == 0 && IsArrow(line, first, index - Arrow.Length) ? index - Arrow.Length : first;
    }

    private static bool IsArrow(string line, int first, long index) =>
        index >= first && string.CompareOrdinal(line, (int)index, Arrow, 0, Arrow.Length) == 0;

    // Each half of a surrogate pair stands for two bytes of the four; a byte that was no UTF-8 is a lone one.
    private static int Utf8Length(string line, int index) => line[index] switch
    {
        < '\u0080' => 1,
        < '\u0800' => 2,
        >= '\uDC80' and <= '\uDCFF' when index == 0 || !char.IsHighSurrogate(line[index - 1]) => 1,
        >= '\uD800' and <= '\uDFFF' => 2,
        _ => 3,
    };
}
