using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("plain ñ 日本 😀", "plain ñ 日本 😀")]
    [InlineData("\u001B[2J\u0007\u0000\u007F", "\\x1B[2J\\x07\\x00\\x7F")]
    [InlineData("a\u009Bb", "a\\x9Bb")]
    [InlineData("txt\u202Eexe", "txt\\u202Eexe")]
    [InlineData("\u200E\u200F\u202A\u202C\u2066\u2069", "\\u200E\\u200F\\u202A\\u202C\\u2066\\u2069")]
    [InlineData("a\r\nb\u2028c\u2029d\u0085", "a\\x0D\\x0Ab\\u2028c\\u2029d\\x85")]
    [InlineData("\u0645\u06CC\u200C\u062E 👩\u200D💻", "\u0645\u06CC\u200C\u062E 👩\u200D💻")]
    [InlineData("1234567890123", "1234567890...")]
    public void ShowsWhatATerminalWouldObey(string text, string visible) => Assert.Equal(visible, VisibleText.Of(text, visible.Contains("...") ? 10 : 100));

    // An attribute cannot hold half a surrogate pair.
    [Fact]
    public void ShowsWhatIsNoCharacter()
    {
        Assert.Equal("caf\\xE9", VisibleText.Of("caf\uDCE9", 100));
        Assert.Equal("half \\uD83D", VisibleText.Of("half \uD83D", 100));
    }
}
