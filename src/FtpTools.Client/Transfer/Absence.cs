using System;
using System.Diagnostics;

namespace FtpTools.Transfer;

/// <summary>Since when a server cannot be reached. All files of a call share it, or each would wait anew for one that is gone for good.</summary>
internal sealed class Absence
{
    private readonly object _lock = new();
    private readonly Stopwatch _watch = new();

    /// <summary>For how long it could not be reached; zero when it could.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_lock)
                return _watch.Elapsed;
        }
    }

    /// <summary>It could not be reached.</summary>
    public void Begin()
    {
        lock (_lock)
            _watch.Start();
    }

    /// <summary>A connection is there.</summary>
    public void End()
    {
        lock (_lock)
            _watch.Reset();
    }
}
