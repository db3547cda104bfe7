using System;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Connection;

/// <summary>Reads replies off a control connection, one at a time. A read that nobody waits for any more goes on, and is taken by the next.</summary>
internal sealed class ReplyReader(Socket? socket)
{
    private readonly FtpReplyParser _parser = new();
    private readonly byte[] _buffer = new byte[4096];
    private Task<FtpReply>? _reading;

    /// <summary>The way from the server.</summary>
    public required Stream Stream { get; set; }

    /// <summary>True while TLS is around the connection: a part of a record could not be waited for within bounds.</summary>
    public bool IsSecure { get; set; }

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

    /// <summary>Forgets what has come.</summary>
    public void Discard() => _parser.Discard();

    /// <summary>Ends when the next reply is there, or the connection is lost; never throws, takes nothing.</summary>
    public Task WhenReplyAsync() => Task.WhenAny(_reading ??= ReadAsync());

    /// <summary>Takes the next reply. When cancelled or timed out, it is still to come.</summary>
    /// <exception cref="TimeoutException">The whole of it did not come in time.</exception>
    /// <exception cref="EndOfStreamException">The server has closed the connection.</exception>
    /// <exception cref="InvalidDataException">What came is no reply.</exception>
    public async Task<FtpReply> TakeAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (_reading is null && TryReadHere(out var reply))
            return reply;
        reply = await (_reading ??= ReadAsync()).WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
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
            return await Stream.ReadAsync(_buffer, 0, _buffer.Length).ConfigureAwait(false);
        var count = 0;
        await WireThreads.Run(() => count = Stream.Read(_buffer, 0, _buffer.Length)).ConfigureAwait(false);
        return count;
    }

    /// <summary>Reads the next reply on this thread, if it may wait and the whole of the reply comes within a moment.</summary>
    private bool TryReadHere(out FtpReply reply)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!_parser.TryTake(out reply))
        {
            if (socket is null || IsSecure || !WireThreads.IsCurrent)
                return false;
            // In all, and not for each read: a reply may come byte by byte.
            var left = WireThreads.Moment - ((Stopwatch.GetTimestamp() - begun) * 1_000_000 / Stopwatch.Frequency);
            if (left <= 0 || !socket.Poll((int)left, SelectMode.SelectRead))
                return false;
            Feed(Stream.Read(_buffer, 0, _buffer.Length));
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
