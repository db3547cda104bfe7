using System;
using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Connection;

/// <summary>Opens TCP connections with a bound on the time.</summary>
internal static class TcpDial
{
    /// <summary>Dials a host, or has a proxy dial it.</summary>
    /// <param name="target">The host by name or address; of several addresses, each in turn.</param>
    /// <param name="proxy">The proxy; null for none.</param>
    /// <param name="isNear">The host answers within a moment, so that waiting for it on this thread, if it may wait, is cheaper than to have another one do so.</param>
    /// <param name="timeout">The time for all of it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="SocketException">Without a proxy: no address answered; the last one's failure.</exception>
    /// <exception cref="TimeoutException">Without a proxy: the time ran out.</exception>
    /// <exception cref="ProxyException">With a proxy: whatever went wrong.</exception>
    public static Task<Socket> ConnectAsync(DialTarget target, FtpProxy? proxy, bool isNear, TimeSpan timeout, CancellationToken cancellationToken) =>
        proxy is null
            ? ConnectAsync(target, static _ => { }, isNear, timeout, cancellationToken)
            : ProxyDial.ConnectAsync(proxy, target, timeout, cancellationToken);

    /// <summary>Dials a host by name or address; of several addresses, each in turn.</summary>
    /// <param name="target">The host.</param>
    /// <param name="begin">What comes next on the connected socket, in blocking calls, within the same time.</param>
    /// <param name="isNear">As above.</param>
    /// <param name="timeout">The time for all of it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="SocketException">No address answered; the last one's failure.</exception>
    /// <exception cref="TimeoutException">The time ran out.</exception>
    public static async Task<Socket> ConnectAsync(DialTarget target, Action<Socket> begin, bool isNear, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var end = DateTime.UtcNow + timeout;
        var addresses = target.Address is { } literal
            ? [literal]
            : await Dns.GetHostAddressesAsync(target.Host).WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
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
                return await ConnectAsync(new IPEndPoint(addresses[i], target.Port), begin, isNear, share, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or TimeoutException)
            {
                failure = e;
            }
        }

        throw failure;
    }

    /// <summary>
    /// Dials one address, by a blocking call. A socket that was ever asynchronous, or set to non-blocking,
    /// stays in .NET's event loop on Unix, which then wakes for every packet: a third more processor time for a data
    /// connection, whose bytes move in blocking calls.
    /// </summary>
    /// <exception cref="SocketException">It refused, or cannot be reached.</exception>
    /// <exception cref="TimeoutException">The time ran out.</exception>
    private static async Task<Socket> ConnectAsync(IPEndPoint endpoint, Action<Socket> begin, bool isNear, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        void Connect()
        {
            socket.Connect(endpoint);
            begin(socket);
        }

        if (isNear && WireThreads.IsCurrent)
        {
            ConnectHere(socket, Connect, timeout, cancellationToken);
            return socket;
        }

        var connecting = WireThreads.Run(Connect);
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

    /// <summary>Connects on this thread. Whichever comes first counts, the connection or what ends the wait for it.</summary>
    private static void ConnectHere(Socket socket, Action connect, TimeSpan timeout, CancellationToken cancellationToken)
    {
        const int Waiting = 0, Connected = 1, Cancelled = 2, Late = 3;
        var state = Waiting;
        void GiveUp(int why)
        {
            if (Interlocked.CompareExchange(ref state, why, Waiting) == Waiting)
                socket.Dispose();
        }

        using var stop = cancellationToken.Register(() => GiveUp(Cancelled));
        using var bound = new Timer(_ => GiveUp(Late), null, timeout, Timeout.InfiniteTimeSpan);
        Exception? failure = null;
        try
        {
            connect();
        }
        catch (Exception e)
        {
            failure = e;
        }

        switch (Interlocked.CompareExchange(ref state, Connected, Waiting))
        {
            case Cancelled:
                throw new OperationCanceledException(cancellationToken);
            case Late:
                throw new TimeoutException();
        }

        if (failure is null)
            return;
        socket.Dispose();
        ExceptionDispatchInfo.Capture(failure).Throw();
    }
}
