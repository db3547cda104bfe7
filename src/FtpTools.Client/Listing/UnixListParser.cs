using System;
using System.Text;

namespace FtpTools.Listing;

/// <summary>
/// The lines of <c>ls -l</c>, which Unix servers answer LIST with: permissions, links, owner, group, size, date, name. The
/// columns between permissions and size vary, so the line is recognised by a size with a date behind it.
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
        if (!IsPermission(line) || !TryColumns(line, context, out var columns))
            return false;

        var itemType = TypeOf(line[0]);
        var nameEnd = line.Length;
        string? target = null;
        if (itemType == FtpItemType.SymbolicLink)
        {
            var arrow = FindArrow(line, columns.NameStart, columns.Length);
            if (arrow >= 0)
                (nameEnd, target) = (arrow, line.Substring(arrow + Arrow.Length));
        }
        if (!context.TryTakeName(line, columns.NameStart, nameEnd, out var name))
            return false;
        if (name is null)
            return true;
        item = new FtpItem
        {
            Name = name,
            FullName = context.FullName(name),
            ItemType = itemType,
            Length = itemType == FtpItemType.File ? columns.Length : null,
            LastWriteTimeUtc = columns.Date.Precision == FtpTimePrecision.None ? null : columns.Date.Utc,
            TimePrecision = columns.Date.Precision,
            IsTimeOfServer = !columns.Date.IsUtc,
            Permission = context.Pool.Take(line, 0, 10),
            Owner = columns.Owner,
            Group = columns.Group,
            LinkTarget = target,
            RawLine = line,
        };
        return true;
    }

    private static bool IsPermission(string line)
    {
        if (line.Length < 11 || "-dlbcpsD".IndexOf(line[0]) < 0)
            return false;
        for (var i = 1; i < 10; i++)
        {
            if ("-rwxsStTlL".IndexOf(line[i]) < 0)
                return false;
        }
        // One more character tells of an access list (+), a security context (.) or attributes (@). A count of links of
        // three digits and more leaves no space before it on some servers.
        return line[10] is ' ' or '+' or '.' or '@' || ListingText.IsDigit(line[10]);
    }

    private static FtpItemType TypeOf(char letter) => letter switch
    {
        '-' => FtpItemType.File,
        'd' => FtpItemType.Directory,
        'l' => FtpItemType.SymbolicLink,
        _ => FtpItemType.Other,
    };

    // Owners and groups of Windows domains can hold spaces and consist of digits alone, so the size is the first number that
    // has a date behind it.
    private static bool TryColumns(string line, ListingContext context, out Columns columns)
    {
        columns = default;
        var first = ListingText.SkipSpaces(line, ListingText.IsDigit(line[10]) ? 10 : 11);
        var isDevice = line[0] is 'b' or 'c';
        for (var start = first; start < line.Length;)
        {
            var end = ListingText.SkipToken(line, start);
            var next = ListingText.SkipSpaces(line, end);
            if (ListingText.TryNumber(line, start, end, out var size)
                && UnixListDate.TryParse(line, next, context.UtcNow, out columns.Date))
            {
                columns.Length = size;
                // Exactly one space stands before the name; what follows is its own.
                columns.NameStart = columns.Date.End + 1;
                TakeOwners(line, first, isDevice ? SkipMajor(line, first, start) : start, context.Pool, ref columns);
                return columns.NameStart < line.Length;
            }
            start = next;
        }
        return false;
    }

    // A device has two numbers in the place of a size: "8, 1".
    private static int SkipMajor(string line, int first, int end)
    {
        var comma = line.LastIndexOf(',', end - 1, end - first);
        if (comma < 0 || ListingText.SkipSpaces(line, comma + 1) != end)
            return end;
        var start = comma;
        while (start > first && line[start - 1] != ' ')
            start--;
        return start;
    }

    private static void TakeOwners(string line, int start, int end, StringPool pool, ref Columns columns)
    {
        var linksEnd = ListingText.SkipToken(line, start);
        var afterLinks = ListingText.SkipSpaces(line, linksEnd);
        // A lone number may be the owner: the count of links is left out by few, the owner by none.
        if (afterLinks < end && ListingText.TryNumber(line, start, linksEnd, out _))
            start = afterLinks;
        while (end > start && line[end - 1] == ' ')
            end--;
        if (start >= end)
            return;
        var ownerEnd = Math.Min(ListingText.SkipToken(line, start), end);
        columns.Owner = pool.Take(line, start, ownerEnd);
        var group = ListingText.SkipSpaces(line, ownerEnd);
        if (group < end)
            columns.Group = pool.Take(line, group, end);
    }

    // A link's name may itself hold an arrow. The size of a link is the length of its target, which tells them apart.
    private static int FindArrow(string line, int start, long length)
    {
        var first = line.IndexOf(Arrow, start, StringComparison.Ordinal);
        for (var arrow = first; arrow >= 0; arrow = line.IndexOf(Arrow, arrow + 1, StringComparison.Ordinal))
        {
            var target = arrow + Arrow.Length;
            if (line.Length - target == length || Encoding.UTF8.GetByteCount(line.Substring(target)) == length)
                return arrow;
        }
        return first;
    }

    private struct Columns
    {
        public string? Owner;
        public string? Group;
        public long Length;
        public UnixListDate Date;
        public int NameStart;
    }
}
