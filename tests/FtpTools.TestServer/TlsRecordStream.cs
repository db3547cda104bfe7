using System;
using System.Buffers.Binary;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.TestServer;

/// <summary>
/// A socket under TLS, read a record at a time: SslStream reads ahead as far as it can, and would swallow what follows the
/// close_notify in plain text after CCC. It also tells the end of the connection from the end of TLS, which are both just
/// an end to SslStream's reader.
/// </summary>
internal sealed class TlsRecordStream(Socket socket, bool ownsSocket) : Stream
{
    private const int HeaderLength = 5;
    private readonly byte[] _header = new byte[HeaderLength];
    private int _headerLength;
    private int _left = HeaderLength;

    /// <summary>Whether the peer's stream has ended: if TLS has not said so before, by a bare FIN.</summary>
    public bool Ended { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Between records, waits for what comes next and tells whether it is one.</summary>
    public async Task<bool> IsTlsNextAsync(CancellationToken cancellationToken)
    {
        var next = new byte[1];
        var received = await socket.ReceiveAsync(next.AsMemory(), SocketFlags.Peek, cancellationToken).ConfigureAwait(false);
        // The types of records (RFC 8446, 5.1); commands begin with a letter, or with Telnet's 255.
        return received > 0 && next[0] is >= 20 and <= 24;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var piece = buffer[..Math.Min(buffer.Length, _left)];
        int received;
        try
        {
            received = await socket.ReceiveAsync(piece, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new IOException(e.Message, e);
        }

        // An empty buffer asks whether there is something to read, not for its end.
        if (buffer.IsEmpty)
            return received;
        Ended = received == 0;
        Count(piece.Span[..received]);
        return received;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            while (!buffer.IsEmpty)
                buffer = buffer[await socket.SendAsync(buffer, cancellationToken).ConfigureAwait(false)..];
        }
        catch (SocketException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && ownsSocket)
            socket.Dispose();
        base.Dispose(disposing);
    }

    private void Count(ReadOnlySpan<byte> bytes)
    {
        _left -= bytes.Length;
        if (_headerLength < HeaderLength)
        {
            bytes.CopyTo(_header.AsSpan(_headerLength));
            _headerLength += bytes.Length;
            // Type, version and, in two bytes, the length of what follows (RFC 8446, 5.1).
            if (_headerLength == HeaderLength)
                _left = BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(3));
        }

        if (_left == 0)
            (_headerLength, _left) = (0, HeaderLength);
    }
}
