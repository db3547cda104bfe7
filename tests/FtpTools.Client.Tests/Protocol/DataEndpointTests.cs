using System.Net;
using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

public sealed class DataEndpointTests
{
    [Theory]
    [InlineData("Entering Passive Mode (192,168,1,2,19,137).", "192.168.1.2", 5001)] // vsftpd, ProFTPD
    [InlineData("Entering Passive Mode (127,0,0,1,250,1)", "127.0.0.1", 64001)] // Pure-FTPd
    [InlineData("Entering Passive Mode 10,0,0,1,4,1", "10.0.0.1", 1025)] // no parentheses (RFC 1123, 4.1.2.6)
    [InlineData("=10,0,0,1,4,1", "10.0.0.1", 1025)] // the form of RFC 959's own example
    [InlineData("Entering Passive Mode ( 10, 0, 0, 1, 4, 1 ).", "10.0.0.1", 1025)] // spaces
    [InlineData("Entering Passive Mode (10 , 0 , 0 , 1 , 4 , 1 )", "10.0.0.1", 1025)]
    [InlineData("Entering Passive Mode (010,000,0,1,4,1)", "10.0.0.1", 1025)]
    [InlineData("10,0,0,1,4,1", "10.0.0.1", 1025)]
    [InlineData("Entering Passive Mode (0,0,0,0,4,1)", "0.0.0.0", 1025)] // a server that does not know its address
    [InlineData("227 2 files, Entering Passive Mode (10,0,0,1,255,255)", "10.0.0.1", 65535)]
    public void Reads_227(string text, string address, int port)
    {
        Assert.True(DataEndpoint.TryParsePasv(text, out var endpoint));
        Assert.Equal(new IPEndPoint(IPAddress.Parse(address), port), endpoint);
    }

    [Theory]
    [InlineData("Entering Passive Mode")]
    [InlineData("Entering Passive Mode (10,0,0,1,4)")]
    [InlineData("Entering Passive Mode (10,0,0,256,4,1)")]
    [InlineData("Entering Passive Mode (10,0,0,1,0,0)")]
    [InlineData("Entering Passive Mode (10,0,0,1,4,1000)")]
    [InlineData("Entering Passive Mode (10.0.0.1.4.1)")]
    [InlineData("Entering Passive Mode (1192,168,1,2,19,137)")]
    [InlineData("Entering Passive Mode (0010,0,0,1,4,1)")]
    [InlineData("Entering Passive Mode (10,0,0,1,4,256)")]
    [InlineData("Entering Passive Mode 10,0,0,1,4,")]
    [InlineData("Entering Passive Mode 10,0,0,1,4")]
    [InlineData("Entering Passive Mode 10,0,0,1, ")]
    [InlineData("")]
    public void Refuses_what_is_no_227(string text) => Assert.False(DataEndpoint.TryParsePasv(text, out _));

    [Theory]
    [InlineData("Entering Extended Passive Mode (|||6446|)", 6446)]
    [InlineData("Extended Passive mode OK (|||50000|)", 50000)] // Pure-FTPd
    [InlineData("Entering Extended Passive Mode (!!!6446!)", 6446)] // any delimiter of 33 to 126 (RFC 2428, 2)
    [InlineData("Entering Extended Passive Mode (~~~6446~)", 6446)]
    [InlineData("Entering Extended Passive Mode |||6446|", 6446)]
    [InlineData("|||1|", 1)]
    [InlineData("|||65535|", 65535)]
    [InlineData("!!! Entering Extended Passive Mode (|||6446|)", 6446)]
    [InlineData("||||6446|", 6446)]
    public void Reads_229(string text, int port)
    {
        Assert.True(DataEndpoint.TryParseEpsv(text, out var found));
        Assert.Equal(port, found);
    }

    [Theory]
    [InlineData("Entering Extended Passive Mode")]
    [InlineData("Entering Extended Passive Mode (|||0|)")]
    [InlineData("Entering Extended Passive Mode (|||65536|)")]
    [InlineData("Entering Extended Passive Mode (|||6446")]
    [InlineData("Entering Extended Passive Mode (||6446|)")]
    [InlineData("Entering Extended Passive Mode (|||64x6|)")]
    [InlineData("Entering Extended Passive Mode (|||+646|)")]
    [InlineData("Entering Extended Passive Mode (|||||)")]
    [InlineData("Entering Extended Passive Mode (|x|6446|)")]
    [InlineData("Entering Extended Passive Mode (||x6446|)")]
    [InlineData("Entering Extended Passive Mode (   6446 )")]
    [InlineData("Entering Extended Passive Mode (\u007F\u007F\u007F6446\u007F)")]
    [InlineData("||")]
    [InlineData("|||")]
    [InlineData("")]
    public void Refuses_what_is_no_229(string text) => Assert.False(DataEndpoint.TryParseEpsv(text, out _));

    [Fact]
    public void What_is_announced_reads_back()
    {
        for (var port = 1; port <= 65535; port += 251)
        {
            var endpoint = new IPEndPoint(IPAddress.Parse("203.0.113.9"), port);
            Assert.True(DataEndpoint.TryParsePasv(DataEndpoint.FormatPort(endpoint), out var read));
            Assert.Equal(endpoint, read);
        }
    }

    [Theory]
    [InlineData("132.235.1.2", "|1|132.235.1.2|6275|")]
    [InlineData("1080::8:800:200c:417a", "|2|1080::8:800:200c:417a|6275|")]
    [InlineData("fe80::1%3", "|2|fe80::1|6275|")]
    public void Writes_EPRT(string address, string argument) =>
        Assert.Equal(argument, DataEndpoint.FormatEprt(new IPEndPoint(IPAddress.Parse(address), 6275)));
}
