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

    /// <summary>The most lines between two replies, or before the greeting, that are none.</summary>
    private const int MaxStrayLines = 200;

    // What other services say first: SSH, HTTP, POP3, IMAP, VNC.
    private static readonly string[] _otherServices = ["SSH-", "HTTP/", "+OK", "* ", "RFB ", "<"];

    private readonly List<FtpReply> _ready = [];
    private readonly List<string> _lines = [];
    private byte[] _line = new byte[512];
    private int _length;
    private int _replyBytes;
    private int _code;
    private int _emptyLines;
    private int _strayLines;
    private int _last;
    private bool _isLastReady;
    private bool _isLastOpen;
    private bool _mayLastGoOn;
    private int _owed;

    /// <summary>How text is decoded; may change between replies.</summary>
    public Encoding Encoding { get; set; } = FtpUtf8Encoding.Instance;

    /// <summary>What is hidden in replies.</summary>
    public Secrets Secrets { get; init; } = Secrets.None;

    /// <summary>The oldest whole reply, which is still to be taken; null for none.</summary>
    public FtpReply? Next => _ready.Count > 0 ? _ready[0] : null;

    /// <summary>True in the midst of a reply, or with replies that nobody has taken.</summary>
    public bool HasInput => _replyBytes > 0 || _ready.Count > 0;

    /// <summary>The first line that is of no reply and came instead of one; null for none.</summary>
    public string? Stray { get; private set; }

    /// <summary>Takes bytes from the wire.</summary>
    /// <exception cref="InvalidDataException">The bytes are not an FTP reply, or the reply is too long.</exception>
    public void Feed(byte[] buffer, int count)
    {
        for (var i = 0; i < count; i++)
        {
            // Padding behind a line is not the beginning of the next.
            if (_length == 0 && buffer[i] is 0 or (byte)'\r')
                continue;
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
        reply = _ready.Count > 0 ? _ready[0] : null!;
        if (reply is null)
            return false;
        _ready.RemoveAt(0);
        _isLastReady &= _ready.Count > 0;
        return true;
    }

    /// <summary>Commands are sent: what comes from now on belongs to them, but for the rest of a reply to FEAT that was not said to go on.</summary>
    public void NoteCommands(int count)
    {
        _owed += count;
        _isLastOpen &= _last == 211;
    }

    /// <summary>Forgets all input: what came before a TLS upgrade must not be believed after it (RFC 4217, 10; CVE-2011-0411).</summary>
    public void Discard()
    {
        _ready.Clear();
        _lines.Clear();
        _length = _replyBytes = _code = _emptyLines = _strayLines = 0;
        _isLastReady = _isLastOpen = _mayLastGoOn = false;
        Stray = null;
    }

    private void EndLine()
    {
        while (_length > 0 && _line[_length - 1] is (byte)'\r' or 0)
            _length--;
        var start = _code == 0 ? SkipPrelude(_line, _length) : 0;
        var text = Encoding.GetString(_line, start, _length - start);
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

            if (IsStray(text, code))
                return;
            if (code == 0)
                throw new InvalidDataException($"'{Shorten(Secrets.Hide(text))}' isn't an FTP reply; check whether this is an FTP server");
            _lines.Add(BehindCode(text));
            if (text.Length > 3 && text[3] == '-')
                _code = code;
            else
                EndReply(code);
            return;
        }

        // glftpd warns by "553-Directory excluded", goes on with "150 Opening" in the same reply, and means the latter.
        if (_code >= 400 && code is > 0 and < 200 && text.Length > 3 && text[3] == ' ')
        {
            _lines.Add(text.Substring(4));
            EndReply(code);
            return;
        }

        // The last line has the same code and a space; servers repeat "code-" on the lines between, or indent them.
        var last = (code == _code && (text.Length == 3 || text[3] == ' ')) || IsEndOfFeatures(text, code);
        var repeated = code == _code && !last;
        _lines.Add(last || repeated ? BehindCode(text) : text);
        if (last)
            EndReply(_code);
    }

    private void EndReply(int code)
    {
        _ready.Add(Secrets.Reply(code, _lines.ToArray()));
        _lines.Clear();
        _replyBytes = _code = _emptyLines = _strayLines = 0;
        _last = code;
        _isLastReady = true;
        _isLastOpen = false;
        _mayLastGoOn = code == 211 && _ready[_ready.Count - 1].Lines.Count == 1;
        _owed -= code >= 200 && _owed > 0 ? 1 : 0;
    }

    /// <summary>
    /// Whether a line is of no reply, though one may begin here. Some servers send a banner ahead of the greeting, or say the
    /// first line of a long reply without the hyphen (RFC 959, 4.2): what follows belongs to the reply before, up to a line
    /// that has its code once more.
    /// </summary>
    private bool IsStray(string text, int code)
    {
        var isEnd = _isLastOpen && code == _last && (text.Length == 3 || text[3] == ' ');
        if (code > 0 && !isEnd)
            return false;
        // What comes in the place of a reply that is owed may be that reply, and is not to be left out.
        if (!isEnd && ((_owed > 0 && !_mayLastGoOn) || text.Length == 0 || ++_strayLines > MaxStrayLines || (_last == 0 && !IsBanner(text))))
            return false;
        if (_isLastReady)
        {
            var reply = _ready[_ready.Count - 1];
            _ready[_ready.Count - 1] = Secrets.Reply(reply.Code, [.. reply.Sent, isEnd ? BehindCode(text) : text]);
        }

        if (!isEnd)
            Stray ??= Shorten(Secrets.Hide(text));
        _isLastOpen = !isEnd && _last > 0;
        _replyBytes = 0;
        return true;
    }

    /// <summary>Whether a line may stand ahead of the greeting: words, and not what another service says first.</summary>
    private static bool IsBanner(string text) =>
        text.Trim().Length > 0 && text[0] is < '0' or > '9' && !Array.Exists(_otherServices, other => text.StartsWith(other, StringComparison.Ordinal));

    /// <summary>Whether a line ends the reply to FEAT, though its code is another one, or a hyphen follows it ("211-End").</summary>
    private bool IsEndOfFeatures(string text, int code) =>
        _code == 211 && code > 0 && text.Length >= 7 && string.Compare(text, 4, "End", 0, 3, StringComparison.OrdinalIgnoreCase) == 0 && (text.Length == 7 || !char.IsLetterOrDigit(text[7]));

    /// <summary>
    /// How many bytes at the beginning of a reply are none of it: a byte order mark, as .NET's StreamWriter puts ahead of the
    /// first one, the options of Telnet (RFC 854), padding.
    /// </summary>
    private static int SkipPrelude(byte[] line, int length)
    {
        const byte Iac = 0xFF;
        var i = 0;
        while (i < length)
        {
            if (FtpUtf8Encoding.IsMarkAt(line, i, length))
                i += 3;
            else if (line[i] == Iac && i + 1 < length)
                i += line[i + 1] is >= 0xFB and <= 0xFE ? 3 : 2;
            else if (line[i] is 0 or (byte)' ' or (byte)'\t')
                i++;
            else
                break;
        }

        return i < length && line[i] is >= (byte)'0' and <= (byte)'9' ? i : 0;
    }

    private static int LeadingCode(string text)
    {
        if (text.Length < 3 || text[0] is < '1' or > '5' || text[1] is < '0' or > '9' || text[2] is < '0' or > '9')
            return 0;
        if (text.Length > 3 && text[3] is not (' ' or '-'))
            return 0;
        return ((text[0] - '0') * 100) + ((text[1] - '0') * 10) + text[2] - '0';
    }

    private static string BehindCode(string text) => text.Length == 3 ? "" : text.Substring(4);

    private static string Shorten(string text) => text.Length <= 60 ? text : text.Substring(0, 60) + "...";
}
