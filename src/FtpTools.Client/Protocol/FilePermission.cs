using System;
using System.Globalization;
using System.Linq;

namespace FtpTools.Protocol;

/// <summary>Unix permissions of files: as three or four octal digits, in words as chmod takes them, and as <c>ls</c> writes them.</summary>
internal static class FilePermission
{
    private const int All = 0x1FF; // rwxrwxrwx
    private const string Classes = "ugo";
    private const string Rights = "rwx";

    /// <summary>Reads what <c>ls</c> writes, with the kind of file before it: <c>-rwxr-xr-x</c>.</summary>
    /// <returns>Null when it is nothing of the kind.</returns>
    public static int? Read(string? text)
    {
        if (text is null || text.Length < 10)
            return null;
        var permission = 0;
        for (var i = 0; i < 9; i++)
        {
            var c = text[i + 1];
            var isRight = c == Rights[i % 3];
            // The third of each class shows the set-id bits and the sticky one too, in capitals where the right itself is missing.
            var special = i % 3 == 2 && char.ToLowerInvariant(c) == (i == 8 ? 't' : 's');
            if (!isRight && !special && c != '-')
                return null;
            if (isRight || (special && char.IsLower(c)))
                permission |= 1 << (8 - i);
            if (special)
                permission |= 0x200 << (2 - (i / 3));
        }
        return permission;
    }

    /// <summary>Whether a text says all of the permissions, so that those there are do not matter.</summary>
    public static bool IsWhole(string text) => IsOctal(text) || ReadWhole(text) is not null;

    /// <summary>The permissions that a text asks for.</summary>
    /// <param name="text">Three or four octal digits, what <c>ls</c> writes with or without the kind of file, or clauses as <c>u+x,go-w</c> and <c>a=r</c>.</param>
    /// <param name="current">The permissions there are; of no account to octal digits.</param>
    /// <exception cref="FormatException">It is neither.</exception>
    public static int Apply(string text, int current)
    {
        if (IsOctal(text))
            return Convert.ToInt32(text, 8);
        if (ReadWhole(text) is { } whole)
            return whole;
        foreach (var clause in text.Split(','))
        {
            var at = clause.IndexOfAny(['+', '-', '=']);
            if (at < 0)
                throw NotOne(text);
            var who = at == 0 ? "a" : clause.Substring(0, at);
            var what = clause.Substring(at + 1);
            if (who.Any(c => c != 'a' && Classes.IndexOf(c) < 0) || what.Any(c => Rights.IndexOf(c) < 0))
                throw NotOne(text);
            var mask = Enumerable.Range(0, 3).Where(i => who.IndexOf('a') >= 0 || who.IndexOf(Classes[i]) >= 0).Sum(i => 7 << (6 - (3 * i)));
            var bits = (what.IndexOf('r') >= 0 ? 0x124 : 0) | (what.IndexOf('w') >= 0 ? 0x92 : 0) | (what.IndexOf('x') >= 0 ? 0x49 : 0);
            current = clause[at] switch
            {
                '+' => current | (bits & mask),
                '-' => current & ~(bits & mask),
                _ => (current & ~mask & (All | 0xE00)) | (bits & mask),
            };
        }
        return current;
    }

    /// <summary>As SITE CHMOD takes it: three octal digits, or four where a set-id bit or the sticky one is among them.</summary>
    public static string ToOctal(int permission) => Convert.ToString(permission, 8).PadLeft(3, '0');

    private static bool IsOctal(string text) => text.Length is 3 or 4 && text.All(c => c is >= '0' and <= '7');

    private static int? ReadWhole(string text) => text.Length is 9 or 10 ? Read(text.Length == 9 ? "-" + text : text) : null;

    private static FormatException NotOne(string text) =>
        new(string.Format(CultureInfo.InvariantCulture, "'{0}' isn't a valid permission. Specify three or four octal digits, such as 644, or symbols as for chmod, such as u+x,go-w.", text));
}
