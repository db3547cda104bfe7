using System;

namespace FtpTools.Transfer;

/// <summary>Which failures pass, and how long to wait for that: twice as long each time, and not all at the same moment.</summary>
internal static class RetryPolicy
{
    private static readonly TimeSpan _first = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _longestOfTime = TimeSpan.FromMinutes(2);
    private static readonly Random _random = new();

    /// <summary>Whether the same transfer may do later: the connection was lost, or the server said 4xx (RFC 959, 4.2.1). Never after 5xx.</summary>
    public static bool IsPassing(FtpException error) => error switch
    {
        FtpConnectionException { Kind: FtpErrorKind.SessionClosed or FtpErrorKind.TlsFailed or FtpErrorKind.CertificateRejected } => false,
        FtpConnectionException => true,
        // A full disk is not emptied by waiting a moment (452), nor does a missing file come (450 on some servers).
        { Kind: FtpErrorKind.DiskFull or FtpErrorKind.PathNotFound or FtpErrorKind.PermissionDenied or FtpErrorKind.LoginFailed } => false,
        FtpCommandException { Reply.IsTransientNegative: true } => true,
        FtpCommandException => false,
        { Kind: FtpErrorKind.TransferIncomplete or FtpErrorKind.Timeout } => true,
        _ => error.IsPassing,
    };

    /// <summary>Whether what failed may do after more than a moment, which is for the user to give (-RetryFor): a server that starts anew is not there, and then not ready.</summary>
    public static bool IsWorthWaiting(FtpException error) => error switch
    {
        // The session's TLS went well before. A handshake breaks where a server goes down in it.
        FtpConnectionException { Kind: FtpErrorKind.TlsFailed } => true,
        // As did its login. 430 says that user or password are wrong, though by its class it would pass.
        FtpCommandException { Kind: FtpErrorKind.LoginFailed, Reply: { IsTransientNegative: true, Code: not 430 } } => true,
        _ => error.IsWorthWaiting,
    };

    /// <summary>How long to wait before a try.</summary>
    /// <param name="attempt">Its number, which is 2 at least.</param>
    /// <param name="isForTime">Whether there is time for more than a moment.</param>
    public static TimeSpan Delay(int attempt, bool isForTime = false)
    {
        var longest = Math.Min(_first.TotalSeconds * Math.Pow(2, attempt - 2), (isForTime ? _longestOfTime : _longest).TotalSeconds);
        lock (_random)
            return TimeSpan.FromSeconds(longest * (0.5 + (_random.NextDouble() / 2)));
    }
}
