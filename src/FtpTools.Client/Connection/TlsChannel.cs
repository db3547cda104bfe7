using System;
using System.IO;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;

namespace FtpTools.Connection;

/// <summary>TLS over one control or data connection, with what <see cref="SslStream"/> itself does not tell of it.</summary>
internal sealed class TlsChannel : IDisposable
{
    private readonly WatchedStream _inner;
    private readonly SslStream _ssl;

    /// <summary>A channel whose handshake has yet to be made.</summary>
    /// <param name="inner">The plain stream.</param>
    /// <param name="validate">Decides on the server's certificate.</param>
    public TlsChannel(Stream inner, RemoteCertificateValidationCallback validate)
    {
        _inner = new WatchedStream(inner);
        _ssl = new SslStream(_inner, leaveInnerStreamOpen: false, validate);
    }

    /// <summary>The encrypted stream.</summary>
    public Stream Stream => _ssl;

    /// <summary>The stream beneath, for the time after TLS (CCC).</summary>
    public Stream Plain => _inner.Inner;

    /// <summary>Whether an earlier session was resumed; null when it cannot be told.</summary>
    public bool? Resumed => _inner.Handshake.Resumed;

    /// <summary>The version as people write it: <c>TLS 1.3</c>.</summary>
    public string Version { get; private set; } = "";

    /// <summary>True at version 1.3, in which a session's ticket is good for one connection.</summary>
    public bool IsTls13 { get; private set; }

    /// <summary>The name of the cipher suite.</summary>
    public string CipherSuite { get; private set; } = "";

    /// <summary>
    /// True when the stream ended without the server's close_notify. <see cref="SslStream"/> shows both ends alike, and one
    /// may be somebody's who cut the connection (RFC 8446, 6.1).
    /// </summary>
    public bool IsTruncated => _inner.HasEnded;

    /// <summary>Shakes hands, by blocking calls.</summary>
    public void Authenticate(string targetName, X509CertificateCollection? certificates, SslProtocols protocols)
    {
        Compat.Authenticate(_ssl, targetName, certificates, protocols);
        Learn();
    }

    /// <summary>Says that nothing more will be sent (close_notify). vsftpd takes an upload without it for broken.</summary>
    public Task SendCloseNotifyAsync() => Compat.SendCloseNotifyAsync(_ssl);

    /// <inheritdoc/>
    public void Dispose() => _ssl.Dispose();

    // What a disposed stream does not tell any more.
    private void Learn()
    {
        IsTls13 = (int)_ssl.SslProtocol == Compat.Tls13;
        Version = IsTls13 ? "TLS 1.3" : _ssl.SslProtocol == SslProtocols.Tls12 ? "TLS 1.2" : _ssl.SslProtocol.ToString();
        CipherSuite = Compat.CipherSuite(_ssl);
    }
}
