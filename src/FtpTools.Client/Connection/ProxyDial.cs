using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Connection;

/// <summary>Opens TCP connections through a proxy.</summary>
internal static class ProxyDial
{
    /// <summary>Dials the proxy, every address of its name in turn, and has it dial the target.</summary>
    /// <param name="proxy">The proxy.</param>
    /// <param name="target">Whom it is to dial; a name is for it to resolve.</param>
    /// <param name="timeout">The time for both.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="ProxyException">The proxy cannot be reached, refuses, or was not ready in time.</exception>
    public static async Task<Socket> ConnectAsync(FtpProxy proxy, DialTarget target, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var reached = false;
        try
        {
            return await TcpDial.ConnectAsync(
                new DialTarget(proxy.Host, proxy.Port),
                socket =>
                {
                    Volatile.Write(ref reached, true);
                    ShakeHands(socket, proxy, target);
                },
                isNear: false, timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new ProxyException(
                FtpErrorKind.HostUnreachable, $"the proxy {proxy} can't be reached: {e.Message}. Check the name and the port of -Proxy", e);
        }
        catch (TimeoutException e)
        {
            throw new ProxyException(
                FtpErrorKind.Timeout,
                Volatile.Read(ref reached)
                    ? FormattableString.Invariant($"the proxy {proxy} accepted the connection, but didn't open the connection to {target} within {timeout.TotalSeconds:0.#} seconds")
                    : FormattableString.Invariant($"the proxy {proxy} didn't respond within {timeout.TotalSeconds:0.#} seconds. Check the name and the port of -Proxy"),
                e);
        }
    }

    private static void ShakeHands(Socket socket, FtpProxy proxy, DialTarget target)
    {
        var handshake = ProxyHandshake.Create(proxy, target);
        var buffer = new byte[512];
        try
        {
            socket.Send(handshake.First);
            while (!handshake.IsDone)
            {
                // The server's greeting may be in the same segment as the end of the proxy's answer. So what came is
                // looked at first, and no more than the proxy's own bytes are taken.
                var count = socket.Receive(buffer, 0, buffer.Length, SocketFlags.Peek);
                if (count == 0)
                    throw Lost("it closed the connection", null);
                var left = handshake.Feed(buffer, count, out var answer);
                while (left > 0)
                    left -= socket.Receive(buffer, 0, left, SocketFlags.None);
                if (answer is not null)
                    socket.Send(answer);
            }
        }
        catch (SocketException e)
        {
            // Not the failure of an address, after which the proxy's next one would be tried.
            throw Lost(e.Message, e);
        }

        ProxyException Lost(string why, Exception? cause) => new(
            FtpErrorKind.HostUnreachable,
            $"the connection to the proxy {proxy} was lost before it opened the connection to {target}: {why}. Check the scheme and the port of -Proxy, and whether the proxy allows this connection", cause);
    }
}
