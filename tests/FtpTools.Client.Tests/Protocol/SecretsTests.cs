using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

public sealed class SecretsTests
{
    [Theory]
    [InlineData("your password is s3cr3t!", "your password is ***!")]
    [InlineData("s3cr3ts3cr3t", "******")]
    [InlineData("and account s3cr3t-account", "and account ***")]
    [InlineData("four is enough", "*** is enough")]
    [InlineData("s3cr3t-account and s3cr3t", "*** and ***")]
    [InlineData("nothing of S3CR3T", "nothing of S3CR3T")]
    [InlineData("abc is too short", "abc is too short")]
    public void HidesWhatIsSecret(string text, string shown) => Assert.Equal(shown, new Secrets("s3cr3t", "s3cr3t-account", "four", "abc", null, "").Hide(text));

    [Fact]
    public void KeepsWhatWasSentForTheEngine()
    {
        var reply = new Secrets("s3cr3t").Reply(257, ["\"/s3cr3t\""]);
        Assert.Equal(("\"/***\"", "\"/s3cr3t\"", "257 \"/***\""), (reply.Text, reply.SentText, reply.ToString()));
    }

    [Fact]
    public void LeavesRepliesAsTheyAreWhereNothingIsSecret()
    {
        string[] lines = ["a", "b"];
        Assert.Same(lines, Secrets.None.Reply(220, lines).Lines);
        Assert.Same(lines, new Secrets("abc", null).Reply(220, lines).Lines);
    }

    [Fact]
    public void TakesWhatAnonymousUsersSayForNoSecret()
    {
        var options = new FtpClientOptions { ComputerName = "h", Account = "acc0unt" };
        Assert.Equal("anonymous@example.com ***", Secrets.Of(options).Hide("anonymous@example.com acc0unt"));
        options = new FtpClientOptions { ComputerName = "h", UserName = "anna", Password = "s3cr3t" };
        Assert.Equal("*** of anna", Secrets.Of(options).Hide("s3cr3t of anna"));
    }

    [Fact]
    public void HidesWhatAProxyIsTold()
    {
        var proxy = new FtpProxy(FtpProxyKind.Http, "proxy") { UserName = "anna", Password = "s3cr3t" };
        var secrets = Secrets.Of(new FtpClientOptions { ComputerName = "h", Proxy = proxy });
        var socks = Secrets.Of(new FtpClientOptions { ComputerName = "h", Proxy = new FtpProxy(FtpProxyKind.Socks5, "proxy") { UserName = "anna", Password = "s3cr3t" } });
        Assert.Equal("*** YW5uYTpzM2NyM3Q=", socks.Hide("s3cr3t YW5uYTpzM2NyM3Q="));
        Assert.Equal("Basic Og==", Secrets.Of(new FtpClientOptions { ComputerName = "h", Proxy = new FtpProxy(FtpProxyKind.Http, "proxy") }).Hide("Basic Og=="));
        Assert.Equal("HTTP/1.1 407 no *** for Basic ***", secrets.Hide("HTTP/1.1 407 no s3cr3t for Basic YW5uYTpzM2NyM3Q="));
    }
}
