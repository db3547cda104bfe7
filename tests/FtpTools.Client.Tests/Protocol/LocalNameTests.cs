using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

/// <summary>Names that a server tells: which of them can be local files', here and on Windows.</summary>
public sealed class LocalNameTests
{
    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("/etc/passwd")]
    [InlineData("a/")]
    [InlineData("a\0b")]
    [InlineData("\0")]
    public void A_name_that_leads_out_is_refused_everywhere(string name)
    {
        foreach (var windows in new[] { false, true })
            Assert.Contains("it would lead out of the destination directory", Refused(name, windows).Message);
    }

    // An attribute cannot hold half a surrogate pair.
    [Fact]
    public void A_name_that_is_not_UTF8_is_refused_everywhere()
    {
        foreach (var windows in new[] { false, true })
            Assert.Contains("-Encoding", Refused("caf\udce9", windows).Message);
    }

    [Theory]
    [InlineData("a\\b", "a character")]
    [InlineData("c:x", "a character")]
    [InlineData("what?", "a character")]
    [InlineData("all*", "a character")]
    [InlineData("<", "a character")]
    [InlineData(">", "a character")]
    [InlineData("\"", "a character")]
    [InlineData("a|b", "a character")]
    [InlineData("tab\t", "a character")]
    [InlineData("\u001F", "a character")]
    [InlineData("dot.", "dot or space at its end")]
    [InlineData("...", "dot or space at its end")]
    [InlineData("space ", "dot or space at its end")]
    [InlineData("con", "a device")]
    [InlineData("CON", "a device")]
    [InlineData("prn", "a device")]
    [InlineData("aux.h", "a device")]
    [InlineData("NUL.txt", "a device")]
    [InlineData("nul .txt", "a device")]
    [InlineData("conin$", "a device")]
    [InlineData("CONOUT$.a.b", "a device")]
    [InlineData("com1", "a device")]
    [InlineData("COM0", "a device")]
    [InlineData("LPT9.log", "a device")]
    [InlineData("com\u00B9.txt", "a device")]
    [InlineData("com\u00B2", "a device")]
    [InlineData("lpt\u00B3", "a device")]
    public void A_name_that_Windows_cannot_have_is_refused_there(string name, string reason)
    {
        Assert.Contains(reason, Refused(name, windows: true).Message);
        LocalName.Check(name, "/in/x", windows: false);
    }

    [Theory]
    [InlineData("a b[x] ñ 日本 😀")]
    [InlineData(".hidden")]
    [InlineData(" leading")]
    [InlineData("console")]
    [InlineData("nul1")]
    [InlineData("com")]
    [InlineData("coma")]
    [InlineData("com10")]
    [InlineData("com\u00B4")]
    [InlineData("pom1")]
    [InlineData("a.com1")]
    [InlineData("-rf")]
    [InlineData("!#$%&'()+,;=@^`{}~\u007F")]
    public void Other_names_are_taken_as_they_are(string name)
    {
        foreach (var windows in new[] { false, true })
            LocalName.Check(name, "/in/" + name, windows);
    }

    [Fact]
    public void The_error_names_the_file_and_what_to_use()
    {
        var error = Refused("con", windows: true);
        Assert.Equal("/in/x", error.Path);
        Assert.StartsWith("'/in/x' wasn't received under the name 'con', because it's the name of a device.", error.Message);
        Assert.All(new[] { "-Destination", "-NameMap" }, way => Assert.Contains(way, error.Message));
    }

    private static FtpException Refused(string name, bool windows)
    {
        var error = Assert.Throws<FtpException>(() => LocalName.Check(name, "/in/x", windows));
        Assert.Equal(FtpErrorKind.InvalidName, error.Kind);
        return error;
    }
}
