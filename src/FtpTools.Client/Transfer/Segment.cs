using System.Threading;

namespace FtpTools.Transfer;

/// <summary>A range of a file that is received by itself.</summary>
/// <param name="start">Its first byte.</param>
/// <param name="end">The one behind its last.</param>
internal sealed class Segment(long start, long end)
{
    private long _position = start;

    /// <summary>Its first byte.</summary>
    public long Start { get; } = start;

    /// <summary>The one behind its last.</summary>
    public long End => end;

    /// <summary>The first byte that is not written yet.</summary>
    public long Position
    {
        get => Interlocked.Read(ref _position);
        set => Interlocked.Exchange(ref _position, value);
    }

    /// <summary>How many times it was begun or gone on with.</summary>
    public int Tries { get; set; }

    /// <summary>What came before it; null when nothing was asked for.</summary>
    public Overlap? Before { get; set; }
}
