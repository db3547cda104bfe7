using System;

namespace FtpTools;

/// <summary>What a proxy speaks.</summary>
public enum FtpProxyKind
{
    /// <summary>SOCKS version 5 (RFC 1928).</summary>
    Socks5,

    /// <summary>HTTP with the CONNECT method (RFC 9110, 9.3.6).</summary>
    Http,
}

/// <summary>A proxy, which control and data connections are dialled through, and which resolves the server's name.</summary>
public sealed record FtpProxy
{
    private const string Form = "Specify an address such as socks5://host:1080 or http://host:8080.";

    /// <summary>A proxy that asks for no login.</summary>
    /// <param name="kind">What it speaks.</param>
    /// <param name="host">Its name or address.</param>
    /// <param name="port">Its port, 1 to 65535; 0 for the usual one: 1080 for SOCKS, 80, as in any http:// address, for HTTP.</param>
    /// <exception cref="ArgumentException">The host is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port is out of range.</exception>
    public FtpProxy(FtpProxyKind kind, string host, int port = 0)
    {
        if (string.IsNullOrEmpty(host))
            throw new ArgumentException("The name or address of the proxy is missing.", nameof(host));
        if (port is < 0 or > 65535)
            throw new ArgumentOutOfRangeException(nameof(port), port, "A port must be a number from 1 to 65535.");
        Kind = kind;
        Host = host;
        Port = port != 0 ? port : kind == FtpProxyKind.Socks5 ? 1080 : 80;
    }

    /// <summary>What it speaks.</summary>
    public FtpProxyKind Kind { get; }

    /// <summary>Its name or address.</summary>
    public string Host { get; }

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>The account at the proxy; null for none.</summary>
    public string? UserName { get; init; }

    /// <summary>The account's password. It is sent to the proxy alone, in clear text, and is never traced.</summary>
    public string? Password { get; init; }

    /// <summary>
    /// Reads <c>socks5://user:password@host:port</c> or <c>http://user:password@host:port</c>; user, password and port may
    /// be left out. <c>socks://</c> and <c>socks5h://</c> mean the same as <c>socks5://</c>: the proxy resolves names.
    /// </summary>
    /// <param name="address">The address, which no error repeats, for it may hold a password.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: it is not the address of a proxy that can be used.</exception>
    public static FtpProxy Parse(Uri address)
    {
        if (!address.IsAbsoluteUri)
            throw Invalid($"The address of the proxy doesn't contain a scheme. (It isn't shown, because it may contain a password.) {Form}");
        var kind = address.Scheme switch
        {
            "socks5" or "socks5h" or "socks" => FtpProxyKind.Socks5,
            "http" => FtpProxyKind.Http,
            "https" => throw Invalid($"Proxies that are accessed over TLS (https://) aren't supported. {Form} Both can carry TLS connections to the FTP server."),
            "socks4" or "socks4a" => throw Invalid($"SOCKS version 4 (socks4://) isn't supported, because it has no passwords and no IPv6. Most SOCKS proxies also support version 5. {Form}"),
            _ => throw Invalid($"The scheme of the proxy's address isn't supported. (The address isn't shown, because it may contain a password.) {Form}"),
        };
        if (address.DnsSafeHost.Length == 0)
            throw Invalid($"The address of the proxy doesn't contain a host. (It isn't shown, because it may contain a password.) {Form}");
        // The likeliest path is that of a script that chooses proxies (proxy.pac), which is not read here.
        if (address.AbsolutePath is not ("" or "/") || address.Query.Length > 0)
            throw Invalid($"The address of the proxy '{address.DnsSafeHost}' contains more than a host and a port. {Form}");

        var proxy = new FtpProxy(kind, address.DnsSafeHost, Math.Max(0, address.Port));
        if (address.UserInfo.Length == 0)
            return proxy;
        var user = address.UserInfo.Split([':'], 2);
        return proxy with
        {
            UserName = Uri.UnescapeDataString(user[0]),
            Password = user.Length == 2 ? Uri.UnescapeDataString(user[1]) : "",
        };
    }

    /// <summary>The address without user and password.</summary>
    public override string ToString() => $"{(Kind == FtpProxyKind.Socks5 ? "socks5" : "http")}://{(Host.Contains(":") ? $"[{Host}]" : Host)}:{Port}";

    private static FtpException Invalid(string message) => new(FtpErrorKind.InvalidName, message);
}
