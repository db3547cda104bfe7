using System;

namespace FtpTools.Listing;

/// <summary>Lines that are about no item, and are missed by nobody: totals, headings, replies that have got into the listing.</summary>
internal static class ListingFiller
{
    // "total 12" of ls, in the languages that servers run in.
    private static readonly string[] _totals =
    [
        "total", "insgesamt", "gesamt", "totaal", "totale", "totalt", "i alt", "yhteensä", "razem", "łącznie", "celkem", "spolu", "összesen", "toplam", "kokku",
        "итого", "всего", "загалом", "σύνολο", "总用量", "总计", "總計", "合計", "합계",
    ];

    private static readonly string[] _counted = ["File(s)", "Dir(s)", "files", "directories"];

    /// <summary>Whether the line is about no item.</summary>
    public static bool IsFiller(string line)
    {
        var start = ListingText.SkipSpaces(line, 0);
        if (start == line.Length || IsRule(line, start))
            return true;
        if (line[start] is '1' or '2' && IsReply(line, start))
            return true;
        return IsTotal(line, start) || IsOfDir(line, start) || IsEmptiness(line, start);
    }

    /// <summary>
    /// Whether the line is the heading of a directory, as in a recursive listing: <c>./sub:</c> or <c>/pub/sub:</c>; and <c>sub:</c> of BSD,
    /// which stands below an empty line of a listing of <c>ls</c>.
    /// </summary>
    public static bool IsDirectoryHeading(string line, bool isBelowBlank = false) =>
        line.Length > 1 && line[line.Length - 1] == ':' && (isBelowBlank || line[0] is '.' or '/') && line.IndexOf(": ", StringComparison.Ordinal) < 0;

    // A rule below a heading: "-------- -----".
    private static bool IsRule(string line, int start)
    {
        if (line[start] is not ('-' or '='))
            return false;
        for (var i = start; i < line.Length; i++)
        {
            if (line[i] != line[start] && !ListingText.IsBlank(line[i]))
                return false;
        }
        return true;
    }

    private static bool IsReply(string line, int start) =>
        ListingText.TryDigits(line, start, 3, out _) && (start + 3 == line.Length || line[start + 3] is ' ' or '-');

    private static bool IsTotal(string line, int start)
    {
        if (ListingText.StartsWith(line, start, line.Length, "total ") && HasDigit(line, start))
            return true;
        // Of more than one word, Danish's.
        var numberEnd = line.TrimEnd(' ', '\t').Length;
        var number = numberEnd;
        while (number > start && !ListingText.IsBlank(line[number - 1]))
            number--;
        var end = number;
        while (end > start && ListingText.IsBlank(line[end - 1]))
            end--;
        if (end == start || !ListingSize.TryParse(line, number, numberEnd, out _))
            return false;
        if (line[end - 1] == ':')
            end--;
        var word = line.Substring(start, Math.Min(end - start, 20));
        if (Array.FindIndex(_totals, total => string.Equals(total, word, StringComparison.OrdinalIgnoreCase)) >= 0)
            return true;
        // In another encoding than that of the session.
        for (var i = start; i < end; i++)
        {
            if (line[i] < 0x80)
                return false;
        }
        return end > start;
    }

    private static bool HasDigit(string line, int start)
    {
        for (var i = start; i < line.Length; i++)
        {
            if (ListingText.IsDigit(line[i]))
                return true;
        }
        return false;
    }

    // What "dir" of Windows and OS/2 writes above and below the lines.
    private static bool IsOfDir(string line, int start)
    {
        if (ListingText.StartsWith(line, start, line.Length, "Volume in drive ")
            || ListingText.StartsWith(line, start, line.Length, "Volume Serial Number is ")
            || ListingText.StartsWith(line, start, line.Length, "Directory of "))
            return true;
        if (ListingText.StartsWith(line, start, line.Length, "Volume - drive ") || ListingText.StartsWith(line, start, line.Length, "File Name "))
            return true;
        var end = ListingText.SkipToken(line, start);
        var word = ListingText.SkipSpaces(line, end);
        var wordEnd = ListingText.SkipToken(line, word);
        if (!ListingText.TryNumber(line, start, end, out _) || !ListingText.IsPartOf(line, "bytes"))
            return false;
        // "33554432 bytes - Total size" of Nortel's routers.
        return Array.FindIndex(_counted, counted => ListingText.IsWord(line, word, wordEnd, counted)) >= 0
            || (ListingText.IsWord(line, word, wordEnd, "bytes") && ListingText.StartsWith(line, ListingText.SkipSpaces(line, wordEnd), line.Length, "- "));
    }

    // "No files found.", "File Not Found", also with the code of a reply before it.
    private static bool IsEmptiness(string line, int start)
    {
        if (line.Length - start > 100)
            return false;
        if (IsReply(line, start))
            start = ListingText.SkipSpaces(line, Math.Min(start + 4, line.Length));
        return ListingText.StartsWith(line, start, line.Length, "File not found")
            || (ListingText.StartsWith(line, start, line.Length, "No ") && ListingText.IsPartOf(line, " found"));
    }
}
