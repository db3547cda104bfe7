using System;

namespace FtpTools.Listing;

/// <summary>The time of RFC 3659, 2.3, as MLSD, MLST and MDTM give it: <c>YYYYMMDDHHMMSS[.fraction]</c>, always UTC.</summary>
internal static class FtpTime
{
    /// <summary>Reads the time that is the part of <paramref name="text"/> from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    public static bool TryParse(string text, int start, int end, out DateTime utc, out FtpTimePrecision precision)
    {
        utc = default;
        precision = FtpTimePrecision.None;
        if (end - start < 14
            || !ListingText.TryDigits(text, start, 4, out var year)
            || !ListingText.TryDigits(text, start + 4, 2, out var month)
            || !ListingText.TryDigits(text, start + 6, 2, out var day)
            || !ListingText.TryDigits(text, start + 8, 2, out var hour)
            || !ListingText.TryDigits(text, start + 10, 2, out var minute)
            || !ListingText.TryDigits(text, start + 12, 2, out var second))
            return false;
        if (!TryFraction(text, start + 14, end, out var ticks))
            return false;
        // RFC 3659 allows second 60, a leap second, which DateTime does not know.
        if (!ListingText.TryTime(year, month, day, hour, minute, second == 60 ? 59 : second, out utc))
            return false;
        if (second == 60 && utc < DateTime.MaxValue.AddSeconds(-2))
            utc = utc.AddSeconds(1);
        utc = utc.AddTicks(ticks);
        precision = start + 14 < end ? FtpTimePrecision.Millisecond : FtpTimePrecision.Second;
        return true;
    }

    /// <summary>Reads a text that is such a time and nothing else.</summary>
    public static bool TryParse(string text, out DateTime utc, out FtpTimePrecision precision) =>
        TryParse(text, 0, text.Length, out utc, out precision);

    private static bool TryFraction(string text, int start, int end, out long ticks)
    {
        ticks = 0;
        if (start == end)
            return true;
        if (text[start] != '.' || start + 1 == end)
            return false;
        var unit = TimeSpan.TicksPerSecond;
        for (var i = start + 1; i < end; i++)
        {
            if (!ListingText.IsDigit(text[i]))
                return false;
            unit /= 10;
            ticks += (text[i] - '0') * unit;
        }
        return true;
    }
}
