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
        var got = TakeAhead(buffer);
        if (got >= 0)
            return got;
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
        if (!Gather(buffer))
            inner.Write(buffer);
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
