using System.Text;

namespace FtpTools.Protocol;

/// <summary>One line that the client sends: a verb and its argument (RFC 959, 5.3).</summary>
internal readonly struct FtpCommand
{
    /// <summary>A command.</summary>
    /// <param name="verb">The verb, in capitals.</param>
    /// <param name="argument">What follows the verb and one space; null for nothing.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: the argument holds CR, LF or NUL and could smuggle a second command in.</exception>
    public FtpCommand(string verb, string? argument = null)
    {
        if (argument is not null && argument.IndexOfAny(['\r', '\n', '\0']) >= 0)
        {
            throw new FtpException(
                FtpErrorKind.InvalidName,
                $"{verb} wasn't sent, because its argument contains a line break or a NUL character, which FTP commands can't contain. Check where the name comes from.",
                IsSecret(verb) ? null : argument);
        }

        Verb = verb;
        Argument = argument;
    }

    /// <summary>The verb.</summary>
    public string Verb { get; }

    /// <summary>The argument; null when there is none.</summary>
    public string? Argument { get; }

    /// <summary>The line as it may be shown: without password or account.</summary>
    public string Redacted => Argument is null ? Verb : IsSecret(Verb) ? Verb + " ****" : Verb + " " + Argument;

    /// <summary>The line as it goes over the wire, with its CR LF.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: the encoding cannot write the argument, and what it would write in its place could be another file's name.</exception>
    public byte[] ToBytes(Encoding encoding)
    {
        try
        {
            return encoding.GetBytes(Argument is null ? Verb + "\r\n" : Verb + " " + Argument + "\r\n");
        }
        catch (EncoderFallbackException)
        {
            // The exception itself tells the character, and with it a part of what may be a password.
            throw new FtpException(
                FtpErrorKind.InvalidName,
                $"{Verb} wasn't sent, because its argument contains a character that doesn't exist in the session's encoding, {encoding.WebName}. Specify the server's encoding with Connect-Ftp -Encoding.",
                IsSecret(Verb) ? null : Argument);
        }
    }

    private static bool IsSecret(string verb) => verb is "PASS" or "ACCT";
}
