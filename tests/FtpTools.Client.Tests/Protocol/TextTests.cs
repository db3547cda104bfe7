using System;
using System.Linq;
using System.Text;
using FtpTools.Listing;
using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

/// <summary>Commands, names, paths, times and features: text in, values out.</summary>
public sealed class TextTests
{
    [Theory]
    [InlineData("a\r\nDELE b")]
    [InlineData("\n")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    public void A_command_cannot_smuggle_another_one(string argument)
    {
        var error = Assert.Throws<FtpException>(() => new FtpCommand("RETR", argument));
        Assert.Equal(("FtpInvalidName", argument), (error.ErrorId, error.Path));
        Assert.StartsWith("RETR wasn't sent, because ", error.Message);
    }

    [Theory]
    [InlineData("CWD", "/ñ", "/ñ")]
    [InlineData("PASS", "sñcret", null)]
    [InlineData("ACCT", "sñcret", null)]
    public void A_character_that_the_encoding_has_not_is_replaced_by_no_other(string verb, string argument, string? shown)
    {
        var ascii = Encoding.GetEncoding("us-ascii", new EncoderExceptionFallback(), new DecoderExceptionFallback());
        var error = Assert.Throws<FtpException>(() => new FtpCommand(verb, argument).ToBytes(ascii));
        Assert.Equal(("FtpInvalidName", shown), (error.ErrorId, error.Path));
        Assert.StartsWith($"{verb} wasn't sent, because ", error.Message);
        Assert.Contains("us-ascii", error.Message);
        Assert.DoesNotContain("ñ", error.Message);
    }

    [Fact]
    public void Secrets_are_not_shown()
    {
        Assert.Equal("PASS ****", new FtpCommand("PASS", "s3cret").Redacted);
        Assert.Equal("ACCT ****", new FtpCommand("ACCT", "s3cret").Redacted);
        Assert.Equal("RETR a b", new FtpCommand("RETR", "a b").Redacted);
        Assert.Equal("NOOP", new FtpCommand("NOOP").Redacted);
        var error = Assert.Throws<FtpException>(() => new FtpCommand("PASS", "s3\ncret"));
        Assert.DoesNotContain("cret", error.Message + error.Path);
        Assert.Null(error.Path);
    }

    [Fact]
    public void A_command_ends_with_CRLF()
    {
        Assert.Equal("NOOP\r\n"u8.ToArray(), new FtpCommand("NOOP").ToBytes(Encoding.ASCII));
        Assert.Equal("CWD /ñ\r\n"u8.ToArray(), new FtpCommand("CWD", "/ñ").ToBytes(FtpUtf8Encoding.Instance));
    }

    [Fact]
    public void Any_bytes_survive_the_encoding()
    {
        var random = new Random(959);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = new byte[random.Next(12)];
            random.NextBytes(bytes);
            if (round % 2 == 0)
                bytes = [.. "日本ñ€😀"u8.ToArray().Skip(random.Next(6)).Take(random.Next(12)), .. bytes];
            var text = FtpUtf8Encoding.Instance.GetString(bytes);
            Assert.Equal(bytes, FtpUtf8Encoding.Instance.GetBytes(text));
        }
    }

    [Fact]
    public void Valid_text_is_plain_UTF8()
    {
        const string Text = "a ñ 日本 😀 \uFFFD";
        Assert.Equal(Encoding.UTF8.GetBytes(Text), FtpUtf8Encoding.Instance.GetBytes(Text));
        Assert.Equal(Text, FtpUtf8Encoding.Instance.GetString(Encoding.UTF8.GetBytes(Text)));
        Assert.False(FtpUtf8Encoding.HasEscapes(Text));
        Assert.True(FtpUtf8Encoding.HasEscapes(FtpUtf8Encoding.Instance.GetString([0x61, 0xF1])));
    }

    [Theory]
    [InlineData("/", "a", "/a")]
    [InlineData("/in", "a/b", "/in/a/b")]
    [InlineData("/in", "/a", "/a")]
    [InlineData("/in", "..", "/")]
    [InlineData("/in", "../../..", "/")]
    [InlineData("/in", "./a//b/", "/in/a/b")]
    [InlineData("/in", "", "/in")]
    [InlineData("/in", "a\\b", "/in/a\\b")]
    public void Combines_paths(string location, string path, string expected) => Assert.Equal(expected, FtpPath.Combine(location, path));

    [Theory]
    [InlineData("/", "", "/")]
    [InlineData("/a", "/", "a")]
    [InlineData("/a/b c", "/a", "b c")]
    public void Splits_paths(string path, string parent, string name)
    {
        Assert.Equal(parent, FtpPath.Parent(path));
        Assert.Equal(name, FtpPath.Name(path));
        if (parent.Length > 0)
            Assert.Equal(path, FtpPath.Child(parent, name));
    }

    [Theory]
    [InlineData("a", "A", true)]
    [InlineData("a", "b", false)]
    [InlineData("\u00E9", "e\u0301", true)] // macOS takes accents apart
    public void Tells_names_that_can_be_one(string name, string other, bool isAlike) => Assert.Equal(isAlike, FtpPath.IsAlike(name, other));

    // An attribute cannot hold half a surrogate pair.
    [Fact]
    public void Names_of_bytes_that_are_no_UTF8_can_be_one()
    {
        Assert.True(FtpPath.IsAlike("A\uDCE9", "a\uDCE9"));
        Assert.True(FtpPath.IsAlike("\uD800a", "\uD800A"));
        Assert.False(FtpPath.IsAlike("A\uDCE9", "a\uDCC9"));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("...", true)]
    [InlineData(".a", true)]
    [InlineData(" ", true)]
    [InlineData("a\\b", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("/", false)]
    [InlineData("\r", false)]
    [InlineData("a\n", false)]
    [InlineData("a\0", false)]
    public void Tells_what_is_the_name_of_one_thing(string text, bool isName) => Assert.Equal(isName, FtpPath.IsName(text));

    [Theory]
    [InlineData("", "")]
    [InlineData("x", "")]
    [InlineData("/", "")]
    public void What_has_no_parent_has_an_empty_one(string path, string parent) => Assert.Equal(parent, FtpPath.Parent(path));

    [Theory]
    [InlineData("20240131123456", "2024-01-31T12:34:56.0000000Z", FtpTimePrecision.Second)]
    [InlineData("20240131123456.789", "2024-01-31T12:34:56.7890000Z", FtpTimePrecision.Millisecond)]
    [InlineData("20240131123456.123456789", "2024-01-31T12:34:56.1234567Z", FtpTimePrecision.Millisecond)]
    public void Reads_times(string text, string expected, FtpTimePrecision precision)
    {
        Assert.True(FtpTime.TryParse(text, out var utc, out var found));
        Assert.Equal(expected, utc.ToString("O"));
        Assert.Equal(precision, found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2024013112345")]
    [InlineData("20241331123456")]
    [InlineData("20240131123456.")]
    [InlineData("20240131123456.x")]
    [InlineData("20240131123456Z")]
    public void Refuses_what_is_no_time(string text) => Assert.False(FtpTime.TryParse(text, out _, out _));

    [Fact]
    public void Reads_features()
    {
        var features = new FtpFeatures(new FtpReply(211, ["Features:", " EPSV", " MLST Type*;Size*;", " utf8", "End"]));
        Assert.True(features.Has("epsv"));
        Assert.True(features.Has("UTF8"));
        Assert.True(features.HasFacts);
        Assert.False(features.Has("End"));
        Assert.False(features.Has("Features:"));
        Assert.Equal("Type*;Size*;", features.Parameters("mlst"));
        Assert.Equal("", features.Parameters("EPSV"));
        Assert.Null(features.Parameters("SIZE"));
        Assert.Equal(["EPSV", "MLST", "utf8"], features.Names);
        Assert.Empty(features.SiteCommands);
        Assert.Empty(FtpFeatures.None.Names);
        Assert.False(FtpFeatures.None.HasFacts);
        Assert.Null(FtpFeatures.None.FactsToAskFor);
    }

    [Theory]
    [InlineData("type*;perm*;size*;modify*;unique*;unix.mode;unix.uid;unix.gid;", "type;perm;size;modify;unique;unix.mode;unix.uid;unix.gid;")] // pyftpdlib
    [InlineData("Type*;Size*;create;UNIX.mode;", "Type;Size;UNIX.mode;")]
    [InlineData("type*;size*;sizd*;modify*;UNIX.mode*;UNIX.uid*;UNIX.gid*;unique*;", null)] // Pure-FTPd
    [InlineData("type*;size*;modify*;create;", null)]
    [InlineData("type;size;modify;unix.mode;", "type;size;modify;unix.mode;")]
    [InlineData("Size;Modify;Type;Perm", "Size;Modify;Type;Perm;")] // Xlight
    [InlineData("size*;modify*;unix.mode;", null)]
    [InlineData("type*;unix.mo\0de;", null)]
    [InlineData("type*;unix.mode~;unix.!;", "type;unix.mode~;unix.!;")] // of all that is printed in ASCII
    [InlineData("type*;unix.mode\u007F;", null)]
    [InlineData("", null)]
    public void Asks_for_the_facts_that_are_not_told_by_themselves(string offered, string? asked) =>
        Assert.Equal(asked, new FtpFeatures(new FtpReply(211, ["Features:", $" MLST {offered}", "End"])).FactsToAskFor);

    [Fact]
    public void Reads_the_commands_behind_SITE()
    {
        var features = new FtpFeatures(new FtpReply(211, ["Features:", " SITE CHMOD", "", "SITE  UTIME;XCRC, MKDIR", "  ", "site SYMLINK", "MODE  Z", "End"]));
        Assert.Equal(["CHMOD", "UTIME", "XCRC", "MKDIR", "SYMLINK"], features.SiteCommands);
        Assert.Equal(["SITE", "MODE"], features.Names);
        Assert.Equal([("SITE", "CHMOD"), ("SITE", "UTIME;XCRC, MKDIR"), ("site", "SYMLINK"), ("MODE", "Z")], features.Lines);
        Assert.Equal("Z", features.Parameters("MODE"));
    }

    [Theory]
    [InlineData("50000-50100", 50000, 50100)]
    [InlineData(" 21 ", 21, 21)]
    public void Reads_port_ranges(string text, int first, int last) => Assert.Equal(new FtpPortRange(first, last), FtpPortRange.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0-5")]
    [InlineData("5-4")]
    [InlineData("1-65536")]
    [InlineData("1-2-3")]
    [InlineData("a-b")]
    public void Refuses_what_is_no_port_range(string text) => Assert.Throws<FormatException>(() => FtpPortRange.Parse(text));
}
