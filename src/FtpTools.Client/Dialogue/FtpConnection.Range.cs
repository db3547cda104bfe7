using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;

namespace FtpTools.Dialogue;

/// <content>A range out of a file. FTP names its beginning (REST) and not its end, at which the transfer is broken off.</content>
internal sealed partial class FtpConnection
{
    private bool _isRestartOpen;

    /// <summary>Receives so many bytes of a file from an offset on, or fewer where the file ends sooner.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">How many bytes to leave out at the beginning.</param>
    /// <param name="count">How many to receive, more than none.</param>
    /// <param name="consume">Takes a buffer and the count of bytes in it, on the receiving thread.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    public Task<DataOutcome> RetrieveRangeAsync(string path, long offset, long count, Action<byte[], int> consume, CancellationToken cancellationToken)
    {
        var left = count;
        void Take(byte[] buffer, int got)
        {
            var wanted = (int)Math.Min(got, left);
            consume(buffer, wanted);
            left -= wanted;
            if (left == 0)
                throw new RangeEndException();
        }

        return TransferAsync(
            new TransferRequest("RETR", path, FtpTransferType.Binary, $"receive '{path}'", path) { RestartAt = offset },
            () => data => data.ReceiveAsync(Take, DataConnection.ReceiveBufferSize, null), cancellationToken);
    }

    /// <summary>
    /// Says where the next transfer begins (REST). Servers keep that until a transfer comes, whatever comes before it
    /// (vsftpd, ProFTPD and Pure-FTPd, as measured), so that one that was given up in between would have the next begin in the middle of its file.
    /// </summary>
    private async Task RestartAsync(TransferRequest request, CancellationToken cancellationToken)
    {
        _isRestartOpen = true;
        var reply = await ExchangeAsync("REST", request.RestartAt.ToString(CultureInfo.InvariantCulture), cancellationToken).ConfigureAwait(false);
        if (!reply.IsNegative)
            return;
        _isRestartOpen = false;
        if (request.RestartAt > 0)
            throw FtpRefusal.Create("REST", reply, $"go on at byte {request.RestartAt} to {request.Task}", request.Path, Server);
    }

    /// <summary>Breaks off a transfer of which all that was wanted has come, in the way that a cancelled one is broken off.</summary>
    private sealed class RangeEndException : Exception;
}
