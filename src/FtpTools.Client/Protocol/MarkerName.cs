using System.Collections.Generic;
using System.Linq;

namespace FtpTools.Protocol;

/// <summary>
/// The name of the file that says of others that they are whole: one for all of a directory, as <c>all.done</c>, or with a
/// <c>*</c>, as <c>*.done</c>, one for each.
/// </summary>
internal static class MarkerName
{
    private const char Star = '*';

    /// <summary>Why a text cannot be such a name; null when it can.</summary>
    public static string? WhyNot(string marker) =>
        marker == "*" ? "it would be the file itself"
        : marker.Count(c => c == Star) > 1 ? "it contains more than one *, which stands for the name of the file"
        : !FtpPath.IsName(marker) ? "a marker is in the same directory as the file, so it must be a name without a path"
        : marker.Any(char.IsControl) ? "it contains a control character"
        : null;

    /// <summary>Whether there is one for each file.</summary>
    public static bool IsOfEach(string marker) => marker.IndexOf(Star) >= 0;

    /// <summary>The names that the marker of a file may have: <c>a.csv.done</c>, and <c>a.done</c>, which many partners write.</summary>
    public static IEnumerable<string> Of(string marker, string name)
    {
        if (!IsOfEach(marker))
        {
            yield return marker;
            yield break;
        }

        yield return TemporaryName.Of(marker, name);
        if (WithoutExtension(name) is { } shorter)
            yield return TemporaryName.Of(marker, shorter);
    }

    /// <summary>The name without its extension; null where it has none.</summary>
    public static string? WithoutExtension(string name) => name.LastIndexOf('.') is var dot && dot > 0 && dot < name.Length - 1 ? name.Substring(0, dot) : null;

    /// <summary>Whether a name is that of a marker.</summary>
    public static bool IsSuch(string marker, string name) => IsOfEach(marker) ? TemporaryName.IsSuch(marker, name) : name == marker;
}
