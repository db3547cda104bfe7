using System;

namespace FtpTools.Transfer;

/// <summary>
/// What a download that goes on asks for once more: the last bytes before its place, by which it shows whether the server
/// has begun there. Some take REST and send the file from its beginning.
/// </summary>
/// <param name="offset">The place, 1 or more.</param>
internal sealed class Overlap(long offset)
{
    private const int MostBytes = 4096;

    private readonly byte[] _bytes = new byte[(int)Math.Min(MostBytes, offset - 1)];
    private int _count;

    /// <summary>Where the server is to begin.</summary>
    public long Start => offset - _bytes.Length;

    /// <summary>True once all of it has come.</summary>
    public bool IsComplete => _count == _bytes.Length;

    /// <summary>Takes its bytes off the beginning of a buffer.</summary>
    /// <returns>How many are left, moved to the beginning.</returns>
    public int Take(byte[] buffer, int count)
    {
        var own = Math.Min(count, _bytes.Length - _count);
        Buffer.BlockCopy(buffer, 0, _bytes, _count, own);
        _count += own;
        if (own > 0)
            Buffer.BlockCopy(buffer, own, buffer, 0, count - own);
        return count - own;
    }

    /// <summary>Whether a local file, which is complete up to the place, has the same bytes before it.</summary>
    public bool IsAsIn(WrittenFile file) => file.HasAt(Start, _bytes);

    /// <summary>Whether it is the beginning of a local file: the server has ignored where it was to begin.</summary>
    public bool IsBeginningOf(WrittenFile file) => file.HasAt(0, _bytes);
}

/// <summary>Breaks off a download that the server has not begun where it was to begin.</summary>
internal sealed class RestartIgnoredException : Exception;
