using System;
using System.Linq;
using Xunit;

namespace FtpTools.Tests.Protocol;

public sealed class FtpAddressTests
{
    [Theory]
    [InlineData("ftp.example.com:21", "/pub/a.txt", "ftp://ftp.example.com/pub/a.txt")]
    [InlineData("ftp.example.com:2121", "/", "ftp://ftp.example.com:2121/")]
    [InlineData("[::1]:21", "/a b", "ftp://[::1]/a%20b")]
    [InlineData("h:21", "/a%20b?c#d", "ftp://h/a%2520b%3Fc%23d")]
    [InlineData("h:21", "/[x]*`.txt", "ftp://h/%5Bx%5D%2A%60.txt")]
    [InlineData("h:21", "/a\u001B[31m", "ftp://h/a%1B%5B31m")]
    [InlineData("h:21", "/a\u202Egpj", "ftp://h/a%E2%80%AEgpj")]
    [InlineData("h:21", "/\u00FCber", "ftp://h/\u00FCber")]
    public void Is_a_text_of_which_the_path_can_be_read_again(string server, string path, string address)
    {
        Assert.Equal(address, FtpAddress.Of(server, path));
        Assert.True(FtpAddress.TryRead(address, out var readServer, out var readPath));
        Assert.Equal((server, path), (readServer, readPath));
    }

    [Fact]
    public void Any_path_can_be_read_again()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            // Bytes that were no UTF-8 are kept as surrogates alone.
            var path = "/" + string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => random.Next(4) == 0 ? (char)(0xDC80 + random.Next(0x80)) : (char)random.Next(1, 0x3000)));
            Assert.True(FtpAddress.TryRead(FtpAddress.Of("h:2121", path), out _, out var read));
            Assert.Equal(path, read);
        }
    }

    [Theory]
    [InlineData("ftp://user@h/a", "h:21", "/a")]
    [InlineData("ftps://h/a", "h:990", "/a")]
    [InlineData("ftp://[::1]/a", "[::1]:21", "/a")]
    [InlineData("ftp://[::1]:2121", "[::1]:2121", "/")]
    [InlineData("FTPS://h:990", "h:990", "/")]
    [InlineData("ftpes://h/a%20b", "h:21", "/a b")]
    public void Takes_what_others_write(string address, string server, string path)
    {
        Assert.True(FtpAddress.IsAddress(address));
        Assert.True(FtpAddress.TryRead(address, out var readServer, out var readPath));
        Assert.Equal((server, path), (readServer, readPath));
    }

    [Theory]
    [InlineData("/pub/a")]
    [InlineData("sftp://h/a")]
    [InlineData("ftp:///a")]
    [InlineData("ftp:/h/a")]
    public void Takes_nothing_else(string text) => Assert.False(FtpAddress.TryRead(text, out _, out _));
}
