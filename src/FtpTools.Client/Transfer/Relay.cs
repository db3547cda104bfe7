using System;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Transfer;

/// <summary>
/// One file from a server to a server through this computer, received over one connection and sent over another at the same
/// time. The receiving one is lent first: until the other is, what comes is held in memory, so that a session of one
/// connection can copy what fits there.
/// </summary>
internal static class Relay
{
    /// <summary>Copies.</summary>
    /// <param name="receive">Receives the file: is given what takes its bytes, and what to call when it has begun.</param>
    /// <param name="send">Sends the stream.</param>
    /// <param name="cancellationToken">Ends both.</param>
    public static async Task RunAsync(
        Func<Func<byte[], int, bool>, Action, CancellationToken, Task> receive, Func<RelayPipe, CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        using var pipe = new RelayPipe();
        using var stop = cancellationToken.Register(() => pipe.Break(new OperationCanceledException(cancellationToken)));
        var begun = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);

        async Task ReceiveAsync()
        {
            try
            {
                await receive(pipe.Put, () => begun.TrySetResult(true), cancellationToken).ConfigureAwait(false);
                // Not before the closing reply: until then it is not known that this was all.
                pipe.Complete();
            }
            catch (Exception e)
            {
                pipe.Break(e);
                throw;
            }
            finally
            {
                begun.TrySetResult(false);
            }
        }

        async Task SendAsync()
        {
            if (!await begun.Task.ConfigureAwait(false))
                return;
            try
            {
                await send(pipe, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                pipe.Break(e);
                throw;
            }
        }

        var (receiving, sending) = (ReceiveAsync(), SendAsync());
        try
        {
            await Task.WhenAll(receiving, sending).ConfigureAwait(false);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested && pipe.Cause is FtpException cause)
        {
            // Of the two failures the first one is the cause of the other.
            ExceptionDispatchInfo.Capture(cause).Throw();
        }
    }
}
