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
    /// <summary>The header, 2^14 bytes of content and what encryption may add (RFC 5246, 6.2.3), in bytes.</summary>
    private const int LongestRecord = 5 + 16384 + 2048;

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

    /// <summary>Shakes hands, by blocking calls; the parameters are those of <see cref="Compat.Authenticate"/>.</summary>
    public void Authenticate(string targetName, X509CertificateCollection? certificates, SslProtocols protocols, bool seeksIssuer)
    {
        Compat.Authenticate(_ssl, targetName, certificates, protocols, seeksIssuer);
        Learn();
    }

    /// <summary>
    /// Receives as much as has come, and at least something, by a blocking call.
    /// </summary>
    /// <param name="buffer">Takes it.</param>
    /// <returns>The count of bytes; 0 at the end.</returns>
    public int Receive(byte[] buffer)
    {
        var count = _ssl.Read(buffer, 0, buffer.Length);
        // SslStream gives one record at a time. To wait for the rest of another would keep back what there is.
        while (count > 0 && _inner.ReadAhead >= LongestRecord && buffer.Length - count >= LongestRecord)
            count += _ssl.Read(buffer, count, buffer.Length - count);
        return count;
    }

    /// <summary>Sends bytes, their records in as few calls on the socket as the lent buffer allows.</summary>
    public void Send(byte[] buffer, int count)
    {
        _ssl.Write(buffer, 0, count);
        _inner.Flush();
    }

    /// <summary>Lends a buffer to receive by, for as many records at a time as it holds; null takes it back.</summary>
    public void ReceiveBy(byte[]? buffer) => _inner.ReadBuffer = buffer;

    /// <summary>Lends a buffer to send by, for as many records at a time as it holds; null takes it back.</summary>
    public void SendBy(byte[]? buffer) => _inner.WriteBuffer = buffer;

    /// <summary>Says that nothing more will be sent (close_notify). vsftpd takes an upload without it for broken.</summary>
    public async Task SendCloseNotifyAsync()
    {
        await Compat.SendCloseNotifyAsync(_ssl).ConfigureAwait(false);
        _inner.Flush();
    }

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
