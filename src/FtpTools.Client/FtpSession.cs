using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;
using FtpTools.Diagnosis;
using FtpTools.Dialogue;
using FtpTools.Protocol;
using FtpTools.Session;
using FtpTools.Transfer;
using FtpTools.Trees;

namespace FtpTools;

/// <summary>
/// What a user holds: an account on a server, the mode and type of its transfers, its current directory, and a pool of
/// logged-in control connections. Safe to use from several threads at once. Every path may be relative to
/// <see cref="Location"/>; every method that works on the wire throws <see cref="FtpException"/> and its two subclasses,
/// and <see cref="OperationCanceledException"/>.
/// </summary>
public sealed class FtpSession : IDisposable
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

    /// <summary>The absolute remote path that <paramref name="path"/> means here, with <c>.</c> and <c>..</c> resolved.</summary>
    public string ResolvePath(string path) => FtpPath.Combine(Location, path);

    /// <summary>The item itself; null when there is none of that name.</summary>
    public async Task<FtpItem?> FindItemAsync(string path, CancellationToken cancellationToken)
    {
        var item = await _pool.UseAsync(connection => connection.Listings.FindAsync(ResolvePath(path), cancellationToken), cancellationToken).ConfigureAwait(false);
        item?.Session = this;
        return item;
    }

    /// <summary>The item itself; fails with <see cref="FtpErrorKind.PathNotFound"/> when there is none of that name.</summary>
    public async Task<FtpItem> GetItemAsync(string path, CancellationToken cancellationToken) =>
        await FindItemAsync(path, cancellationToken).ConfigureAwait(false) ?? throw Listings.NotFound(ResolvePath(path), Server);

    /// <summary>The item itself, as <see cref="GetItemAsync"/> gives it; but where no listing can tell of it, a file of that name is taken to be there.</summary>
    public async Task<FtpItem> GetNamedItemAsync(string path, CancellationToken cancellationToken)
    {
        var item = await _pool.UseAsync(connection => connection.Listings.FindNamedAsync(ResolvePath(path), cancellationToken), cancellationToken).ConfigureAwait(false);
        item?.Session = this;
        return item ?? throw Listings.NotFound(ResolvePath(path), Server);
    }

    /// <summary>Whether a path is a directory, or a link that leads to one.</summary>
    public Task<bool> IsDirectoryAsync(string path, CancellationToken cancellationToken) =>
        _pool.UseAsync(connection => connection.Directories.IsDirectoryAsync(ResolvePath(path), cancellationToken), cancellationToken);

    /// <summary>Lists a directory; <paramref name="onItem"/> is called in the server's order, on whatever thread reads the wire.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="includeHidden">Ask for names that begin with a dot too. (Some servers always send them.)</param>
    /// <param name="onItem">Takes an item; must be quick, for the wire waits.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.ListingUnparsed"/>, after all that could be read: there were lines that could not.</exception>
    public Task ListAsync(string path, bool includeHidden, Action<FtpItem> onItem, CancellationToken cancellationToken) =>
        _pool.UseAsync(
            connection => connection.Listings.ListAsync(
                ResolvePath(path),
                includeHidden,
                item =>
                {
                    item.Session = this;
                    onItem(item);
                },
                cancellationToken),
            cancellationToken);

    /// <summary>Makes a directory.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="createParents">Make missing parents too, and accept one that is there.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task CreateDirectoryAsync(string path, bool createParents, CancellationToken cancellationToken) =>
        _pool.UseAsync(
            connection => createParents
                ? connection.Directories.MakeDirectoriesAsync(ResolvePath(path), cancellationToken)
                : connection.Directories.MakeDirectoryAsync(ResolvePath(path), cancellationToken),
            cancellationToken);

    /// <summary>Deletes a file or a link.</summary>
    public Task DeleteFileAsync(string path, CancellationToken cancellationToken) =>
        _pool.UseAsync(connection => connection.Files.DeleteFileAsync(ResolvePath(path), cancellationToken), cancellationToken);

    /// <summary>Deletes a directory; with <paramref name="recurse"/> all that is in it. Of a link, the link alone.</summary>
    public Task DeleteDirectoryAsync(string path, bool recurse, CancellationToken cancellationToken) =>
        _pool.UseAsync(connection => TreeRemoval.DeleteAsync(connection, ResolvePath(path), recurse, cancellationToken), cancellationToken);

    /// <summary>Renames or moves (RNFR, RNTO). What happens to an existing target is the server's choice.</summary>
    public Task RenameAsync(string path, string newPath, CancellationToken cancellationToken) =>
        _pool.UseAsync(connection => connection.Files.RenameAsync(ResolvePath(path), ResolvePath(newPath), cancellationToken), cancellationToken);

    /// <summary>Sends one local file.</summary>
    /// <param name="localPath">An absolute path.</param>
    /// <param name="remotePath">The file's remote name, not a directory.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told at most five times a second, on the copying thread; null for nobody.</param>
    /// <param name="cancellationToken">Ends the transfer; the session can be used afterwards.</param>
    public async Task<FtpTransferResult> UploadAsync(
        string localPath, string remotePath, FtpTransferOptions options, IProgress<FtpProgress>? progress, CancellationToken cancellationToken)
    {
        using var content = LocalFile.OpenRead(localPath);
        return await UploadAsync(content, localPath, remotePath, options, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a stream to its end.</summary>
    /// <param name="content">Read from where it stands; left open.</param>
    /// <param name="remotePath">The file's remote name, not a directory.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told at most five times a second, on the copying thread; null for nobody.</param>
    /// <param name="cancellationToken">Ends the transfer; the session can be used afterwards.</param>
    public Task<FtpTransferResult> UploadAsync(
        Stream content, string remotePath, FtpTransferOptions options, IProgress<FtpProgress>? progress, CancellationToken cancellationToken) =>
        UploadAsync(content, "", remotePath, options, progress, cancellationToken);

    /// <summary>Receives one file.</summary>
    /// <param name="item">The file, or a link to one.</param>
    /// <param name="localPath">An absolute path, the file's local name, not a directory.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told at most five times a second, on the copying thread; null for nobody.</param>
    /// <param name="cancellationToken">Ends the transfer; the session can be used afterwards.</param>
    public Task<FtpTransferResult> DownloadAsync(
        FtpItem item, string localPath, FtpTransferOptions options, IProgress<FtpProgress>? progress, CancellationToken cancellationToken) =>
        TransferAsync(new FileDownload(item, localPath, Typed(options), RateLimiter.Of(options), progress) { Lend = _pool.UseAsync }, cancellationToken);

    /// <summary>Begins to transfer files, over as many connections as they need.</summary>
    /// <param name="options">How.</param>
    /// <param name="beside">Another batch of the same call, which this one shares the rate limit with; null for none.</param>
    /// <param name="onResult">Takes the result of each file, failed ones too, on whatever thread it ends on.</param>
    /// <param name="progress">Told at most five times a second for each file; null for nobody.</param>
    /// <param name="cancellationToken">Ends all; the session can be used afterwards.</param>
    public FtpTransferBatch BeginTransfers(
        FtpTransferOptions options, FtpTransferBatch? beside, Action<FtpTransferResult> onResult, IProgress<FtpProgress>? progress, CancellationToken cancellationToken) =>
        new(this, _pool, Typed(options), beside, onResult, progress, cancellationToken);

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

    private Task<FtpTransferResult> UploadAsync(
        Stream content, string source, string remotePath, FtpTransferOptions options, IProgress<FtpProgress>? progress, CancellationToken cancellationToken) =>
        TransferAsync(new FileUpload(content, source, ResolvePath(remotePath), Typed(options), RateLimiter.Of(options), progress), cancellationToken);

    private async Task<FtpTransferResult> TransferAsync(FileTransfer transfer, CancellationToken cancellationToken) =>
        await transfer.RunAsync(_pool, Trace, cancellationToken).ConfigureAwait(false) with { Server = Server };

    /// <summary>The options with the session's type filled in, so that a change of it during the transfer has no effect on it.</summary>
    private FtpTransferOptions Typed(FtpTransferOptions options) =>
        options.TransferType is null ? options with { TransferType = TransferType } : options;

    internal void Trace(FtpLogLevel level, string message) => FtpTrace.Write(level, Name, message, _options.Log);
}
