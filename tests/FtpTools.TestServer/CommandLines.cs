using System;
using System.Collections.Generic;

namespace FtpTools.TestServer;

/// <summary>Bytes into command lines, without their CRLF and without Telnet commands.</summary>
internal sealed class CommandLines
{
    private const byte TelnetIac = 255;
    private readonly List<byte> _line = [];
    private bool _iac;

    /// <summary>Takes bytes up to the end of the next line.</summary>
    /// <param name="bytes">What came.</param>
    /// <param name="line">The line; null when its end has yet to come.</param>
    /// <returns>How many were taken: what follows a line may be of another kind.</returns>
    public int Feed(ReadOnlySpan<byte> bytes, out byte[]? line)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var b = bytes[i];
            if (_iac)
            {
                _iac = false;
                // IAC IAC is the byte 255 itself; IAC and any other (IP, DM) is a Telnet command (RFC 854).
                if (b == TelnetIac)
                    _line.Add(b);
            }
            else if (b == TelnetIac)
            {
                _iac = true;
            }
            else if (b == '\n')
            {
                if (_line.Count > 0 && _line[^1] == '\r')
                    _line.RemoveAt(_line.Count - 1);
                line = [.. _line];
                _line.Clear();
                return i + 1;
            }
            else
            {
                _line.Add(b);
            }
        }

        line = null;
        return bytes.Length;
    }
}
