using System;
using System.Linq;

namespace FtpTools.Protocol;

/// <summary>
/// The pattern of the paths that files get when they are claimed: a name as <c>*.claimed</c>, or a path as <c>work/*</c>, which is
/// seen from the file's own directory. Its <c>*</c> stands for the file's name.
/// </summary>
internal static class ClaimName
{
    private const char Star = '*';

    /// <summary>Why a text cannot be such a pattern; null when it can.</summary>
    public static string? WhyNot(string pattern) =>
        pattern.Count(c => c == Star) != 1 || Leaf(pattern).IndexOf(Star) < 0 ? "its last part must contain one *, which stands for the name of the file"
        : pattern.Any(char.IsControl) ? "it contains a control character"
        : pattern != pattern.Trim() ? "servers remove spaces at the beginning and end of names"
        : Of(pattern, "/a/b") == "/a/b" ? "it would be the name of the file itself"
        : null;

    /// <summary>The path that a file gets.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="path">The file's full name.</param>
    /// <param name="token">What makes the name another one, where the first is taken; null for that one.</param>
    public static string Of(string pattern, string path, string? token = null)
    {
        var name = FtpPath.Name(path);
        if (token is not null)
        {
            // Before the extension, so that whoever looks for *.csv finds it.
            var dot = name.LastIndexOf('.');
            name = dot > 0 ? $"{name.Substring(0, dot)}-{token}{name.Substring(dot)}" : $"{name}-{token}";
        }
        return FtpPath.Child(FtpPath.Combine(FtpPath.Parent(path), Directory(pattern)), TemporaryName.Of(Leaf(pattern), name));
    }

    /// <summary>Whether a path is one that the pattern makes of some other, so that what is there was claimed before.</summary>
    public static bool IsSuch(string pattern, string path)
    {
        if (!TemporaryName.IsSuch(Leaf(pattern), FtpPath.Name(path)))
            return false;
        var directory = Directory(pattern);
        if (directory.StartsWith("/", StringComparison.Ordinal))
            return FtpPath.Combine("/", directory) == FtpPath.Parent(path);
        var parts = directory.Split('/').Where(part => part is not ("" or "." or ".."));
        return FtpPath.Parent(path).EndsWith(string.Concat(parts.Select(part => "/" + part)), StringComparison.Ordinal);
    }

    /// <summary>Whether the pattern leads to another directory.</summary>
    public static bool HasDirectory(string pattern) => pattern.IndexOf('/') >= 0;

    private static string Leaf(string pattern) => pattern.Substring(pattern.LastIndexOf('/') + 1);

    private static string Directory(string pattern) => pattern.Substring(0, pattern.LastIndexOf('/') + 1);
}
