using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;

namespace FtpTools.Transfer;

/// <summary>What one thread puts in, another one reads, a bounded amount later.</summary>
internal sealed class RelayPipe : Stream
{
    /// <summary>Enough for neither side to wait for the other's every breath.</summary>
    private const long MostWaiting = 4 << 20;

    /// <summary>What is held for a reader that has not come yet.</summary>
    public const long MostUnread = 64 << 20;

    /// <summary>How long a reader may take to come: as long as logging in anew takes.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly object _lock = new();
    private readonly Queue<byte[]> _blocks = new();
    private long _waiting;
    private int _position; // in the first block
    private bool _isRead;
    private bool _isComplete;

    /// <summary>What broke it; null as long as nothing has.</summary>
    public Exception? Cause { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Puts bytes in, and waits while there are too many.</summary>
    /// <returns>True, for more are wanted.</returns>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.CommandRefused"/>: nobody has come to read them.</exception>
    public bool Put(byte[] buffer, int count)
    {
        lock (_lock)
        {
            var start = DateTime.UtcNow;
            while (Cause is null && _waiting > (_isRead ? MostWaiting : MostUnread))
            {
                if (!_isRead && DateTime.UtcNow - start > _patience)
                    throw OneConnection(null);
                Monitor.Wait(_lock, _patience);
            }

            if (Cause is not null)
                throw new RelayBrokenException();
            var block = new byte[count];
            Buffer.BlockCopy(buffer, 0, block, 0, count);
            _blocks.Enqueue(block);
            _waiting += count;
            Monitor.PulseAll(_lock);
        }

        return true;
    }

    /// <summary>Says that all has been put in.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _isComplete = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Ends both sides; the first cause stays.</summary>
    public void Break(Exception cause)
    {
        lock (_lock)
        {
            if (cause is not RelayBrokenException)
                Cause ??= cause;
            Monitor.PulseAll(_lock);
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        lock (_lock)
        {
            _isRead = true;
            Monitor.PulseAll(_lock);
            // Bounded by the other side's own waits, which end by breaking it.
            while (Cause is null && _blocks.Count == 0 && !_isComplete)
                Monitor.Wait(_lock);
            if (Cause is not null)
                throw new RelayBrokenException();
            if (_blocks.Count == 0)
                return 0;
            var block = _blocks.Peek();
            var got = Math.Min(count, block.Length - _position);
            Buffer.BlockCopy(block, _position, buffer, offset, got);
            _position += got;
            _waiting -= got;
            if (_position == block.Length)
            {
                _blocks.Dequeue();
                _position = 0;
            }

            Monitor.PulseAll(_lock);
            return got;
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>The failure of a copy for which there is one connection alone.</summary>
    /// <param name="path">The file; null when it is not known.</param>
    public static FtpException OneConnection(string? path) => new(
        FtpErrorKind.CommandRefused,
        $"{(path is null ? "The file" : $"'{path}'")} wasn't copied, because files of more than {MostUnread >> 20} MiB are received over one connection and sent over another at the same time, but only one is available. Connect with -MaxConnection 2 or more. If the server doesn't allow a second connection, receive the file with Receive-FtpItem, and send it with Send-FtpItem.",
        path);
}

/// <summary>Ends one side of a relay whose other side has failed.</summary>
internal sealed class RelayBrokenException : Exception;
