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
    [InlineData("192.0.2.1", 21, "192.0.2.1", true)]
    [InlineData("192.0.2.1", 21, "192.0.2.1:", false)]
    [InlineData("::1", 21, "[::1]:", false)]
    [InlineData("::1", 21, "::1:21", false)]
    [InlineData("::2", 21, "[]:21", false)]
    [InlineData("::1", 21, "[::1]x:21", false)]
    [InlineData("::1", 1, "[::1", false)]
    [InlineData("::1", 21, "::1]:21", false)]
    [InlineData("::", 1, "::1", false)]
    [InlineData("192.0.2.1", 21, "192.0.2.1:121", false)]
    public void What_names_no_server_names_none(string host, int port, string server, bool isNamed) =>
        Assert.Equal(isNamed, new DialTarget(host, port).IsNamed(server));

    [Theory]
    [InlineData("ftp.example.com", "ftp.example.com")]
    [InlineData("azAZ09-._", "azAZ09-._")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    public void A_proxy_is_told_the_name_as_DNS_has_it(string host, string name) => Assert.Equal(name, new DialTarget(host, 21).AsciiHost);

    [Theory]
    [InlineData("")]
    [InlineData("a`")]
    [InlineData("a{")]
    [InlineData("a@")]
    [InlineData("a[")]
    [InlineData("a/")]
    [InlineData("a:")]
    [InlineData("a b")]
    [InlineData("a\r\n")]
    [InlineData("\u007F")]
    [InlineData("\u0080")]
    [InlineData("ü..example")]
    public void What_is_no_host_name_is_told_to_no_proxy(string host)
    {
        var error = Assert.Throws<ProxyException>(() => new DialTarget(host, 21).AsciiHost);
        Assert.Equal((FtpErrorKind.InvalidName, $"'{host}' isn't a host name that can be sent to a proxy"), (error.Kind, error.Message));
    }

    [Fact]
    public void A_host_name_has_255_characters_at_most()
    {
        Assert.Equal(255, new DialTarget(new string('a', 255), 21).AsciiHost.Length);
        Assert.Throws<ProxyException>(() => new DialTarget(new string('a', 256), 21).AsciiHost);
    }

    [Theory]
    [InlineData("ftp.example.com", "ftp.example.com:21")]
    [InlineData("192.0.2.1", "192.0.2.1:21")]
    [InlineData("::1", "[::1]:21")]
    public void A_server_is_shown_by_host_and_port(string host, string text) => Assert.Equal(text, new DialTarget(host, 21).ToString());

    [Theory]
    [InlineData("ftp.example.com", 21)]
    [InlineData("fe80::1%3", 2121)]
    public void A_server_is_named_by_its_own_text(string host, int port)
    {
        var target = new DialTarget(host, port);
        Assert.True(target.IsNamed(target.ToString()));
    }
}
