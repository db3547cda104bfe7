using System;
using System.Collections.Generic;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;
using FtpTools.Diagnosis;
using FtpTools.Dialogue;
using FtpTools.Protocol;
using FtpTools.Session;

namespace FtpTools;

/// <summary>
/// What a user holds: an account on a server, the mode and type of its transfers, its current directory, and a pool of
/// logged-in control connections. Safe to use from several threads at once. Every path may be relative to
/// <see cref="Location"/>; every method that works on the wire throws <see cref="FtpException"/> and its two subclasses,
/// and <see cref="OperationCanceledException"/>.
/// </summary>
public sealed partial class FtpSession : IDisposable
{
    private static int _lastId;

    private readonly FtpClientOptions _options;
    private readonly SessionTraits _traits;
    private readonly ConnectionPool _pool;

    private FtpSession(FtpClientOptions options)
    {
        _options = options;
        _traits = new SessionTraits(options);
        Id = Interlocked.Increment(ref _lastId);
        Name = options.Name ?? $"Ftp{Id}";
        TransferType = options.TransferType;
        _pool = new ConnectionPool(
            Name, Server, options.MaxConnection, options.KeepAlive, (number, cancellationToken) => FtpConnection.OpenAsync(_options, _traits, number, cancellationToken), Trace);
    }

    /// <summary>A number that no other session of this process has.</summary>
    public int Id { get; }

    /// <summary>The name given at connect, or <c>Ftp</c> and the id.</summary>
    public string Name { get; }

    /// <summary>The server's name or address.</summary>
    public string ComputerName => _options.ComputerName;

    /// <summary>The control connection's port.</summary>
    public int Port => _options.Port;

    /// <summary>The server as <c>host:port</c>, with an IPv6 address in brackets.</summary>
    public string Server => new DialTarget(ComputerName, Port).ToString();

    /// <summary>The account's name.</summary>
    public string UserName => _options.UserName;

    /// <summary>Whether it can be used.</summary>
    public FtpSessionState State => _pool.IsOpen ? FtpSessionState.Opened : FtpSessionState.Closed;

    /// <summary>How the session is encrypted; null when it is not.</summary>
    public FtpSecurity? Security => _traits.Security;

    /// <summary>How the next data connections are opened. Setting it forgets which commands did not work.</summary>
    public FtpMode Mode
    {
        get => _traits.Ladder.Mode;
        set => _traits.Ladder = new DataModeLadder(value);
    }

    /// <summary>What the server was seen to do otherwise than others, and what is done about it.</summary>
    public IReadOnlyList<FtpServerHabit> Habits => _traits.Habits.Learnt;

    /// <summary>How far the server's clock is ahead of UTC in listings by LIST; null when it is not known, or was not needed.</summary>
    public TimeSpan? ServerTimeZoneOffset => _traits.Clock.Offset;

    /// <summary>The type of the next transfers.</summary>
    public FtpTransferType TransferType { get; set; }

    /// <summary>The address that PORT and EPRT announce; null for the control connection's own.</summary>
    public IPAddress? ActiveAddress
    {
        get => _traits.ActiveAddress;
        set => _traits.ActiveAddress = value;
    }

    /// <summary>The local ports to listen on in active mode; null lets the system choose.</summary>
    public FtpPortRange? ActivePortRange
    {
        get => _traits.ActivePorts.Range;
        set => _traits.ActivePorts = new ActivePorts(value);
    }

    /// <summary>The current directory, an absolute remote path.</summary>
    public string Location { get; private set; } = "/";

    /// <summary>How many control connections are logged in now.</summary>
    public int ConnectionCount => _pool.Count;

    /// <summary>The most control connections that the session opens at a time.</summary>
    public int MaxConnection => _options.MaxConnection;

    /// <summary>Connects, logs in and finds out what the server can do.</summary>
    /// <param name="options">Where to and how; the session disposes their log, also when this fails.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<FtpSession> ConnectAsync(FtpClientOptions options, CancellationToken cancellationToken)
    {
        var session = new FtpSession(options);
        try
        {
            session.Location = await session._pool.UseAsync(connection => connection.Directories.BeginAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Tests the way to a server step by step, on a control connection of its own: name, connection, greeting, TLS, login,
    /// features, then a data connection by each command of a mode, and a recommendation. Failures are what it tells of.
    /// </summary>
    /// <param name="options">Where to and how.</param>
    /// <param name="mode">The mode whose commands are tried; <see cref="FtpMode.Auto"/> for all four.</param>
    /// <param name="directory">A remote directory to send a small file to, by each command, and to delete it from; null for none.</param>
    /// <param name="onTest">Takes what came of each step, as it goes.</param>
    /// <param name="cancellationToken">Ends the test.</param>
    public static Task TestAsync(FtpClientOptions options, FtpMode mode, string? directory, Action<FtpConnectionTest> onTest, CancellationToken cancellationToken) =>
        new ConnectionProbe(options, isOfSession: false, directory, onTest).RunAsync(mode, cancellationToken);

    /// <summary>Tests the way to this session's server, as <see cref="TestAsync(FtpClientOptions, FtpMode, string, Action{FtpConnectionTest}, CancellationToken)"/> does.</summary>
    /// <param name="mode">The mode whose commands are tried; <see cref="FtpMode.Auto"/> for all four.</param>
    /// <param name="directory">A remote directory to send a small file to; null for none.</param>
    /// <param name="onTest">Takes what came of each step, as it goes.</param>
    /// <param name="cancellationToken">Ends the test.</param>
    public Task TestAsync(FtpMode mode, string? directory, Action<FtpConnectionTest> onTest, CancellationToken cancellationToken) =>
        new ConnectionProbe(
            _options with { ActiveAddress = ActiveAddress, ActivePortRange = ActivePortRange, InitialDirectory = null },
            isOfSession: true, directory is null ? null : ResolvePath(directory), onTest).RunAsync(mode, cancellationToken);

    /// <summary>Whether it is on that server, given as <see cref="Server"/> tells it; without a port, on any of its ports.</summary>
    public bool IsOn(string server) => new DialTarget(ComputerName, Port).IsNamed(server);

    /// <summary>Says QUIT on the idle connections and closes all; work under way fails with <see cref="FtpErrorKind.SessionClosed"/>.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _pool.CloseAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Closes all connections at once, without QUIT.</summary>
    public void Dispose()
    {
        _pool.Dispose();
        _options.Log?.Dispose();
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    internal void Trace(FtpLogLevel level, string message) => FtpTrace.Write(level, Name, message, _options.Log);
}
