using System;
using System.Linq;
using System.Text;

namespace FtpTools.Protocol;

/// <summary>The path in a reply to PWD (RFC 959, 4.1.1), as servers write it.</summary>
internal static class WorkingDirectory
{
    /// <summary>Reads the path.</summary>
    /// <param name="text">The text of the reply, without its code.</param>
    /// <param name="path">The absolute path.</param>
    /// <returns>False when there is none in it.</returns>
    public static bool TryRead(string text, out string path)
    {
        var name = Quoted(text, '"') ?? Bare(text);
        // Some servers of Windows and of consoles write backslashes, and take slashes ("\hdd1").
        if (name is not null && name.StartsWith("\\", StringComparison.Ordinal))
            name = name.Replace('\\', '/');
        path = name is null ? "" : FtpPath.Combine("/", name);
        return name is not null;
    }

    /// <summary>What stands in quotes, its own quotes doubled (RFC 959, Appendix II); null without any.</summary>
    private static string? Quoted(string text, char quote)
    {
        var first = text.IndexOf(quote);
        if (first < 0)
            return null;
        var path = new StringBuilder();
        for (var i = first + 1; i < text.Length; i++)
        {
            if (text[i] == quote && (i + 1 == text.Length || text[++i] != quote))
                break;
            path.Append(text[i]);
        }

        return path.ToString();
    }

    /// <summary>The one word that is a path ("257 /flash", MicroPython; "257 C:\data is current"; "257 Current directory is /in."), or stands in apostrophes and begins with a slash.</summary>
    private static string? Bare(string text)
    {
        if (Quoted(text, '\'') is { } quoted && quoted.StartsWith("/", StringComparison.Ordinal))
            return quoted;
        var words = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || IsPath(words[0]))
            return words.FirstOrDefault();
        var last = words[words.Length - 1].TrimEnd('.');
        return last.StartsWith("/", StringComparison.Ordinal) ? last : null;
    }

    private static bool IsPath(string word) => word[0] == '/' || (word.Length > 2 && word[1] == ':' && word[2] is '\\' or '/');
}
