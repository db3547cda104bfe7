using System;

namespace FtpTools.Listing;

/// <summary>The machine-readable lines of MLSD and MLST (RFC 3659, 7): <c>fact=value;fact=value; name</c>.</summary>
internal static class MlsxParser
{
    private static readonly string[] _facts = ["type", "size", "modify", "create", "unique", "perm"];

    /// <summary>
    /// Reads a line. False when it is none of this form or its name is hostile; true without an item for the directory itself
    /// and its parent.
    /// </summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        var facts = new Facts();
        // MLST sends its line over the control connection with a space before it, so that no code is seen in it; others indent
        // what MLSD sends, too.
        var index = ListingText.SkipSpaces(line, 0);
        var first = index;
        while (index < line.Length && !ListingText.IsBlank(line[index]))
        {
            if (!TryFact(line, ref index, context, ref facts))
                return TryBareName(line, context, out item);
        }
        if (index == first)
            return false;
        // These may have a path for a name (RFC 3659, 7.7.4).
        if (facts.IsDots && !context.SingleItem)
            return true;
        if (!context.TryTakeName(line, index + 1, line.Length, out var name, out var fullName))
            return false;
        if (name is null)
            return true;
        item = new FtpItem
        {
            Name = name,
            FullName = fullName,
            ItemType = facts.ItemType,
            Length = facts.ItemType is FtpItemType.Directory or FtpItemType.SymbolicLink ? null : facts.Length ?? facts.DirectoryLength,
            LastWriteTimeUtc = facts.Precision == FtpTimePrecision.None ? null : facts.Modified,
            TimePrecision = facts.Precision,
            Permission = facts.Mode < 0 ? facts.Permission : context.Pool.ModeText(facts.ItemType, facts.Mode),
            Owner = facts.OwnerName ?? facts.OwnerId,
            Group = facts.GroupName ?? facts.GroupId,
            LinkTarget = facts.LinkTarget,
            RawLine = line,
        };
        if (facts.UniqueEnd > 0)
            context.FollowLink(line, facts.UniqueStart, facts.UniqueEnd, index + 1, ref item);
        return true;
    }

    /// <summary>Whether the line begins with a fact that RFC 3659 knows: no other form has a line that does.</summary>
    public static bool HasFact(string line)
    {
        var equals = line.IndexOf('=');
        return equals > 0 && line.IndexOf(';', equals) > 0 && Array.FindIndex(_facts, fact => ListingText.IsWord(line, 0, equals, fact)) >= 0;
    }

    // RFC 3659, 7.2: there may be no facts at all, but always the space before the name.
    private static bool TryBareName(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        if (context.SingleItem || line[0] != ' ' || !context.TryTakeName(line, 1, line.Length, out var name, out var fullName))
            return false;
        if (name is not null)
            item = new FtpItem { Name = name, FullName = fullName, ItemType = FtpItemType.Other, RawLine = line };
        return true;
    }

    private static bool TryFact(string line, ref int index, ListingContext context, ref Facts facts)
    {
        var start = index;
        while (index < line.Length && line[index] is not ('=' or ';' or ' ' or '\t'))
            index++;
        if (index == start || index == line.Length || line[index] != '=')
            return false;
        var equals = index++;
        // No value may hold a space, but the target of a link can, and servers send it as it is.
        var isType = ListingText.IsWord(line, start, equals, "type");
        var mayHaveSpaces = isType && ListingText.StartsWith(line, index, line.Length, "OS.");
        while (index < line.Length && line[index] != ';' && (mayHaveSpaces || !ListingText.IsBlank(line[index])))
            index++;
        if (index == line.Length)
            return false;
        if (isType)
            TakeType(line, equals + 1, index, ref facts);
        else
            TakeFact(line, start, equals, index, context.Pool, ref facts);
        if (line[index] == ';')
            index++;
        return true;
    }

    private static void TakeFact(string line, int start, int equals, int end, StringPool pool, ref Facts facts)
    {
        var value = equals + 1;
        switch (line[start] | 0x20)
        {
            case 's' when ListingText.IsWord(line, start, equals, "size"):
                facts.Length = ListingText.TryNumber(line, value, end, out var length) ? length : null;
                break;
            case 's' when ListingText.IsWord(line, start, equals, "sizd"):
                facts.DirectoryLength = ListingText.TryNumber(line, value, end, out var directoryLength) ? directoryLength : null;
                break;
            case 'u' when ListingText.IsWord(line, start, equals, "unique"):
                (facts.UniqueStart, facts.UniqueEnd) = (value, end);
                break;
            case 'm' when ListingText.IsWord(line, start, equals, "modify"):
                if (FtpTime.TryParse(line, value, end, out facts.Modified, out var precision))
                    facts.Precision = precision;
                break;
            case 'p' when ListingText.IsWord(line, start, equals, "perm"):
                facts.Permission = pool.Take(line, value, end);
                break;
            case 'u' when ListingText.StartsWith(line, start, equals, "unix."):
                TakeUnixFact(line, start + 5, equals, end, pool, ref facts);
                break;
        }
    }

    private static void TakeUnixFact(string line, int start, int equals, int end, StringPool pool, ref Facts facts)
    {
        var value = equals + 1;
        if (ListingText.IsWord(line, start, equals, "mode"))
            facts.Mode = Octal(line, value, end);
        else if (ListingText.IsWord(line, start, equals, "ownername"))
            facts.OwnerName = pool.Take(line, value, end);
        else if (ListingText.IsWord(line, start, equals, "groupname"))
            facts.GroupName = pool.Take(line, value, end);
        // ProFTPD calls the numbers owner and group, Pure-FTPd uid and gid.
        else if (ListingText.IsWord(line, start, equals, "owner") || ListingText.IsWord(line, start, equals, "uid"))
            facts.OwnerId = pool.Take(line, value, end);
        else if (ListingText.IsWord(line, start, equals, "group") || ListingText.IsWord(line, start, equals, "gid"))
            facts.GroupId = pool.Take(line, value, end);
    }

    private static void TakeType(string line, int start, int end, ref Facts facts)
    {
        if (ListingText.IsWord(line, start, end, "file"))
            facts.ItemType = FtpItemType.File;
        else if (ListingText.IsWord(line, start, end, "dir"))
            facts.ItemType = FtpItemType.Directory;
        else if (ListingText.IsWord(line, start, end, "cdir") || ListingText.IsWord(line, start, end, "pdir"))
            (facts.ItemType, facts.IsDots) = (FtpItemType.Directory, true);
        else
            TakeSystemType(line, start, end, ref facts);
    }

    // OS.unix=slink:/target is the example of RFC 3659, 7.5.1.1; ProFTPD says OS.unix=symlink, Pure-FTPd OS.unix=slink: with no target.
    private static void TakeSystemType(string line, int start, int end, ref Facts facts)
    {
        if (ListingText.StartsWith(line, start, end, "OS."))
            start = Math.Max(start, line.IndexOf('=', start, end - start) + 1);
        var isLink = ListingText.StartsWith(line, start, end, "slink") || ListingText.StartsWith(line, start, end, "symlink") || ListingText.IsWord(line, start, end, "link");
        facts.ItemType = isLink ? FtpItemType.SymbolicLink : FtpItemType.Other;
        var colon = line.IndexOf(':', start, end - start);
        if (isLink && colon >= 0 && colon + 1 < end)
            facts.LinkTarget = line.Substring(colon + 1, end - colon - 1);
    }

    private static int Octal(string text, int start, int end)
    {
        // 0o644 is how Python writes it, and so pyftpdlib.
        if (ListingText.StartsWith(text, start, end, "0o"))
            start += 2;
        var mode = 0;
        for (var i = start; i < end; i++)
        {
            if (text[i] is < '0' or > '7' || mode > 0xFFFF)
                return -1;
            mode = mode * 8 + (text[i] - '0');
        }
        return start == end ? -1 : mode;
    }

    private struct Facts
    {
        public FtpItemType ItemType = FtpItemType.Other;
        public bool IsDots;
        public long? Length;
        public long? DirectoryLength;
        public DateTime Modified;
        public FtpTimePrecision Precision;
        public string? Permission;
        public int Mode = -1;
        public string? OwnerName;
        public string? OwnerId;
        public string? GroupName;
        public string? GroupId;
        public string? LinkTarget;
        public int UniqueStart;
        public int UniqueEnd;

        public Facts()
        {
        }
    }
}
