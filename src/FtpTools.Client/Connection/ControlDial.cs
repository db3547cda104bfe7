using System;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Connection;

/// <summary>Opens control connections.</summary>
internal static class ControlDial
{
    /// <summary>How often TCP asks again; with the count of questions it takes two minutes until a silent server counts as lost.</summary>
    private const int KeepAliveCount = 8;
    private static readonly TimeSpan _keepAliveInterval = TimeSpan.FromSeconds(15);

    /// <summary>
    /// After how long a silence TCP asks whether the server is still there: a long transfer leaves this connection silent,
    /// and a NAT forgets it then, some after a few minutes (RFC 5382, REQ-5 wants two hours). The user knows better than
    /// the minute that suits most.
    /// </summary>
    /// <param name="asked">The session's -KeepAliveSec; zero for none.</param>
    public static TimeSpan KeepAliveTime(TimeSpan asked)
    {
        // Linux takes no more than 32767 seconds.
        var seconds = asked > TimeSpan.Zero ? Math.Min(Math.Ceiling(asked.TotalSeconds), short.MaxValue) : 60;
        return TimeSpan.FromSeconds(seconds);
    }

    /// <summary>Dials a server, every address of its name in turn.</summary>
    /// <exception cref="FtpConnectionException">The name does not resolve, nobody answered in time, or the proxy refused.</exception>
    public static async Task<ControlConnection> ConnectAsync(FtpClientOptions options, int number, CancellationToken cancellationToken)
    {
        var where = $"{options.ComputerName}:{options.Port}";
        Socket socket;
        try
        {
            socket = await TcpDial.ConnectAsync(new DialTarget(options.ComputerName, options.Port), options.Proxy, isNear: false, options.Timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (ProxyException e)
        {
            throw new FtpConnectionException(e.Kind, $"Could not connect to {where}: {Secrets.Of(options).Hide(e.Message)}.", e);
        }
        catch (SocketException e)
        {
            throw new FtpConnectionException(
                FtpErrorKind.HostUnreachable,
                $"Could not connect to {where}: {e.Message}. {Advice(e.SocketErrorCode)}", e);
        }
        catch (TimeoutException e)
        {
            throw new FtpConnectionException(
                FtpErrorKind.Timeout,
                FormattableString.Invariant($"Could not connect to {where} within {options.Timeout.TotalSeconds:0.#} seconds: there was no response. The computer may be turned off, or a firewall may drop the connection. To wait longer, use -TimeoutSec."), e);
        }

        ControlConnection connection;
        try
        {
            socket.NoDelay = true;
            var idle = KeepAliveTime(options.KeepAlive);
            Compat.KeepAlive(socket, idle, idle < _keepAliveInterval ? idle : _keepAliveInterval, KeepAliveCount);
            connection = new ControlConnection(new NetworkStream(socket, ownsSocket: true), socket, $"{where}#{number}", options.Timeout, options.Log, Secrets.Of(options));
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // What was reset already has no other end any more.
            socket.Dispose();
            throw new FtpConnectionException(
                FtpErrorKind.ConnectionLost,
                $"The control connection to {where} was lost immediately after it opened ({e.Message.TrimEnd('.')}). The server may be starting or stopping, or may not accept connections from this address.", e);
        }

        connection.Trace(FtpLogLevel.Trace, $"Control connection from {connection.LocalEndPoint} to {connection.RemoteEndPoint}{(options.Proxy is null ? "" : $", through the proxy {options.Proxy}")}.");
        return connection;
    }

    private static string Advice(SocketError error) => error switch
    {
        SocketError.HostNotFound or SocketError.NoData => "The name is unknown. Check its spelling.",
        SocketError.TryAgain or SocketError.NoRecovery => "The DNS server doesn't respond. Try again later, or specify the IP address.",
        SocketError.ConnectionRefused => "The computer is reachable, but it refused the connection. Check the port, and whether the server is running.",
        _ => "Check the name, the port, the network and its firewalls.",
    };
}
