using System;
using System.Net.Sockets;
using FtpTools.Dialogue;
using Xunit;

namespace FtpTools.Tests.Proxies;

/// <summary>The address of a proxy as users type it.</summary>
public sealed class FtpProxyTests
{
    [Theory]
    [InlineData("socks5://proxy.example.com:1081", FtpProxyKind.Socks5, "proxy.example.com", 1081, null, null)]
    [InlineData("socks5://proxy.example.com", FtpProxyKind.Socks5, "proxy.example.com", 1080, null, null)]
    [InlineData("socks5h://proxy.example.com/", FtpProxyKind.Socks5, "proxy.example.com", 1080, null, null)]
    [InlineData("SOCKS://192.0.2.1", FtpProxyKind.Socks5, "192.0.2.1", 1080, null, null)]
    [InlineData("socks5://[2001:db8::1]", FtpProxyKind.Socks5, "2001:db8::1", 1080, null, null)]
    [InlineData("http://proxy.example.com", FtpProxyKind.Http, "proxy.example.com", 80, null, null)]
    [InlineData("http://proxy.example.com:8080/", FtpProxyKind.Http, "proxy.example.com", 8080, null, null)]
    [InlineData("http://me@proxy.example.com", FtpProxyKind.Http, "proxy.example.com", 80, "me", "")]
    [InlineData("socks5://d%5Cm%40e:p%3Aw:x@proxy.example.com", FtpProxyKind.Socks5, "proxy.example.com", 1080, @"d\m@e", "p:w:x")]
    public void Is_read(string address, FtpProxyKind kind, string host, int port, string? user, string? password) =>
        Assert.Equal(new FtpProxy(kind, host, port) { UserName = user, Password = password }, FtpProxy.Parse(new Uri(address)));

    [Theory]
    [InlineData("https://me:hush@proxy.example.com", "https://")]
    [InlineData("socks4://me:hush@proxy.example.com", "version 4")]
    [InlineData("socks4a://proxy.example.com", "version 4")]
    [InlineData("ftp://me:hush@proxy.example.com", "socks5://host:1080")]
    [InlineData("proxy.example.com:1080", "socks5://host:1080")]
    [InlineData("me:hush@proxy.example.com", "socks5://host:1080")]
    [InlineData("proxy", "doesn't contain a scheme")]
    [InlineData("socks5:", "doesn't contain a host")]
    [InlineData("http://me:hush@proxy.example.com/proxy.pac", "more than a host and a port")]
    [InlineData("http://proxy.example.com/?a=b", "more than a host and a port")]
    public void Or_refused_without_repeating_a_password(string address, string words)
    {
        var error = Assert.Throws<FtpException>(() => FtpProxy.Parse(new Uri(address, UriKind.RelativeOrAbsolute)));
        Assert.Equal("FtpInvalidName", error.ErrorId);
        Assert.Contains(words, error.Message);
        Assert.DoesNotContain("hush", error.Message);
    }

    [Theory]
    [InlineData("socks5://me:hush@proxy.example.com", "socks5://proxy.example.com:1080")]
    [InlineData("http://me:hush@[2001:db8::1]:8080", "http://[2001:db8::1]:8080")]
    public void Shows_itself_without_the_password(string address, string shown)
    {
        var proxy = FtpProxy.Parse(new Uri(address));
        Assert.Equal(shown, proxy.ToString());
        Assert.DoesNotContain("hush", new FtpClientOptions { ComputerName = "x", Proxy = proxy }.ToString());
    }

    [Fact]
    public void Needs_a_host_and_a_port()
    {
        Assert.Throws<ArgumentException>(() => new FtpProxy(FtpProxyKind.Http, ""));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FtpProxy(FtpProxyKind.Http, "proxy", 65536));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FtpProxy(FtpProxyKind.Http, "proxy", -1));
    }

    [Theory]
    [InlineData(FtpMode.Auto, new[] { FtpMode.Epsv, FtpMode.Pasv })]
    [InlineData(FtpMode.Passive, new[] { FtpMode.Epsv, FtpMode.Pasv })]
    [InlineData(FtpMode.Epsv, new[] { FtpMode.Epsv })]
    [InlineData(FtpMode.Pasv, new[] { FtpMode.Pasv })]
    [InlineData(FtpMode.Active, new FtpMode[0])]
    [InlineData(FtpMode.Port, new FtpMode[0])]
    [InlineData(FtpMode.Eprt, new FtpMode[0])]
    public void Leaves_the_passive_commands_alone_whatever_family_leads_to_it(FtpMode mode, FtpMode[] rungs)
    {
        Assert.Equal(rungs, new DataModeLadder(mode).Rungs(AddressFamily.InterNetwork, true));
        Assert.Equal(rungs, new DataModeLadder(mode).Rungs(AddressFamily.InterNetworkV6, true));
    }
}
