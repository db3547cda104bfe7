using System.Collections.Generic;

namespace FtpTools.Protocol;

/// <summary>
/// Reads along what a server sends at the start of TLS, to tell whether it resumed an earlier session: no platform says
/// so, and servers refuse data connections for want of it. What is needed is never encrypted (RFC 5246, 7.3; RFC 8446, 4.1.3).
/// </summary>
internal sealed class TlsHandshakeWatch
{
    private const byte ChangeCipherSpec = 20;
    private const byte Handshake = 22;
    private const byte ServerHello = 2;
    private const byte NewSessionTicket = 4;
    private const int PreSharedKey = 41;
    private const int SupportedVersions = 43;

    /// <summary>A server's whole hello is a few hundred bytes; more is no hello.</summary>
    private const int Limit = 16384;

    /// <summary>One without a session id and extensions, its type and length before it.</summary>
    private const int LeastHello = 42;

    // SHA-256 of "HelloRetryRequest": the random number of a hello that asks for another one (RFC 8446, 4.1.3).
    private static readonly byte[] _retry =
    [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ];

    private readonly List<byte> _header = new(5);
    private readonly List<byte> _messages = [];
    private int _left;
    private bool _greeted;

    /// <summary>True when it is decided, or cannot be; more bytes tell nothing more.</summary>
    public bool IsDone { get; private set; }

    /// <summary>True when an earlier session was resumed, false when a new one was made; null as long as it is not known.</summary>
    public bool? Resumed { get; private set; }

    /// <summary>Takes the next bytes that came from the server.</summary>
    public void Feed(byte[] buffer, int offset, int count)
    {
        for (var i = offset; i < offset + count && !IsDone; i++)
        {
            if (_left == 0)
            {
                _header.Add(buffer[i]);
                if (_header.Count == 5)
                    BeginRecord();
                continue;
            }

            // One between a hello that asks for another and that other one is there for middleboxes alone (RFC 8446, D.4).
            if (_header[0] == Handshake)
                _messages.Add(buffer[i]);
            if (--_left == 0)
                _header.Clear();
            Read();
        }
    }

    private void BeginRecord()
    {
        _left = (_header[3] << 8) | _header[4];
        // Before TLS 1.3 a server that resumes goes on to encryption at once, with no certificate between.
        if (_header[0] == ChangeCipherSpec && _greeted)
            Decide(true);
        else if (_header[0] is not (Handshake or ChangeCipherSpec) || _left == 0)
            IsDone = true;
    }

    private void Read()
    {
        if (_messages.Count > Limit)
            IsDone = true;
        if (IsDone || _messages.Count < 4)
            return;
        if (_greeted)
        {
            // Certificate, ServerKeyExchange and the like belong to a new session; a ticket comes first in a resumed one alone.
            Decide(_messages[0] == NewSessionTicket);
            return;
        }

        var length = (_messages[1] << 16) | (_messages[2] << 8) | _messages[3];
        if (_messages[0] != ServerHello)
            IsDone = true;
        else if (_messages.Count == length + 4)
            ReadHello();
    }

    private void ReadHello()
    {
        // Version 2, random 32, session id 1 + n, cipher suite 2, compression 1, extensions.
        var hello = _messages.ToArray();
        _messages.Clear();
        if (hello.Length < LeastHello)
            return;
        var isRetry = true;
        for (var i = 0; isRetry && i < _retry.Length; i++)
            isRetry = hello[6 + i] == _retry[i];
        if (isRetry)
            return;

        var at = 39 + hello[38] + 3;
        var isVersion13 = false;
        var hasKey = false;
        for (at += 2; at + 4 <= hello.Length; at += 4 + ((hello[at + 2] << 8) | hello[at + 3]))
        {
            var extension = (hello[at] << 8) | hello[at + 1];
            isVersion13 |= extension == SupportedVersions;
            hasKey |= extension == PreSharedKey;
        }

        _greeted = true;
        if (isVersion13)
            Decide(hasKey);
    }

    private void Decide(bool resumed)
    {
        Resumed = resumed;
        IsDone = true;
    }
}
