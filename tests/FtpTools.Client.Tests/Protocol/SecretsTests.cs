using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

public sealed class SecretsTests
{
    [Theory]
    [InlineData("your password is s3cr3t!", "your password is ***!")]
    [InlineData("s3cr3ts3cr3t", "******")]
    [InlineData("and account s3cr3t-account", "and account ***")]
    [InlineData("nothing of S3CR3T", "nothing of S3CR3T")]
    [InlineData("abc is too short", "abc is too short")]
    public void HidesWhatIsSecret(string text, string shown) => Assert.Equal(shown, new Secrets("s3cr3t", "s3cr3t-account", "abc", null, "").Hide(text));

    [Fact]
    public void KeepsWhatWasSentForTheEngine()
    {
        var reply = new Secrets("s3cr3t").Reply(257, ["\"/s3cr3t\""]);
        Assert.Equal(("\"/***\"", "\"/s3cr3t\"", "257 \"/***\""), (reply.Text, reply.SentText, reply.ToString()));
    }

    [Fact]
    public void TakesWhatAnonymousUsersSayForNoSecret()
    {
        var options = new FtpClientOptions { ComputerName = "h", Account = "acc0unt" };
        Assert.Equal("anonymous@example.com ***", Secrets.Of(options).Hide("anonymous@example.com acc0unt"));
    }

    [Fact]
    public void HidesWhatAProxyIsTold()
    {
        var proxy = new FtpProxy(FtpProxyKind.Http, "proxy") { UserName = "anna", Password = "s3cr3t" };
        var secrets = Secrets.Of(new FtpClientOptions { ComputerName = "h", Proxy = proxy });
        Assert.Equal("HTTP/1.1 407 no *** for Basic ***", secrets.Hide("HTTP/1.1 407 no s3cr3t for Basic YW5uYTpzM2NyM3Q="));
    }
}
