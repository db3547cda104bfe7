using System;
using System.IO;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.TestServer;

/// <summary>
/// TLS over a socket, the server's side of it, on control and data connections alike (RFC 4217, 4 and 7); the client's side
/// where a data connection comes from another server.
/// </summary>
internal sealed class TlsChannel : IDisposable
{
    private readonly TlsRecordStream _records;

    private TlsChannel(SslStream stream, TlsRecordStream records)
    {
        Stream = stream;
        _records = records;
    }

    public SslStream Stream { get; }

    /// <summary>Whether the client ended its connection; before TLS said so, that is an end without close_notify.</summary>
    public bool Ended => _records.Ended;

    /// <summary>Shakes hands.</summary>
    /// <exception cref="AuthenticationException">They did not agree, or not in time.</exception>
    public static Task<TlsChannel> AcceptAsync(LoopbackServer server, Socket socket, bool ownsSocket, CancellationToken cancellationToken) =>
        OpenAsync(server, socket, ownsSocket, isClient: false, cancellationToken);

    /// <summary>Shakes hands, on this side or the other. As the client it takes whatever certificate it is shown.</summary>
    /// <exception cref="AuthenticationException">They did not agree, or not in time.</exception>
    public static async Task<TlsChannel> OpenAsync(
        LoopbackServer server, Socket socket, bool ownsSocket, bool isClient, CancellationToken cancellationToken)
    {
        var records = new TlsRecordStream(socket, ownsSocket);
        var channel = new TlsChannel(new SslStream(records, leaveInnerStreamOpen: false), records);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(server.DataTimeout);
        try
        {
            await (isClient
                ? channel.Stream.AuthenticateAsClientAsync(server.TlsClientOptions(), bound.Token)
                : channel.Stream.AuthenticateAsServerAsync(server.TlsOptions(), bound.Token)).ConfigureAwait(false);
            return channel;
        }
        catch (Exception e)
        {
            channel.Dispose();
            if (cancellationToken.IsCancellationRequested || e is not (IOException or OperationCanceledException))
                throw;
            throw new AuthenticationException("The TLS handshake broke off.", e);
        }
    }

    /// <summary>
    /// Sends close_notify and reads on to the client's, or to the first that is in plain text again: curl for one never
    /// sends close_notify after CCC. What still comes under TLS is lost.
    /// </summary>
    public async Task ShutdownAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(timeout);
        await Stream.ShutdownAsync().WaitAsync(bound.Token).ConfigureAwait(false);
        // Longer than a record, so that the next read begins at one.
        var buffer = new byte[32 * 1024];
        while (await _records.IsTlsNextAsync(bound.Token).ConfigureAwait(false)
            && await Stream.ReadAsync(buffer, bound.Token).ConfigureAwait(false) > 0)
        {
        }
    }

    public void Dispose() => Stream.Dispose();
}
