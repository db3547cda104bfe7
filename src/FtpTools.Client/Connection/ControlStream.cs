using System;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Connection;

/// <summary>
/// The bytes of a control connection, in clear text or within TLS: commands out, replies in, one at a time. A read that
/// nobody waits for any more goes on, and is taken by the next.
/// </summary>
/// <param name="plain">The way to the server.</param>
/// <param name="socket">Its socket; null in tests that have none.</param>
/// <param name="timeout">How long a write may take.</param>
/// <param name="secrets">What is hidden in replies.</param>
internal sealed class ControlStream(Stream plain, Socket? socket, TimeSpan timeout, Secrets secrets) : IDisposable
{
    private readonly FtpReplyParser _parser = new() { Secrets = secrets };
    private readonly byte[] _buffer = new byte[4096];
    private Task<FtpReply>? _reading;
    private Stream _stream = plain;

    /// <summary>The stream that the bytes go over now.</summary>
    public Stream Stream => _stream;

    /// <summary>The TLS around the connection; null in clear text.</summary>
    public TlsChannel? Tls { get; private set; }

    /// <summary>How names are written on the wire.</summary>
    public Encoding Encoding
    {
        get => _parser.Encoding;
        set => _parser.Encoding = value;
    }

    /// <summary>True while a reply, or its failure, is waited for or ready.</summary>
    public bool IsReading => _reading is not null;

    /// <summary>True when something has come that was not taken yet.</summary>
    public bool HasInput => _reading is { IsCompleted: true } || _parser.HasInput;

    /// <summary>What has come in the place of a reply and is none; null for nothing.</summary>
    public string? Stray => _parser.Stray;

    /// <summary>True when something has come, taken off the wire or not, or the server has closed.</summary>
    public bool HasAnything
    {
        get
        {
            try
            {
                return HasInput || (socket is not null && socket.Poll(0, SelectMode.SelectRead));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    /// <summary>Goes on within TLS, or without it again (null).</summary>
    public void Use(TlsChannel? tls)
    {
        _stream = tls?.Stream ?? Tls!.Plain;
        Tls = tls;
    }

    /// <summary>Ends TLS, and goes on without. The server's close_notify is awaited for a second at most.</summary>
    /// <returns>False when the server goes on with TLS.</returns>
    /// <exception cref="TimeoutException">It has not ended TLS in time.</exception>
    public async Task<bool> TryEndTlsAsync(CancellationToken cancellationToken)
    {
        await Tls!.SendCloseNotifyAsync().ConfigureAwait(false);
        if (await ReadStreamAsync().WaitAsync(TimeSpan.FromSeconds(1), cancellationToken).ConfigureAwait(false) != 0)
            return false;
        Use(null);
        return true;
    }

    /// <summary>
    /// Writes. A started write is never abandoned: half a command would leave the connection in doubt. Commands are short, so
    /// that it waits only when the server has stopped reading, and then for the socket's own time.
    /// </summary>
    /// <exception cref="TimeoutException">The server took nothing for that time.</exception>
    public async Task WriteAsync(byte[] bytes, int commands)
    {
        _parser.NoteCommands(commands);
        try
        {
            if (socket is not null)
                _stream.Write(bytes, 0, bytes.Length);
            else
                await _stream.WriteAsync(bytes, 0, bytes.Length, CancellationToken.None).WaitAsync(timeout, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock })
        {
            throw new TimeoutException(e.Message, e);
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => _stream.Dispose();

    /// <summary>Forgets what has come.</summary>
    public void Discard() => _parser.Discard();

    /// <summary>Shows the next reply if it has come; it is still to be taken.</summary>
    public bool TryPeek([NotNullWhen(true)] out FtpReply? reply)
    {
#pragma warning disable VSTHRD002 // It has ended.
        reply = _reading is { Status: TaskStatus.RanToCompletion } reading ? reading.Result : _reading is null ? _parser.Next : null;
#pragma warning restore VSTHRD002
        return reply is not null;
    }

    /// <summary>Forgets the reply that <see cref="TryPeek"/> has shown.</summary>
    public void Drop()
    {
        if (_reading is null)
            _parser.TryTake(out _);
        _reading = null;
    }

    /// <summary>Takes off the wire what has come, without waiting. Within TLS, or while a reply is waited for, nothing.</summary>
    /// <returns>False when nothing had come, or what came is a failure, which whoever takes the next reply is told.</returns>
    public bool TryFetch()
    {
        try
        {
            if (_reading is not null || socket is null || Tls is not null || !socket.Poll(0, SelectMode.SelectRead))
                return false;
            Feed(_stream.Read(_buffer, 0, _buffer.Length));
            return true;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidDataException)
        {
            _reading = Task.FromException<FtpReply>(e);
            return false;
        }
    }

    /// <summary>Ends when the next reply is there, or the connection is lost; never throws, takes nothing.</summary>
    public Task WhenReplyAsync() => Task.WhenAny(_reading ??= ReadAsync());

    /// <summary>Takes the next reply. When cancelled or timed out, it is still to come.</summary>
    /// <exception cref="TimeoutException">The whole of it did not come in time.</exception>
    /// <exception cref="EndOfStreamException">The server has closed the connection.</exception>
    /// <exception cref="InvalidDataException">What came is no reply.</exception>
    public async Task<FtpReply> TakeAsync(TimeSpan bound, CancellationToken cancellationToken)
    {
        if (_reading is null && TryReadHere(out var reply))
            return reply;
        reply = await (_reading ??= ReadAsync()).WaitAsync(bound, cancellationToken).ConfigureAwait(false);
        _reading = null;
        return reply;
    }

    /// <summary>
    /// Reads what there is of the stream, by a blocking call: of .NET's asynchronous ones, each wakes two threads, and of
    /// many small files the replies are most of the work.
    /// </summary>
    public async Task<int> ReadStreamAsync()
    {
        if (socket is null)
            return await _stream.ReadAsync(_buffer, 0, _buffer.Length).ConfigureAwait(false);
        var count = 0;
        await WireThreads.Run(() => count = _stream.Read(_buffer, 0, _buffer.Length)).ConfigureAwait(false);
        return count;
    }

    /// <summary>Reads the next reply on this thread, if it may wait and the whole of the reply comes within a moment.</summary>
    private bool TryReadHere(out FtpReply reply)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!_parser.TryTake(out reply))
        {
            if (socket is null || Tls is not null || !WireThreads.IsCurrent)
                return false;
            // In all, and not for each read: a reply may come byte by byte.
            var left = WireThreads.Moment - ((Stopwatch.GetTimestamp() - begun) * 1_000_000 / Stopwatch.Frequency);
            if (left <= 0 || !socket.Poll((int)left, SelectMode.SelectRead))
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
}
