using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace FtpTools.Protocol;

/// <summary>How a server wants paths said.</summary>
internal enum PathStyle
{
    /// <summary>With slashes, as they are.</summary>
    Slashes,

    /// <summary>z/OS: <c>'USER1.TEXT(MEMBER)'</c> for what is no path of its Unix part.</summary>
    DataSets,

    /// <summary>OpenVMS: <c>DISK:[DIR.SUB]NAME.TYPE;1</c>.</summary>
    Brackets,
}

/// <summary>
/// Paths of servers that know no slashes. The module writes them with slashes all the same, behind the name of the place that
/// the server itself has told by PWD: <c>/'USER1.'/TEXT/MEMBER</c> and <c>/DISK:[DIR]/SUB/NAME.TYPE;1</c>. What does not begin
/// with such a place is said as it is, for both systems take Unix paths too.
/// </summary>
internal static class ServerPath
{
    private static readonly HashSet<string> _verbs = new(StringComparer.Ordinal)
    {
        "CWD", "RETR", "STOR", "APPE", "DELE", "MKD", "RMD", "RNFR", "RNTO", "SIZE", "MDTM", "MLST", "MLSD", "LIST", "NLST", "HASH", "XSHA512", "XSHA256", "XSHA1", "XMD5", "MD5", "XCRC",
    };

    /// <summary>The style that the answer to PWD, or a word of the server about its system, tells of.</summary>
    /// <param name="system">What the server says of its system (SYST); empty when it does not.</param>
    /// <param name="directory">The current directory as the module writes it.</param>
    public static PathStyle Guess(string system, string directory)
    {
        // There a bracket and an apostrophe are letters of names.
        if (system.StartsWith("UNIX", StringComparison.OrdinalIgnoreCase) || system.StartsWith("Windows", StringComparison.OrdinalIgnoreCase))
            return PathStyle.Slashes;
        if (IsDataSet(directory, 1) || system.StartsWith("MVS", StringComparison.OrdinalIgnoreCase))
            return PathStyle.DataSets;
        return BracketOf(directory, 1) > 0 || system.StartsWith("VMS", StringComparison.OrdinalIgnoreCase) ? PathStyle.Brackets : PathStyle.Slashes;
    }

    /// <summary>An argument as it is to be said.</summary>
    /// <param name="style">How the server wants paths said.</param>
    /// <param name="verb">The command.</param>
    /// <param name="argument">Its argument.</param>
    public static string Say(PathStyle style, string verb, string argument)
    {
        if (style == PathStyle.Slashes || !argument.StartsWith("/", StringComparison.Ordinal) || !_verbs.Contains(verb))
            return argument;
        return style == PathStyle.DataSets ? SayDataSet(argument) : SayBrackets(argument, verb is "CWD" or "MKD" or "RMD" or "LIST" or "MLSD" or "NLST");
    }

    // '/'USER1.'/TEXT/MEMBER is 'USER1.TEXT(MEMBER)'; a part that ends with a point is the beginning of names.
    private static string SayDataSet(string path)
    {
        if (!IsDataSet(path, 1))
            return path;
        string name = "", member = "";
        foreach (var part in path.Substring(1).Split('/'))
        {
            if (IsDataSet(part, 0)) // a whole name, wherever it was said
                (name, member) = (part.Trim('\''), "");
            else if (name.EndsWith(".", StringComparison.Ordinal))
                name += part;
            else
                member = member.Length == 0 ? part : member + "." + part;
        }

        // A job is called by its number, which no prefix belongs to.
        var last = FtpPath.Name(path);
        if (last.Length == 8 && last.StartsWith("JOB", StringComparison.Ordinal) && int.TryParse(last.Substring(3), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return last;
        return member.Length == 0 ? $"'{name}'" : $"'{name}({member})'";
    }

    private static bool IsDataSet(string path, int start) =>
        path.Length > start && path[start] == '\'' && path.LastIndexOf('\'') > start;

    // /DISK:[DIR]/SUB/NAME.TYPE;1 is DISK:[DIR.SUB]NAME.TYPE;1.
    private static string SayBrackets(string path, bool isDirectory)
    {
        var parts = path.Substring(1).Split('/');
        var directories = isDirectory ? parts.Length : parts.Length - 1;
        for (var i = 0; i < directories; i++)
            parts[i] = WithoutType(parts[i]);
        var bracket = BracketOf(parts[0], 0);
        if (bracket < 0)
            return "/" + string.Join("/", parts);
        var said = new StringBuilder(parts[0].Substring(0, bracket));
        for (var i = 1; i < directories; i++)
            said.Append('.').Append(parts[i]);
        said.Append(']');
        return isDirectory || parts.Length == 1 ? said.ToString() : said.Append(parts[parts.Length - 1]).ToString();
    }

    // Where the closing bracket is of a place that ends with one.
    private static int BracketOf(string path, int start)
    {
        var end = path.IndexOf('/', start);
        if (end < 0)
            end = path.Length;
        var open = path.IndexOf('[', start, end - start);
        return open >= 0 && path[end - 1] == ']' && (open == start || path[open - 1] == ':') ? end - 1 : -1;
    }

    // The file that a directory is: SUB.DIR;1.
    private static string WithoutType(string name)
    {
        var version = name.LastIndexOf(';');
        var end = version > 0 ? version : name.Length;
        return end > 4 && string.Compare(name, end - 4, ".DIR", 0, 4, StringComparison.OrdinalIgnoreCase) == 0 ? name.Substring(0, end - 4) : name;
    }
}
