using System;
using System.Text;

namespace FtpTools.Protocol;

/// <summary>Turns the bytes of a text into characters as they come: a byte order mark at the beginning decides which encoding it is in.</summary>
/// <param name="encoding">The encoding of a text that has no mark.</param>
/// <param name="take">Takes characters and their count; false when it has enough.</param>
/// <param name="isFromStart">False for the end of a text, whose first bytes are no mark whatever they are.</param>
internal sealed class TextBytes(Encoding encoding, Func<char[], int, bool> take, bool isFromStart = true)
{
    private const int ChunkSize = 16 * 1024;
    private const int LongestMark = 4;

    // UTF-32's mark begins as that of UTF-16.
    private static readonly Encoding[] _marked = [new UTF32Encoding(false, true), new UTF32Encoding(true, true), new UTF8Encoding(true), new UnicodeEncoding(false, true), new UnicodeEncoding(true, true)];

    private readonly byte[] _head = new byte[LongestMark];
    private int _headCount;
    private Decoder? _decoder;
    private char[] _characters = [];

    /// <summary>Takes bytes.</summary>
    /// <returns>False when whoever takes the characters has enough.</returns>
    public bool Feed(byte[] buffer, int count)
    {
        var start = 0;
        if (_decoder is null)
        {
            while (_headCount < LongestMark && start < count)
                _head[_headCount++] = buffer[start++];
            if (_headCount < LongestMark && isFromStart)
                return true;
            if (!Begin())
                return false;
        }

        return Decode(buffer, start, count, isLast: false);
    }

    /// <summary>Ends: what is left of a character that was cut off becomes the encoding's replacement.</summary>
    public void Complete()
    {
        if (_decoder is not null || Begin())
            Decode([], 0, 0, isLast: true);
    }

    /// <summary>The encoding that the mark at the beginning of a text tells.</summary>
    /// <param name="head">The first bytes.</param>
    /// <param name="count">How many there are.</param>
    /// <returns>Null when there is no mark.</returns>
    public static Encoding? Marked(byte[] head, int count) => Array.Find(_marked, one => MarkOf(one, head, count) > 0);

    private bool Begin()
    {
        var marked = isFromStart ? Marked(_head, _headCount) : null;
        _decoder = (marked ?? encoding).GetDecoder();
        _characters = new char[(marked ?? encoding).GetMaxCharCount(ChunkSize)];
        return Decode(_head, marked is null ? 0 : MarkOf(marked, _head, _headCount), _headCount, isLast: false);
    }

    private bool Decode(byte[] buffer, int start, int end, bool isLast)
    {
        do
        {
            var size = Math.Min(ChunkSize, end - start);
            var count = _decoder!.GetChars(buffer, start, size, _characters, 0, isLast);
            start += size;
            if (count > 0 && !take(_characters, count))
                return false;
        }
        while (start < end);
        return true;
    }

    private static int MarkOf(Encoding encoding, byte[] head, int count)
    {
        var mark = encoding.GetPreamble();
        for (var i = 0; i < mark.Length; i++)
        {
            if (i >= count || head[i] != mark[i])
                return 0;
        }

        return mark.Length;
    }
}
