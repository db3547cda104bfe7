using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Connection;

/// <summary>
/// The control connection (RFC 959, 2.3): commands out, replies in. It is in sync or closed: whatever goes wrong here
/// closes it and keeps the reason for the next caller. One caller at a time.
/// </summary>
internal sealed class ControlConnection : IDisposable
{
    /// <summary>How often TCP asks again; with the count of questions it takes two minutes until a silent server counts as lost.</summary>
    private const int KeepAliveCount = 8;
    private static readonly TimeSpan _keepAliveInterval = TimeSpan.FromSeconds(15);

    private readonly FtpReplyParser _parser = new();
    private readonly byte[] _buffer = new byte[4096];
    private readonly Socket? _socket;
    private readonly TimeSpan _timeout;
    private readonly FtpLog? _log;
    private Stream _stream;
    private Task<FtpReply>? _reading;
    private bool _isHandshakeInDoubt;
    private FtpConnectionException? _failure;

    /// <summary>A control connection over a stream that is connected already.</summary>
    /// <param name="stream">The way to the server; closed with this connection.</param>
    /// <param name="socket">The stream's socket; null in tests that have none.</param>
    /// <param name="source">What the log calls this connection: <c>host:port#1</c>.</param>
    /// <param name="timeout">How long to wait for a reply.</param>
    /// <param name="log">The session's log; null for none.</param>
    public ControlConnection(Stream stream, Socket? socket, string source, TimeSpan timeout, FtpLog? log)
    {
        _stream = stream;
        _socket = socket;
        _timeout = timeout;
        _log = log;
        Source = source;
        LocalEndPoint = socket?.LocalEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.Loopback, 0);
        if (socket is not null)
            socket.SendTimeout = (int)Math.Min(int.MaxValue, timeout.TotalMilliseconds);
        RemoteEndPoint = socket?.RemoteEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.Loopback, 21);
    }

    /// <summary>What the log calls this connection.</summary>
    public string Source { get; }

    /// <summary>This end: active mode listens on its address.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>The other end: passive mode dials its address, active mode accepts no other. Through a proxy it is the proxy.</summary>
    public IPEndPoint RemoteEndPoint { get; }

    /// <summary>False when the connection was closed or lost.</summary>
    public bool IsOpen => _failure is null;

    /// <summary>The TLS around the connection; null in clear text.</summary>
    public TlsChannel? Tls { get; private set; }

    /// <summary>How names are written on the wire.</summary>
    public Encoding Encoding
    {
        get => _parser.Encoding;
        set => _parser.Encoding = value;
    }

    /// <summary>
    /// True when the server has sent something, or closed, though nothing was asked: an idle connection is then of no
    /// more use (421 after its idle time, RFC 959, 5.4).
    /// </summary>
    public bool HasUnsolicitedInput
    {
        get
        {
            try
            {
                return !IsOpen || _parser.HasInput || (_socket is not null && _socket.Poll(0, SelectMode.SelectRead));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

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
    public static async Task<ControlConnection> OpenAsync(FtpClientOptions options, int number, CancellationToken cancellationToken)
    {
        var where = $"{options.ComputerName}:{options.Port}";
        Socket socket;
        try
        {
            socket = await TcpDial.ConnectAsync(new DialTarget(options.ComputerName, options.Port), options.Proxy, isNear: false, options.Timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (ProxyException e)
        {
            throw new FtpConnectionException(e.Kind, $"Could not connect to {where}: {e.Message}.", e);
        }
        catch (SocketException e)
        {
            throw new FtpConnectionException(
                FtpErrorKind.HostUnreachable,
                $"Could not connect to {where}: {e.Message}. Check the name, the port, and that a firewall lets this connection through.", e);
        }
        catch (TimeoutException e)
        {
            throw new FtpConnectionException(
                FtpErrorKind.Timeout,
                FormattableString.Invariant($"Could not connect to {where} within {options.Timeout.TotalSeconds:0.#} seconds: nothing answered. A firewall may be dropping the connection; -TimeoutSec allows more time."), e);
        }

        socket.NoDelay = true;
        var idle = KeepAliveTime(options.KeepAlive);
        Compat.KeepAlive(socket, idle, idle < _keepAliveInterval ? idle : _keepAliveInterval, KeepAliveCount);
        var connection = new ControlConnection(new NetworkStream(socket, ownsSocket: true), socket, $"{where}#{number}", options.Timeout, options.Log);
        connection.Trace(FtpLogLevel.Trace, $"Control connection from {connection.LocalEndPoint} to {connection.RemoteEndPoint}{(options.Proxy is null ? "" : $", the proxy {options.Proxy}")}.");
        return connection;
    }

    /// <summary>Writes one line to the log and to the running operation's trace.</summary>
    public void Trace(FtpLogLevel level, string message) => FtpTrace.Write(new FtpLogEntry(level, Source, message), _log);

    /// <summary>
    /// Sees, when no reply is owed, that none has come: it would be taken for the reply to the next command, and each one
    /// after it for another's. A 421 is heard as what it is.
    /// </summary>
    public async Task ThrowIfOutOfStepAsync(CancellationToken cancellationToken)
    {
        if (_reading is not { IsCompleted: true } && !(Tls is null ? HasUnsolicitedInput : _parser.HasInput))
            return;
        var reply = await ReceiveAsync(cancellationToken).ConfigureAwait(false);
        throw FailOutOfStep("nothing", reply);
    }

    /// <summary>Closes the connection, for a reply cannot be to the command that was sent: which replies belong to which commands is not known any more.</summary>
    public FtpConnectionException FailOutOfStep(string command, FtpReply reply) =>
        Fail(FtpErrorKind.ConnectionLost, $"{Source} answered '{reply}' to {command}, which cannot be its reply, so that nothing it says can be trusted any more", null);

    /// <summary>Sends commands, in one write. The only method that writes to the control connection.</summary>
    public async Task SendAsync(IReadOnlyList<FtpCommand> commands, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        cancellationToken.ThrowIfCancellationRequested();
        var bytes = commands[0].ToBytes(Encoding);
        for (var i = 1; i < commands.Count; i++)
            bytes = [.. bytes, .. commands[i].ToBytes(Encoding)];
        for (var i = 0; i < commands.Count && FtpTrace.IsHeard(_log); i++)
            Trace(FtpLogLevel.Debug, "--> " + commands[i].Redacted);
        try
        {
            // A started write is never abandoned: half a command would leave the connection in doubt. Commands are short, so
            // that it waits only when the server has stopped reading, and then for the socket's own time.
            if (_socket is not null)
                _stream.Write(bytes, 0, bytes.Length);
            else
                await _stream.WriteAsync(bytes, 0, bytes.Length, CancellationToken.None).WaitAsync(_timeout, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or IOException { InnerException: SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock } })
        {
            throw Fail(FtpErrorKind.Timeout, FormattableString.Invariant($"{Source} took no command for {_timeout.TotalSeconds:0.#} seconds; {commands[0].Verb} could not be sent"), e);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
        {
            throw Lost($"before {commands[0].Verb} was sent", e);
        }
    }

    /// <summary>Sends a command.</summary>
    public Task SendAsync(FtpCommand command, CancellationToken cancellationToken) => SendAsync([command], cancellationToken);

    /// <summary>Receives the next reply, within the session's time.</summary>
    public Task<FtpReply> ReceiveAsync(CancellationToken cancellationToken) => ReceiveAsync(_timeout, cancellationToken);

    /// <summary>
    /// Receives the next reply. When cancelled, the reply is still owed and the next call receives it. A reply that
    /// does not come within <paramref name="timeout"/> closes the connection.
    /// </summary>
    public async Task<FtpReply> ReceiveAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (_reading is null)
            ThrowIfClosed();
        try
        {
            if (_reading is not null || !TryReadHere(out var reply))
            {
                reply = await (_reading ??= ReadAsync()).WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
                _reading = null;
            }

            _isHandshakeInDoubt = false;
            if (FtpTrace.IsHeard(_log))
                Trace(FtpLogLevel.Debug, Show(reply));
            if (reply.Code == 421)
                throw Fail(FtpErrorKind.ConnectionLost, $"{Source} closed the control connection: the server said '{reply}'", null, reply);
            return reply;
        }
        catch (TimeoutException e)
        {
            throw Fail(FtpErrorKind.Timeout, FormattableString.Invariant($"{Source} did not reply within {timeout.TotalSeconds:0.#} seconds; -TimeoutSec at Connect-Ftp allows more time"), e);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException or EndOfStreamException)
        {
            throw Lost("while waiting for a reply", e);
        }
        catch (InvalidDataException e)
        {
            throw Fail(FtpErrorKind.ConnectionLost, $"The control connection to {Source} was closed, for {e.Message}", e);
        }
    }

    /// <summary>Ends when the next reply is there to be received, or the connection is lost; never throws, takes nothing.</summary>
    public Task WhenReplyAsync() => Task.WhenAny(_reading ??= ReadAsync());

    /// <summary>Receives the next reply if it comes within a grace; null, with the reply still owed, if it does not.</summary>
    public async Task<FtpReply?> TryReceiveAsync(TimeSpan grace)
    {
        using var stop = new CancellationTokenSource(grace > TimeSpan.Zero ? grace : TimeSpan.Zero);
        try
        {
            return await ReceiveAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>
    /// Puts TLS around the connection. Plain text that the server, or somebody between, sent ahead is discarded: it would
    /// pass for a reply that came encrypted.
    /// </summary>
    /// <exception cref="FtpConnectionException">The handshake failed, or the certificate was not accepted.</exception>
    public async Task SecureAsync(TlsClient tls, bool isImplicit, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        _parser.Discard();
        try
        {
            Tls = await tls.SecureControlAsync(_stream, isImplicit, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpException e)
        {
            throw Fail(e.Kind, e.Message.TrimEnd('.'), e);
        }
        catch (Exception e)
        {
            Fail(FtpErrorKind.ConnectionLost, $"The TLS handshake with {Source} was given up", e);
            throw;
        }

        _stream = Tls.Stream;
        _isHandshakeInDoubt = true;
        Trace(
            FtpLogLevel.Information,
            $"Secured by {tls.Security}; certificate of {tls.Security!.Certificate.Subject}, SHA-256 {tls.Security.Thumbprint}{(Tls.Resumed == true ? "; an earlier session was resumed" : "")}.");
    }

    /// <summary>The loss of the connection. Above all in TLS 1.3 a client takes the handshake for done before the server has judged its certificate, or the want of one.</summary>
    private FtpConnectionException Lost(string when, Exception e) => _isHandshakeInDoubt
        ? Fail(FtpErrorKind.TlsFailed, $"{Source} closed the control connection after the TLS handshake ({e.Message.TrimEnd('.')}). It may want a client certificate (-ClientCertificate), or not accept the one that it was shown", e)
        : Fail(FtpErrorKind.ConnectionLost, $"The control connection to {Source} was lost {when} ({e.Message})", e);

    /// <summary>Ends TLS, after CCC, and goes on in clear text (RFC 4217, 12.3). The server's close_notify is awaited for a second at most.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        if (Tls is not { } tls)
            return;
        try
        {
            await tls.SendCloseNotifyAsync().ConfigureAwait(false);
            var end = await ReadStreamAsync().WaitAsync(TimeSpan.FromSeconds(1), cancellationToken).ConfigureAwait(false);
            if (end != 0)
                throw Fail(FtpErrorKind.TlsFailed, $"{Source} agreed to CCC and went on encrypted all the same", null);
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            throw Fail(FtpErrorKind.TlsFailed, $"{Source} agreed to CCC and did not end TLS ({e.Message})", e);
        }

        _stream = tls.Plain;
        Tls = null;
    }

    /// <summary>Closes the connection and keeps the reason, unless there is one already.</summary>
    /// <returns>The first reason, to be thrown.</returns>
    public FtpConnectionException Fail(FtpErrorKind kind, string what, Exception? cause, FtpReply? reply = null)
    {
        if (_failure is null)
        {
            _failure = new FtpConnectionException(kind, what + ".", cause, reply);
            Trace(FtpLogLevel.Information, "Connection closed: " + _failure.Message);
            _stream.Dispose();
        }

        return _failure;
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose()
    {
        _failure ??= new FtpConnectionException(FtpErrorKind.SessionClosed, $"The control connection to {Source} was closed by this side.");
        _stream.Dispose();
    }

    private static string Show(FtpReply reply)
    {
        if (reply.Lines.Count == 1)
            return "<-- " + reply;
        return $"<-- {reply.Code}-" + string.Join("\n    ", reply.Lines);
    }

    private void ThrowIfClosed()
    {
        if (_failure is not null)
            throw new FtpConnectionException(_failure.Kind, _failure.Message, _failure, _failure.Reply);
    }

    /// <summary>Reads the next reply on this thread, if it may wait and the reply comes within a moment.</summary>
    private bool TryReadHere(out FtpReply reply)
    {
        while (!_parser.TryTake(out reply))
        {
            // A part of a TLS record would not be waited for within bounds.
            if (_socket is null || Tls is not null || !WireThreads.IsCurrent || !_socket.Poll(WireThreads.Moment, SelectMode.SelectRead))
                return false;
            Feed(_stream.Read(_buffer, 0, _buffer.Length));
        }

        return true;
    }

    private async Task<FtpReply> ReadAsync()
    {
        FtpReply reply;
        while (!_parser.TryTake(out reply))
            Feed(await ReadStreamAsync().ConfigureAwait(false));
        return reply;
    }

    private void Feed(int count)
    {
        if (count == 0)
            throw new EndOfStreamException("the server closed it");
        _parser.Feed(_buffer, count);
    }

    /// <summary>
    /// Reads what there is of the stream, by a blocking call: of .NET's asynchronous ones, each wakes two threads, and of
    /// many small files the replies are most of the work.
    /// </summary>
    private async Task<int> ReadStreamAsync()
    {
        if (_socket is null)
            return await _stream.ReadAsync(_buffer, 0, _buffer.Length).ConfigureAwait(false);
        var count = 0;
        await WireThreads.Run(() => count = _stream.Read(_buffer, 0, _buffer.Length)).ConfigureAwait(false);
        return count;
    }
}
