using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FtpTools.Connection;
using Xunit;

namespace FtpTools.Tests.Tls;

/// <summary>The buffers between SslStream and the socket: every byte goes through once, in order, however the calls fall.</summary>
public sealed class WatchedStreamTests
{
    private static readonly byte[] _bytes = [.. Enumerable.Range(0, 100_000).Select(i => (byte)((i * 7) ^ (i >> 8)))];

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(300, 2)]
    [InlineData(300, 3)]
    [InlineData(70_000, 4)]
    [InlineData(200_000, 5)]
    public void What_is_read_ahead_comes_in_order(int bufferSize, int seed)
    {
        var random = new Random(seed);
        using var stream = new WatchedStream(new Pieces(_bytes, random)) { ReadBuffer = bufferSize > 0 ? new byte[bufferSize] : null };
        var got = new List<byte>();
        var target = new byte[40_000];
        while (true)
        {
            // SslStream waits with a read of nothing, which must not wait for what is there, nor take it.
            if (bufferSize > 0)
            {
                Assert.Equal(0, stream.Read([], 0, 0));
                Assert.Equal(got.Count < _bytes.Length, stream.ReadAhead > 0);
            }

            var size = random.Next(1, target.Length);
            var count = got.Count % 2 == 0 ? stream.Read(target, 0, size) : stream.Read(target.AsSpan(0, size));
            if (count == 0)
                break;
            got.AddRange(target.Take(count));
        }

        Assert.Equal(_bytes, got);
        Assert.True(stream.HasEnded);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(300, 2)]
    [InlineData(20_000, 3)]
    [InlineData(200_000, 4)]
    public void What_is_gathered_goes_out_in_order_and_at_the_latest_when_flushed(int bufferSize, int seed)
    {
        var random = new Random(seed);
        using var wire = new Pieces([], random);
        using var stream = new WatchedStream(wire) { WriteBuffer = new byte[bufferSize] };
        var sent = 0;
        while (sent < _bytes.Length)
        {
            var count = Math.Min(random.Next(1, 30_000), _bytes.Length - sent);
            if (sent % 2 == 0)
                stream.Write(_bytes, sent, count);
            else
                stream.Write(_bytes.AsSpan(sent, count));
            sent += count;
            if (random.Next(3) > 0)
                continue;
            stream.Flush();
            Assert.Equal(sent, wire.Written.Count);
        }

        stream.Flush();
        Assert.Equal(_bytes, wire.Written);
        stream.WriteBuffer = null;
        stream.WriteByte(1);
        Assert.Equal(_bytes.Length + 1, wire.Written.Count);
        if (bufferSize > _bytes.Length)
            Assert.InRange(wire.Writes, 1, 15);
    }

    /// <summary>A wire that gives what there is in pieces of any size.</summary>
    private sealed class Pieces(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public List<byte> Written { get; } = [];

        public int Writes { get; private set; }

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, random.Next(1, 50_000)));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, random.Next(1, 50_000))]);

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Writes++;
            Written.AddRange(buffer);
        }
    }
}
