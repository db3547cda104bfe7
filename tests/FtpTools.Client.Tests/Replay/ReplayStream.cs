using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Xunit;

namespace FtpTools.Tests.Replay;

/// <summary>
/// A server that knows one dialogue by heart. Lines of the script beginning with "C: " must come from the client, word
/// for word; lines with "S: " are sent in answer, in chunks of a chosen size, each its own read.
/// </summary>
internal sealed class ReplayStream : Stream
{
    private readonly Queue<string> _script;
    private readonly int _chunk;
    private readonly Channel<byte[]> _toClient = Channel.CreateUnbounded<byte[]>();
    private readonly List<byte> _fromClient = [];
    private byte[] _rest = [];

    public ReplayStream(string script, int chunk)
    {
        _script = new Queue<string>(script.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim('\r')));
        _chunk = chunk;
        Play();
    }

    /// <summary>True when the whole script was played.</summary>
    public bool IsDone => _script.Count == 0 && _fromClient.Count == 0;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (_rest.Length == 0)
        {
            if (!await _toClient.Reader.WaitToReadAsync(cancellationToken))
                return 0;
            Assert.True(_toClient.Reader.TryRead(out _rest!));
        }

        var length = Math.Min(count, _rest.Length);
        Array.Copy(_rest, 0, buffer, offset, length);
        _rest = _rest[length..];
        return length;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer, offset, count);
        return Task.CompletedTask;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        _fromClient.AddRange(buffer.Skip(offset).Take(count));
        while (_fromClient.IndexOf((byte)'\n') is var end && end >= 0)
        {
            var line = Encoding.UTF8.GetString([.. _fromClient.Take(end + 1)]);
            _fromClient.RemoveRange(0, end + 1);
            Assert.EndsWith("\r\n", line);
            Assert.True(_script.Count > 0, $"The client said '{line.Trim()}' after the end of the dialogue.");
            Assert.Equal(_script.Dequeue(), "C: " + line.TrimEnd());
            Play();
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing) => _toClient.Writer.TryComplete();

    private void Play()
    {
        while (_script.Count > 0 && _script.Peek().StartsWith("S: ", StringComparison.Ordinal))
        {
            var line = _script.Dequeue()[3..];
            if (line == "(closes)")
            {
                _toClient.Writer.TryComplete();
                continue;
            }

            var bytes = Encoding.UTF8.GetBytes(line + "\r\n");
            for (var at = 0; at < bytes.Length; at += _chunk)
                _toClient.Writer.TryWrite(bytes[at..Math.Min(at + _chunk, bytes.Length)]);
        }
    }
}
