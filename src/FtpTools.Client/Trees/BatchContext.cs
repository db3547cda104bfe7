using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.Session;
using FtpTools.Transfer;

namespace FtpTools.Trees;

/// <summary>What all files of one call have in common: the pool, the options, the rate limit, and who is told.</summary>
internal sealed class BatchContext(ConnectionPool pool, FtpTransferOptions options, RateLimiter? limiter, IProgress<FtpProgress>? progress, Action<FtpLogLevel, string> trace, CancellationToken cancellationToken)
{
    /// <summary>How files are transferred, with the type filled in.</summary>
    public FtpTransferOptions Options => options;

    /// <summary>The limit of all files together; null for none.</summary>
    public RateLimiter? Limiter => limiter;

    /// <summary>Told of each file; null for nobody.</summary>
    public IProgress<FtpProgress>? Progress => progress;

    /// <summary>Takes log lines.</summary>
    public Action<FtpLogLevel, string> Trace => trace;

    /// <summary>Ends all.</summary>
    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Lends a connection.</summary>
    public Task<T> UseAsync<T>(Func<FtpConnection, Task<T>> work, CancellationToken stop) => pool.UseAsync(work, stop);

    /// <summary>Lends a connection.</summary>
    public Task UseAsync(Func<FtpConnection, Task> work, CancellationToken stop) => pool.UseAsync(work, stop);

    /// <summary>Transfers a file.</summary>
    public Task<FtpTransferResult> TransferAsync(FileTransfer transfer) => transfer.RunAsync(pool, trace, cancellationToken);
}
