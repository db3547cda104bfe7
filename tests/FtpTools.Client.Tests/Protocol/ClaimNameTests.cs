using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

public sealed class ClaimNameTests
{
    [Theory]
    [InlineData("*.claimed", "/in/a.csv", "/in/a.csv.claimed", "/in/a-7.csv.claimed")]
    [InlineData("w1-*", "/in/a.csv", "/in/w1-a.csv", "/in/w1-a-7.csv")]
    [InlineData("work/*", "/in/a.csv", "/in/work/a.csv", "/in/work/a-7.csv")]
    [InlineData("work/x-*.y", "/a.csv", "/work/x-a.csv.y", "/work/x-a-7.csv.y")]
    [InlineData("../work/*", "/in/a", "/work/a", "/work/a-7")]
    [InlineData("./work/.//w1/*", "/in/a", "/in/work/w1/a", "/in/work/w1/a-7")]
    [InlineData("/work/w1/*", "/in/.a", "/work/w1/.a", "/work/w1/.a-7")]
    public void A_file_gets_the_name_of_the_pattern_and_another_one_where_that_is_taken(string pattern, string path, string first, string other)
    {
        Assert.Null(ClaimName.WhyNot(pattern));
        Assert.Equal(first, ClaimName.Of(pattern, path));
        Assert.Equal(other, ClaimName.Of(pattern, path, "7"));
        Assert.True(ClaimName.IsSuch(pattern, first));
        Assert.True(ClaimName.IsSuch(pattern, other));
        Assert.False(ClaimName.IsSuch(pattern, path));
    }

    [Theory]
    [InlineData("*.claimed", "/in/claimed")]
    [InlineData("work/*", "/in/network/a")]
    [InlineData("work/x-*", "/in/work/a")]
    [InlineData("/work/*", "/in/work/a")]
    [InlineData("./work/*", "/in/net/a")]
    public void What_has_another_name_was_not_claimed(string pattern, string path) => Assert.False(ClaimName.IsSuch(pattern, path));

    [Theory]
    [InlineData("*.claimed", false)]
    [InlineData("work/*", true)]
    [InlineData("/*.claimed", true)]
    public void A_pattern_with_a_separator_leads_to_another_directory(string pattern, bool leads) => Assert.Equal(leads, ClaimName.HasDirectory(pattern));

    [Theory]
    [InlineData("claimed", "must contain one *")]
    [InlineData("*", "the name of the file itself")]
    [InlineData("./*", "the name of the file itself")]
    [InlineData("*.*", "must contain one *")]
    [InlineData("*/claimed", "must contain one *")]
    [InlineData("*/*", "must contain one *")]
    [InlineData("*\r\nDELE a", "control character")]
    [InlineData("*.claimed ", "servers remove spaces")]
    [InlineData(" *.claimed", "servers remove spaces")]
    [InlineData("../in/x/../../a/*", "the name of the file itself")]
    public void What_is_no_pattern_is_refused(string pattern, string reason)
    {
        Assert.Contains(reason, ClaimName.WhyNot(pattern));
        Assert.Equal(FtpErrorKind.InvalidName, Assert.Throws<FtpException>(() => new FtpWaitOptions { Claim = pattern }).Kind);
    }
}
