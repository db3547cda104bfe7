using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Transfer;

/// <summary>One file down: to a temporary name beside the target, checked, then moved onto it.</summary>
internal sealed class FileDownload(FtpConnection connection, FtpItem item, string target, FtpTransferOptions options, IProgress<FtpProgress>? progress)
{
    // The length of a link is that of the name it holds.
    private readonly long? _expected = item.ItemType == FtpItemType.File ? item.Length : null;
    private readonly TransferMeter _meter = new(progress, item.FullName, target, item.ItemType == FtpItemType.File ? item.Length : null);
    private readonly FtpTransferType _type = options.TransferType ?? FtpTransferType.Binary;
    private long _received;

    /// <summary>Receives the file.</summary>
    public async Task<FtpTransferResult> RunAsync(CancellationToken cancellationToken)
    {
        var directory = Path.GetDirectoryName(target)!;
        if (Directory.Exists(target))
            throw new FtpException(FtpErrorKind.LocalFileError, $"'{item.FullName}' was not received: '{target}' is a directory.", item.FullName);
        if (options.NoClobber && File.Exists(target))
            throw new FtpException(FtpErrorKind.AlreadyExists, $"'{target}' is there already and was left as it is.", item.FullName);
        if (options.CreateParents)
            LocalFile.Guard(directory, "make the directory of", () => Directory.CreateDirectory(directory));
        else if (!Directory.Exists(directory))
            throw new FtpException(FtpErrorKind.LocalFileError, $"'{item.FullName}' was not received: there is no directory '{directory}'. -Force makes it.", item.FullName);

        // A device (/dev/null) is written to; a file put in its place would be the end of it.
        var isDevice = LocalFile.IsDevicePath(target, Compat.IsWindows);
        var direct = options.Direct || isDevice;
        var written = direct ? target : TemporaryName.Beside(directory, Path.Combine);
        try
        {
            var outcome = await RetrieveAsync(written, direct, cancellationToken).ConfigureAwait(false);
            var verification = await VerifyAsync(direct, cancellationToken).ConfigureAwait(false);
            if (outcome.IsTruncated && verification == FtpVerification.None)
                throw FtpConnection.Truncated($"'{item.FullName}'", item.FullName);
            if (options.PreserveTime && !isDevice && await TimeAsync(cancellationToken).ConfigureAwait(false) is { } time)
                SetTime(written, time);
            if (!direct)
                LocalFile.Guard(target, "put in place", () => Move(written));
            return _meter.Result(FtpTransferDirection.Download, outcome.Mode, _type, verification);
        }
        catch
        {
            if (!direct)
                Remove(written);
            throw;
        }
    }

    private async Task<DataOutcome> RetrieveAsync(string written, bool direct, CancellationToken cancellationToken)
    {
        using var file = LocalFile.Create(written, overwrite: direct);
        if (!direct)
            LocalFile.Guard(written, "set the access to", () => KeepAccess(written));
        var text = _type == FtpTransferType.Ascii ? AsciiText.FromWire(Write, Compat.IsWindows) : null;
        void Write(byte[] buffer, int count)
        {
            LocalFile.Guard(written, "write", () => WriteAll(file, buffer, count));
            _meter.Add(count);
        }

        var outcome = await connection.RetrieveAsync(
            item.FullName,
            _type,
            _type == FtpTransferType.Binary ? _expected : null,
            (buffer, count) =>
            {
                _received += count;
                if (text is null)
                    Write(buffer, count);
                else
                    text.Feed(buffer, count);
            },
            cancellationToken).ConfigureAwait(false);
        text?.Complete();
        return outcome;
    }

    /// <summary>
    /// The end of the data connection looks the same whether the file ended or the sender did, so the size decides. The
    /// listing's may be out of date: when it differs, the server is asked again.
    /// </summary>
    private async Task<FtpVerification> VerifyAsync(bool direct, CancellationToken cancellationToken)
    {
        if (_type == FtpTransferType.Ascii)
            return FtpVerification.None;
        if (_expected == _received)
            return FtpVerification.Size;
        var size = await connection.SizeAsync(item.FullName, cancellationToken).ConfigureAwait(false) ?? _expected;
        if (size is null)
            return FtpVerification.None;
        if (size == _received)
            return FtpVerification.Size;
        throw new FtpException(
            FtpErrorKind.TransferIncomplete,
            $"'{item.FullName}' was not received whole: {_received} bytes came, and the server has {size}. '{target}' {(direct ? "holds them" : "was left as it was")}. Try again; if it stays so, another program may be writing the file.",
            item.FullName);
    }

    private async Task<DateTime?> TimeAsync(CancellationToken cancellationToken)
    {
        if (item.TimePrecision >= FtpTimePrecision.Second && item.ItemType == FtpItemType.File)
            return item.LastWriteTimeUtc;
        // LIST tells minutes at best, in a time zone of the server's choice.
        return await connection.ModificationTimeAsync(item.FullName, cancellationToken).ConfigureAwait(false);
    }

    private static bool WriteAll(FileStream file, byte[] buffer, int count)
    {
        file.Write(buffer, 0, count);
        return true;
    }

    private void SetTime(string written, DateTime time)
    {
        try
        {
            File.SetLastWriteTimeUtc(written, time);
        }
        catch (Exception e) when (LocalFile.IsFileFailure(e) || e is ArgumentOutOfRangeException)
        {
            // Not every file system has times, and Windows' begin in 1601; the file itself is whole.
            connection.Warn($"The time of '{target}' could not be set to that of '{item.FullName}': {e.Message}");
        }
    }

    private bool KeepAccess(string written)
    {
        Compat.KeepAccess(target, written);
        return true;
    }

    private bool Move(string written)
    {
        Compat.MoveOver(written, target);
        return true;
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (LocalFile.IsFileFailure(e))
        {
            // The transfer's own failure is what the caller must hear of.
        }
    }
}
