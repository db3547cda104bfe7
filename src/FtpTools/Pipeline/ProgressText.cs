using System;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace FtpTools.Pipeline;

/// <summary>
/// Cuts the texts of a bar to its columns. PowerShell 7 counts characters, of which those of Chinese, Japanese and Korean take
/// two columns each: its bar would not fit its line, and spoil the next one.
/// </summary>
internal static class ProgressText
{
    private const int MostColumns = 120; // of $PSStyle.Progress.MaxWidth
    private const int Frame = 5;
    private const int TimeLeft = 12;
    private const char NoColumn = '\u200B'; // to PowerShell a character, to the terminal nothing

    /// <summary>How many columns a host has for a bar.</summary>
    public static int Columns(PSHost? host)
    {
        try
        {
            return host?.UI?.RawUI?.WindowSize.Width is { } width and > 0 ? Math.Min(width, MostColumns) : MostColumns;
        }
        catch (Exception e) when (e is HostException or NotImplementedException or NotSupportedException or InvalidOperationException or System.IO.IOException)
        {
            return MostColumns;
        }
    }

    /// <summary>Cuts the activity and the status of a bar, where they have wide characters.</summary>
    public static void Fit(ProgressRecord record, int columns)
    {
        var activity = record.Activity;
        record.Activity = Fit(activity, columns / 2);
        record.StatusDescription = Fit(record.StatusDescription, columns - record.Activity.Length - Frame - TimeLeft);
    }

    /// <summary>The text, or if it has wide characters, as much of it as has room, with as many characters as it has columns.</summary>
    public static string Fit(string text, int columns)
    {
        var width = Width(text);
        if (width <= text.Length)
            return text;
        var cut = text;
        if (width > columns)
        {
            var end = 0;
            var used = 1; // of the ellipsis
            while (end < text.Length && used + WidthAt(text, end, out var length) <= columns)
            {
                used += WidthAt(text, end, out _);
                end += length;
            }

            cut = text.Substring(0, end) + "\u2026";
            width = used;
        }

        return cut + new string(NoColumn, Math.Max(0, width - cut.Length));
    }

    /// <summary>How many columns a terminal takes for a text.</summary>
    public static int Width(string text)
    {
        var width = 0;
        for (var i = 0; i < text.Length;)
        {
            width += WidthAt(text, i, out var length);
            i += length;
        }

        return width;
    }

    // Unicode's East Asian Width (UAX 11), and emoji.
    private static int WidthAt(string text, int i, out int length)
    {
        var isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
        length = isPair ? 2 : 1;
        if (!isPair && CharUnicodeInfo.GetUnicodeCategory(text[i]) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
            return 0;
        var c = isPair ? char.ConvertToUtf32(text[i], text[i + 1]) : text[i];
        return c is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0x303E) or (>= 0x3041 and <= 0xA4CF) or (>= 0xA960 and <= 0xA97F) or (>= 0xAC00 and <= 0xD7A3)
            or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF01 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6)
            or (>= 0x1F300 and <= 0x1F64F) or (>= 0x1F680 and <= 0x1F6FF) or (>= 0x1F900 and <= 0x1F9FF) or (>= 0x20000 and <= 0x3FFFD) ? 2 : 1;
    }
}
