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
    [InlineData("12345678901", "1234567890...")]
    [InlineData("123456789\u001B", "123456789\\x1B")]
    [InlineData("123456\u001B7", "123456\\x1B...")]
    [InlineData("123456\u001B", "123456\\x1B")]
    [InlineData(" ~", " ~")]
    [InlineData("\u001F\u007E\u007F\u0080\u009F\u00A0\u00AD\u00FF\u0100\u0600", "\\x1F~\\x7F\\x80\\x9F\u00A0\\xAD\u00FF\u0100\\u0600")]
    [InlineData("\u200B\u200C\u200D\u200E", "\\u200B\u200C\u200D\\u200E")]
    public void ShowsWhatATerminalWouldObey(string text, string visible) => Assert.Equal(visible, VisibleText.Of(text, visible.Contains("...") ? 10 : 100));

    // An attribute cannot hold half a surrogate pair.
    [Fact]
    public void ShowsWhatIsNoCharacter()
    {
        Assert.Equal("caf\\xE9", VisibleText.Of("caf\uDCE9", 100));
        Assert.Equal("half \\uD83D", VisibleText.Of("half \uD83D", 100));
        Assert.Equal("\\uD83Da", VisibleText.Of("\uD83Da"));
        Assert.Equal("\\uDE00a", VisibleText.Of("\uDE00a"));
        Assert.Equal("a\\uDE00", VisibleText.Of("a\uDE00"));
        Assert.Equal("\\uDC7F\\x80\\xFF\\uDD00", VisibleText.Of("\uDC7F\uDC80\uDCFF\uDD00"));
        Assert.Equal("\\uD83D\uD83D\uDE00\\uDE00", VisibleText.Of("\uD83D\uD83D\uDE00\uDE00"));
    }

    [Fact]
    public void IsCutWhereItIsLongAlone()
    {
        var plain = new string('x', 10);
        Assert.Same(plain, VisibleText.Of(plain, 10));
        Assert.Equal("", VisibleText.Of("", 0));
        Assert.Equal("...", VisibleText.Of("a", 0));
        Assert.Equal(new string('x', 5000), VisibleText.Of(new string('x', 5000)));
    }
}
