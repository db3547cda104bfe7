using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.Session;

namespace FtpTools.Transfer;

/// <summary>One file, in as many tries as it takes; what a try leaves unfinished the next one goes on with.</summary>
internal abstract class FileTransfer(FtpTransferOptions options, RateLimiter? limiter)
{
    /// <summary>A part of fewer bytes is sent again sooner than it is found again, and is not left lying about.</summary>
    protected const long LeastPart = 1 << 20;

    /// <summary>How far a clock can be from UTC.</summary>
    private static readonly TimeSpan _mostZone = TimeSpan.FromHours(14);

    private readonly Absence? _absence;
    private readonly Retries _retries = new(options);
    private bool _isReached; // the server, by this try
    private bool? _mayRetry; // after this try's failure

    /// <summary>How the file is transferred.</summary>
    protected FtpTransferOptions Options => options;

    /// <summary>The transfer type.</summary>
    protected FtpTransferType Type => options.TransferType ?? FtpTransferType.Binary;

    /// <summary>Counts the file's bytes.</summary>
    protected abstract TransferMeter Meter { get; }

    /// <summary>Which try it is, from 1; more are counted when parts of the file were tried again.</summary>
    protected int Attempt { get; set; }

    /// <summary>False when a further try could do harm, or the source cannot be read again.</summary>
    protected abstract bool CanRepeat { get; }

    /// <summary>Since when the server is away, as far as the call's other work has seen; null for nobody else's.</summary>
    public Absence? Absence
    {
        get => _absence;
        init
        {
            _absence = value;
            _retries = new Retries(options, value);
        }
    }

    /// <summary>Whether another transfer is to follow on the same connection at once; null for no.</summary>
    public Func<bool>? IsFollowed { get; init; }

    /// <summary>Transfers the file.</summary>
    /// <param name="pool">Lends a connection, or another one after a failure.</param>
    /// <param name="trace">Takes what came of it, and what is worth saying about tries that failed.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    public async Task<FtpTransferResult> RunAsync(ConnectionPool pool, Action<FtpLogLevel, string> trace, CancellationToken cancellationToken)
    {
        var result = await TryUntilDoneAsync(pool, trace, cancellationToken).ConfigureAwait(false);
        // What is no file here has no name.
        var way = (result.Source.Length > 0 ? $" of '{result.Source}'" : "") + (result.Destination.Length > 0 ? $" to '{result.Destination}'" : "");
        trace(
            FtpLogLevel.Information,
            FormattableString.Invariant($"{result.Direction}{way}: {result.Length} bytes in {result.Elapsed.TotalSeconds:0.###} s ({result.Mode}, {result.TransferType})."));
        return result;
    }

    private async Task<FtpTransferResult> TryUntilDoneAsync(ConnectionPool pool, Action<FtpLogLevel, string> trace, CancellationToken cancellationToken)
    {
        var hasGonePlain = false;
        for (Attempt = 1; ; Attempt++)
        {
            (_isReached, _mayRetry) = (false, null);
            try
            {
                return await pool.UseAsync(
                    connection =>
                    {
                        (_isReached, _mayRetry) = (true, null);
                        Absence?.End();
                        return TryAsync(connection, cancellationToken);
                    },
                    cancellationToken).ConfigureAwait(false);
            }
            catch (FtpException e) when (e.IsOfSendingAhead && !hasGonePlain && CanRepeat && !cancellationToken.IsCancellationRequested)
            {
                // It was the way of sending that failed, and that way is not gone again. It is no try of the user's.
                hasGonePlain = true;
                Attempt--;
            }
            catch (FtpException e) when (WillRetry(e, cancellationToken))
            {
                await WaitAsync(e, trace, cancellationToken).ConfigureAwait(false);
            }
            catch (FtpException e)
            {
                var error = WithStory(Leave(e) ?? e);
                error.Attempts = Attempt;
                if (error == e)
                    throw;
                throw error;
            }
            catch (Exception e)
            {
                TellLeft(e, trace);
                throw;
            }
        }
    }

    private async Task WaitAsync(FtpException e, Action<FtpLogLevel, string> trace, CancellationToken cancellationToken)
    {
        try
        {
            await _retries.WaitAsync($"to transfer '{(Meter.Source.Length > 0 ? Meter.Source : Meter.Destination)}'", e, Attempt, trace, Meter.OnWait, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException stop)
        {
            TellLeft(stop, trace);
            throw;
        }
    }

    private void TellLeft(Exception e, Action<FtpLogLevel, string> trace)
    {
        Leave(e);
        if (e is OperationCanceledException && KeptPart(e) is not null)
            trace(FtpLogLevel.Warning, FormattableString.Invariant($"The transfer of '{Meter.Source}' was canceled after {Meter.Count} bytes, which are kept. To continue it, run the same command with -Resume."));
    }

    /// <summary>The part that was kept for -Resume when the transfer was cancelled; null when there is none.</summary>
    protected virtual string? KeptPart(Exception e) => null;

    /// <summary>Leaves what is here as it was when no other try follows, also where it did not come to a last one, but for what is worth keeping.</summary>
    /// <returns>The failure with more to say; null when there is no more.</returns>
    protected abstract FtpException? Leave(Exception e);

    /// <summary>The failure with how far it had come, and how often and for how long it was tried.</summary>
    private FtpException WithStory(FtpException e)
    {
        var verb = this is FileUpload ? "been sent" : "been received";
        // Of what broke in mid-transfer the engine has told it already.
        var isTold = e.Message.Contains(FormattableString.Invariant($"{Meter.Count} bytes"));
        var bytes = Meter.Count == 0 || isTold ? ""
            : Meter.Length is { } length ? FormattableString.Invariant($"{Meter.Count} of {length} bytes had {verb}")
            : FormattableString.Invariant($"{Meter.Count} bytes had {verb}");
        var tries = Attempt == 1 ? "" : FormattableString.Invariant($"it was tried {Attempt} times within {Span(Meter.Elapsed)}{(_retries.IsTimeOver ? $", until the time of -RetryFor {options.RetryFor:c} had expired" : "")}");
        return (bytes, tries) switch
        {
            ("", "") => e,
            (_, "") => e.Adding($"{bytes}."),
            ("", _) => e.Adding($"{char.ToUpperInvariant(tries[0])}{tries.Substring(1)}."),
            _ => e.Adding($"{bytes}, and {tries}."),
        };
    }

    private static string Span(TimeSpan time) => time < TimeSpan.FromMinutes(2)
        ? FormattableString.Invariant($"{time.TotalSeconds:0.#} s")
        : time.ToString(time.Days > 0 ? "d\\.hh\\:mm\\:ss" : "hh\\:mm\\:ss", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>One try, on one connection.</summary>
    protected abstract Task<FtpTransferResult> TryAsync(FtpConnection connection, CancellationToken cancellationToken);

    /// <summary>Whether another try follows a failure.</summary>
    protected bool WillRetry(Exception e, CancellationToken cancellationToken)
    {
        // A try asks to know what to leave behind, and who waits for the next one is to hear the same, though time has passed.
        if (_mayRetry is { } known)
            return known;
        if (e is not FtpException failure || cancellationToken.IsCancellationRequested)
            return false;
        if (!_isReached && RetryPolicy.IsPassing(failure))
            Absence?.Begin();
        _mayRetry = (CanRepeat || !_isReached) && _retries.Allow(failure, Attempt, Meter.Count);
        return _mayRetry.Value;
    }

    /// <summary>Whether a part of the file is tried again after a failure, which is not the file's own.</summary>
    /// <param name="connection">Told of it.</param>
    /// <param name="e">Why it failed.</param>
    /// <param name="tries">How often the part was tried in this try of the file.</param>
    protected bool WillRetryPart(FtpConnection connection, FtpException e, int tries)
    {
        // A login that went well before is refused for want of room: the server may not have seen yet that the former one is gone.
        var may = _retries.Allow(e, Attempt + tries - 1, Meter.Count, isSure: e.Kind == FtpErrorKind.LoginFailed);
        if (may)
            _retries.Tell($"to receive a segment of '{Meter.Source}'", e, Attempt + tries - 1, "soon", (level, text) => (level == FtpLogLevel.Warning ? (Action<string>)connection.Warn : connection.Tell)(text));
        return may;
    }

    /// <summary>Whether what has been moved is worth keeping for -Resume after the last try.</summary>
    /// <param name="e">Why it failed; null for a wait that was cancelled.</param>
    /// <param name="count">How many bytes there are.</param>
    protected bool IsToBeKept(Exception e, long count) =>
        // Of a stream, which has no name, no other command could go on with it.
        count >= LeastPart && Meter.Source.Length > 0 && Type == FtpTransferType.Binary && e is not FtpException { Kind: FtpErrorKind.VerificationFailed or FtpErrorKind.CommandNotSupported };

    /// <summary>Counts moved bytes against the limit of the call.</summary>
    protected void Limit(int count, CancellationToken cancellationToken) => limiter?.Take(count, cancellationToken);

    /// <summary>Whether -Update has nothing to do: the target is the same, or newer.</summary>
    /// <param name="sourceLength">The source's length in bytes.</param>
    /// <param name="sourceTime">The time of the source's last change (UTC).</param>
    /// <param name="targetLength">The target's length in bytes.</param>
    /// <param name="targetTime">The time of the target's last change (UTC).</param>
    /// <param name="precision">How exactly the less exact of the two times is known.</param>
    protected static bool IsUpToDate(long? sourceLength, DateTime? sourceTime, long? targetLength, DateTime? targetTime, FtpTimePrecision precision)
    {
        if (sourceTime is null || targetTime is null)
            return false;
        // FAT knows every other second alone.
        var tolerance = precision switch
        {
            FtpTimePrecision.Day => TimeSpan.FromDays(1),
            FtpTimePrecision.ServerTime or FtpTimePrecision.Minute => TimeSpan.FromMinutes(1),
            _ => TimeSpan.FromSeconds(2),
        };
        var age = sourceTime.Value - targetTime.Value;
        // Of a clock in an unknown time zone only the same time tells something, which the copy was given: what may be newer is taken.
        var isNewer = age < (precision == FtpTimePrecision.ServerTime ? -_mostZone : -tolerance);
        return isNewer || (age.Duration() <= tolerance && sourceLength == targetLength);
    }

    /// <summary>The time of a remote file's last change, and how exactly it is known: LIST tells minutes at best, in a time zone of the server's choice.</summary>
    protected static async Task<(DateTime? Time, FtpTimePrecision Precision)> TimeAsync(FtpConnection connection, FtpItem item, CancellationToken cancellationToken)
    {
        if (item.TimePrecision >= FtpTimePrecision.Second && item.ItemType == FtpItemType.File)
            return (item.LastWriteTimeUtc, item.TimePrecision);
        return await connection.Files.ModificationTimeAsync(item.FullName, cancellationToken).ConfigureAwait(false) is { } time
            ? (time, FtpTimePrecision.Second)
            : (item.LastWriteTimeUtc, item.TimePrecision);
    }

    /// <summary>Refuses what cannot be done as it was asked for, before anything is sent.</summary>
    /// <param name="connection">To the server, which may tell no hash.</param>
    /// <param name="path">The remote path.</param>
    /// <param name="cancellationToken">Ends it.</param>
    protected async Task CheckOptionsAsync(FtpConnection connection, string path, CancellationToken cancellationToken)
    {
        var reason =
            options.TemporaryName is not null && (options.Direct || options.Append) ? "-TemporaryName can't be combined with -Direct or -Append, which don't use a temporary name. Omit one of them."
            : options.Resume && Type == FtpTransferType.Ascii ? "-Resume counts bytes, but an ASCII transfer can change their number. Use -TransferType Binary, or omit -Resume."
            : options.Segments > 1 && Type == FtpTransferType.Ascii ? "-Segment counts bytes, but an ASCII transfer can change their number. Use -TransferType Binary, or omit -Segment."
            : options.Verify != FtpVerification.Hash ? null
            : Type == FtpTransferType.Ascii ? "-Verify Hash compares bytes, but an ASCII transfer can change them. Use -TransferType Binary, or omit -Verify."
            : options.Append ? "-Verify Hash compares complete files, but -Append sends only the end of one. Omit one of them."
            : !await connection.Hashes.FindHashAsync(cancellationToken).ConfigureAwait(false) ? "-Verify Hash requires a server that computes hashes (HASH, XSHA512, XSHA256, XSHA1, XMD5, MD5, XCRC, also with SITE, or SITE CHECKSUM). To compare sizes, use -Verify Size."
            : null;
        if (reason is not null)
            throw new FtpException(FtpErrorKind.CommandNotSupported, $"'{path}' wasn't transferred. {reason}", path);
    }
}
