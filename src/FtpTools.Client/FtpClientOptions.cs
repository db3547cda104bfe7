using System;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace FtpTools;

/// <summary>How data connections are opened (RFC 959, 3.3; RFC 2428).</summary>
public enum FtpMode
{
    /// <summary>Passive first, then active; what worked is remembered for the session.</summary>
    Auto,

    /// <summary>The client dials the server: EPSV, and PASV where EPSV is refused.</summary>
    Passive,

    /// <summary>The server dials the client: PORT (EPRT over IPv6), and EPRT where PORT is refused.</summary>
    Active,

    /// <summary>PASV alone (RFC 959).</summary>
    Pasv,

    /// <summary>EPSV alone (RFC 2428).</summary>
    Epsv,

    /// <summary>PORT alone (RFC 959).</summary>
    Port,

    /// <summary>EPRT alone (RFC 2428).</summary>
    Eprt,
}

/// <summary>The representation type of a transfer (RFC 959, 3.1.1).</summary>
public enum FtpTransferType
{
    /// <summary>Image: the bytes as they are (TYPE I).</summary>
    Binary,

    /// <summary>Text with CR LF between lines on the wire and the platform's line end in the local file (TYPE A).</summary>
    Ascii,
}

/// <summary>A range of local ports for active data connections.</summary>
public sealed record FtpPortRange
{
    /// <summary>The range from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    /// <param name="first">The lowest port, 1 to 65535.</param>
    /// <param name="last">The highest port, <paramref name="first"/> to 65535.</param>
    /// <exception cref="ArgumentOutOfRangeException">A port is out of range, or the range is upside down.</exception>
    public FtpPortRange(int first, int last)
    {
        if (first is < 1 or > 65535)
            throw new ArgumentOutOfRangeException(nameof(first), first, "A port must be a number from 1 to 65535.");
        if (last < first || last > 65535)
            throw new ArgumentOutOfRangeException(nameof(last), last, $"The last port of the range must be a number from {first} to 65535.");
        First = first;
        Last = last;
    }

    /// <summary>The lowest port.</summary>
    public int First { get; }

    /// <summary>The highest port.</summary>
    public int Last { get; }

    /// <summary>Reads <c>50000-50100</c> or a single port.</summary>
    /// <param name="text">The range as a user types it.</param>
    /// <exception cref="FormatException">The text is neither a port nor two ports with a hyphen between them.</exception>
    public static FtpPortRange Parse(string text)
    {
        var parts = text.Split('-');
        if (parts.Length is 1 or 2
            && int.TryParse(parts[0].Trim(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(parts[parts.Length - 1].Trim(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var last)
            && first is >= 1 and <= 65535 && last >= first && last <= 65535)
            return new FtpPortRange(first, last);
        throw new FormatException($"'{text}' isn't a valid port range. Specify a range such as 50000-50100, with ports from 1 to 65535, and the lower port first.");
    }

    /// <summary>The range as it is typed: <c>50000-50100</c>.</summary>
    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}

/// <summary>What a session is opened with. Immutable; a session's mode and type can be changed on the session.</summary>
public sealed record FtpClientOptions
{
    /// <summary>The password that anonymous FTP asks for by courtesy (RFC 1635).</summary>
    public const string AnonymousPassword = "anonymous@example.com";

    /// <summary>The port of implicit TLS (IANA: ftps).</summary>
    public const int ImplicitTlsPort = 990;

    /// <summary>The server's name or address.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The control connection's port, 1 to 65535.</summary>
    public int Port { get; init; } = 21;

    /// <summary>The account's name; <c>anonymous</c> by default.</summary>
    public string UserName { get; init; } = "anonymous";

    /// <summary>The password. It leaves the process in the PASS command alone and is never traced.</summary>
    public string Password { get; init; } = AnonymousPassword;

    /// <summary>The answer to a 332 reply (ACCT, RFC 959, 4.1.1); null when there is none.</summary>
    public string? Account { get; init; }

    /// <summary>The directory to start in; null for the one that the server puts the user in.</summary>
    public string? InitialDirectory { get; init; }

    /// <summary>Whether and how the session is encrypted.</summary>
    public FtpTlsMode Tls { get; init; }

    /// <summary>The versions of TLS to offer.</summary>
    public FtpTlsVersion TlsVersion { get; init; }

    /// <summary>The SHA-256 fingerprint of the one certificate to accept, as <see cref="FtpSecurity.ParseThumbprint"/> reads it; null to trust as the system does.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>Accept any certificate, in this session alone; without effect beside <see cref="CertificateThumbprint"/>.</summary>
    public bool SkipCertificateCheck { get; init; }

    /// <summary>
    /// Accept listings, and files whose size is not known, that end without TLS's closing message (close_notify): for a server that
    /// never sends it. Whoever stands between can then cut them off unseen.
    /// </summary>
    public bool SkipTlsEndCheck { get; init; }

    /// <summary>The certificate, with its private key, that this client shows to a server that asks for one; null for none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Whether data connections are encrypted when the session is.</summary>
    public FtpDataProtection DataProtection { get; init; }

    /// <summary>Leave TLS on the control connection after the login (CCC, RFC 4217, 12.3), so that a NAT's FTP helper can read PORT.</summary>
    public bool ClearCommandChannel { get; init; }

    /// <summary>How data connections are opened at first.</summary>
    public FtpMode Mode { get; init; }

    /// <summary>The transfer type at first.</summary>
    public FtpTransferType TransferType { get; init; }

    /// <summary>The address to announce in PORT and EPRT; null for the control connection's own local address.</summary>
    public IPAddress? ActiveAddress { get; init; }

    /// <summary>The local ports to listen on in active mode; null lets the system choose.</summary>
    public FtpPortRange? ActivePortRange { get; init; }

    /// <summary>Obey a 227 reply that names an address other than the control connection's peer (RFC 2577, 3 warns of it).</summary>
    public bool TrustPassiveAddress { get; init; }

    /// <summary>
    /// The proxy that control and data connections are dialled through; null for none. The system's own proxy settings are
    /// not looked at.
    /// </summary>
    public FtpProxy? Proxy { get; init; }

    /// <summary>The encoding of names; null for UTF-8 (RFC 2640), in which bytes that are not UTF-8 survive the round trip.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>The time zone in which the server's listings by LIST tell time; null to measure it by MDTM, as long as MDTM tells UTC.</summary>
    public TimeZoneInfo? ServerTimeZone { get; init; }

    /// <summary>How long to wait for the connection, for a reply, and for the next byte of a transfer. More than zero.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait for a data connection to open. More than zero.</summary>
    public TimeSpan DataTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After how long without a command NOOP is sent on a connection, idle or in a transfer; zero for never. TCP's own keep-alive begins then too, or after a minute.</summary>
    public TimeSpan KeepAlive { get; init; }

    /// <summary>Whether round trips are saved by sending commands ahead of their time.</summary>
    public FtpSendAhead SendAhead { get; init; }

    /// <summary>The most control connections that the session opens at a time, 1 or more.</summary>
    public int MaxConnection { get; init; } = 4;

    /// <summary>How long a command that the login can do without may take to be answered, where <see cref="Timeout"/> is longer: then the server is logged in to again without.</summary>
    internal TimeSpan OptionalTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The most lines of one listing; one that has more is given up.</summary>
    public int MaxListingLines { get; init; } = 1_000_000;

    /// <summary>The most bytes of one listing; one that has more is given up.</summary>
    public long MaxListingBytes { get; init; } = 215_000_000;

    /// <summary>The session's name; null for a made-up one.</summary>
    public string? Name { get; init; }

    /// <summary>Where the session's log goes, beside the trace of the running operation; disposed with the session.</summary>
    public FtpLog? Log { get; init; }

    /// <summary>True when TLS begins with the first byte: asked for, or the port that is for this (990, RFC 4217's forerunner).</summary>
    internal bool IsTlsImplicit => Tls == FtpTlsMode.Implicit || (Tls == FtpTlsMode.Auto && Port == ImplicitTlsPort);

    /// <summary>True when a session in clear text is not what was asked for: a certificate was named that could not be shown in one.</summary>
    internal bool IsTlsRequired => Tls == FtpTlsMode.Explicit || (Tls == FtpTlsMode.Auto && (CertificateThumbprint is not null || ClientCertificate is not null));

    /// <summary>True when there is no password worth hiding.</summary>
    internal bool IsAnonymous => UserName.Equals("anonymous", StringComparison.OrdinalIgnoreCase) || UserName.Equals("ftp", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whom and where to; what a record says of itself would have the password in it.</summary>
    public override string ToString() => $"{UserName}@{ComputerName}:{Port}";
}
