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
            $"Port {options.Port} refused the connection immediately. No FTP server is listening there, or a firewall rejects the connection. Check the port (21, or 990 for implicit TLS), and whether the server is running.",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable =>
            "There is no route to this address. Check the network of this computer, its VPN and the routers in between.",
        _ when e.InnerException is TimeoutException =>
            FormattableString.Invariant($"There was no response from {options.ComputerName} within {options.Timeout.TotalSeconds:0.#} seconds. A firewall silently drops packets to port {options.Port}, or no computer has this address. Have the port opened, or connect through a proxy (-Proxy)."),
        _ => e.Message,
    };

    /// <summary>Why no greeting came over the connection.</summary>
    public static string OfGreeting(Exception e) => e switch
    {
        FtpConnectionException { Kind: FtpErrorKind.Timeout } =>
            $"The port is open, but no FTP server sent a greeting. It may require implicit TLS (-Tls Implicit), it may not be an FTP server, or a firewall allows the connection but blocks its data. {e.Message}",
        FtpConnectionException { Reply: null } =>
            $"The port is open, but the connection was cut before the server sent a greeting: by a firewall, or by a server that accepts only certain addresses. {e.Message}",
        _ => e.Message,
    };
}
