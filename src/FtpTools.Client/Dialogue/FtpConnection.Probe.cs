using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;

namespace FtpTools.Dialogue;

/// <content>Transfers by one exact command, for a test of it: no other way is tried, and what became of it is taken down.</content>
internal sealed partial class FtpConnection
{
    /// <summary>Lists where it stands, by one exact command, for a test of it.</summary>
    public async Task ProbeListingAsync(DataAttempt attempt, CancellationToken cancellationToken)
    {
        var verb = _traits.Features!.HasFacts ? "MLSD" : "LIST";
        await ProbeAsync(new TransferRequest(verb, null, null, "list the directory", "."), data => data.ReceiveAsync(static (_, _) => { }, ListingBufferSize, null), attempt, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Sends a file of zeros, by one exact command, for a test of it, and deletes it.</summary>
    public async Task ProbeUploadAsync(string path, int size, DataAttempt attempt, CancellationToken cancellationToken)
    {
        var left = size;
        int Produce(byte[] buffer)
        {
            var count = Math.Min(left, buffer.Length);
            left -= count;
            return count;
        }

        var isThere = false;
        try
        {
            await ProbeAsync(new TransferRequest("STOR", path, FtpTransferType.Binary, $"send '{path}'", path), data => data.SendAsync(Produce, size), attempt, cancellationToken)
                .ConfigureAwait(false);
            isThere = true;
            if (await SizeAsync(path, cancellationToken).ConfigureAwait(false) is { } arrived && arrived != size)
                throw new FtpException(FtpErrorKind.TransferIncomplete, $"{size} bytes were sent, and {arrived} of them arrived.", path);
        }
        finally
        {
            // What was refused may be there as an empty file all the same.
            if (IsOpen && (isThere || attempt.Stage >= FtpDataStage.Open))
            {
                using var bound = new CancellationTokenSource(cancellationToken.IsCancellationRequested ? _cancelGrace : _failureGrace);
                await ExchangeAsync("DELE", path, bound.Token).ConfigureAwait(false);
            }
        }
    }

    private async Task ProbeAsync(TransferRequest request, Func<DataConnection, Task> move, DataAttempt attempt, CancellationToken cancellationToken)
    {
        await PrepareAsync(request, cancellationToken).ConfigureAwait(false);
        await AttemptAsync(request, move, attempt, cancellationToken).ConfigureAwait(false);
    }
}
