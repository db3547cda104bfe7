using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Connection;

/// <summary>
/// One data connection (RFC 959, 3.2): dialled (passive) or waited for (active), used for one transfer, closed. Bytes
/// move in a blocking loop with large buffers on a thread of its own, which is half as long again as fast as an
/// asynchronous one. Disposing it from another thread ends whatever it waits for.
/// </summary>
internal sealed class DataConnection : IDisposable
{
    /// <summary>A file's receiving buffer in bytes: of 64 KiB to 2 MiB, what is below 512 KiB costs a third more time.</summary>
    public const int ReceiveBufferSize = 512 * 1024;

    /// <summary>A file's sending buffer in bytes: of 32 KiB to 1 MiB the fastest, for larger ones let the server run dry.</summary>
    private const int SendBufferSize = 128 * 1024;

    /// <summary>
    /// For encrypted bytes under way: many records at a time, each of which SslStream would read in two calls on the socket
    /// and hand on in one, and of which it would write two at a time.
    /// </summary>
    private const int TlsBufferSize = 128 * 1024;

    /// <summary>So many bytes at most are moved without a thread of their own.</summary>
    private const int ShortLength = 16 * 1024;

    private static readonly TimeSpan _closeWait = TimeSpan.FromSeconds(1);
    private readonly TimeSpan _idleTimeout;
    private readonly string _source;
    private readonly Action<string> _trace;
    private Socket? _listener;
    private Socket? _socket;
    private Stream? _stream;
    private TlsChannel? _tls;
    private long _moved;
    private volatile bool _disposed;

    private DataConnection(FtpMode mode, string source, TimeSpan idleTimeout, Action<string> trace)
    {
        Mode = mode;
        _source = source;
        _idleTimeout = idleTimeout;
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
    public long Moved => Interlocked.Read(ref _moved);

    /// <summary>Whether its TLS resumed the control connection's; null when that is not known, or there is none.</summary>
    public bool? Resumed => _tls?.Resumed;

    /// <summary>The version of its TLS; null when there is none.</summary>
    public string? TlsVersion => _tls?.Version;

    /// <summary>Why this side did not take the server's certificate; null when it did. The server's own complaint of that may be faster.</summary>
    public FtpException? Rejection { get; private set; }

    /// <summary>True when what was received ended as if it had been cut: without TLS's own end.</summary>
    public bool IsTruncated { get; private set; }

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
                FtpErrorKind.DataConnectionFailed, $"The data connection to {endpoint}, which the server announced ({mode}), could not be opened: {e.Message}.", null, e);
        }
        catch (TimeoutException e)
        {
            throw new FtpException(
                FtpErrorKind.DataConnectionFailed,
                FormattableString.Invariant($"The data connection to {endpoint}, which the server announced ({mode}), did not open within {timeout.TotalSeconds:0.#} seconds: nothing answered. ")
                + "A firewall may be dropping the server's passive ports; see about_FtpModes, or try Set-FtpMode Active.", null, e);
        }
        catch (SocketException e)
        {
            throw new FtpException(
                FtpErrorKind.DataConnectionFailed,
                $"The data connection to {endpoint}, which the server announced ({mode}), could not be opened: {e.Message}. "
                + "The server's passive ports may be closed by a firewall; see about_FtpModes, or try Set-FtpMode Active.", null, e);
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

        Stage = FtpDataStage.Transfer;
    }

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
                var address = ((IPEndPoint)caller.RemoteEndPoint!).Address;
                if (address.Equals(peer))
                {
                    _trace($"Data connection ({Mode}) from {caller.RemoteEndPoint} is open.");
                    Attach(caller);
                    break;
                }

                _trace($"Turned away a data connection from {caller.RemoteEndPoint}: it is not the server ({peer}).");
                caller.Dispose();
            }
        }
        catch (TimeoutException e)
        {
            throw new FtpException(
                FtpErrorKind.DataConnectionFailed,
                FormattableString.Invariant($"{_source} did not open the data connection to {listener.LocalEndPoint} ({Mode}) within {timeout.TotalSeconds:0.#} seconds. ")
                + "A firewall or NAT in front of this computer may be dropping the server's call; see about_FtpModes, or try Set-FtpMode Passive.", null, e);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw Broken(e);
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

    /// <summary>Receives to the end of the stream: what comes at once on this thread, if it may wait, the rest on a thread of its own.</summary>
    /// <param name="consume">Takes a buffer and the count of bytes in it; what it throws comes out as it is.</param>
    /// <param name="bufferSize">The buffer's size in bytes.</param>
    /// <param name="expected">How many bytes there should be; null when that is not known.</param>
    public Task ReceiveAsync(Action<byte[], int> consume, int bufferSize, long? expected)
    {
        return RunAsync(IsShort(expected), bufferSize, Receive, static (tls, buffer) => tls.ReceiveBy(buffer));

        bool Receive(byte[] buffer, Func<bool> mayWait)
        {
            while (OnWire(mayWait))
            {
                var count = OnWire(() => _tls is null ? _stream!.Read(buffer, 0, buffer.Length) : _tls.Receive(buffer));
                if (count == 0)
                {
                    EndReceiving();
                    return true;
                }

                Interlocked.Add(ref _moved, count);
                consume(buffer, count);
            }

            return false;
        }
    }

    /// <summary>
    /// Sends until <paramref name="produce"/> has no more, then ends the stream: a few bytes on this thread, if it may wait,
    /// more on a thread of its own.
    /// </summary>
    /// <param name="produce">Fills a buffer and returns the count of bytes, 0 at the end; what it throws comes out as it is.</param>
    /// <param name="expected">How many bytes there should be; null when that is not known.</param>
    public Task SendAsync(Func<byte[], int> produce, long? expected)
    {
        var isSent = false;
        return RunAsync(IsShort(expected), SendBufferSize, Send, static (tls, buffer) => tls.SendBy(buffer));

        bool Send(byte[] buffer, Func<bool> mayWait)
        {
            int count;
            while (!isSent && (count = produce(buffer)) > 0)
            {
                OnWire(() =>
                {
                    if (_tls is null)
                        _stream!.Write(buffer, 0, count);
                    else
                        _tls.Send(buffer, count);
                    Interlocked.Add(ref _moved, count);
                    return 0;
                });
            }

            if (!isSent)
                EndSending();
            isSent = true;
            return AwaitEnd(buffer, mayWait);
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

    private void EndReceiving()
    {
        if (_tls is null)
            return;
        IsTruncated = _tls.IsTruncated;
        SayEnd();
    }

    /// <summary>
    /// Ends the stream. Closing with unread bytes in the receive buffer would reset the connection and lose what is under
    /// way (TLS 1.3's tickets are such bytes); so it is ended first and then read to its end.
    /// </summary>
    private void EndSending()
    {
        if (_tls is not null)
            SayEnd();
        OnWire(() =>
        {
            _socket!.Shutdown(SocketShutdown.Send);
            return 0;
        });
    }

    private bool AwaitEnd(byte[] buffer, Func<bool> mayWait)
    {
        // In all, not for each read: a server that goes on sending would never be done.
        using var bound = new Timer(static socket => ((Socket)socket!).Dispose(), _socket, _closeWait, Timeout.InfiniteTimeSpan);
        try
        {
            while (mayWait())
            {
                if (_stream!.Read(buffer, 0, buffer.Length) == 0)
                    return true;
            }

            return false;
        }
        catch (Exception e) when (IsWireFailure(e))
        {
            // All bytes are sent; whether they arrived, the closing reply tells.
            return true;
        }
    }

    /// <summary>Whether so little is to be moved that no buffer on the way can be full of it (Linux gives a new socket 16 KiB).</summary>
    private bool IsShort(long? expected) => expected <= ShortLength && _tls is null && WireThreads.IsCurrent;

    /// <summary>
    /// Moves bytes by blocking calls, on this thread as long as they come at once, if it is to begin here, and then on one
    /// of its own, next to which somebody watches the control connection.
    /// </summary>
    private Task RunAsync(bool here, int bufferSize, Func<byte[], Func<bool>, bool> move, Action<TlsChannel, byte[]?> lend)
    {
        if (here)
        {
            try
            {
                if (WithBuffer(bufferSize, buffer => move(buffer, () => _socket!.Poll(WireThreads.Moment, SelectMode.SelectRead))))
                    return Task.CompletedTask;
            }
            catch (Exception e)
            {
                return Task.FromException(e);
            }
        }

        return WireThreads.Run(() => WithBuffer(bufferSize, buffer => _tls is null ? move(buffer, static () => true) : WithBuffer(TlsBufferSize, wire =>
        {
            lend(_tls, wire);
            try
            {
                return move(buffer, static () => true);
            }
            finally
            {
                lend(_tls, null);
            }
        })));
    }

    private void Attach(Socket socket)
    {
        socket.ReceiveTimeout = socket.SendTimeout = (int)Math.Min(int.MaxValue, _idleTimeout.TotalMilliseconds);
        _socket = socket;
        RemoteEndPoint = (IPEndPoint?)socket.RemoteEndPoint;
        _stream = new NetworkStream(socket, ownsSocket: true);
        if (_disposed)
            Dispose();
    }

    private void Secure(TlsClient tls, TimeSpan timeout)
    {
        var socket = _socket!;
        var usual = socket.ReceiveTimeout;
        OnWire(() =>
        {
            socket.ReceiveTimeout = (int)Math.Min(usual, timeout.TotalMilliseconds);
            try
            {
                _tls = tls.SecureData(_stream!);
            }
            catch (FtpException e) when (e.Kind == FtpErrorKind.CertificateRejected)
            {
                Rejection = e;
                throw;
            }

            _stream = _tls.Stream;
            socket.ReceiveTimeout = usual;
            return 0;
        });
        _trace($"Data connection ({Mode}) is secured by {_tls!.Version}{(_tls.Resumed switch { true => ", the session resumed", false => ", in a new session", _ => "" })}.");
    }

    /// <summary>
    /// Ends the TLS stream. A server that has closed already has heard enough; whether all arrived, the closing reply tells.
    /// </summary>
    private void SayEnd()
    {
        try
        {
#pragma warning disable VSTHRD002 // Part of the copy, which blocks a thread of its own.
            _tls!.SendCloseNotifyAsync().GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        }
        catch (Exception e) when (IsWireFailure(e))
        {
            _trace($"TLS could not be ended on the data connection: {e.Message}");
        }
    }

    private static bool IsWireFailure(Exception e) =>
        e is IOException or SocketException or ObjectDisposedException or AuthenticationException or InvalidOperationException;

    private static bool WithBuffer(int size, Func<byte[], bool> work)
    {
        var buffer = WireBuffers.Take(size);
        try
        {
            return work(buffer);
        }
        finally
        {
            WireBuffers.GiveBack(buffer);
        }
    }

    private T OnWire<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock })
        {
            throw new FtpException(
                FtpErrorKind.Timeout,
                FormattableString.Invariant($"The data connection of {_source} moved no byte for {_idleTimeout.TotalSeconds:0.#} seconds. The server or a firewall between may be stuck; -TimeoutSec at Connect-Ftp allows more time."), null, e);
        }
        catch (Exception e) when (IsWireFailure(e) || e is NullReferenceException)
        {
            throw Broken(e);
        }
    }

    private FtpException Broken(Exception e) =>
        new(FtpErrorKind.DataConnectionFailed, $"The data connection of {_source} broke: {e.Message}", null, e) { IsPassing = true };
}
