using System;
using System.Linq;
using System.Text;
using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

/// <summary>UTF-8 that loses nothing: which bytes are characters (RFC 3629, 4), and which become escapes and bytes again.</summary>
public sealed class FtpUtf8EncodingTests
{
    private static readonly FtpUtf8Encoding _encoding = FtpUtf8Encoding.Instance;

    [Theory]
    [InlineData("00 7F", true)]
    [InlineData("C2 80", true)]
    [InlineData("DF BF", true)]
    [InlineData("E0 A0 80", true)]
    [InlineData("E1 80 80", true)]
    [InlineData("EC BF BF", true)]
    [InlineData("ED 9F BF", true)]
    [InlineData("EE 80 80", true)]
    [InlineData("EF BF BF", true)]
    [InlineData("F0 90 80 80", true)]
    [InlineData("F1 80 80 80", true)]
    [InlineData("F3 BF BF BF", true)]
    [InlineData("F4 8F BF BF", true)]
    [InlineData("80", false)]
    [InlineData("BF", false)]
    [InlineData("C0 80", false)] // overlong
    [InlineData("C1 BF", false)]
    [InlineData("C2", false)]
    [InlineData("C2 7F", false)]
    [InlineData("C2 C0", false)]
    [InlineData("E0 9F BF", false)] // overlong
    [InlineData("E0 C0 80", false)]
    [InlineData("E1 80", false)]
    [InlineData("E1 7F 80", false)]
    [InlineData("E1 80 7F", false)]
    [InlineData("E1 80 C0", false)]
    [InlineData("ED A0 80", false)] // half of a surrogate pair
    [InlineData("ED BF BF", false)]
    [InlineData("F0 8F BF BF", false)] // overlong
    [InlineData("F0 C0 80 80", false)]
    [InlineData("F1 80 80", false)]
    [InlineData("F1 80 7F 80", false)]
    [InlineData("F1 80 80 7F", false)]
    [InlineData("F1 80 80 C0", false)]
    [InlineData("F4 90 80 80", false)] // above U+10FFFF
    [InlineData("F4 7F 80 80", false)]
    [InlineData("F5 80 80 80", false)]
    [InlineData("FF", false)]
    public void Bytes_are_characters_or_escapes_and_the_same_bytes_again(string hex, bool isText)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", ""));
        var text = isText ? Encoding.UTF8.GetString(bytes) : string.Concat(bytes.Select(Escaped));
        // Among others that are no UTF-8, and cut out of a larger buffer.
        foreach (var (before, behind) in new[] { ("", ""), ("FE", ""), ("", "FE"), ("FE", "61 FE") })
        {
            byte[] all = [.. Bytes(before), .. bytes, .. Bytes(behind)];
            var expected = string.Concat(Bytes(before).Select(Escaped)) + text + string.Concat(Bytes(behind).Select(Escaped));
            byte[] buffer = [0x80, 0xE1, .. all, 0x80, 0x80];
            Assert.Equal(expected, _encoding.GetString(buffer, 2, all.Length));
            Assert.Equal(expected.Length, _encoding.GetCharCount(buffer, 2, all.Length));
            var chars = new char[expected.Length + 2];
            Assert.Equal(expected.Length, _encoding.GetChars(buffer, 2, all.Length, chars, 1));
            Assert.Equal($"\0{expected}\0", new string(chars));
            Assert.Equal(all.Length, _encoding.GetByteCount(chars, 1, expected.Length));
            var again = new byte[all.Length + 2];
            Assert.Equal(all.Length, _encoding.GetBytes(chars, 1, expected.Length, again, 1));
            Assert.Equal([0, .. all, 0], again);
            Assert.Equal(!isText || before + behind != "", FtpUtf8Encoding.HasEscapes(expected));
        }
    }

    // An attribute cannot hold half a surrogate pair.
    [Fact]
    public void What_is_neither_a_character_nor_a_byte_cannot_be_said()
    {
        foreach (var text in new[] { "a\uD83D", "\uDC7Fa", "\uDD00", "\uD83D\uD83D" })
        {
            Assert.Throws<EncoderFallbackException>(() => _encoding.GetBytes(text));
            Assert.False(FtpUtf8Encoding.HasEscapes(text));
        }

        // What stands behind the part that is to be said does not make it whole.
        Assert.Throws<EncoderFallbackException>(() => _encoding.GetBytes("a\uD83D\uDC80".ToCharArray(), 0, 2, new byte[8], 0));
    }

    [Fact]
    public void A_byte_is_told_from_half_of_a_pair()
    {
        Assert.True(FtpUtf8Encoding.HasEscapes("\uDC80"));
        Assert.True(FtpUtf8Encoding.HasEscapes("\uDCFF"));
        Assert.True(FtpUtf8Encoding.HasEscapes("\uD83D\uDC80\uDC80"));
        Assert.False(FtpUtf8Encoding.HasEscapes("\uD83D\uDC80"));
        Assert.False(FtpUtf8Encoding.HasEscapes("\uD83D\uD83D\uDC80"));
        Assert.False(FtpUtf8Encoding.HasEscapes(""));
        Assert.Equal([0xF0, 0x9F, 0x92, 0x80, 0x80], _encoding.GetBytes("\uD83D\uDC80\uDC80"));
    }

    [Fact]
    public void Its_bounds_leave_room_for_all()
    {
        Assert.InRange(_encoding.GetMaxByteCount(4), 12, 100);
        Assert.Equal(7, _encoding.GetMaxCharCount(7));
        Assert.Throws<OverflowException>(() => _encoding.GetMaxByteCount(int.MaxValue / 3));
        Assert.Equal("utf-8", _encoding.WebName);
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", ""));

    private static char Escaped(byte value) => value < 0x80 ? (char)value : (char)(0xDC00 + value);
}
