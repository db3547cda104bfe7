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
/// The control connection (RFC 959, 2.3): commands out, replies in. Who writes a command gets the <see cref="OwedReply"/>
/// by which its replies can be taken, and by nothing else. It is in step or closed: whatever goes wrong here closes it and
/// keeps the reason for the next caller. One caller at a time.
/// </summary>
internal sealed partial class ControlConnection : IDisposable
{
    private readonly ReplyLedger _ledger = new();
    private readonly FtpLog? _log;
    private readonly ControlStream _stream;
    private bool _isHandshakeInDoubt;
    private FtpConnectionException? _failure;

    /// <summary>A control connection over a stream that is connected already.</summary>
    /// <param name="stream">The way to the server; closed with this connection.</param>
    /// <param name="socket">The stream's socket; null in tests that have none.</param>
    /// <param name="source">What the log calls this connection: <c>host:port#1</c>.</param>
    /// <param name="timeout">How long to wait for a reply.</param>
    /// <param name="log">The session's log; null for none.</param>
    /// <param name="secrets">What is hidden in replies; null for nothing.</param>
    public ControlConnection(Stream stream, Socket? socket, string source, TimeSpan timeout, FtpLog? log, Secrets? secrets = null)
    {
        _stream = new ControlStream(stream, socket, timeout, secrets ?? Secrets.None);
        Timeout = timeout;
        _log = log;
        Source = source;
        LocalEndPoint = socket?.LocalEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.Loopback, 0);
        if (socket is not null)
            socket.SendTimeout = (int)Math.Min(int.MaxValue, timeout.TotalMilliseconds);
        RemoteEndPoint = socket?.RemoteEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.Loopback, 21);
        Greeting = new OwedReply(this, "connect", ReplySequence.Greeting);
        _ledger.Enter(Greeting);
    }

    /// <summary>What the server owes for the connection itself.</summary>
    public OwedReply Greeting { get; }

    /// <summary>What the log calls this connection.</summary>
    public string Source { get; }

    /// <summary>This end: active mode listens on its address.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>The other end: passive mode dials its address, active mode accepts no other. Through a proxy it is the proxy.</summary>
    public IPEndPoint RemoteEndPoint { get; }

    /// <summary>How long to wait for a reply, the whole of it, unless something else is said.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>False when the connection was closed or lost.</summary>
    public bool IsOpen => _failure is null;

    /// <summary>The reply to nothing, or none to what was sent, which has closed the connection; null when there was none.</summary>
    public FtpReply? Stray { get; private set; }

    /// <summary>True while a reply is owed: nobody else may use the connection then.</summary>
    public bool IsOwed => _ledger.IsOwing;

    /// <summary>The TLS around the connection; null in clear text.</summary>
    public TlsChannel? Tls => _stream.Tls;

    /// <summary>Hears of a reply that was put down to nobody, for the server had said as much before.</summary>
    public Action<FtpReply>? OnRepetition { get; set; }

    /// <summary>How names are written on the wire.</summary>
    public Encoding Encoding { get => _stream.Encoding; set => _stream.Encoding = value; }

    /// <summary>True when the server has sent something, or closed, though nothing was asked: 421 after its idle time (RFC 959, 5.4).</summary>
    public bool IsStale => !IsOpen || (Tls is null ? !IsStill : _stream.HasAnything);

    /// <summary>True until a connection that was idle has answered: servers of devices keep it open when its session is over, and say so to each command.</summary>
    public bool IsSessionInDoubt { get; set; }

    /// <summary>True when the server has said so, or 421, in its first reply since then.</summary>
    public bool IsSessionOver { get; set; }

    /// <summary>Writes one line to the log and to the running operation's trace.</summary>
    public void Trace(FtpLogLevel level, string message) => FtpTrace.Write(level, Source, message, _log);

    /// <summary>Closes the connection, for a reply cannot be to the command that was sent: which replies belong to which commands is not known any more.</summary>
    public FtpConnectionException FailOutOfStep(string command, FtpReply reply) =>
        Fail(FtpErrorKind.ConnectionLost, $"{Source} replied '{reply}' to {command}. This can't be the reply to that command, so the replies can't be trusted any more", null);

    /// <summary>Sends commands, in one write. The only method that writes to the control connection.</summary>
    /// <param name="commands">The commands, with the replies that each may have.</param>
    /// <param name="cancellationToken">Nothing is sent when it is cancelled by now.</param>
    /// <returns>What is owed for each of them.</returns>
    /// <exception cref="FtpConnectionException">The connection is lost, or something has come that nobody had asked for.</exception>
    public async Task<IReadOnlyList<OwedReply>> SendAsync(IReadOnlyList<(FtpCommand Command, ReplySequence Sequence)> commands, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        cancellationToken.ThrowIfCancellationRequested();
        if (!IsOwed)
            await ThrowIfOutOfStepAsync(cancellationToken).ConfigureAwait(false);
        var bytes = commands[0].Command.ToBytes(Encoding);
        for (var i = 1; i < commands.Count; i++)
            bytes = [.. bytes, .. commands[i].Command.ToBytes(Encoding)];
        var owed = new OwedReply[commands.Count];
        for (var i = 0; i < owed.Length; i++)
        {
            if (FtpTrace.IsHeard(_log))
                Trace(FtpLogLevel.Debug, "--> " + commands[i].Command.Redacted);
            _ledger.Enter(owed[i] = new OwedReply(this, commands[i].Command.Verb, commands[i].Sequence));
        }

        await WriteAsync(bytes, owed.Length, owed[0].Verb).ConfigureAwait(false);
        return owed;
    }

    /// <summary>Sends a command.</summary>
    public async Task<OwedReply> SendAsync(FtpCommand command, CancellationToken cancellationToken) =>
        (await SendAsync([(command, ReplySequences.Of(command.Verb))], cancellationToken).ConfigureAwait(false))[0];

    private async Task WriteAsync(byte[] bytes, int count, string verb)
    {
        try
        {
            await _stream.WriteAsync(bytes, count).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw Fail(FtpErrorKind.Timeout, FormattableString.Invariant($"{verb} could not be sent, because {Source} hasn't accepted any data for {Timeout.TotalSeconds:0.#} seconds"), e);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
        {
            throw Lost($"before {verb} was sent", e);
        }
    }

    /// <summary>Ends when the next reply is there, or the connection is lost; never throws, takes nothing.</summary>
    public Task WhenReplyAsync() => _stream.WhenReplyAsync();

    /// <summary>Puts the next reply down to the command that it belongs to, waiting for it within the session's time.</summary>
    public Task PutDownAsync(CancellationToken cancellationToken) => PutDownAsync(Timeout, cancellationToken);

    /// <summary>The same within a bound, after which the connection is closed. When cancelled, the reply is still to come.</summary>
    public async Task PutDownAsync(TimeSpan bound, CancellationToken cancellationToken)
    {
        var reply = await ReceiveAsync(bound, cancellationToken).ConfigureAwait(false);
        if (!_ledger.TryPutDown(reply, out var command))
            throw FailOutOfStep(command, Stray = reply);
        if (_ledger.IsRepeated)
            OnRepetition?.Invoke(reply);
    }

    /// <summary>The same if a reply comes within a grace; false when it is still to come.</summary>
    public async Task<bool> TryPutDownAsync(TimeSpan grace)
    {
        using var stop = new CancellationTokenSource(grace > TimeSpan.Zero ? grace : TimeSpan.Zero);
        try
        {
            await PutDownAsync(stop.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>
    /// Reads replies without asking whose they are, up to one with a code that tells that no more will come; what is owed is
    /// struck out then. For the one case in which nobody can tell how many there are: ABOR (RFC 959, 4.1.3).
    /// </summary>
    /// <returns>What came before it; null when it did not come within the bound, or before the wait was cancelled.</returns>
    public async Task<IReadOnlyList<FtpReply>?> TrySkipToAsync(int code, TimeSpan bound, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(bound > TimeSpan.Zero ? bound : TimeSpan.Zero);
        var skipped = new List<FtpReply>();
        try
        {
            while (await ReceiveAsync(Timeout, stop.Token).ConfigureAwait(false) is var reply && reply.Code != code)
                skipped.Add(reply);
            _ledger.Clear();
            return skipped;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Sees, when no reply is owed, that none has come, which would be taken for the next command's. A 421 is heard as what it is.</summary>
    private Task ThrowIfOutOfStepAsync(CancellationToken cancellationToken) => IsStill ? Task.CompletedTask : PutDownAsync(cancellationToken);

    private async Task<FtpReply> ReceiveAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!_stream.IsReading)
            ThrowIfClosed();
        try
        {
            var reply = await _stream.TakeAsync(timeout, cancellationToken).ConfigureAwait(false);
            _isHandshakeInDoubt = false;
            if (FtpTrace.IsHeard(_log))
                FtpTrace.Write(FtpLogLevel.Debug, Source, reply.ToLog(), _log);
            IsSessionOver = IsSessionInDoubt && SessionEnd.IsSaidBy(reply);
            IsSessionInDoubt = false;
            if (reply.Code == 421 || IsSessionOver)
                throw Fail(FtpErrorKind.ConnectionLost, $"{Source} {(reply.Code == 421 ? "closed the control connection" : "ended the session")} and replied '{reply}'", null, reply);
            return reply;
        }
        catch (TimeoutException e)
        {
            throw Fail(FtpErrorKind.Timeout, FormattableString.Invariant($"{Source} didn't reply within {Timeout.TotalSeconds:0.#} seconds{(_stream.Stray is { } stray ? $", but sent '{stray}'; check whether this is an FTP server" : "")}. To wait longer, use Connect-Ftp -TimeoutSec"), e);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException or EndOfStreamException)
        {
            throw Lost("while waiting for a reply", e);
        }
        catch (InvalidDataException e)
        {
            throw Fail(FtpErrorKind.ConnectionLost, $"The control connection to {Source} was closed, because {e.Message}", e);
        }
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
        _failure ??= new FtpConnectionException(FtpErrorKind.SessionClosed, $"The control connection to {Source} was closed by the client.");
        _stream.Dispose();
    }

    private bool IsStill => !_stream.HasAnything || UnaskedReplies.AreOfNoAccount(_stream, _ledger, OnRepetition);

    private void ThrowIfClosed()
    {
        if (_failure is not null)
            throw new FtpConnectionException(_failure.Kind, _failure.Message, _failure, _failure.Reply);
    }
}
