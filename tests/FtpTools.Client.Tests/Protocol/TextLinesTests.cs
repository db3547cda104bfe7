using System.Collections.Generic;
using System.Linq;
using System.Text;
using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

/// <summary>Lines and pieces of a text, whichever way its bytes come.</summary>
public sealed class TextLinesTests
{
    private static readonly Encoding _utf8 = new UTF8Encoding(false);

    [Theory]
    [InlineData("", "")]
    [InlineData("one", "one")]
    [InlineData("one\n", "one")]
    [InlineData("one\ntwo\n", "one|two")]
    [InlineData("one\r\ntwo\rthree\n\nfour\r\r\nfive", "one|two|three||four||five")]
    [InlineData("\n\r\n\r", "||")]
    [InlineData("gr\u00fc\u00df\n\u65e5\u672c", "gr\u00fc\u00df|\u65e5\u672c")]
    [InlineData("\ufeffmark\n", "mark")]
    public void A_text_is_divided_at_line_ends_however_its_bytes_come(string text, string lines)
    {
        var bytes = _utf8.GetBytes(text);
        foreach (var size in new[] { 1, 2, 3, 5, 100 })
            Assert.Equal(lines, string.Join("|", Read(_utf8, null, bytes, size)));
    }

    [Theory]
    [InlineData("a,b,,c", ",", "a|b||c")]
    [InlineData("a--b-c--", "--", "a|b-c")]
    [InlineData("a\nb;c\n", ";", "a\nb|c\n")]
    public void A_delimiter_divides_and_is_left_out(string text, string delimiter, string pieces)
    {
        foreach (var size in new[] { 1, 2, 100 })
            Assert.Equal(pieces, string.Join("|", Read(_utf8, delimiter, _utf8.GetBytes(text), size)));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    [InlineData("utf-32BE")]
    public void A_byte_order_mark_decides(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes("\u00e4\r\n\u65e5\n")];
        foreach (var size in new[] { 1, 3, 100 })
            Assert.Equal(["\u00e4", "\u65e5"], Read(Encoding.Latin1, null, bytes, size));
    }

    [Fact]
    public void No_more_is_read_than_was_wanted()
    {
        var taken = new List<string>();
        var lines = new TextLines(_utf8, null, line =>
        {
            taken.Add(line);
            return taken.Count < 2;
        });
        var bytes = _utf8.GetBytes("one\ntwo\nthree\n");
        Assert.False(lines.Feed(bytes, bytes.Length));
        Assert.Equal(["one", "two"], taken);
    }

    [Theory]
    [InlineData("one,two,three")]
    [InlineData("one,t")]
    public void No_more_pieces_are_read_than_were_wanted(string text)
    {
        var taken = new List<string>();
        var lines = new TextLines(_utf8, ",", line =>
        {
            taken.Add(line);
            return false;
        });
        var bytes = _utf8.GetBytes(text);
        Assert.False(lines.Feed(bytes, bytes.Length));
        Assert.Equal(["one"], taken);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(5)]
    [InlineData(1)]
    public void A_line_without_end_is_given_up(int size)
    {
        var taken = new List<string>();
        var lines = new TextLines(_utf8, null, line =>
        {
            taken.Add(line);
            return true;
        }) { Most = 8 };
        var bytes = _utf8.GetBytes("12345678\n12345678\n123456789");
        var error = Assert.Throws<FtpException>(() =>
        {
            foreach (var chunk in bytes.Chunk(size))
                lines.Feed(chunk, chunk.Length);
        });
        Assert.Equal(FtpErrorKind.CommandNotSupported, error.Kind);
        Assert.StartsWith("The file contains a line of more than 8 characters, ", error.Message);
        Assert.Equal(["12345678", "12345678"], taken);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void A_character_that_is_cut_off_is_shown_as_such(int size) =>
        Assert.Equal(["lines", "end\uFFFD"], Read(_utf8, null, [.. _utf8.GetBytes("lines\nend"), 0xC3], size));

    // More than is decoded at once, and of an encoding with less bytes to a character than the one that was expected.
    [Fact]
    public void A_long_text_is_read_to_its_end()
    {
        string[] lines = [new string('a', 20_000), new string('b', 20_000)];
        byte[] bytes = [.. Encoding.UTF8.GetPreamble(), .. _utf8.GetBytes(string.Join("\n", lines))];
        foreach (var size in new[] { 1000, 50_000 })
            Assert.Equal(lines, Read(Encoding.Unicode, null, bytes, size));
    }

    // UTF-32's mark begins as that of UTF-16.
    [Fact]
    public void A_byte_order_mark_is_no_mark_before_all_of_it_is_there()
    {
        byte[] head = [0xFF, 0xFE, 0, 0];
        int? CodePage(int count) => TextBytes.Marked(head, count)?.CodePage;
        Assert.Equal([null, 1200, 1200, 12000], new[] { CodePage(1), CodePage(2), CodePage(3), CodePage(4) });
    }

    [Fact]
    public void The_end_of_a_text_has_no_mark_and_counts_its_lines()
    {
        // The end of a UTF-8 text that was cut in the middle of a character, and before what looks like a mark.
        byte[] bytes = [0xA4, .. _utf8.GetBytes("x\none\ntwo\nthree")];
        var (last, count) = TextLines.Last(bytes, _utf8, null, isFromStart: false, 2);
        Assert.Equal(["two", "three"], last);
        Assert.Equal(4, count);
        Assert.Equal("\ufeffa", TextLines.Last([0xEF, 0xBB, 0xBF, (byte)'a'], _utf8, null, isFromStart: false, 1).Last.Single());
    }

    private static List<string> Read(Encoding encoding, string? delimiter, byte[] bytes, int size)
    {
        var taken = new List<string>();
        var lines = new TextLines(encoding, delimiter, line =>
        {
            taken.Add(line);
            return true;
        });
        foreach (var chunk in bytes.Chunk(size))
            Assert.True(lines.Feed(chunk, chunk.Length));
        lines.Complete();
        return taken;
    }
}
