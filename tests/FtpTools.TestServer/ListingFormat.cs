using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace FtpTools.TestServer;

/// <summary>Entries as text: lines of ls -l and facts of RFC 3659.</summary>
internal static class ListingFormat
{
    private const string Bits = "rwxrwxrwx";

    public static IReadOnlyList<string> Facts { get; } = ["type", "size", "modify"];

    /// <summary>The permission, in octal; told by a server with <see cref="Extensions"/>.</summary>
    public const string ModeFact = "unix.mode";

    /// <summary>As ls -l does it: the time of day within half a year, else the year. Times are UTC.</summary>
    public static string UnixLine(ListEntry entry, DateTime nowUtc)
    {
        var kind = entry.LinkTarget is not null ? 'l' : entry.IsDirectory ? 'd' : '-';
        var recent = entry.ModifiedUtc <= nowUtc && nowUtc - entry.ModifiedUtc < TimeSpan.FromDays(182);
        var time = entry.ModifiedUtc.ToString(recent ? "MMM dd HH:mm" : "MMM dd  yyyy", CultureInfo.InvariantCulture);
        var arrow = entry.LinkTarget is null ? "" : " -> " + entry.LinkTarget;
        return string.Create(CultureInfo.InvariantCulture,
            $"{kind}{Permissions(entry.Mode)} {(entry.IsDirectory ? 2 : 1),4} ftp      ftp      {entry.Length,12} {time} {entry.Name}{arrow}");
    }

    /// <summary>The facts and the one space before the name (RFC 3659, 7.2).</summary>
    public static string MachineLine(ListEntry entry, IReadOnlyCollection<string> facts, string? type = null)
    {
        var text = new StringBuilder();
        if (facts.Contains("type"))
            text.Append("type=").Append(type ?? (entry.IsDirectory ? "dir" : "file")).Append(';');
        if (facts.Contains("size") && !entry.IsDirectory)
            text.Append("size=").Append(entry.Length).Append(';');
        if (facts.Contains("modify"))
            text.Append("modify=").Append(Time(entry.ModifiedUtc)).Append(';');
        if (facts.Contains(ModeFact))
            text.Append("unix.mode=0").Append(Convert.ToString((int)entry.Mode & 0x1FF, 8)).Append(';');
        return text.Append(' ').Append(entry.Name).ToString();
    }

    public static string Time(DateTime utc) => utc.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    public static bool TryTime(string text, out DateTime utc) => DateTime.TryParseExact(
        text, ["yyyyMMddHHmmss", "yyyyMMddHHmmss.FFF"], CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out utc);

    /// <summary>A path as in 257 replies, its quotes doubled (RFC 959, appendix II).</summary>
    public static string Quoted(string path) => "\"" + path.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private static string Permissions(UnixFileMode mode) =>
        string.Concat(Bits.Select((c, i) => ((int)mode & (0x100 >> i)) != 0 ? c : '-'));
}
