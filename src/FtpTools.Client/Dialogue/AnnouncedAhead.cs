using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;

namespace FtpTools.Dialogue;

/// <summary>A data connection that was announced and dialled before the transfer that it is for.</summary>
/// <param name="reply">The reply to EPSV.</param>
/// <param name="announced">What it named.</param>
/// <param name="dialling">Gives the connection when it is open; has its own bound.</param>
internal sealed class AnnouncedAhead(FtpReply reply, string announced, Task<DataConnection> dialling) : IDisposable
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
            return await dialling.WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
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
