using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Connection;

/// <summary>
/// Threads for blocking calls on sockets, as many as are needed and kept for the next call. A thread of its own for every
/// small file costs more than the file, and the runtime's pool, which adds threads twice a second when all wait, would
/// hold up connections whose round trips are long.
/// </summary>
internal static class WireThreads
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private static readonly Stack<Worker> _idle = new();

    [ThreadStatic]
    private static bool _isCurrent;

    /// <summary>
    /// How long to wait for the wire, in microseconds, on the very thread that goes on with what comes. On a near server all
    /// of a small file comes within it, and no other thread has to be woken, which costs more than the file; where more
    /// time is needed, another thread's time is not what counts.
    /// </summary>
    public const int Moment = 10_000;

    /// <summary>Whether this thread is one of these, so that it holds up nobody when it waits.</summary>
    public static bool IsCurrent => _isCurrent;

    /// <summary>Runs blocking work; its failure is the task's.</summary>
    public static Task Run(Action work)
    {
        // What comes next goes on here, on a thread that has nothing else to do: another one would have to be woken first.
        var done = new TaskCompletionSource<bool>();
        var item = new Item(work, done);
        lock (_idle)
        {
            if (_idle.Count > 0)
            {
                _idle.Pop().Give(item);
                return done.Task;
            }
        }

        new Worker().Start(item);
        return done.Task;
    }

    private sealed class Worker
    {
        private Item? _item;

        public void Start(Item item)
        {
            _item = item;
            // The thread outlives the flow that it is begun in.
            using (ExecutionContext.SuppressFlow())
                new Thread(Loop) { IsBackground = true, Name = "FtpTools" }.Start();
        }

        // Under the lock of the idle ones.
        public void Give(Item item)
        {
            lock (this)
            {
                _item = item;
                Monitor.Pulse(this);
            }
        }

        private void Loop()
        {
            _isCurrent = true;
            while (true)
            {
                _item!.Run();
                lock (_idle)
                {
                    _item = null;
                    _idle.Push(this);
                }

                // A monitor, and no semaphore: those spin first, which costs more than all the rest.
                lock (this)
                {
                    if (_item is not null || (Monitor.Wait(this, _patience) && _item is not null))
                        continue;
                }

                lock (_idle)
                {
                    // Work that was given at the last moment is still done.
                    if (_item is not null)
                        continue;
                    Leave();
                    return;
                }
            }
        }

        private void Leave()
        {
            var others = new List<Worker>(_idle);
            others.Remove(this);
            _idle.Clear();
            for (var i = others.Count - 1; i >= 0; i--)
                _idle.Push(others[i]);
        }
    }

    private sealed class Item(Action work, TaskCompletionSource<bool> done)
    {
        private readonly ExecutionContext? _context = ExecutionContext.Capture();

        public void Run()
        {
            try
            {
                // The trace of the operation follows its flow.
                if (_context is null)
                    work();
                else
                    ExecutionContext.Run(_context, static state => ((Action)state!)(), work);
                done.SetResult(true);
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }
    }
}
