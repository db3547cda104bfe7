using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace FtpTools.Protocol;

/// <summary>What must not be shown, though a server says it back.</summary>
internal sealed class Secrets
{
    /// <summary>A shorter one is in so many words that to hide it would tell where it is, and make the rest unreadable.</summary>
    private const int LeastLength = 4;

    private readonly string[] _secrets;

    /// <summary>Secrets.</summary>
    /// <param name="secrets">The secrets; null for none.</param>
    public Secrets(params string?[] secrets) => _secrets = secrets.Where(secret => secret?.Length >= LeastLength).Select(secret => secret!).OrderByDescending(secret => secret.Length).ToArray();

    /// <summary>No secrets.</summary>
    public static Secrets None { get; } = new();

    /// <summary>What is secret of a session: what anonymous users say for a password is not.</summary>
    public static Secrets Of(FtpClientOptions options) => new(
        options.Password == FtpClientOptions.AnonymousPassword ? null : options.Password, options.Account, options.Proxy?.Password, Basic(options.Proxy));

    // As an HTTP proxy is told user and password, and may say them back.
    private static string? Basic(FtpProxy? proxy) =>
        proxy is { Kind: FtpProxyKind.Http, Password: { } password } ? Convert.ToBase64String(Encoding.UTF8.GetBytes($"{proxy.UserName}:{password}")) : null;

    /// <summary>The text without them.</summary>
    public string Hide(string text)
    {
        foreach (var secret in _secrets)
        {
            if (text.IndexOf(secret, StringComparison.Ordinal) >= 0)
                text = text.Replace(secret, "***");
        }

        return text;
    }

    /// <summary>A reply without them, but for the lines that the engine reads.</summary>
    public FtpReply Reply(int code, IReadOnlyList<string> lines)
    {
        var hidden = _secrets.Length == 0 ? lines : lines.Select(Hide).ToArray();
        return new FtpReply(code, hidden, lines);
    }
}
