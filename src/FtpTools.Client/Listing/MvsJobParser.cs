namespace FtpTools.Listing;

/// <summary>
/// The jobs of z/OS (SITE FILETYPE=JES): <c>NAME  JOB04417  OUTPUT  5 Spool Files</c>. RETR and DELE ask for the job's number. Its spool
/// files, which are told below it, are parts of it.
/// </summary>
internal static class MvsJobParser
{
    /// <summary>Reads a line. False when it is none of this form; true without an item for headings and spool files.</summary>
    public static bool TryParse(string line, ListingContext context, out FtpItem? item)
    {
        item = null;
        var fields = context.Fields(line);
        if ((fields.Is(0, "JOBNAME") && fields.Is(1, "JOBID")) || (fields.Is(0, "ID") && fields.Is(1, "STEPNAME")))
            return context.HasJobHeading = true;
        if (context.HasJobHeading && (IsSpoolFile(fields) || fields.Is(0, "STEPNAME") || fields.Is(0, "CPUTIME")))
            return true;
        if (fields.Count < 3 || fields.Length(0) > 8 || !IsJobNumber(fields, 1) || !(IsStatus(fields, 2) || IsStatus(fields, 3)))
            return false;
        var entry = new ListingEntry { ItemType = FtpItemType.File, NameStart = fields.Start(1), NameEnd = fields.End(1) };
        if (!IsStatus(fields, 2))
            entry.Owner = context.Pool.Take(line, fields.Start(2), fields.End(2));
        return entry.TryMake(line, context, out item);
    }

    // JOB00123, TSU00123, STC00123, and J0000123 where there are more.
    private static bool IsJobNumber(ListingFields fields, int index)
    {
        var (line, start, end) = (fields.Line, fields.Start(index), fields.End(index));
        var digits = end;
        while (digits > start && ListingText.IsDigit(line[digits - 1]))
            digits--;
        return end - start == 8
            && (ListingText.IsWord(line, start, digits, "JOB") || ListingText.IsWord(line, start, digits, "TSU") || ListingText.IsWord(line, start, digits, "STC")
                || (digits == start + 1 && line[start] is 'J' or 'T' or 'S'));
    }

    private static bool IsStatus(ListingFields fields, int index) =>
        fields.Is(index, "OUTPUT") || fields.Is(index, "INPUT") || fields.Is(index, "ACTIVE") || fields.Is(index, "HELD");

    // 001 JES2  N/A  H JESMSGLG  1200, and "5 spool files" below them.
    private static bool IsSpoolFile(ListingFields fields) =>
        fields.TryNumber(0, out _)
        && ((fields.Length(0) == 3 && fields.Count is 5 or 6 && fields.TryNumber(fields.Count - 1, out _)) || (fields.Count == 3 && fields.Is(1, "spool")));
}
