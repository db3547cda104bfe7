using System;

namespace FtpTools.Listing;

/// <summary>Lines that are about no item, and are missed by nobody: totals, headings, replies that have got into the listing.</summary>
internal static class ListingFiller
{
    // Longer than any of the replies that are known here: what is longer says something else.
    private const int MaxReply = 100;

    private const string DirectoryOf = "Directory of ";

    // "total 12" of ls, in the languages that servers run in.
    private static readonly string[] _totals =
    [
        "total", "insgesamt", "gesamt", "totaal", "totale", "totalt", "i alt", "yhteensä", "razem", "łącznie", "celkem", "spolu", "összesen", "toplam", "kokku",
        "ukupno", "skupaj", "skupno", "iš viso", "kopā", "guztira", "iomlán", "jumlah", "tổng",
        "итого", "всего", "загалом", "σύνολο", "总用量", "总计", "總計", "合計", "합계",
    ];

    private static readonly char[] _separators = ['/', '\\'];

    // What is counted behind the number of a total: "Total 3 files".
    private static readonly string[] _totalled = ["file", "block", "byte", "kb", "entr", "item", "object", "dir", "("];

    private static readonly string[] _ofDir = ["Volume in drive ", "Volume Serial Number is ", DirectoryOf, "Volume - drive ", "File Name "];

    private static readonly string[] _counted = ["File(s)", "Dir(s)", "files", "directories"];

    // What is not there: "No data sets found."
    private static readonly string[] _missed = ["file", "such ", "match", "data set", "dataset", "member", "job", "entr", "item", "object", "dir"];

    // What servers reply to LIST and MLSD (vsftpd, ProFTPD, Pure-FTPd, pyftpdlib, IIS, FileZilla Server, z/OS and those that
    // repeat RFC 959), and to STAT and MLST, by which some make their listings. The code alone shows no reply, for a name can
    // begin with a number too.
    private static readonly string[] _replied =
    [
        "data connection", "connection accepted", "file status ok", "opening ascii mode", "opening binary mode", "data transfer", "directory listing", "file listing", "directory send ok",
        "list started", "list complete", "listing complete", "transfer complete", "transfer starting", "transfer ok", "transfer done", "transfer finished", "transfer success",
        "successfully transferred", "operation successful", "options: ", " matches total", "status of ", "status follows", "end of status", "start of list", "end of list", "listing /",
    ];

    /// <summary>Whether the line is about no item.</summary>
    /// <param name="line">The line.</param>
    /// <param name="isMlsx">Whether the listing is one of MLSD, where no line begins with a name.</param>
    public static bool IsFiller(string line, bool isMlsx = false)
    {
        var start = ListingText.SkipSpaces(line, 0);
        if (start == line.Length || IsRule(line, start))
            return true;
        if (line[start] is '1' or '2' && IsReply(line, start, isMlsx))
            return true;
        return IsTotal(line, start) || IsOfDir(line, start) || IsEmptiness(line, start);
    }

    /// <summary>
    /// Whether the line is the heading of a directory, as in a recursive listing: <c>./sub:</c> or <c>/pub/sub:</c>; and <c>sub:</c> of BSD,
    /// which stands below an empty line of a listing of <c>ls</c>; or that of <c>dir</c>.
    /// </summary>
    public static bool IsDirectoryHeading(string line, bool isBelowBlank = false) =>
        (ListingText.StartsWith(line, ListingText.SkipSpaces(line, 0), line.Length, DirectoryOf) && !EndsLikeName(line))
        || (line.Length > 1 && line[line.Length - 1] == ':' && (isBelowBlank || line[0] is '.' or '/') && !ListingText.IsPartOf(line, ": "));

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

    /// <summary>
    /// Whether the line ends like the name of a file, <c>226 files.txt</c>: words of the server end otherwise, and those that name
    /// a file or a directory have its path.
    /// </summary>
    internal static bool EndsLikeName(string line)
    {
        var end = line.TrimEnd(' ', '\t').Length;
        var point = line.LastIndexOf('.', end - 1);
        var hasLetter = false;
        for (var i = point + 1; i < end; i++)
        {
            if (!char.IsLetterOrDigit(line[i]))
                return false;
            hasLetter |= !ListingText.IsDigit(line[i]);
        }
        return hasLetter && line.IndexOfAny(_separators) < 0;
    }

    private static bool HasCode(string line, int start) =>
        ListingText.TryDigits(line, start, 3, out _) && (start + 3 == line.Length || line[start + 3] is ' ' or '-');

    private static bool IsReply(string line, int start, bool isMlsx)
    {
        if (!HasCode(line, start) || EndsLikeName(line))
            return false;
        // The end of a reply to MLST.
        if (isMlsx && ListingText.IsWord(line, start, line.Length, "250 End"))
            return true;
        return line.Length - start <= MaxReply && HasOneOf(line, _replied);
    }

    private static bool HasOneOf(string line, string[] words) => Array.FindIndex(words, word => ListingText.IsPartOf(line, word)) >= 0;

    private static bool IsTotal(string line, int start)
    {
        if (ListingText.StartsWith(line, start, line.Length, "total "))
        {
            var size = ListingText.SkipSpaces(line, start + 6);
            var sizeEnd = ListingText.SkipToken(line, size);
            var counted = ListingText.SkipSpaces(line, sizeEnd);
            if (ListingSize.TryParse(line, size, sizeEnd, out _)
                && Array.FindIndex(_totalled, word => ListingText.StartsWith(line, counted, line.Length, word)) >= 0 && !EndsLikeName(line))
                return true;
        }
        // CONNECT:Enterprise: "Total number of batches listed: 6".
        if (ListingText.StartsWith(line, start, line.Length, "total number of ") && ListingText.IsPartOf(line, ": ") && !EndsLikeName(line))
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

    // What "dir" of Windows and OS/2 writes above and below the lines.
    private static bool IsOfDir(string line, int start)
    {
        if (Array.FindIndex(_ofDir, words => ListingText.StartsWith(line, start, line.Length, words)) >= 0)
            return !EndsLikeName(line);
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
        if (line.Length - start > MaxReply || EndsLikeName(line))
            return false;
        if (HasCode(line, start))
            start = ListingText.SkipSpaces(line, Math.Min(start + 4, line.Length));
        if (ListingText.StartsWith(line, start, line.Length, "File not found"))
            return true;
        return ListingText.StartsWith(line, start, line.Length, "No ") && ListingText.IsPartOf(line, " found")
            && Array.FindIndex(_missed, word => ListingText.StartsWith(line, start + 3, line.Length, word)) >= 0;
    }
}
