using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace FtpTools.TestServer;

/// <summary>
/// One control connection. Commands are answered one after the other in order of arrival, while the socket goes on being
/// read, so that an ABOR reaches the transfer it means.
/// </summary>
public sealed class LoopbackConnection
{
    private readonly Socket _socket;
    private readonly CancellationTokenSource _closed;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Channel<Command> _commands = Channel.CreateUnbounded<Command>();
    private readonly Lock _lock = new();
    private readonly List<Command> _outstanding = [];
    private Command? _current;
    private TlsChannel? _tls;
    private int _dataHandshakes;
    private int _ended;

    internal LoopbackConnection(LoopbackServer server, Socket socket, int number)
    {
        Server = server;
        Number = number;
        _socket = socket;
        _socket.NoDelay = true;
        // The Telnet Synch before an ABOR is urgent data (RFC 959, 4.1.3); in line, it stays in its place.
        _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline, true);
        Local = ((IPEndPoint)socket.LocalEndPoint!).Address;
        Peer = ((IPEndPoint)socket.RemoteEndPoint!).Address;
        _closed = CancellationTokenSource.CreateLinkedTokenSource(server.Stopping);
        Closed = _closed.Token;
    }

    /// <summary>The server it belongs to.</summary>
    public LoopbackServer Server { get; }

    /// <summary>The number of the connection, from 1, in order of arrival.</summary>
    public int Number { get; }

    /// <summary>The current directory.</summary>
    public string Directory => State.Directory;

    /// <summary>Cancelled when the connection has ended: a script that waits should wait with it.</summary>
    public CancellationToken Closed { get; }

    /// <summary>Whether the control connection is under TLS now.</summary>
    public bool IsSecure => _tls is not null;

    /// <summary>The version of TLS of the control connection; none when it is not under TLS.</summary>
    public SslProtocols TlsProtocol => _tls?.Stream.SslProtocol ?? SslProtocols.None;

    /// <summary>The handshakes completed on this session's data connections.</summary>
    public int DataHandshakes => Volatile.Read(ref _dataHandshakes);

    internal IPAddress Local { get; }

    internal IPAddress Peer { get; }

/// <summary>Whether what is done has no reply any more, as before a connection that is about to be lost.</summary>
    internal bool IsMute { get; set; }

        internal SessionState State { get; } = new();

    /// <summary>Cancelled by an ABOR that means the running command, and by the connection's end.</summary>
    internal CancellationToken Aborted => _current?.Abort.Token ?? Closed;

    /// <summary>Sends text and CRLF. Lines of a multi-line reply are divided by CRLF.</summary>
    public Task ReplyAsync(string reply) => IsMute ? Task.CompletedTask : SendRawAsync(Server.Encoding.GetBytes(reply + "\r\n"));

    /// <summary>Sends bytes as they are, under TLS when the connection is.</summary>
    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        await _writing.WaitAsync(Closed).ConfigureAwait(false);
        try
        {
            await WriteAsync(bytes).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Puts the control connection under TLS, for a script that answers AUTH itself. A failure ends the connection.</summary>
    /// <exception cref="AuthenticationException">The handshake failed.</exception>
    public async Task SecureAsync()
    {
        await _writing.WaitAsync(Closed).ConfigureAwait(false);
        _current?.BeginReading();
        try
        {
            _tls = await TlsChannel.AcceptAsync(Server, _socket, ownsSocket: false, Closed).ConfigureAwait(false);
        }
        catch
        {
            Close();
            throw;
        }
        finally
        {
            _writing.Release();
        }

        State.AgreeOnTls();
    }

    /// <summary>Answers a command as the server would without a script.</summary>
    public Task HandleAsync(string verb, string argument) =>
        verb.Equals("ABOR", StringComparison.OrdinalIgnoreCase) ? AbortAsync() : Verbs.HandleAsync(this, verb, argument);

    /// <summary>
    /// Opens the data connection agreed on, for a script that goes its own way; the caller closes it. It is bare, whatever
    /// PROT says.
    /// </summary>
    public Task<Socket> OpenDataAsync() => State.TakeData().OpenAsync(Server.DataTimeout, Aborted);

    /// <summary>
    /// Opens the data connection agreed on, as a stream that the caller closes: a <see cref="System.Net.Security.SslStream"/>
    /// after the handshake when PROT P holds, which ends without close_notify unless it is shut down first.
    /// </summary>
    public async Task<Stream> OpenDataStreamAsync()
    {
        var aborted = Aborted;
        var socket = await OpenDataAsync().ConfigureAwait(false);
        return State.ProtectsData
            ? (await SecureDataAsync(socket, ownsSocket: true, State.IsTlsClient, aborted).ConfigureAwait(false)).Stream
            : new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Resets the connection.</summary>
    public void Drop() => End(() => _socket.LingerState = new LingerOption(true, 0));

    /// <summary>Ends the connection in the ordinary way.</summary>
    public void Close() => End(() =>
    {
        // A reply that is being sent still would be torn by it.
        if (_tls is { } tls && _writing.Wait(0))
            _ = NotifyAsync(tls);
        _socket.Shutdown(SocketShutdown.Both);
    });

    /// <summary>Shakes hands on a data connection.</summary>
    /// <exception cref="RefusalException">They did not agree: 522 (RFC 4217, 10.2).</exception>
    internal async Task<TlsChannel> SecureDataAsync(Socket socket, bool ownsSocket, bool isClient, CancellationToken cancellationToken)
    {
        try
        {
            var tls = await TlsChannel.OpenAsync(Server, socket, ownsSocket, isClient, cancellationToken).ConfigureAwait(false);
            Interlocked.Increment(ref _dataHandshakes);
            Server.NoteDataHandshake();
            return tls;
        }
        catch (AuthenticationException e)
        {
            throw new RefusalException($"522 {RefusalException.OneLine(e.Message)}");
        }
    }

    /// <summary>Replies and takes the control connection out of TLS (RFC 4217, 5).</summary>
    internal async Task ClearAsync(string reply)
    {
        await _writing.WaitAsync(Closed).ConfigureAwait(false);
        try
        {
            await WriteAsync(Server.Encoding.GetBytes(reply + "\r\n")).ConfigureAwait(false);
            using var tls = _tls!;
            _current?.BeginReading();
            await tls.ShutdownAsync(Server.DataTimeout, Closed).ConfigureAwait(false);
            _tls = null;
        }
        catch
        {
            Close();
            throw;
        }
        finally
        {
            _writing.Release();
        }
    }

    internal async Task RefuseAsync(string reply)
    {
        try
        {
            if (Server.ImplicitTls)
                await SecureAsync().ConfigureAwait(false);
            await ReplyAsync(reply).ConfigureAwait(false);
        }
        catch (Exception e) when (IsEnd(e) || e is AuthenticationException)
        {
        }

        Close();
    }

    internal async Task RunAsync()
    {
        var answering = AnswerAllAsync();
        try
        {
            if (Server.ImplicitTls)
                await SecureAsync().ConfigureAwait(false);
            if (Server.Greeting is { } greeting)
                await ReplyAsync(greeting).ConfigureAwait(false);
            await ReadAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (IsEnd(e) || e is IOException or AuthenticationException)
        {
        }

        if (Server.Stopping.IsCancellationRequested)
            Drop();
        else
            Close();
        await answering.ConfigureAwait(false);
        State.Dispose();
        _tls?.Dispose();
    }

    private static bool IsEnd(Exception e) => e is SocketException or ObjectDisposedException or OperationCanceledException;

    /// <summary>Sends close_notify. So short a write is done before anyone could wait for it.</summary>
    private static async Task NotifyAsync(TlsChannel tls)
    {
        try
        {
            await tls.Stream.ShutdownAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (IsEnd(e) || e is IOException or InvalidOperationException)
        {
            // The client was faster.
        }
    }

    private void End(Action manner)
    {
        // The first to end it decides how: a reset must not be overtaken by the reading loop's orderly close.
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        try
        {
            manner();
        }
        catch (SocketException)
        {
            // The client was faster.
        }

        _socket.Dispose();
        _closed.Cancel();
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var piece = Server.ReplyBytewise ? bytes[..1] : bytes;
            bytes = bytes[piece.Length..];
            if (_tls is { } tls)
                await WriteAsync(tls, piece).ConfigureAwait(false);
            else
                await SendAllAsync(piece).ConfigureAwait(false);
            if (Server.ReplyBytewise)
                await Task.Yield();
        }
    }

    private async Task WriteAsync(TlsChannel tls, ReadOnlyMemory<byte> piece)
    {
        try
        {
            await tls.Stream.WriteAsync(piece, Closed).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // To commands an IOException is the file system's, and worth a reply.
            throw new OperationCanceledException("The control connection has ended.", e);
        }
    }

    private async Task SendAllAsync(ReadOnlyMemory<byte> piece)
    {
        while (!piece.IsEmpty)
            piece = piece[await _socket.SendAsync(piece, Closed).ConfigureAwait(false)..];
    }

    private ValueTask<int> ReceiveAsync(Memory<byte> buffer) =>
        _tls is { } tls ? tls.Stream.ReadAsync(buffer, Closed) : _socket.ReceiveAsync(buffer, Closed);

    private async Task ReadAsync()
    {
        var lines = new CommandLines();
        var buffer = new byte[8192];
        int received;
        while ((received = await ReceiveAsync(buffer).ConfigureAwait(false)) > 0)
        {
            if (Server.OneCommandAPacket is { } answer && buffer.AsSpan(0, received).Count((byte)'\n') > 1)
            {
                Server.NotePacketOfSeveral();
                if (answer.Length == 0)
                    return;
                await ReplyAsync(answer).ConfigureAwait(false);
                continue;
            }

            for (var left = buffer.AsMemory(0, received); !left.IsEmpty;)
            {
                left = left[lines.Feed(left.Span, out var bytes)..];
                if (bytes is null)
                    break;
                var line = Server.Encoding.GetString(bytes);
                var space = line.IndexOf(' ', StringComparison.Ordinal);
                var verb = (space < 0 ? line : line[..space]).ToUpperInvariant();
                var before = _tls;
                await TakeAsync(verb, space < 0 ? "" : line[(space + 1)..], line).ConfigureAwait(false);
                if (_tls == before)
                    continue;
                // What came with AUTH came in plain text, and anyone may have written it.
                if (before is null)
                    Server.NotePlainTextAfterAuth(left.Length);
                break;
            }
        }
    }

    private async Task TakeAsync(string verb, string argument, string line)
    {
        var command = new Command(verb, argument, CancellationTokenSource.CreateLinkedTokenSource(Closed));
        // An ABOR does not wait its turn: it is there to end the one whose turn it is.
        if (verb == "ABOR")
        {
            Server.Record(line);
            await AnswerAsync(command).ConfigureAwait(false);
            return;
        }

        lock (_lock)
            _outstanding.Add(command);
        Server.Record(line);
        _commands.Writer.TryWrite(command);
        // What follows is read when it is known whether it comes under TLS.
        if (verb is "AUTH" or "CCC" && Server.Certificate is not null)
            await AnsweredAsync(command).ConfigureAwait(false);
    }

    private async Task AnsweredAsync(Command command)
    {
        var answered = command.Done.Task;
        while (await Task.WhenAny(answered, Task.Delay(50, Closed)).ConfigureAwait(false) != answered)
        {
            Closed.ThrowIfCancellationRequested();
            // A script may never answer, and nobody reads: a client that has gone shows itself here alone. A handshake sees
            // for itself, and takes what has come between these two questions, so that it looks like an end.
            if (_socket.Poll(0, SelectMode.SelectRead) && _socket.Available == 0 && !command.IsReading)
                throw new OperationCanceledException("The client has gone.");
        }
    }

    private async Task AbortAsync()
    {
        Command[] outstanding;
        lock (_lock)
            outstanding = [.. _outstanding];
        var aborted = false;
        foreach (var command in outstanding)
        {
            if (!TransferVerbs.Table.ContainsKey(command.Verb))
                continue;
            aborted = true;
            await command.Abort.CancelAsync().ConfigureAwait(false);
        }

        await Task.WhenAll(outstanding.Select(c => c.Done.Task)).WaitAsync(Closed).ConfigureAwait(false);
        State.DropData();
        await ReplyAsync(aborted ? "226 ABOR successful." : "225 No transfer to abort.").ConfigureAwait(false);
    }

    private async Task AnswerAllAsync()
    {
        try
        {
            await foreach (var command in _commands.Reader.ReadAllAsync(Closed).ConfigureAwait(false))
            {
                _current = command;
                await AnswerAsync(command).ConfigureAwait(false);
                _current = null;
                lock (_lock)
                    _outstanding.Remove(command);
                command.Done.SetResult();
                command.Abort.Dispose();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task AnswerAsync(Command command)
    {
        try
        {
            var answer = Server.ScriptOf(command.Verb) is { } script
                ? script(this, command.Argument)
                : HandleAsync(command.Verb, command.Argument);
            // A script may never end; the connection does all the same.
            _ = answer.ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            await answer.WaitAsync(Closed).ConfigureAwait(false);
        }
        catch (Exception e) when (IsEnd(e))
        {
        }
        catch (Exception e)
        {
            await ReportAsync(RefusalException.ReplyTo(e, command.Argument)
                ?? $"451 {RefusalException.OneLine(e.ToString())}").ConfigureAwait(false);
        }
    }

    private async Task ReportAsync(string reply)
    {
        try
        {
            await ReplyAsync(reply).ConfigureAwait(false);
        }
        catch (Exception e) when (IsEnd(e))
        {
        }
    }

    private sealed record Command(string Verb, string Argument, CancellationTokenSource Abort)
    {
        private volatile bool _isReading;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Whether what answers it reads from the control connection, or did.</summary>
        public bool IsReading => _isReading;

        public void BeginReading() => _isReading = true;
    }
}
