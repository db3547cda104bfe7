using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <content>Data connections: a fresh EPSV, PASV, PORT or EPRT before every one.</content>
internal sealed partial class FtpConnection
{
    /// <summary>How long a port that was announced ahead is taken for open: servers wait a minute, and some firewalls less.</summary>
    private static readonly TimeSpan _aheadTime = TimeSpan.FromSeconds(10);

    /// <summary>A server that takes a call within this time is near.</summary>
    private static readonly TimeSpan _near = TimeSpan.FromMilliseconds(2);

    private Ahead? _ahead;

    /// <summary>
    /// Receives the reply to an EPSV that was sent in the same write as the command of a transfer that is over. A server
    /// that will not have it so is not asked again in this session.
    /// </summary>
    private async Task ReceiveAheadAsync(CancellationToken cancellationToken)
    {
        var reply = await _control.ReceiveAsync(cancellationToken).ConfigureAwait(false);
        if (reply.IsPreliminary || reply.Code is 226 or 250 or 426)
            throw _control.FailOutOfStep("EPSV", reply);
        if (reply.Code == 229)
        {
            // Dialled at once: what is done until the next transfer's command hides the round trip.
            if (DataEndpoint.TryParseEpsv(reply.Text, out var port))
                _ahead = new Ahead(reply, $"port {port}", DialAsync(FtpMode.Epsv, EpsvTarget(port), CancellationToken.None));
            return;
        }

        _traits.CanAnnounceAhead = false;
        _control.Trace(FtpLogLevel.Information, $"{Server} takes no EPSV ahead of its time ('{reply}'), so each one waits for the transfer before it.");
    }

    /// <summary>The same after a transfer that failed: the reply comes soon, or the connection is of no more use.</summary>
    private async Task SettleAheadAsync()
    {
        try
        {
            using var grace = new CancellationTokenSource(_cancelGrace);
            await ReceiveAheadAsync(grace.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _control.Fail(FtpErrorKind.ConnectionLost, $"{Server} did not answer EPSV after a transfer had failed", null);
        }
        catch (FtpConnectionException)
        {
            // Closed, with the reason kept.
        }
    }

    private void DropAhead()
    {
        _ahead?.Dispose();
        _ahead = null;
    }

    /// <summary>Agrees with the server on a data connection, and dials it in passive mode. What became of it is taken down.</summary>
    private async Task<DataConnection> AnnounceAsync(DataAttempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            return attempt.Mode is FtpMode.Epsv or FtpMode.Pasv
                ? await OpenPassiveAsync(attempt, cancellationToken).ConfigureAwait(false)
                : await OpenActiveAsync(attempt, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpException e)
        {
            attempt.TimedOut = e.InnerException is TimeoutException;
            throw;
        }
    }

    private async Task<DataConnection> OpenPassiveAsync(DataAttempt attempt, CancellationToken cancellationToken)
    {
        var mode = attempt.Mode;
        var verb = mode == FtpMode.Epsv ? "EPSV" : "PASV";
        if (_ahead is { } ahead)
        {
            _ahead = null;
            try
            {
                if (mode == FtpMode.Epsv && ahead.Age < _aheadTime)
                {
                    (attempt.Reply, attempt.Announced, attempt.Stage) = (ahead.Reply, ahead.Announced, FtpDataStage.Open);
                    return await ahead.TakeAsync(cancellationToken).ConfigureAwait(false);
                }

                ahead.Dispose();
            }
            catch (FtpException e) when (e.Kind == FtpErrorKind.DataConnectionFailed)
            {
                // What was announced a while ago says nothing of the mode.
                _control.Trace(FtpLogLevel.Information, $"The port that was announced ahead of its time is not open any more; EPSV asks for another one. ({e.Message})");
                _traits.CanAnnounceAhead = false;
                attempt.Stage = FtpDataStage.Announce;
            }
        }

        var reply = await ExchangeAsync(verb, null, cancellationToken).ConfigureAwait(false);
        if (reply.Code == 425) // ProFTPD now and then picks a port that is taken ("425 EPSV: Address already in use")
            reply = await ExchangeAsync(verb, null, cancellationToken).ConfigureAwait(false);
        return await DialAsync(reply, attempt, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Dials what the reply to EPSV or PASV announces.</summary>
    private async Task<DataConnection> DialAsync(FtpReply reply, DataAttempt attempt, CancellationToken cancellationToken)
    {
        const string Task = "open a passive data connection";
        var mode = attempt.Mode;
        var verb = mode == FtpMode.Epsv ? "EPSV" : "PASV";
        attempt.Reply = reply;
        if (!reply.IsCompletion)
            throw FtpRefusal.Create(verb, reply, Task, null, Server);

        if (reply.Code is 227 or 229 && reply.Code != (mode == FtpMode.Epsv ? 229 : 227))
            throw _control.FailOutOfStep(verb, reply);

        var peer = _control.RemoteEndPoint.Address;
        DialTarget target;
        if (mode == FtpMode.Epsv && DataEndpoint.TryParseEpsv(reply.Text, out var port))
        {
            attempt.Announced = $"port {port}";
            target = EpsvTarget(port);
        }
        else if (mode == FtpMode.Pasv && DataEndpoint.TryParsePasv(reply.Text, out var announced))
        {
            (attempt.Announced, attempt.AnnouncedAddress) = ($"{announced}", announced.Address);
            target = _options.Proxy is null ? new DialTarget(Checked(announced, peer)) : CheckedThroughProxy(announced);
        }
        else
        {
            throw new FtpCommandException(FtpErrorKind.DataConnectionFailed, $"Could not {Task} on {Server}: no address can be read from the reply '{reply}' to {verb}.", reply);
        }

        attempt.Stage = FtpDataStage.Open;
        attempt.Used = target.ToString();
        return await DialAsync(mode, target, cancellationToken).ConfigureAwait(false);
    }

    private async Task<DataConnection> DialAsync(FtpMode mode, DialTarget target, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var data = await DataConnection.DialAsync(
            mode, target, _traits.IsNear, _traits.Ladder.DialTime(mode, _options.DataTimeout), _options, Server, TraceData, cancellationToken).ConfigureAwait(false);
        _traits.IsNear = watch.Elapsed < _near;
        return data;
    }

    /// <summary>Whom to dial after EPSV, which names a port alone (RFC 2428, 3).</summary>
    private DialTarget EpsvTarget(int port) =>
        _options.Proxy is null ? new DialTarget(new IPEndPoint(_control.RemoteEndPoint.Address, port)) : new DialTarget(_options.ComputerName, port);

    /// <summary>The address to dial: the server's own, unless the user trusts it to name another (RFC 2577, 3: bounce attacks; NAT: private addresses).</summary>
    private IPEndPoint Checked(IPEndPoint announced, IPAddress peer)
    {
        if (announced.Address.Equals(peer) || (_options.TrustPassiveAddress && !announced.Address.Equals(IPAddress.Any)))
            return announced;
        _control.Trace(
            FtpLogLevel.Information, $"The server announced {announced}; {peer}, which this session is connected to, is dialled instead (-TrustPassiveAddress obeys the server).");
        return new IPEndPoint(peer, announced.Port);
    }

    /// <summary>
    /// Whom the proxy is to dial after PASV. The server's address is the proxy's knowledge, so the announced one cannot be
    /// checked (RFC 2577, 3); the name that led the control connection to the server leads the data connection there too.
    /// </summary>
    private DialTarget CheckedThroughProxy(IPEndPoint announced)
    {
        if (_options.TrustPassiveAddress && !announced.Address.Equals(IPAddress.Any))
            return new DialTarget(announced);
        var target = new DialTarget(_options.ComputerName, announced.Port);
        _control.Trace(FtpLogLevel.Trace, $"The server announced {announced}; the proxy is asked for {target} (-TrustPassiveAddress obeys the server).");
        return target;
    }

    private FtpException NoActiveThroughProxy(FtpMode mode) => new(
        FtpErrorKind.DataConnectionFailed,
        $"The mode {mode} cannot work through the proxy {_options.Proxy}, for {Server} cannot dial this computer through it. Use Set-FtpMode Auto or Passive.");

    private async Task<DataConnection> OpenActiveAsync(DataAttempt attempt, CancellationToken cancellationToken)
    {
        var mode = attempt.Mode;
        var local = _control.LocalEndPoint.Address;
        if (mode == FtpMode.Port && (_traits.ActiveAddress ?? local).AddressFamily != AddressFamily.InterNetwork)
        {
            throw new FtpException(
                FtpErrorKind.DataConnectionFailed, $"PORT can only announce IPv4 addresses, and this session's is {_traits.ActiveAddress ?? local}. Use Set-FtpMode Eprt or Active.");
        }

        // The server forgets the port that it announced.
        DropAhead();
        var data = DataConnection.Listen(mode, local, _traits.ActivePorts, _options, Server, TraceData);
        try
        {
            var announced = new IPEndPoint(_traits.ActiveAddress ?? local, data.ListenEndPoint.Port);
            (attempt.Announced, attempt.AnnouncedAddress) = ($"{announced}", announced.Address);
            var (verb, argument) = mode == FtpMode.Port
                ? ("PORT", DataEndpoint.FormatPort(announced))
                : ("EPRT", DataEndpoint.FormatEprt(announced));
            var reply = await ExchangeAsync(verb, argument, cancellationToken).ConfigureAwait(false);
            attempt.Reply = reply;
            if (reply.IsNegative)
                throw FtpRefusal.Create(verb, reply, "open an active data connection", null, Server);
            attempt.Stage = FtpDataStage.Open;
            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    private void TraceData(string message) => _control.Trace(FtpLogLevel.Trace, message);

    /// <summary>A data connection that was announced and dialled before the transfer that it is for.</summary>
    private sealed class Ahead(FtpReply reply, string announced, Task<DataConnection> dialling) : IDisposable
    {
        private readonly DateTime _time = DateTime.UtcNow;

        /// <summary>The reply to EPSV.</summary>
        public FtpReply Reply => reply;

        /// <summary>What it named.</summary>
        public string Announced => announced;

        /// <summary>How long ago it was.</summary>
        public TimeSpan Age => DateTime.UtcNow - _time;

        /// <summary>The connection, when it is open.</summary>
        public async Task<DataConnection> TakeAsync(CancellationToken cancellationToken)
        {
            try
            {
                // The dialling has its own bound.
                return await dialling.WaitAsync(System.Threading.Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                Dispose();
                throw;
            }
        }

        /// <summary>Closes it unused, now or when it opens.</summary>
        public void Dispose() => _ = dialling.ContinueWith(
            static task =>
            {
                if (task.Exception is null && !task.IsCanceled)
                    task.Result.Dispose();
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
