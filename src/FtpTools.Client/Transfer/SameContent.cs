using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;

namespace FtpTools.Transfer;

/// <summary>Whether a remote file has the content of a local one.</summary>
internal static class SameContent
{
    private const string Algorithm = "SHA-256";

    /// <summary>Compares: by the server's own hash, or else by all that it sends.</summary>
    /// <returns>False also where the server lets nobody read the file: it is not known then.</returns>
    public static async Task<bool> IsAsync(FtpConnection connection, string local, string remote, CancellationToken cancellationToken)
    {
        try
        {
            if (await connection.Hashes.FindHashAsync(cancellationToken).ConfigureAwait(false))
                return await connection.Hashes.HashAsync(remote, null, cancellationToken).ConfigureAwait(false) == ContentHash.OfFile(local, connection.Hashes.HashAlgorithm!);
            using var there = new ContentHash(Algorithm);
            await connection.Transfers.RetrieveAsync(remote, FtpTransferType.Binary, null, 0, there.Add, isTimeWanted: false, null, cancellationToken).ConfigureAwait(false);
            return there.Finish() == ContentHash.OfFile(local, Algorithm);
        }
        catch (FtpCommandException e) when (e.Reply.IsPermanentNegative)
        {
            return false;
        }
    }
}
