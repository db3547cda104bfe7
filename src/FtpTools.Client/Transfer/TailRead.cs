using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;

namespace FtpTools.Transfer;

/// <summary>
/// The end of a file: its last block, by SIZE and REST, and then the blocks before it, each twice as large, until there is
/// enough. Where the server does not tell sizes, or does not begin in the middle of a file, it comes to nothing, and all of
/// the file has to be read.
/// </summary>
/// <param name="item">The file, or a link to one.</param>
/// <param name="options">How, with the type filled in.</param>
/// <param name="firstBlock">How many bytes to begin with.</param>
/// <param name="hasEnough">Whether the end is long enough, given what there is of it and where it begins in the file.</param>
internal sealed class TailRead(FtpItem item, FtpTransferOptions options, long firstBlock, Func<byte[], long, bool> hasEnough) : FileTransfer(options, null)
{
    /// <summary>The longest end that is held in memory.</summary>
    public const long MostBytes = 256 << 20;

    private const long MostGrowth = 1 << 20;

    /// <summary>The end; null when it could not be read from there.</summary>
    public byte[]? Bytes { get; private set; }

    /// <summary>Where it begins in the file.</summary>
    public long Start { get; private set; }

    /// <summary>The first bytes of the file, which tell its encoding; asked for by <see cref="IsHeadWanted"/>.</summary>
    public byte[] Head { get; private set; } = [];

    /// <summary>Whether the first bytes of the file are wanted, too, given its end; null for no.</summary>
    public Func<byte[], bool>? IsHeadWanted { get; init; }

    /// <inheritdoc/>
    protected override TransferMeter Meter { get; } = new(null, item.FullName, "", null);

    /// <inheritdoc/>
    protected override bool CanRepeat => true;

    /// <inheritdoc/>
    protected override async Task<FtpTransferResult> TryAsync(FtpConnection connection, CancellationToken cancellationToken)
    {
        Bytes = null;
        Meter.Begin(0);
        var size = await connection.Files.SizeAsync(item.FullName, cancellationToken).ConfigureAwait(false);
        if (size is { } end && !connection.Habits.Has(ServerHabit.NoRestartOfDownloads))
        {
            try
            {
                await ReadAsync(connection, end, cancellationToken).ConfigureAwait(false);
            }
            catch (FtpCommandException e) when (e.Verb == "REST" && e.Reply.IsPermanentNegative)
            {
                connection.Tell($"The server can't begin in the middle of '{item.FullName}', so the complete file is read. ({e.Message})");
                Bytes = null;
            }
        }

        return Meter.Result(FtpTransferDirection.Download, FtpTransferType.Binary, Attempt);
    }

    /// <inheritdoc/>
    protected override FtpException? Leave(Exception e) => null;

    private async Task ReadAsync(FtpConnection connection, long size, CancellationToken cancellationToken)
    {
        var block = firstBlock;
        Start = Before(size, block);
        var bytes = await ReadLastAsync(connection, size, cancellationToken).ConfigureAwait(false);
        while (bytes is not null && Start > 0 && !hasEnough(bytes, Start))
        {
            if (bytes.Length > MostBytes)
                throw new FtpException(FtpErrorKind.CommandNotSupported, FormattableString.Invariant($"The specified lines at the end of '{item.FullName}' have more than {MostBytes} bytes, which is too large for the memory. To save the file, use Receive-FtpItem."), item.FullName);
            block *= 2;
            var from = Before(Start, block);
            var before = await ReadRangeAsync(connection, from, Start - from, cancellationToken).ConfigureAwait(false);
            if (before.Length != Start - from)
                throw FileRead.Incomplete(item.FullName, from + before.Length, size);
            bytes = [.. before, .. bytes];
            Start = from;
        }

        if (bytes is not null && Start > 0 && IsHeadWanted?.Invoke(bytes) == true)
            Head = await ReadRangeAsync(connection, 0, 4, cancellationToken).ConfigureAwait(false);
        Bytes = bytes;
    }

    /// <summary>A byte that no character of an encoding with two or four bytes each crosses.</summary>
    private static long Before(long end, long block) => Math.Max(0, end - block) & ~3L;

    /// <returns>Null when it was not the end that came, but the file from its beginning.</returns>
    private async Task<byte[]?> ReadLastAsync(FtpConnection connection, long size, CancellationToken cancellationToken)
    {
        var expected = size - Start;
        var most = expected + MostGrowth;
        var last = new MemoryStream();
        void Take(byte[] buffer, int count)
        {
            Meter.Add(count);
            last.Write(buffer, 0, count);
            if (last.Length > most && Start > 0)
                throw new RangeEndException();
        }

        await connection.Transfers.RetrieveAsync(item.FullName, FtpTransferType.Binary, expected, Start, Take, isTimeWanted: false, IsFollowed, cancellationToken).ConfigureAwait(false);
        if (last.Length == expected)
            return last.ToArray();
        var now = await connection.Files.SizeAsync(item.FullName, cancellationToken).ConfigureAwait(false) ?? size;
        if (last.Length < expected)
            throw FileRead.Incomplete(item.FullName, Start + last.Length, now);
        // It has grown meanwhile, as logs do; or REST was taken and forgotten.
        if (Start == 0 || Start + last.Length <= now)
            return last.ToArray();
        connection.Habits.Learn(ServerHabit.NoRestartOfDownloads, FormattableString.Invariant($"{last.Length} bytes of '{item.FullName}' after REST {Start} and RETR, of which there are {now} in all"));
        connection.Tell($"The server can't begin in the middle of '{item.FullName}', so the complete file is read.");
        return null;
    }

    private async Task<byte[]> ReadRangeAsync(FtpConnection connection, long from, long count, CancellationToken cancellationToken)
    {
        var range = new MemoryStream();
        await connection.Transfers.RetrieveRangeAsync(item.FullName, from, count, (buffer, got) =>
        {
            Meter.Add(got);
            range.Write(buffer, 0, got);
        }, cancellationToken).ConfigureAwait(false);
        return range.ToArray();
    }
}
