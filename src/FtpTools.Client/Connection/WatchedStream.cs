using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Connection;

/// <summary>
/// The plain stream, watched: for the handshake's first bytes, and for an end that TLS was not told of. Its asynchronous
/// calls block, and so never start asynchronous work on the socket, which would stay in .NET's event loop from then on.
/// </summary>
internal sealed partial class WatchedStream(Stream inner) : Stream
{
    /// <summary>What the server's first bytes tell.</summary>
    public TlsHandshakeWatch Handshake { get; } = new();

    /// <summary>The plain stream.</summary>
    public Stream Inner => inner;

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
        var got = inner.Read(buffer, offset, count);
        Watch(buffer, offset, count, got);
        return got;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer, offset, count));

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        inner.Write(buffer, offset, count);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

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

    private void Watch(byte[] buffer, int offset, int asked, int got)
    {
        // A read of no bytes only waits for some to come.
        if (got == 0 && asked > 0)
            HasEnded = true;
        else if (!Handshake.IsDone)
            Handshake.Feed(buffer, offset, got);
    }
}
