namespace FtpTools.Listing;

/// <summary>The forms that servers give their listings.</summary>
internal enum ListingDialect
{
    /// <summary>Not told yet.</summary>
    Unknown,

    /// <summary>MLSD (RFC 3659).</summary>
    Mlsx,

    /// <summary><c>ls -l</c>.</summary>
    Unix,

    /// <summary><c>dir</c> of Windows.</summary>
    Dos,

    /// <summary>EPLF.</summary>
    Eplf,

    /// <summary>OpenVMS.</summary>
    Vms,

    /// <summary>Data sets of z/OS.</summary>
    Mvs,

    /// <summary>Members of a z/OS library.</summary>
    MvsMember,

    /// <summary>Jobs of z/OS.</summary>
    MvsJob,

    /// <summary>IBM i.</summary>
    Os400,

    /// <summary>VM/CMS.</summary>
    Vm,

    /// <summary>NetWare.</summary>
    NetWare,

    /// <summary>OS/2.</summary>
    Os2,

    /// <summary>NonStop.</summary>
    NonStop,

    /// <summary>VxWorks.</summary>
    VxWorks,

    /// <summary>VShell.</summary>
    VShell,

    /// <summary>CONNECT:Enterprise.</summary>
    ConnectEnterprise,

    /// <summary>OS-9.</summary>
    Os9,

    /// <summary>Name first.</summary>
    NameFirst,

    /// <summary>Numbers alone.</summary>
    UnixNumeric,
}

/// <summary>The parser of each dialect, and the order in which they are tried.</summary>
internal static class ListingDialects
{
    // The most frequent first, and those with the least to know them by last.
    private static readonly Parser[] _parsers =
    [
        UnixListParser.TryParse,
        DosListParser.TryParse,
        EplfParser.TryParse,
        VmsListParser.TryParse,
        MvsListParser.TryParse,
        MvsMemberParser.TryParse,
        MvsJobParser.TryParse,
        Os400ListParser.TryParse,
        VmListParser.TryParse,
        NetWareListParser.TryParse,
        Os2ListParser.TryParse,
        NonStopListParser.TryParse,
        VxWorksListParser.TryParse,
        VShellListParser.TryParse,
        ConnectEnterpriseParser.TryParse,
        Os9ListParser.TryParse,
        NameFirstParser.TryParse,
        UnixNumericParser.TryParse,
    ];

    private delegate bool Parser(string line, ListingContext context, out FtpItem? item);

    /// <summary>Reads a line in one dialect.</summary>
    public static bool TryParse(ListingDialect dialect, string line, ListingContext context, out FtpItem? item)
    {
        switch (dialect)
        {
            case ListingDialect.Unix:
                return UnixListParser.TryParse(line, context, out item);
            case ListingDialect.Mlsx:
                return MlsxParser.TryParse(line, context, out item);
            case ListingDialect.Unknown:
                item = null;
                return false;
            default:
                return _parsers[dialect - ListingDialect.Unix](line, context, out item);
        }
    }

    /// <summary>Reads a line in whatever dialect it is.</summary>
    /// <param name="line">The line.</param>
    /// <param name="context">What it does not say itself.</param>
    /// <param name="tried">A dialect that has been tried.</param>
    /// <param name="item">The item.</param>
    /// <returns>The dialect; Unknown when it is none.</returns>
    public static ListingDialect Find(string line, ListingContext context, ListingDialect tried, out FtpItem? item)
    {
        for (var dialect = ListingDialect.Unix; dialect <= ListingDialect.UnixNumeric; dialect++)
        {
            if (dialect != tried && TryParse(dialect, line, context, out item))
                return dialect;
        }
        item = null;
        return ListingDialect.Unknown;
    }

    /// <summary>What a system's listings are likely to be.</summary>
    public static ListingDialect Guess(string system) =>
        ListingText.IsPartOf(system, "UNIX") ? ListingDialect.Unix
        : ListingText.IsPartOf(system, "Windows") ? ListingDialect.Dos
        : ListingText.IsPartOf(system, "VMS") ? ListingDialect.Vms
        : ListingText.IsPartOf(system, "MVS") || ListingText.IsPartOf(system, "z/OS") ? ListingDialect.Mvs
        : ListingText.IsPartOf(system, "OS/400") ? ListingDialect.Os400
        : ListingText.IsPartOf(system, "NONSTOP") || ListingText.IsPartOf(system, "GUARDIAN") ? ListingDialect.NonStop
        : ListingText.IsPartOf(system, "NETWARE") ? ListingDialect.NetWare
        : ListingText.IsPartOf(system, "OS/2") ? ListingDialect.Os2
        : ListingText.IsPartOf(system, "VxWorks") ? ListingDialect.VxWorks
        : ListingDialect.Unknown;
}
