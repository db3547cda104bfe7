using System;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace FtpTools.Protocol;

/// <summary>Unix permissions of files: as three or four octal digits, in words as chmod takes them, and as <c>ls</c> writes them.</summary>
internal static class FilePermission
{
    private const int Executable = 0x49; // --x--x--x
    private const int SetId = 0xC00;
    private const int Sticky = 0x200;
    private const string Classes = "ugo";
    private const string Rights = "rwx";

    private static readonly Regex _clause = new("^(?<who>[ugoa]*)((?<operation>[-+=])(?<what>[rwxXst]*|[ugo]))+\\z", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

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
    /// <param name="text">Three or four octal digits, what <c>ls</c> writes with or without the kind of file, or clauses as chmod takes them: <c>u+x,go-w</c>, <c>a=r</c>, <c>u=rwX,go=rX</c>, <c>g=u</c>.</param>
    /// <param name="current">The permissions there are; of no account to octal digits.</param>
    /// <param name="isDirectory">Whether they are a directory's, which has X at any rate, and keeps its set-id bits where they are not named.</param>
    /// <exception cref="FormatException">It is neither.</exception>
    public static int Apply(string text, int current, bool isDirectory = false)
    {
        if (IsOctal(text))
            return Convert.ToInt32(text, 8);
        if (ReadWhole(text) is { } whole)
            return whole;
        foreach (var clause in text.Split(','))
        {
            var match = _clause.Match(clause);
            var who = match.Groups["who"].Value;
            // Without a class, what ls writes would be several operations: -rwxr-xr-x+.
            if (!match.Success || (who.Length == 0 && match.Groups["what"].Captures.Count > 1))
                throw NotOne(text);
            // Each class with its special bit, as chmod sees it: set-id of u and g, the sticky one of o.
            var mask = Enumerable.Range(0, 3).Where(i => who.Length == 0 || who.IndexOf('a') >= 0 || who.IndexOf(Classes[i]) >= 0).Sum(i => (7 << (6 - (3 * i))) | (0x800 >> i));
            for (var i = 0; i < match.Groups["what"].Captures.Count; i++)
            {
                var bits = match.Groups["what"].Captures[i].Value.Aggregate(0, (sum, c) => sum | Bits(c, current, isDirectory)) & mask;
                current = match.Groups["operation"].Captures[i].Value switch
                {
                    "+" => current | bits,
                    "-" => current & ~bits,
                    _ => (current & ~(isDirectory ? mask & ~SetId : mask)) | bits,
                };
            }
        }
        return current;
    }

    /// <summary>As SITE CHMOD takes it: three octal digits, or four where a set-id bit or the sticky one is among them.</summary>
    public static string ToOctal(int permission) => Convert.ToString(permission, 8).PadLeft(3, '0');

    private static int Bits(char what, int current, bool isDirectory) => what switch
    {
        'r' => Executable << 2,
        'w' => Executable << 1,
        'x' => Executable,
        'X' => isDirectory || (current & Executable) != 0 ? Executable : 0,
        's' => SetId,
        't' => Sticky,
        // The rights of another class.
        _ => ((current >> (6 - (3 * Classes.IndexOf(what)))) & 7) * Executable,
    };

    private static bool IsOctal(string text) => text.Length is 3 or 4 && text.All(c => c is >= '0' and <= '7');

    private static int? ReadWhole(string text) => text.Length is 9 or 10 ? Read(text.Length == 9 ? "-" + text : text) : null;

    private static FormatException NotOne(string text) =>
        new(string.Format(CultureInfo.InvariantCulture, "'{0}' isn't a valid permission. Specify three or four octal digits, such as 644, or symbols as for chmod, such as u+x,go-w.", text));
}
