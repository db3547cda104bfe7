using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
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

    /// <summary>Cancelled when the connection has ended: a script that waits should wait with it.</summary>
    public CancellationToken Closed { get; }

    internal IPAddress Local { get; }

    internal IPAddress Peer { get; }

    internal SessionState State { get; } = new();

    /// <summary>Cancelled by an ABOR that means the running command, and by the connection's end.</summary>
    internal CancellationToken Aborted => _current?.Abort.Token ?? Closed;

    /// <summary>Sends text and CRLF. Lines of a multi-line reply are divided by CRLF.</summary>
    public Task ReplyAsync(string reply) => SendRawAsync(Server.Encoding.GetBytes(reply + "\r\n"));

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        await _writing.WaitAsync(Closed).ConfigureAwait(false);
        try
        {
            while (!bytes.IsEmpty)
            {
                var piece = Server.ReplyBytewise ? bytes[..1] : bytes;
                var sent = await _socket.SendAsync(piece, Closed).ConfigureAwait(false);
                bytes = bytes[sent..];
                if (Server.ReplyBytewise)
                    await Task.Yield();
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Answers a command as the server would without a script.</summary>
    public Task HandleAsync(string verb, string argument) =>
        verb.Equals("ABOR", StringComparison.OrdinalIgnoreCase) ? AbortAsync() : Verbs.HandleAsync(this, verb, argument);

    /// <summary>Opens the data connection agreed on, for a script that goes its own way; the caller closes it.</summary>
    public Task<Socket> OpenDataAsync() => State.TakeData().OpenAsync(Server.DataTimeout, Aborted);

    /// <summary>Resets the connection.</summary>
    public void Drop() => End(() => _socket.LingerState = new LingerOption(true, 0));

    /// <summary>Ends the connection in the ordinary way.</summary>
    public void Close() => End(() => _socket.Shutdown(SocketShutdown.Both));

    internal async Task RefuseAsync(string reply)
    {
        try
        {
            await ReplyAsync(reply).ConfigureAwait(false);
        }
        catch (Exception e) when (IsEnd(e))
        {
        }

        Close();
    }

    internal async Task RunAsync()
    {
        var answering = AnswerAllAsync();
        try
        {
            if (Server.Greeting is { } greeting)
                await ReplyAsync(greeting).ConfigureAwait(false);
            await ReadAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (IsEnd(e))
        {
        }

        if (Server.Stopping.IsCancellationRequested)
            Drop();
        else
            Close();
        await answering.ConfigureAwait(false);
        State.Dispose();
    }

    private static bool IsEnd(Exception e) => e is SocketException or ObjectDisposedException or OperationCanceledException;

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

    private async Task ReadAsync()
    {
        var lines = new CommandLines();
        var buffer = new byte[8192];
        int received;
        while ((received = await _socket.ReceiveAsync(buffer.AsMemory(), Closed).ConfigureAwait(false)) > 0)
        {
            foreach (var bytes in lines.Feed(buffer.AsSpan(0, received)))
            {
                var line = Server.Encoding.GetString(bytes);
                var space = line.IndexOf(' ', StringComparison.Ordinal);
                var verb = (space < 0 ? line : line[..space]).ToUpperInvariant();
                await TakeAsync(verb, space < 0 ? "" : line[(space + 1)..], line).ConfigureAwait(false);
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
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
