namespace FtpTools.Listing;

/// <summary>The size of a file as listings write it.</summary>
internal static class ListingSize
{
    /// <summary>
    /// Finds the size in a column: digits, with separators between the thousands or not (<c>1,048,576</c>), or with a unit of
    /// 1024 (<c>12.5k</c>); and the digits at the end of a column that has run into the one before.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="start">Where the column begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="isDevice">Whether the numbers of a device are to be taken for a size too.</param>
    /// <param name="sizeStart">Where the size begins.</param>
    /// <param name="length">The size; null where it is none, or more than a long holds.</param>
    public static bool TryFind(string line, int start, int end, bool isDevice, out int sizeStart, out long? length)
    {
        sizeStart = start;
        if (!ListingText.IsDigit(line[end - 1]) && !ListingText.IsDigit(line[start]))
        {
            length = null;
            return false;
        }
        if (TryParse(line, start, end, out length))
            return true;
        if (isDevice && IsDevice(line, start, end))
            return true;
        // A name that is followed by the size without a space. What begins with a digit is something else.
        if (ListingText.IsDigit(line[start]) || !ListingText.IsDigit(line[end - 1]))
            return false;
        sizeStart = end;
        while (ListingText.IsDigit(line[sizeStart - 1]))
            sizeStart--;
        return (char.IsLetter(line[sizeStart - 1]) || line[sizeStart - 1] == '_') && TryParse(line, sizeStart, end, out length);
    }

    /// <summary>Reads a size that is all of a column.</summary>
    public static bool TryParse(string line, int start, int end, out long? length)
    {
        length = null;
        var digits = ListingText.SkipDigits(line, start, end);
        if (digits == start)
            return false;
        if (digits == end)
        {
            // What is more than a long holds is a size all the same, but not one to be reckoned with.
            length = ListingText.TryNumber(line, start, end, out var whole) ? whole : null;
            return end - start <= 30;
        }
        return end - start <= 30 && (TryThousands(line, start, digits, end, out length) || TryUnit(line, start, digits, end, out length));
    }

    private static bool TryThousands(string line, int start, int first, int end, out long? length)
    {
        length = null;
        var separator = line[first];
        if (first - start > 3 || separator is not (',' or '.' or '\'' or '\u00A0' or '\u202F' or '\u2019'))
            return false;
        ListingText.TryNumber(line, start, first, out var value);
        for (var i = first; i < end; i += 4)
        {
            if (line[i] != separator || i + 4 > end || !ListingText.TryDigits(line, i + 1, 3, out var group))
                return false;
            if (value > long.MaxValue / 1000 - 1)
                return i + 4 == end;
            value = value * 1000 + group;
        }
        length = value;
        return true;
    }

    // 640K, 12.5k, 3.0MB, 1GiB
    private static bool TryUnit(string line, int start, int digits, int end, out long? length)
    {
        length = null;
        if (!ListingText.TryNumber(line, start, digits, out var whole))
            return false;
        decimal value = whole;
        if (line[digits] is '.' or ',')
        {
            var fraction = ListingText.SkipDigits(line, digits + 1, end);
            if (fraction - digits is < 2 or > 10 || !ListingText.TryNumber(line, digits + 1, fraction, out var part))
                return false;
            decimal scale = 1;
            for (var i = digits + 1; i < fraction; i++)
                scale *= 10;
            value += part / scale;
            digits = fraction;
        }
        var power = digits < end ? "KMGTP".IndexOf(char.ToUpperInvariant(line[digits])) + 1 : 0;
        if (power == 0 || !(digits + 1 == end || ListingText.IsWord(line, digits + 1, end, "B") || ListingText.IsWord(line, digits + 1, end, "iB")))
            return false;
        // What is more than a long holds is not reckoned further with, for not even a decimal holds all of it.
        for (var i = 0; i < power && value <= long.MaxValue; i++)
            value *= 1024;
        if (value <= long.MaxValue)
            length = (long)value;
        return true;
    }

    // 32,136 and, on macOS, 0x2000007
    private static bool IsDevice(string line, int start, int end)
    {
        var digits = ListingText.SkipDigits(line, start, end);
        if (digits == start + 1 && digits < end && line[start] == '0' && line[digits] == 'x')
            return end - start <= 18;
        return digits > start && digits < end && line[digits] == ',' && ListingText.SkipDigits(line, digits + 1, end) == end;
    }
}
