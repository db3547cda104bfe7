using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

public sealed class MarkerNameTests
{
    [Theory]
    [InlineData("all.done", "a.csv", "all.done")]
    [InlineData("*.done", "a.csv", "a.csv.done,a.done")]
    [InlineData("ok-*", "a", "ok-a")]
    [InlineData("ok-*", ".a", "ok-.a")]
    [InlineData("ok-*", "a.", "ok-a.")]
    [InlineData("*.done", "a.b.c", "a.b.c.done,a.b.done")]
    public void A_file_has_these_markers(string marker, string name, string expected)
    {
        Assert.Null(MarkerName.WhyNot(marker));
        var names = MarkerName.Of(marker, name);
        Assert.Equal(expected.Split(','), names);
        Assert.All(names, one => Assert.True(MarkerName.IsSuch(marker, one)));
        Assert.False(MarkerName.IsSuch(marker, name));
    }

    [Theory]
    [InlineData("*", "it would be the file itself")]
    [InlineData("*.*", "more than one *")]
    [InlineData("done/*", "without a path")]
    [InlineData("..", "without a path")]
    [InlineData("a\u001bb", "control character")]
    public void What_is_no_marker_is_refused(string marker, string reason)
    {
        Assert.Contains(reason, MarkerName.WhyNot(marker));
        Assert.Equal(FtpErrorKind.InvalidName, Assert.Throws<FtpException>(() => new FtpWaitOptions { Marker = marker }).Kind);
    }
}
