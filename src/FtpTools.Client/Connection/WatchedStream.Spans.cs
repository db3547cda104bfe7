using System;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Connection;

/// <content>The overloads that netstandard2.0 does not have and that SslStream calls elsewhere; the base class would copy every byte once more.</content>
internal sealed partial class WatchedStream
{
    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int got;
        if (_readBuffer is not null)
        {
            got = Await(buffer.Length);
            _readBuffer.AsSpan(_readStart, got).CopyTo(buffer);
            _readStart += got;
            return got;
        }

        got = inner.Read(buffer);
        if (Handshake.IsDone)
            HasEnded |= got == 0 && buffer.Length > 0;
        else
            Watch(buffer.Slice(0, got).ToArray(), 0, buffer.Length, got);
        return got;
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!MakeRoom(buffer.Length))
        {
            inner.Write(buffer);
            return;
        }

        buffer.CopyTo(_writeBuffer.AsSpan(_writeEnd));
        _writeEnd += buffer.Length;
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return default;
    }
}
