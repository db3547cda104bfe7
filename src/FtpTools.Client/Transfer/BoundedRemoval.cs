using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;

namespace FtpTools.Transfer;

/// <summary>How a file is removed that a transfer leaves on the server, whatever became of the transfer.</summary>
internal static class BoundedRemoval
{
    private static readonly TimeSpan _afterFailure = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _afterCancel = TimeSpan.FromMilliseconds(200);

    /// <summary>How long each thing may take that is said after the end of a transfer: after a cancel the prompt is due back within a second.</summary>
    public static TimeSpan For(CancellationToken cancellationToken) => cancellationToken.IsCancellationRequested ? _afterCancel : _afterFailure;

    /// <summary>Deletes a file, if it can be done; the refusal is in the log.</summary>
    /// <param name="connection">To the server; nothing is done when it is lost.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Whether there is little time.</param>
    /// <returns>False when it is still there, as far as is known.</returns>
    public static async Task<bool> TryAsync(FtpConnection connection, string path, CancellationToken cancellationToken)
    {
        if (!connection.IsOpen)
            return false;
        using var stop = new CancellationTokenSource(For(cancellationToken));
        try
        {
            await connection.Files.DeleteFileAsync(path, stop.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is FtpException or OperationCanceledException)
        {
            return false;
        }
    }
}
