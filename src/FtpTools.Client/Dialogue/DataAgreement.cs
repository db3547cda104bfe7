using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>How a data connection is agreed on: a fresh EPSV, PASV, PORT or EPRT before every transfer.</summary>
internal sealed class DataAgreement(ProtocolInterpreter pi)
{
    /// <summary>How long a port that was announced ahead is taken for open: servers wait a minute, and some firewalls less.</summary>
    private static readonly TimeSpan _aheadTime = TimeSpan.FromSeconds(10);

    /// <summary>A server that takes a call within this time is near.</summary>
    private static readonly TimeSpan _near = TimeSpan.FromMilliseconds(2);

    /// <summary>
    /// Takes the reply to an EPSV that was sent in the same write as the command of a transfer that is over. A server
    /// that will not have it so is not asked again in this session.
    /// </summary>
    public async Task TakeAheadAsync(OwedReply owed, CancellationToken cancellationToken)
    {
        var reply = await owed.TakeAsync(cancellationToken).ConfigureAwait(false);
        if (reply.Code is 226 or 250)
            throw pi.Control.FailOutOfStep("EPSV", reply);
        if (reply.Code == 229)
        {
            // Dialled at once: what is done until the next transfer's command hides the round trip.
            if (DataEndpoint.TryParseEpsv(reply.SentText, out var port))
                pi.Said.Ahead = new AnnouncedAhead(reply, $"port {port}", DialAsync(FtpMode.Epsv, EpsvTarget(port), CancellationToken.None));
            return;
        }

        pi.Habits.Learn(ServerHabit.NoEpsvAhead, reply.ToString());
        pi.Trace(FtpLogLevel.Information, $"{pi.Server} doesn't accept EPSV in advance ('{reply}'), so each EPSV is sent after the previous transfer.");
    }

    /// <summary>The same after a transfer that failed: the reply comes soon, or is left to be settled.</summary>
    public async Task TakeAheadAsync(OwedReply owed, TimeSpan grace)
    {
        using var bound = new CancellationTokenSource(grace);
        try
        {
            await TakeAheadAsync(owed, bound.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Still owed.
        }
    }

    /// <summary>Agrees with the server on a data connection, and dials it in passive mode. What became of it is taken down.</summary>
    public async Task<DataConnection> AnnounceAsync(DataAttempt attempt, CancellationToken cancellationToken)
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
        if (pi.Said.Ahead is { } ahead)
        {
            pi.Said.Ahead = null;
            try
            {
                if (mode == FtpMode.Epsv && ahead.Age < _aheadTime)
                {
                    (attempt.Reply, attempt.Announced, attempt.Stage) = (ahead.Reply, ahead.Announced, FtpDataStage.Open);
                    attempt.IsAnnouncedAhead = true;
                    return await ahead.TakeAsync(cancellationToken).ConfigureAwait(false);
                }

                ahead.Dispose();
            }
            catch (FtpException e) when (e.Kind == FtpErrorKind.DataConnectionFailed)
            {
                // What was announced a while ago says nothing of the mode.
                pi.Trace(FtpLogLevel.Information, $"The port that was announced in advance isn't open any more, so EPSV is sent again. ({e.Message})");
                pi.Habits.Learn(ServerHabit.NoEpsvAhead, "the port that was announced in advance wasn't open any more");
                (attempt.Stage, attempt.IsAnnouncedAhead) = (FtpDataStage.Announce, false);
            }
        }

        var purpose = attempt.Purpose is { } command ? $"{command.Verb} {command.Argument}".TrimEnd() : null;
        if (pi.Habits.Has(ServerHabit.WantsPret))
            await pi.ExchangeAsync("PRET", purpose, cancellationToken).ConfigureAwait(false);
        var reply = await AskAsync(verb, attempt, cancellationToken).ConfigureAwait(false);
        // A server of many disks opens the port on the one that holds the file (drftpd).
        if (reply.IsNegative && purpose is not null && !pi.Habits.Has(ServerHabit.WantsPret) && reply.SentText.Contains("PRET")
            && (await pi.ExchangeAsync("PRET", purpose, cancellationToken).ConfigureAwait(false)).IsCompletion)
        {
            pi.Habits.Learn(ServerHabit.WantsPret, reply.ToString());
            reply = await AskAsync(verb, attempt, cancellationToken).ConfigureAwait(false);
        }

        if (reply.Code == 425) // ProFTPD now and then picks a port that is taken ("425 EPSV: Address already in use")
            reply = await pi.ExchangeAsync(verb, null, cancellationToken).ConfigureAwait(false);
        return await DialAsync(reply, attempt, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Asks for a port. A command that has not worked before, and that another one can stand in for, may cost the connection:
    /// some firewalls cut it over what they do not know, and some servers do, or never answer.
    /// </summary>
    private async Task<FtpReply> AskAsync(string verb, DataAttempt attempt, CancellationToken cancellationToken)
    {
        if (!attempt.HasNext || pi.Traits.Ladder.IsProven(attempt.Mode))
            return await pi.ExchangeAsync(verb, null, cancellationToken).ConfigureAwait(false);
        string silence;
        try
        {
            (var reply, silence) = await pi.ExchangeInShortAsync(verb, null, cancellationToken).ConfigureAwait(false);
            if (reply is not null)
                return reply;
        }
        catch (FtpConnectionException e) when (e is { Kind: FtpErrorKind.ConnectionLost, Reply: null, InnerException: IOException or SocketException } && !pi.IsClosing)
        {
            silence = e.Message.TrimEnd('.');
        }

        pi.Habits.LearnUnanswered(verb, silence);
        throw new FtpException(FtpErrorKind.DataConnectionFailed, $"{silence}.");
    }

    /// <summary>Dials what the reply to EPSV or PASV announces.</summary>
    private async Task<DataConnection> DialAsync(FtpReply reply, DataAttempt attempt, CancellationToken cancellationToken)
    {
        const string Task = "open a passive data connection";
        var mode = attempt.Mode;
        var verb = mode == FtpMode.Epsv ? "EPSV" : "PASV";
        attempt.Reply = reply;
        if (!reply.IsCompletion)
            throw FtpRefusal.Create(verb, reply, Task, null, pi.Server);

        // Used for what it says: a server or a box on the way that answers EPSV with an address, or PASV with a port alone.
        var isEpsv = reply.Code == 229 || (reply.Code != 227 && mode == FtpMode.Epsv);
        if (isEpsv != (mode == FtpMode.Epsv))
            pi.Habits.Learn(ServerHabit.OtherPassiveReply, $"{verb}: {reply}");
        var peer = pi.Control.RemoteEndPoint.Address;
        DialTarget target;
        if (isEpsv && DataEndpoint.TryParseEpsv(reply.SentText, out var port))
        {
            attempt.Announced = $"port {port}";
            target = EpsvTarget(port);
        }
        else if (!isEpsv && DataEndpoint.TryParsePasv(reply.SentText, out var announced))
        {
            (attempt.Announced, attempt.AnnouncedAddress) = ($"{announced}", announced.Address);
            target = pi.Options.Proxy is null ? new DialTarget(Checked(announced, peer)) : CheckedThroughProxy(announced);
        }
        else
        {
            throw new FtpCommandException(FtpErrorKind.DataConnectionFailed, $"Could not {Task} on {pi.Server}: the reply '{reply}' to {verb} doesn't contain a valid address.", reply);
        }

        attempt.Stage = FtpDataStage.Open;
        attempt.Used = target.ToString();
        try
        {
            return await DialAsync(mode, target, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpException e) when (attempt.AnnouncedAddress is { } address && target.Address is { } used && !address.Equals(used) && !address.Equals(IPAddress.Any))
        {
            throw e.Adding($"The server had announced {attempt.Announced}. If that is where its data connections really go, use Connect-Ftp -TrustPassiveAddress.");
        }
    }

    private async Task<DataConnection> DialAsync(FtpMode mode, DialTarget target, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var data = await DataConnection.DialAsync(
            mode, target, pi.Traits.IsNear, pi.Traits.Ladder.DialTime(mode, pi.Options.DataTimeout), pi.Options, pi.Server, TraceData, cancellationToken).ConfigureAwait(false);
        pi.Traits.IsNear = watch.Elapsed < _near;
        return data;
    }

    /// <summary>Whom to dial after EPSV, which names a port alone (RFC 2428, 3).</summary>
    private DialTarget EpsvTarget(int port) =>
        pi.Options.Proxy is null ? new DialTarget(new IPEndPoint(pi.Control.RemoteEndPoint.Address, port)) : new DialTarget(pi.Options.ComputerName, port);

    /// <summary>The address to dial: the server's own, unless the user trusts it to name another (RFC 2577, 3: bounce attacks; NAT: private addresses).</summary>
    private IPEndPoint Checked(IPEndPoint announced, IPAddress peer)
    {
        if (announced.Address.Equals(peer) || (pi.Options.TrustPassiveAddress && !announced.Address.Equals(IPAddress.Any)))
            return announced;
        pi.Trace(
            FtpLogLevel.Information, $"The server announced {announced}. The data connection goes to {peer} instead, which this session is connected to. To use the announced address, specify -TrustPassiveAddress.");
        return new IPEndPoint(peer, announced.Port);
    }

    /// <summary>
    /// Whom the proxy is to dial after PASV. The server's address is the proxy's knowledge, so the announced one cannot be
    /// checked (RFC 2577, 3); the name that led the control connection to the server leads the data connection there too.
    /// </summary>
    private DialTarget CheckedThroughProxy(IPEndPoint announced)
    {
        if (pi.Options.TrustPassiveAddress && !announced.Address.Equals(IPAddress.Any))
            return new DialTarget(announced);
        var target = new DialTarget(pi.Options.ComputerName, announced.Port);
        pi.Trace(FtpLogLevel.Trace, $"The server announced {announced}. The proxy is asked for {target} instead. To use the announced address, specify -TrustPassiveAddress.");
        return target;
    }

    public FtpException NoActiveThroughProxy(FtpMode mode) => new(
        FtpErrorKind.DataConnectionFailed,
        $"The mode {mode} can't be used with the proxy {pi.Options.Proxy}, because {pi.Server} can't connect to this computer through it. Use Set-FtpMode Auto or Passive.");

    private async Task<DataConnection> OpenActiveAsync(DataAttempt attempt, CancellationToken cancellationToken)
    {
        var mode = attempt.Mode;
        var local = pi.Control.LocalEndPoint.Address;
        if (mode == FtpMode.Port && (pi.Traits.ActiveAddress ?? local).AddressFamily != AddressFamily.InterNetwork)
        {
            throw new FtpException(
                FtpErrorKind.DataConnectionFailed, $"PORT can announce only IPv4 addresses, but the address of this session is {pi.Traits.ActiveAddress ?? local}. Use Set-FtpMode Eprt or Active.");
        }

        // The server forgets the port that it announced.
        pi.Said.DropAhead();
        var data = DataConnection.Listen(mode, local, pi.Traits.ActivePorts, pi.Options, pi.Server, TraceData);
        try
        {
            var announced = new IPEndPoint(pi.Traits.ActiveAddress ?? local, data.ListenEndPoint.Port);
            (attempt.Announced, attempt.AnnouncedAddress) = ($"{announced}", announced.Address);
            var (verb, argument) = mode == FtpMode.Port
                ? ("PORT", DataEndpoint.FormatPort(announced))
                : ("EPRT", DataEndpoint.FormatEprt(announced));
            var reply = await pi.ExchangeAsync(verb, argument, cancellationToken).ConfigureAwait(false);
            attempt.Reply = reply;
            if (reply.IsNegative)
                throw FtpRefusal.Create(verb, reply, "open an active data connection", null, pi.Server);
            attempt.Stage = FtpDataStage.Open;
            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    private void TraceData(string message) => pi.Trace(FtpLogLevel.Trace, message);
}
