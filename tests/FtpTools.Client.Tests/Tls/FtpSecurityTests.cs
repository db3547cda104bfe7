using System;
using System.Linq;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Tls;

public sealed class FtpSecurityTests
{
    private const string Plain = "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF";

    public static TheoryData<string> Written =>
    [
        Plain,
        Plain.ToLowerInvariant(),
        string.Join(':', Plain.Chunk(2).Select(pair => new string(pair))), // openssl x509 -fingerprint -sha256
        string.Join('-', Plain.Chunk(2).Select(pair => new string(pair))),
        string.Join(' ', Plain.Chunk(2).Select(pair => new string(pair))),
        "\u200E" + Plain.ToLowerInvariant(), // the certificate dialog of Windows
        $"  {Plain} ",
    ];

    [Theory]
    [MemberData(nameof(Written))]
    public void Reads_a_fingerprint_however_it_is_written(string text) => Assert.Equal(Plain, FtpSecurity.ParseThumbprint(text));

    [Theory]
    [InlineData("", "64 hexadecimal digits")]
    [InlineData("0123", "64 hexadecimal digits")]
    [InlineData(Plain + "00", "64 hexadecimal digits")]
    [InlineData("G123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF", "64 hexadecimal digits")]
    [InlineData("\uFF11123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF", "64 hexadecimal digits")] // a digit, of another script
    [InlineData("0123456789ABCDEF0123456789ABCDEF01234567", "SHA-1")]
    [InlineData("01:23:45:67:89:ab:cd:ef:01:23:45:67:89:ab:cd:ef:01:23:45:67", "SHA-1")]
    public void Refuses_what_is_none_and_says_why(string text, string why) =>
        Assert.Contains(why, Assert.Throws<FormatException>(() => FtpSecurity.ParseThumbprint(text)).Message);

    [Fact]
    public void Its_own_fingerprint_reads_back()
    {
        using var certificate = TestCertificate.Create();
        var security = new FtpSecurity(FtpTlsMode.Explicit, "TLS 1.3", "TLS_AES_256_GCM_SHA384", certificate);
        Assert.Equal(security.Thumbprint, FtpSecurity.ParseThumbprint(security.Thumbprint));
        Assert.Equal(certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256), security.Thumbprint);
        Assert.Equal("TLS 1.3, TLS_AES_256_GCM_SHA384", security.ToString());
    }
}
