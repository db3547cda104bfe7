using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>
/// Runs asynchronous work to its end on the pipeline thread. What the work awaits continues on that thread, so that it
/// may use PowerShell's streams; what it posts from other threads is run there in order. Pumps nest: a downstream
/// cmdlet runs its own inside a callback of this one, and what is posted here waits until it returns.
/// </summary>
internal sealed class PipelinePump : SynchronizationContext
{
    private readonly Queue<Entry> _queue = new();
    private readonly CancellationTokenSource _cancellation;
    private readonly SynchronizationContext? _outer;
    private ExceptionDispatchInfo? _failure;
    private bool _ended;

    private PipelinePump(CancellationTokenSource cancellation, SynchronizationContext? outer)
    {
        _cancellation = cancellation;
        _outer = outer;
    }

    /// <summary>Runs <paramref name="work"/> and returns when it has ended and all it posted has run.</summary>
    /// <param name="cancellation">Cancelled when a callback throws, so that the work ends early.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="Exception">The first exception of a callback, or else that of the work.</exception>
    public static void Run(CancellationTokenSource cancellation, Func<PipelinePump, Task> work)
    {
        var outer = Current;
        var pump = new PipelinePump(cancellation, outer);
        SetSynchronizationContext(pump);
        try
        {
            var task = work(pump);
            _ = task.ContinueWith(
                static (_, state) => ((PipelinePump)state!).End(),
                pump, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            while (pump.TryTake(out var entry))
                pump.Invoke(entry);
            pump._failure?.Throw();
#pragma warning disable VSTHRD002 // It has ended: that is what ended the loop.
            task.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    /// <summary>
    /// Has the pipeline thread run <paramref name="callback"/>, from any thread and at any time: after a callback has
    /// failed it is dropped.
    /// </summary>
    /// <param name="callback">What to run.</param>
    /// <param name="state">What to run it with.</param>
    /// <returns>False when the work has ended, and it was not taken.</returns>
    public bool PostOutput(SendOrPostCallback callback, object? state) => Add(new Entry(callback, state, isOutput: true));

    /// <summary>
    /// Runs, on the pipeline thread, what may run commands of the pipeline. They must not see this context: one that waits
    /// for asynchronous work of its own would have it continue here, where nobody comes while it waits.
    /// </summary>
    public void Outside(Action action)
    {
        SetSynchronizationContext(_outer);
        try
        {
            action();
        }
        finally
        {
            SetSynchronizationContext(this);
        }
    }

    /// <summary>Takes the continuation of an await.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        // One that comes too late for the pipeline still has clean-up to do, and does it elsewhere.
        if (!Add(new Entry(d, state, isOutput: false)))
            ThreadPool.QueueUserWorkItem(d.Invoke, state);
    }

    /// <summary>Not supported: whoever waits for the pipeline would stall the wire.</summary>
    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Post to the pipeline, and do not wait for it.");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    private bool Add(Entry entry)
    {
        lock (_queue)
        {
            if (_ended)
                return false;
            _queue.Enqueue(entry);
            Monitor.Pulse(_queue);
            return true;
        }
    }

    private void End()
    {
        lock (_queue)
        {
            _ended = true;
            Monitor.Pulse(_queue);
        }
    }

    private bool TryTake(out Entry entry)
    {
        lock (_queue)
        {
            while (_queue.Count == 0)
            {
                if (_ended)
                {
                    entry = default;
                    return false;
                }
                Monitor.Wait(_queue);
            }
            entry = _queue.Dequeue();
            return true;
        }
    }

    private void Invoke(Entry entry)
    {
        if (entry.IsOutput && _failure is not null)
            return;
        try
        {
            entry.Callback(entry.State);
        }
        catch (Exception e)
        {
            // A stopped pipeline and Select-Object -First arrive here. The work is cancelled and then drained to its
            // end, for a session left in mid-command would be of no use to the next cmdlet.
            _failure ??= ExceptionDispatchInfo.Capture(e);
            _cancellation.Cancel();
        }
    }

    private readonly struct Entry(SendOrPostCallback callback, object? state, bool isOutput)
    {
        public SendOrPostCallback Callback { get; } = callback;

        public object? State { get; } = state;

        public bool IsOutput { get; } = isOutput;
    }
}
