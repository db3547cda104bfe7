using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.TestServer;

/// <summary>One agreed data connection, passive or active, good for one transfer.</summary>
internal sealed class DataChannel : IDisposable
{
    private readonly Socket? _listener;
    private readonly IPAddress _local;
    private readonly IPEndPoint? _remote;
    private readonly IPAddress? _peer;

    private DataChannel(IPAddress local, IPAddress? peer, Socket? listener, IPEndPoint? remote)
    {
        _local = local;
        _peer = peer;
        _listener = listener;
        _remote = remote;
    }

    public bool IsActive => _remote is not null;

    /// <summary>Whether the server takes the client's part in TLS over it (CPSV).</summary>
    public bool IsTlsClient { get; set; }

    /// <summary>The port listened at; 0 when active.</summary>
    public int Port => ((IPEndPoint?)_listener?.LocalEndPoint)?.Port ?? 0;

    /// <summary>Listens.</summary>
    /// <param name="local">The address to listen at.</param>
    /// <param name="peer">Who alone is let in; null lets anybody in.</param>
    public static DataChannel Passive(IPAddress local, IPAddress? peer)
    {
        var listener = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(local, 0));
        listener.Listen(1);
        return new DataChannel(local, peer, listener, null);
    }

    public static DataChannel Active(IPAddress local, IPEndPoint remote) => new(local, remote.Address, null, remote);

    /// <summary>Dials the client, or waits for it to dial.</summary>
    /// <exception cref="RefusalException">It did not come about in time: 425.</exception>
    public async Task<Socket> OpenAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(timeout);
        try
        {
            var socket = _remote is null ? await AcceptAsync(bound.Token).ConfigureAwait(false)
                : await DialAsync(_remote, bound.Token).ConfigureAwait(false);
            socket.NoDelay = true;
            return socket;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is SocketException or OperationCanceledException)
        {
            throw new RefusalException("425 Can't open data connection.");
        }
        finally
        {
            Dispose();
        }
    }

    public void Dispose() => _listener?.Dispose();

    private async Task<Socket> AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var socket = await _listener!.AcceptAsync(cancellationToken).ConfigureAwait(false);
            if (_peer is null || ((IPEndPoint)socket.RemoteEndPoint!).Address.Equals(_peer))
                return socket;
            socket.Dispose();
        }
    }

    private async Task<Socket> DialAsync(IPEndPoint remote, CancellationToken cancellationToken)
    {
        var socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // The client checks that its caller is the host it talks to.
            socket.Bind(new IPEndPoint(_local, 0));
            await socket.ConnectAsync(remote, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
