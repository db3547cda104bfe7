using System;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FtpTools.TestServer;

/// <summary>Certificates made on the spot, each with its private key, for servers, clients and authorities.</summary>
public static class TestCertificate
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>Makes a certificate, self-signed unless there is an issuer.</summary>
    /// <param name="subject">The distinguished name.</param>
    /// <param name="dnsNames">The names it holds for; null with no addresses either is localhost and both loopback addresses.</param>
    /// <param name="addresses">The addresses it holds for.</param>
    /// <param name="notBefore">The first moment it is good; null is yesterday.</param>
    /// <param name="notAfter">The last moment it is good; null is a year from now, or the issuer's last.</param>
    /// <param name="issuer">An authority made here.</param>
    /// <param name="authority">Whether it may issue others.</param>
    public static X509Certificate2 Create(
        string subject = "CN=localhost",
        string[]? dnsNames = null,
        IPAddress[]? addresses = null,
        DateTimeOffset? notBefore = null,
        DateTimeOffset? notAfter = null,
        X509Certificate2? issuer = null,
        bool authority = false)
    {
        if (dnsNames is null && addresses is null && !authority)
            (dnsNames, addresses) = (["localhost"], [IPAddress.Loopback, IPAddress.IPv6Loopback]);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            authority ? X509KeyUsageFlags.KeyCertSign : X509KeyUsageFlags.DigitalSignature, true));
        if (!authority)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
                [new Oid(ServerAuthentication), new Oid(ClientAuthentication)], false));
        }

        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in dnsNames ?? [])
            names.AddDnsName(name);
        foreach (var address in addresses ?? [])
            names.AddIpAddress(address);
        if (dnsNames is { Length: > 0 } || addresses is { Length: > 0 })
            request.CertificateExtensions.Add(names.Build());

        var from = notBefore ?? DateTimeOffset.UtcNow.AddDays(-1);
        var to = notAfter ?? DateTimeOffset.UtcNow.AddYears(1);
        // None may outlive its issuer, which was made a moment earlier.
        if (issuer is not null && notAfter is null && to > issuer.NotAfter)
            to = issuer.NotAfter;
        if (issuer is not null && notBefore is null && from < issuer.NotBefore)
            from = issuer.NotBefore;
        if (issuer is null)
        {
            using var own = request.CreateSelfSigned(from, to);
            return Loaded(own);
        }

        using var issued = request.Create(issuer, from, to, RandomNumberGenerator.GetBytes(16));
        using var keyed = issued.CopyWithPrivateKey(key);
        return Loaded(keyed);
    }

    // The TLS of Windows takes no key that lives in memory alone; one that came by PKCS #12 is good everywhere.
    private static X509Certificate2 Loaded(X509Certificate2 certificate) => X509CertificateLoader.LoadPkcs12(
        certificate.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
}
