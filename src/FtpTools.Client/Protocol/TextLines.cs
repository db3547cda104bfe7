using System;
using System.Collections.Generic;
using System.Text;

namespace FtpTools.Protocol;

/// <summary>
/// Divides the bytes of a text into lines as they come, at LF, CR LF and CR, or into pieces at a delimiter, which is left out.
/// </summary>
internal sealed class TextLines
{
    /// <summary>A line of more characters is none: .NET has no string of more than four times as many.</summary>
    public const int MostCharacters = 256 << 20;

    private readonly string? _delimiter;
    private readonly Func<string, bool> _take;
    private readonly TextBytes _bytes;
    private readonly StringBuilder _line = new();
    private bool _isAfterReturn;

    /// <summary>The lines of a text.</summary>
    /// <param name="encoding">The encoding of a text that has no byte order mark.</param>
    /// <param name="delimiter">What stands between two pieces; null for line ends.</param>
    /// <param name="take">Takes a line without its end; false when it has enough.</param>
    /// <param name="isFromStart">False for the end of a text.</param>
    public TextLines(Encoding encoding, string? delimiter, Func<string, bool> take, bool isFromStart = true)
    {
        _delimiter = delimiter;
        _take = take;
        _bytes = new TextBytes(encoding, delimiter is null ? AddLines : AddPieces, isFromStart);
    }

    /// <summary>How many characters a line may have.</summary>
    public int Most { get; init; } = MostCharacters;

    /// <summary>Takes bytes.</summary>
    /// <returns>False when whoever takes the lines has enough.</returns>
    public bool Feed(byte[] buffer, int count) => _bytes.Feed(buffer, count);

    /// <summary>Ends: what comes behind the last line end is a line, too.</summary>
    public void Complete()
    {
        _bytes.Complete();
        if (_line.Length > 0)
            _take(_line.ToString());
    }

    /// <summary>All lines of some bytes.</summary>
    /// <param name="bytes">A whole text, or the end of one.</param>
    /// <param name="encoding">The encoding of a text that has no byte order mark.</param>
    /// <param name="delimiter">What stands between two pieces; null for line ends.</param>
    /// <param name="isFromStart">False for the end of a text, of whose first line the beginning may be missing.</param>
    /// <param name="most">How many of the last lines are wanted.</param>
    /// <returns>The last lines, and how many there are in all.</returns>
    public static (Queue<string> Last, long Count) Last(byte[] bytes, Encoding encoding, string? delimiter, bool isFromStart, long most)
    {
        var last = new Queue<string>();
        var count = 0L;
        var lines = new TextLines(encoding, delimiter, line =>
        {
            count++;
            Keep(last, line, most);
            return true;
        }, isFromStart);
        lines.Feed(bytes, bytes.Length);
        lines.Complete();
        return (last, count);
    }

    /// <summary>Keeps the last so many lines.</summary>
    public static void Keep(Queue<string> last, string line, long most)
    {
        last.Enqueue(line);
        if (last.Count > most)
            last.Dequeue();
    }

    private bool AddLines(char[] characters, int count)
    {
        var start = 0;
        for (var i = 0; i < count; i++)
        {
            if (characters[i] is not ('\n' or '\r'))
            {
                _isAfterReturn = false;
                continue;
            }

            // The second half of CR LF, perhaps in the next buffer.
            var isSecond = characters[i] == '\n' && _isAfterReturn;
            _isAfterReturn = characters[i] == '\r';
            if (!isSecond && !Emit(characters, start, i))
                return false;
            start = i + 1;
        }

        Add(characters, start, count);
        return true;
    }

    private bool AddPieces(char[] characters, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Add(characters, i, i + 1);
            if (!EndsWithDelimiter())
                continue;
            _line.Length -= _delimiter!.Length;
            if (!Emit(characters, 0, 0))
                return false;
        }

        return true;
    }

    private bool EndsWithDelimiter()
    {
        var from = _line.Length - _delimiter!.Length;
        for (var i = _delimiter.Length - 1; i >= 0; i--)
        {
            if (from < 0 || _line[from + i] != _delimiter[i])
                return false;
        }

        return true;
    }

    private bool Emit(char[] characters, int start, int end)
    {
        if (_line.Length == 0)
            return _take(new string(characters, start, end - start));
        Add(characters, start, end);
        var line = _line.ToString();
        _line.Clear();
        return _take(line);
    }

    private void Add(char[] characters, int start, int end)
    {
        if (_line.Length + end - start > Most)
            throw new FtpException(FtpErrorKind.CommandNotSupported, FormattableString.Invariant($"The file contains a line of more than {Most} characters, so it can't be read line by line. To save the file, use Receive-FtpItem. To read it as bytes, use -AsByteStream."));
        _line.Append(characters, start, end - start);
    }
}
