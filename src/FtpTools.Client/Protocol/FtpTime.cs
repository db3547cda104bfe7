using System;
using System.Globalization;

namespace FtpTools.Protocol;

/// <summary>Times as MDTM and the modify fact write them: YYYYMMDDHHMMSS[.f+], UTC (RFC 3659, 2.3).</summary>
internal static class FtpTime
{
    /// <summary>Reads a time.</summary>
    public static bool TryParse(string text, out DateTime utc, out FtpTimePrecision precision)
    {
        precision = FtpTimePrecision.None;
        utc = default;
        if (text.Length < 14 || !DateTime.TryParseExact(
                text.Substring(0, 14), "yyyyMMddHHmmss", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out utc))
            return false;
        precision = FtpTimePrecision.Second;
        if (text.Length == 14)
            return true;
        if (text[14] != '.' || text.Length == 15)
            return false;

        long ticks = 0;
        var unit = TimeSpan.TicksPerSecond;
        for (var i = 15; i < text.Length; i++)
        {
            if (text[i] is < '0' or > '9')
                return false;
            unit /= 10;
            ticks += (text[i] - '0') * unit;
        }

        utc = utc.AddTicks(ticks);
        precision = FtpTimePrecision.Millisecond;
        return true;
    }
}
