using System;
using System.Net;
using System.Net.Sockets;

namespace FtpTools.Diagnosis;

/// <summary>What is known of one data connection that was tried, for a diagnosis to be made of.</summary>
internal sealed record DataFacts
{
    /// <summary>The command.</summary>
    public required FtpMode Mode { get; init; }

    /// <summary>How far it came.</summary>
    public required FtpDataStage Stage { get; init; }

    /// <summary>This end of the control connection.</summary>
    public required IPAddress Local { get; init; }

    /// <summary>The other end of the control connection; a proxy's when there is one.</summary>
    public required IPAddress Peer { get; init; }

    /// <summary>How long a data connection may take to open.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>The address and port that were announced.</summary>
    public string? Announced { get; init; }

    /// <summary>The announced address; null when there was none.</summary>
    public IPAddress? AnnouncedAddress { get; init; }

    /// <summary>Whom this side dialled, or was dialled by.</summary>
    public string? Used { get; init; }

    /// <summary>The server's last reply.</summary>
    public FtpReply? Reply { get; init; }

    /// <summary>Nothing happened for the time that is allowed.</summary>
    public bool TimedOut { get; init; }

    /// <summary>What the system said of the socket; null when it said nothing.</summary>
    public SocketError? Socket { get; init; }

    /// <summary>True when TLS hides the control connection from what stands between.</summary>
    public bool IsHidden { get; init; }

    /// <summary>True when the control connection was lost by it.</summary>
    public bool CostConnection { get; init; }

    /// <summary>True when a former try had cost the control connection, and it could not be made again.</summary>
    public bool IsCutOff { get; init; }

    /// <summary>True when the server wants TLS sessions to be resumed, and this one was not.</summary>
    public bool LacksReuse { get; init; }

    /// <summary>What TLS the data connection had; null for none.</summary>
    public string? TlsVersion { get; init; }

    /// <summary>Whether its session was resumed.</summary>
    public bool? Resumed { get; init; }

    /// <summary>The failure; null when there was none.</summary>
    public FtpException? Error { get; init; }

    /// <summary>True when a file was sent, false when a directory was listed.</summary>
    public bool IsUpload { get; init; }

    /// <summary>True when it is what the data connection was for that the server would not do; TLS is about the data connection.</summary>
    public bool IsRefusedForAnotherReason => IsOfTheTask(Stage, Error);

    /// <summary>The command as it is sent.</summary>
    public string Verb => Mode.ToString().ToUpperInvariant();

    /// <summary>True when the server dials.</summary>
    public bool IsActive => Mode is FtpMode.Port or FtpMode.Eprt;

    /// <summary>True when the server took what opens the data connection, and refused what it was for.</summary>
    public static bool IsOfTheTask(FtpDataStage? stage, FtpException? error) =>
        stage > FtpDataStage.Announce
        && error is FtpCommandException { Kind: not (FtpErrorKind.DataConnectionFailed or FtpErrorKind.TransferIncomplete), Reply.Code: not (521 or 522 or 533 or 534) };
}
