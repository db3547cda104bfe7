using System;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FtpTools;

/// <summary>Whether and how a session is encrypted (RFC 4217).</summary>
public enum FtpTlsMode
{
    /// <summary>TLS where the server offers it, else plain FTP with a warning. At port 990, implicit TLS.</summary>
    Auto,

    /// <summary>Plain FTP: names, passwords and data cross the network in clear text.</summary>
    None,

    /// <summary>AUTH TLS before the login, or no login at all.</summary>
    Explicit,

    /// <summary>TLS from the first byte, mostly at port 990.</summary>
    Implicit,
}

/// <summary>Which versions of TLS may be spoken.</summary>
public enum FtpTlsVersion
{
    /// <summary>1.2 or 1.3, the best that both sides have.</summary>
    Any,

    /// <summary>1.2 alone.</summary>
    Tls12,

    /// <summary>1.3 alone.</summary>
    Tls13,
}

/// <summary>Whether data connections are encrypted in a session that is (PROT, RFC 4217, 9).</summary>
public enum FtpDataProtection
{
    /// <summary>Encrypted (PROT P).</summary>
    Private,

    /// <summary>In clear text (PROT C): files and listings can be read and changed on the way.</summary>
    Clear,
}

/// <summary>How a session is encrypted, as its last control connection agreed on it.</summary>
public sealed class FtpSecurity
{
    private readonly X509Certificate2 _certificate;

    internal FtpSecurity(FtpTlsMode mode, string version, string cipherSuite, X509Certificate2 certificate)
    {
        Mode = mode;
        Version = version;
        CipherSuite = cipherSuite;
        _certificate = certificate;
        Thumbprint = Fingerprint(certificate.RawData);
    }

    /// <summary>Explicit or Implicit.</summary>
    public FtpTlsMode Mode { get; }

    /// <summary>The version: <c>TLS 1.2</c> or <c>TLS 1.3</c>.</summary>
    public string Version { get; }

    /// <summary>The cipher suite's name as the platform has it.</summary>
    public string CipherSuite { get; }

    /// <summary>Whom the server's certificate, which was accepted, is for.</summary>
    public string Subject => _certificate.Subject;

    /// <summary>Who has issued it.</summary>
    public string Issuer => _certificate.Issuer;

    /// <summary>From when on it is valid, in the local time zone.</summary>
    public DateTime NotBefore => _certificate.NotBefore;

    /// <summary>Until when it is valid, in the local time zone.</summary>
    public DateTime NotAfter => _certificate.NotAfter;

    /// <summary>The certificate's SHA-256 fingerprint, 64 hexadecimal digits: what -CertificateThumbprint takes.</summary>
    public string Thumbprint { get; }

    /// <summary>The server's certificate. It is no property, so that a session that is written to a file does not drag it along.</summary>
    public X509Certificate2 GetCertificate() => _certificate;

    /// <summary>The version and the cipher suite.</summary>
    public override string ToString() => $"{Version}, {CipherSuite}";

    /// <summary>Reads a SHA-256 fingerprint: 64 hexadecimal digits, with colons, hyphens or spaces between them or without.</summary>
    /// <param name="text">The fingerprint as a tool or a person writes it.</param>
    /// <returns>64 capital digits.</returns>
    /// <exception cref="FormatException">It is none.</exception>
    public static string ParseThumbprint(string text)
    {
        // Copied from Windows' certificate dialog, it begins with an invisible mark.
        var digits = new string([.. text.Where(c => c is not (':' or '-' or ' ' or '\u200E'))]).ToUpperInvariant();
        if (digits.Length == 64 && digits.All(Uri.IsHexDigit))
            return digits;
        throw new FormatException(
            digits.Length == 40 && digits.All(Uri.IsHexDigit)
                ? $"'{text}' is a SHA-1 fingerprint, which isn't secure. Specify the SHA-256 fingerprint of the certificate, which has 64 hexadecimal digits."
                : $"'{text}' isn't a SHA-256 fingerprint. It must have 64 hexadecimal digits; colons, hyphens and spaces between them are ignored.");
    }

    internal static string Fingerprint(byte[] certificate)
    {
        using var sha = SHA256.Create();
        return BitConverter.ToString(sha.ComputeHash(certificate)).Replace("-", "");
    }
}
