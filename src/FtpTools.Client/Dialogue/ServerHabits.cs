using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace FtpTools.Dialogue;

/// <summary>
/// All that one server does otherwise, learnt from what it says and done differently from then on: a fact a row, for all
/// connections of a session. Safe to use from several threads at once.
/// </summary>
internal sealed class ServerHabits
{
    /// <summary>The facts: what a habit is called, how it is learnt, and what is done instead.</summary>
    public static readonly IReadOnlyDictionary<ServerHabit, (string Name, string LearntFrom, string Instead)> Facts = new Dictionary<ServerHabit, (string, string, string)>
    {
        [ServerHabit.OneCommandAtATime] = ("accepts only one command at a time", "two commands of the login in one packet, which weren't both answered within a second, or a transfer that was lost after a command had been sent in advance", "each command waits for the reply to the previous one"),
        [ServerHabit.NoEpsvAhead] = ("doesn't accept EPSV in advance", "a refusal of it, or the port being closed when it's used", "each EPSV waits for the end of the previous transfer"),
        [ServerHabit.NoDataAhead] = ("doesn't accept data before it has replied to the command", "an upload that was lost or never confirmed, and whose data had been sent before the reply", "the data of an upload waits for the reply"),
        [ServerHabit.NoAnswer] = ("leaves commands unanswered", "no reply to FEAT, OPTS, SYST, PBSZ or the first EPSV or PASV within ten seconds, or half of -TimeoutSec if that is less, where -TimeoutSec is ten seconds at least, or the second loss of the connection after it (of EPSV and PASV the first)", "the login is repeated, and the command isn't sent any more"),
        [ServerHabit.NoTls] = ("doesn't offer TLS", "a refusal of AUTH, or no reply to it within the same time, if TLS isn't required", "the session continues in clear text, with a warning"),
        [ServerHabit.NoTls13Reuse] = ("doesn't provide TLS 1.3 sessions to resume", "a refusal of a data connection without one (425, 450, 522)", "the session continues with TLS 1.2"),
        [ServerHabit.NoSize] = ("doesn't support SIZE", "500, 502 or 202", "sizes are taken from listings"),
        [ServerHabit.NoModificationTime] = ("doesn't support MDTM", "500, 502 or 202", "times are taken from listings"),
        [ServerHabit.ModificationTimeOfTwelveHours] = ("reports wrong times with MDTM", "its name in the greeting (nodeftpd: local time, in the 12-hour format)", "times are taken from listings"),
        [ServerHabit.NoMlsd] = ("announces MLSD, but refuses it", "a refusal of it, after which LIST worked", "directories are listed with LIST"),
        [ServerHabit.NoMlst] = ("announces MLST, but refuses it", "500 or 502, a reply without facts, the denial of an item that SIZE or CWD found, or of permission for one that is listed", "single items are looked up in the listing of their directory"),
        [ServerHabit.MlsdOfCurrentDirectory] = ("ignores the argument of MLSD and lists the current directory", "a refusal of the argument, the same listing for a directory and one above it, or nothing for a path with a blank or brackets", "CWD is sent first"),
        [ServerHabit.NoList] = ("doesn't support LIST", "500 or 502, after which NLST worked", "directories are listed with NLST, and the type and the size of each item are determined with CWD and SIZE"),
        [ServerHabit.NoListOptions] = ("treats an option of LIST as a name", "a refusal of LIST -a, or an empty listing for it, although LIST without it works", "LIST is sent without options; names with a leading dot may be missing from listings"),
        [ServerHabit.ListInAsciiAlone] = ("lists only in type A", "a refusal of LIST in type I, after which it worked in type A", "TYPE A is sent before each listing"),
        [ServerHabit.NoCwd] = ("doesn't support CWD", "500 or 502", "LIST is sent with the path as its argument"),
        [ServerHabit.CwdOfAnything] = ("accepts CWD to what isn't a directory", "a positive reply to CWD to a directory that can't exist, or to a file", "directories are looked up in the listing of the directory above"),
        [ServerHabit.SlashBehindDirectories] = ("accepts directories only with a slash at the end", "a refusal (501, 550, 553) of CWD by a server without MLST before any was accepted, although the path with a slash at the end was accepted", "CWD, MKD and RMD are sent with a slash at the end"),
        [ServerHabit.TwoRepliesToCwd] = ("replies twice to CWD", "a second positive reply to CWD, after a first one with code 200", "PWD is sent after each CWD, and its reply shows that no other is missing"),
        [ServerHabit.NoAbsoluteCwd] = ("accepts only relative paths in CWD", "a refusal of CWD with a path (501, 550, 553) before any was accepted, although CWD name by name works", "CDUP and CWD are sent for each name of the path"),
        [ServerHabit.NoType] = ("doesn't support TYPE", "500, 501, 502 or 504 to TYPE I", "files are assumed to be transferred unchanged, with a warning"),
        [ServerHabit.OtherPassiveReply] = ("replies to EPSV as to PASV, or the other way around", "a 227 to EPSV, or a 229 to PASV", "the content of the reply is used"),
        [ServerHabit.NoMfmt] = ("doesn't set times with MFMT", "a refusal of it", "MDTM with a time is sent"),
        [ServerHabit.NoMdtmWithTime] = ("doesn't set times with MDTM", "a refusal of it", "SITE UTIME is sent"),
        [ServerHabit.NoSiteUtime] = ("doesn't set times with SITE UTIME", "a refusal of it", "times of uploads are left unchanged, with a warning"),
        [ServerHabit.NoNoopInTransfer] = ("doesn't accept NOOP during a transfer", "a transfer that was lost right after one", "none is sent; only TCP keep-alive is used"),
        [ServerHabit.NoRestartOfUploads] = ("doesn't resume uploads with REST and STOR", "a refusal of one of them, or content that differs from what was sent", "an upload that APPE can't resume starts from the beginning"),
        [ServerHabit.NoAppend] = ("doesn't accept APPE", "500, 502 or 504, or a refusal where REST and STOR worked", "uploads are resumed with REST and STOR, and the result is read back"),
        [ServerHabit.NoRestartOfDownloads] = ("sends files from the beginning after REST", "content that differs from what was already received", "interrupted downloads start from the beginning"),
        [ServerHabit.NoReplaceByRename] = ("doesn't replace files when renaming", "a refusal of RNTO that was accepted after the old file had been renamed", "the old file is renamed first, and deleted after the new one has its name"),
        [ServerHabit.NoRename] = ("can't rename", "500, 502 or 504 to RNFR, or to each RNTO, or a positive reply to the session's first RNTO, after which the file still has its old name", "new files are written directly, with a warning; replacing a file is an error"),
        [ServerHabit.NoDotNames] = ("doesn't accept names that begin with a dot", "a refusal (501, 550, 553) of one, although the same name without the dot was accepted", "temporary names begin without a dot"),
        [ServerHabit.NoLongNames] = ("accepts only short names", "a refusal (501, 550, 553) of a long one, although one of eight letters and three was accepted", "temporary names have eight letters and three; -Resume doesn't find them"),
        [ServerHabit.NoTemporaryNames] = ("accepts no temporary names", "a refusal (501, 550, 553) of each, although the file's own name was accepted", "new files are written directly, with a warning; replacing a file is an error"),
        [ServerHabit.RepeatsReplies] = ("repeats replies", "a second positive reply to the greeting, the login, CWD or a transfer", "the repetition is ignored"),
        [ServerHabit.NamesAlone] = ("accepts only names in the current directory", "a refusal of a path (500, 501, 504, 550, 553) before any was accepted, although its name was accepted after CWD", "CWD to the directory is sent first"),
        [ServerHabit.XDirectoryVerbs] = ("supports only the old commands for directories", "500 or 502 to PWD, MKD or RMD, after which the old command worked", "XPWD, XMKD and XRMD are sent"),
        [ServerHabit.WantsPret] = ("requires PRET before a passive data connection", "a refusal of EPSV or PASV that mentions PRET", "PRET with the command of the transfer is sent first"),
        [ServerHabit.NoSiteCopy] = ("announces SITE COPY, but doesn't support it", "500 or 502 to SITE CPFR or CPTO", "copies are received and sent"),
        [ServerHabit.DataSetNames] = ("names data sets in apostrophes, as z/OS does", "the directory that PWD reports, or SYST", "paths below such a name are sent in apostrophes"),
        [ServerHabit.BracketNames] = ("names directories in brackets, as OpenVMS does", "the directory that PWD reports, or SYST", "paths below such a name are sent in brackets"),
        [ServerHabit.LibraryNames] = ("names libraries and files without a slash, as IBM i does", "SYST", "SITE NAMEFMT 1 and LISTFMT 1 are sent on each connection"),
    };

    private const int MostSlashTries = 2;

    // What was learnt of hosts in this process.
    private static readonly ConcurrentDictionary<string, string> _oneAtATimeHosts = new(StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<ServerHabit, string> _learnt = new();
    private readonly ConcurrentDictionary<string, bool> _unanswered = new(StringComparer.Ordinal); // false after one loss
    private readonly string _host;
    private readonly FtpSendAhead _sendAhead;
    private bool _isKnown;
    private bool _wasSeenToReadApart;
    private bool _wasSeenToTakeMlsdPath;
    private bool _wasSeenToTakeListOptions;
    private bool _wasSeenToTakeAbsoluteCwd;
    private bool _wasSeenToRename;
    private bool _wasSeenToTakePaths;
    private bool _wasSeenToTellItems;
    private int _shortNameTries;
    private int _slashTries;
    private bool _wasSeenToRefuseCwd;
    private bool _wasSeenToTakeOddPaths;
    private bool _wasSeenToAnswerCwdOnce;

    /// <summary>The habits of a session's server, of which only what the process knows of the host is known yet.</summary>
    public ServerHabits(FtpClientOptions options)
    {
        _host = $"{options.ComputerName}:{options.Port}";
        _sendAhead = options.SendAhead;
        if (_sendAhead == FtpSendAhead.Auto && _oneAtATimeHosts.TryGetValue(_host, out var evidence))
            _learnt[ServerHabit.OneCommandAtATime] = evidence;
    }

    /// <summary>What was learnt, with the reply or the event that told.</summary>
    public IReadOnlyList<FtpServerHabit> Learnt => [.. _learnt.OrderBy(pair => pair.Key).Select(pair => new FtpServerHabit(Facts[pair.Key].Name, pair.Value, Facts[pair.Key].Instead))];

    /// <summary>Whether commands that do not depend on each other may travel in one write: the server was seen to read them apart.</summary>
    public bool ReadsCommandsApart => _sendAhead switch
    {
        FtpSendAhead.Never => false,
        FtpSendAhead.Always => !Has(ServerHabit.OneCommandAtATime),
        _ => _wasSeenToReadApart && !Has(ServerHabit.OneCommandAtATime),
    };

    /// <summary>Whether it is still to be seen if the server reads commands apart.</summary>
    public bool IsToBeTried => _sendAhead == FtpSendAhead.Auto && !_wasSeenToReadApart && !Has(ServerHabit.OneCommandAtATime);

    /// <summary>
    /// Whether the EPSV of the next transfer may be sent along with the command of this one: to servers alone that are known
    /// to take it. Others drop the transfer over it (pyftpdlib, ftp-srv) or the connection (aioftp).
    /// </summary>
    public bool TakesEpsvAhead => ReadsCommandsApart && IsTrusted && !Has(ServerHabit.NoEpsvAhead);

    /// <summary>
    /// Whether the bytes of an upload may go before the reply to its command: to servers alone that are known to take them.
    /// pyftpdlib loses them when they come before the command.
    /// </summary>
    public bool TakesDataAhead => IsTrusted && !Has(ServerHabit.NoDataAhead);

    /// <summary>Whether it is known, or said to be, to take what others may not.</summary>
    private bool IsTrusted => _sendAhead == FtpSendAhead.Always || (_isKnown && _sendAhead != FtpSendAhead.Never);

    /// <summary>Whether MLSD is known to list what its argument names, or not to; false as long as that is to be seen.</summary>
    public bool IsMlsdPathKnown => _isKnown || _wasSeenToTakeMlsdPath || Has(ServerHabit.MlsdOfCurrentDirectory);

    /// <summary>Whether MLSD is known to take paths with blanks, brackets and the like.</summary>
    public bool IsOddPathKnown => _isKnown || _wasSeenToTakeOddPaths;

    /// <summary>Whether an option of LIST is known not to be taken for a name: one was seen to work.</summary>
    public bool TakesListOptions => _wasSeenToTakeListOptions;

    /// <summary>Whether commands are known to take paths, or not to.</summary>
    public bool IsPathKnown => _isKnown || _wasSeenToTakePaths || Has(ServerHabit.NamesAlone);

    /// <summary>Whether MLST is known to tell of what there is.</summary>
    public bool IsMlstKnown => _isKnown || _wasSeenToTellItems;

    /// <summary>Whether CWD is known to take absolute paths, or not to.</summary>
    public bool IsAbsoluteCwdKnown => _isKnown || _wasSeenToTakeAbsoluteCwd || Has(ServerHabit.NoAbsoluteCwd);

    /// <summary>Whether CWD is known to refuse what is not there, or not to.</summary>
    public bool IsCwdKnown => _isKnown || _wasSeenToRefuseCwd || Has(ServerHabit.CwdOfAnything);

    /// <summary>Whether 200 is known to be all that CWD is answered with, or not to be.</summary>
    public bool IsAnswerToCwdKnown => _wasSeenToAnswerCwdOnce || Has(ServerHabit.TwoRepliesToCwd);

    /// <summary>Whether its greeting names a server that this engine was measured on.</summary>
    public bool IsKnownByName => _isKnown;

    /// <summary>Whether what RNTO is answered is known to be so.</summary>
    public bool IsRenameKnown => _isKnown || _wasSeenToRename;

    /// <summary>False once SIZE was refused for want of knowing it.</summary>
    public bool HasSize => !Has(ServerHabit.NoSize);

    /// <summary>False once MDTM was refused for want of knowing it, and where it is known to tell another time.</summary>
    public bool HasModificationTime => !Has(ServerHabit.NoModificationTime) && !Has(ServerHabit.ModificationTimeOfTwelveHours);

    /// <summary>The command that sets a file's time, as far as they have not been refused; null when all have.</summary>
    public string? TimeVerb => !Has(ServerHabit.NoMfmt) ? "MFMT" : !Has(ServerHabit.NoMdtmWithTime) ? "MDTM" : !Has(ServerHabit.NoSiteUtime) ? "SITE" : null;

    /// <summary>Whether a habit was learnt.</summary>
    public bool Has(ServerHabit habit) => _learnt.ContainsKey(habit);

    /// <summary>Learns a habit.</summary>
    /// <param name="habit">The habit.</param>
    /// <param name="evidence">The reply or the event that told.</param>
    public void Learn(ServerHabit habit, string evidence)
    {
        _learnt.TryAdd(habit, evidence);
    }

    /// <summary>
    /// Learns at login that the server takes one command at a time, for the process too: it costs a second to find out again.
    /// (What a transfer fails over may be the network, and holds for the session alone.)
    /// </summary>
    public void LearnOneCommandAtATime(string evidence)
    {
        Learn(ServerHabit.OneCommandAtATime, evidence);
        _oneAtATimeHosts[_host] = evidence;
    }

    /// <summary>Whether a command of the login is known to have no answer.</summary>
    public bool LeavesUnanswered(string verb) => _unanswered.TryGetValue(verb, out var isCertain) && isCertain;

    /// <summary>Learns that a command of the login has no answer.</summary>
    public void LearnUnanswered(string verb, string evidence)
    {
        _unanswered[verb] = true;
        _learnt.AddOrUpdate(ServerHabit.NoAnswer, evidence, (_, others) => $"{others}; {evidence}");
    }

    /// <summary>Learns that the connection was lost over a command of the login; by the second time that it is so for want of an answer.</summary>
    public void LearnLossOver(string verb, string evidence)
    {
        if (!_unanswered.TryAdd(verb, false))
            LearnUnanswered(verb, evidence);
    }

    /// <summary>Learns that MLSD lists what its argument names.</summary>
    public void LearnToTakeMlsdPath() => _wasSeenToTakeMlsdPath = true;

    /// <summary>Learns that MLSD takes a path with blanks, brackets or the like.</summary>
    public void LearnToTakeOddPaths() => _wasSeenToTakeOddPaths = true;

    /// <summary>Learns that CWD takes absolute paths.</summary>
    public void LearnToTakeAbsoluteCwd() => _wasSeenToTakeAbsoluteCwd = true;

    /// <summary>Learns that a file has another name after RNTO.</summary>
    public void LearnToRename() => _wasSeenToRename = true;

    /// <summary>Learns that a command has taken a path.</summary>
    public void LearnToTakePaths() => _wasSeenToTakePaths = true;

    /// <summary>Learns that MLST has told of an item, or was doubted once.</summary>
    public void LearnToTellItems() => _wasSeenToTellItems = true;

    /// <summary>Whether a short name is to be tried where a long one was refused. Asked once: other names are refused for another reason.</summary>
    public bool IsShortNameToBeTried() => !Has(ServerHabit.NoLongNames) && Interlocked.Exchange(ref _shortNameTries, 1) == 0;

    /// <summary>Whether a directory is to be tried with a slash at the end, where CWD was refused. Twice for each session: most that is refused is not there.</summary>
    public bool IsSlashToBeTried() => !_isKnown && Interlocked.Increment(ref _slashTries) <= MostSlashTries;

    /// <summary>Learns that a directory was entered as it is said; with a slash at the end it need not be tried.</summary>
    public void LearnToTakePlainDirectories() => _slashTries = MostSlashTries;

    /// <summary>Learns that CWD refuses what is not there.</summary>
    public void LearnToRefuseCwd() => _wasSeenToRefuseCwd = true;

    /// <summary>Learns that nothing follows the 200 to CWD.</summary>
    public void LearnToAnswerCwdOnce() => _wasSeenToAnswerCwdOnce = true;

    /// <summary>Learns that LIST takes options.</summary>
    public void LearnToTakeListOptions() => _wasSeenToTakeListOptions = true;

    /// <summary>Learns that two commands in one write had a reply each.</summary>
    public void LearnToReadApart() => _wasSeenToReadApart = true;

    /// <summary>
    /// Learns what the greeting tells: those that are known, by thousands of measured transfers, to take an EPSV ahead name
    /// themselves in it, and npm's ftpd, whose MDTM cannot be told from that of a server twelve hours away.
    /// </summary>
    public void LearnFrom(FtpReply greeting)
    {
        bool Says(string name) => greeting.Sent.Any(line => line.IndexOf(name, StringComparison.OrdinalIgnoreCase) >= 0);
        _isKnown = Says("vsFTPd") || Says("ProFTPD") || Says("Pure-FTPd");
        if (Says("(nodeftpd)"))
            Learn(ServerHabit.ModificationTimeOfTwelveHours, greeting.ToString());
    }
}
