using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using FtpTools.Diagnosis;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Diagnosis;

/// <summary>The sum of a test: the mode to use, and the line to type for it.</summary>
public sealed class RecommendationTests
{
    private static readonly X509Certificate2 _certificate = TestCertificate.Create();
    private static readonly FtpSecurity _security = new(FtpTlsMode.Explicit, "TLS 1.3", "TLS_AES_256_GCM_SHA384", _certificate);
    private static readonly FtpClientOptions _options = new() { ComputerName = "ftp.example" };

    [Theory]
    [InlineData("Epsv+ Pasv+ Port+ Eprt+", "Auto", "both work")]
    [InlineData("Epsv+ Pasv+ Port- Eprt-", "Auto", "Passive mode works")]
    [InlineData("Epsv+", "Auto", "Passive mode works")]
    [InlineData("Epsv! Pasv+ Port+ Eprt+", "Auto", "which Auto uses without delay")] // EPSV refused
    [InlineData("Epsv- Pasv+ Port+ Eprt+", "Pasv", "only PASV works")] // EPSV's port silent
    [InlineData("Epsv# Pasv+ Port+ Eprt+", "Pasv", "With EPSV, the connection is lost")] // EPSV cut off by a firewall
    [InlineData("Epsv# Pasv# Port+ Eprt+", "Active", "With passive mode, the connection is lost")]
    [InlineData("Pasv+", "Pasv", "PASV works. The other commands weren't tried.")]
    [InlineData("Epsv- Pasv- Port+ Eprt+", "Active", "Only active mode works")]
    [InlineData("Epsv- Pasv- Port+ Eprt!", "Active", "Only active mode works")]
    [InlineData("Epsv- Pasv- Port! Eprt+", "Eprt", "Only EPRT works")]
    [InlineData("Epsv- Pasv- Port- Eprt-", null, "No data connection works in any mode that was tried")]
    [InlineData("Port- Eprt-", null, "diagnosis of Port")]
    [InlineData("Port! Eprt-", null, "diagnosis of Eprt")]
    [InlineData("Epsv- Pasv-", null, "diagnosis of Epsv")]
    [InlineData("Epsv! Pasv-", null, "diagnosis of Pasv")] // that of Epsv names PASV as the way out
    [InlineData("Epsv- Pasv- Port- Eprt-", null, "Passive mode is usually the easiest: Open the server's range of passive ports in its firewall (vsftpd: pasv_min_port")]
    [InlineData("Epsv! Pasv- Port- Eprt-", null, "Passive mode is usually the easiest: Open the server's range of passive ports in its firewall (vsftpd: pasv_min_port")]
    [InlineData("Epsv! Pasv! Port- Eprt-", null, "Passive mode is usually the easiest: The diagnosis of Epsv")]
    [InlineData("Port? Eprt?", null, "None of the specified modes can be tried here.")]
    [InlineData("Epsv+ Pasv? Port? Eprt+", "Auto", "both work")]
    public void Chooses_by_what_worked(string outcomes, string? mode, string words)
    {
        var test = Recommendation.Of(_options, true, null, Tests(outcomes));
        Assert.Equal((FtpTestStep.Recommendation, mode, mode is not null), (test.Step, test.Mode?.ToString(), test.Succeeded));
        Assert.Equal(mode is null ? null : $"Set-FtpMode {mode}", test.Command);
        Assert.Contains(words, test.Diagnosis);
    }

    [Fact]
    public void A_mode_that_lists_and_cannot_send_does_not_work()
    {
        var tests = Tests("Epsv+ Pasv+ Port+ Eprt+");
        tests.Add(Test(FtpMode.Epsv, '-') with { Step = FtpTestStep.Upload });
        Assert.Equal(FtpMode.Pasv, Recommendation.Of(_options, true, null, tests).Mode);
    }

    public static TheoryData<string, Func<FtpClientOptions, FtpClientOptions>, bool, string> Lines => new()
    {
        { "Epsv+", o => o, false, "Connect-Ftp ftp.example -Tls None" },
        { "Epsv+", o => o, true, "Connect-Ftp ftp.example -Tls Explicit" },
        { "Epsv+", o => o with { Port = 2121, UserName = "alice" }, true, "Connect-Ftp ftp.example -Port 2121 -Credential alice -Tls Explicit" },
        { "Epsv+", o => o with { UserName = "o'brien smith" }, false, "Connect-Ftp ftp.example -Credential 'o''brien smith' -Tls None" },
        { "Epsv+", o => o with { SkipCertificateCheck = true }, true, $"Connect-Ftp ftp.example -Tls Explicit -CertificateThumbprint {_security.Thumbprint}" },
        { "Epsv+", o => o with { CertificateThumbprint = _security.Thumbprint.ToLowerInvariant() }, true, $"Connect-Ftp ftp.example -Tls Explicit -CertificateThumbprint {_security.Thumbprint}" },
        {
            "Epsv+",
            o => o with { TlsVersion = FtpTlsVersion.Tls12, ClientCertificate = _certificate, DataProtection = FtpDataProtection.Clear, ClearCommandChannel = true },
            true,
            "Connect-Ftp ftp.example -Tls Explicit -TlsVersion Tls12 -ClientCertificate $certificate -DataProtection Clear -ClearCommandChannel"
        },
        {
            "Epsv- Pasv- Port+",
            o => o with { ActiveAddress = IPAddress.Parse("203.0.113.9"), ActivePortRange = new FtpPortRange(50000, 50100), TrustPassiveAddress = true },
            false,
            "Connect-Ftp ftp.example -Tls None -Mode Active -ActiveAddress 203.0.113.9 -ActivePortRange 50000-50100"
        },
        { "Epsv- Pasv+", o => o with { TrustPassiveAddress = true, ActivePortRange = new FtpPortRange(50000, 50100) }, false, "Connect-Ftp ftp.example -Tls None -Mode Pasv -TrustPassiveAddress" },
        { "Epsv+", o => o with { ComputerName = "::1" }, false, "Connect-Ftp ::1 -Tls None" },
        {
            "Epsv+", o => o with { Proxy = new FtpProxy(FtpProxyKind.Socks5, "proxy.example", 1080) { UserName = "bob", Password = "secret" } }, false,
            "Connect-Ftp ftp.example -Tls None -Proxy socks5://proxy.example:1080 -ProxyCredential bob"
        },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Says_the_line_to_type(string outcomes, Func<FtpClientOptions, FtpClientOptions> change, bool isSecure, string line)
    {
        var options = change(_options) with { Password = "secret" };
        Assert.Equal(line, Recommendation.Of(options, false, isSecure ? _security : null, Tests(outcomes)).Command);
    }

    [Fact]
    public void The_usual_port_of_implicit_TLS_is_not_said()
    {
        var security = new FtpSecurity(FtpTlsMode.Implicit, "TLS 1.3", "TLS_AES_256_GCM_SHA384", _certificate);
        Assert.Equal("Connect-Ftp ftp.example -Tls Implicit", Recommendation.Of(_options with { Port = 990 }, false, security, Tests("Epsv+")).Command);
        Assert.Equal("Connect-Ftp ftp.example -Port 21 -Tls Implicit", Recommendation.Of(_options, false, security, Tests("Epsv+")).Command);
    }

    /// <summary>+ worked, ! was refused at the command, # cost the connection there, - failed later, ? was not tried.</summary>
    private static List<FtpConnectionTest> Tests(string outcomes) =>
        [Test(null, '+') with { Step = FtpTestStep.Login }, .. outcomes.Split(' ').Select(one => Test(Enum.Parse<FtpMode>(one[..^1]), one[^1]))];

    private static FtpConnectionTest Test(FtpMode? mode, char outcome) => new()
    {
        ComputerName = "ftp.example",
        Port = 21,
        Step = FtpTestStep.Listing,
        Mode = mode,
        Succeeded = outcome == '?' ? null : outcome == '+',
        Stage = outcome switch { '+' => FtpDataStage.Done, '!' or '#' => FtpDataStage.Announce, '-' => FtpDataStage.Open, _ => null },
        Diagnosis = $"The diagnosis of {mode}.",
        Failure = outcome == '#' ? new FtpConnectionException(FtpErrorKind.ConnectionLost, "Cut.") : null,
    };
}
