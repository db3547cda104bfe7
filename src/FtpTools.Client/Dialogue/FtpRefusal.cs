using System;
using System.Linq;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>Turns a negative reply into the error that a user can act on.</summary>
internal static class FtpRefusal
{
    private static readonly string[] _denials = ["permission", "denied", "not allowed", "prohibited", "forbidden", "read-only", "access is"];

    // 550 says "not taken" for every reason there is (RFC 959, 4.2.2); only the text tells which.
    private static readonly (FtpErrorKind Kind, string[] Words)[] _meanings =
    [
        (FtpErrorKind.DiskFull, ["no space", "disk full", "quota", "not enough space", "insufficient storage", "allocation exceeded"]),
        (FtpErrorKind.PathNotFound, ["no such", "not found", "cannot find", "can't find", "does not exist", "doesn't exist", "not exist", "can't check for file existence"]),
        (FtpErrorKind.AlreadyExists, ["exists", "already"]),
        (FtpErrorKind.PermissionDenied, _denials),
    ];

    // What servers say to a write that failed, which is hardly ever for another reason than want of room: vsftpd ("451 Failure
    // writing to local file."), Pure-FTPd ("451-Error during write to file"), and ProFTPD, whose word for a write that put
    // down less than it was given is "451 Transfer aborted. Input/output error".
    private static readonly string[] _failedWrites = ["writing to local file", "during write", "input/output error"];

    // What servers say of a directory in which there is nothing (450, 550 and 226), and do not say of one that they will not show.
    private static readonly string[] _nothing =
    [
        "no files", "no such file", "not found", "empty", "no entries", "no matching", "no match", "nothing", "no data sets", "no members", "no items", "cannot find", "does not exist",
    ];

    // What servers on phones and in devices say of a command that they do not know, under whichever code ("550 Unsupported command").
    private static readonly string[] _unknown =
    [
        "unsupported command", "command not supported", "command not implemented", "command not understood", "command not recognized", "unknown command",
    ];

    /// <summary>
    /// Whether a reply to a command that is to have an effect says that it has none. 202 is a completion by its class, and
    /// means "not implemented, superfluous at this site" (RFC 959, 4.2.2): a yes only where nothing had to be done.
    /// </summary>
    public static bool IsRefusal(string verb, FtpReply reply) =>
        reply.IsNegative || (reply.Code == 202 && verb is not ("USER" or "PASS" or "ACCT" or "TYPE" or "OPTS" or "PBSZ" or "NOOP"));

    /// <summary>Whether a closing reply means that the transfer failed.</summary>
    public static bool IsMeant(FtpReply reply) =>
        // vsftpd on a directory that may be entered but not read: "226 Transfer done (but failed to open directory)."
        reply.IsNegative || reply.Code == 202 || (reply.Code == 226 && Says(reply, "but failed to open directory"));

    /// <summary>Whether a refusal means that the server does not know the command, and would refuse it for any argument. (Small servers answer 500 to whatever they do not like.)</summary>
    public static bool IsUnknown(FtpReply reply) =>
        // 402 is no code of RFC 959's, and "Command not allowed" with ftp-srv. 504 is about the argument, whatever it says.
        reply.Code == 402 || (!Says(reply, "no such") && !Says(reply, "not exist")
        && ((reply.IsNegative && reply.Code != 504 && _unknown.Any(words => Says(reply, words)))
        || (reply.Code is 500 or 502 or 202 && !_meanings.Any(meaning => meaning.Kind != FtpErrorKind.PathNotFound && meaning.Words.Any(word => Says(reply, word)))
        && !Says(reply, "directory"))));

    /// <summary>Whether a refusal is of the command as it was said, so that another one may do: not for want of a directory, of permission, or of a data connection.</summary>
    public static bool IsOfCommand(FtpCommandException e) =>
        e.Reply.Code is 202 or 451 or (>= 500 and <= 504) || e.Kind is FtpErrorKind.CommandNotSupported or FtpErrorKind.CommandRefused || IsUnknown(e.Reply);

    /// <summary>Whether a refusal speaks of something that is there already.</summary>
    public static bool SaysExists(FtpReply reply) => Says(reply, "exists") || Says(reply, "already");

    /// <summary>Whether the refusal of an upload speaks of the name ("553 File type not allowed").</summary>
    public static bool IsOfName(FtpReply reply) => Says(reply, "name") || Says(reply, "extension") || Says(reply, "file type");

    /// <summary>Whether a refusal speaks of permission.</summary>
    public static bool IsDenial(FtpReply reply) => _denials.Any(word => Says(reply, word));

    /// <summary>Whether the refusal of a listing speaks of the transfer type ("550 LIST command invalid with TYPE binary", CONNECT:Enterprise).</summary>
    public static bool IsOfType(FtpReply reply) => Says(reply, "type") || Says(reply, "ascii") || Says(reply, "binary");

    /// <summary>Whether the refusal of a listing means that there is nothing to be listed.</summary>
    /// <param name="reply">The refusal.</param>
    /// <param name="path">The directory, whose name tells nothing.</param>
    public static bool IsOfNothing(FtpReply reply, string path)
    {
        var text = WithoutPath(reply.SentText, path);
        return (reply.Code is 450 or 550 or 226 || (reply.Code == 451 && Says(text, "no files"))) && _nothing.Any(word => Says(text, word))
            // "550 No files found or invalid directory or permission problem": of a directory that could be entered, it is the first.
            && (Says(text, "no files found") || !_denials.Any(word => Says(text, word)));
    }

    /// <summary>Whether a login was refused for want of encryption ("530 Non-anonymous sessions must use encryption.", vsftpd; "550 SSL/TLS required on the control channel", ProFTPD).</summary>
    public static bool WantsTls(FtpReply reply) => Says(reply, "TLS") || Says(reply, "SSL") || Says(reply, "encrypt");

    /// <summary>Whether a refusal of bytes that had begun to move is for want of room, told by the code or by the words.</summary>
    public static bool IsDiskFull(string verb, FtpReply reply) =>
        reply.Code is 452 or 552 || (verb is "STOR" or "APPE" && reply.Code == 451 && _failedWrites.Any(words => Says(reply, words)));

    /// <summary>The error for a refused command.</summary>
    /// <param name="verb">The command that was refused.</param>
    /// <param name="reply">The refusal.</param>
    /// <param name="task">What it was for, as in "Could not <c>list '/in'</c>".</param>
    /// <param name="path">The remote path it is about; null when there is none.</param>
    /// <param name="server">Host and port.</param>
    public static FtpCommandException Create(string verb, FtpReply reply, string task, string? path, string server)
    {
        var kind = Classify(verb, reply, path);
        return new FtpCommandException(kind, $"Could not {task} on {server}: the server replied '{Words(reply)}' to {verb}.{Advice(kind)}", reply, path) { Verb = verb };
    }

    // Pure-FTPd says first what happened, and last how long it took.
    private static string Words(FtpReply reply) => reply.Lines.Count is > 1 and < 5 ? $"{reply.Code} {string.Join("; ", reply.Lines.Select(line => line.Trim()))}" : reply.ToString();

    private static FtpErrorKind Classify(string verb, FtpReply reply, string? path)
    {
        // "500 Illegal PORT command." (vsftpd, ProFTPD), "501 I won't open a connection to ..." (Pure-FTPd): not the command
        // is unknown, but the address in it is not the one that the server sees this client at.
        if (verb is "PORT" or "EPRT" && (Says(reply, "illegal") || Says(reply, "won't")))
            return FtpErrorKind.DataConnectionFailed;
        if (IsDiskFull(verb, reply))
            return FtpErrorKind.DiskFull;
        switch (reply.Code)
        {
            case 530 or 532 or 430 or 332 when verb is "USER" or "PASS" or "ACCT":
                return FtpErrorKind.LoginFailed;
            case 530 or 532 or 226:
                return FtpErrorKind.PermissionDenied;
            case 500 or 502 or 504 or 202:
            case not (530 or 532) when IsUnknown(reply):
                return FtpErrorKind.CommandNotSupported;
            case 425:
                return FtpErrorKind.DataConnectionFailed;
            case 426:
                return FtpErrorKind.TransferIncomplete;
        }

        var text = WithoutPath(reply.SentText, path);
        foreach (var (kind, words) in _meanings)
        {
            if (words.Any(word => Says(text, word)))
                return kind;
        }

        // vsftpd gives no reason at all ("550 Failed to open file."); the likeliest one is chosen by what was asked for.
        return (reply.Code, verb) switch
        {
            (550, "RETR" or "CWD" or "SIZE" or "MDTM" or "MLST" or "MLSD" or "LIST" or "RNFR") => FtpErrorKind.PathNotFound,
            (550 or 553, "STOR" or "APPE" or "DELE") => FtpErrorKind.PermissionDenied,
            (451, "STOR" or "APPE" or "RETR") => FtpErrorKind.TransferIncomplete,
            _ => FtpErrorKind.CommandRefused,
        };
    }

    // Most servers repeat the path, or the temporary name beside it, and "/quota/already exists" tells nothing.
    private static string WithoutPath(string text, string? path)
    {
        if (path is null || path.Length < 2)
            return text;
        text = text.Replace(path, "");
        var directory = FtpPath.Parent(path);
        if (directory.Length > 1)
            text = text.Replace(directory + "/", "");
        var name = FtpPath.Name(path) + ":";
        return text.StartsWith(name, StringComparison.Ordinal) ? text.Substring(name.Length) : text;
    }

    private static bool Says(FtpReply reply, string word) => Says(reply.SentText, word);

    private static bool Says(string text, string word) => text.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0;

    private static string Advice(FtpErrorKind kind) => kind switch
    {
        FtpErrorKind.LoginFailed => " Check the user name and the password.",
        FtpErrorKind.PathNotFound => " Check the path, including upper and lower case. To list the directory, use Get-FtpChildItem.",
        FtpErrorKind.PermissionDenied => " Check whether the account has permission, and whether the parent directory exists.",
        FtpErrorKind.DiskFull => " Its disk, or the quota of the account, seems to be full. Free some space, or request more.",
        FtpErrorKind.CommandNotSupported => " This server doesn't support the command.",
        FtpErrorKind.DataConnectionFailed => " The data connection could not be opened. Try the other mode with Set-FtpMode, and see about_FtpModes.",
        FtpErrorKind.TransferIncomplete => " The transfer was interrupted. Try again.",
        _ => "",
    };
}
