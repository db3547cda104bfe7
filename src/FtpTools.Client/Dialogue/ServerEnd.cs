using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>
/// One of the two servers of a transfer whose bytes go from the one to the other (RFC 959, 2.3, figure 2): one is told to
/// listen, the other to dial it, and each its part of the transfer.
/// </summary>
internal sealed class ServerEnd(ProtocolInterpreter pi, Login login)
{
    private OwedReply? _owed;
    private bool _isListening;
    private bool _isTlsClient;

    /// <summary>The server's name and port.</summary>
    public string Server => pi.Server;

    /// <summary>Whether its data connections are encrypted.</summary>
    public bool IsProtected => login.IsDataProtected;

    /// <summary>Whether it can listen and take the part of the TLS client in the handshake (CPSV).</summary>
    public bool HasClientPassive => pi.Traits.Features!.Has("CPSV");

    /// <summary>Whether it can be told to take that part (SSCN).</summary>
    public bool HasClientMethod => pi.Traits.Features!.Has("SSCN");

    /// <summary>How long it may take to answer.</summary>
    public TimeSpan Timeout => pi.Control.Timeout;

    /// <summary>The command that it was given.</summary>
    public string Verb => _owed?.Verb ?? "";

    /// <summary>True once it has said that it begins.</summary>
    public bool HasBegun => _owed?.HasBegun == true;

    /// <summary>What ended its part of the transfer; null as long as nothing has.</summary>
    public FtpReply? Final => _owed?.Final;

    /// <summary>Whether it has refused its part, or failed in it.</summary>
    public bool HasFailed => Final is { } final && FtpRefusal.IsMeant(final);

    /// <summary>Says what holds for the transfer. A connection that an attempt before has cost is made again.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        (_owed, _isListening) = (null, false);
        await login.RestoreAsync(cancellationToken).ConfigureAwait(false);
        // The server forgets what it announced.
        pi.Said.DropAhead();
        await pi.TypeAsync(FtpTransferType.Binary, cancellationToken).ConfigureAwait(false);
        if (!pi.Said.IsRestartOpen)
            return;
        await pi.ExchangeAsync("REST", "0", cancellationToken).ConfigureAwait(false);
        pi.Said.IsRestartOpen = false;
    }

    /// <summary>Has it take the part of the TLS client in the next handshakes, or not any more (SSCN).</summary>
    public async Task SetTlsClientAsync(bool isClient, CancellationToken cancellationToken)
    {
        if (_isTlsClient == isClient)
            return;
        // Of a refusal of OFF, or no answer, nobody could tell what holds for the next transfer.
        _isTlsClient = true;
        var reply = await pi.ExchangeAsync("SSCN", isClient ? "ON" : "OFF", cancellationToken).ConfigureAwait(false);
        _isTlsClient = isClient != FtpRefusal.IsRefusal("SSCN", reply);
        if (_isTlsClient != isClient)
            throw FtpRefusal.Create("SSCN", reply, "set up encryption between the servers", null, Server);
    }

    /// <summary>Has it listen for the other server.</summary>
    /// <param name="asTlsClient">Whether it is to take the part of the TLS client then (CPSV).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Where.</returns>
    public async Task<IPEndPoint> ListenAsync(bool asTlsClient, CancellationToken cancellationToken)
    {
        const string Task = "make the server listen for the other server";
        var peer = pi.Control.RemoteEndPoint.Address;
        var verb = asTlsClient ? "CPSV" : peer.AddressFamily == AddressFamily.InterNetworkV6 ? "EPSV" : "PASV";
        var reply = await SayAsync(verb, null, Task, cancellationToken).ConfigureAwait(false);
        _isListening = true;
        if (DataEndpoint.TryParsePasv(reply.SentText, out var announced))
            return Checked(announced, peer);
        if (DataEndpoint.TryParseEpsv(reply.SentText, out var port))
            return Checked(new IPEndPoint(peer, port), peer);
        throw new FtpCommandException(FtpErrorKind.DataConnectionFailed, $"Could not {Task} on {Server}: the reply '{reply}' to {verb} doesn't contain a valid address.", reply) { Verb = verb, Server = Server };
    }

    /// <summary>
    /// What the other server is told to dial. Whoever could name any address could have it dial anybody (RFC 2577, 3), so it is
    /// the one that this side knows the server by, unless the user trusts it to name another.
    /// </summary>
    private IPEndPoint Checked(IPEndPoint announced, IPAddress peer)
    {
        var isKnown = pi.Options.Proxy is null;
        if ((isKnown && announced.Address.Equals(peer)) || (pi.Options.TrustPassiveAddress && !announced.Address.Equals(IPAddress.Any)))
            return announced;
        if (!isKnown)
            throw new FtpException(FtpErrorKind.DataConnectionFailed, $"{Server} is connected through the proxy {pi.Options.Proxy}, so its address isn't known for certain. To trust the address that it announces, {announced.Address}, connect with -TrustPassiveAddress.");
        pi.Trace(FtpLogLevel.Information, $"{Server} announced {announced}. The other server is sent {peer} instead, which this session is connected to. To use the announced address, specify -TrustPassiveAddress.");
        return new IPEndPoint(peer, announced.Port);
    }

    /// <summary>Has it dial the other server, when its part begins (PORT, EPRT).</summary>
    public Task DialAsync(IPEndPoint other, CancellationToken cancellationToken)
    {
        var (verb, argument) = other.AddressFamily == AddressFamily.InterNetwork ? ("PORT", DataEndpoint.FormatPort(other)) : ("EPRT", DataEndpoint.FormatEprt(other));
        return SayAsync(verb, argument, $"make the server connect to the other server at {other}", cancellationToken);
    }

    private async Task<FtpReply> SayAsync(string verb, string? argument, string task, CancellationToken cancellationToken)
    {
        var reply = await pi.ExchangeAsync(verb, argument, cancellationToken).ConfigureAwait(false);
        if (!FtpRefusal.IsRefusal(verb, reply))
            return reply;
        var refused = FtpRefusal.Create(verb, reply, task, null, Server);
        refused.At(Server);
        throw refused;
    }

    /// <summary>Gives it its part: RETR or STOR.</summary>
    public async Task BeginAsync(string verb, string path, CancellationToken cancellationToken)
    {
        try
        {
            _owed = await pi.Control.SendAsync(pi.Command(verb, path), cancellationToken).ConfigureAwait(false);
        }
        catch (FtpConnectionException e) when (pi.Control.Stray is { } stray && IsOfTheDataConnection(stray))
        {
            // pyftpdlib refuses who dials it from elsewhere at once, by a 425 that is the reply to nothing, and tells of a data
            // connection that was closed before its transfer by such a 426.
            throw new FtpException(FtpErrorKind.DataConnectionFailed, $"{Server} replied '{stray}' before {verb} was sent.", path, e) { Server = Server };
        }
    }

    /// <summary>Whether the reply tells that the data connection was not there or broke.</summary>
    public static bool IsOfTheDataConnection(FtpReply reply) => reply.Code is 425 or 426 or 522;

    /// <summary>Ends when it has said something, or the connection is lost; never when its part has ended.</summary>
    public Task WhenReplyAsync() => Final is null ? pi.Control.WhenReplyAsync() : Task.Delay(System.Threading.Timeout.Infinite);

    /// <summary>Takes what it has said.</summary>
    public async Task HearAsync(CancellationToken cancellationToken)
    {
        try
        {
            await pi.Control.PutDownAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (FtpConnectionException e)
        {
            e.At(Server);
            throw;
        }
    }

    /// <summary>
    /// Ends what is left of its part within a bound, so that the connection can be used as before, or is closed. Never throws.
    /// </summary>
    /// <param name="grace">How long it may take.</param>
    public async Task LeaveAsync(TimeSpan grace)
    {
        var half = TimeSpan.FromTicks(grace.Ticks / 2);
        var end = DateTime.UtcNow + half;
        using var stop = new CancellationTokenSource(grace);
        try
        {
            while (_owed is not null && Final is null && pi.Control.IsOpen && await pi.Control.TryPutDownAsync(end - DateTime.UtcNow).ConfigureAwait(false))
                continue;
            if (_owed is not null && Final is null && pi.Control.IsOpen)
                await pi.AbortAsync(HasBegun, half).ConfigureAwait(false);
            if (Final is { } final && IsOfTheDataConnection(final) && pi.Control.IsOpen)
                await DoubtAsync(final, half).ConfigureAwait(false);
            await pi.SettleAsync(grace, FtpErrorKind.ConnectionLost, $"{Server} didn't reply after a transfer to or from another server was stopped").ConfigureAwait(false);
            if (pi.Control.IsOpen)
                await SetTlsClientAsync(false, stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FtpException or OperationCanceledException)
        {
            // Closed with the reason kept, or about to be.
        }

        if (_isTlsClient)
            pi.Control.Fail(FtpErrorKind.ConnectionLost, $"{Server} could not be switched back to the server role in TLS (SSCN OFF)", null);
        _isTlsClient = false;
    }

    /// <summary>
    /// Closes the connection if the refusal may have been the reply to nothing (<see cref="BeginAsync"/>): the transfer is then
    /// still under way on the server, which would take the next data connection for it, and has a reply of its own.
    /// </summary>
    private async Task DoubtAsync(FtpReply final, TimeSpan bound)
    {
        if (!HasBegun)
        {
            await pi.Control.SendAsync(new FtpCommand("PWD"), CancellationToken.None).ConfigureAwait(false);
            if (await pi.Control.TrySkipToAsync(257, bound, CancellationToken.None).ConfigureAwait(false) is { Count: 0 })
                return;
        }
        else if (!_isListening)
        {
            return;
        }

        pi.Control.Fail(FtpErrorKind.ConnectionLost, $"{Server} replied '{final}' to {Verb} between two servers, which may leave the transfer waiting on the server", null);
    }
}
