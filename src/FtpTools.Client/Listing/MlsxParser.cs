using System;
using System.Globalization;
using FtpTools.Protocol;

namespace FtpTools.Listing;

/// <summary>Lines of MLSD and MLST: <c>type=file;size=1;modify=20240131123456; name</c> (RFC 3659, 7.2).</summary>
internal static class MlsxParser
{
    /// <summary>Reads a line.</summary>
    /// <returns>True when it is of this form; <paramref name="item"/> is null when it tells of the directory itself or its parent.</returns>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        // Facts hold no space, so the first one ends them; all behind it is the name, with its own spaces and semicolons.
        var space = line.IndexOf(' ');
        if (space < 0 || (space > 0 && line[space - 1] != ';') || !context.TryName(line.Substring(space + 1), out var name))
            return false;

        FtpItemType? type = null;
        long? length = null;
        string? permission = null, mode = null, owner = null, group = null, ownerName = null, groupName = null, target = null;
        DateTime? time = null;
        var precision = FtpTimePrecision.None;
        var drop = false;
        for (var at = 0; at < space;)
        {
            var end = line.IndexOf(';', at, space - at);
            var equals = end < 0 ? -1 : line.IndexOf('=', at, end - at);
            if (equals < 0)
                return false;
            var value = equals + 1;
            if (Is(line, at, equals, "type"))
                type = Type(line, value, end, context, ref drop, ref target);
            else if (Is(line, at, equals, "size") || Is(line, at, equals, "sizd"))
                length = long.TryParse(line.Substring(value, end - value), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null;
            else if (Is(line, at, equals, "modify") && FtpTime.TryParse(line.Substring(value, end - value), out var utc, out precision))
                time = utc;
            else if (Is(line, at, equals, "perm"))
                permission = line.Substring(value, end - value);
            else if (Is(line, at, equals, "unix.mode"))
                mode = line.Substring(value, end - value);
            else if (Is(line, at, equals, "unix.owner") || Is(line, at, equals, "unix.uid"))
                owner = line.Substring(value, end - value);
            else if (Is(line, at, equals, "unix.group") || Is(line, at, equals, "unix.gid"))
                group = line.Substring(value, end - value);
            else if (Is(line, at, equals, "unix.ownername"))
                ownerName = line.Substring(value, end - value);
            else if (Is(line, at, equals, "unix.groupname"))
                groupName = line.Substring(value, end - value);
            at = end + 1;
        }

        if (drop || context.IsSelfOrParent(name))
            return true;
        var itemType = type ?? FtpItemType.Other;
        item = new FtpItem
        {
            Name = name,
            FullName = context.FullName(name),
            ItemType = itemType,
            Length = itemType == FtpItemType.Directory ? null : length,
            LastWriteTimeUtc = time,
            TimePrecision = time is null ? FtpTimePrecision.None : precision,
            Permission = UnixMode(mode, itemType) ?? permission,
            Owner = ownerName ?? owner,
            Group = groupName ?? group,
            LinkTarget = target,
            RawLine = line,
            Session = context.Session,
        };
        return true;
    }

    private static FtpItemType Type(string line, int value, int end, ListingContext context, ref bool drop, ref string? target)
    {
        if (Is(line, value, end, "file"))
            return FtpItemType.File;
        if (Is(line, value, end, "dir"))
            return FtpItemType.Directory;
        if (Is(line, value, end, "cdir") || Is(line, value, end, "pdir"))
        {
            // In the answer to MLST the directory itself is what was asked for.
            drop = !context.IsSingle;
            return FtpItemType.Directory;
        }

        // ProFTPD and Pure-FTPd: "OS.unix=slink:/target" or "OS.unix=symlink" (the example of RFC 3659, 7.5.1.5).
        const string Slink = "OS.unix=slink";
        if (string.Compare(line, value, Slink, 0, Slink.Length, StringComparison.OrdinalIgnoreCase) == 0)
        {
            var colon = value + Slink.Length;
            target = colon < end && line[colon] == ':' ? line.Substring(colon + 1, end - colon - 1) : null;
            return FtpItemType.SymbolicLink;
        }

        return Is(line, value, end, "OS.unix=symlink") ? FtpItemType.SymbolicLink : FtpItemType.Other;
    }

    private static bool Is(string line, int start, int end, string word) =>
        end - start == word.Length && string.Compare(line, start, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>The ten characters of ls for an octal mode; null when it is none.</summary>
    private static string? UnixMode(string? octal, FtpItemType type)
    {
        if (octal is null || octal.Length < 3)
            return null;
        var mode = 0;
        foreach (var digit in octal)
        {
            if (digit is < '0' or > '7')
                return null;
            mode = (mode << 3) | (digit - '0');
        }

        var text = new char[10];
        text[0] = type switch { FtpItemType.Directory => 'd', FtpItemType.SymbolicLink => 'l', FtpItemType.File => '-', _ => '?' };
        for (var i = 0; i < 9; i++)
            text[i + 1] = (mode & (0x100 >> i)) != 0 ? "rwx"[i % 3] : '-';
        Special(text, 3, (mode & 0x800) != 0, 's');
        Special(text, 6, (mode & 0x400) != 0, 's');
        Special(text, 9, (mode & 0x200) != 0, 't');
        return new string(text);
    }

    private static void Special(char[] text, int at, bool set, char letter)
    {
        if (set)
            text[at] = text[at] == 'x' ? letter : char.ToUpperInvariant(letter);
    }
}
