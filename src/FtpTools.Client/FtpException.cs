using System;
using FtpTools.Protocol;

namespace FtpTools;

/// <summary>What failed. With <c>Ftp</c> before it, each is an error id that scripts may rely on.</summary>
public enum FtpErrorKind
{
    /// <summary>The name does not resolve, or nothing listens there.</summary>
    HostUnreachable,

    /// <summary>Something did not come within its time.</summary>
    Timeout,

    /// <summary>The TLS handshake failed.</summary>
    TlsFailed,

    /// <summary>The server's certificate is not trusted.</summary>
    CertificateRejected,

    /// <summary>The server refused the account (530).</summary>
    LoginFailed,

    /// <summary>The data connection could not be opened, or broke.</summary>
    DataConnectionFailed,

    /// <summary>No such file or directory.</summary>
    PathNotFound,

    /// <summary>The account may not do this.</summary>
    PermissionDenied,

    /// <summary>The target is there already.</summary>
    AlreadyExists,

    /// <summary>No room, here or there (452, 552).</summary>
    DiskFull,

    /// <summary>The server does not know the command (500, 502, 504).</summary>
    CommandNotSupported,

    /// <summary>The server refused the command for another reason.</summary>
    CommandRefused,

    /// <summary>The control connection is gone.</summary>
    ConnectionLost,

    /// <summary>The transfer ended before all bytes had arrived.</summary>
    TransferIncomplete,

    /// <summary>The copy is not like the original.</summary>
    VerificationFailed,

    /// <summary>Lines of a listing have a form that is not known.</summary>
    ListingUnparsed,

    /// <summary>There is no session to work with.</summary>
    NoSession,

    /// <summary>The session was closed.</summary>
    SessionClosed,

    /// <summary>A name that cannot be sent, or must not be written to.</summary>
    InvalidName,

    /// <summary>A local file could not be read or written.</summary>
    LocalFileError,

    /// <summary>The caller cancelled.</summary>
    Cancelled,

    /// <summary>An item of one server was given to a session on another.</summary>
    WrongServer,

    /// <summary>What a plan was made for has changed since.</summary>
    PlanOutdated,

    /// <summary>More would be deleted than may be, or without the proof that it may.</summary>
    TooManyDeletes,
}

/// <summary>
/// A failure of FTP work, with the kind that its error id is made of. After it the session is in sync or has closed the connection.
/// Control characters in its message are escaped: it holds what servers and names say.
/// </summary>
public class FtpException : Exception
{
    private string? _server;

    /// <summary>A failure that was neither the server's refusal nor the loss of the connection.</summary>
    /// <param name="kind">What failed.</param>
    /// <param name="message">What was tried, where, the server's own words, and what to try next.</param>
    /// <param name="path">The remote path it is about; null when there is none.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    public FtpException(FtpErrorKind kind, string message, string? path = null, Exception? innerException = null)
        : base(VisibleText.Of(message), innerException)
    {
        Kind = kind;
        Path = path;
    }

    /// <summary>What failed.</summary>
    public FtpErrorKind Kind { get; }

    /// <summary>True when it tells of lines of a listing that could not be taken, and all others were.</summary>
    public bool IsUnreadListing => Kind == FtpErrorKind.ListingUnparsed || HasRefusedNames;

    /// <summary>True when a listing had names in it that would lead elsewhere.</summary>
    internal bool HasRefusedNames { get; init; }

    /// <summary>The stable error id: <c>Ftp</c> and the kind.</summary>
    public string ErrorId => "Ftp" + Kind;

    /// <summary>The remote path it is about; null when there is none.</summary>
    public string? Path { get; }

    /// <summary>The server it came of, as <c>host:port</c>; null where it came of none.</summary>
    public string? Server { get => _server; init => _server = value; }

    /// <summary>True when whatever came next on the same session would fail in the same way.</summary>
    public bool IsFatal => Kind is FtpErrorKind.NoSession or FtpErrorKind.SessionClosed or FtpErrorKind.HostUnreachable or
        FtpErrorKind.LoginFailed or FtpErrorKind.TlsFailed or FtpErrorKind.CertificateRejected;

    /// <summary>True when it broke off what had begun, so that the same may work when it is tried again.</summary>
    internal bool IsPassing { get; init; }

    /// <summary>True when the same may work later, but after more than a moment, so that it is tried again with -RetryFor alone.</summary>
    internal bool IsWorthWaiting { get; init; }

    /// <summary>True when a command had been sent along with the transfer's own, which the server may not have borne: the same is worth a try without.</summary>
    internal bool IsOfSendingAhead { get; set; }

    /// <summary>True when it ended a transfer that the server had begun (150): some bytes may have been taken by then.</summary>
    internal bool HasBegun { get; set; }

    /// <summary>How many times the transfer was tried that it ended.</summary>
    internal int Attempts { get; set; } = 1;

    /// <summary>Notes the server, where that was not done closer to it.</summary>
    internal FtpException At(string server)
    {
        _server ??= server;
        return this;
    }

    /// <summary>The same failure, with what makes a directory that is missing, where one may be.</summary>
    /// <param name="target">The path that was to be written.</param>
    /// <param name="isForced">Whether missing directories are made.</param>
    public FtpException NamingForce(string target, bool isForced) =>
        !isForced && Kind == FtpErrorKind.PathNotFound && Path == target ? Adding("If its directory doesn't exist, use -Force to create it.") : this;

    /// <summary>What it means to what was still to come: it was not tried.</summary>
    /// <param name="path">The remote path that was not tried.</param>
    public FtpException Untried(string path) => new(Kind, $"Not tried, because of the error {ErrorId}.", path) { Server = Server, Attempts = 0 };

    /// <summary>The same failure with a sentence more.</summary>
    public virtual FtpException Adding(string sentence) => new(Kind, $"{Message} {sentence}", Path, InnerException) { Server = Server, IsPassing = IsPassing, IsWorthWaiting = IsWorthWaiting };
}

/// <summary>The server said no. The control connection lives.</summary>
public sealed class FtpCommandException : FtpException
{
    /// <summary>The server's refusal of a command.</summary>
    /// <param name="kind">What failed.</param>
    /// <param name="message">What was tried, where, the server's own words, and what to try next.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="path">The remote path it is about; null when there is none.</param>
    public FtpCommandException(FtpErrorKind kind, string message, FtpReply reply, string? path = null)
        : base(kind, message, path) => Reply = reply;

    /// <summary>The reply that refused.</summary>
    public FtpReply Reply { get; }

    /// <summary>The command that was refused; null where it makes no difference.</summary>
    internal string? Verb { get; init; }

    /// <inheritdoc/>
    public override FtpException Adding(string sentence) => new FtpCommandException(Kind, $"{Message} {sentence}", Reply, Path) { Server = Server, Verb = Verb, HasBegun = HasBegun };
}

/// <summary>The control connection is of no more use and was closed.</summary>
public sealed class FtpConnectionException : FtpException
{
    /// <summary>The loss of a control connection.</summary>
    /// <param name="kind">What failed.</param>
    /// <param name="message">What was tried, where, and what to try next.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    /// <param name="reply">The 421 reply with which the server closed it; null when it did not say so.</param>
    public FtpConnectionException(FtpErrorKind kind, string message, Exception? innerException = null, FtpReply? reply = null)
        : base(kind, message, null, innerException) => Reply = reply;

    /// <summary>The 421 reply with which the server closed the connection (RFC 959, 5.4); null when it did not say so.</summary>
    public FtpReply? Reply { get; }

    /// <inheritdoc/>
    public override FtpException Adding(string sentence) => new FtpConnectionException(Kind, $"{Message} {sentence}", InnerException, Reply) { Server = Server };
}
