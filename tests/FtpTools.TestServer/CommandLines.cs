using System;
using System.Collections.Generic;

namespace FtpTools.TestServer;

/// <summary>Bytes into command lines, without their CRLF and without Telnet commands.</summary>
internal sealed class CommandLines
{
    private const byte TelnetIac = 255;
    private readonly List<byte> _line = [];
    private bool _iac;

    public List<byte[]> Feed(ReadOnlySpan<byte> bytes)
    {
        var lines = new List<byte[]>();
        foreach (var b in bytes)
        {
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
                lines.Add([.. _line]);
                _line.Clear();
            }
            else
            {
                _line.Add(b);
            }
        }

        return lines;
    }
}
