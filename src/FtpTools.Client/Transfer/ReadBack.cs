using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;

namespace FtpTools.Transfer;

/// <summary>
/// Whether what the server has of a file is what was sent. A right size proves little: of REST and STOR some servers make
/// zeros up to where they were to go on, and others write what is sent over the beginning.
/// </summary>
internal sealed class ReadBack(UploadContent content)
{
    private const int BlockSize = 64 * 1024;

    /// <summary>Whether the server's first so many bytes end as the local ones do.</summary>
    public Task<bool> IsLikeAsync(FtpConnection connection, string path, long length, CancellationToken cancellationToken) =>
        AreLikeAsync(connection, path, [(Math.Max(0, length - BlockSize), length)], cancellationToken);

    /// <summary>Whether it can be told in the end that an upload was gone on with as it should be.</summary>
    public async Task<bool> CanTellAsync(FtpConnection connection, string path, long offset, CancellationToken cancellationToken) =>
        await connection.Hashes.FindHashAsync(cancellationToken).ConfigureAwait(false)
        || await IsLikeAsync(connection, path, offset, cancellationToken).ConfigureAwait(false);

    /// <summary>Whether a file is as it should be that was gone on with at a byte: by its hash, or else by its first block, by the one before that byte, and by the last.</summary>
    public async Task<bool> IsWholeAsync(FtpConnection connection, string path, long offset, long length, CancellationToken cancellationToken) =>
        connection.Hashes.HashAlgorithm is { } algorithm
            ? content.HashOf(algorithm, length) == await connection.Hashes.HashAsync(path, null, cancellationToken).ConfigureAwait(false)
            : await AreLikeAsync(
                connection, path,
                [(0, Math.Min(offset, BlockSize)), (Math.Max(0, offset - BlockSize), offset), (Math.Max(offset, length - BlockSize), length)],
                cancellationToken).ConfigureAwait(false);

    private async Task<bool> AreLikeAsync(FtpConnection connection, string path, (long From, long To)[] blocks, CancellationToken cancellationToken)
    {
        var isTold = false;
        foreach (var (from, to) in blocks.Distinct().Where(block => block.To > block.From))
        {
            var here = content.Piece(from, (int)(to - from));
            var there = await ReadAsync(connection, path, from, here.Length, cancellationToken).ConfigureAwait(false);
            if (!here.SequenceEqual(there))
                return false;
            // Zeros are what a hole looks like, too.
            isTold |= here.Any(b => b != 0);
        }

        return isTold;
    }

    /// <returns>What there is; nothing where the server lets nobody read it.</returns>
    private static async Task<byte[]> ReadAsync(FtpConnection connection, string path, long from, int count, CancellationToken cancellationToken)
    {
        var block = new MemoryStream(count);
        try
        {
            await connection.Transfers.RetrieveRangeAsync(path, from, count, (buffer, got) => block.Write(buffer, 0, got), cancellationToken).ConfigureAwait(false);
            return block.ToArray();
        }
        catch (FtpException e) when (e is not FtpConnectionException)
        {
            return [];
        }
    }
}
