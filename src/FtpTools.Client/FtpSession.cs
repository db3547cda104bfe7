using System;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools;

/// <summary>Whether a session can be used.</summary>
public enum FtpSessionState
{
    /// <summary>It can be used; a lost control connection is replaced by the next command.</summary>
    Opened,

    /// <summary>It was disconnected.</summary>
    Closed,
}

/// <summary>
/// What a user holds: an account on a server, the mode and type of its transfers, its current directory, and a pool of
/// logged-in control connections. Safe to use from several threads at once. Every path may be relative to
/// <see cref="Location"/>; every method that works on the wire throws <see cref="FtpException"/> and its two subclasses,
/// and <see cref="OperationCanceledException"/>.
/// </summary>
public sealed class FtpSession : IDisposable
{
    private FtpSession(FtpClientOptions options) => Options = options;

    /// <summary>What the session was opened with.</summary>
    internal FtpClientOptions Options { get; }

    /// <summary>A number that no other session of this process has.</summary>
    public int Id => throw new NotImplementedException();

    /// <summary>The name given at connect, or <c>Ftp</c> and the id.</summary>
    public string Name => throw new NotImplementedException();

    /// <summary>The server's name or address.</summary>
    public string ComputerName => Options.ComputerName;

    /// <summary>The control connection's port.</summary>
    public int Port => Options.Port;

    /// <summary>The account's name.</summary>
    public string UserName => Options.UserName;

    /// <summary>Whether it can be used.</summary>
    public FtpSessionState State => throw new NotImplementedException();

    /// <summary>How the next data connections are opened.</summary>
    public FtpMode Mode { get; set; }

    /// <summary>The type of the next transfers.</summary>
    public FtpTransferType TransferType { get; set; }

    /// <summary>The address that PORT and EPRT announce; null for the control connection's own.</summary>
    public IPAddress? ActiveAddress { get; set; }

    /// <summary>The local ports to listen on in active mode; null lets the system choose.</summary>
    public FtpPortRange? ActivePortRange { get; set; }

    /// <summary>The current directory, an absolute remote path.</summary>
    public string Location => throw new NotImplementedException();

    /// <summary>How many control connections are logged in now.</summary>
    public int ConnectionCount => throw new NotImplementedException();

    /// <summary>The most control connections that the session opens at a time.</summary>
    public int MaxConnection => Options.MaxConnection;

    /// <summary>Connects, logs in and finds out what the server can do.</summary>
    public static Task<FtpSession> ConnectAsync(FtpClientOptions options, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The absolute remote path that <paramref name="path"/> means here, with <c>.</c> and <c>..</c> resolved.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: the path holds CR, LF or NUL.</exception>
    public string ResolvePath(string path) => throw new NotImplementedException();

    /// <summary>The item itself; null when there is none of that name.</summary>
    public Task<FtpItem?> FindItemAsync(string path, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The item itself; fails with <see cref="FtpErrorKind.PathNotFound"/> when there is none of that name.</summary>
    public Task<FtpItem> GetItemAsync(string path, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Lists a directory; <paramref name="onItem"/> is called in the server's order, on whatever thread reads the wire.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="includeHidden">Ask for names that begin with a dot too. (Some servers always send them.)</param>
    /// <param name="onItem">Takes an item; must be quick, for the wire waits.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public Task ListAsync(string path, bool includeHidden, Action<FtpItem> onItem, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Makes a directory.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="createParents">Make missing parents too, and accept one that is there.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task CreateDirectoryAsync(string path, bool createParents, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Deletes a file or a link.</summary>
    public Task DeleteFileAsync(string path, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Deletes a directory; with <paramref name="recurse"/> all that is in it, never following a link.</summary>
    public Task DeleteDirectoryAsync(string path, bool recurse, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Renames or moves (RNFR, RNTO). What happens to an existing target is the server's choice.</summary>
    public Task RenameAsync(string path, string newPath, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Sends one local file.</summary>
    /// <param name="localPath">An absolute path.</param>
    /// <param name="remotePath">The file's remote name, not a directory.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told after each buffer, on the copying thread; null for nobody.</param>
    /// <param name="cancellationToken">Ends the transfer; the session can be used afterwards.</param>
    public Task<FtpTransferResult> UploadAsync(string localPath, string remotePath, FtpTransferOptions options, IProgress<FtpProgress>? progress, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Sends a stream to its end.</summary>
    public Task<FtpTransferResult> UploadAsync(Stream content, string remotePath, FtpTransferOptions options, IProgress<FtpProgress>? progress, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Receives one file.</summary>
    /// <param name="item">The file, or a link to one.</param>
    /// <param name="localPath">An absolute path, the file's local name, not a directory.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told after each buffer, on the copying thread; null for nobody.</param>
    /// <param name="cancellationToken">Ends the transfer; the session can be used afterwards.</param>
    public Task<FtpTransferResult> DownloadAsync(FtpItem item, string localPath, FtpTransferOptions options, IProgress<FtpProgress>? progress, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Sends what is in a local directory, with its subdirectories, into a remote directory, which is made if missing.</summary>
    /// <param name="localDirectory">An absolute path.</param>
    /// <param name="remoteDirectory">The directory that takes the place of <paramref name="localDirectory"/>.</param>
    /// <param name="options">How.</param>
    /// <param name="onResult">Takes the result of each file, failed ones too: one file's failure does not end the others.</param>
    /// <param name="progress">Told after each buffer; null for nobody.</param>
    /// <param name="cancellationToken">Ends the transfer; the session can be used afterwards.</param>
    public Task UploadTreeAsync(string localDirectory, string remoteDirectory, FtpTransferOptions options, Action<FtpTransferResult> onResult, IProgress<FtpProgress>? progress, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Receives what is in a remote directory into a local directory, which is made if missing; the mirror image of the upload.</summary>
    public Task DownloadTreeAsync(string remoteDirectory, string localDirectory, FtpTransferOptions options, Action<FtpTransferResult> onResult, IProgress<FtpProgress>? progress, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Says QUIT on the idle connections and closes all; work under way fails with <see cref="FtpErrorKind.SessionClosed"/>.</summary>
    public Task CloseAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Closes all connections at once, without QUIT.</summary>
    public void Dispose()
    {
    }
}
