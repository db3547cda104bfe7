using System;
using System.Text;

namespace FtpTools.Protocol;

/// <summary>The CONNECT method of HTTP (RFC 9110, 9.3.6), with Basic authentication (RFC 7617) where there is an account.</summary>
internal sealed class HttpConnectHandshake(FtpProxy proxy, DialTarget target) : ProxyHandshake(proxy, target)
{
    /// <summary>The most bytes of a response's head.</summary>
    public const int MaxHeadBytes = 16 * 1024;

    private const string Protocol = "HTTP/";

    private readonly StringBuilder _statusLine = new();
    private bool _statusIsRead;
    private int _headBytes;
    private int _lineBytes;

    /// <inheritdoc/>
    public override byte[] First
    {
        get
        {
            var authority = Target.Authority;
            return Encoding.ASCII.GetBytes($"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n{Authorization()}\r\n");
        }
    }

    /// <inheritdoc/>
    protected override byte[]? Take(byte value)
    {
        if (++_headBytes > MaxHeadBytes)
            throw Garbled($"the header of its response is longer than {MaxHeadBytes / 1024} KiB");
        if (value == (byte)'\n')
        {
            EndLine();
            return null;
        }

        // A line may end in a bare LF (RFC 9112, 2.2), and a CR before it counts for nothing.
        if (value == (byte)'\r')
            return null;
        _lineBytes++;
        if (_statusIsRead)
            return null;
        _statusLine.Append((char)value);
        // What speaks first, another protocol's server say, is known by its first byte and not waited for.
        if (_lineBytes <= Protocol.Length && Protocol[_lineBytes - 1] != value)
            throw Garbled($"its response begins with '{Show(_statusLine.ToString())}'");
        return null;
    }

    private void EndLine()
    {
        var isEmpty = _lineBytes == 0;
        _lineBytes = 0;
        if (!_statusIsRead)
        {
            if (isEmpty)
                throw Garbled("its response begins with an empty line");
            if (Status() == 0)
                throw Garbled($"its response is '{Show(_statusLine.ToString())}'");
            _statusIsRead = true;
            return;
        }

        if (!isEmpty)
            return;
        switch (Status())
        {
            case < 200: // an interim response, which another one follows (RFC 9110, 15.2)
                _statusIsRead = false;
                _statusLine.Clear();
                break;
            case < 300: // what follows is the target's at once: such a response has no content
                IsDone = true;
                break;
            case 407 or 401: // tinyproxy says 401 to a wrong password
                throw NoLogin(Show(_statusLine.ToString()));
            default:
                throw Refused(Show(_statusLine.ToString()));
        }
    }

    /// <summary>The three digits behind the version (RFC 9112, 4); 0 when they are not there.</summary>
    private int Status()
    {
        var line = _statusLine.ToString();
        var space = line.IndexOf(' ');
        return space > Protocol.Length
            && line.Length >= space + 4 && (line.Length == space + 4 || line[space + 4] == ' ')
            && line[space + 1] is >= '1' and <= '5' && line[space + 2] is >= '0' and <= '9' && line[space + 3] is >= '0' and <= '9'
            ? ((line[space + 1] - '0') * 100) + ((line[space + 2] - '0') * 10) + line[space + 3] - '0'
            : 0;
    }

    private string Authorization()
    {
        if (Proxy.UserName is not { } user)
            return "";
        // The first colon parts the two (RFC 7617, 2).
        if (user.Contains(":"))
            throw BadAccount("HTTP doesn't allow a colon in the user name");
        return $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{Proxy.Password}"))}\r\n";
    }
}
