using System;
using System.Collections.Generic;
using System.Text;
using FtpTools.Transfer;
using Xunit;

namespace FtpTools.Tests.Transfer;

public sealed class AsciiTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a\nb\n", "a\r\nb\r\n")]
    [InlineData("a\r\nb\r\n", "a\r\nb\r\n")]
    [InlineData("\n\n", "\r\n\r\n")]
    [InlineData("a\rb\r", "a\rb\r")]
    [InlineData("no end", "no end")]
    public void Local_lines_go_out_with_CRLF(string local, string wire)
    {
        foreach (var size in new[] { 2, 3, 4, 8, 64 })
            Assert.Equal(wire, Out(local, size));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a\r\nb\r\n", "a\nb\n")]
    [InlineData("a\nb", "a\nb")]
    [InlineData("a\rb", "a\rb")]
    [InlineData("a\r\r\nb", "a\r\nb")]
    [InlineData("end\r", "end\r")]
    public void Wire_lines_come_in_with_LF_on_Unix(string wire, string local)
    {
        foreach (var size in new[] { 1, 2, 3, 64 })
            Assert.Equal(local, In(wire, size, keep: false));
    }

    [Fact]
    public void Wire_lines_come_in_as_they_are_on_Windows() => Assert.Equal("a\r\nb\rc\n", In("a\r\nb\rc\n", 1, keep: true));

    [Fact]
    public void A_text_with_LF_comes_back_whatever_the_buffers()
    {
        var random = new Random(959);
        for (var round = 0; round < 500; round++)
        {
            var text = new StringBuilder();
            while (text.Length < random.Next(40))
                text.Append("ab\n"[random.Next(3)]);
            Assert.Equal(text.ToString(), In(Out(text.ToString(), random.Next(2, 9)), random.Next(1, 9), keep: false));
        }
    }

    private static string Out(string local, int bufferSize)
    {
        var source = Encoding.ASCII.GetBytes(local);
        var at = 0;
        var produce = AsciiText.ToWire(buffer =>
        {
            var count = Math.Min(buffer.Length, source.Length - at);
            Array.Copy(source, at, buffer, 0, count);
            at += count;
            return count;
        });
        var wire = new StringBuilder();
        var buffer = new byte[bufferSize];
        int read;
        while ((read = produce(buffer)) > 0)
            wire.Append(Encoding.ASCII.GetString(buffer, 0, read));
        return wire.ToString();
    }

    private static string In(string wire, int chunk, bool keep)
    {
        var local = new List<byte>();
        var decoder = AsciiText.FromWire((buffer, count) => local.AddRange(new ArraySegment<byte>(buffer, 0, count)), keep);
        var bytes = Encoding.ASCII.GetBytes(wire);
        for (var at = 0; at < bytes.Length; at += chunk)
        {
            var part = bytes[at..Math.Min(at + chunk, bytes.Length)];
            decoder.Feed(part, part.Length);
        }

        decoder.Complete();
        return Encoding.ASCII.GetString([.. local]);
    }
}
