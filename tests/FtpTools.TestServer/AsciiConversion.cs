using System;

namespace FtpTools.TestServer;

/// <summary>
/// TYPE A between LF on disk and CRLF on the network (RFC 959, 3.1.1.1). Every LF becomes CRLF, one that follows a CR
/// too, so that the way back gives the very same bytes.
/// </summary>
internal sealed class AsciiConversion
{
    private bool _heldCr;

    /// <summary>Writes at most twice the source's length.</summary>
    public static int ToNetwork(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var n = 0;
        foreach (var b in source)
        {
            if (b == '\n')
                target[n++] = (byte)'\r';
            target[n++] = b;
        }

        return n;
    }

    /// <summary>Writes at most one byte more than the source has; a CR at its end is held until the next byte is known.</summary>
    public int ToDisk(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var n = 0;
        foreach (var b in source)
        {
            if (_heldCr && b != '\n')
                target[n++] = (byte)'\r';
            _heldCr = b == '\r';
            if (!_heldCr)
                target[n++] = b;
        }

        return n;
    }

    /// <summary>Writes the CR that ended the data, if any.</summary>
    public int Finish(Span<byte> target)
    {
        if (!_heldCr)
            return 0;
        _heldCr = false;
        target[0] = (byte)'\r';
        return 1;
    }
}
