using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.Protocol;

namespace FtpTools.Transfer;

/// <summary>
/// One file up: to a part beside the target, checked, then renamed onto it, so that a broken transfer leaves the former
/// file as it was and nobody ever sees half a file.
/// </summary>
internal sealed class FileUpload : FileTransfer
{
    /// <summary>How long the part's removal may take after a cancel (the prompt is due back within a second) and after a failure.</summary>
    private static readonly TimeSpan _cancelledRemoval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _failedRemoval = TimeSpan.FromSeconds(5);

    private readonly Stream _content;
    private readonly string _source;
    private readonly string _target;
    private readonly long? _length;
    private readonly long _origin;
    private readonly DateTime? _time;
    private readonly bool _isDirect;
    private readonly PartName _name;
    private readonly TransferMeter _meter;
    private string? _part;
    private IReadOnlyList<FtpItem> _useless = [];
    private bool _isChecked;
    private bool _isOurs;
    private bool _isResumed;
    private ContentHash? _hash;

    /// <summary>An upload.</summary>
    /// <param name="content">Read from where it stands.</param>
    /// <param name="source">The local path; empty for a stream that is no file.</param>
    /// <param name="target">The absolute remote path.</param>
    /// <param name="options">How, with the type filled in.</param>
    /// <param name="limiter">The rate limit of the call; null for none.</param>
    /// <param name="progress">Told of it; null for nobody.</param>
    public FileUpload(Stream content, string source, string target, FtpTransferOptions options, RateLimiter? limiter, IProgress<FtpProgress>? progress)
        : base(options, limiter)
    {
        _content = content;
        _source = source;
        _target = target;
        _isDirect = options.Direct || options.Append;
        if (content.CanSeek)
        {
            _origin = content.Position;
            _length = content.Length - content.Position;
        }

        _time = source.Length > 0 ? LocalFile.Guard(source, "read the time of", () => File.GetLastWriteTimeUtc(source)) : null;
        _name = new PartName(FtpPath.Name(target), _length, _time);
        _meter = new TransferMeter(progress, source, target, _length);
    }

    /// <inheritdoc/>
    protected override bool CanRepeat => !Options.Append && (_content.CanSeek || _meter.Count == 0);

    /// <inheritdoc/>
    protected override async Task<FtpTransferResult> TryAsync(FtpConnection connection, CancellationToken cancellationToken)
    {
        // The first try may have ended before it came to this.
        if (!_isChecked && await SkipAsync(connection, cancellationToken).ConfigureAwait(false))
            return _meter.Result(FtpTransferDirection.Upload, Type, Attempt) with { Status = FtpTransferStatus.Skipped };
        _isChecked = true;
        try
        {
            var offset = await FindOffsetAsync(connection, cancellationToken).ConfigureAwait(false);
            var written = _part ?? _target;
            _isResumed |= offset > 0;
            var mode = offset > 0 && offset == _length
                ? Skip(offset)
                : (await StoreAsync(connection, written, offset, cancellationToken).ConfigureAwait(false)).Mode;
            var verification = await VerifyAsync(connection, written, cancellationToken).ConfigureAwait(false);
            if (_part is not null)
            {
                await PutInPlaceAsync(connection, _part, cancellationToken).ConfigureAwait(false);
                await RemoveUselessAsync(connection).ConfigureAwait(false);
            }

            if (Options.PreserveTime == true && _time is { } time && !await connection.Files.TrySetModificationTimeAsync(_target, time, cancellationToken).ConfigureAwait(false))
                connection.Warn($"The time of '{_target}' could not be set: the server takes neither MFMT nor MDTM nor SITE UTIME for it.");
            return _meter.Result(FtpTransferDirection.Upload, Type, Attempt) with { Mode = mode, Verification = verification, Resumed = _isResumed };
        }
        catch (Exception e) when (!WillRetry(e, cancellationToken))
        {
            if (_part is null)
                throw;
            if (IsToBeKept(e, _meter.Count) && (e as FtpException)?.Kind != FtpErrorKind.CommandNotSupported && IsToBeKept(e, await CountArrivedAsync(connection, _part, _meter.Count, cancellationToken).ConfigureAwait(false)))
                throw (e as FtpException)?.Adding($"What has arrived is kept for -Resume in '{_part}'.") ?? e;
            await RemoveAsync(connection, _part, cancellationToken.IsCancellationRequested ? _cancelledRemoval : _failedRemoval).ConfigureAwait(false);
            throw;
        }
        finally
        {
            _hash?.Dispose();
            _hash = null;
        }
    }

    private async Task<bool> SkipAsync(FtpConnection connection, CancellationToken cancellationToken)
    {
        await CheckOptionsAsync(connection, _target, cancellationToken).ConfigureAwait(false);
        if (Options.NoClobber && await connection.Directories.ExistsAsync(_target, cancellationToken).ConfigureAwait(false))
            throw new FtpException(FtpErrorKind.AlreadyExists, $"'{_target}' is on the server already and was left as it is.", _target);
        if (Options.Update && await connection.Listings.FindAsync(_target, cancellationToken).ConfigureAwait(false) is { } there)
        {
            var (time, precision) = await TimeAsync(connection, there, cancellationToken).ConfigureAwait(false);
            if (IsUpToDate(_length, _time, there.ExactLength, time, precision))
            {
                _meter.Begin(_length ?? 0);
                return true;
            }
        }

        if (Options.CreateParents)
            await connection.Directories.MakeDirectoriesAsync(FtpPath.Parent(_target), cancellationToken).ConfigureAwait(false);
        return false;
    }

    /// <summary>How many bytes the server has already; chooses the part that is written to.</summary>
    private async Task<long> FindOffsetAsync(FtpConnection connection, CancellationToken cancellationToken)
    {
        // What stands under the target's own name is a former file until a try has begun to write it.
        var isResuming = _isDirect ? Options.Resume || _isOurs : _part is not null;
        if (!_isDirect && _part is null)
        {
            var names = Options.Resume ? await FormerParts.FindAsync(connection, _target, _name, cancellationToken).ConfigureAwait(false) : [];
            var found = names.Where(item => _name.IsOfSource(item.Name)).OrderByDescending(item => item.Length ?? 0).FirstOrDefault();
            if (found is null && names.Count > 0)
                connection.Tell($"'{_source}' has changed since '{names[0].FullName}' was sent as a part of it, so it is sent from the beginning.");
            _useless = [.. names.Where(item => !_name.IsOfSource(item.Name))];
            _part = found?.FullName ?? FtpPath.Child(FtpPath.Parent(_target), _name.New());
            isResuming = found is not null;
        }

        if (!isResuming || Options.Append || Type == FtpTransferType.Ascii || _length is null)
            return 0;
        var offset = await connection.Files.SizeAsync(_part ?? _target, cancellationToken).ConfigureAwait(false) ?? 0;
        return offset <= _length ? offset : 0;
    }

    private async Task<DataOutcome> StoreAsync(FtpConnection connection, string written, long offset, CancellationToken cancellationToken)
    {
        var append = Options.Append || (offset > 0 && connection.Habits.Has(ServerHabit.NoRestartOfUploads));
        try
        {
            return await SendAsync(append).ConfigureAwait(false);
        }
        catch (FtpCommandException e) when (offset > 0 && !append && e.Reply.IsPermanentNegative && _meter.Count == offset)
        {
            // Some servers take REST before RETR alone; the end of the part is where APPE goes on by itself.
            connection.Habits.Learn(ServerHabit.NoRestartOfUploads, e.Reply.ToString());
            return await SendAsync(true).ConfigureAwait(false);
        }

        Task<DataOutcome> SendAsync(bool append) => connection.Transfers.StoreAsync(
            written, _target, append, Type, Type == FtpTransferType.Binary ? _length - offset : null, append ? 0 : offset, () => Start(connection, offset, cancellationToken), IsFollowed, cancellationToken);
    }

    /// <summary>Begins with the byte behind what the server has; null when that was read already and the stream cannot go back.</summary>
    private Func<byte[], int>? Start(FtpConnection connection, long offset, CancellationToken cancellationToken)
    {
        if (!_content.CanSeek && _meter.Count > 0)
            return null;
        Skip(offset);
        if (Options.Verify == FtpVerification.Hash)
        {
            _hash?.Dispose();
            _hash = new ContentHash(connection.Hashes.HashAlgorithm!);
            if (_content.CanSeek)
                _content.Position = _origin;
            LocalFile.Guard(_source, "read", () => _hash.Add(_content, offset));
        }

        if (_content.CanSeek)
            _content.Position = _origin + offset;
        Func<byte[], int> read = buffer => Read(buffer, cancellationToken);
        return Type == FtpTransferType.Ascii ? AsciiText.ToWire(read) : read;
    }

    private FtpMode? Skip(long offset)
    {
        _meter.Begin(offset);
        return null;
    }

    private int Read(byte[] buffer, CancellationToken cancellationToken)
    {
        var count = LocalFile.Guard(_source, "read", () => _content.Read(buffer, 0, Portion(buffer.Length)));
        _isOurs = true;
        _hash?.Add(buffer, count);
        _meter.Add(count);
        Limit(count, cancellationToken);
        return count;
    }

    private async Task<FtpVerification> VerifyAsync(FtpConnection connection, string written, CancellationToken cancellationToken)
    {
        // In the ASCII type the server's copy has its own line ends, and after APPE its own beginning.
        if (Type == FtpTransferType.Ascii || Options.Append || Options.Verify == FtpVerification.None)
            return FtpVerification.None;
        var sent = _meter.Count;
        var size = await connection.Files.SizeAsync(written, cancellationToken).ConfigureAwait(false);
        if (size is not null && size != sent)
            throw Differs($"{sent} bytes were sent, and the server has {size} of them. Try again; if it stays so, the server's disk or quota may be full.");
        if (Options.Verify != FtpVerification.Hash)
            return size is null ? FtpVerification.None : FtpVerification.Size;
        if (_hash is null)
            Start(connection, sent, cancellationToken);
        var here = _hash!.Finish();
        var there = await connection.Hashes.HashAsync(written, cancellationToken).ConfigureAwait(false);
        return here == there ? FtpVerification.Hash : throw Differs($"its {connection.Hashes.HashAlgorithm} hash is {there} on the server and {here} here. Try again; if it stays so, something changes files on the way.");
    }

    private FtpException Differs(string how) => new(
        FtpErrorKind.VerificationFailed, $"'{_target}' {(_isDirect ? "is not complete" : "was not replaced")}: {how}", _target);

    private async Task PutInPlaceAsync(FtpConnection connection, string part, CancellationToken cancellationToken)
    {
        try
        {
            await connection.Files.RenameAsync(part, _target, cancellationToken).ConfigureAwait(false);
            _part = null;
        }
        catch (FtpCommandException e)
        {
            await RemoveAsync(connection, part, _failedRemoval).ConfigureAwait(false);
            _part = null;
            throw new FtpCommandException(
                e.Kind, $"{e.Message} The file was sent under a temporary name, which could not be renamed and was removed; -Direct writes '{_target}' in place.", e.Reply, _target);
        }
    }

    /// <summary>How much of what was sent is on the server: where its disk is full it is mostly less, and may be nothing.</summary>
    /// <param name="connection">To the server.</param>
    /// <param name="part">What it was sent to.</param>
    /// <param name="unknown">What to take it for when it cannot be asked.</param>
    /// <param name="cancellationToken">When it is cancelled there is no time to ask.</param>
    private static async Task<long> CountArrivedAsync(FtpConnection connection, string part, long unknown, CancellationToken cancellationToken)
    {
        if (!connection.IsOpen || cancellationToken.IsCancellationRequested)
            return unknown;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(_failedRemoval);
        try
        {
            return await connection.Files.SizeAsync(part, stop.Token).ConfigureAwait(false) ?? unknown;
        }
        catch (Exception e) when (e is FtpException or OperationCanceledException)
        {
            return unknown;
        }
    }

    /// <summary>Removes the parts of former states of the source, unless they have grown meanwhile: somebody is sending one then.</summary>
    private async Task RemoveUselessAsync(FtpConnection connection)
    {
        foreach (var item in _useless)
        {
            if (await CountArrivedAsync(connection, item.FullName, -1, CancellationToken.None).ConfigureAwait(false) != item.Length)
                continue;
            connection.Tell($"'{item.FullName}', which an earlier transfer to '{_target}' had left, is removed.");
            await RemoveAsync(connection, item.FullName, _failedRemoval).ConfigureAwait(false);
        }
    }

    private static async Task RemoveAsync(FtpConnection connection, string part, TimeSpan bound)
    {
        if (!connection.IsOpen)
            return;
        using var stop = new CancellationTokenSource(bound);
        try
        {
            await connection.Files.DeleteFileAsync(part, stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FtpException or OperationCanceledException)
        {
            // The transfer's own failure is what the caller must hear of; the refusal is in the log.
        }
    }
}
