using System;
using System.Linq;

namespace FtpTools.Protocol;

/// <summary>A connection through a proxy did not come about. The message is a clause without its full stop.</summary>
internal sealed class ProxyException(FtpErrorKind kind, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What failed, if it is the control connection that was wanted.</summary>
    public FtpErrorKind Kind => kind;
}

/// <summary>What is said to a proxy, and what it answers, until it has opened a connection. Bytes in, bytes out.</summary>
internal abstract class ProxyHandshake(FtpProxy proxy, DialTarget target)
{
    /// <summary>The first words.</summary>
    /// <exception cref="ProxyException">The target or the account cannot be said in the proxy's protocol.</exception>
    public abstract byte[] First { get; }

    /// <summary>True when the connection is open: what follows is the target's.</summary>
    public bool IsDone { get; protected set; }

    /// <summary>The proxy.</summary>
    protected FtpProxy Proxy => proxy;

    /// <summary>Whom it is to dial.</summary>
    protected DialTarget Target => target;

    /// <summary>The handshake in the proxy's protocol.</summary>
    public static ProxyHandshake Create(FtpProxy proxy, DialTarget target) =>
        proxy.Kind == FtpProxyKind.Socks5 ? new Socks5Handshake(proxy, target) : new HttpConnectHandshake(proxy, target);

    /// <summary>Takes bytes from the proxy, however they are split.</summary>
    /// <param name="buffer">The bytes.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="answer">What is to be sent next; null for nothing.</param>
    /// <returns>How many of them were the proxy's own. Those behind are the target's, and not for this.</returns>
    /// <exception cref="ProxyException">The proxy refuses, or does not speak its protocol.</exception>
    public int Feed(byte[] buffer, int count, out byte[]? answer)
    {
        answer = null;
        var used = 0;
        while (used < count && !IsDone && answer is null)
            answer = Take(buffer[used++]);
        return used;
    }

    /// <summary>Takes one byte; returns what is to be sent, or null.</summary>
    protected abstract byte[]? Take(byte value);

    /// <summary>The proxy refuses to let this user through.</summary>
    protected ProxyException NoLogin(string why) => new(
        FtpErrorKind.LoginFailed,
        proxy.UserName is null
            ? $"the proxy {proxy} requires a user name and a password ({why}). Specify them with -ProxyCredential"
            : $"the proxy {proxy} refused the login of '{proxy.UserName}' ({why}). Check the user name and the password of -ProxyCredential");

    /// <summary>The proxy did not open the connection.</summary>
    protected ProxyException Refused(string words) => new(
        FtpErrorKind.HostUnreachable, $"the proxy {proxy} didn't open the connection to {target}, and replied '{words}'. Check the name and the port, and whether the proxy allows this connection");

    /// <summary>What came is not the proxy's protocol.</summary>
    protected ProxyException Garbled(string what) => new(
        FtpErrorKind.HostUnreachable, $"{proxy} didn't respond like a proxy of this type: {what}. Check the scheme, the name and the port of -Proxy");

    /// <summary>The account cannot be said in the proxy's protocol.</summary>
    protected ProxyException BadAccount(string why) => new(
        FtpErrorKind.LoginFailed, $"the login to the proxy {proxy} failed, because {why}. Check the user name and the password of -ProxyCredential");

    /// <summary>The proxy's words as they can be shown: in one line, and no longer than an error should be.</summary>
    protected static string Show(string text)
    {
        var line = new string([.. text.Select(c => char.IsControl(c) ? '?' : c)]);
        return line.Length <= 120 ? line : line.Substring(0, 120) + "...";
    }
}
