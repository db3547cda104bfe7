using FtpTools.Protocol;
using FtpTools.Transfer;
using Xunit;

namespace FtpTools.Tests.Transfer;

public sealed class LocalFileTests
{
    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("/etc/passwd")]
    [InlineData("a\0b")]
    public void A_name_that_leads_out_is_refused_everywhere(string name)
    {
        Assert.Equal(FtpErrorKind.InvalidName, Assert.Throws<FtpException>(() => LocalName.Check(name, "/in/x", windows: false)).Kind);
        Assert.Equal(FtpErrorKind.InvalidName, Assert.Throws<FtpException>(() => LocalName.Check(name, "/in/x", windows: true)).Kind);
    }

    [Fact]
    public void A_name_that_is_not_UTF8_is_refused()
    {
        var error = Assert.Throws<FtpException>(() => LocalName.Check("caf\udce9", "/in/x", windows: false));
        Assert.Equal(FtpErrorKind.InvalidName, error.Kind);
        Assert.Contains("-Encoding", error.Message);
    }

    [Theory]
    [InlineData("a\\b")]
    [InlineData("c:x")]
    [InlineData("what?")]
    [InlineData("con")]
    [InlineData("NUL.txt")]
    [InlineData("com1")]
    [InlineData("LPT9.log")]
    [InlineData("com\u00B9.txt")]
    [InlineData("dot.")]
    [InlineData("space ")]
    [InlineData("tab\t")]
    public void A_name_that_Windows_cannot_have_is_refused_there(string name)
    {
        Assert.Throws<FtpException>(() => LocalName.Check(name, "/in/x", windows: true));
        LocalName.Check(name, "/in/x", windows: false);
    }

    [Theory]
    [InlineData("/dev/null", false, true)]
    [InlineData("/dev/shm/file", false, false)]
    [InlineData(@"\\.\NUL", true, true)]
    [InlineData(@"C:\dev\null", true, false)]
    [InlineData(@"\\.\C:\file", true, false)]
    public void A_device_is_known_by_its_path(string path, bool windows, bool expected) => Assert.Equal(expected, LocalFile.IsDevicePath(path, windows));

    [Theory]
    [InlineData("a b[x] ñ 日本")]
    [InlineData("...")]
    [InlineData(".hidden")]
    [InlineData("console")]
    [InlineData("com10")]
    [InlineData("-rf")]
    public void Other_names_are_taken_as_they_are(string name)
    {
        LocalName.Check(name, "/in/" + name, windows: false);
        if (name != "...")
            LocalName.Check(name, "/in/" + name, windows: true);
    }
}
