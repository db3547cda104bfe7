namespace FtpTools.Protocol;

/// <summary>Which replies a command may have (RFC 959, 5.4, and the state diagrams of 6).</summary>
internal enum ReplySequence
{
    /// <summary>One reply: 2xx, 4xx or 5xx.</summary>
    Single,

    /// <summary>One reply, which may be a 3xx too: another command is to follow.</summary>
    Step,

    /// <summary>The greeting: 120 (ready in some minutes), and then one reply.</summary>
    Greeting,

    /// <summary>A transfer: 1xx as the data connection opens, and then one reply, when it has closed.</summary>
    Transfer,

    /// <summary>
    /// NOOP in the midst of a transfer, which RFC 959 does not foresee: one reply, before the transfer's own or after it,
    /// and told from it by its code.
    /// </summary>
    Aside,
}

/// <summary>What <see cref="ReplySequence"/> means for one reply.</summary>
internal static class ReplySequences
{
    /// <summary>The sequence that begins with a command.</summary>
    public static ReplySequence Of(string verb) => verb switch
    {
        "USER" or "PASS" or "ACCT" or "RNFR" or "REST" or "AUTH" => ReplySequence.Step,
        "RETR" or "STOR" or "STOU" or "APPE" or "LIST" or "NLST" or "MLSD" => ReplySequence.Transfer,
        _ => ReplySequence.Single,
    };

    /// <summary>Whether a reply of this class may come in the sequence at all.</summary>
    public static bool MayHold(this ReplySequence sequence, FtpReply reply) => reply.Code switch
    {
        < 200 => sequence is ReplySequence.Greeting or ReplySequence.Transfer,
        // They announce a port: the reply to an EPSV that came along with a transfer is not the transfer's end.
        >= 227 and <= 229 => sequence == ReplySequence.Single,
        < 300 => true,
        < 400 => sequence == ReplySequence.Step,
        // It ends a transfer and nothing else, so that here it is one that nobody waits for any more.
        426 => sequence == ReplySequence.Transfer,
        _ => true,
    };

    /// <summary>
    /// Whether a positive reply says once more, or late, what the last one has said, and is the reply to nothing: some servers
    /// greet twice, welcome who has logged in by a reply of its own, or end a transfer with 226 and 250. Where another command
    /// was sent meanwhile, the code must be one that no server answers that command with.
    /// </summary>
    /// <param name="lastVerb">The command that was answered last; "connect" for the greeting.</param>
    /// <param name="last">Its last reply.</param>
    /// <param name="hadBegun">Whether a 1xx came before that.</param>
    /// <param name="verb">The command that waits for its reply; null for none.</param>
    /// <param name="reply">The reply.</param>
    public static bool IsRepetition(string lastVerb, FtpReply last, bool hadBegun, string? verb, FtpReply reply)
    {
        if (!last.IsCompletion)
            return false;
        var isOfTransfer = Of(lastVerb) == ReplySequence.Transfer;
        // A 150 that its 226 has overtaken.
        if (reply.IsPreliminary)
            return isOfTransfer && !hadBegun && (verb is null || Of(verb) != ReplySequence.Transfer);
        return reply.Code switch
        {
            220 => lastVerb == "connect",
            230 => lastVerb is "USER" or "PASS" or "ACCT" && verb is not ("USER" or "PASS" or "ACCT"),
            226 => isOfTransfer && verb is null or "EPSV" or "PASV" or "EPRT" or "PORT" or "TYPE" or "REST" or "CWD" or "PWD" or "SIZE" or "MDTM" or "MLST" or "RNFR" or "OPTS" or "NOOP",
            // To EPSV and PASV it is a yes if it names a port.
            200 or 250 => lastVerb != "connect" && (verb is null || (verb is "EPSV" or "PASV" && !DataEndpoint.TryParseEpsv(reply.SentText, out _) && !DataEndpoint.TryParsePasv(reply.SentText, out _))),
            _ => false,
        };
    }

    /// <summary>Whether a reply in the midst of a transfer is that to a NOOP: no transfer that runs to its end ends with such a code.</summary>
    public static bool IsAside(FtpReply reply) => reply.Code is 200 or 202 or (>= 500 and <= 504);
}
