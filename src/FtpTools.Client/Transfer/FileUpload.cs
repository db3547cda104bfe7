using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.Protocol;

namespace FtpTools.Transfer;

/// <summary>
/// One file up: to a part beside the target, checked, then renamed onto it, so that a broken transfer leaves the former
/// file as it was and nobody ever sees half a file.
/// </summary>
internal sealed partial class FileUpload : FileTransfer
{
    private readonly UploadContent _content;
    private readonly string _source;
    private readonly string _target;
    private readonly DateTime? _time;
    private readonly PartsOfUpload _parts;
    private readonly NameInPlace _place;
    private readonly ReadBack _back;
    private readonly UploadResume _resume;
    private readonly TransferMeter _meter;
    private readonly FormerPermission _former;
    private bool _isDirect;
    private bool _isInPlace; // for want of another way, where there was no such file
    private string? _part;
    private bool _isChecked;
    private bool _isResumed;

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
        _source = source;
        _target = target;
        _isDirect = options.Direct || options.Append;
        long? length = content.CanSeek ? content.Length - content.Position : null;
        _meter = new TransferMeter(progress, source, target, length);
        _content = new UploadContent(content, source, options.Verify == FtpVerification.Hash, Type == FtpTransferType.Ascii, limiter) { Meter = _meter };
        _time = source.Length > 0 ? LocalFile.Guard(source, "get the time of the local file", () => File.GetLastWriteTimeUtc(source)) : null;
        _parts = new PartsOfUpload(source, target, new PartName(FtpPath.Name(target), length, _time, options.TemporaryName));
        _place = new NameInPlace(target, _parts, options.BackupPath);
        _former = new FormerPermission(options.FormerPermission, _isDirect);
        _back = new ReadBack(_content);
        _resume = new UploadResume(_content, _back);
    }

    protected override bool CanRepeat => !Options.Append && _content.CanBegin;

    protected override TransferMeter Meter => _meter;

    protected override FtpException? Leave(Exception e) => (e as FtpException)?.NamingForce(_target, Options.CreateParents) is not { } failure ? null
        : _place.Telling(_part is null || !_content.IsBegun ? failure
            : failure.Adding(IsPartToBeKept(e, _meter.Count) ? $"The part that arrived is kept for -Resume in '{_part}'." : $"The temporary file '{_part}' could not be removed, and may remain on the server."));

    protected override string? KeptPart(Exception e) => _content.IsBegun && IsPartToBeKept(e, _meter.Count) ? _part : null;

    protected override async Task<FtpTransferResult> TryAsync(FtpConnection connection, CancellationToken cancellationToken)
    {
        // The first try may have ended before it came to this.
        if (!_isChecked && await SkipAsync(connection, cancellationToken).ConfigureAwait(false))
            return _meter.Result(FtpTransferDirection.Upload, Type, Attempt) with { Status = FtpTransferStatus.Skipped };
        _isChecked = true;
        try
        {
            FtpMode? mode;
            Proof proof;
            do
            {
                if (!_isDirect && (connection.Habits.Has(ServerHabit.NoRename) || (connection.Habits.Has(ServerHabit.NoTemporaryNames) && !_parts.IsChosen)))
                    await GoInPlaceAsync(connection, cancellationToken).ConfigureAwait(false);
                mode = await SendRestAsync(connection, cancellationToken).ConfigureAwait(false);
                _content.RequireUnchanged(_time, _target, Options.Append);
                proof = await VerifyAsync(connection, _part ?? _target, cancellationToken).ConfigureAwait(false);
            }
            while (_part is not null && !await TakeNameAsync(connection, _part, cancellationToken).ConfigureAwait(false));
            await connection.Directories.RequireNameAsync(_target, cancellationToken).ConfigureAwait(false);
            await _former.RestoreAsync(connection, _target, cancellationToken).ConfigureAwait(false);
            if (Options.PreserveTime == true && _time is { } time && !await connection.Files.TrySetModificationTimeAsync(_target, time, cancellationToken).ConfigureAwait(false))
                connection.Warn($"The time of '{_target}' could not be set, because the server doesn't accept MFMT, MDTM or SITE UTIME for it.");
            return _meter.Result(FtpTransferDirection.Upload, Type, Attempt, proof) with { Mode = mode, Resumed = _isResumed };
        }
        catch (Exception e) when (!WillRetry(e, cancellationToken))
        {
            await LeaveAsync(connection, e, cancellationToken).ConfigureAwait(false);
            throw;
        }
        finally
        {
            _content.Dispose();
        }
    }

    private async Task<bool> SkipAsync(FtpConnection connection, CancellationToken cancellationToken)
    {
        await CheckOptionsAsync(connection, _target, cancellationToken).ConfigureAwait(false);
        if (Options.TemporaryName is { } pattern && TemporaryName.IsSuch(pattern, FtpPath.Name(_target)))
            throw new FtpException(FtpErrorKind.InvalidName, $"'{_target}' wasn't sent, because its name matches -TemporaryName '{pattern}', so it could be mistaken for the temporary file of another transfer. Specify a different pattern.", _target);
        if (Options.NoClobber && await connection.Directories.ExistsAsync(_target, cancellationToken).ConfigureAwait(false))
            throw new FtpException(FtpErrorKind.AlreadyExists, $"'{_target}' already exists on the server and was left unchanged.", _target);
        if (Options.Update && await connection.Listings.FindAsync(_target, cancellationToken).ConfigureAwait(false) is { } there)
        {
            var (time, precision) = await TimeAsync(connection, _former.Take(there), cancellationToken).ConfigureAwait(false);
            if (IsUpToDate(_content.Length, _time, there.ExactLength, time, precision))
            {
                _meter.Begin(_content.Length ?? 0);
                return true;
            }
        }

        if (Options.CreateParents)
            await connection.Directories.MakeDirectoriesAsync(FtpPath.Parent(_target), cancellationToken).ConfigureAwait(false);
        return false;
    }

    /// <summary>Sends what the server does not have yet.</summary>
    /// <returns>The command that opened the data connection; null when none was needed.</returns>
    private async Task<FtpMode?> SendRestAsync(FtpConnection connection, CancellationToken cancellationToken)
    {
        var offset = await FindOffsetAsync(connection, cancellationToken).ConfigureAwait(false);
        _isResumed |= offset > 0;
        if (offset > 0 && offset == _content.Length)
        {
            _meter.Begin(offset);
            return null;
        }

        if (offset > 0)
        {
            if (await _resume.TryAsync(connection, _part ?? _target, offset, append => SendAsync(connection, append, offset, cancellationToken), cancellationToken).ConfigureAwait(false) is { } outcome)
                return outcome.Mode;
            connection.Tell($"The server can't reliably continue '{_part ?? _target}', so '{_source}' is sent from the beginning.");
            _isResumed = false;
            await DropPartAsync(connection, cancellationToken).ConfigureAwait(false);
        }

        return (await StoreAsync(connection, cancellationToken).ConfigureAwait(false)).Mode;
    }

    /// <summary>How many bytes the server has already; chooses the part that is written to.</summary>
    private async Task<long> FindOffsetAsync(FtpConnection connection, CancellationToken cancellationToken)
    {
        // What stands under the target's own name is a former file until a try has begun to write it.
        var isResuming = _isDirect ? Options.Resume || _content.IsBegun : _part is not null;
        var isFound = false;
        if (!_isDirect && _part is null)
        {
            (_part, isFound) = await _parts.ChooseAsync(connection, Options.Resume, cancellationToken).ConfigureAwait(false);
            isResuming = isFound;
        }

        if (!isResuming || Options.Append || Type == FtpTransferType.Ascii || _content.Length is null)
            return 0;
        var written = _part ?? _target;
        var offset = await connection.Files.SizeAsync(written, cancellationToken).ConfigureAwait(false);
        if (offset is null && !connection.Habits.HasSize)
            offset = (await connection.Listings.FindAsync(written, cancellationToken).ConfigureAwait(false))?.ExactLength;
        var isGood = offset > 0 && offset <= _content.Length;
        // Neither a name that the user chose nor the target's own tells which state of the source it holds a part of.
        if (isGood && (_isDirect ? !_content.IsBegun : isFound && _parts.IsChosen) && !await _back.IsLikeAsync(connection, written, offset!.Value, cancellationToken).ConfigureAwait(false))
        {
            connection.Tell($"'{written}' can't be read, or its end differs from '{_source}' at this position, so the file is sent from the beginning.");
            isGood = false;
        }

        if (isGood)
            return offset!.Value;
        if (offset is not null || !isFound)
            await DropPartAsync(connection, cancellationToken).ConfigureAwait(false);
        return 0;
    }

    /// <summary>Begins another part: a server that lets nobody write to a file that is there takes nothing for this one, whether it shows it (ProFTPD's AllowOverwrite) or not (HiddenStores).</summary>
    private async Task DropPartAsync(FtpConnection connection, CancellationToken cancellationToken)
    {
        if (_part is null)
            return;
        await BoundedRemoval.TryAsync(connection, _part, cancellationToken).ConfigureAwait(false);
        _part = _parts.New(connection);
    }

    private Task<DataOutcome> SendAsync(FtpConnection connection, bool append, long offset, CancellationToken cancellationToken) => connection.Transfers.StoreAsync(
        _part ?? _target, _target, append, Type,
        Type == FtpTransferType.Binary ? _content.Length - offset : null,
        append ? 0 : offset,
        () => _content.Start(connection, offset, cancellationToken), IsFollowed, cancellationToken);

    private async Task<Proof> VerifyAsync(FtpConnection connection, string written, CancellationToken cancellationToken)
    {
        // In the ASCII type the server's copy has its own line ends, and after APPE its own beginning.
        if (Type == FtpTransferType.Ascii || Options.Append || Options.Verify == FtpVerification.None)
            return default;
        var sent = _meter.Count;
        var size = await connection.Files.SizeAsync(written, cancellationToken).ConfigureAwait(false);
        if (size is not null && size != sent)
            throw Differs($"{sent} bytes were sent, but the server reports {size}. Try again. If the error persists, {(size < sent ? "the server's disk or quota may be full" : "another program may be writing the file")}.");
        if (Options.Verify != FtpVerification.Hash)
            return new(size is null ? FtpVerification.None : FtpVerification.Size);
        var here = _content.Hash(connection, cancellationToken);
        var there = await connection.Hashes.HashAsync(written, null, cancellationToken).ConfigureAwait(false);
        return here == there ? new(FtpVerification.Hash, connection.Hashes.HashAlgorithm, here) : throw Differs($"its {connection.Hashes.HashAlgorithm} hash is {there} on the server, but {here} locally. Try again. If the error persists, files are being modified during the transfer.");
    }

    private FtpException Differs(string how) => new(
        FtpErrorKind.VerificationFailed, $"'{_target}' {(_isDirect ? "isn't complete" : "wasn't replaced")}: {how}", _target);

    /// <summary>Gives the part its name.</summary>
    /// <returns>False when the server cannot rename, and the part is gone.</returns>
    private async Task<bool> TakeNameAsync(FtpConnection connection, string part, CancellationToken cancellationToken)
    {
        bool isDone;
        try
        {
            isDone = await _place.TakeAsync(connection, part, cancellationToken).ConfigureAwait(false);
            _part = null;
        }
        catch (FtpException e) when (e.Kind == FtpErrorKind.AlreadyExists || e is FtpCommandException { Reply.IsPermanentNegative: true })
        {
            _part = null;
            if (!await BoundedRemoval.TryAsync(connection, part, cancellationToken).ConfigureAwait(false) && e.Kind != FtpErrorKind.PathNotFound)
                throw e.Adding($"In addition, '{part}' could not be removed and remains on the server.");
            throw;
        }

        if (isDone)
        {
            await _parts.RemoveUselessAsync(connection).ConfigureAwait(false);
            return true;
        }

        await BoundedRemoval.TryAsync(connection, part, cancellationToken).ConfigureAwait(false);
        connection.Warn($"The server can't rename files, so '{_target}' and all other new files are written directly. Until a file is complete, others can see a part of it.");
        return false;
    }

    private bool IsPartToBeKept(Exception e, long count) => IsToBeKept(e, count) && _part is { } part && _parts.IsKnownAgain(part);

    /// <summary>Leaves the server as it was after the last try, as long as it can be reached, but for a part that is worth keeping.</summary>
    private async Task LeaveAsync(FtpConnection connection, Exception e, CancellationToken cancellationToken)
    {
        await _place.TryPutBackAsync(connection, cancellationToken).ConfigureAwait(false);
        if (_isInPlace && _content.IsBegun)
            await BoundedRemoval.TryAsync(connection, _target, cancellationToken).ConfigureAwait(false);
        if (_part is not { } part || !connection.IsOpen || (IsPartToBeKept(e, _meter.Count) && IsToBeKept(e, await PartsOfUpload.CountArrivedAsync(connection, part, _meter.Count, cancellationToken).ConfigureAwait(false))))
            return;
        await BoundedRemoval.TryAsync(connection, part, cancellationToken).ConfigureAwait(false);
        _part = null;
    }
}
