namespace FtpTools.Dialogue;

/// <summary>What a server does otherwise than others. What follows from each stands in <see cref="ServerHabits"/>.</summary>
internal enum ServerHabit
{
    /// <summary>It takes what one packet holds for one command, or drops a transfer over a command that comes with its own.</summary>
    OneCommandAtATime,

    /// <summary>It takes no EPSV along with the command of the transfer before.</summary>
    NoEpsvAhead,

    /// <summary>It lost an upload whose bytes went before its reply to the command.</summary>
    NoDataAhead,

    /// <summary>It leaves commands of the login unanswered that it does not know, or hangs up over them.</summary>
    NoAnswer,

    /// <summary>It offers no TLS.</summary>
    NoTls,

    /// <summary>It leaves TLS 1.3 without a session to resume, and demands one.</summary>
    NoTls13Reuse,

    /// <summary>It does not know SIZE.</summary>
    NoSize,

    /// <summary>It does not know MDTM.</summary>
    NoModificationTime,

    /// <summary>It tells local time by MDTM, of twelve hours.</summary>
    ModificationTimeOfTwelveHours,

    /// <summary>It announces MLSD and refuses it.</summary>
    NoMlsd,

    /// <summary>It announces MLST and refuses it.</summary>
    NoMlst,

    /// <summary>MLSD lists the current directory, whatever its argument says.</summary>
    MlsdOfCurrentDirectory,

    /// <summary>It does not know LIST.</summary>
    NoList,

    /// <summary>It takes an option of LIST for a name.</summary>
    NoListOptions,

    /// <summary>It lists in type A alone.</summary>
    ListInAsciiAlone,

    /// <summary>It does not know CWD.</summary>
    NoCwd,

    /// <summary>CWD takes whatever it is given, also what is no directory.</summary>
    CwdOfAnything,

    /// <summary>CWD, MKD and RMD take paths with a slash at the end alone.</summary>
    SlashBehindDirectories,

    /// <summary>It answers CWD twice.</summary>
    TwoRepliesToCwd,

    /// <summary>CWD takes names in the current directory alone.</summary>
    NoAbsoluteCwd,

    /// <summary>It does not know TYPE.</summary>
    NoType,

    /// <summary>It answers EPSV as if PASV had been said, or PASV as EPSV.</summary>
    OtherPassiveReply,

    /// <summary>It sets no time by MFMT.</summary>
    NoMfmt,

    /// <summary>It sets no time by MDTM.</summary>
    NoMdtmWithTime,

    /// <summary>It sets no time by SITE UTIME.</summary>
    NoSiteUtime,

    /// <summary>A transfer broke over a NOOP.</summary>
    NoNoopInTransfer,

    /// <summary>It refuses REST before STOR, or does not do what it says.</summary>
    NoRestartOfUploads,

    /// <summary>It refuses APPE.</summary>
    NoAppend,

    /// <summary>It sends a file from its beginning after REST.</summary>
    NoRestartOfDownloads,

    /// <summary>A rename does not replace a file.</summary>
    NoReplaceByRename,

    /// <summary>It cannot rename.</summary>
    NoRename,

    /// <summary>It takes no names that begin with a dot.</summary>
    NoDotNames,

    /// <summary>It takes no long names.</summary>
    NoLongNames,

    /// <summary>It takes no name of a part, but the file's own.</summary>
    NoTemporaryNames,

    /// <summary>It answers once more what it has answered.</summary>
    RepeatsReplies,

    /// <summary>It takes no paths, but names in the current directory.</summary>
    NamesAlone,

    /// <summary>It knows MKD, RMD and PWD by the names of RFC 775 alone.</summary>
    XDirectoryVerbs,

    /// <summary>It wants to hear of a transfer before it opens a port for it.</summary>
    WantsPret,

    /// <summary>It knows no SITE CPFR and CPTO, though it announced them.</summary>
    NoSiteCopy,

    /// <summary>It names data sets in apostrophes, as z/OS does.</summary>
    DataSetNames,

    /// <summary>It names directories in brackets, as OpenVMS does.</summary>
    BracketNames,

    /// <summary>It names libraries and files without a slash in front, as IBM i does.</summary>
    LibraryNames,
}
