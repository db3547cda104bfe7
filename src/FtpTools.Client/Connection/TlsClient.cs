using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Connection;

/// <summary>
/// The TLS of one control connection and of the data connections that go with it (RFC 4217): they share a name in the
/// platform's session cache, so that the latter resume the session of the former, and the judgement of the certificate.
/// </summary>
internal sealed class TlsClient : IDisposable
{
    private readonly FtpClientOptions _options;
    private readonly TlsTargetName _name;
    private readonly X509CertificateCollection? _certificates;
    private readonly SslProtocols _protocols;
    private readonly string? _pin;
    private byte[]? _accepted;
    private string? _rejection;

    /// <summary>The TLS of a new control connection.</summary>
    /// <param name="options">The session's options.</param>
    /// <param name="isCapped">True to speak 1.2 even where the options allow 1.3.</param>
    public TlsClient(FtpClientOptions options, bool isCapped)
    {
        _options = options;
        _pin = options.CertificateThumbprint is { } thumbprint ? FtpSecurity.ParseThumbprint(thumbprint) : null;
        _name = TlsTargetName.Take(options.ComputerName);
        if (options.ClientCertificate is not null)
            _certificates = [options.ClientCertificate];
        _protocols = options.TlsVersion switch
        {
            FtpTlsVersion.Tls12 => SslProtocols.Tls12,
            FtpTlsVersion.Tls13 => (SslProtocols)Compat.Tls13,
            _ => isCapped ? SslProtocols.Tls12 : Compat.AnyTls,
        };
    }

    /// <summary>What the last handshake of a control connection came to; null before.</summary>
    public FtpSecurity? Security { get; private set; }

    /// <summary>True when the control connection speaks 1.3.</summary>
    public bool IsTls13 { get; private set; }

    private string Server => $"{_options.ComputerName}:{_options.Port}";

    /// <summary>Puts TLS around a control connection.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.TlsFailed"/>, <see cref="FtpErrorKind.CertificateRejected"/> or <see cref="FtpErrorKind.Timeout"/>; the stream is closed.</exception>
    public async Task<TlsChannel> SecureControlAsync(Stream plain, bool isImplicit, CancellationToken cancellationToken)
    {
        var channel = new TlsChannel(plain, (_, certificate, chain, errors) => Judge(certificate, chain, errors));
        try
        {
            await WireThreads.Run(() => channel.Authenticate(_name.Value, _certificates, _protocols, seeksIssuer: true)).WaitAsync(_options.Timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            channel.Dispose();
            if (e is TimeoutException)
            {
                throw new FtpException(
                    FtpErrorKind.Timeout,
                    FormattableString.Invariant($"{Server} didn't complete the TLS handshake within {_options.Timeout.TotalSeconds:0.#} seconds. {(isImplicit ? "It may require explicit TLS (-Tls Explicit, usually at port 21)." : "To wait longer, use -TimeoutSec.")}"), null, e);
            }

            throw Failure("control", e, isImplicit) ?? e;
        }

        IsTls13 = channel.IsTls13;
        Security = new FtpSecurity(
            isImplicit ? FtpTlsMode.Implicit : FtpTlsMode.Explicit, channel.Version, channel.CipherSuite, new X509Certificate2(_accepted!));
        return channel;
    }

    /// <summary>Puts TLS around a data connection, by blocking calls.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.TlsFailed"/> or <see cref="FtpErrorKind.CertificateRejected"/>.</exception>
    public TlsChannel SecureData(Stream plain)
    {
        var channel = new TlsChannel(plain, (_, certificate, chain, errors) => IsKnown(certificate) || JudgeAnew(certificate, chain, errors));
        try
        {
            channel.Authenticate(_name.Value, _certificates, _protocols, seeksIssuer: false);
            return channel;
        }
        catch (Exception e)
        {
            channel.Dispose();
            throw Failure("data", e, false) ?? e;
        }
    }

    /// <summary>Gives the name back.</summary>
    public void Dispose() => _name.Dispose();

    /// <summary>Whether it is what was accepted on the control connection.</summary>
    private bool IsKnown(X509Certificate? certificate) => certificate is not null && _accepted is not null && certificate.GetRawCertData().AsEnumerable().SequenceEqual(_accepted);

    /// <summary>Judges a certificate whose issuer was not sought in the handshake.</summary>
    private bool JudgeAnew(X509Certificate? certificate, X509Chain? shown, SslPolicyErrors errors)
    {
        if (certificate is null)
            return Judge(certificate, shown, errors);
        if (_options.SkipCertificateCheck && _pin is null)
        {
            // Nobody else vouches for it: who the control connection goes to is all that is known.
            _rejection = $"The certificate of a data connection of {Server} differs from that of its control connection, so it may come from someone else. SHA-256 fingerprint: {FtpSecurity.Fingerprint(certificate.GetRawCertData())}; that of the control connection: {Security?.Thumbprint}. "
                + "-SkipCertificateCheck accepts only one certificate for each connection. Use a server certificate that this system trusts, and omit -SkipCertificateCheck.";
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1")); // for servers
        if (shown is not null)
            chain.ChainPolicy.ExtraStore.AddRange(shown.ChainPolicy.ExtraStore);
        using var leaf = new X509Certificate2(certificate.GetRawCertData());
        errors &= ~SslPolicyErrors.RemoteCertificateChainErrors;
        if (!chain.Build(leaf))
            errors |= SslPolicyErrors.RemoteCertificateChainErrors;
        return Judge(certificate, chain, errors);
    }

    private bool Judge(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            _rejection = $"{Server} didn't send a certificate.";
            return false;
        }

        var raw = certificate.GetRawCertData();
        if (_options.SkipCertificateCheck && _pin is null)
        {
            _accepted ??= raw;
            return true;
        }

        using var shown = new X509Certificate2(raw);
        var fingerprint = FtpSecurity.Fingerprint(raw);
        var reasons = new List<string>();
        if (_pin is not null)
        {
            if (_pin != fingerprint)
                reasons.Add($"its fingerprint isn't the one that -CertificateThumbprint specifies, {_pin}");
        }
        else
        {
            if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0 && !(IPAddress.TryParse(_options.ComputerName, out var address) && Compat.IsFor(shown, address)))
                reasons.Add($"it isn't issued for '{_options.ComputerName}'");
            if ((errors & SslPolicyErrors.RemoteCertificateChainErrors) != 0)
                reasons.Add(Why(chain, shown));
        }

        if (reasons.Count == 0)
        {
            _accepted ??= raw;
            return true;
        }

        _rejection = FormattableString.Invariant(
            $"The certificate of {Server} wasn't accepted, because {string.Join(", and ", reasons)}. Subject: {shown.Subject}. Issuer: {shown.Issuer}. Valid from {shown.NotBefore.ToUniversalTime():yyyy-MM-dd} to {shown.NotAfter.ToUniversalTime():yyyy-MM-dd}. SHA-256 fingerprint: {fingerprint}. ")
            + $"To accept only this certificate, use -CertificateThumbprint {fingerprint} after you have made sure that it belongs to the server. -SkipCertificateCheck accepts any certificate, including that of an attacker.";
        return false;
    }

    private static string Why(X509Chain? chain, X509Certificate2 shown)
    {
        var now = DateTime.Now;
        if (now > shown.NotAfter || now < shown.NotBefore)
            return now > shown.NotAfter ? "it has expired" : "it isn't valid yet";
        if (shown.Subject == shown.Issuer)
            return "it's self-signed and isn't trusted by this system";
        var status = chain?.ChainStatus.Select(one => one.StatusInformation.Trim().TrimEnd('.')).Where(text => text.Length > 0).Distinct(StringComparer.Ordinal).ToArray() ?? [];
        return "this system doesn't trust its issuer" + (status.Length > 0 ? $" ({string.Join("; ", status)})" : "");
    }

    /// <summary>What a failed handshake means; null when it is none of TLS.</summary>
    private FtpException? Failure(string which, Exception e, bool isImplicit)
    {
        if (_rejection is { } rejection)
        {
            _rejection = null;
            return new FtpException(FtpErrorKind.CertificateRejected, rejection, null, e);
        }

        if (e is not (AuthenticationException or IOException or InvalidOperationException or NotSupportedException))
            return null;
        var innermost = e;
        while (innermost.InnerException is { } inner)
            innermost = inner;
        var advice =
            which == "data" ? "Check the server's log."
            : isImplicit ? "The server may require explicit TLS (-Tls Explicit, usually at port 21) instead of implicit TLS."
            : $"The server may not support the specified TLS version ({_options.TlsVersion}), or may require a client certificate (-ClientCertificate).";
        return new FtpException(
            FtpErrorKind.TlsFailed, $"The TLS handshake of the {which} connection with {Server} failed: {innermost.Message.TrimEnd('.')}. {advice}", null, e);
    }
}
