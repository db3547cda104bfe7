using System.IO;
using System.Linq;
using System.Text;
using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

public sealed class FtpReplyParserTests
{
    private const string Dialogue =
        "220 Welcome\r\n"
        + "211-Features:\r\n EPSV\r\n MLST type*;size*;\r\n211 End\r\n"
        + "230-Hello\r\n230-211 files wait\r\n230 200 more\r\n"
        + "214-\r\n221 is no end, for the code differs\r\n214\r\n"
        + "257 \"/a \"\"b\"\"\" is current\n"
        + "150\r\n";

    public static TheoryData<int> ChunkSizes => [1, 2, 3, 5, 7, 16, 1000];

    [Theory]
    [MemberData(nameof(ChunkSizes))]
    public void Replies_are_the_same_however_they_are_split(int chunk)
    {
        var parser = new FtpReplyParser();
        var replies = Feed(parser, Encoding.ASCII.GetBytes(Dialogue), chunk);

        Assert.Equal([220, 211, 230, 214, 257, 150], replies.Select(reply => reply.Code));
        Assert.Equal(["Features:", " EPSV", " MLST type*;size*;", "End"], replies[1].Lines);
        Assert.Equal(["Hello", "211 files wait", "200 more"], replies[2].Lines);
        Assert.Equal(["", "221 is no end, for the code differs", ""], replies[3].Lines);
        Assert.Equal("\"/a \"\"b\"\"\" is current", replies[4].Text);
        Assert.Equal([""], replies[5].Lines);
        Assert.False(parser.HasInput);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("20 short\r\n")]
    [InlineData("620 no such class\r\n")]
    [InlineData("2200 four digits\r\n")]
    [InlineData(" \r\n")]
    public void What_is_no_reply_is_refused(string line)
    {
        var bytes = Encoding.ASCII.GetBytes(line);
        Assert.Throws<InvalidDataException>(() => new FtpReplyParser().Feed(bytes, bytes.Length));
    }

    [Fact]
    public void A_few_empty_lines_between_replies_are_none_and_many_are_a_flood()
    {
        var parser = new FtpReplyParser();
        var replies = Feed(parser, Encoding.ASCII.GetBytes("\r\n200 one\r\n\n\r\n250 two\r\n\r\n"), 1);
        Assert.Equal([200, 250], replies.Select(reply => reply.Code));
        Assert.False(parser.HasInput);
        var flood = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("\r\n", 40)));
        Assert.Throws<InvalidDataException>(() => parser.Feed(flood, flood.Length));
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void Sixteen_empty_lines_are_borne(int count, bool isBorne)
    {
        var parser = new FtpReplyParser();
        var bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("\n", count)) + "200 one\r\n\r\n");
        if (isBorne)
            Assert.Equal([200], Feed(parser, bytes, 1000).Select(reply => reply.Code));
        else
            Assert.Throws<InvalidDataException>(() => parser.Feed(bytes, bytes.Length));
        // Each reply begins their count anew, and so does what is forgotten.
        if (isBorne)
            Assert.Equal([250], Feed(parser, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("\n", 15)) + "250 two\r\n"), 1000).Select(reply => reply.Code));
    }

    [Theory]
    [InlineData(FtpReplyParser.MaxReplyBytes, true)]
    [InlineData(FtpReplyParser.MaxReplyBytes + 1, false)]
    public void A_reply_may_be_as_long_as_the_cap(int length, bool isBorne)
    {
        var parser = new FtpReplyParser();
        var bytes = Encoding.ASCII.GetBytes("\n220 " + new string('x', length - 6) + "\r\n");
        if (isBorne)
            Assert.Equal(length - 6, Assert.Single(Feed(parser, bytes, bytes.Length)).Text.Length);
        else
            Assert.Contains("256 KiB", Assert.Throws<InvalidDataException>(() => parser.Feed(bytes, bytes.Length)).Message);
    }

    [Theory]
    [InlineData("100 a", 100, "a")]
    [InlineData("599 a", 599, "a")]
    [InlineData("\r200 a", 200, "a")]
    [InlineData("200 a\r\0", 200, "a")]
    [InlineData("290", 290, "")]
    [InlineData("209 ", 209, "")]
    [InlineData("200  a", 200, " a")]
    [InlineData("200-a\n200", 200, "a")]
    [InlineData("200-\n200 b", 200, "")]
    public void A_code_and_its_text_are_read(string lines, int code, string text)
    {
        var reply = Assert.Single(Feed(new FtpReplyParser(), Encoding.ASCII.GetBytes(lines + "\n"), 1));
        Assert.Equal((code, text), (reply.Code, reply.Lines[0]));
    }

    [Fact]
    public void Lines_between_are_not_taken_for_the_last()
    {
        var reply = Assert.Single(Feed(new FtpReplyParser(), Encoding.ASCII.GetBytes("211-a\r\n211-b\r\n211-\r\n211x\r\n212 c\r\n 211 d\r\n211 e\r\n"), 1000));
        Assert.Equal(["a", "b", "", "211x", "212 c", " 211 d", "e"], reply.Lines);
    }

    [Theory]
    [InlineData("099 a")]
    [InlineData("600 a")]
    [InlineData("900 a")]
    [InlineData(" 099 a")]
    [InlineData(" 999 a")]
    [InlineData("2:0 a")]
    [InlineData("20: a")]
    [InlineData("2/0 a")]
    [InlineData("20/ a")]
    [InlineData("200a")]
    [InlineData("20")]
    public void What_has_no_code_is_refused(string line) =>
        Assert.Throws<InvalidDataException>(() => Feed(new FtpReplyParser(), Encoding.ASCII.GetBytes(line + "\r\n"), 1));

    [Theory]
    [InlineData(60, false)]
    [InlineData(61, true)]
    public void What_is_no_reply_is_shown_as_far_as_it_helps(int length, bool isCut)
    {
        var error = Assert.Throws<InvalidDataException>(() => Feed(new FtpReplyParser(), Encoding.ASCII.GetBytes(new string('1', length) + "\r\n"), 1));
        Assert.Contains($"'{new string('1', 60)}{(isCut ? "..." : "")}' isn't an FTP reply", error.Message);
    }

    [Theory]
    [InlineData("Hello\r\n  be nice\r\n220 a\r\n", 220, "a", "Hello")] // a banner ahead of the greeting
    [InlineData("\u00EF\u00BB\u00BF220 a\r\n", 220, "a", null)] // a byte order mark
    [InlineData("\u00FF\u00FB\u0001\u00FF\u00F1220 a\r\n", 220, "a", null)] // options of Telnet
    [InlineData("\u00FF\u00FE\u0001\u00FF\u00F1220 a\r\n", 220, "a", null)]
    [InlineData("\u00E6\u00BB\u00BF220 \u00E4\u00BA\u00BA\r\n220 a\r\n", 220, "a", "\u6EFF220 \u4EBA")] // a banner whose first letter ends like that mark
    [InlineData(" \u00C2\u00BF220 a?\r\n220 a\r\n", 220, "a", " \u00BF220 a?")]
    [InlineData("\0 \t220 a\0\r\r\n", 220, "a", null)]
    [InlineData("211 a\r\n SIZE\r\n211 End\r\n", 211, "a; SIZE;End", " SIZE")] // no hyphen
    [InlineData("211-a\r\n SIZE\r\n211-END\r\n", 211, "a; SIZE;END", null)]
    [InlineData("211-a\r\n SIZE\r\n226 End.\r\n", 211, "a; SIZE;End.", null)]
    [InlineData("211-a\r\n211-Ending\r\n211 End\r\n", 211, "a;Ending;End", null)]
    [InlineData("211-a\r\n    End: 12:00\r\n211 End\r\n", 211, "a;    End: 12:00;End", null)] // of STAT
    [InlineData("214-a\r\n214-End it by QUIT\r\n  - End it\r\n214 b\r\n", 214, "a;End it by QUIT;  - End it;b", null)]
    [InlineData("553-a\r\n553- b\r\n150 c\r\n", 150, "a; b;c", null)] // glftpd, which opens the transfer all the same
    [InlineData("400-a\r\n199 b\r\n", 199, "a;b", null)]
    [InlineData("399-a\r\n150 b\r\n399 c\r\n", 399, "a;150 b;c", null)] // what is no warning ends by its own code alone
    [InlineData("553-a\r\n200 b\r\n553 c\r\n", 553, "a;200 b;c", null)]
    [InlineData("553-a\r\n150-b\r\n553 c\r\n", 553, "a;150-b;c", null)]
    [InlineData("553-a\r\n150\r\n553 c\r\n", 553, "a;150;c", null)]
    [InlineData("553-a\r\nTry as you may\r\n553 c\r\n", 553, "a;Try as you may;c", null)]
    [InlineData("230 a\r\nEnjoy\r\n", 230, "a;Enjoy", "Enjoy")]
    [InlineData("230 a\r\nEnjoy\r\n230\r\n", 230, "a;Enjoy;", "Enjoy")]
    public void What_surrounds_a_reply_is_borne(string sent, int code, string lines, string? stray)
    {
        foreach (var chunk in new[] { 1, 1000 })
        {
            var parser = new FtpReplyParser();
            Feed(parser, Encoding.Latin1.GetBytes(sent), chunk, take: false);
            Assert.True(parser.TryTake(out var reply));
            Assert.False(parser.TryTake(out _));
            Assert.Equal((code, lines), (reply.Code, string.Join(';', reply.Lines)));
            Assert.Equal(stray, parser.Stray);
        }
    }

    [Theory]
    [InlineData("200 a\n\r250 b\n\r", "200 a 250 b")] // line ends the wrong way round
    [InlineData("200 a\r\n\0\0", "200 a")]
    [InlineData("200 a\r\n200 b\r\n", "200 a 200 b")] // to two commands in one write
    [InlineData("230 a\r\nEnjoy\r\n230 b\r\n230 c\r\n", "230 a;Enjoy;b 230 c")]
    [InlineData("200 a\n \n", "200 a; ")]
    [InlineData("553-a\r\n150 b\r\n226 c\r\n", "150 a;b 226 c")]
    public void Each_reply_is_one(string sent, string replies)
    {
        var parser = new FtpReplyParser();
        Feed(parser, Encoding.ASCII.GetBytes(sent), 1000, take: false);
        var read = new System.Collections.Generic.List<string>();
        while (parser.Next is { } next)
        {
            Assert.True(parser.TryTake(out var reply));
            Assert.Same(next, reply);
            read.Add($"{reply.Code} {string.Join(';', reply.Lines)}");
        }

        Assert.Equal(replies, string.Join(' ', read));
        Assert.False(parser.HasInput);
    }

    [Fact]
    public void The_rest_of_a_reply_is_put_down_to_it_when_the_one_before_was_taken()
    {
        var parser = new FtpReplyParser();
        Feed(parser, "200 a\r\n230 b\r\n"u8.ToArray(), 1000, take: false);
        Assert.True(parser.TryTake(out _));
        Feed(parser, "Enjoy\r\n"u8.ToArray(), 1000, take: false);
        Assert.True(parser.TryTake(out var reply));
        Assert.Equal(["b", "Enjoy"], reply.Lines);
    }

    // In the place of a reply that is owed it could be that reply.
    [Theory]
    [InlineData("", false)]
    [InlineData("150 a\r\n", false)]
    [InlineData("200 a\r\n", true)]
    [InlineData("550 a\r\n", true)]
    public void A_line_of_no_reply_is_borne_where_none_is_owed(string before, bool isBorne)
    {
        var parser = new FtpReplyParser();
        Feed(parser, "220 a\r\n"u8.ToArray(), 1000);
        parser.NoteCommands(1);
        Feed(parser, Encoding.ASCII.GetBytes(before), 1000);
        if (isBorne)
            Assert.Empty(Feed(parser, "well\r\n"u8.ToArray(), 1000));
        else
            Assert.Throws<InvalidDataException>(() => Feed(parser, "well\r\n"u8.ToArray(), 1000));
    }

    // What may surround a reply, as the whole of a line that fills the buffer to its last byte.
    [Theory]
    [InlineData("", false)]
    [InlineData("\u00EF\u00BB", true)]
    [InlineData("\u00FF", true)]
    [InlineData("\u00FF\u00FB", true)]
    public void What_surrounds_a_reply_is_none_without_it(string end, bool isBorne)
    {
        var bytes = Encoding.Latin1.GetBytes(end.PadLeft(512) + "\n220 a\n");
        if (isBorne)
            Assert.Equal([220], Feed(new FtpReplyParser(), bytes, 1000).Select(reply => reply.Code));
        else
            Assert.Throws<InvalidDataException>(() => Feed(new FtpReplyParser(), bytes, 1000));
    }

    [Fact]
    public void The_rest_of_a_reply_that_was_taken_is_no_other_reply()
    {
        var parser = new FtpReplyParser();
        Assert.Equal([211], Feed(parser, "211 Features\r\n"u8.ToArray(), 1000).Select(reply => reply.Code));
        parser.NoteCommands(1);
        Assert.Empty(Feed(parser, " SIZE\r\n"u8.ToArray(), 1000));
        parser.NoteCommands(1);
        Assert.Equal([215], Feed(parser, "211 End\r\n215 UNIX\r\n"u8.ToArray(), 1000).Select(reply => reply.Code));
        Assert.Equal([250], Feed(parser, "250 Deleted\r\nwell\r\n"u8.ToArray(), 1000).Select(reply => reply.Code));
        parser.NoteCommands(1);
        // Of other commands it is their own reply, and so would be a line that is none.
        Assert.Equal([250], Feed(parser, "250 Deleted too\r\n"u8.ToArray(), 1000).Select(reply => reply.Code));
        parser.NoteCommands(2);
        Assert.Equal([550], Feed(parser, "550 No\r\n"u8.ToArray(), 1000).Select(reply => reply.Code));
        Assert.Throws<InvalidDataException>(() => Feed(parser, "well\r\n"u8.ToArray(), 1000));
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void Lines_of_no_reply_have_an_end(int count, bool isBorne)
    {
        var bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("Who are you?\r\nSee who we are\r\n", count / 2)) + (count % 2 > 0 ? "To all\r\n" : "") + "220 a\r\n");
        if (isBorne)
            Assert.Equal([220], Feed(new FtpReplyParser(), bytes, 1000).Select(reply => reply.Code));
        else
            Assert.Throws<InvalidDataException>(() => Feed(new FtpReplyParser(), bytes, 1000));
    }

    [Fact]
    public void A_reply_that_waits_to_be_taken_is_input()
    {
        var parser = new FtpReplyParser();
        Assert.False(parser.HasInput);
        Assert.False(parser.TryTake(out _));
        Feed(parser, Encoding.ASCII.GetBytes("200 one\r\n"), 100, take: false);
        Assert.True(parser.HasInput);
        Assert.True(parser.TryTake(out var reply));
        Assert.Equal(200, reply.Code);
        Assert.False(parser.HasInput);
    }

    [Fact]
    public void A_reply_without_end_is_refused_at_the_cap()
    {
        var parser = new FtpReplyParser();
        var block = Enumerable.Repeat((byte)'x', 4096).ToArray();
        Feed(parser, Encoding.ASCII.GetBytes("220 "), 4);
        for (var i = 0; i < (FtpReplyParser.MaxReplyBytes / 4096) - 1; i++)
            parser.Feed(block, block.Length);
        Assert.Throws<InvalidDataException>(() => parser.Feed(block, block.Length));
    }

    [Fact]
    public void What_came_before_an_upgrade_is_forgotten()
    {
        var parser = new FtpReplyParser();
        Feed(parser, Encoding.ASCII.GetBytes("220 one\r\n230-first\r\n230-half"), 100, take: false);
        Assert.True(parser.HasInput);
        parser.Discard();
        Assert.False(parser.HasInput);
        var reply = Assert.Single(Feed(parser, Encoding.ASCII.GetBytes("200 after\r\n"), 100));
        Assert.Equal((200, "after"), (reply.Code, string.Join("+", reply.Lines)));
        // Nor does anything go on that was said before it.
        Feed(parser, Encoding.ASCII.GetBytes("211 one\r\n"), 100, take: false);
        parser.Discard();
        Assert.Equal([220, 220], Feed(parser, Encoding.ASCII.GetBytes("well\r\n220 two\r\n220 three\r\n"), 100).Select(one => one.Code));
        Feed(parser, Encoding.ASCII.GetBytes("211 one\r\n"), 100, take: false);
        parser.Discard();
        parser.NoteCommands(1);
        Assert.Throws<InvalidDataException>(() => Feed(parser, Encoding.ASCII.GetBytes("well\r\n"), 100));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("220 on")]
    [InlineData("220-one\r\n")]
    public void Part_of_a_reply_is_input(string part)
    {
        var parser = new FtpReplyParser();
        Feed(parser, Encoding.ASCII.GetBytes(part), 1);
        Assert.True(parser.HasInput);
        parser.Discard();
        Assert.False(parser.HasInput);
    }

    private static FtpReply[] Feed(FtpReplyParser parser, byte[] bytes, int chunk, bool take = true)
    {
        var replies = new System.Collections.Generic.List<FtpReply>();
        for (var at = 0; at < bytes.Length; at += chunk)
        {
            var part = bytes.Skip(at).Take(chunk).ToArray();
            parser.Feed(part, part.Length);
            while (take && parser.TryTake(out var reply))
                replies.Add(reply);
        }

        return [.. replies];
    }
}
