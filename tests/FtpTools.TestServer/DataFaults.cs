using System;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.TestServer;

/// <summary>How a data connection is cut.</summary>
public enum DataCut
{
    /// <summary>A TCP reset.</summary>
    Reset,

    /// <summary>An ordinary end of stream, as if the data were complete; under TLS without close_notify.</summary>
    Finish,
}

/// <summary>
/// What goes wrong on the server's data connections. Bytes are counted on the network, in both directions, and under TLS
/// before it.
/// </summary>
public sealed class DataFaults
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Cuts the data connection after so many bytes.</summary>
    public long? CutAfter { get; set; }

    /// <summary>How it is cut.</summary>
    public DataCut Cut { get; set; } = DataCut.Reset;

    /// <summary>The reply after a cut; null sends none.</summary>
    public string? ClosingReply { get; set; } = "426 Connection closed; transfer aborted.";

    /// <summary>Whether a cut resets the control connection too, after the closing reply.</summary>
    public bool DropControl { get; set; }

    /// <summary>
    /// Moves no byte after so many, until ABOR or (when sending) until the client closes the data connection; 0 accepts
    /// the data connection and never sends.
    /// </summary>
    public long? StallAfter { get; set; }

    /// <summary>How many transfers still end well and without a closing reply, as behind a NAT that has forgotten the control connection. Counts down.</summary>
    public int SilentEnds { get; set; }

    /// <summary>Bytes a second of each data connection; 0 is as fast as can be.</summary>
    public long BytesPerSecond { get; set; }

    /// <summary>How many transfers are still to be cut or stalled; null is all. Counts down.</summary>
    public int? Times { get; set; }

    /// <summary>Chooses by verb and path the transfers to cut or stall; null is all, listings included.</summary>
    public Func<string, string, bool>? AppliesTo { get; set; }

    /// <summary>Completes when the first transfer has stalled.</summary>
    public Task Stalled => _stalled.Task;

    /// <summary>Stalls the next transfer after so many bytes.</summary>
    /// <returns>Completes when it has.</returns>
    public Task StallNextAsync(long after)
    {
        lock (_lock)
        {
            _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
            StallAfter = after;
            Times = 1;
            return _stalled.Task;
        }
    }

    internal DataFaultPlan Plan(string verb, string path)
    {
        lock (_lock)
        {
            var hit = (CutAfter ?? StallAfter) is not null && Times is null or > 0 && (AppliesTo?.Invoke(verb, path) ?? true);
            if (hit && Times is not null)
                Times--;
            return hit
                ? new(CutAfter ?? long.MaxValue, Cut, ClosingReply, DropControl, StallAfter ?? long.MaxValue, BytesPerSecond)
                : new(long.MaxValue, Cut, null, false, long.MaxValue, BytesPerSecond);
        }
    }

    internal bool TakeSilentEnd(string verb, string path)
    {
        lock (_lock)
            return SilentEnds > 0 && (AppliesTo?.Invoke(verb, path) ?? true) && SilentEnds-- > 0;
    }

    internal void NoteStall() => _stalled.TrySetResult();
}

/// <summary>The faults of one transfer.</summary>
internal sealed record DataFaultPlan(
    long CutAfter, DataCut Cut, string? ClosingReply, bool DropControl, long StallAfter, long BytesPerSecond);

/// <summary>Holds a listing after some of its entries, which are on the wire by then, until it is released.</summary>
public sealed class ListingGate(int afterEntries)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The number of entries sent before the listing is held.</summary>
    public int AfterEntries { get; } = afterEntries;

    /// <summary>Completes when a listing is held.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Lets this and every later listing go on.</summary>
    public void Release() => _released.TrySetResult();

    internal Task HoldAsync(CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        return _released.Task.WaitAsync(cancellationToken);
    }
}
