using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;

namespace FtpTools.Protocol;

/// <summary>Whom to dial: a name or an address, and a port.</summary>
internal sealed record DialTarget(string Host, int Port)
{
    /// <summary>An address and a port.</summary>
    public DialTarget(IPEndPoint endpoint)
        : this(endpoint.Address.ToString(), endpoint.Port)
    {
    }

    /// <summary>The address, when it is given as one.</summary>
    public IPAddress? Address => IPAddress.TryParse(Host, out var address) ? address : null;

    /// <summary>
    /// The name as DNS has it (RFC 3490), for a proxy to resolve. It goes into the proxy's protocol as it is, so nothing
    /// but a host name is let through.
    /// </summary>
    /// <exception cref="ProxyException">It is not a host name.</exception>
    public string AsciiHost
    {
        get
        {
            string name;
            try
            {
                name = Host.All(c => c < 128) ? Host : new IdnMapping().GetAscii(Host);
            }
            catch (ArgumentException e)
            {
                throw NoName(e);
            }

            return name.Length is > 0 and <= 255 && name.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '.' or '_')
                ? name
                : throw NoName(null);
        }
    }

    /// <summary>Host and port as HTTP has them (RFC 9112, 3.2.3): a name as DNS has it, an IPv6 address in brackets.</summary>
    /// <exception cref="ProxyException">The host is neither an address nor a host name.</exception>
    public string Authority => Address switch
    {
        null => $"{AsciiHost}:{Port}",
        // A scope (fe80::1%3) means something on this machine alone.
        { AddressFamily: AddressFamily.InterNetworkV6 } six => $"[{new IPAddress(six.GetAddressBytes())}]:{Port}",
        var four => $"{four}:{Port}",
    };

    /// <summary><c>host:port</c>, an IPv6 address in brackets.</summary>
    public override string ToString() => Host.Contains(":") ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>
    /// Whether <c>host:port</c> means this one. Names are compared regardless of case (RFC 4343); without a port, any fits.
    /// </summary>
    public bool IsNamed(string server)
    {
        var port = ":" + Port.ToString(CultureInfo.InvariantCulture);
        // More than one colon, and no brackets: an IPv6 address alone.
        var hasPort = server.StartsWith("[", StringComparison.Ordinal) ? !server.EndsWith("]", StringComparison.Ordinal) : server.Count(c => c == ':') == 1;
        if (hasPort && !server.EndsWith(port, StringComparison.Ordinal))
            return false;
        var host = (hasPort ? server.Substring(0, server.Length - port.Length) : server).Trim('[', ']');
        return host.Equals(Host, StringComparison.OrdinalIgnoreCase) || (Address is { } address && IPAddress.TryParse(host, out var other) && other.Equals(address));
    }

    private ProxyException NoName(Exception? cause) => new(FtpErrorKind.InvalidName, $"'{Host}' isn't a host name that can be sent to a proxy", cause);
}
