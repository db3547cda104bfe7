using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Connection;

/// <summary>Opens TCP connections with a bound on the time.</summary>
internal static class TcpDial
{
    /// <summary>Dials a host by name or address; of several addresses, each in turn.</summary>
    /// <exception cref="SocketException">No address answered; the last one's failure.</exception>
    /// <exception cref="TimeoutException">The time ran out.</exception>
    public static async Task<Socket> ConnectAsync(string host, int port, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var end = DateTime.UtcNow + timeout;
        var addresses = IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(host).WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
        Exception failure = new SocketException((int)SocketError.HostNotFound);
        for (var i = 0; i < addresses.Length; i++)
        {
            // A dead first address (an IPv6 route to nowhere, say) must leave time for the others.
            var left = end - DateTime.UtcNow;
            var share = TimeSpan.FromTicks(left.Ticks / (addresses.Length - i));
            if (share <= TimeSpan.Zero)
                throw new TimeoutException();
            try
            {
                return await ConnectAsync(new IPEndPoint(addresses[i], port), share, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or TimeoutException)
            {
                failure = e;
            }
        }

        throw failure;
    }

    /// <summary>
    /// Dials one address, by a blocking call on a pool thread. A socket that was ever asynchronous, or set to non-blocking,
    /// stays in .NET's event loop on Unix, which then wakes for every packet: a third more processor time for a data
    /// connection, whose bytes move in blocking calls.
    /// </summary>
    /// <exception cref="SocketException">It refused, or cannot be reached.</exception>
    /// <exception cref="TimeoutException">The time ran out.</exception>
    public static async Task<Socket> ConnectAsync(IPEndPoint endpoint, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        var connecting = Task.Run(() => socket.Connect(endpoint), cancellationToken);
        try
        {
            await connecting.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            // This ends the blocking call too, whose failure is then of no interest.
            socket.Dispose();
            _ = connecting.ContinueWith(
                static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
    }
}
