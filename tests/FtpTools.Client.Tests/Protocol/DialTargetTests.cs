using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

/// <summary>Whether what an item tells of its server means the server of a session.</summary>
public sealed class DialTargetTests
{
    [Theory]
    [InlineData("ftp.example.com", 21, "ftp.example.com:21", true)]
    [InlineData("ftp.example.com", 21, "FTP.Example.COM:21", true)]
    [InlineData("ftp.example.com", 21, "ftp.example.com", true)]
    [InlineData("ftp.example.com", 2121, "ftp.example.com", true)]
    [InlineData("ftp.example.com", 21, "ftp.example.com:2121", false)]
    [InlineData("ftp.example.com", 21, "ftp.example.com:", false)]
    [InlineData("ftp.example.com", 21, "ftp.example.com:021", false)]
    [InlineData("ftp.example.com", 21, "example.com:21", false)]
    [InlineData("ftp.example.com", 21, "ftp.example.com.evil.example:21", false)]
    [InlineData("ftp.example.com", 21, "", false)]
    [InlineData("ftp.example.com", 21, ":21", false)]
    [InlineData("192.0.2.1", 21, "192.0.2.1:21", true)]
    [InlineData("192.0.2.1", 21, "192.0.2.11:21", false)]
    [InlineData("::1", 21, "[::1]:21", true)]
    [InlineData("::1", 21, "[0:0:0:0:0:0:0:1]:21", true)]
    [InlineData("::1", 21, "::1", true)]
    [InlineData("::1", 21, "[::1]", true)]
    [InlineData("::1", 21, "[::1]:22", false)]
    [InlineData("::1", 21, "[::2]:21", false)]
    [InlineData("::1", 21, "[::1", false)]
    public void A_server_is_named_by_host_and_port(string host, int port, string server, bool isNamed) =>
        Assert.Equal(isNamed, new DialTarget(host, port).IsNamed(server));

    [Theory]
    [InlineData("ftp.example.com", 21)]
    [InlineData("fe80::1%3", 2121)]
    public void A_server_is_named_by_its_own_text(string host, int port)
    {
        var target = new DialTarget(host, port);
        Assert.True(target.IsNamed(target.ToString()));
    }
}
