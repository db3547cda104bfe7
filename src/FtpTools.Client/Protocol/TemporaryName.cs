using System;
using System.Linq;

namespace FtpTools.Protocol;

/// <summary>
/// The pattern of the names that uploads have until they are complete, where the user chooses it: a server's own jobs may
/// take or leave files by their names. Its <c>*</c> stands for the file's name, so that files sent side by side have names
/// of their own.
/// </summary>
internal static class TemporaryName
{
    /// <summary>No file system has names of more than 255 bytes, and the file's own is to find room in it.</summary>
    private const int MaxLength = 100;

    private const char Star = '*';

    /// <summary>Why a text cannot be such a pattern; null when it can.</summary>
    public static string? WhyNot(string pattern) =>
        pattern.Count(c => c == Star) != 1 ? "it must contain one *, which stands for the name of the file"
        : pattern.Length == 1 ? "it would be the name of the file itself"
        : pattern.Length > MaxLength ? $"it is longer than {MaxLength} characters"
        : pattern.IndexOfAny(['/', '\\']) >= 0 ? "the temporary file is in the same directory as the file, so the name can't contain a separator"
        : pattern.Any(char.IsControl) ? "it contains a control character"
        : pattern != pattern.Trim() ? "servers remove spaces at the beginning and end of names"
        : null;

    /// <summary>The name of one file.</summary>
    public static string Of(string pattern, string name)
    {
        var star = pattern.IndexOf(Star);
        return pattern.Substring(0, star) + name + pattern.Substring(star + 1);
    }

    /// <summary>Whether a name is one that the pattern makes of some other.</summary>
    public static bool IsSuch(string pattern, string name)
    {
        var star = pattern.IndexOf(Star);
        // Windows servers do not tell upper from lower case.
        return name.Length >= pattern.Length
            && name.StartsWith(pattern.Substring(0, star), StringComparison.OrdinalIgnoreCase)
            && name.EndsWith(pattern.Substring(star + 1), StringComparison.OrdinalIgnoreCase);
    }
}
