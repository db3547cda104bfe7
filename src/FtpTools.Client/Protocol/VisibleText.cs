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
    public static string Of(string text, int maxLength)
    {
        var visible = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (visible.Length >= maxLength)
                return visible.Append("...").ToString();
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                visible.Append(text[i]).Append(text[++i]);
            else if (text[i] is >= '\uDC80' and <= '\uDCFF') // a byte that was no UTF-8
                visible.Append("\\x").Append((text[i] - 0xDC00).ToString("X2", CultureInfo.InvariantCulture));
            else if (char.GetUnicodeCategory(text[i]) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                visible.Append(text[i] < 0x100 ? "\\x" : "\\u").Append(((int)text[i]).ToString(text[i] < 0x100 ? "X2" : "X4", CultureInfo.InvariantCulture));
            else
                visible.Append(text[i]);
        }

        return visible.ToString();
    }
}
