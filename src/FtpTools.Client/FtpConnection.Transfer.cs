using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;
using FtpTools.Listing;
using FtpTools.Protocol;

namespace FtpTools;

/// <content>Data connections: a fresh EPSV, PASV, PORT or EPRT before every one, and what moves over them.</content>
internal sealed partial class FtpConnection
{
    /// <summary>How long a server may take to say why a transfer broke.</summary>
    private static readonly TimeSpan _failureGrace = TimeSpan.FromSeconds(5);

    /// <summary>How long to look for a data connection that the server may or may not have opened.</summary>
    private static readonly TimeSpan _acceptGrace = TimeSpan.FromSeconds(1);

    /// <summary>Lists a directory (MLSD where the server can, else LIST).</summary>
    /// <param name="path">The directory.</param>
    /// <param name="includeHidden">Ask for names that begin with a dot too.</param>
    /// <param name="session">The session that the items are to carry.</param>
    /// <param name="onItem">Takes an item, on the reading thread.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public async Task ListAsync(string path, bool includeHidden, FtpSession? session, Action<FtpItem> onItem, CancellationToken cancellationToken)
    {
        var facts = _traits.Features!.HasFacts;
        var task = $"list '{path}'";
        string? argument;
        if (facts)
        {
            argument = path;
        }
        else
        {
            // LIST takes its argument as a pattern, and vsftpd lists a missing directory as an empty one; CWD does neither.
            await ChangeDirectoryAsync(path, task, cancellationToken).ConfigureAwait(false);
            argument = includeHidden && _traits.IsUnix ? "-a" : null;
        }

        var reader = new ListingReader(
            facts ? ListingFormat.Mlsx : ListingFormat.List, new ListingContext(path, DateTime.UtcNow, session), _control.Encoding, onItem);
        try
        {
            await TransferAsync(
                facts ? "MLSD" : "LIST", argument, null, task, path, data => data.ReceiveAsync(reader.Feed, ListingBufferSize), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not FtpCommandException)
        {
            // Pure-FTPd 1.0.50 keeps what it could not send of a broken listing and sends it ahead of the next one, where
            // it would pass for the content of another directory.
            Close(FtpErrorKind.Cancelled, $"The listing of '{path}' from {Server} was given up, and with it the connection, lest its rest come with the next listing");
            throw;
        }

        reader.Complete();
        if (reader.UnparsedCount == 0)
            return;
        var message = $"{reader.UnparsedCount} lines of the listing of '{path}' from {Server} have a form that is not known, the first: '{reader.UnparsedSamples[0]}'.";
        if (reader.ItemCount == 0)
            throw new FtpException(FtpErrorKind.ListingUnparsed, message + " Please report the line, so that its dialect can be added.", path);
        _control.Trace(FtpLogLevel.Warning, message + " The others were read.");
    }

    /// <summary>The item itself, not what is in it (MLST, or its line in the parent's listing); null when there is none.</summary>
    public async Task<FtpItem?> FindAsync(string path, FtpSession? session, CancellationToken cancellationToken)
    {
        if (path == "/")
            return new FtpItem { Name = "/", FullName = "/", ItemType = FtpItemType.Directory, Session = session };
        if (_traits.Features!.HasFacts)
        {
            var reply = await ExchangeAsync("MLST", path, cancellationToken).ConfigureAwait(false);
            var context = new ListingContext(FtpPath.Parent(path), DateTime.UtcNow, session) { SingleItem = true };
            if (reply.IsCompletion)
            {
                foreach (var line in reply.Lines.Skip(1))
                {
                    if (MlsxParser.TryParse(line, context, out var item) && item is not null)
                        return item;
                }
            }

            // 501 and the like: not every server that lists MLST in FEAT takes every path.
            if (reply.IsNegative && reply.Code != 550)
                throw FtpRefusal.Create("MLST", reply, $"ask about '{path}'", path, Server);
            var refusal = reply.IsNegative ? FtpRefusal.Create("MLST", reply, $"ask about '{path}'", path, Server) : null;
            return refusal is null || refusal.Kind == FtpErrorKind.PathNotFound ? null : throw refusal;
        }

        FtpItem? found = null;
        var name = FtpPath.Name(path);
        try
        {
            await ListAsync(FtpPath.Parent(path), true, session, item => found = item.Name == name ? item : found, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpCommandException e) when (e.Kind == FtpErrorKind.PathNotFound)
        {
            return null;
        }

        return found;
    }

    /// <summary>Receives a file (RETR).</summary>
    public Task<FtpMode?> RetrieveAsync(string path, FtpTransferType type, Action<byte[], int> consume, CancellationToken cancellationToken) =>
        TransferAsync("RETR", path, type, $"receive '{path}'", path, data => data.ReceiveAsync(consume, DataConnection.ReceiveBufferSize), cancellationToken);

    /// <summary>Sends a file (STOR), or adds to its end (APPE).</summary>
    /// <param name="path">The name it is sent under.</param>
    /// <param name="target">The name it is to have in the end, which is what an error is about.</param>
    /// <param name="append">Add to the end.</param>
    /// <param name="type">The transfer type.</param>
    /// <param name="produce">Fills a buffer, on the sending thread, and returns the count of bytes; 0 at the end.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    public Task<FtpMode?> StoreAsync(
        string path, string target, bool append, FtpTransferType type, Func<byte[], int> produce, CancellationToken cancellationToken) =>
        TransferAsync(append ? "APPE" : "STOR", path, type, $"send '{target}'", target, data => data.SendAsync(produce), cancellationToken);

    private const int ListingBufferSize = 128 * 1024;

    /// <summary>
    /// One transfer: a data connection, the command, the bytes, the closing reply. It is complete when the data
    /// connection has ended and the closing reply is positive; on any other way out the reply that is still owed is
    /// waited for, within bounds, so that the control connection is in sync or closed.
    /// </summary>
    /// <returns>The command that opened the data connection; null when the server needed none for a listing.</returns>
    private async Task<FtpMode?> TransferAsync(
        string verb, string? argument, FtpTransferType? type, string task, string? path, Func<DataConnection, Task> move, CancellationToken cancellationToken)
    {
        if (type is not null)
            await TypeAsync(type.Value, cancellationToken).ConfigureAwait(false);
        using var data = await OpenDataAsync(cancellationToken).ConfigureAwait(false);
        await _control.SendAsync(new FtpCommand(verb, argument), cancellationToken).ConfigureAwait(false);
        FtpReply? final = null;
        Task? moving = null;
        try
        {
            var first = await BeginAsync(data, cancellationToken).ConfigureAwait(false);
            if (!first.IsPreliminary)
                final = first;
            if (first.IsNegative)
                throw FtpRefusal.Create(verb, first, task, path, Server);
            if (!data.IsOpen)
            {
                // A listing of nothing needs no data connection; a file that went over none has not gone at all.
                return type is null ? null : throw new FtpException(
                    FtpErrorKind.TransferIncomplete, $"Could not {task} on {Server}: the server answered '{first}' to {verb} and opened no data connection. Try the other mode with Set-FtpMode.", path);
            }

            moving = move(data);
            using (cancellationToken.Register(data.Dispose))
            {
                while (final is null)
                {
                    await Task.WhenAny(moving, _control.WhenReplyAsync()).ConfigureAwait(false);
                    if (moving.IsCompleted)
                        break;
                    // The server may have failed (4xx) while the data connection hangs; a 2xx may overtake the data. A
                    // second 1xx (125 and then 150) means nothing.
                    var reply = await _control.ReceiveAsync(cancellationToken).ConfigureAwait(false);
                    final = reply.IsPreliminary ? null : reply;
                    if (reply.IsNegative)
                        throw FtpRefusal.Create(verb, reply, task, path, Server);
                }

                await moving.ConfigureAwait(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
            data.Dispose();
            while (final is null || final.IsPreliminary)
                final = await _control.ReceiveAsync(cancellationToken).ConfigureAwait(false);
            return FtpRefusal.IsMeant(final) ? throw FtpRefusal.Create(verb, final, task, path, Server) : data.Mode;
        }
        catch (Exception e)
        {
            data.Dispose();
            if (moving is not null)
                await Task.WhenAny(moving).ConfigureAwait(false);
            if (final is null && _control.IsOpen)
                final = await SettleAsync(cancellationToken.IsCancellationRequested ? _cancelGrace : _failureGrace).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            // When the wire broke, the server often says why.
            if (e is FtpException and not FtpCommandException and not FtpConnectionException && final is { IsNegative: true })
                throw new FtpException(((FtpException)e).Kind, $"{e.Message} The server said '{final}'.", path, e);
            throw;
        }
    }

    /// <summary>Waits for the first reply to a transfer command and, in active mode, for the server's call, whichever comes first.</summary>
    private async Task<FtpReply> BeginAsync(DataConnection data, CancellationToken cancellationToken)
    {
        if (!data.IsWaiting)
            return await _control.ReceiveAsync(cancellationToken).ConfigureAwait(false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var accepting = data.AcceptAsync(_control.RemoteEndPoint.Address, _options.DataTimeout, stop.Token);
        FtpReply? first = null;
        await Task.WhenAny(accepting, _control.WhenReplyAsync()).ConfigureAwait(false);
        while (!accepting.IsCompleted)
        {
            var reply = await _control.ReceiveAsync(cancellationToken).ConfigureAwait(false);
            if (!reply.IsPreliminary)
            {
                // A server that has dialled, sent all and said 226 can be faster than our accept, which then has its
                // connection waiting. One that never said 150 may have had nothing to send and not dialled at all.
                if (reply.IsCompletion && first is not null)
                    await accepting.ConfigureAwait(false);
                else if (reply.IsCompletion)
                    await Task.WhenAny(accepting, Task.Delay(_acceptGrace, cancellationToken)).ConfigureAwait(false);
                stop.Cancel();
                await Task.WhenAny(accepting).ConfigureAwait(false);
                return reply;
            }

            first = reply;
            await Task.WhenAny(accepting, _control.WhenReplyAsync()).ConfigureAwait(false);
        }

        await accepting.ConfigureAwait(false);
        return first ?? await _control.ReceiveAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// After a transfer that this side gave up: receives the reply that is owed. A server that does not answer is told
    /// ABOR, which has one reply or two (RFC 959, 4.1.3), so a NOOP behind it marks where they end.
    /// </summary>
    /// <returns>The closing reply; null when it could not be told, and the connection may be closed.</returns>
    private async Task<FtpReply?> SettleAsync(TimeSpan grace)
    {
        try
        {
            var end = DateTime.UtcNow + TimeSpan.FromTicks(grace.Ticks / 2);
            while (await _control.TryReceiveAsync(end - DateTime.UtcNow).ConfigureAwait(false) is { } reply)
            {
                if (!reply.IsPreliminary)
                    return reply;
            }

            await _control.SendAsync(new FtpCommand("ABOR"), CancellationToken.None).ConfigureAwait(false);
            await _control.SendAsync(new FtpCommand("NOOP"), CancellationToken.None).ConfigureAwait(false);
            end = DateTime.UtcNow + TimeSpan.FromTicks(grace.Ticks / 2);
            while (await _control.TryReceiveAsync(end - DateTime.UtcNow).ConfigureAwait(false) is { } reply)
            {
                if (reply.Code == 200)
                    return null;
            }

            _control.Fail(FtpErrorKind.ConnectionLost, $"{Server} did not answer after a transfer was given up", null);
        }
        catch (FtpConnectionException)
        {
            // Closed, with the reason kept.
        }

        return null;
    }

    /// <summary>Opens a data connection by the best command that works, and remembers what does not.</summary>
    private async Task<DataConnection> OpenDataAsync(CancellationToken cancellationToken)
    {
        var ladder = _traits.Ladder;
        var rungs = ladder.Rungs(_control.RemoteEndPoint.AddressFamily, _options.Proxy is not null);
        if (rungs.Count == 0)
            throw NoActiveThroughProxy(ladder.Mode);
        for (var i = 0; ; i++)
        {
            try
            {
                return rungs[i] is FtpMode.Epsv or FtpMode.Pasv
                    ? await OpenPassiveAsync(rungs[i], cancellationToken).ConfigureAwait(false)
                    : await OpenActiveAsync(rungs[i], cancellationToken).ConfigureAwait(false);
            }
            catch (FtpException e) when (e is not FtpConnectionException && i + 1 < rungs.Count)
            {
                ladder.StepDown(rungs[i]);
                _control.Trace(FtpLogLevel.Information, $"{rungs[i]} does not work here, so {rungs[i + 1]} is used from now on. ({e.Message})");
            }
        }
    }

    private async Task<DataConnection> OpenPassiveAsync(FtpMode mode, CancellationToken cancellationToken)
    {
        var verb = mode == FtpMode.Epsv ? "EPSV" : "PASV";
        const string Task = "open a passive data connection";
        var reply = await ExchangeAsync(verb, null, cancellationToken).ConfigureAwait(false);
        if (reply.Code == 425) // ProFTPD now and then picks a port that is taken ("425 EPSV: Address already in use")
            reply = await ExchangeAsync(verb, null, cancellationToken).ConfigureAwait(false);
        if (!reply.IsCompletion)
            throw FtpRefusal.Create(verb, reply, Task, null, Server);

        var peer = _control.RemoteEndPoint.Address;
        DialTarget endpoint;
        if (mode == FtpMode.Epsv && DataEndpoint.TryParseEpsv(reply.Text, out var port))
            endpoint = _options.Proxy is null ? new DialTarget(new IPEndPoint(peer, port)) : new DialTarget(_options.ComputerName, port);
        else if (mode == FtpMode.Pasv && DataEndpoint.TryParsePasv(reply.Text, out var announced))
            endpoint = _options.Proxy is null ? new DialTarget(Checked(announced, peer)) : CheckedThroughProxy(announced);
        else
            throw new FtpCommandException(FtpErrorKind.DataConnectionFailed, $"Could not {Task} on {Server}: no address can be read from the reply '{reply}' to {verb}.", reply);
        return await DataConnection.DialAsync(mode, endpoint, _options, Server, TraceData, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The address to dial: the server's own, unless the user trusts it to name another (RFC 2577, 3: bounce attacks; NAT: private addresses).</summary>
    private IPEndPoint Checked(IPEndPoint announced, IPAddress peer)
    {
        if (announced.Address.Equals(peer) || (_options.TrustPassiveAddress && !announced.Address.Equals(IPAddress.Any)))
            return announced;
        _control.Trace(
            FtpLogLevel.Information, $"The server announced {announced}; {peer}, which this session is connected to, is dialled instead (-TrustPassiveAddress obeys the server).");
        return new IPEndPoint(peer, announced.Port);
    }

    private async Task<DataConnection> OpenActiveAsync(FtpMode mode, CancellationToken cancellationToken)
    {
        var local = _control.LocalEndPoint.Address;
        if (mode == FtpMode.Port && (_traits.ActiveAddress ?? local).AddressFamily != AddressFamily.InterNetwork)
        {
            throw new FtpException(
                FtpErrorKind.DataConnectionFailed, $"PORT can only announce IPv4 addresses, and this session's is {_traits.ActiveAddress ?? local}. Use Set-FtpMode Eprt or Active.");
        }

        var data = DataConnection.Listen(mode, local, _traits.ActivePorts, _options, Server, TraceData);
        try
        {
            var announced = new IPEndPoint(_traits.ActiveAddress ?? local, data.ListenEndPoint.Port);
            var (verb, argument) = mode == FtpMode.Port
                ? ("PORT", DataEndpoint.FormatPort(announced))
                : ("EPRT", DataEndpoint.FormatEprt(announced));
            await CommandAsync(verb, argument, "open an active data connection", null, cancellationToken).ConfigureAwait(false);
            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    private void TraceData(string message) => _control.Trace(FtpLogLevel.Trace, message);
}
