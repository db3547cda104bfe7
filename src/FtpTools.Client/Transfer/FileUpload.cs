using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Transfer;

/// <summary>
/// One file up: to a temporary name beside the target, checked, then renamed onto it, so that a broken transfer leaves
/// the former file as it was and nobody ever sees half a file.
/// </summary>
internal sealed class FileUpload(
    FtpConnection connection, Stream content, string source, string target, FtpTransferOptions options, IProgress<FtpProgress>? progress)
{
    /// <summary>How long the temporary file's removal may take after a cancel (the prompt is due back within a second) and after a failure.</summary>
    private static readonly TimeSpan _cancelledRemoval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _failedRemoval = TimeSpan.FromSeconds(5);

    private readonly TransferMeter _meter = new(progress, source, target, content.CanSeek ? content.Length - content.Position : null);
    private readonly FtpTransferType _type = options.TransferType ?? FtpTransferType.Binary;

    /// <summary>Sends the file.</summary>
    public async Task<FtpTransferResult> RunAsync(CancellationToken cancellationToken)
    {
        if (options.NoClobber && await connection.ExistsAsync(target, cancellationToken).ConfigureAwait(false))
            throw new FtpException(FtpErrorKind.AlreadyExists, $"'{target}' is on the server already and was left as it is.", target);
        if (options.CreateParents)
            await connection.MakeDirectoriesAsync(FtpPath.Parent(target), cancellationToken).ConfigureAwait(false);

        var direct = options.Direct || options.Append;
        var written = direct ? target : TemporaryName.Beside(FtpPath.Parent(target), FtpPath.Child);
        try
        {
            var outcome = await connection.StoreAsync(written, target, options.Append, _type, Start, cancellationToken).ConfigureAwait(false);
            var verification = await VerifyAsync(written, cancellationToken).ConfigureAwait(false);
            if (!direct)
                await PutInPlaceAsync(written, cancellationToken).ConfigureAwait(false);
            return _meter.Result(FtpTransferDirection.Upload, outcome.Mode, _type, verification);
        }
        catch
        {
            if (!direct)
                await RemoveAsync(written, cancellationToken.IsCancellationRequested ? _cancelledRemoval : _failedRemoval).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Begins with the first byte; null when that was read already and the stream cannot go back.</summary>
    private Func<byte[], int>? Start()
    {
        if (_meter.Count > 0)
        {
            if (!content.CanSeek)
                return null;
            content.Position -= _meter.Count;
            _meter.Restart();
        }

        return _type == FtpTransferType.Ascii ? AsciiText.ToWire(Read) : Read;
    }

    private int Read(byte[] buffer)
    {
        var count = LocalFile.Guard(source, "read", () => content.Read(buffer, 0, buffer.Length));
        _meter.Add(count);
        return count;
    }

    private async Task<FtpVerification> VerifyAsync(string written, CancellationToken cancellationToken)
    {
        // In the ASCII type the server's copy has its own line ends, and after APPE its own beginning.
        if (_type == FtpTransferType.Ascii || options.Append)
            return FtpVerification.None;
        if (await connection.SizeAsync(written, cancellationToken).ConfigureAwait(false) is not { } size)
            return FtpVerification.None;
        if (size == _meter.Count)
            return FtpVerification.Size;
        throw new FtpException(
            FtpErrorKind.VerificationFailed,
            $"'{target}' {(options.Direct ? "is not complete" : "was not replaced")}: {_meter.Count} bytes were sent, and the server has {size} of them. Try again; if it stays so, the server's disk or quota may be full.", target);
    }

    private async Task PutInPlaceAsync(string temporary, CancellationToken cancellationToken)
    {
        try
        {
            await connection.RenameAsync(temporary, target, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpCommandException e)
        {
            throw new FtpCommandException(
                e.Kind, $"{e.Message} The file was sent under a temporary name, which could not be renamed and was removed; -Direct writes '{target}' in place.", e.Reply, target);
        }
    }

    private async Task RemoveAsync(string temporary, TimeSpan bound)
    {
        if (!connection.IsOpen)
            return;
        using var stop = new CancellationTokenSource(bound);
        try
        {
            await connection.DeleteFileAsync(temporary, stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FtpException or OperationCanceledException)
        {
            // The transfer's own failure is what the caller must hear of; the refusal is in the log.
        }
    }
}
