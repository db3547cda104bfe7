using System;
using System.Net;
using FtpTools.Connection;

namespace FtpTools.Dialogue;

/// <summary>What is known of one try to transfer something over a data connection: what a next try, or a diagnosis, is decided by.</summary>
internal sealed class DataAttempt(FtpMode mode)
{
    /// <summary>The command that opens the data connection.</summary>
    public FtpMode Mode => mode;

    /// <summary>True when the server dials.</summary>
    public bool IsActive => mode is FtpMode.Port or FtpMode.Eprt;

    /// <summary>How far it came.</summary>
    public FtpDataStage Stage { get; set; }

    /// <summary>What the reply to EPSV or PASV named, or PORT and EPRT told the server; null when it did not come to that.</summary>
    public string? Announced { get; set; }

    /// <summary>The address that <see cref="Announced"/> has; null when it has none (EPSV).</summary>
    public IPAddress? AnnouncedAddress { get; set; }

    /// <summary>Whom this side dialled, or was dialled by.</summary>
    public string? Used { get; set; }

    /// <summary>The last thing that the server said about it; null when it said nothing.</summary>
    public FtpReply? Reply { get; set; }

    /// <summary>True once the server had said that it begins (150): what it says after that is about the data connection.</summary>
    public bool HasBegun { get; set; }

    /// <summary>True when something else went to the server in the same write as the transfer's command.</summary>
    public bool IsSentAhead { get; set; }

    /// <summary>True when bytes could move before the server had said that it begins.</summary>
    public bool IsDataAhead { get; set; }

    /// <summary>True when its data connection was announced along with the transfer before.</summary>
    public bool IsAnnouncedAhead { get; set; }

    /// <summary>Whether TLS resumed the control connection's session; null when that is not known.</summary>
    public bool? Resumed { get; private set; }

    /// <summary>The version of its TLS; null when it had none.</summary>
    public string? TlsVersion { get; private set; }

    /// <summary>How many bytes moved.</summary>
    public long Moved { get; private set; }

    /// <summary>True when nothing happened for the time that is allowed, rather than something wrong.</summary>
    public bool TimedOut { get; set; }

    /// <summary>True when the server refused the data connection because it did not resume the control connection's TLS session.</summary>
    public bool LacksReuse =>
        // vsftpd says "522 SSL connection failed: session reuse required", ProFTPD "425 Unable to build data connection:
        // Operation not permitted", FileZilla Server "425 ... not resumed" (450 in old versions),
        // all after 150. In its place, 425 and 450 have other reasons.
        HasBegun && (Stage == FtpDataStage.Secure || (Stage == FtpDataStage.Transfer && TlsVersion is not null)) && Resumed != true && Reply?.Code is 425 or 450 or 522;

    /// <summary>Forgets what became of it, for the same over a data connection by the same command again.</summary>
    public void Restart()
    {
        (Stage, Announced, AnnouncedAddress, Used, Reply) = (default, null, null, null, null);
        (HasBegun, IsSentAhead, IsDataAhead, IsAnnouncedAhead, TimedOut) = (false, false, false, false, false);
        (Resumed, TlsVersion, Moved) = (null, null, 0);
    }

    /// <summary>Takes down what became of the data connection.</summary>
    public void Take(DataConnection data)
    {
        Stage = data.Stage;
        Resumed = data.Resumed;
        TlsVersion = data.TlsVersion;
        Moved = data.Moved;
        Used ??= data.RemoteEndPoint?.ToString();
    }
}

/// <summary>A transfer that has ended well.</summary>
/// <param name="Mode">The command that opened the data connection; null when the server needed none for a listing.</param>
/// <param name="IsTruncated">True when what was received ended without TLS's own end, so that something may be missing.</param>
/// <param name="Time">The time of the file's last change, where it was asked for along with the transfer and told.</param>
internal readonly record struct DataOutcome(FtpMode? Mode, bool IsTruncated, DateTime? Time = null);
