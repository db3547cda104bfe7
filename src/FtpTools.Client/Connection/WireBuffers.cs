using System.Collections.Concurrent;

namespace FtpTools.Connection;

/// <summary>Large buffers, kept for the next transfer: a new one for every small file would be most of its cost.</summary>
internal static class WireBuffers
{
    private const int Most = 16;
    private static readonly ConcurrentDictionary<int, ConcurrentBag<byte[]>> _kept = new();

    /// <summary>A buffer, whose content is of chance.</summary>
    public static byte[] Take(int size) => _kept.TryGetValue(size, out var bag) && bag.TryTake(out var buffer) ? buffer : new byte[size];

    /// <summary>Gives a buffer back, which nobody reads from or writes to any more.</summary>
    public static void GiveBack(byte[] buffer)
    {
        var bag = _kept.GetOrAdd(buffer.Length, static _ => new ConcurrentBag<byte[]>());
        if (bag.Count < Most)
            bag.Add(buffer);
    }
}
