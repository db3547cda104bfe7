using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;

namespace FtpTools.Trees;

/// <summary>
/// Work on many files, done by several workers, each on a connection of its own. Work is added while other work is under
/// way, and each file tells its result when it ends; one file's failure does not end the others. The number of workers grows
/// as long as files wait. Safe to use from several threads at once.
/// </summary>
internal sealed class TransferQueue
{
    /// <summary>How often it is seen whether more connections would help.</summary>
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(100);

    private readonly object _lock = new();
    private readonly WaitingJobs _waiting = new();
    private readonly FtpTransferOptions _options;
    private readonly Action<FtpTransferResult> _onResult;
    private readonly CancellationToken _cancellationToken;
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _limit;
    private readonly SemaphoreSlim? _lanes;
    private readonly Timer _growth;
    private int _workers;
    private int _producers;
    private bool _isComplete;
    private Exception? _fatal;

    /// <summary>An empty queue.</summary>
    /// <param name="options">How files are transferred.</param>
    /// <param name="limit">The most workers at a time.</param>
    /// <param name="onResult">Takes the result of each file, failed ones too, on whatever thread it ends on.</param>
    /// <param name="cancellationToken">Ends all.</param>
    public TransferQueue(FtpTransferOptions options, int limit, Action<FtpTransferResult> onResult, CancellationToken cancellationToken)
    {
        _options = options;
        _onResult = onResult;
        _cancellationToken = cancellationToken;
        // What is added to one file has to come in its order.
        _limit = options.Append ? 1 : options.ThrottleLimit > 0 ? Math.Min(options.ThrottleLimit, limit) : limit;
        // Files that are divided take more connections than there are workers.
        _lanes = options.Segments > 1 ? new SemaphoreSlim(_limit) : null;
        _growth = new Timer(_ => Grow(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many files have been added.</summary>
    public int FileCount { get; private set; }

    /// <summary>How many bytes the files have that have been added, as far as that is known, without those that were skipped or failed.</summary>
    public long ByteCount { get; private set; }

    /// <summary>Says that no more will be added, and waits until all have ended.</summary>
    /// <exception cref="FtpException">Something that no file could be transferred after: the session was closed, the server is gone.</exception>
    /// <exception cref="OperationCanceledException">The batch was cancelled; all work has ended.</exception>
    public Task CompleteAsync()
    {
        lock (_lock)
        {
            _isComplete = true;
            EndIfDone();
        }

        return _ended.Task;
    }

    /// <summary>Runs what takes a connection, when there are fewer at work than there may be.</summary>
    public async Task InLaneAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        if (_lanes is null)
        {
            await work().ConfigureAwait(false);
            return;
        }

        await _lanes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await work().ConfigureAwait(false);
        }
        finally
        {
            _lanes.Release();
        }
    }

    /// <summary>Whether there is a file for every connection to go on with.</summary>
    public bool IsFollowed()
    {
        lock (_lock)
            return _waiting.Count >= _workers;
    }

    public void Add(TransferJob job)
    {
        lock (_lock)
        {
            if (!job.IsDirectory)
                FileCount++;
            if (_fatal is null)
            {
                _waiting.Add(job);
                ByteCount += job.Length;
                // Two from the start: one alone waits for its own round trips.
                if (_workers < Math.Min(2, _limit))
                    StartWorker();
                return;
            }
        }

        TellUntried(job.Direction, job.Source, job.Destination);
    }

    /// <summary>Runs what adds files; it counts as work under way. A directory has no result of its own, unless it cannot be entered or made.</summary>
    public Task Produce(FtpTransferDirection direction, string source, string destination, Func<Task> work)
    {
        lock (_lock)
            _producers++;

        return Task.Run(async () =>
        {
            try
            {
                await TryAsync(direction, source, destination, async () =>
                {
                    await work().ConfigureAwait(false);
                    return null;
                }).ConfigureAwait(false);
            }
            finally
            {
                lock (_lock)
                {
                    _producers--;
                    EndIfDone();
                }
            }
        });
    }

    // Under the lock.
    private void StartWorker()
    {
        _workers++;
        if (_workers < _limit)
            _growth.Change(_interval, Timeout.InfiniteTimeSpan);
        // Where blocking holds up nobody, so that a small file can be done by one thread.
        _ = WireThreads.Run(() => _ = WorkAsync());
    }

    private async Task WorkAsync()
    {
        while (true)
        {
            TransferJob job;
            lock (_lock)
            {
                if (_waiting.Count == 0 || _fatal is not null)
                {
                    _workers--;
                    EndIfDone();
                    return;
                }

                job = _waiting.Take();
            }

            var result = await TryAsync(job.Direction, job.Source, job.Destination, job.Run).ConfigureAwait(false);
            lock (_lock)
            {
                if (result is not { Status: FtpTransferStatus.Succeeded })
                    ByteCount -= job.Length;
            }
        }
    }

    /// <summary>
    /// Adds as many connections as there are, when files wait. On a near server, where the processors and not round trips are
    /// what they wait for, four are a fifth faster than two, and eight a tenth slower than four.
    /// </summary>
    private void Grow()
    {
        lock (_lock)
        {
            if (_workers == 0 || _workers >= _limit || _fatal is not null)
                return;
            if (_waiting.Count < _workers)
            {
                _growth.Change(_interval, Timeout.InfiniteTimeSpan);
                return;
            }

            for (var more = Math.Min(_workers, _limit - _workers); more > 0; more--)
                StartWorker();
        }
    }

    /// <summary>Does work, and tells its result, or its failure as one; where none can be done any more, that it was not tried.</summary>
    /// <returns>What the work gave; null when there is nothing of that kind, or it failed.</returns>
    public async Task<FtpTransferResult?> TryAsync(FtpTransferDirection direction, string source, string destination, Func<Task<FtpTransferResult?>> work)
    {
        if (HasEnded)
        {
            TellUntried(direction, source, destination);
            return null;
        }

        var watch = Stopwatch.StartNew();
        try
        {
            var result = await work().ConfigureAwait(false);
            if (result is not null)
                _onResult(result);
            return result;
        }
        catch (FtpException e)
        {
            _onResult(new FtpTransferResult
            {
                Direction = direction,
                Source = source,
                Destination = destination,
                StartTime = DateTime.Now - watch.Elapsed,
                Elapsed = watch.Elapsed,
                Attempts = e.Attempts,
                TransferType = _options.TransferType ?? FtpTransferType.Binary,
                Status = FtpTransferStatus.Failed,
                Failure = e,
            });
            if (e.IsFatal)
                Abandon(e);
        }
        catch (Exception e)
        {
            // A cancel, or what must not happen: it comes out of CompleteAsync.
            Abandon(e);
        }

        return null;
    }

    private bool HasEnded
    {
        get
        {
            lock (_lock)
                return _fatal is not null;
        }
    }

    private void Abandon(Exception e)
    {
        IReadOnlyList<TransferJob> untried;
        lock (_lock)
        {
            _fatal ??= e;
            untried = _waiting.TakeAll();
            foreach (var job in untried)
                ByteCount -= job.Length;
        }

        foreach (var job in untried)
            TellUntried(job.Direction, job.Source, job.Destination);
    }

    // A thousand files that were not tried for one reason are told in a word each; the reason comes out of CompleteAsync.
    // After a cancel nobody listens.
    private void TellUntried(FtpTransferDirection direction, string source, string destination)
    {
        if (_fatal is not FtpException fatal)
            return;
        _onResult(new FtpTransferResult
        {
            Direction = direction,
            Source = source,
            Destination = destination,
            TransferType = _options.TransferType ?? FtpTransferType.Binary,
            Status = FtpTransferStatus.Failed,
            Failure = fatal.Untried(direction == FtpTransferDirection.Upload ? destination : source),
        });
    }

    // Under the lock.
    private void EndIfDone()
    {
        if (!_isComplete || _workers > 0 || _producers > 0 || _waiting.Count > 0)
            return;
        _growth.Dispose();
        if (_fatal is OperationCanceledException)
            _ended.TrySetCanceled(_cancellationToken);
        else if (_fatal is not null)
            _ended.TrySetException(_fatal);
        else
            _ended.TrySetResult(true);
    }
}
