using System;
using System.Collections.Generic;
using System.Text;

namespace FtpTools.Listing;

/// <summary>What a listing was asked for with.</summary>
internal enum ListingFormat
{
    /// <summary>MLSD: one form, fixed by RFC 3659.</summary>
    Mlsd,

    /// <summary>LIST: the dialect is found out by the first line that one of them can read.</summary>
    List,
}

/// <summary>Turns the bytes of a listing into items, however they are split.</summary>
internal sealed class ListingReader(ListingFormat format, ListingContext context, Encoding encoding, Action<FtpItem> onItem)
{
    /// <summary>The most bytes of one line.</summary>
    public const int MaxLineBytes = 64 * 1024;

    private const int MaxSamples = 5;
    private readonly List<string> _samples = [];
    private LineParser? _parser = format == ListingFormat.Mlsd ? MlsxParser.TryParse : null;
    private byte[] _rest = new byte[256];
    private int _restLength;

    private delegate bool LineParser(string line, ListingContext context, out FtpItem? item);

    /// <summary>How many items there were.</summary>
    public int ItemCount { get; private set; }

    /// <summary>How many lines no dialect could read.</summary>
    public int UnparsedCount { get; private set; }

    /// <summary>The first few of those lines.</summary>
    public IReadOnlyList<string> UnparsedSamples => _samples;

    /// <summary>Takes bytes from the wire.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.ListingUnparsed"/>: a line is longer than <see cref="MaxLineBytes"/>.</exception>
    public void Feed(byte[] buffer, int count)
    {
        var start = 0;
        while (start < count)
        {
            var end = Array.IndexOf(buffer, (byte)'\n', start, count - start);
            if (end < 0)
            {
                Keep(buffer, start, count - start);
                return;
            }

            if (_restLength == 0)
            {
                Line(buffer, start, end - start);
            }
            else
            {
                Keep(buffer, start, end - start);
                var length = _restLength;
                _restLength = 0;
                Line(_rest, 0, length);
            }

            start = end + 1;
        }
    }

    /// <summary>Ends the listing; its last line may lack a line end.</summary>
    public void Complete()
    {
        if (_restLength > 0)
            Line(_rest, 0, _restLength);
        _restLength = 0;
    }

    private void Keep(byte[] buffer, int start, int count)
    {
        if (_restLength + count > MaxLineBytes)
        {
            throw new FtpException(
                FtpErrorKind.ListingUnparsed, $"The listing of '{context.Directory}' has a line of more than {MaxLineBytes / 1024} KiB; it was given up.", context.Directory);
        }

        if (_rest.Length < _restLength + count)
            Array.Resize(ref _rest, Math.Max(_rest.Length * 2, _restLength + count));
        Buffer.BlockCopy(buffer, start, _rest, _restLength, count);
        _restLength += count;
    }

    private void Line(byte[] buffer, int start, int count)
    {
        if (count > 0 && buffer[start + count - 1] == (byte)'\r')
            count--;
        if (count == 0)
            return;
        var line = encoding.GetString(buffer, start, count);
        if (!Parse(line, out var item))
        {
            UnparsedCount++;
            if (_samples.Count < MaxSamples)
                _samples.Add(line.Length <= 200 ? line : line.Substring(0, 200) + "...");
        }
        else if (item is not null)
        {
            ItemCount++;
            onItem(item);
        }
    }

    private bool Parse(string line, out FtpItem? item)
    {
        if (_parser is not null)
            return _parser(line, context, out item);
        foreach (LineParser dialect in new LineParser[] { UnixListParser.TryParse, DosListParser.TryParse })
        {
            if (!dialect(line, context, out item))
                continue;
            _parser = dialect;
            return true;
        }

        item = null;
        return false;
    }
}
