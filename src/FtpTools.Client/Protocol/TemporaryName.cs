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
        pattern.Count(c => c == Star) != 1 ? "it needs one *, which stands for the file's name"
        : pattern.Length == 1 ? "it would be the file's own name"
        : pattern.Length > MaxLength ? $"it is longer than {MaxLength} characters"
        : pattern.IndexOfAny(['/', '\\']) >= 0 ? "a temporary name is in the same directory as the file itself, and so has no separator"
        : pattern.Any(char.IsControl) ? "it holds a control character"
        : pattern != pattern.Trim() ? "servers drop the space at the beginning or end of a name"
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
