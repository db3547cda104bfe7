using System;
using System.IO;
using System.Linq;
using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

/// <summary>Whether a session was resumed is read from what servers really sent (tests/fixtures/tls).</summary>
public sealed class TlsHandshakeWatchTests
{
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
    [InlineData("\u0015\u0003\u0003\0\u0002\u0002\u0028")] // an alert: handshake failure
    public void What_is_no_hello_is_done_with_at_once(string text)
    {
        var watch = Feed([.. text.Select(c => (byte)c)], () => 1);
        Assert.Equal((true, null), (watch.IsDone, watch.Resumed));
    }

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
