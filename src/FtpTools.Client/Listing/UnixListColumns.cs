using System;

namespace FtpTools.Listing;

/// <summary>
/// The columns before the name in a line of <c>ls -l</c> and of what imitates it. Owners and groups of Windows domains can
/// hold spaces and consist of digits alone, and there may be none: so the size is the first number that has a date behind it.
/// </summary>
internal struct UnixListColumns
{
    // No owner and group have as many words together.
    private const int MaxColumns = 64;

    /// <summary>The owner; null when not told.</summary>
    public string? Owner;

    /// <summary>The group; null when not told.</summary>
    public string? Group;

    /// <summary>The size; null when it is not told, or more than a long holds.</summary>
    public long? Length;

    /// <summary>Whether the size has a unit, so that it is rounded.</summary>
    public bool IsLengthRough;

    /// <summary>The date.</summary>
    public UnixListDate Date;

    /// <summary>Where the name begins; the line's end where there is none.</summary>
    public int NameStart;

    private int _sizeStart;

    /// <summary>Finds the columns.</summary>
    /// <param name="line">The line.</param>
    /// <param name="first">Where the columns begin.</param>
    /// <param name="isDevice">Whether two numbers stand in the place of the size.</param>
    /// <param name="context">What the line does not say itself.</param>
    /// <param name="columns">The columns.</param>
    public static bool TryFind(string line, int first, bool isDevice, ListingContext context, out UnixListColumns columns)
    {
        columns = default;
        if (columns.TryFindDate(line, first, isDevice, context.UtcNow, isVague: false)
            || columns.TryFindDate(line, first, isDevice, context.UtcNow, isVague: true))
        {
            columns.NameStart = columns.Date.NameStart;
            columns.TakeOwners(line, first, isDevice ? SkipMajor(line, first, columns._sizeStart) : columns._sizeStart, context.Pool);
            return true;
        }
        return columns.TryWithoutDate(line, first, context);
    }

    private bool TryFindDate(string line, int first, bool isDevice, DateTime utcNow, bool isVague)
    {
        var isFound = false;
        var columns = 0;
        for (var start = first; start < line.Length && columns < MaxColumns && (!isFound || start < Date.End); columns++)
        {
            var end = ListingText.SkipToken(line, start);
            var next = ListingText.SkipSpaces(line, end);
            if (ListingSize.TryFind(line, start, end, isDevice, out var sizeStart, out var length)
                && (isVague ? UnixListDate.TryParseVague(line, next, utcNow, out var date) : UnixListDate.TryParse(line, next, utcNow, out date)))
            {
                // A count of links, an owner and a group can look like a size and a date. Only then a further one begins within it.
                (Date, Length, _sizeStart, isFound) = (date, length, sizeStart, true);
                IsLengthRough = !ListingText.IsDigit(line[end - 1]);
                if (!isVague && start != first)
                    return true;
            }
            start = next;
        }
        return isFound;
    }

    // Links, owner, group, size, name, as a few servers have it.
    private bool TryWithoutDate(string line, int first, ListingContext context)
    {
        var links = ListingText.SkipToken(line, first);
        if (!ListingText.TryNumber(line, first, links, out _))
            return false;
        var owner = ListingText.SkipSpaces(line, links);
        var ownerEnd = ListingText.SkipToken(line, owner);
        var group = ListingText.SkipSpaces(line, ownerEnd);
        var groupEnd = ListingText.SkipToken(line, group);
        var size = ListingText.SkipSpaces(line, groupEnd);
        var sizeEnd = ListingText.SkipToken(line, size);
        if (!ListingText.TryNumber(line, size, sizeEnd, out var length))
            return false;
        NameStart = SkipOddDate(line, Math.Min(sizeEnd + 1, line.Length));
        Length = length;
        Owner = context.Pool.Take(line, owner, ownerEnd);
        Group = context.Pool.Take(line, group, groupEnd);
        return true;
    }

    // A month and a day with no time or year behind them, or half of one. A line that is cut off there has no name.
    private static int SkipOddDate(string line, int start)
    {
        var end = ListingText.SkipToken(line, start);
        var day = ListingText.SkipSpaces(line, end);
        if (MonthNames.Find(line, start, end) == 0 || (day < line.Length && !ListingText.IsDigit(line[day]) && line[day] != '-'))
            return start;
        var time = ListingText.SkipSpaces(line, ListingText.SkipToken(line, day));
        var timeEnd = ListingText.SkipToken(line, time);
        return timeEnd + 1 < line.Length && timeEnd - time <= 5 && ListingText.IsDigit(line[time]) ? timeEnd + 1 : time;
    }

    // A device has two numbers in the place of a size: "8, 1".
    private static int SkipMajor(string line, int first, int end)
    {
        var comma = line.LastIndexOf(',', end - 1, end - first);
        if (comma < 0 || ListingText.SkipSpaces(line, comma + 1) != end)
            return end;
        var start = comma;
        while (start > first && !ListingText.IsBlank(line[start - 1]))
            start--;
        return start;
    }

    private void TakeOwners(string line, int start, int end, StringPool pool)
    {
        var sizeEnd = ListingText.SkipToken(line, end);
        var linksEnd = ListingText.SkipToken(line, start);
        var afterLinks = ListingText.SkipSpaces(line, linksEnd);
        // A lone number may be the owner: the count of links is left out by few, the owner by none.
        if (afterLinks < end && ListingText.TryNumber(line, start, linksEnd, out _))
            start = afterLinks;
        // The permissions, which stand before the columns, end this at the latest.
        while (ListingText.IsBlank(line[end - 1]))
            end--;
        if (start >= end)
            return;
        var ownerEnd = Math.Min(ListingText.SkipToken(line, start), end);
        var group = ListingText.SkipSpaces(line, ownerEnd);
        // Two columns of the same size (Serv-U, WinSSHD), and no owner.
        if (ownerEnd == end && ListingText.TryNumber(line, start, ownerEnd, out var owner) && owner == Length && sizeEnd - _sizeStart > 4)
            return;
        Owner = pool.Take(line, start, ownerEnd);
        if (group < end)
            Group = pool.Take(line, group, end);
    }
}
