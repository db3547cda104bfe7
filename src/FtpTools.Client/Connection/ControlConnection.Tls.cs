using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Connection;

/// <content>TLS around the connection.</content>
internal sealed partial class ControlConnection
{
    /// <summary>
    /// Puts TLS around the connection. Plain text that the server, or somebody between, sent ahead is discarded: it would
    /// pass for a reply that came encrypted.
    /// </summary>
    /// <exception cref="FtpConnectionException">The handshake failed, or the certificate was not accepted.</exception>
    public async Task SecureAsync(TlsClient tls, bool isImplicit, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        _stream.Discard();
        TlsChannel channel;
        try
        {
            channel = await tls.SecureControlAsync(_stream.Stream, isImplicit, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpException e)
        {
            throw Fail(e.Kind, e.Message.TrimEnd('.'), e);
        }
        catch (Exception e)
        {
            Fail(FtpErrorKind.ConnectionLost, $"The TLS handshake with {Source} was canceled", e);
            throw;
        }

        _stream.Use(channel);
        _isHandshakeInDoubt = true;
        Trace(
            FtpLogLevel.Information,
            $"Secured by {tls.Security}; certificate of {tls.Security!.GetCertificate().Subject}, SHA-256 {tls.Security.Thumbprint}{(channel.Resumed == true ? "; an earlier session was resumed" : "")}.");
    }

    /// <summary>The loss of the connection. Above all in TLS 1.3 a client takes the handshake for done before the server has judged its certificate, or the want of one.</summary>
    private FtpConnectionException Lost(string when, Exception e) => _isHandshakeInDoubt
        ? Fail(FtpErrorKind.TlsFailed, $"{Source} closed the control connection after the TLS handshake ({e.Message.TrimEnd('.')}). It may require a client certificate (-ClientCertificate), or not accept the one that was sent", e)
        : Fail(FtpErrorKind.ConnectionLost, $"The control connection to {Source} was lost {when} ({e.Message})", e);

    /// <summary>Ends TLS, after CCC, and goes on in clear text (RFC 4217, 12.3).</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        try
        {
            ThrowIfClosed();
            if (Tls is not null && !await _stream.TryEndTlsAsync(cancellationToken).ConfigureAwait(false))
                throw Fail(FtpErrorKind.TlsFailed, $"{Source} accepted CCC, but continued to encrypt the control connection", null);
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            throw Fail(FtpErrorKind.TlsFailed, $"{Source} accepted CCC, but didn't end TLS ({e.Message})", e);
        }
    }
}
