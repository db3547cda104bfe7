using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace FtpTools.Protocol;

/// <summary>Turns the bytes of a control connection into replies (RFC 959, 4.2), however they are split.</summary>
internal sealed class FtpReplyParser
{
    /// <summary>The most bytes of one reply. The longest honest ones (HELP, STAT of a directory) are some tens of KiB.</summary>
    public const int MaxReplyBytes = 256 * 1024;

    /// <summary>The most empty lines between two replies.</summary>
    private const int MaxEmptyLines = 16;

    private readonly Queue<FtpReply> _ready = new();
    private readonly List<string> _lines = [];
    private byte[] _line = new byte[512];
    private int _length;
    private int _replyBytes;
    private int _code;
    private int _emptyLines;

    /// <summary>How text is decoded; may change between replies.</summary>
    public Encoding Encoding { get; set; } = FtpUtf8Encoding.Instance;

    /// <summary>What is hidden in replies.</summary>
    public Secrets Secrets { get; init; } = Secrets.None;

    /// <summary>True in the midst of a reply, or with replies that nobody has taken.</summary>
    public bool HasInput => _replyBytes > 0 || _ready.Count > 0;

    /// <summary>Takes bytes from the wire.</summary>
    /// <exception cref="InvalidDataException">The bytes are not an FTP reply, or the reply is too long.</exception>
    public void Feed(byte[] buffer, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (++_replyBytes > MaxReplyBytes)
                throw new InvalidDataException($"the reply is longer than {MaxReplyBytes / 1024} KiB");
            if (buffer[i] == (byte)'\n')
            {
                EndLine();
                continue;
            }

            if (_length == _line.Length)
                Array.Resize(ref _line, _length * 2);
            _line[_length++] = buffer[i];
        }
    }

    /// <summary>Hands out the oldest whole reply.</summary>
    public bool TryTake(out FtpReply reply)
    {
        reply = _ready.Count > 0 ? _ready.Dequeue() : null!;
        return reply is not null;
    }

    /// <summary>Forgets all input: what came before a TLS upgrade must not be believed after it (RFC 4217, 10; CVE-2011-0411).</summary>
    public void Discard()
    {
        _ready.Clear();
        _lines.Clear();
        _length = _replyBytes = _code = _emptyLines = 0;
    }

    private void EndLine()
    {
        if (_length > 0 && _line[_length - 1] == (byte)'\r')
            _length--;
        var text = Encoding.GetString(_line, 0, _length);
        _length = 0;

        var code = LeadingCode(text);
        if (_code == 0)
        {
            // Between two replies some servers send an empty line.
            if (text.Length == 0 && ++_emptyLines <= MaxEmptyLines)
            {
                _replyBytes = 0;
                return;
            }

            if (code == 0)
                throw new InvalidDataException($"'{Shorten(Secrets.Hide(text))}' isn't an FTP reply; check whether this is an FTP server");
            _lines.Add(text.Length > 4 ? text.Substring(4) : "");
            if (text.Length > 3 && text[3] == '-')
                _code = code;
            else
                EndReply(code);
            return;
        }

        // The last line has the same code and a space; servers repeat "code-" on the lines between, or indent them.
        var last = code == _code && (text.Length == 3 || text[3] == ' ');
        var repeated = code == _code && !last;
        _lines.Add(last || repeated ? (text.Length > 4 ? text.Substring(4) : "") : text);
        if (last)
            EndReply(code);
    }

    private void EndReply(int code)
    {
        _ready.Enqueue(Secrets.Reply(code, _lines.ToArray()));
        _lines.Clear();
        _replyBytes = _code = _emptyLines = 0;
    }

    private static int LeadingCode(string text)
    {
        if (text.Length < 3 || text[0] is < '1' or > '5' || text[1] is < '0' or > '9' || text[2] is < '0' or > '9')
            return 0;
        if (text.Length > 3 && text[3] is not (' ' or '-'))
            return 0;
        return ((text[0] - '0') * 100) + ((text[1] - '0') * 10) + text[2] - '0';
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text.Substring(0, 60) + "...";
}
