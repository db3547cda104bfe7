using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

/// <summary>SOCKS5 (RFC 1928, 1929) and HTTP CONNECT, byte for byte.</summary>
public sealed class ProxyHandshakeTests
{
    private static readonly FtpProxy _socks = new(FtpProxyKind.Socks5, "proxy.example.com");
    private static readonly FtpProxy _http = new(FtpProxyKind.Http, "proxy.example.com", 8080);
    private static readonly DialTarget _target = new("ftp.example.com", 21);

    public static TheoryData<int> ChunkSizes => [1, 2, 3, 5, 7, 16, 1000];

    [Theory]
    [MemberData(nameof(ChunkSizes))]
    public void Socks_without_a_login_however_it_is_split(int chunk)
    {
        var handshake = ProxyHandshake.Create(_socks, _target);
        Assert.Equal("05 01 00", Hex(handshake.First));
        // The reply's address is an IPv4 one; the greeting follows at once.
        var (sent, rest) = Talk(handshake, chunk, "05 00", "05 00 00 01 0A 00 00 01 04 01" + Hex("220 hi"));
        Assert.Equal("05 01 00 03 0F " + Hex("ftp.example.com") + " 00 15", Assert.Single(sent));
        Assert.Equal("220 hi", rest);
        Assert.True(handshake.IsDone);
    }

    [Theory]
    [MemberData(nameof(ChunkSizes))]
    public void Socks_with_a_login_however_it_is_split(int chunk)
    {
        var handshake = ProxyHandshake.Create(_socks with { UserName = "mé", Password = "pw" }, _target);
        Assert.Equal("05 02 00 02", Hex(handshake.First));
        var (sent, rest) = Talk(handshake, chunk, "05 02", "01 00", "05 00 00 03 03 61 2E 62 04 01" + Hex("220 hi"));
        Assert.Equal(["01 03 6D C3 A9 02 70 77", "05 01 00 03 0F " + Hex("ftp.example.com") + " 00 15"], sent);
        Assert.Equal("220 hi", rest);
        Assert.True(handshake.IsDone);
    }

    [Theory]
    [InlineData("192.0.2.1", 21, "01 C0 00 02 01 00 15")]
    [InlineData("2001:db8::1", 65535, "04 20 01 0D B8 00 00 00 00 00 00 00 00 00 00 00 01 FF FF")]
    [InlineData("fe80::1%3", 256, "04 FE 80 00 00 00 00 00 00 00 00 00 00 00 00 00 01 01 00")] // a scope means nothing there
    [InlineData("bücher.example", 21, "03 15 78 6E 2D 2D 62 63 68 65 72 2D 6B 76 61 2E 65 78 61 6D 70 6C 65 00 15")]
    public void Socks_names_the_target_by_the_type_it_has(string host, int port, string address)
    {
        var handshake = ProxyHandshake.Create(_socks, new DialTarget(host, port));
        var (sent, rest) = Talk(handshake, 1, "05 00", "05 00 00 04" + string.Concat(Enumerable.Repeat(" 00", 18)) + Hex("220 hi"));
        Assert.Equal("05 01 00 " + address, Assert.Single(sent));
        Assert.Equal((true, "220 hi"), (handshake.IsDone, rest));
    }

    [Theory]
    [InlineData(1, "general failure")]
    [InlineData(2, "not allowed")]
    [InlineData(3, "network unreachable")]
    [InlineData(4, "host unreachable")]
    [InlineData(5, "connection refused")]
    [InlineData(6, "time to live")]
    [InlineData(7, "command not supported")]
    [InlineData(8, "address type")]
    [InlineData(9, "unknown failure")]
    [InlineData(255, "unknown failure")]
    public void Socks_refusals_have_their_sentence(byte code, string words)
    {
        var error = Fails(ProxyHandshake.Create(_socks, _target), "05 00", $"05 {code:X2}");
        Assert.Equal(FtpErrorKind.HostUnreachable, error.Kind);
        Assert.Contains(words, error.Message);
        Assert.Contains($"(SOCKS reply {code})", error.Message);
        Assert.Contains("ftp.example.com:21", error.Message);
        Assert.Contains("socks5://proxy.example.com:1080", error.Message);
    }

    [Theory]
    [InlineData(null, "05 FF", FtpErrorKind.LoginFailed, "requires a user name")]
    [InlineData(null, "05 FF", FtpErrorKind.LoginFailed, "it doesn't accept connections without them")]
    [InlineData("me", "05 FF", FtpErrorKind.LoginFailed, "neither connections with a user name and a password nor connections without them")]
    [InlineData("me", "05 FF", FtpErrorKind.LoginFailed, "-ProxyCredential")]
    [InlineData("me", "05 02|01 01", FtpErrorKind.LoginFailed, "refused the login of 'me'")]
    [InlineData("me", "05 02|05 02", FtpErrorKind.LoginFailed, "status 2")]
    [InlineData(null, "05 02", FtpErrorKind.HostUnreachable, "wasn't offered")]
    [InlineData("me", "05 01", FtpErrorKind.HostUnreachable, "wasn't offered")]
    [InlineData(null, "04", FtpErrorKind.HostUnreachable, "first byte is 4")]
    [InlineData(null, "48", FtpErrorKind.HostUnreachable, "-Proxy")] // HTTP
    [InlineData(null, "05 00|04", FtpErrorKind.HostUnreachable, "begins with 4")]
    [InlineData(null, "05 00|05 00 00 02 00", FtpErrorKind.HostUnreachable, "type 2")]
    public void What_is_no_SOCKS_or_no_login_is_told(string? user, string answers, FtpErrorKind kind, string words)
    {
        var error = Fails(ProxyHandshake.Create(_socks with { UserName = user, Password = "hush" }, _target), answers.Split('|'));
        Assert.Equal(kind, error.Kind);
        Assert.Contains(words, error.Message);
        Assert.DoesNotContain("hush", error.Message);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(256, 1)]
    [InlineData(1, 256)]
    public void What_does_not_fit_into_a_SOCKS_login_is_refused(int user, int password)
    {
        var proxy = _socks with { UserName = new string('u', user), Password = new string('p', password) };
        var error = Fails(ProxyHandshake.Create(proxy, _target), "05 02");
        Assert.Equal(FtpErrorKind.LoginFailed, error.Kind);
        Assert.Contains("a user name of 1 to 255 bytes and a password of at most 255", error.Message);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(255, 255)]
    public void What_fits_into_a_SOCKS_login_is_sent(int user, int password)
    {
        var proxy = _socks with { UserName = new string('u', user), Password = new string('p', password) };
        var (sent, _) = Talk(ProxyHandshake.Create(proxy, _target), 1, "05 02");
        Assert.Equal(Hex([1, (byte)user, .. Enumerable.Repeat((byte)'u', user), (byte)password, .. Enumerable.Repeat((byte)'p', password)]), Assert.Single(sent));
    }

    [Fact]
    public void A_SOCKS_login_without_a_password_has_an_empty_one()
    {
        var (sent, _) = Talk(ProxyHandshake.Create(_socks with { UserName = "u" }, _target), 1, "05 02");
        Assert.Equal("01 01 75 00", Assert.Single(sent));
    }

    [Fact]
    public void The_reply_of_a_SOCKS_proxy_may_hold_the_longest_name()
    {
        var handshake = ProxyHandshake.Create(_socks, _target);
        var (_, rest) = Talk(handshake, 1, "05 00", "05 00 00 03 FF" + string.Concat(Enumerable.Repeat("61", 255)) + "00 15 32");
        Assert.Equal((true, "2"), (handshake.IsDone, rest));
    }

    [Theory]
    [InlineData(120, false)]
    [InlineData(121, true)]
    public void What_a_proxy_says_is_shown_as_far_as_it_helps(int length, bool isCut)
    {
        var line = "HTTP/1.1 500 " + new string('x', length - 13);
        var error = Fails(ProxyHandshake.Create(_http, _target), Hex(line + "\r\n\r\n"));
        Assert.Contains($"'{line[..Math.Min(length, 120)]}{(isCut ? "..." : "")}'", error.Message);
    }

    [Theory]
    [InlineData("ftp.example.com\r\nX: y")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a:80")]
    [InlineData("")]
    [InlineData("\0")]
    public void What_is_no_host_name_goes_to_no_proxy(string host)
    {
        Assert.Equal(FtpErrorKind.InvalidName, Assert.Throws<ProxyException>(() => ProxyHandshake.Create(_http, new DialTarget(host, 21)).First).Kind);
        Assert.Equal(FtpErrorKind.InvalidName, Fails(ProxyHandshake.Create(_socks, new DialTarget(host, 21)), "05 00").Kind);
    }

    [Theory]
    [InlineData("ftp.example.com", "ftp.example.com:21")]
    [InlineData("192.0.2.1", "192.0.2.1:21")]
    [InlineData("2001:db8::1", "[2001:db8::1]:21")]
    [InlineData("fe80::1%3", "[fe80::1]:21")]
    [InlineData("bücher.example", "xn--bcher-kva.example:21")]
    public void CONNECT_names_the_target_twice(string host, string authority)
    {
        var request = Encoding.ASCII.GetString(ProxyHandshake.Create(_http, new DialTarget(host, 21)).First);
        Assert.Equal($"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n", request);
    }

    [Fact]
    public void CONNECT_sends_the_account_as_Basic()
    {
        var request = Encoding.ASCII.GetString(ProxyHandshake.Create(_http with { UserName = "Aladdin", Password = "open sesame" }, _target).First);
        Assert.EndsWith("\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n", request); // RFC 7617, 2
        var error = Assert.Throws<ProxyException>(() => ProxyHandshake.Create(_http with { UserName = "a:b" }, _target).First);
        Assert.Equal(FtpErrorKind.LoginFailed, error.Kind);
        Assert.Contains("HTTP doesn't allow a colon in the user name", error.Message);
    }

    public static TheoryData<string, int> HeadsAndChunks
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var head in new[]
            {
                "HTTP/1.0 200 Connection established\r\nProxy-agent: tinyproxy/1.11.1\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1 299 OK\r\n\r\n",
                "HTTP/1.1 199 x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200\r\n\r\n", // no reason and no space before it
                "HTTP/1.1 204 No Content\nA: b\n\n", // bare LF
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX: y\r\n\r\n", // an interim response
                "HTTP/1.1 200 OK\r\nX: " + new string('x', 15_000) + "\r\n\r\n",
            })
            {
                foreach (var chunk in new[] { 1, 2, 3, 7, 100_000 })
                    data.Add(head, chunk);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(HeadsAndChunks))]
    public void A_response_is_read_to_the_empty_line_and_no_further(string head, int chunk)
    {
        foreach (var behind in new[] { "220 hi\r\n", "\r\n\r\n", "HTTP/1.1 500 no\r\n\r\n", "" })
        {
            var handshake = ProxyHandshake.Create(_http, _target);
            var (sent, rest) = Talk(handshake, chunk, Hex(head + behind));
            Assert.Empty(sent);
            Assert.True(handshake.IsDone);
            Assert.Equal(behind, rest);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 403 Access violation\r\nContent-Type: text/html\r\n\r\n", FtpErrorKind.HostUnreachable, "'HTTP/1.1 403 Access violation'")]
    [InlineData("HTTP/1.0 500 Unable to connect\r\n\r\n", FtpErrorKind.HostUnreachable, "'HTTP/1.0 500 Unable to connect'")]
    [InlineData("HTTP/1.1 301 Moved\r\n\r\n", FtpErrorKind.HostUnreachable, "301 Moved")]
    [InlineData("HTTP/1.1 403 \u001b[31mred\r\n\r\n", FtpErrorKind.HostUnreachable, "403 ?[31mred")] // nothing for a terminal to obey
    [InlineData("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", FtpErrorKind.LoginFailed, "407 Proxy Authentication Required")]
    [InlineData("HTTP/1.1 401 Unauthorized\r\n\r\n", FtpErrorKind.LoginFailed, "401 Unauthorized")] // tinyproxy
    [InlineData("2", FtpErrorKind.HostUnreachable, "begins with '2'")] // an FTP server
    [InlineData("\u0005\u0000", FtpErrorKind.HostUnreachable, "begins with '?'")] // a SOCKS proxy
    [InlineData("HTTP/1.1\r\n", FtpErrorKind.HostUnreachable, "its response is 'HTTP/1.1'")]
    [InlineData("HTTP/1.1 20\r\n", FtpErrorKind.HostUnreachable, "its response is")]
    [InlineData("HTTP/1.1 2000\r\n", FtpErrorKind.HostUnreachable, "its response is")]
    [InlineData("HTTP/1.1 999 x\r\n", FtpErrorKind.HostUnreachable, "its response is")]
    [InlineData("HTTP/1.1 600 x\r\n", FtpErrorKind.HostUnreachable, "its response is")]
    [InlineData("HTTP/1.1 099 x\r\n", FtpErrorKind.HostUnreachable, "its response is")]
    [InlineData("HTTP/1.1 2/0 x\r\n", FtpErrorKind.HostUnreachable, "its response is")]
    [InlineData("HTTP/1.1 2:0 x\r\n", FtpErrorKind.HostUnreachable, "its response is")]
    [InlineData("HTTP/1.1 20/ x\r\n", FtpErrorKind.HostUnreachable, "its response is")]
    [InlineData("HTTP/1.1 20: x\r\n", FtpErrorKind.HostUnreachable, "its response is")]
    [InlineData("HTTP/1.1 200x\r\n", FtpErrorKind.HostUnreachable, "its response is")]
    [InlineData("HTTP/1.1  200\r\n", FtpErrorKind.HostUnreachable, "its response is")]
    [InlineData("HTTP/ 200 OK\r\n", FtpErrorKind.HostUnreachable, "its response is")]
    [InlineData("HTTP/1200\r\n", FtpErrorKind.HostUnreachable, "its response is")]
    [InlineData("HTTPS/1.1 200 OK\r\n", FtpErrorKind.HostUnreachable, "begins with 'HTTPS'")]
    [InlineData("HTTP/1.1 300\r\n\r\n", FtpErrorKind.HostUnreachable, "'HTTP/1.1 300'")]
    [InlineData("HTTP/1.1 599 x\r\n\r\n", FtpErrorKind.HostUnreachable, "replied 'HTTP/1.1 599 x'")]
    [InlineData("HTTP/1.1 417 x\r\n\r\n", FtpErrorKind.HostUnreachable, "replied 'HTTP/1.1 417 x'")]
    [InlineData("HTTP/1.1 100 x\r\n\r\nHTTP/1.1 502 y\r\n\r\n", FtpErrorKind.HostUnreachable, "'HTTP/1.1 502 y'")]
    [InlineData("HTTP/\r\n", FtpErrorKind.HostUnreachable, "its response is")]
    [InlineData("\r\n", FtpErrorKind.HostUnreachable, "empty line")]
    public void What_is_no_success_is_told(string head, FtpErrorKind kind, string words)
    {
        foreach (var user in new[] { null, "me" })
        {
            var error = Fails(ProxyHandshake.Create(_http with { UserName = user, Password = "hush" }, _target), Hex(head));
            Assert.Equal(kind, error.Kind);
            Assert.Contains(words, error.Message);
            Assert.Contains("http://proxy.example.com:8080", error.Message);
            Assert.Equal(kind == FtpErrorKind.LoginFailed, error.Message.Contains("-ProxyCredential"));
            Assert.DoesNotContain("hush", error.Message);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX: ")]
    [InlineData("HTTP/1.1 200 ")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX: ")]
    [InlineData("HTTP/1.1 200 OK\r\n\r")] // CRs without end
    public void A_head_without_end_is_refused_at_the_cap(string head)
    {
        var handshake = ProxyHandshake.Create(_http, _target);
        var bytes = Encoding.Latin1.GetBytes(head + new string(head[^1] == '\r' ? '\r' : 'x', HttpConnectHandshake.MaxHeadBytes - head.Length));
        Assert.Equal(bytes.Length, handshake.Feed(bytes, bytes.Length, out _));
        Assert.Contains(" 16 KiB", Assert.Throws<ProxyException>(() => handshake.Feed([(byte)'x'], 1, out _)).Message);
        Assert.False(handshake.IsDone);
    }

    [Fact]
    [Trait("Kind", "Random")]
    public void Random_bytes_end_in_refusal_or_wait_for_more_and_never_in_another_failure()
    {
        var random = new Random(1928);
        for (var round = 0; round < 20_000; round++)
        {
            var handshake = ProxyHandshake.Create((round % 2 == 0 ? _socks : _http) with { UserName = round % 3 == 0 ? "me" : null }, _target);
            var bytes = new byte[random.Next(1, 40)];
            random.NextBytes(bytes);
            if (round % 5 != 0)
                (round % 2 == 0 ? new byte[] { 5 } : "HTTP/1.1 2"u8.ToArray()).AsSpan()[..Math.Min(bytes.Length, round % 2 == 0 ? 1 : 10)].CopyTo(bytes);
            try
            {
                var used = handshake.Feed(bytes, bytes.Length, out _);
                Assert.InRange(used, 1, bytes.Length);
            }
            catch (ProxyException)
            {
                // Which is what is asked for.
            }
        }
    }

    /// <summary>The proxy says one line after the other, each when it has been answered; the last one holds what is behind too.</summary>
    private static (List<string> Sent, string Behind) Talk(ProxyHandshake handshake, int chunk, params string[] lines)
    {
        var sent = new List<string>();
        var rest = new List<byte>();
        foreach (var line in lines)
        {
            var bytes = Convert.FromHexString(line.Replace(" ", ""));
            var at = 0;
            while (at < bytes.Length && !handshake.IsDone)
            {
                var piece = bytes.AsSpan(at, Math.Min(chunk, bytes.Length - at)).ToArray();
                at += handshake.Feed(piece, piece.Length, out var answer);
                if (answer is not null)
                    sent.Add(Hex(answer));
            }

            rest.AddRange(bytes.Skip(at));
        }

        return (sent, Encoding.Latin1.GetString([.. rest]));
    }

    private static ProxyException Fails(ProxyHandshake handshake, params string[] lines) =>
        Assert.Throws<ProxyException>(() => Talk(handshake, 1, lines));

    private static string Hex(byte[] bytes) => BitConverter.ToString(bytes).Replace('-', ' ');

    private static string Hex(string text) => Hex(Encoding.Latin1.GetBytes(text));
}
