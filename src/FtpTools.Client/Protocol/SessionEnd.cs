using System;
using System.Linq;

namespace FtpTools.Protocol;

/// <summary>Which replies say that a session is over that had been logged in.</summary>
internal static class SessionEnd
{
    // Not "530 Permission denied", which some servers say of a single file.
    private static readonly string[] _words = ["not logged in", "please log", "login with", "log in with", "login first", "log in first", "must log", "not logged on", "user first"];

    /// <summary>Whether a reply says so: 421 (RFC 959, 5.4), or 530 and 503 of servers that log out who is idle, and keep the connection.</summary>
    public static bool IsSaidBy(FtpReply reply) =>
        reply.Code == 421 || (reply.Code is 530 or 503 && _words.Any(word => reply.SentText.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0));
}
