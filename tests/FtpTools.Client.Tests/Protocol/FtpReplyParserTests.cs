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
        Feed(parser, Encoding.ASCII.GetBytes("220 one\r\n230-half"), 100, take: false);
        Assert.True(parser.HasInput);
        parser.Discard();
        Assert.False(parser.HasInput);
        Assert.Equal([200], Feed(parser, Encoding.ASCII.GetBytes("200 after\r\n"), 100).Select(reply => reply.Code));
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
