using System;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>
/// One logged-in control connection, and what can be said over it, a property a subject. One caller at a time; between two
/// callers it owes nothing and is owed nothing, or it is closed.
/// </summary>
internal sealed class FtpConnection : IDisposable
{
    private readonly ProtocolInterpreter _pi;

    /// <summary>A connection over a control connection whose greeting has yet to be read.</summary>
    /// <param name="control">The control connection.</param>
    /// <param name="options">The session's options.</param>
    /// <param name="traits">What the session's connections share.</param>
    /// <param name="number">Which connection of the session it is.</param>
    public FtpConnection(ControlConnection control, FtpClientOptions options, SessionTraits traits, int number = 1)
    {
        _pi = new ProtocolInterpreter(control, options, traits);
        Login = new Login(_pi, number);
        Files = new Files(_pi);
        Hashes = new Hashes(_pi);
        Facts = new ServerFacts(_pi);
        Copies = new Copies(_pi);
        Transfers = new Transfers(_pi, Login);
        End = new ServerEnd(_pi, Login);
        Listings = new Listings(_pi, Files, new ListingTransfer(_pi, Transfers));
        Directories = new Directories(_pi, Files, Listings);
        Probes = new Probes(_pi, Files, Directories, Transfers);
    }

    /// <summary>From the dialled connection to the logged-in one.</summary>
    public Login Login { get; }

    /// <summary>Single files beside their bytes.</summary>
    public Files Files { get; }

    /// <summary>The hashes of files.</summary>
    public Hashes Hashes { get; }

    /// <summary>The server itself.</summary>
    public ServerFacts Facts { get; }

    /// <summary>Copies that the server makes by itself.</summary>
    public Copies Copies { get; }

    /// <summary>The bytes of files.</summary>
    public Transfers Transfers { get; }

    /// <summary>The server as one end of a transfer to or from another server.</summary>
    public ServerEnd End { get; }

    /// <summary>What is there.</summary>
    public Listings Listings { get; }

    /// <summary>Directories.</summary>
    public Directories Directories { get; }

    /// <summary>Transfers by one exact command, for a test of it.</summary>
    public Probes Probes { get; }

    /// <summary>What the server does otherwise.</summary>
    public ServerHabits Habits => _pi.Habits;

    /// <summary>False when the control connection was closed or lost.</summary>
    public bool IsOpen => _pi.Control.IsOpen;

    /// <summary>True when an idle connection was closed, or spoken to, by the server.</summary>
    public bool IsStale => _pi.Control.IsStale;

    /// <summary>True when the server has answered the first command of the lease by saying that the session is over, so that it has done nothing.</summary>
    public bool IsSessionOver => _pi.Control.IsSessionOver;

    /// <summary>Begins another lease of a connection that was idle: its session may be over, which nothing has shown yet.</summary>
    public void BeginLease() => _pi.Control.IsSessionInDoubt = true;

    /// <summary>True while the server owes a reply: nobody else may be lent the connection.</summary>
    public bool IsOwed => _pi.Control.IsOwed;

    /// <summary>This end of the control connection.</summary>
    public IPEndPoint LocalEndPoint => _pi.Control.LocalEndPoint;

    /// <summary>The other end of the control connection; a proxy's when there is one.</summary>
    public IPEndPoint RemoteEndPoint => _pi.Control.RemoteEndPoint;

    /// <summary>Connects, and leaves all that comes after to the caller.</summary>
    public static async Task<FtpConnection> DialAsync(FtpClientOptions options, SessionTraits traits, int number, CancellationToken cancellationToken) =>
        new(await Login.DialAsync(options, number, cancellationToken).ConfigureAwait(false), options, traits, number);

    /// <summary>Connects, logs in and finds out what the server can do.</summary>
    public static async Task<FtpConnection> OpenAsync(FtpClientOptions options, SessionTraits traits, int number, CancellationToken cancellationToken)
    {
        var connection = await DialAsync(options, traits, number, cancellationToken).ConfigureAwait(false);
        try
        {
            await connection.Login.LogInAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Keeps the connection from being closed for idleness (NOOP).</summary>
    public Task KeepAliveAsync(CancellationToken cancellationToken) => _pi.ExchangeAsync("NOOP", null, cancellationToken);

    /// <summary>Says goodbye (QUIT), waiting a little for the answer, and closes.</summary>
    public async Task QuitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _pi.Control.SendAsync(new FtpCommand("QUIT"), cancellationToken).ConfigureAwait(false);
            await _pi.Control.TryPutDownAsync(ProtocolInterpreter.CancelGrace).ConfigureAwait(false);
        }
        catch (FtpConnectionException)
        {
            // It is gone already, which is what was wanted.
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Tells of something that is good to know.</summary>
    public void Tell(string message) => _pi.Trace(FtpLogLevel.Information, message);

    /// <summary>Tells of something that went another way than asked for, while the work goes on.</summary>
    public void Warn(string message) => _pi.Trace(FtpLogLevel.Warning, message);

    /// <summary>Closes for a reason, which the operation under way then fails with.</summary>
    public void Close(FtpErrorKind kind, string reason) => _pi.Close(kind, reason);

    /// <summary>Closes without a word.</summary>
    public void Dispose()
    {
        _pi.Dispose();
        Login.Dispose();
    }
}
