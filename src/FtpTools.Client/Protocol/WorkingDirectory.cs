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
        var name = Quoted(text) ?? Bare(text);
        path = name is null ? "" : FtpPath.Combine("/", name);
        return name is not null;
    }

    /// <summary>What stands in quotes, its own quotes doubled (RFC 959, Appendix II); null without any.</summary>
    private static string? Quoted(string text)
    {
        var first = text.IndexOf('"');
        if (first < 0)
            return null;
        var path = new StringBuilder();
        for (var i = first + 1; i < text.Length; i++)
        {
            if (text[i] == '"' && (i + 1 == text.Length || text[++i] != '"'))
                break;
            path.Append(text[i]);
        }

        return path.ToString();
    }

    /// <summary>The first word, where it is a path ("257 /flash", MicroPython; "257 C:\data is current").</summary>
    private static string? Bare(string text)
    {
        text = text.Trim();
        var end = text.IndexOf(' ');
        var word = end < 0 ? text : text.Substring(0, end);
        var isPath = word.Length > 0 && (word[0] == '/' || (word.Length > 2 && word[1] == ':' && word[2] is '\\' or '/'));
        return isPath ? word : null;
    }
}
