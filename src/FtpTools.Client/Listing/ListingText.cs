using System;

namespace FtpTools.Listing;

/// <summary>Small readings of a line by index, which leave no garbage behind.</summary>
internal static class ListingText
{
    /// <summary>Whether the character stands between columns: a space, or the tab of some servers.</summary>
    public static bool IsBlank(char c) => c is ' ' or '\t';

    /// <summary>The index of the first character at or after <paramref name="index"/> that is no blank.</summary>
    public static int SkipSpaces(string text, int index)
    {
        while (index < text.Length && IsBlank(text[index]))
            index++;
        return index;
    }

    /// <summary>The index of the first blank at or after <paramref name="index"/>, or the end.</summary>
    public static int SkipToken(string text, int index)
    {
        while (index < text.Length && !IsBlank(text[index]))
            index++;
        return index;
    }

    /// <summary>The index behind the digits that begin at <paramref name="index"/>.</summary>
    public static int SkipDigits(string text, int index, int end)
    {
        while (index < end && IsDigit(text[index]))
            index++;
        return index;
    }

    /// <summary>Whether the character is a decimal digit of ASCII.</summary>
    public static bool IsDigit(char c) => c is >= '0' and <= '9';

    /// <summary>Reads a number of digits alone; false where there is another character, none, or more than a long holds.</summary>
    public static bool TryNumber(string text, int start, int end, out long value)
    {
        value = 0;
        if (start >= end || end - start > 19)
            return false;
        for (var i = start; i < end; i++)
        {
            if (!IsDigit(text[i]))
                return false;
            value = unchecked(value * 10 + (text[i] - '0'));
        }
        return value >= 0; // 19 digits may be more than a long holds, but never wrap as far as a positive number
    }

    /// <summary>Reads exactly <paramref name="count"/> digits.</summary>
    public static bool TryDigits(string text, int start, int count, out int value)
    {
        value = 0;
        if (start < 0 || start + count > text.Length)
            return false;
        for (var i = start; i < start + count; i++)
        {
            if (!IsDigit(text[i]))
                return false;
            value = value * 10 + (text[i] - '0');
        }
        return true;
    }

    /// <summary>Reads one or two digits, as days, months and hours have.</summary>
    public static bool TryShort(string text, int start, int end, out int value)
    {
        value = 0;
        return end - start is 1 or 2 && TryDigits(text, start, end - start, out value);
    }

    /// <summary>The year that two digits mean: 1970 to 2069.</summary>
    public static int FullYear(int year) => year + (year < 70 ? 2000 : 1900);

    /// <summary>A time in UTC; false where there is no such day or time of day.</summary>
    public static bool TryTime(int year, int month, int day, int hour, int minute, int second, out DateTime utc)
    {
        utc = default;
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || hour > 23 || minute > 59 || second > 59)
            return false;
        if (day > DateTime.DaysInMonth(year, month))
            return false;
        utc = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc);
        return true;
    }

    /// <summary>Whether the part of <paramref name="text"/> is <paramref name="word"/>, in letters of any case.</summary>
    public static bool IsWord(string text, int start, int end, string word) =>
        end - start == word.Length && StartsWith(text, start, end, word);

    /// <summary>Whether the part of <paramref name="text"/> begins with <paramref name="word"/>, in letters of any case.</summary>
    public static bool StartsWith(string text, int start, int end, string word) =>
        end - start >= word.Length && string.Compare(text, start, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>Whether the part of <paramref name="text"/> holds the character.</summary>
    public static bool Holds(string text, char c, int start, int end) => text.IndexOf(c, start, end - start) >= 0;

    /// <summary>Whether the text holds the word at or after <paramref name="start"/>, in letters of any case.</summary>
    public static bool IsPartOf(string text, string word, int start = 0) => text.IndexOf(word, start, StringComparison.OrdinalIgnoreCase) >= 0;
}
