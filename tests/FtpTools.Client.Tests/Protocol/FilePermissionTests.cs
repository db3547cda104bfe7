using System;
using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

public sealed class FilePermissionTests
{
    [Theory]
    [InlineData("-rw-r--r--", "644")]
    [InlineData("drwxr-xr-x", "755")]
    [InlineData("lrwxrwxrwx", "777")]
    [InlineData("----------", "000")]
    [InlineData("-rwsr-x--x", "4751")]
    [InlineData("-rwSr-----", "4640")]
    [InlineData("-rwxr-sr-x", "2755")]
    [InlineData("-rw-r-Sr--", "2644")]
    [InlineData("drwxrwxrwt", "1777")]
    [InlineData("drwxrwxrwT", "1776")]
    [InlineData("-rw-r--r--+", "644")] // an access control list beside it
    public void Reads_what_ls_writes(string text, string octal) => Assert.Equal(octal, FilePermission.ToOctal(FilePermission.Read(text)!.Value));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("adfr")] // MLSD's perm fact
    [InlineData("-rw-r--r-")]
    [InlineData("-rw-r--r-q")]
    [InlineData("-wr-r--r--")]
    [InlineData("-rwtr--r--")]
    [InlineData("-rw-r--r-s")]
    public void Reads_nothing_else(string? text) => Assert.Null(FilePermission.Read(text));

    [Theory]
    [InlineData("644", "777", "644")]
    [InlineData("rw-r-----", "777", "640")]
    [InlineData("-rwxr-xr-x", "000", "755")]
    [InlineData("0644", "4777", "644")]
    [InlineData("2755", "000", "2755")]
    [InlineData("u+x", "644", "744")]
    [InlineData("u+x,go-r", "644", "700")]
    [InlineData("a=r", "751", "444")]
    [InlineData("=", "751", "000")]
    [InlineData("+x", "644", "755")]
    [InlineData("ug+rw", "004", "664")]
    [InlineData("o=", "2755", "2750")]
    [InlineData("go-w", "666", "644")]
    [InlineData("a=r", "4755", "444")]
    [InlineData("u+s", "755", "4755")]
    [InlineData("g+s,o+t", "755", "3755")]
    [InlineData("+t", "755", "1755")]
    [InlineData("u+t", "755", "755")]
    [InlineData("ug-s", "6755", "755")]
    [InlineData("g=u", "754", "774")]
    [InlineData("g=u-x", "754", "764")]
    [InlineData("o+g", "750", "755")]
    [InlineData("u=rwX,go=rX", "640", "644")]
    [InlineData("u=rwX,go=rX", "740", "755")]
    [InlineData("a-x,u+X", "755", "644")]
    [InlineData("g=ur", null, null)]
    [InlineData("u=u+", "644", "644")]
    [InlineData("u+q", null, null)]
    [InlineData("x+r", null, null)]
    [InlineData("ux+r", null, null)]
    [InlineData("-rwxr-xr-x+", null, null)]
    [InlineData("ur", null, null)]
    [InlineData("", null, null)]
    [InlineData("u+x,", null, null)]
    [InlineData("888", null, null)]
    [InlineData("64", null, null)]
    public void Is_what_chmod_makes_of_it(string text, string? before, string? after)
    {
        if (after is null)
            Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => FilePermission.Apply(text, 0)).Message, StringComparison.Ordinal);
        else
            Assert.Equal(after, FilePermission.ToOctal(FilePermission.Apply(text, Convert.ToInt32(before, 8))));
    }

    [Theory]
    [InlineData("u=rwX,go=rX", "600", "755")]
    [InlineData("a-x,u+X", "755", "744")]
    [InlineData("g=rx", "2775", "2755")]
    [InlineData("g-s", "2775", "775")]
    [InlineData("o=rx", "1777", "775")]
    public void Is_what_chmod_makes_of_it_on_a_directory(string text, string before, string after) =>
        Assert.Equal(after, FilePermission.ToOctal(FilePermission.Apply(text, Convert.ToInt32(before, 8), isDirectory: true)));

    [Theory]
    [InlineData("644", true)]
    [InlineData("4755", true)]
    [InlineData("64", false)]
    [InlineData("u+x", false)]
    [InlineData("rwxr-xr-x", true)]
    [InlineData("drwxr-xr-x", true)]
    [InlineData("rwxr-xr-q", false)]
    [InlineData("689", false)]
    [InlineData("06440", false)]
    public void Knows_whether_it_says_all(string text, bool isWhole) => Assert.Equal(isWhole, FilePermission.IsWhole(text));
}
