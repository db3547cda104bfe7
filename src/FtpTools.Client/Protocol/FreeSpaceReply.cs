using System;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace FtpTools.Protocol;

/// <summary>Reads how much room a server says that there is. No two commands for it answer alike.</summary>
internal static class FreeSpaceReply
{
    private static readonly Regex _quotatab = new(@"Uploaded (?<unit>bytes|Kb|Mb|Gb):\s*(?<used>[\d.]+)/(?<limit>[\d.]+|unlimited)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));
    private static readonly Regex _usage = new(@"Disk (?<what>usage|limit):\s*(?<value>\d+|unlimited)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));

    /// <summary>The reply to AVBL (draft-peterson-streamlined-ftp-command-extensions): a number of bytes, and words perhaps.</summary>
    public static (long? Free, long? Used, long? Limit)? ReadAvailable(string text)
    {
        var digits = new string([.. text.TrimStart().TakeWhile(c => c is >= '0' and <= '9')]);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var free) ? (free, null, null) : null;
    }

    /// <summary>The reply to XQUOTA: "Disk usage: 1532791" and "Disk limit: unlimited", a line each.</summary>
    public static (long? Free, long? Used, long? Limit)? ReadUsage(string text)
    {
        long? used = null, limit = null;
        foreach (Match match in _usage.Matches(text))
        {
            var value = long.TryParse(match.Groups["value"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (long?)null;
            if (match.Groups["what"].Value.Equals("usage", StringComparison.OrdinalIgnoreCase))
                used = value;
            else
                limit = value;
        }
        return used is null ? null : (Left(used, limit), used, limit);
    }

    /// <summary>The reply to SITE QUOTA of ProFTPD's mod_quotatab: "Uploaded Kb: 12.50/1024.00".</summary>
    public static (long? Free, long? Used, long? Limit)? ReadQuota(string text)
    {
        if (_quotatab.Match(text) is not { Success: true } match)
            return null;
        var unit = match.Groups["unit"].Value.ToUpperInvariant() switch { "KB" => 1L << 10, "MB" => 1L << 20, "GB" => 1L << 30, _ => 1L };
        long? Bytes(string group) => decimal.TryParse(match.Groups[group].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number < 1_000_000_000_000m
            ? (long)(number * unit) : null;
        var (used, limit) = (Bytes("used"), Bytes("limit"));
        return (Left(used, limit), used, limit);
    }

    private static long? Left(long? used, long? limit) => limit is { } most && used is { } taken ? Math.Max(0, most - taken) : null;
}
