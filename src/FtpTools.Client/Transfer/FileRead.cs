using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;

namespace FtpTools.Transfer;

/// <summary>The bytes of one file to whoever asked for them, without a local file.</summary>
internal sealed class FileRead : FileTransfer
{
    /// <summary>So much longer than it was a file may have become by the time it has come, which is twice as long besides: a log. What sends more sends without an end.</summary>
    private const long MostGrowth = 64 << 20;

    private readonly FtpItem _item;
    private readonly Func<byte[], int, bool> _take;
    private readonly Action? _begin;
    private readonly TransferMeter _meter;
    private bool _hasEnough;

    /// <summary>A read.</summary>
    /// <param name="item">The file, or a link to one.</param>
    /// <param name="options">How, with the type filled in.</param>
    /// <param name="take">Takes a buffer and the count of bytes in it, on the receiving thread; false when it has enough.</param>
    /// <param name="begin">Called before the first byte comes, for each try; null where the bytes cannot be taken again.</param>
    /// <param name="progress">Told of it; null for nobody.</param>
    public FileRead(FtpItem item, FtpTransferOptions options, Func<byte[], int, bool> take, Action? begin, IProgress<FtpProgress>? progress)
        : base(options, null)
    {
        _item = item;
        _take = take;
        _begin = begin;
        _meter = new TransferMeter(progress, item.FullName, "", item.ItemType == FtpItemType.File ? item.ExactLength : null);
    }

    /// <inheritdoc/>
    protected override TransferMeter Meter => _meter;

    /// <inheritdoc/>
    protected override bool CanRepeat => _begin is not null || _meter.Count == 0;

    /// <inheritdoc/>
    protected override async Task<FtpTransferResult> TryAsync(FtpConnection connection, CancellationToken cancellationToken)
    {
        // Asked anew: an item may be old, and what is less than the file has now is not all of it.
        var size = await connection.Files.SizeAsync(_item.FullName, cancellationToken).ConfigureAwait(false) ?? _meter.Length;
        _meter.Begin(0);
        _begin?.Invoke();
        var outcome = await connection.Transfers.RetrieveAsync(
            _item.FullName, FtpTransferType.Binary, size, 0, (buffer, count) => Take(buffer, count, size), isTimeWanted: false, IsFollowed, cancellationToken).ConfigureAwait(false);
        if (!_hasEnough)
            await RequireWholeAsync(connection, outcome, size, cancellationToken).ConfigureAwait(false);
        return _meter.Result(FtpTransferDirection.Download, FtpTransferType.Binary, Attempt) with { Mode = outcome.Mode, Verification = size is null || _hasEnough ? FtpVerification.None : FtpVerification.Size };
    }

    /// <inheritdoc/>
    protected override FtpException? Leave(Exception e) => null;

    private void Take(byte[] buffer, int count, long? size)
    {
        _meter.Add(count);
        if (_meter.Count - MostGrowth > size * 2)
            throw new FtpException(FtpErrorKind.VerificationFailed, FormattableString.Invariant($"The transfer of '{_item.FullName}' was stopped: the server reports {size} bytes, but {_meter.Count} bytes were received without an end."), _item.FullName);
        _hasEnough = !_take(buffer, count);
        if (_hasEnough)
            throw new RangeEndException();
    }

    /// <summary>The data connection ends alike whether the file ended or the sender did. A file that has grown meanwhile is whole as it was.</summary>
    private async Task RequireWholeAsync(FtpConnection connection, DataOutcome outcome, long? size, CancellationToken cancellationToken)
    {
        if (size is null && outcome.IsTruncated)
            throw Transfers.Truncated($"'{_item.FullName}'", _item.FullName);
        if (!(_meter.Count < size))
            return;
        var now = await connection.Files.SizeAsync(_item.FullName, cancellationToken).ConfigureAwait(false) ?? size;
        if (now != _meter.Count)
            throw Incomplete(_item.FullName, _meter.Count, now.Value);
    }

    /// <summary>The failure of what is shorter than the file.</summary>
    public static FtpException Incomplete(string path, long count, long size) => new(
        FtpErrorKind.TransferIncomplete,
        FormattableString.Invariant($"'{path}' wasn't received completely: {count} bytes were received, but the server reports {size}. Try again. If the error persists, another program may be writing the file."), path);
}
