using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Tls;

/// <summary>Which certificates are accepted, and what is said of those that are not.</summary>
public sealed class CertificateTests : TlsTest
{
    private static readonly X509Certificate2 _stranger = TestCertificate.Create("CN=Some authority, O=Nobody knows", authority: true);

    private FtpClientOptions Checked => Patient with { SkipCertificateCheck = false };

    [Fact]
    public async Task One_signed_by_itself_is_rejected_with_all_that_is_needed_to_accept_it()
    {
        var error = await RejectedAsync(Certificate, "self-signed");
        Assert.DoesNotContain("it isn't issued for", error.Message);
        Assert.Contains($"Subject: {Certificate.Subject}.", error.Message);
        Assert.Contains($"Issuer: {Certificate.Issuer}.", error.Message);
        Assert.Contains($"Valid from {Certificate.NotBefore.ToUniversalTime():yyyy-MM-dd} to {Certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}.", error.Message);
        Assert.Contains("-SkipCertificateCheck accepts any", error.Message);
    }

    /// <summary>Whoever is not asked for a trusted one could stand in the place of a data connection alone.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_of_a_data_connection_that_is_not_the_control_connections_is_rejected_though_any_is_taken(bool isListing)
    {
        Serve("file", 1000);
        using var session = await ConnectSecureAsync();
        var item = await session.GetItemAsync("/file", Bound);
        using var other = TestCertificate.Create();
        Server.Certificate = other;
        var error = await FailsAsync("FtpCertificateRejected", () => isListing ? ListAsync(session) : session.DownloadAsync(item, Local("file"), new FtpTransferOptions(), null, Bound));
        Assert.Contains(FtpSecurity.Fingerprint(other.RawData), error.Message);
        Assert.Contains(FtpSecurity.Fingerprint(Certificate.RawData), error.Message);
        Assert.False(File.Exists(Local("file")));
        // The whole server may have got another one, which a new control connection takes.
        using var later = await ConnectSecureAsync();
        await ProveAsync(later);
        Server.Certificate = Certificate;
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_fingerprint_counts_where_any_is_to_be_taken_too()
    {
        await FailsAsync("FtpCertificateRejected", () => FtpSession.ConnectAsync(Patient with { CertificateThumbprint = new string('0', 64) }, Bound));
    }

    [Fact]
    public async Task One_for_another_name_is_rejected()
    {
        using var other = TestCertificate.Create("CN=other.example", ["other.example"]);
        await RejectedAsync(other, "it isn't issued for 'localhost', and it's self-signed");
    }

    [Fact]
    public async Task One_that_has_expired_is_rejected()
    {
        using var expired = TestCertificate.Create(notBefore: DateTimeOffset.UtcNow.AddDays(-90), notAfter: DateTimeOffset.UtcNow.AddDays(-30));
        await RejectedAsync(expired, "it has expired");
    }

    [Fact]
    public async Task One_that_is_not_valid_yet_is_rejected()
    {
        using var early = TestCertificate.Create(notBefore: DateTimeOffset.UtcNow.AddDays(30), notAfter: DateTimeOffset.UtcNow.AddDays(90));
        await RejectedAsync(early, "it isn't valid yet");
    }

    [Fact]
    public async Task One_of_an_unknown_issuer_is_rejected()
    {
        using var issued = TestCertificate.Create(issuer: _stranger);
        var error = await RejectedAsync(issued, "this system doesn't trust its issuer");
        Assert.Contains("Nobody knows", error.Message);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LocalHost")]
    [InlineData("127.0.0.1")]
    public async Task One_of_a_trusted_issuer_is_accepted_for_its_names_and_addresses(string host)
    {
        if (!TrustedAuthority.IsPossible)
            return;
        using var issued = TestCertificate.Create(issuer: TrustedAuthority.Certificate);
        Server.Certificate = issued;
        using var session = await FtpSession.ConnectAsync(Checked with { ComputerName = host }, Bound);
        await RoundTripAsync(session);
        Assert.Equal(3, Log.Count("with a resumed session"));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("localhost", "other.example", "192.0.2.9", "it isn't issued for 'localhost'. ")]
    [InlineData("127.0.0.1", "localhost", "192.0.2.9", "it isn't issued for '127.0.0.1'. ")]
    [InlineData("127.0.0.1", "x7f000001-0.invalid", null, "it isn't issued for '127.0.0.1'. ")]
    public async Task One_of_a_trusted_issuer_is_rejected_for_another_name(string host, string name, string? address, string why)
    {
        if (!TrustedAuthority.IsPossible)
            return;
        using var issued = TestCertificate.Create("CN=" + host, [name], address is null ? null : [IPAddress.Parse(address)], issuer: TrustedAuthority.Certificate);
        Server.Certificate = issued;
        var error = await FailsAsync("FtpCertificateRejected", () => FtpSession.ConnectAsync(Checked with { ComputerName = host }, Bound));
        Assert.Contains(why, error.Message);
    }

    [Fact]
    public async Task One_of_a_trusted_issuer_that_has_expired_is_rejected()
    {
        if (!TrustedAuthority.IsPossible)
            return;
        using var issued = TestCertificate.Create(
            issuer: TrustedAuthority.Certificate, notBefore: TrustedAuthority.Certificate.NotBefore, notAfter: DateTimeOffset.UtcNow.AddMinutes(-5));
        Server.Certificate = issued;
        var error = await FailsAsync("FtpCertificateRejected", () => FtpSession.ConnectAsync(Checked, Bound));
        Assert.Contains("it has expired", error.Message);
    }

    [Fact]
    public async Task A_fingerprint_of_another_one_rejects_even_a_trusted_one()
    {
        using var issued = TestCertificate.Create(issuer: TrustedAuthority.IsPossible ? TrustedAuthority.Certificate : null);
        Server.Certificate = issued;
        if (TrustedAuthority.IsPossible)
            (await FtpSession.ConnectAsync(Checked, Bound)).Dispose();
        var pin = FtpSecurity.Fingerprint(Certificate.RawData);
        var error = await FailsAsync("FtpCertificateRejected", () => FtpSession.ConnectAsync(Checked with { CertificateThumbprint = pin }, Bound));
        Assert.Contains($"isn't the one that -CertificateThumbprint specifies, {pin}", error.Message);
        Assert.Contains(FtpSecurity.Fingerprint(issued.RawData), error.Message);
    }

    [Fact]
    public async Task A_fingerprint_accepts_its_certificate_whatever_else_is_wrong_with_it()
    {
        using var odd = TestCertificate.Create("CN=odd", ["odd.example"], notBefore: DateTimeOffset.UtcNow.AddDays(-9), notAfter: DateTimeOffset.UtcNow.AddDays(-1));
        Server.Certificate = odd;
        var pin = string.Join(':', FtpSecurity.Fingerprint(odd.RawData).ToLowerInvariant().Chunk(2).Select(pair => new string(pair)));
        using var session = await FtpSession.ConnectAsync(Checked with { CertificateThumbprint = pin }, Bound);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_fingerprint_with_Auto_requires_TLS()
    {
        Server.Certificate = null;
        var pin = FtpSecurity.Fingerprint(Certificate.RawData);
        await FailsAsync("FtpTlsFailed", () => FtpSession.ConnectAsync(Checked with { Tls = FtpTlsMode.Auto, CertificateThumbprint = pin }, Bound));
        Assert.Equal(0, Count("USER"));
        Server.Certificate = Certificate;
        using var session = await FtpSession.ConnectAsync(Checked with { Tls = FtpTlsMode.Auto, CertificateThumbprint = pin }, Bound);
        Assert.NotNull(session.Security);
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13, Skip = Engine.NoTls13)]
    public async Task Skipping_the_check_holds_for_its_session_alone(SslProtocols protocol)
    {
        Server.TlsProtocols = protocol;
        using var session = await ConnectSecureAsync();
        await RoundTripAsync(session);
        for (var i = 0; i < 3; i++) // whichever of the names in the cache they come by
            await FailsAsync("FtpCertificateRejected", () => FtpSession.ConnectAsync(Checked, Bound));
        await ProveAsync(session);
        await session.CloseAsync(Bound);
        await FailsAsync("FtpCertificateRejected", () => FtpSession.ConnectAsync(Checked, Bound));
        Assert.Equal(1, Count("USER"));
    }

    [Theory]
    [InlineData(FtpMode.Epsv)]
    [InlineData(FtpMode.Port)]
    public async Task Another_certificate_on_the_data_connection_is_rejected(FtpMode mode)
    {
        var pin = FtpSecurity.Fingerprint(Certificate.RawData);
        using var session = await FtpSession.ConnectAsync(Checked with { CertificateThumbprint = pin, Mode = mode }, Bound);
        Serve("any", 1000);
        var item = await session.GetItemAsync("/any", Bound);
        using var other = TestCertificate.Create();
        Server.Certificate = other;
        var error = await FailsAsync("FtpCertificateRejected", () => session.DownloadAsync(item, Local("any"), Default, null, Bound));
        Assert.Contains(FtpSecurity.Fingerprint(other.RawData), error.Message);
        await FailsAsync("FtpCertificateRejected", () => session.UploadAsync(new MemoryStream(new byte[10]), "/up", Default, null, Bound));
        Assert.Empty(Directory.GetFiles(Folder));
        Server.Certificate = Certificate;
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task Another_certificate_on_the_data_connection_is_judged_as_the_first_was(string host)
    {
        if (!TrustedAuthority.IsPossible)
            return;
        using var first = TestCertificate.Create(issuer: TrustedAuthority.Certificate);
        Server.Certificate = first;
        using var session = await FtpSession.ConnectAsync(Checked with { ComputerName = host }, Bound);
        using var second = TestCertificate.Create(issuer: TrustedAuthority.Certificate);
        Server.Certificate = second;
        await ProveAsync(session);
        using var third = TestCertificate.Create(issuer: _stranger);
        Server.Certificate = third;
        var error = await FailsAsync("FtpCertificateRejected", () => ListAsync(session));
        Assert.Contains("this system doesn't trust its issuer", error.Message);
        Server.Certificate = first;
        await ProveAsync(session);
    }

    /// <summary>Is rejected, for a reason; and when the advice is followed, accepted.</summary>
    private async Task<FtpException> RejectedAsync(X509Certificate2 certificate, string why)
    {
        Server.Certificate = certificate;
        var error = await FailsAsync("FtpCertificateRejected", () => FtpSession.ConnectAsync(Checked, Bound));
        Assert.Contains(why, error.Message);
        Assert.Contains($"{Checked.ComputerName}:{Server.Port}", error.Message);
        Assert.Contains(certificate.Subject, error.Message);
        Assert.Equal(["AUTH TLS"], Server.Commands);
        const string Parameter = "-CertificateThumbprint ";
        var at = error.Message.IndexOf(Parameter, StringComparison.Ordinal) + Parameter.Length;
        var thumbprint = error.Message.Substring(at, 64);
        Assert.Contains($"SHA-256 fingerprint: {thumbprint}.", error.Message);
        using var session = await FtpSession.ConnectAsync(Checked with { CertificateThumbprint = thumbprint }, Bound);
        Assert.Equal(thumbprint, session.Security!.Thumbprint);
        await ProveAsync(session);
        return error;
    }
}
