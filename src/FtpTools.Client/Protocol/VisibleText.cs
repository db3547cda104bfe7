using System.Globalization;
using System.Text;

namespace FtpTools.Protocol;

/// <summary>What a server has sent, made fit for a terminal and a log.</summary>
internal static class VisibleText
{
    /// <summary>
    /// The text with its control characters, those that turn the direction of writing and bytes of no character as escapes
    /// (<c>\x1B</c>), and its end cut off where it is long.
    /// </summary>
    public static string Of(string text, int maxLength = int.MaxValue)
    {
        var first = 0;
        while (first < text.Length && first < maxLength && !IsToBeEscaped(text, first))
            first++;
        if (first == text.Length)
            return text;
        var visible = new StringBuilder(text, 0, first, text.Length + 16);
        for (var i = first; i < text.Length; i++)
        {
            if (visible.Length >= maxLength)
                return visible.Append("...").ToString();
            if (!IsToBeEscaped(text, i))
                visible.Append(text[i]);
            else if (text[i] is >= '\uDC80' and <= '\uDCFF') // a byte that was no UTF-8
                visible.Append("\\x").Append((text[i] - 0xDC00).ToString("X2", CultureInfo.InvariantCulture));
            else
                visible.AppendFormat(CultureInfo.InvariantCulture, text[i] < 0x100 ? "\\x{0:X2}" : "\\u{0:X4}", (int)text[i]);
        }

        return visible.ToString();
    }

    /// <summary>Whether a terminal would do something else with a character than to show it.</summary>
    public static bool IsToBeEscaped(string text, int i)
    {
        var c = text[i];
        if (c is >= ' ' and < '\u007F')
            return false;
        if (char.IsSurrogate(c))
            return !(char.IsHighSurrogate(c) ? i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) : i > 0 && char.IsHighSurrogate(text[i - 1]));
        return char.GetUnicodeCategory(c) switch
        {
            UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
            // Persian and Indic names, and emoji, need the joiners, which turn nothing.
            UnicodeCategory.Format => c is not ('\u200C' or '\u200D'),
            _ => false,
        };
    }
}
