using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Transfer;
using FtpTools.Trees;

namespace FtpTools;

/// <summary>
/// Waits for files, by looking again and again. A server that is away for a while, or a directory that is not there yet, is
/// waited for too. The looks are kept out of the log; what changes between them is told. Used by one caller at a time.
/// </summary>
public sealed class FtpItemWait
{
    private const int MostTold = 20;
    private const int MostNamed = 5;

    /// <summary>A look that is under way when the time is over has so much more.</summary>
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(5);

    private readonly FtpSession _session;
    private readonly FtpWaitOptions _options;
    private readonly Place[] _places;
    private readonly Action<string>? _onLook;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly string _what;
    private bool _hasBegun;
    private bool _hasSeen;
    private bool _hasWarned;
    private FtpException? _absence;

    internal FtpItemWait(FtpSession session, FtpWaitOptions options, IReadOnlyList<FtpWaitPath> paths, Action<string>? onLook)
    {
        _session = session;
        _options = options;
        _onLook = onLook;
        _places = [.. paths.Select(path => new Place(path, new ItemWatch(options)))];
        _what = string.Join(", ", paths.Take(MostNamed).Select(path => $"'{path.Given}'")) + More(paths.Count - MostNamed);
    }

    private IEnumerable<FtpItem> Whole => _places.SelectMany(place => place.Watch.Whole).GroupBy(item => (item.GetSession(), item.FullName)).Select(group => group.First());

    private TimeSpan? Left
    {
        get
        {
            var left = _options.Timeout - _clock.Elapsed;
            var until = _options.Until - DateTime.UtcNow;
            return left is null || until < left ? until : left;
        }
    }

    /// <summary>Waits until enough files are whole. When it is called again, it looks again, after a while.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>All that are whole.</returns>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.Timeout"/>: the time is over. Others: what no waiting mends.</exception>
    public async Task<IReadOnlyList<FtpItem>> NextAsync(CancellationToken cancellationToken)
    {
        if (!_hasBegun)
            Begin();
        while (true)
        {
            if (_hasBegun)
                await DelayAsync(cancellationToken).ConfigureAwait(false);
            _hasBegun = true;
            // What came before the last moment is found by a look after it.
            var isLast = Left <= TimeSpan.Zero;
            var isWhole = await LookAsync(cancellationToken).ConfigureAwait(false);
            _onLook?.Invoke(Standing());
            if (isWhole && IsEnough())
            {
                var found = Whole.ToList();
                Tell($"The wait for {_what} ended after {Text(_clock.Elapsed)}: {Count(found.Count)} complete.");
                return found;
            }

            if (isLast || (!isWhole && Left <= TimeSpan.Zero))
                throw TimedOut();
        }
    }

    /// <summary>Claims a file that was found, see <see cref="FtpSession.ClaimAsync"/>.</summary>
    /// <param name="item">The file.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The file under its new name; null where another one got it.</returns>
    public async Task<FtpItem?> ClaimAsync(FtpItem item, CancellationToken cancellationToken)
    {
        foreach (var place in _places)
            place.Watch.Forget(item);
        var session = item.GetSession() ?? _session;
        var claimed = await session.ClaimAsync(item, _options.Claim!, cancellationToken).ConfigureAwait(false);
        session.Trace(FtpLogLevel.Information, claimed is null ? $"'{item.FullName}' wasn't claimed, because another process claimed it first, or it has changed." : $"'{item.FullName}' was claimed, and is now '{claimed.FullName}'.");
        return claimed;
    }

    private void Begin()
    {
        var end = _options switch
        {
            { Timeout: null, Until: null } => "without a time limit",
            _ => FormattableString.Invariant($"until {DateTime.UtcNow + Left:yyyy-MM-dd HH:mm:ss'Z'}"),
        };
        Tell(FormattableString.Invariant($"Waiting for {_what}, with a check every {_options.Interval.TotalSeconds:0.##} s, {end}. The commands for these checks aren't logged."));
    }

    private async Task DelayAsync(CancellationToken cancellationToken)
    {
        // A timer may be early by some of a millisecond, and a file would not have been unchanged for as long as it takes.
        var end = _clock.Elapsed + (Left < _options.Interval ? Left.Value : _options.Interval);
        while (end - _clock.Elapsed is var left && left > TimeSpan.Zero)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), cancellationToken).ConfigureAwait(false);
    }

    // False when it was not possible.
    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (Left is { } left && left < TimeSpan.FromDays(1))
            bound.CancelAfter((left > TimeSpan.Zero ? left : TimeSpan.Zero) + _grace);
        try
        {
            foreach (var place in _places)
                await LookAsync(place, bound.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _absence = new FtpException(FtpErrorKind.Timeout, $"{_session.Server} hadn't replied by then.") { Server = _session.Server };
            return false;
        }
        catch (FtpException e) when (MayPass(e))
        {
            if (_absence is null)
                _session.Trace(_hasWarned ? FtpLogLevel.Information : FtpLogLevel.Warning, $"It can't be determined at the moment whether {_what} exists. The wait continues. ({e.Message})");
            _hasWarned = true;
            _absence = e;
            return false;
        }

        if (_absence is not null)
            Tell($"{_session.Server} is available again. The wait for {_what} continues.");
        _absence = null;
        _hasSeen = true;
        return true;
    }

    private async Task LookAsync(Place place, CancellationToken cancellationToken)
    {
        var (wanted, beside) = (new List<FtpItem>(), new List<FtpItem>());
        var begun = _clock.Elapsed;
        string? missing = null;
        try
        {
            using (FtpTrace.Quiet())
            {
                await place.Path.Look((item, isWanted) =>
                {
                    if (isWanted)
                        wanted.Add(item);
                    else if (_options.Marker is not null)
                        beside.Add(item);
                }, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (FtpException e) when (e.Kind == FtpErrorKind.PathNotFound)
        {
            missing = e.Message;
            if (place.Missing is null)
                Tell($"'{place.Path.Given}' doesn't exist yet. ({missing})");
        }

        place.Missing = missing;

        var changes = place.Watch.Observe(wanted, beside, begun, _clock.Elapsed, DateTime.UtcNow);
        foreach (var change in changes.Take(MostTold))
            Tell(change);
        if (changes.Count > MostTold)
            Tell(FormattableString.Invariant($"The same applies to {changes.Count - MostTold} more at '{place.Path.Given}'."));
    }

    // Whether it is worth waiting for. That data connections do not come about is known from the first look, and then is no matter of time.
    private bool MayPass(FtpException e) =>
        RetryPolicy.IsPassing(e) || RetryPolicy.IsWorthWaiting(e) || e.Kind is FtpErrorKind.HostUnreachable || (_hasSeen && e.Kind == FtpErrorKind.DataConnectionFailed);

    private bool IsEnough() => _options.Count is { } count ? Whole.Count() >= count : _places.All(place => place.Watch.Whole.Any());

    private string Standing()
    {
        var lacks = _places.SelectMany(place => place.Watch.Lacks).ToList();
        var words = _absence?.Message is { } absence ? [absence.TrimEnd('.')]
            : lacks.Count > 0 ? [.. lacks.Take(MostNamed)]
            : _places.Where(place => place.Missing is not null).Select(place => place.Missing!.TrimEnd('.')).Take(MostNamed).ToList();
        if (words.Count == 0 && _places.FirstOrDefault(place => !place.Watch.Whole.Any()) is { } empty)
            words.Add($"nothing matches '{empty.Path.Given}'");
        return (_options.Count is { } count ? FormattableString.Invariant($"{Whole.Count()} of {count} files are complete") : $"{Count(Whole.Count())} complete")
            + (words.Count == 0 ? "." : $"; {string.Join("; ", words)}{(_absence is null ? More(lacks.Count - MostNamed) : "")}.");
    }

    private FtpException TimedOut()
    {
        var path = (_places.FirstOrDefault(place => !place.Watch.Whole.Any()) ?? _places[0]).Path.Given;
        var error = new FtpException(FtpErrorKind.Timeout, $"The wait for {_what} on {_session.Server} timed out after {Text(_clock.Elapsed)}: {Standing()}", path) { Server = _session.Server };
        Tell(error.Message);
        return error;
    }

    private static string Count(int count) => count == 1 ? "1 file is" : FormattableString.Invariant($"{count} files are");

    private static string More(int count) => count > 0 ? FormattableString.Invariant($" and {count} more") : "";

    private static string Text(TimeSpan time) => TimeSpan.FromSeconds(Math.Round(time.TotalSeconds)).ToString("c");

    private void Tell(string message) => _session.Trace(FtpLogLevel.Information, message);

    private sealed class Place(FtpWaitPath path, ItemWatch watch)
    {
        public FtpWaitPath Path => path;

        public ItemWatch Watch => watch;

        /// <summary>Why nothing can be there; null where it can.</summary>
        public string? Missing { get; set; }
    }
}
