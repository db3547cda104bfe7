using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;

namespace FtpTools.Session;

/// <summary>
/// The logged-in control connections of a session: lent to one caller at a time, opened on demand up to a limit, the
/// most recently used first. A connection that was lost, or that the server closed while it was idle, is replaced when
/// the next caller comes; no command is ever repeated, but for the first one to a connection whose session the server
/// says, in reply to it, to be over.
/// </summary>
internal sealed partial class ConnectionPool : IDisposable
{
    private static readonly TimeSpan _quitTime = TimeSpan.FromSeconds(2);

    private readonly Func<int, CancellationToken, Task<FtpConnection>> _open;
    private readonly string _name;
    private readonly string _server;
    private readonly Action<FtpLogLevel, string> _trace;
    private readonly SemaphoreSlim _places;
    private readonly List<FtpConnection> _idle = [];
    private readonly HashSet<FtpConnection> _lent = [];
    private readonly Timer? _keepAlive;
    private int _opened;
    private bool _closed;

    /// <summary>An empty pool.</summary>
    /// <param name="name">The session's name, for messages.</param>
    /// <param name="server">Its server, which failures are told with.</param>
    /// <param name="limit">The most connections at a time.</param>
    /// <param name="keepAlive">How often idle connections are sent a NOOP; zero for never.</param>
    /// <param name="open">Opens and logs in connection number n.</param>
    /// <param name="trace">Takes log lines.</param>
    public ConnectionPool(
        string name, string server, int limit, TimeSpan keepAlive, Func<int, CancellationToken, Task<FtpConnection>> open, Action<FtpLogLevel, string> trace)
    {
        (_name, _server) = (name, server);
        _open = open;
        _trace = trace;
        _places = new SemaphoreSlim(limit);
        if (keepAlive <= TimeSpan.Zero)
            return;
        // The timer must not keep the trace of whichever operation happened to create the pool.
        using (ExecutionContext.SuppressFlow())
            _keepAlive = new Timer(_ => _ = KeepAliveAsync(), null, keepAlive, keepAlive);
    }

    /// <summary>How many connections are logged in.</summary>
    public int Count
    {
        get
        {
            lock (_idle)
                return _idle.Count(connection => connection.IsOpen) + _lent.Count;
        }
    }

    /// <summary>False after it was closed.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_idle)
                return !_closed;
        }
    }

    /// <summary>Lends a connection to <paramref name="work"/>, waiting for one while all are lent. A failure is traced.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.SessionClosed"/>: the session was disconnected.</exception>
    public async Task<T> UseAsync<T>(Func<FtpConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await LendAsync(work, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpException e)
        {
            _trace(FtpLogLevel.Error, e.At(_server).Message);
            throw;
        }
    }

    /// <summary>The same for work that gives nothing.</summary>
    public Task UseAsync(Func<FtpConnection, Task> work, CancellationToken cancellationToken) =>
        UseAsync(
            async connection =>
            {
                await work(connection).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    private async Task<T> LendAsync<T>(Func<FtpConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        var places = 1; // that are taken, and not given up
        try
        {
            while (true)
            {
                FtpConnection connection;
                var idle = TakeIdle();
                try
                {
                    connection = idle ?? await OpenAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (FtpException e) when (IsOfNumber(e) && HasOthers)
                {
                    // The server's limit is lower than ours. This place is given up for good, and the caller waits for one of
                    // the connections that there are. Where the server has not said so, it is away perhaps: not before one
                    // of them is served.
                    if (IsSaid(e))
                        places--;
                    _trace(FtpLogLevel.Information, $"The server doesn't accept more connections, so fewer are used from now on. ({e.Message})");
                    await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
                    places++;
                    continue;
                }

                try
                {
                    var result = await work(connection).ConfigureAwait(false);
                    if (idle is not null)
                        places = 1;
                    return result;
                }
                catch (FtpConnectionException e) when (connection.IsSessionOver && !cancellationToken.IsCancellationRequested)
                {
                    _trace(FtpLogLevel.Information, $"The server ended the session of an idle connection. A new connection is logged in. ({e.Message})");
                }
                finally
                {
                    GiveBack(connection);
                }
            }
        }
        finally
        {
            if (places > 0)
                _places.Release(places);
        }
    }

    /// <summary>Closes all: QUIT to those that are idle, an abrupt end with <see cref="FtpErrorKind.SessionClosed"/> to those at work.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        var idle = Shut();
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(_quitTime);
        await Task.WhenAll(idle.Select(connection => connection.QuitAsync(bound.Token))).ConfigureAwait(false);
    }

    /// <summary>Closes all at once.</summary>
    public void Dispose()
    {
        foreach (var connection in Shut())
            connection.Dispose();
    }

    /// <summary>Whether the server says that a connection is one too many: "421 Too many connections", 530 or 500 on some.</summary>
    private static bool IsSaid(FtpException e) => e is FtpCommandException { Kind: not FtpErrorKind.TlsFailed } or FtpConnectionException { Reply: not null } or { Kind: FtpErrorKind.LoginFailed };

    /// <summary>Whether a connection may be one too many: small devices refuse it, close it, or never greet it.</summary>
    private static bool IsOfNumber(FtpException e) => IsSaid(e) || e.Kind is FtpErrorKind.ConnectionLost or FtpErrorKind.HostUnreachable or FtpErrorKind.Timeout;

    private bool HasOthers
    {
        get
        {
            lock (_idle)
                return _idle.Count + _lent.Count > 0;
        }
    }

    private FtpConnection? TakeIdle()
    {
        while (true)
        {
            FtpConnection connection;
            lock (_idle)
            {
                if (_closed)
                    throw SessionClosed();
                if (_idle.Count == 0)
                    return null;
                connection = _idle[_idle.Count - 1];
                _idle.RemoveAt(_idle.Count - 1);
                if (!connection.IsStale)
                {
                    connection.BeginLease();
                    _lent.Add(connection);
                    return connection;
                }
            }

            _trace(FtpLogLevel.Information, "The server closed an idle connection. A new connection is logged in.");
            connection.Dispose();
        }
    }

    private async Task<FtpConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await _open(Interlocked.Increment(ref _opened), cancellationToken).ConfigureAwait(false);
        lock (_idle)
        {
            if (!_closed)
            {
                _lent.Add(connection);
                return connection;
            }
        }

        connection.Dispose();
        throw SessionClosed();
    }

    private void GiveBack(FtpConnection connection)
    {
        // Whoever had it has settled what it was owed. A reply that came late would be taken for the next caller's.
        Debug.Assert(!connection.IsOpen || !connection.IsOwed, "A connection was given back while a reply is owed.");
        if (connection.IsOpen && connection.IsOwed)
            connection.Close(FtpErrorKind.ConnectionLost, "The connection was released before its last reply was received");
        lock (_idle)
        {
            _lent.Remove(connection);
            if (connection.IsOpen && !_closed)
            {
                _idle.Add(connection);
                return;
            }
        }

        connection.Dispose();
    }

    private List<FtpConnection> Shut()
    {
        _keepAlive?.Dispose();
        List<FtpConnection> idle;
        lock (_idle)
        {
            _closed = true;
            idle = [.. _idle];
            _idle.Clear();
            foreach (var connection in _lent)
                connection.Close(FtpErrorKind.SessionClosed, $"The session '{_name}' was disconnected while it was in use");
        }

        return idle;
    }

    private FtpException SessionClosed() =>
        new(FtpErrorKind.SessionClosed, $"The session '{_name}' is disconnected. To open another session, use Connect-Ftp.");
}
