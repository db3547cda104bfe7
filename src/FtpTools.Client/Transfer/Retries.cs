using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Transfer;

/// <summary>
/// Whether another try follows one that failed, and when: as often as -RetryCount says, as long as -RetryFor says, or both. The
/// time counts from the first failure, and anew from one before which the transfer had got on: a line that breaks each hour
/// costs no more of it than one that breaks once. Safe to use from several threads at once.
/// </summary>
/// <param name="options">What bounds them.</param>
/// <param name="absence">Of the server, which the call's other work shares; null for nothing.</param>
internal sealed class Retries(FtpTransferOptions options, Absence? absence = null)
{
    private const int DefaultCount = 3;

    /// <summary>So many bytes more than ever before are worth the name. A file of which nothing comes but its beginning, again and again, has an end too.</summary>
    private const long Advance = 1 << 20;

    /// <summary>How often the progress of a wait is told, at first and later.</summary>
    private static readonly TimeSpan _firstSlice = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan _slice = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private readonly Stopwatch _clock = new();
    private long _furthest;
    private int _failures;
    private bool _isTold;

    /// <summary>Whether failures may be waited out that need more than a moment.</summary>
    public bool IsForTime => options.RetryFor > TimeSpan.Zero;

    /// <summary>True when a time was given, and is over.</summary>
    public bool IsTimeOver => IsForTime && _clock.IsRunning && Left <= TimeSpan.Zero;

    private int? Most => options.RetryCount is { } count ? count + 1 : IsForTime ? null : DefaultCount + 1;

    private TimeSpan Left
    {
        get
        {
            var away = absence?.Elapsed ?? TimeSpan.Zero;
            return options.RetryFor - (away > _clock.Elapsed ? away : _clock.Elapsed);
        }
    }

    /// <summary>Whether another try may follow one that failed. To be asked once for each.</summary>
    /// <param name="e">Why it failed.</param>
    /// <param name="attempt">Which one it was, from 1.</param>
    /// <param name="count">How many bytes are in their place.</param>
    /// <param name="isSure">The failure is known to be one that passes.</param>
    public bool Allow(FtpException e, int attempt, long count = 0, bool isSure = false)
    {
        if (attempt >= Most || !(isSure || RetryPolicy.IsPassing(e) || (IsForTime && RetryPolicy.IsWorthWaiting(e))))
            return false;
        if (!IsForTime)
            return true;
        lock (_lock)
        {
            if (!_clock.IsRunning || count >= _furthest + Advance)
            {
                _clock.Restart();
                _failures = 0;
                _furthest = Math.Max(_furthest, count);
            }

            _failures++;
            return Left > TimeSpan.Zero;
        }
    }

    /// <summary>Which try it is, in words.</summary>
    public string Number(int attempt) => Most is { } most ? FormattableString.Invariant($"{attempt} of {most}") : FormattableString.Invariant($"{attempt}");

    /// <summary>Says that a try failed: to the user once, and of later ones to those who want to hear all.</summary>
    /// <param name="what">What failed, as in "Attempt 1 of 4 <c>to list '/in'</c>".</param>
    /// <param name="e">Why.</param>
    /// <param name="attempt">Which one it was.</param>
    /// <param name="next">When the next one follows.</param>
    /// <param name="trace">Told of it.</param>
    public void Tell(string what, FtpException e, int attempt, string next, Action<FtpLogLevel, string> trace)
    {
        FtpLogLevel level;
        lock (_lock)
        {
            level = _isTold ? FtpLogLevel.Information : FtpLogLevel.Warning;
            _isTold = true;
        }

        trace(level, $"Attempt {Number(attempt)} {what} failed. The next attempt follows {next}. ({e.Message})");
    }

    /// <summary>Waits until the next try.</summary>
    /// <param name="what">What failed, as in "Attempt 1 of 4 <c>to list '/in'</c>".</param>
    /// <param name="e">Why.</param>
    /// <param name="attempt">Which one it was.</param>
    /// <param name="trace">Told of it.</param>
    /// <param name="onWait">Told what is waited for, again and again; null for nobody.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task WaitAsync(string what, FtpException e, int attempt, Action<FtpLogLevel, string> trace, Action<string>? onWait, CancellationToken cancellationToken)
    {
        var delay = Delay(attempt);
        Tell(what, e, attempt, FormattableString.Invariant($"in {delay.TotalSeconds:0.#} s"), trace);
        var watch = Stopwatch.StartNew();
        // Looked at once a round: a moment later none may be left, and to wait for less than nothing is an error of the caller's.
        var left = delay;
        for (var slice = _firstSlice; left > TimeSpan.Zero; slice = _slice, left = delay - watch.Elapsed)
        {
            onWait?.Invoke($"waiting, attempt {Number(attempt + 1)}" + (delay > _slice ? FormattableString.Invariant($" in {Math.Ceiling(left.TotalSeconds):0} s") : ""));
            await Task.Delay(onWait is null || left < slice ? left : slice, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Does work that can be done again as often as one likes, until it is done or there is no other try.</summary>
    /// <param name="what">What it is, as in "Attempt 1 of 4 <c>to list '/in'</c>".</param>
    /// <param name="work">Does it.</param>
    /// <param name="trace">Told of tries that failed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<T> RunAsync<T>(string what, Func<Task<T>> work, Action<FtpLogLevel, string> trace, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work().ConfigureAwait(false);
            }
            catch (FtpException e) when (!cancellationToken.IsCancellationRequested && Allow(e, attempt))
            {
                await WaitAsync(what, e, attempt, trace, null, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private TimeSpan Delay(int attempt)
    {
        lock (_lock)
        {
            var delay = RetryPolicy.Delay((IsForTime ? _failures : attempt) + 1, IsForTime);
            // The last try comes when the time is over, and not before.
            return IsForTime && Left is var left && left < delay ? (left > TimeSpan.Zero ? left : TimeSpan.Zero) : delay;
        }
    }
}
