using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Connection;

/// <summary>
/// One data connection (RFC 959, 3.2): dialled (passive) or waited for (active), used for one transfer, closed. Disposing
/// it from another thread ends whatever it waits for.
/// </summary>
internal sealed class DataConnection : IDisposable
{
    private readonly TimeSpan _idleTimeout;
    private readonly string _source;
    private readonly WireGuard _guard;
    private readonly Action<string> _trace;
    private Socket? _listener;
    private Socket? _socket;
    private Stream? _stream;
    private TlsChannel? _tls;
    private DataCopy? _copy;
    private volatile bool _disposed;

    private DataConnection(FtpMode mode, string source, TimeSpan idleTimeout, Action<string> trace)
    {
        Mode = mode;
        _source = source;
        _idleTimeout = idleTimeout;
        _guard = new WireGuard(source, idleTimeout);
        _trace = trace;
    }

    /// <summary>The command that it was opened with.</summary>
    public FtpMode Mode { get; }

    /// <summary>How far it has come.</summary>
    public FtpDataStage Stage { get; private set; } = FtpDataStage.Open;

    /// <summary>True when there is a connection to move bytes over.</summary>
    public bool IsOpen => Stage == FtpDataStage.Transfer;

    /// <summary>The other end; null as long as there is none.</summary>
    public IPEndPoint? RemoteEndPoint { get; private set; }

    /// <summary>How many bytes have been moved.</summary>
    public long Moved => _copy?.Moved ?? 0;

    /// <summary>Whether its TLS resumed the control connection's; null when that is not known, or there is none.</summary>
    public bool? Resumed => _tls?.Resumed;

    /// <summary>The version of its TLS; null when there is none.</summary>
    public string? TlsVersion => _tls?.Version;

    /// <summary>Why this side did not take the server's certificate; null when it did. The server's own complaint of that may be faster.</summary>
    public FtpException? Rejection { get; private set; }

    /// <summary>True when what was received ended as if it had been cut: without TLS's own end.</summary>
    public bool IsTruncated => _copy?.IsTruncated == true;

    /// <summary>Where the server is to dial in active mode.</summary>
    public IPEndPoint ListenEndPoint => (IPEndPoint)_listener!.LocalEndPoint!;

    /// <summary>Dials the server, through the proxy if there is one, within <paramref name="timeout"/> (passive mode).</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.DataConnectionFailed"/>: it refused, or did not answer in time.</exception>
    public static async Task<DataConnection> DialAsync(
        FtpMode mode, DialTarget endpoint, bool isNear, TimeSpan timeout, FtpClientOptions options, string source, Action<string> trace, CancellationToken cancellationToken)
    {
        var data = new DataConnection(mode, source, options.Timeout, trace);
        try
        {
            data.Attach(await TcpDial.ConnectAsync(endpoint, options.Proxy, isNear, timeout, cancellationToken).ConfigureAwait(false));
        }
        catch (ProxyException e)
        {
            throw new FtpException(
                FtpErrorKind.DataConnectionFailed, $"The data connection to {endpoint}, which the server announced ({mode}), could not be opened: {Secrets.Of(options).Hide(e.Message)}.", null, e);
        }
        catch (TimeoutException e)
        {
            throw new FtpException(
                FtpErrorKind.DataConnectionFailed,
                FormattableString.Invariant($"The data connection to {endpoint}, which the server announced ({mode}), didn't open within {timeout.TotalSeconds:0.#} seconds: there was no response. ")
                + "A firewall may be dropping packets to the server's passive ports. See about_FtpModes, or try Set-FtpMode Active.", null, e);
        }
        catch (SocketException e)
        {
            throw new FtpException(
                FtpErrorKind.DataConnectionFailed,
                $"The data connection to {endpoint}, which the server announced ({mode}), could not be opened: {e.Message}. "
                + "The server's passive ports don't seem to be open to this computer. See about_FtpModes, or try Set-FtpMode Active.", null, e);
        }

        trace($"Data connection ({mode}) to {endpoint} is open.");
        return data;
    }

    /// <summary>Opens a port for the server to dial (active mode), on the control connection's local address.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.DataConnectionFailed"/>: no port is free.</exception>
    public static DataConnection Listen(FtpMode mode, IPAddress local, ActivePorts ports, FtpClientOptions options, string source, Action<string> trace)
    {
        var data = new DataConnection(mode, source, options.Timeout, trace) { _listener = ports.Listen(local) };
        trace($"Waiting for the server's data connection ({mode}) on {data.ListenEndPoint}.");
        return data;
    }

    /// <summary>Completes it once the transfer's command is sent: waits for the server to dial in active mode, and puts TLS around it.</summary>
    /// <param name="peer">The control connection's other end.</param>
    /// <param name="timeout">How long to wait for the server to dial, and then for TLS.</param>
    /// <param name="tls">The control connection's TLS; null for a data connection in clear text.</param>
    /// <param name="cancellationToken">Ends the wait to be dialled; disposing ends the rest.</param>
    /// <exception cref="FtpException">The server did not call in time, or TLS failed.</exception>
    public async Task OpenAsync(IPAddress peer, TimeSpan timeout, TlsClient? tls, CancellationToken cancellationToken)
    {
        if (_listener is not null)
            await AcceptAsync(peer, timeout, cancellationToken).ConfigureAwait(false);
        if (tls is not null)
        {
            Stage = FtpDataStage.Secure;
            await WireThreads.Run(() => Secure(tls, timeout)).ConfigureAwait(false);
        }

        _copy = new DataCopy(_socket!, _stream!, _tls, _guard, _trace);
        Stage = FtpDataStage.Transfer;
    }

    /// <inheritdoc cref="DataCopy.ReceiveAsync"/>
    public Task ReceiveAsync(Action<byte[], int> consume, int bufferSize, long? expected) => _copy!.ReceiveAsync(consume, bufferSize, expected);

    /// <inheritdoc cref="DataCopy.SendAsync"/>
    public Task SendAsync(Func<byte[], int> produce, long? expected) => _copy!.SendAsync(produce, expected);

    /// <summary>Waits for the server to dial. Callers from other addresses are turned away (RFC 2577, 4).</summary>
    private async Task AcceptAsync(IPAddress peer, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var listener = _listener!;
        var end = DateTime.UtcNow + timeout;
        Task<Socket>? accepting = null;
        try
        {
            while (_socket is null)
            {
                var left = end - DateTime.UtcNow;
                accepting = listener.AcceptAsync();
                var caller = await accepting.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
                accepting = null;
                var from = OtherEnd(caller);
                if (from is not null && from.Address.Equals(peer))
                {
                    _trace($"Data connection ({Mode}) from {from} is open.");
                    Attach(caller);
                    break;
                }

                _trace($"Rejected a data connection from {from?.ToString() ?? "an unknown address"}, because it isn't the server ({peer}).");
                caller.Dispose();
            }
        }
        catch (TimeoutException e)
        {
            throw new FtpException(
                FtpErrorKind.DataConnectionFailed,
                FormattableString.Invariant($"{_source} didn't open the data connection to {listener.LocalEndPoint} ({Mode}) within {timeout.TotalSeconds:0.#} seconds. ")
                + "A firewall or NAT in front of this computer may be dropping the server's connection. See about_FtpModes, or try Set-FtpMode Passive.", null, e);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw _guard.Broken(e);
        }
        finally
        {
            // A call that comes in at the very moment of giving up is hung up on.
            _ = accepting?.ContinueWith(
                static late => (late.Exception is null && !late.IsCanceled ? late.Result : null)?.Dispose(),
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            listener.Dispose();
            _listener = null;
        }
    }

    /// <summary>Closes both the port that waits and the connection.</summary>
    public void Dispose()
    {
        _disposed = true;
        _listener?.Dispose();
        // First the socket, which ends whatever another thread waits for in TLS.
        _socket?.Dispose();
        _stream?.Dispose();
    }

    private void Attach(Socket socket)
    {
        socket.ReceiveTimeout = socket.SendTimeout = (int)Math.Min(int.MaxValue, _idleTimeout.TotalMilliseconds);
        _socket = socket;
        RemoteEndPoint = OtherEnd(socket);
        try
        {
            _stream = new NetworkStream(socket, ownsSocket: true);
        }
        catch (IOException e)
        {
            // The other end has reset it already, as a server does that goes down.
            socket.Dispose();
            throw _guard.Broken(e);
        }

        if (_disposed)
            Dispose();
    }

    /// <summary>The other end; null when it has reset the connection already, for then the system does not tell any more.</summary>
    private static IPEndPoint? OtherEnd(Socket socket)
    {
        try
        {
            return (IPEndPoint?)socket.RemoteEndPoint;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private void Secure(TlsClient tls, TimeSpan timeout)
    {
        var socket = _socket!;
        var isLate = false;
        // In all, and not for each read: a handshake may come byte by byte.
        using var bound = new Timer(
            _ =>
            {
                isLate = true;
                socket.Dispose();
            },
            null, timeout, Timeout.InfiniteTimeSpan);
        try
        {
            _tls = _guard.Run(() => tls.SecureData(_stream!));
        }
        catch (FtpException e) when (e.Kind == FtpErrorKind.CertificateRejected)
        {
            Rejection = e;
            throw;
        }
        catch (FtpException e) when (isLate)
        {
            throw new FtpException(
                FtpErrorKind.Timeout,
                FormattableString.Invariant($"The TLS handshake of the data connection with {_source} wasn't completed within {timeout.TotalSeconds:0.#} seconds. To wait longer, use Connect-Ftp -DataTimeoutSec."), null, new TimeoutException(e.Message, e));
        }

        _stream = _tls.Stream;
        _trace($"Data connection ({Mode}) is secured by {_tls!.Version}{(_tls.Resumed switch { true => ", with a resumed session", false => ", with a new session", _ => "" })}.");
    }
}
