using System;
using System.IO;
using System.Linq;

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
    public bool IsAsIn(string path) => IsAt(path, Start);

    /// <summary>Whether it is the beginning of a local file: the server has ignored where it was to begin.</summary>
    public bool IsBeginningOf(string path) => IsAt(path, 0);

    private bool IsAt(string path, long position) => LocalFile.Guard(path, "read", () =>
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) { Position = position };
        var there = new byte[_bytes.Length];
        for (var i = 0; i < there.Length;)
        {
            var got = file.Read(there, i, there.Length - i);
            if (got == 0)
                return false;
            i += got;
        }

        return _bytes.SequenceEqual(there);
    });
}

/// <summary>Breaks off a download that the server has not begun where it was to begin.</summary>
internal sealed class RestartIgnoredException : Exception;
