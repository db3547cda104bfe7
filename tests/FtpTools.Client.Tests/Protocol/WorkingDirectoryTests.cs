using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

/// <summary>The path that servers tell by PWD, however they write it.</summary>
public sealed class WorkingDirectoryTests
{
    [Theory]
    [InlineData("\"/in\" is the current directory", "/in")]
    [InlineData("\"/in\"", "/in")]
    [InlineData("\"/\"", "/")]
    [InlineData("\"\"", "/")]
    [InlineData("It is \"/in\" now", "/in")]
    [InlineData("\"/a \"\"b\"\" c\" is it", "/a \"b\" c")] // RFC 959, Appendix II
    [InlineData("\"/a\"\"\"", "/a\"")]
    [InlineData("\"/a\"b", "/a")]
    [InlineData("\"/open", "/open")]
    [InlineData("\"in/deep\"", "/in/deep")]
    [InlineData("/flash", "/flash")] // MicroPython
    [InlineData(" /flash is it ", "/flash")]
    [InlineData("C:\\data is current", "/C:\\data")]
    [InlineData("C:\\", "/C:\\")]
    [InlineData("C:/data", "/C:/data")]
    [InlineData("/ \"/quoted\"", "/quoted")]
    [InlineData("Current directory is /in.", "/in")]
    [InlineData("'/in a' is the current directory", "/in a")]
    [InlineData("The user's directory is /in", "/in")]
    [InlineData("/in is the user's directory", "/in")]
    [InlineData("\"\\\"", "/")] // Freestyle Dash
    [InlineData("\"\\hdd1\\games\"", "/hdd1/games")]
    [InlineData("\"\\hdd1/games\"", "/hdd1/games")]
    [InlineData("\"/a\\b\"", "/a\\b")]
    public void Reads_the_path(string text, string path)
    {
        Assert.True(WorkingDirectory.TryRead(text, out var read));
        Assert.Equal(path, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("current directory")]
    [InlineData("C:")]
    [InlineData("C:data")]
    [InlineData("xy/z")]
    [InlineData("The user's directory isn't known")]
    [InlineData("...")]
    [InlineData("x is in/")]
    public void Refuses_what_is_none(string text)
    {
        Assert.False(WorkingDirectory.TryRead(text, out var read));
        Assert.Empty(read);
    }
}
