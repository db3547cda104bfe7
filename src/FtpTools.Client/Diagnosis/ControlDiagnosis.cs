using System;
using System.Net.Sockets;

namespace FtpTools.Diagnosis;

/// <summary>Makes plain words of what happened to a control connection before anything was said over it.</summary>
internal static class ControlDiagnosis
{
    /// <summary>Why there is no connection to the port.</summary>
    public static string OfConnect(Exception e, FtpClientOptions options) => (e.InnerException as SocketException)?.SocketErrorCode switch
    {
        SocketError.ConnectionRefused =>
            $"Port {options.Port} refused the connection at once: no FTP server listens there, or a firewall rejects it. Check the port (21; 990 for implicit TLS), and that the server runs.",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable =>
            "There is no way to this address: this computer's network, its VPN or a router on the way does not lead there.",
        _ when e.InnerException is TimeoutException =>
            FormattableString.Invariant($"Nothing answered at {options.ComputerName} within {options.Timeout.TotalSeconds:0.#} seconds: a firewall silently drops what goes to port {options.Port}, or nobody has this address. Have the port opened; a proxy may lead there too (-Proxy)."),
        _ => e.Message,
    };

    /// <summary>Why no greeting came over the connection.</summary>
    public static string OfGreeting(Exception e) => e switch
    {
        FtpConnectionException { Kind: FtpErrorKind.Timeout } =>
            $"The port is open, and no FTP server has spoken. It may want TLS from the first byte (-Tls Implicit), it may not be FTP, or a firewall let the connection through and holds back what comes over it. {e.Message}",
        FtpConnectionException { Reply: null } =>
            $"The port is open, and the connection was cut before the server had spoken: by a firewall, or by a server that lets only certain addresses in. {e.Message}",
        _ => e.Message,
    };
}
