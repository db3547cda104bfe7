using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;

namespace FtpTools.Transfer;

/// <summary>One file down: to a part beside the target, checked, then moved onto it.</summary>
internal sealed class FileDownload : FileTransfer
{
    private readonly FtpItem _item;
    private readonly DownloadTarget _target;
    private long? _expected;
    private readonly TransferMeter _meter;
    private readonly DownloadContent _content;
    private string? _kept; // the part, when the last try has ended and left it
    private bool _isChecked;
    private bool _isResumed;

    /// <summary>A download.</summary>
    /// <param name="item">The file, or a link to one.</param>
    /// <param name="target">The absolute local path.</param>
    /// <param name="options">How, with the type filled in.</param>
    /// <param name="limiter">The rate limit of the call; null for none.</param>
    /// <param name="progress">Told of it; null for nobody.</param>
    public FileDownload(FtpItem item, string target, FtpTransferOptions options, RateLimiter? limiter, IProgress<FtpProgress>? progress)
        : base(options, limiter)
    {
        _item = item;
        // The length of a link is that of the name it holds.
        _expected = item.ItemType == FtpItemType.File ? item.ExactLength : null;
        var parts = new PartsOfDownload(target, new PartName(Path.GetFileName(target), _expected, item.LastWriteTimeUtc));
        _target = new DownloadTarget(target, item.FullName, parts, options);
        _meter = new TransferMeter(progress, item.FullName, target, _expected);
        _content = new DownloadContent(Type == FtpTransferType.Ascii, limiter) { Meter = _meter };
    }

    /// <summary>The parts that there were before the call, to be removed when they are of no more use; null to leave them.</summary>
    public LocalParts? Parts { get; init; }

    /// <summary>Lends connections for a file that is divided; null for none.</summary>
    public ConnectionLender? Lend { get; init; }

    /// <inheritdoc/>
    protected override TransferMeter Meter => _meter;

    /// <inheritdoc/>
    protected override bool CanRepeat => !_target.IsDevice;

    /// <inheritdoc/>
    protected override async Task<FtpTransferResult> TryAsync(FtpConnection connection, CancellationToken cancellationToken)
    {
        // The first try may have ended before it came to this.
        if (!_isChecked && await SkipAsync(connection, cancellationToken).ConfigureAwait(false))
            return _meter.Result(FtpTransferDirection.Download, Type, Attempt) with { Status = FtpTransferStatus.Skipped };
        _isChecked = true;
        var (file, offset) = Open(connection);
        DataOutcome outcome = default;
        _isResumed |= offset > 0;
        if (offset == 0 || offset != _expected)
            outcome = await ReceiveAsync(connection, file, offset, cancellationToken).ConfigureAwait(false);
        else
            _content.Begin(offset);
        var proof = await VerifyAsync(connection, file, cancellationToken).ConfigureAwait(false);
        if (outcome.IsTruncated && proof.Verification == FtpVerification.None)
            throw Transfers.Truncated($"'{_item.FullName}'", _item.FullName);
        var time = Options.PreserveTime != false && !_target.IsDevice ? outcome.Time ?? await TimeAsync(connection, cancellationToken).ConfigureAwait(false) : null;
        _target.PutInPlace(connection, time, Parts);
        return _meter.Result(FtpTransferDirection.Download, Type, Attempt, proof) with { Mode = outcome.Mode, Resumed = _isResumed };
    }

    /// <inheritdoc/>
    protected override FtpException? Leave(Exception e)
    {
        // Not all that was received need have found room.
        if (!_target.IsDirect && IsToBeKept(e, _target.Length))
        {
            _kept = _target.Leave();
            return (e as FtpException)?.Adding($"The received part is kept for -Resume in '{_kept}'.");
        }

        _target.Discard(_content.IsBegun);
        return null;
    }

    /// <inheritdoc/>
    protected override string? KeptPart(Exception e) => _kept;

    private async Task<bool> SkipAsync(FtpConnection connection, CancellationToken cancellationToken)
    {
        await CheckOptionsAsync(connection, _item.FullName, cancellationToken).ConfigureAwait(false);
        _target.Require();
        var there = new FileInfo(_target.Path);
        if (Options.NoClobber && there.Exists)
            throw new FtpException(FtpErrorKind.AlreadyExists, $"'{_target.Path}' already exists and was left unchanged.", _item.FullName);
        if (Options.Update && there.Exists && await TimeAsync(connection, _item, cancellationToken).ConfigureAwait(false) is var (time, precision)
            && IsUpToDate(_expected, time, there.Length, there.LastWriteTimeUtc, precision))
        {
            _meter.Begin(_expected ?? there.Length);
            return true;
        }

        _target.RequirePlace();
        return false;
    }

    /// <summary>Opens the file that is written to, and tells how many of its bytes are of use.</summary>
    private (WrittenFile File, long Offset) Open(FtpConnection connection)
    {
        var (file, isResuming) = _target.Open(_content.IsBegun, connection.Tell);
        var length = isResuming && Type == FtpTransferType.Binary ? file.Length : 0;
        if (length == 0 || length > _expected)
            return (file, 0);
        if (length == _expected || !connection.Habits.Has(ServerHabit.NoRestartOfDownloads))
            return (file, length);
        connection.Tell($"The server can't continue at byte {length} of '{_item.FullName}', so it's received from the beginning.");
        return (file, 0);
    }

    private async Task<DataOutcome> ReceiveAsync(FtpConnection connection, WrittenFile file, long offset, CancellationToken cancellationToken)
    {
        if (await FindSegmentsAsync(connection, offset, cancellationToken).ConfigureAwait(false) is { } plan)
        {
            if (await ReceiveSegmentsAsync(connection, file, offset, plan.Count, plan.Size, cancellationToken).ConfigureAwait(false) is { } outcome)
                return outcome;
            (offset, _isResumed) = (0, false);
        }

        string why;
        try
        {
            var outcome = await RetrieveAsync(connection, file, offset, cancellationToken).ConfigureAwait(false);
            while (_content.IsCutOff)
                outcome = await RetrieveGrownAsync(connection, file, cancellationToken).ConfigureAwait(false);
            return outcome;
        }
        catch (FtpCommandException e) when (offset > 0 && e.Reply.IsPermanentNegative && _content.Received == offset && e.Kind is not (FtpErrorKind.PathNotFound or FtpErrorKind.PermissionDenied))
        {
            why = e.Message;
        }
        catch (RestartIgnoredException)
        {
            why = "It sent different content.";
        }

        connection.Tell($"The server can't continue at byte {offset} of '{_item.FullName}', so it's received from the beginning. ({why})");
        _isResumed = false;
        return await RetrieveAsync(connection, file, 0, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Into how many segments what is left of the file is divided, and the file's size; null when it is not.</summary>
    private async Task<(int Count, long Size)?> FindSegmentsAsync(FtpConnection connection, long offset, CancellationToken cancellationToken)
    {
        if (Options.Segments <= 1 || Lend is null || connection.Habits.Has(ServerHabit.NoRestartOfDownloads))
            return null;
        if (!_target.IsDirect)
            return await SegmentedDownload.PlanAsync(connection, _item, _expected, offset, Options.Segments, cancellationToken).ConfigureAwait(false);
        // A target with holes could not be told from one that is complete, or from its beginning.
        connection.Tell($"'{_target.Path}' is written directly, so '{_item.FullName}' is received over one connection.");
        return null;
    }

    /// <returns>Null when the server refuses to begin in the middle of the file.</returns>
    private async Task<DataOutcome?> ReceiveSegmentsAsync(FtpConnection connection, WrittenFile file, long offset, int count, long size, CancellationToken cancellationToken)
    {
        var time = Options.Verify == FtpVerification.None ? null : await connection.Files.ModificationTimeAsync(_item.FullName, cancellationToken).ConfigureAwait(false);
        var part = file.Path;
        file.Rename(PartName.Holey(part));
        file.Keep(offset);
        _meter.Begin(offset);
        var download = new SegmentedDownload(_item.FullName, file, offset, size, (e, tries) => WillRetryPart(connection, e, tries), bytes =>
        {
            lock (_meter)
                _meter.Add(bytes);
            Limit(bytes, cancellationToken);
        });
        connection.Tell($"'{_item.FullName}' is received in {count} segments.");
        bool isDone;
        try
        {
            var connections = Options.ThrottleLimit > 0 ? Options.ThrottleLimit : count;
            isDone = await download.RunAsync(count, connection, Lend!, connections - 1, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // What has no holes is a part like any other; in this order, for a killed process must not leave another one.
            _content.Received = download.Prefix;
            file.Keep(_content.Received);
            file.Rename(part);
            Attempt += download.Tries - 1;
            _isResumed |= download.HasGoneOn;
        }

        await connection.Login.RestoreAsync(cancellationToken).ConfigureAwait(false);
        if (!isDone)
            return null;
        // Each segment opened the file anew, and a file that took its place meanwhile may have the same size.
        if (time is not null && await connection.Files.ModificationTimeAsync(_item.FullName, cancellationToken).ConfigureAwait(false) is { } now && now != time)
            throw download.Changed();
        _content.Begin(size);
        return new DataOutcome(download.Mode, IsTruncated: false);
    }

    /// <summary>Goes on with a file of which more has come than it had when it was listed, if it has grown to that: some servers, or somebody between, send without an end.</summary>
    private async Task<DataOutcome> RetrieveGrownAsync(FtpConnection connection, WrittenFile file, CancellationToken cancellationToken)
    {
        await connection.Login.RestoreAsync(cancellationToken).ConfigureAwait(false);
        var size = await connection.Files.SizeAsync(_item.FullName, cancellationToken).ConfigureAwait(false);
        if (!(size >= _content.Received))
            throw _content.TooMuch(_item.FullName, size ?? _expected);
        _expected = size;
        return await RetrieveAsync(connection, file, _content.Received, cancellationToken).ConfigureAwait(false);
    }

    private async Task<DataOutcome> RetrieveAsync(FtpConnection connection, WrittenFile file, long offset, CancellationToken cancellationToken)
    {
        _content.Begin(offset);
        var overlap = offset > 0 ? new Overlap(offset) : null;
        var start = overlap?.Start ?? 0;
        var (take, complete) = _content.Into(file, overlap, _expected, Options.Verify != FtpVerification.None, cancellationToken);
        try
        {
            var outcome = await connection.Transfers.RetrieveAsync(
                _item.FullName, Type, Type == FtpTransferType.Binary ? _expected - start : null, start, take, IsTimeToBeAsked, IsFollowed, cancellationToken).ConfigureAwait(false);
            complete();
            return outcome;
        }
        catch (RestartIgnoredException)
        {
            if (overlap!.IsBeginningOf(file))
                connection.Habits.Learn(ServerHabit.NoRestartOfDownloads, $"the beginning of '{_item.FullName}' after REST {start} and RETR");
            throw;
        }
    }

    /// <summary>The data connection ends alike whether the file ended or the sender did, so the size decides; asked anew where the listing's differs.</summary>
    private async Task<Proof> VerifyAsync(FtpConnection connection, WrittenFile file, CancellationToken cancellationToken)
    {
        if (Type == FtpTransferType.Ascii || Options.Verify == FtpVerification.None)
            return default;
        var size = _expected;
        if (size != _content.Received)
            size = await connection.Files.SizeAsync(_item.FullName, cancellationToken).ConfigureAwait(false) ?? _expected;
        if (size is not null && size != _content.Received)
        {
            connection.Transfers.DoubtType();
            throw new FtpException(
                FtpErrorKind.TransferIncomplete,
                $"'{_item.FullName}' wasn't received completely: {_content.Received} bytes were received, but the server reports {size}. '{_target.Path}' {(_target.IsDirect ? "contains the incomplete file" : "was left unchanged")}. Try again. If the error persists, another program may be writing the file.",
                _item.FullName);
        }

        // What counts is what lies on the disk.
        if (!_target.IsDevice && file.Length != _content.Received)
            throw Differs($"{_content.Received} bytes of '{_item.FullName}' were received, but '{file.Path}' now has {file.Length}. Another program has written to it.");
        if (Options.Verify != FtpVerification.Hash)
            return new(size is null ? FtpVerification.None : FtpVerification.Size);
        var here = file.Hash(connection.Hashes.HashAlgorithm!);
        var there = await connection.Hashes.HashAsync(_item.FullName, null, cancellationToken).ConfigureAwait(false);
        return here == there
            ? new(FtpVerification.Hash, connection.Hashes.HashAlgorithm, here)
            : throw Differs($"the {connection.Hashes.HashAlgorithm} hash of '{_item.FullName}' is {there}, but that of the received content is {here}. Try again. If the error persists, files are being modified during the transfer.");
    }

    private FtpException Differs(string how) => new(
        FtpErrorKind.VerificationFailed, $"{_target.Fate}: {how}", _item.FullName);

    /// <summary>LIST tells minutes at best, in a time zone of the server's choice.</summary>
    private bool IsTimeToBeAsked =>
        Options.PreserveTime != false && !_target.IsDevice && !(_item.TimePrecision >= FtpTimePrecision.Second && _item.ItemType == FtpItemType.File);

    private async Task<DateTime?> TimeAsync(FtpConnection connection, CancellationToken cancellationToken) =>
        (IsTimeToBeAsked ? await connection.Files.ModificationTimeAsync(_item.FullName, cancellationToken).ConfigureAwait(false) : null)
        // To the minute is better than not at all; a day, or a time in a zone that is not known, is no time of a file's.
        ?? (_item is { TimePrecision: >= FtpTimePrecision.Minute, ItemType: FtpItemType.File } ? _item.LastWriteTimeUtc : null);
}
