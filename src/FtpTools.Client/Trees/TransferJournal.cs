using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace FtpTools.Trees;

/// <summary>
/// The journal of one run. Its workers write together: what several of them have to say is written, and brought to the disk,
/// in one go. Safe to use from several threads at once.
/// </summary>
internal sealed class TransferJournal : IDisposable
{
    private readonly object _gate = new();
    private readonly List<Request> _waiting = [];
    private readonly Dictionary<string, FtpJournalEntry> _last = new(StringComparer.Ordinal);
    private readonly HashSet<string> _active = new(StringComparer.Ordinal); // what this run is at
    private readonly JournalFile _file;
    private readonly JournalRuns _runs;

    /// <summary>The journal of a run that begins.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="warn">Told of what is damaged.</param>
    public TransferJournal(string path, Action<string> warn)
    {
        _file = new JournalFile(path, Take, _last.Clear, warn);
        _runs = new JournalRuns(path);
    }

    /// <summary>Whether a local file is the journal's own.</summary>
    public bool Owns(string path) => _runs.Owns(path);

    /// <summary>Finds out what is to be done for a file, and tells other runs that this one is at it.</summary>
    /// <param name="entry">The file as it is.</param>
    /// <param name="movesAway">Whether originals are moved away.</param>
    /// <param name="cancellationToken">Ends the wait for others.</param>
    /// <exception cref="FtpException">The journal cannot be written.</exception>
    public JournalDecision Claim(FtpJournalEntry entry, bool movesAway, CancellationToken cancellationToken)
    {
        var key = JournalText.Key(entry);
        JournalDecision? decision = null;
        var isClaimed = false;
        try
        {
            Write(new Request(Decide), cancellationToken);
        }
        catch (FtpException) when (isClaimed)
        {
            lock (_gate)
                _active.Remove(key);
            throw;
        }

        return decision!;

        FtpJournalEntry? Decide()
        {
            _last.TryGetValue(key, out var last);
            decision = JournalDecision.Of(last, SourceState.Of(entry), last is not null && IsBusy(key, last), movesAway);
            if (decision.Step == JournalStep.Skip)
                return null;
            _active.Add(key);
            isClaimed = true;
            return decision.Step == JournalStep.MoveAway ? last! with { Run = _runs.Id, TimeUtc = DateTime.UtcNow } : Stamped(entry with { State = FtpJournalState.Begun, Attempt = decision.Attempt, HasLookalike = decision.HasLookalike });
        }
    }

    /// <summary>Writes what has come of a file that was claimed.</summary>
    /// <param name="entry">The file.</param>
    /// <param name="isDone">Whether this run is done with it.</param>
    /// <param name="cancellationToken">Ends the wait for others.</param>
    /// <exception cref="FtpException">The journal cannot be written.</exception>
    public void Write(FtpJournalEntry entry, bool isDone, CancellationToken cancellationToken) => Write(new Request(() =>
    {
        if (isDone)
            _active.Remove(JournalText.Key(entry));
        return Stamped(entry);
    }), cancellationToken);

    /// <summary>Takes out of a journal what was written before a time.</summary>
    public static int Clear(string path, DateTime olderThanUtc, Action<string> warn)
    {
        var lines = new List<(string Text, FtpJournalEntry? Entry)>();
        using var runs = new JournalRuns(path);
        var count = 0;
        var file = new JournalFile(path, Take, lines.Clear, warn);
        file.Rewrite(
            () =>
            {
                var last = new Dictionary<string, string>(StringComparer.Ordinal);
                foreach (var (text, entry) in lines.Where(static line => line.Entry is not null))
                    last[JournalText.Key(entry!)] = text;
                var kept = lines.Where(line => line.Entry is not { } entry || entry.TimeUtc >= olderThanUtc
                    || (entry.State == FtpJournalState.Begun && ReferenceEquals(last[JournalText.Key(entry)], line.Text) && runs.IsAlive(entry.Run))).Select(static line => line.Text).ToArray();
                count = lines.Count - kept.Length;
                return count == 0 ? null : kept;
            },
            CancellationToken.None);
        return count;

        bool Take(string line)
        {
            var entry = JournalText.Read(line, out var isWhole);
            if (isWhole)
                lines.Add((line, entry));
            return isWhole;
        }
    }

    /// <summary>Ends the run: what it has begun and not ended is another's.</summary>
    public void Dispose()
    {
        lock (_gate)
            _runs.Dispose();
    }

    private bool Take(string line)
    {
        if (JournalText.Read(line, out var isWhole) is { } entry)
            _last[JournalText.Key(entry)] = entry;
        return isWhole;
    }

    // The same file may be given twice to one call.
    private bool IsBusy(string key, FtpJournalEntry last) => last.Run == _runs.Id ? _active.Contains(key) : _runs.IsAlive(last.Run);

    private FtpJournalEntry Stamped(FtpJournalEntry entry) => entry with { Run = _runs.Id, TimeUtc = DateTime.UtcNow };

    private void Write(Request request, CancellationToken cancellationToken)
    {
        lock (_waiting)
            _waiting.Add(request);
        lock (_gate)
        {
            // Another worker may have written it along with its own.
            if (!request.IsDone)
                WriteAll(cancellationToken);
        }

        if (request.Failure is { } failure)
            throw new FtpException(failure.Kind, failure.Message, null, failure);
    }

    private void WriteAll(CancellationToken cancellationToken)
    {
        Request[] requests;
        lock (_waiting)
        {
            requests = [.. _waiting];
            _waiting.Clear();
        }

        FtpException? failure = null;
        try
        {
            _file.Exchange(
                () =>
                {
                    _runs.Begin();
                    return [.. requests.Select(Line).Where(static line => line is not null)!];
                },
                cancellationToken);
        }
        catch (Exception e)
        {
            failure = e as FtpException ?? new FtpException(FtpErrorKind.LocalFileError, $"The journal could not be written: {e.Message}", null, e);
            // What was to be written is not, or not all of it: the file tells.
            _last.Clear();
            _file.Forget();
        }

        foreach (var request in requests)
            (request.IsDone, request.Failure) = (true, failure);
    }

    private string? Line(Request request)
    {
        if (request.Entry() is not { } entry)
            return null;
        _last[JournalText.Key(entry)] = entry;
        return JournalText.Write(entry);
    }

    /// <summary>What one worker has to say.</summary>
    private sealed class Request(Func<FtpJournalEntry?> entry)
    {
        /// <summary>The line, now that all others are known; null for none.</summary>
        public Func<FtpJournalEntry?> Entry => entry;

        public bool IsDone { get; set; }

        public FtpException? Failure { get; set; }
    }
}
