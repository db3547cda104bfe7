using System;
using System.Collections.Generic;

namespace FtpTools.Protocol;

/// <summary>Remote paths as text: <c>/</c> between the parts, whatever the server runs on (RFC 3659 assumes no more).</summary>
internal static class FtpPath
{
    /// <summary>The absolute path of <paramref name="path"/> seen from <paramref name="location"/>, without <c>.</c>, <c>..</c> and empty parts.</summary>
    public static string Combine(string location, string path)
    {
        var parts = new List<string>();
        if (path.Length == 0 || path[0] != '/')
            Push(parts, location);
        Push(parts, path);
        return "/" + string.Join("/", parts);
    }

    /// <summary>The path without its last part: <c>/</c> for a top-level name, empty for <c>/</c> itself.</summary>
    public static string Parent(string fullName)
    {
        var slash = fullName.LastIndexOf('/');
        if (fullName.Length <= 1 || slash < 0)
            return "";
        return slash == 0 ? "/" : fullName.Substring(0, slash);
    }

    /// <summary>The last part; <c>/</c> for the root.</summary>
    public static string Name(string fullName) =>
        fullName == "/" ? "/" : fullName.Substring(fullName.LastIndexOf('/') + 1);

    /// <summary>The name of a child, where <paramref name="directory"/> is absolute already.</summary>
    public static string Child(string directory, string name) =>
        directory.EndsWith("/", StringComparison.Ordinal) ? directory + name : directory + "/" + name;

    /// <summary>Whether a text is the name of one thing in a directory, and leads nowhere else.</summary>
    public static bool IsName(string text) => text is not ("" or "." or "..") && text.IndexOfAny(['/', '\r', '\n', '\0']) < 0;

    /// <summary>Whether two names, or paths, can be one where no case is known, or accents are written otherwise (macOS takes them apart).</summary>
    public static bool IsAlike(string name, string other) => string.Equals(Alike(name), Alike(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>A name, or a path, in the form that all have that can be one with it (<see cref="IsAlike"/>), when case does not count.</summary>
    public static string Alike(string name)
    {
        try
        {
            return name.Normalize();
        }
        catch (ArgumentException)
        {
            // Bytes that are no UTF-8 cannot be normalized.
            return name;
        }
    }

    private static void Push(List<string> parts, string path)
    {
        foreach (var part in path.Split('/'))
        {
            if (part.Length == 0 || part == ".")
                continue;
            if (part != "..")
                parts.Add(part);
            else if (parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
        }
    }
}
