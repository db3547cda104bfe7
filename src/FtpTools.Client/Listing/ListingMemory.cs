namespace FtpTools.Listing;

/// <summary>
/// What a session learns from the listings of its server. It decides in which order dialects are tried, never which of them
/// may be: so several threads may use it at once, and what one of them misses costs a try.
/// </summary>
internal sealed class ListingMemory
{
    /// <summary>The dialect of most lines of the last listing.</summary>
    public ListingDialect Dialect { get; set; }

    /// <summary>True when the server says that it is a VMS (SYST): its directories are files, and are called by their whole name.</summary>
    public bool IsVms { get; set; }

    /// <summary>True once a date with slashes was seen that can only have the day first.</summary>
    public bool IsDayFirst { get; private set; }

    /// <summary>Takes what the server says of its system (SYST), which it need not mean: half the world answers "UNIX Type: L8".</summary>
    public void LearnSystem(string system)
    {
        IsVms = ListingText.IsPartOf(system, "VMS");
        if (Dialect == ListingDialect.Unknown)
            Dialect = ListingDialects.Guess(system);
    }

    /// <summary>Reads a date of three numbers, whose order with slashes depends on the country of the server.</summary>
    public bool TryDate(string line, int start, int end, ref ListingTime time)
    {
        var hasSlashes = end - start > 2 && (line[start + 1] == '/' || line[start + 2] == '/');
        if (!time.TryDate(line, start, end, hasSlashes && IsDayFirst))
            return false;
        if (hasSlashes && time is { Day: > 12, Month: <= 12 } && ListingText.TryDigits(line, start, 2, out var first) && first == time.Day)
            IsDayFirst = true;
        return true;
    }
}
