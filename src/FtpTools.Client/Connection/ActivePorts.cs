using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace FtpTools.Connection;

/// <summary>The local ports of active mode: one of the system's choice, or those of a range in turn.</summary>
internal sealed class ActivePorts(FtpPortRange? range)
{
    private int _next = -1;

    /// <summary>The range; null for the system's choice.</summary>
    public FtpPortRange? Range => range;

    /// <summary>
    /// Listens on the next free port. Ports are used in turn, so that one whose last connection still lingers
    /// (TIME_WAIT) rests as long as the range allows.
    /// </summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.DataConnectionFailed"/>: every port of the range is in use.</exception>
    public Socket Listen(IPAddress address)
    {
        if (range is null)
            return TryListen(address, 0) ?? throw NoPort($"No local port on {address} could be opened for the server to connect to.");
        var count = range.Last - range.First + 1;
        for (var tries = 0; tries < count; tries++)
        {
            var turn = (uint)Interlocked.Increment(ref _next);
            if (TryListen(address, range.First + (int)(turn % (uint)count)) is { } socket)
                return socket;
        }

        throw NoPort($"All ports of the range {range} on {address} are in use. Specify a larger -ActivePortRange, or use fewer connections at the same time.");
    }

    private static FtpException NoPort(string message) => new(FtpErrorKind.DataConnectionFailed, message);

    private static Socket? TryListen(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(4);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
