using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

/// <summary>Whether a session was resumed is read from what servers really sent (tests/fixtures/tls).</summary>
public sealed class TlsHandshakeWatchTests
{
    /// <summary>The record that says that what follows is encrypted.</summary>
    private static readonly byte[] _encrypted = [20, 3, 3, 0, 1, 1];

    public static TheoryData<string, bool> Captures
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var path in Directory.EnumerateFiles(Folder, "*.bin").Order(StringComparer.Ordinal))
                data.Add(Path.GetFileName(path), path.Contains("-resumed", StringComparison.Ordinal));
            return data;
        }
    }

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "fixtures", "tls");

    [Fact]
    public void There_are_captures() => Assert.Equal(8, Captures.Count);

    [Theory]
    [MemberData(nameof(Captures))]
    public void Tells_a_resumed_session_from_a_new_one(string capture, bool resumed)
    {
        var bytes = Capture(capture);
        foreach (var chunk in new[] { 1, 2, 3, 5, 7, 64, bytes.Length })
            Assert.Equal(resumed, Feed(bytes, () => chunk).Resumed);
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            Assert.Equal(resumed, Feed(bytes, () => random.Next(1, 80)).Resumed);
        }
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void Says_nothing_before_it_is_known_and_needs_no_more_than_the_first_flight(string capture, bool resumed)
    {
        var bytes = Capture(capture);
        var watch = new TlsHandshakeWatch();
        var taken = 0;
        for (; taken < bytes.Length && !watch.IsDone; taken++)
        {
            Assert.Null(watch.Resumed);
            watch.Feed(bytes, taken, 1);
        }

        Assert.Equal((true, resumed), (watch.IsDone, watch.Resumed));
        Assert.InRange(taken, 40, 300);
        // What comes later is application data, and no business of its.
        watch.Feed([20, 3, 3, 0, 1, 1, 22, 3, 3, 0, 4, 4, 0, 0, 0], 0, 15);
        Assert.Equal(resumed, watch.Resumed);
    }

    [Fact]
    public void A_resumed_session_may_come_with_a_new_ticket()
    {
        var bytes = Capture("tls12-resumed.bin");
        var hello = 5 + ((bytes[3] << 8) | bytes[4]);
        byte[] ticket = [22, 3, 3, 0, 10, 4, 0, 0, 6, 0, 0, 0, 0, 0, 0];
        byte[] renewed = [.. bytes[..hello], .. ticket, .. bytes[hello..]];
        Assert.True(Feed(renewed, () => 1).Resumed);
        Assert.True(Feed(renewed, () => renewed.Length).Resumed);
    }

    [Fact]
    public void A_hello_may_be_split_over_records_and_share_one_with_what_follows()
    {
        var bytes = Capture("tls12-full.bin");
        var hello = (bytes[3] << 8) | bytes[4];
        var second = bytes[(5 + hello)..];
        var next = (second[3] << 8) | second[4];
        byte[] messages = [.. bytes.AsSpan(5, hello), .. second.AsSpan(5, next)];
        byte[] One(byte[] part) => [22, 3, 3, (byte)(part.Length >> 8), (byte)part.Length, .. part];
        Assert.False(Feed(One(messages), () => 1).Resumed);
        Assert.False(Feed([.. messages.Chunk(7).SelectMany(One)], () => 3).Resumed);
    }

    [Fact]
    [Trait("Kind", "Random")]
    public void Garbage_never_throws_says_nothing_and_is_not_kept()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(0, 40_000)];
            random.NextBytes(bytes);
            // Half of them begin like a record.
            if (seed % 2 == 0 && bytes.Length > 5)
                (bytes[0], bytes[3]) = (22, (byte)random.Next(0, 8));
            var watch = Feed(bytes, () => random.Next(1, 5000));
            Assert.Null(watch.Resumed);
        }

        var endless = Feed([.. Enumerable.Repeat((byte[])[22, 3, 3, 0, 4, 2, 255, 255, 255], 8000).SelectMany(part => part)], () => 4096);
        Assert.Equal((true, null), (endless.IsDone, endless.Resumed));
    }

    [Theory]
    [MemberData(nameof(Captures))]
    [Trait("Kind", "Random")]
    public void A_handshake_that_is_damaged_anywhere_never_throws(string capture, bool resumed)
    {
        var bytes = Capture(capture);
        for (var i = 0; i < Math.Min(bytes.Length, 300); i++)
        {
            foreach (var value in new byte[] { 0, 1, 20, 22, 127, 255 })
            {
                var damaged = (byte[])bytes.Clone();
                damaged[i] = value;
                Feed(damaged, () => 50);
            }

            var cut = Feed(bytes[..i], () => 9);
            Assert.True(cut.Resumed is null || cut.Resumed == resumed);
        }
    }

    [Theory]
    [InlineData("220 ready\r\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("\u0016\u0003\u0003\0\u0004\u000B\0\0\0")] // a certificate with no hello before it
    [InlineData("\u0015\u0003\u0003\0\u0002\u0002\u0028")] // an alert: handshake failure
    public void What_is_no_hello_is_done_with_at_once(string text)
    {
        var watch = Feed([.. text.Select(c => (byte)c)], () => 1);
        Assert.Equal((true, null), (watch.IsDone, watch.Resumed));
    }

    [Theory]
    [InlineData("", true)] // no extensions: before TLS 1.3, and encrypted at once
    [InlineData("0010:0", true)]
    [InlineData("0010:300", true)]
    [InlineData("012B:2", true)]
    [InlineData("2B00:2", true)]
    [InlineData("0029:2", true)]
    [InlineData("002B:2", false)]
    [InlineData("002B:0", false)]
    [InlineData("FF01:301 002B:2", false)]
    [InlineData("002B:2 0029:2", true)]
    [InlineData("0029:2 002B:2", true)]
    [InlineData("002B:2 0029:0", true)]
    [InlineData("002B:2 002B:2", false)]
    [InlineData("002B:2 0129:2", false)]
    [InlineData("FF01:301 002B:2 0029:2", true)]
    [InlineData("002B:2 002B:2 0029:2 0029:2", true)]
    public void The_extensions_of_a_hello_tell(string extensions, bool resumed)
    {
        byte[] all = [.. Record(Hello(extensions)), .. _encrypted];
        foreach (var chunk in new[] { 1, 7, all.Length })
            Assert.Equal((true, resumed), (Feed(all, () => chunk).IsDone, Feed(all, () => chunk).Resumed));
    }

    [Fact]
    public void What_follows_the_hello_tells_by_its_first_four_bytes()
    {
        Assert.False(Feed([.. Record(Hello("")), .. Record([14, 0, 0, 0])], () => 1).Resumed); // ServerHelloDone
        Assert.False(Feed([.. Record(Hello("")), .. Record(Hello("002B:2 0029:2"))], () => 1000).Resumed); // no second one counts
        Assert.Null(Feed([.. Record(Hello("")), .. Record([14, 0, 0])], () => 1).Resumed);
    }

    [Fact]
    public void A_hello_that_is_too_short_or_longer_than_what_came_is_none()
    {
        var least = Hello("");
        Assert.Equal(42, least.Length);
        Assert.Null(Feed([.. Record([2, 0, 0, 37, .. least[4..41]]), .. _encrypted], () => 1).Resumed);
        Assert.Null(Feed([.. Record([2, 1, 0, 38, .. least[4..]]), .. _encrypted], () => 1).Resumed);
        Assert.Null(Feed([.. Record([2, 0, 1, 38, .. least[4..]]), .. _encrypted], () => 1).Resumed);
    }

    [Fact]
    public void A_hello_that_never_ends_is_given_up()
    {
        var endless = Record([2, 0, 0x60, 0, .. new byte[20_000]]);
        Assert.False(Feed(endless[..(5 + 16_384)], () => 100).IsDone);
        Assert.Equal((true, null), (Feed(endless[..(5 + 16_385)], () => 100).IsDone, Feed(endless, () => 100).Resumed));
    }

    /// <summary>A server's hello, its type and length before it, with extensions of zeros: type and length of each.</summary>
    private static byte[] Hello(string extensions)
    {
        var bytes = new List<byte>();
        foreach (var extension in extensions.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var length = int.Parse(extension[5..], CultureInfo.InvariantCulture);
            bytes.AddRange([.. Convert.FromHexString(extension[..4]), (byte)(length >> 8), (byte)length, .. Enumerable.Repeat((byte)0xFF, length)]);
        }

        byte[] body = [3, 3, .. Enumerable.Repeat((byte)7, 32), 0, 0xC0, 0x2F, 0];
        if (bytes.Count > 0)
            body = [.. body, (byte)(bytes.Count >> 8), (byte)bytes.Count, .. bytes];
        return [2, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];
    }

    private static byte[] Record(byte[] messages) => [22, 3, 3, (byte)(messages.Length >> 8), (byte)messages.Length, .. messages];

    private static byte[] Capture(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    /// <summary>Feeds chunks from a buffer that is overwritten afterwards, at an offset, as the real one is.</summary>
    private static TlsHandshakeWatch Feed(byte[] bytes, Func<int> chunk)
    {
        var watch = new TlsHandshakeWatch();
        for (var at = 0; at < bytes.Length;)
        {
            var count = Math.Min(chunk(), bytes.Length - at);
            byte[] buffer = [255, 255, .. bytes.AsSpan(at, count), 255];
            watch.Feed(buffer, 2, count);
            Array.Clear(buffer);
            at += count;
        }

        return watch;
    }
}
