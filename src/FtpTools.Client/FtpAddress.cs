using System;
using System.Text;
using FtpTools.Protocol;

namespace FtpTools;

/// <summary>
/// A path on a server as one text, <c>ftp://host:port/path</c>: what an item becomes where a text is wanted, so that no command
/// for local files takes it for one of them. The path is absolute, other than RFC 1738, 3.2.2 has it, which begins at the login's directory.
/// </summary>
public static class FtpAddress
{
    private const string DefaultPort = ":21";

    // Beside what no address may have in it (RFC 3986, 2.2): what PowerShell takes for wildcards.
    private const string Escaped = "%?#[]*`\"<>\\^{}|";
    private static readonly string[] _schemes = ["ftp://", "ftps://", "ftpes://"];

    /// <summary>The address of a path.</summary>
    /// <param name="server">The server as <c>host:port</c>; of port 21 the port is left out.</param>
    /// <param name="path">The absolute path.</param>
    public static string Of(string server, string path)
    {
        var text = new StringBuilder(_schemes[0]);
        text.Append(server.EndsWith(DefaultPort, StringComparison.Ordinal) ? server.Substring(0, server.Length - DefaultPort.Length) : server);
        // A byte of a name that is not UTF-8 is kept as a surrogate alone, of which Uri.EscapeDataString would make another one.
        for (var i = 0; i < path.Length; i++)
        {
            var isEscaped = path[i] == ' ' || Escaped.IndexOf(path[i]) >= 0 || (!char.IsSurrogate(path[i]) && VisibleText.IsToBeEscaped(path, i));
            text.Append(isEscaped ? Uri.EscapeDataString(path[i].ToString()) : path[i].ToString());
        }
        return text.ToString();
    }

    /// <summary>Whether a text is meant as an address: it begins as one does.</summary>
    public static bool IsAddress(string text) => Array.Exists(_schemes, scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads an address.</summary>
    /// <param name="text">The address.</param>
    /// <param name="server">The server as <c>host:port</c>; of an address without a port 21, or 990 of ftps.</param>
    /// <param name="path">The absolute path.</param>
    /// <returns>False when it is none, or names no server.</returns>
    public static bool TryRead(string text, out string server, out string path) => TryRead(text, out server, out path, out _, out _);

    /// <summary>Reads an address with all that it tells of the session that it is meant for.</summary>
    /// <param name="text">The address.</param>
    /// <param name="server">The server as <c>host:port</c>; of an address without a port 21, or 990 of ftps.</param>
    /// <param name="path">The absolute path.</param>
    /// <param name="user">The user's name; null when it names none.</param>
    /// <param name="isEncrypted">Whether it asks for TLS: ftps and ftpes.</param>
    /// <returns>False when it is none, or names no server.</returns>
    public static bool TryRead(string text, out string server, out string path, out string? user, out bool isEncrypted)
    {
        (user, isEncrypted) = (null, false);
        (server, path) = ("", "/");
        var scheme = Array.Find(_schemes, scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));
        if (scheme is null)
            return false;
        var rest = text.Substring(scheme.Length);
        var slash = rest.IndexOf('/');
        server = slash < 0 ? rest : rest.Substring(0, slash);
        isEncrypted = scheme != _schemes[0];
        if (server.LastIndexOf('@') is var at and >= 0)
        {
            user = Uri.UnescapeDataString(server.Substring(0, at).Split(':')[0]);
            server = server.Substring(at + 1);
        }

        if (server.Length > 0 && server.IndexOf(':', server.IndexOf(']') + 1) < 0)
            server += scheme == "ftps://" ? ":990" : DefaultPort;
        if (slash >= 0)
            path = Uri.UnescapeDataString(rest.Substring(slash));
        return server.Length > 0;
    }
}
