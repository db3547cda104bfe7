using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Transfer;

namespace FtpTools;

// The bytes of files.
public sealed partial class FtpSession
{
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

    private Task<FtpTransferResult> UploadAsync(
        Stream content, string source, string remotePath, FtpTransferOptions options, IProgress<FtpProgress>? progress, CancellationToken cancellationToken) =>
        TransferAsync(new FileUpload(content, source, ResolvePath(remotePath), Typed(options), RateLimiter.Of(options), progress), cancellationToken);

    private async Task<FtpTransferResult> TransferAsync(FileTransfer transfer, CancellationToken cancellationToken) =>
        await transfer.RunAsync(_pool, Trace, cancellationToken).ConfigureAwait(false) with { Server = Server, Session = this };

    /// <summary>The options with the session's type filled in, so that a change of it during the transfer has no effect on it.</summary>
    private FtpTransferOptions Typed(FtpTransferOptions options) =>
        options.TransferType is null ? options with { TransferType = TransferType } : options;
}
