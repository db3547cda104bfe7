using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Connection;

/// <summary>
/// The plain stream, watched: for the handshake's first bytes, and for an end that TLS was not told of. Its asynchronous
/// calls block, and so never start asynchronous work on the socket, which would stay in .NET's event loop from then on.
/// SslStream reads and writes record by record; with a buffer lent, many records go in one call on the socket.
/// </summary>
internal sealed partial class WatchedStream(Stream inner) : Stream
{
    private byte[]? _readBuffer;
    private int _readStart;
    private int _readEnd;
    private byte[]? _writeBuffer;
    private int _writeEnd;

    /// <summary>What the server's first bytes tell.</summary>
    public TlsHandshakeWatch Handshake { get; } = new();

    /// <summary>The plain stream.</summary>
    public Stream Inner => inner;

    /// <summary>Reads as much as fits into this from the plain stream at a time; null to read no more than is asked for, and to forget the rest.</summary>
    public byte[]? ReadBuffer
    {
        set => (_readBuffer, _readStart, _readEnd) = (value, 0, 0);
    }

    /// <summary>How many bytes have been read from the plain stream and not been asked for yet.</summary>
    public int ReadAhead => _readEnd - _readStart;

    /// <summary>Gathers what is written in this, until it is flushed or full; null to write at once.</summary>
    public byte[]? WriteBuffer
    {
        set => (_writeBuffer, _writeEnd) = (value, 0);
    }

    /// <summary>True when the plain stream has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        int got;
        if (_readBuffer is null)
        {
            got = inner.Read(buffer, offset, count);
            Watch(buffer, offset, count, got);
            return got;
        }

        got = Await(count);
        Array.Copy(_readBuffer, _readStart, buffer, offset, got);
        _readStart += got;
        return got;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer, offset, count));

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        if (!MakeRoom(count))
        {
            inner.Write(buffer, offset, count);
            return;
        }

        Array.Copy(buffer, offset, _writeBuffer!, _writeEnd, count);
        _writeEnd += count;
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer, offset, count);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        var count = _writeEnd;
        _writeEnd = 0;
        if (count > 0)
            inner.Write(_writeBuffer!, 0, count);
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Flush();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Waits until there are bytes in the lent buffer. SslStream asks for none before each record, just to wait.</summary>
    /// <returns>How many of those that were asked for there are; 0 at the end.</returns>
    private int Await(int count)
    {
        if (ReadAhead == 0)
        {
            (_readStart, _readEnd) = (0, inner.Read(_readBuffer!, 0, _readBuffer!.Length));
            Watch(_readBuffer, 0, _readBuffer.Length, _readEnd);
        }

        return Math.Min(ReadAhead, count);
    }

    /// <summary>Makes room in the lent buffer.</summary>
    /// <returns>False when there cannot be so much, and it has to be written at once.</returns>
    private bool MakeRoom(int count)
    {
        if (_writeBuffer is null)
            return false;
        if (count > _writeBuffer.Length - _writeEnd)
            Flush();
        return count <= _writeBuffer.Length;
    }

    private void Watch(byte[] buffer, int offset, int asked, int got)
    {
        // A read of no bytes only waits for some to come.
        if (got == 0 && asked > 0)
            HasEnded = true;
        else if (!Handshake.IsDone)
            Handshake.Feed(buffer, offset, got);
    }
}
