using System.Net.Sockets;
using System.Text;

namespace FtpTools.Protocol;

/// <summary>
/// SOCKS version 5 (RFC 1928), with no login or with user name and password (RFC 1929). A name is sent as a name, so that
/// the proxy resolves it.
/// </summary>
internal sealed class Socks5Handshake(FtpProxy proxy, DialTarget target) : ProxyHandshake(proxy, target)
{
    private const byte Version = 5;
    private const byte NoLoginMethod = 0;
    private const byte PasswordMethod = 2;
    private const byte NoMethod = 0xFF;

    // The longest message of the proxy: a reply with a name of 255 bytes.
    private readonly byte[] _message = new byte[7 + 255];
    private int _length;
    private Stage _stage;

    private enum Stage
    {
        Method,
        Login,
        Reply,
    }

    /// <inheritdoc/>
    public override byte[] First => Proxy.UserName is null ? [Version, 1, NoLoginMethod] : [Version, 2, NoLoginMethod, PasswordMethod];

    /// <inheritdoc/>
    protected override byte[]? Take(byte value)
    {
        _message[_length++] = value;
        return _stage switch
        {
            Stage.Method => TakeMethod(),
            Stage.Login => TakeLogin(),
            _ => TakeReply(),
        };
    }

    /// <summary>What a reply code other than 0 says (RFC 1928, 6).</summary>
    public static string Meaning(byte code) => code switch
    {
        1 => "general failure of the proxy",
        2 => "connection not allowed by the proxy's rules",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "time to live expired",
        7 => "command not supported",
        8 => "address type not supported",
        _ => "unknown failure",
    };

    private byte[]? TakeMethod()
    {
        if (_message[0] != Version)
            throw Garbled($"its first byte is {_message[0]}, not {Version}");
        if (_length < 2)
            return null;
        var method = _message[1];
        switch (method)
        {
            case NoLoginMethod:
                return Next(Stage.Reply, Request());
            case PasswordMethod when Proxy.UserName is not null:
                return Next(Stage.Login, Login(Proxy.UserName, Proxy.Password ?? ""));
            case NoMethod when Proxy.UserName is null:
                throw NoLogin("it doesn't accept connections without them");
            case NoMethod:
                throw BadAccount("it accepts neither connections with a user name and a password nor connections without them");
            default:
                throw Garbled($"it chose the login method {method}, which wasn't offered");
        }
    }

    private byte[]? TakeLogin()
    {
        // The version of this message is 1 (RFC 1929, 2); some send SOCKS's own 5, and all that counts is the status.
        if (_length < 2)
            return null;
        return _message[1] == 0 ? Next(Stage.Reply, Request()) : throw NoLogin($"status {_message[1]}");
    }

    private byte[]? TakeReply()
    {
        if (_message[0] != Version)
            throw Garbled($"its reply begins with {_message[0]}, not {Version}");
        // After a refusal some close without the address that ought to follow.
        if (_length == 2 && _message[1] != 0)
            throw Refused($"{Meaning(_message[1])} (SOCKS reply {_message[1]})");
        if (_length < 5)
            return null;
        // The address that the proxy dials from is of no use, but must be read to its end.
        var whole = _message[3] switch
        {
            1 => 4 + 4 + 2,
            3 => 4 + 1 + _message[4] + 2,
            4 => 4 + 16 + 2,
            _ => throw Garbled($"its reply has an address of the unknown type {_message[3]}"),
        };
        IsDone = _length == whole;
        return null;
    }

    private byte[] Next(Stage stage, byte[] message)
    {
        _stage = stage;
        _length = 0;
        return message;
    }

    private byte[] Login(string user, string password)
    {
        var userBytes = Encoding.UTF8.GetBytes(user);
        var passwordBytes = Encoding.UTF8.GetBytes(password);
        // Each has a byte for its length (RFC 1929, 2).
        if (userBytes.Length is 0 or > 255 || passwordBytes.Length > 255)
            throw BadAccount("SOCKS requires a user name of 1 to 255 bytes and a password of at most 255 bytes");
        return [1, (byte)userBytes.Length, .. userBytes, (byte)passwordBytes.Length, .. passwordBytes];
    }

    private byte[] Request()
    {
        byte[] address;
        if (Target.Address is { } literal)
        {
            address = [literal.AddressFamily == AddressFamily.InterNetworkV6 ? (byte)4 : (byte)1, .. literal.GetAddressBytes()];
        }
        else
        {
            var name = Encoding.ASCII.GetBytes(Target.AsciiHost);
            address = [3, (byte)name.Length, .. name];
        }

        return [Version, 1, 0, .. address, (byte)(Target.Port >> 8), (byte)Target.Port];
    }
}
