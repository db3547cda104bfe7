using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace FtpTools.TestServer;

/// <summary>Login, features, type and the current directory.</summary>
internal static class SessionVerbs
{
    public static IReadOnlyDictionary<string, CommandScript> Table { get; } = new Dictionary<string, CommandScript>
    {
        ["USER"] = UserAsync,
        ["PASS"] = PassAsync,
        ["ACCT"] = AcctAsync,
        ["QUIT"] = QuitAsync,
        ["FEAT"] = FeatAsync,
        ["OPTS"] = OptsAsync,
        ["SYST"] = (c, _) => c.ReplyAsync("215 UNIX Type: L8"),
        ["NOOP"] = (c, _) => c.ReplyAsync("200 NOOP ok."),
        ["HELP"] = (c, _) => c.ReplyAsync("214 A loopback server for tests."),
        ["ALLO"] = (c, _) => c.ReplyAsync("202 No storage allocation necessary."),
        ["TYPE"] = TypeAsync,
        ["MODE"] = (c, a) => c.ReplyAsync(Is(a, "S") ? "200 MODE set to S." : "504 Only MODE S is implemented."),
        ["STRU"] = (c, a) => c.ReplyAsync(Is(a, "F") ? "200 STRU set to F." : "504 Only STRU F is implemented."),
        ["PWD"] = (c, _) => c.ReplyAsync($"257 {ListingFormat.Quoted(c.State.Directory)} is the current directory."),
        ["XPWD"] = (c, _) => c.ReplyAsync($"257 {ListingFormat.Quoted(c.State.Directory)} is the current directory."),
        ["CWD"] = CwdAsync,
        ["CDUP"] = (c, _) => CwdAsync(c, ".."),
    };

    private static bool Is(string text, string other) => text.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static bool IsAnonymous(string? user) => user is not null && (Is(user, "anonymous") || Is(user, "ftp"));

    private static Task UserAsync(LoopbackConnection c, string argument)
    {
        if (c.Server.RequireTls && !c.State.TlsAgreed)
            return c.ReplyAsync(c.Server.TlsRequiredReply);
        (c.State.User, c.State.LoggedIn, c.State.PasswordGiven) = (argument, false, false);
        return c.ReplyAsync("331 Please specify the password.");
    }

    private static Task PassAsync(LoopbackConnection c, string argument)
    {
        if (c.State.User is null)
            return c.ReplyAsync("503 Log in with USER first.");
        var anonymous = c.Server.AllowAnonymous && IsAnonymous(c.State.User);
        if (!anonymous && (c.State.User != c.Server.User || argument != c.Server.Password))
            return c.ReplyAsync("530 Login incorrect.");
        c.State.PasswordGiven = true;
        c.State.Directory = c.Server.LoginDirectory;
        if (c.Server.Account is not null)
            return c.ReplyAsync("332 Need account for login.");
        c.State.LoggedIn = true;
        return c.ReplyAsync("230 Login successful.");
    }

    private static Task AcctAsync(LoopbackConnection c, string argument)
    {
        if (!c.State.PasswordGiven)
            return c.ReplyAsync("503 Log in with USER first.");
        c.State.LoggedIn = c.Server.Account is null || argument == c.Server.Account;
        return c.ReplyAsync(c.State.LoggedIn ? "230 Login successful." : "530 Account unknown.");
    }

    private static async Task QuitAsync(LoopbackConnection c, string argument)
    {
        await c.ReplyAsync("221 Goodbye.").ConfigureAwait(false);
        c.Close();
    }

    private static Task FeatAsync(LoopbackConnection c, string argument)
    {
        var features = string.Concat(c.Server.Features.Concat(c.Server.Certificate is null ? [] : TlsVerbs.Features).Select(f => $" {f}\r\n"));
        return c.ReplyAsync(features.Length == 0 ? "211 No features." : $"211-Features:\r\n{features}211 End");
    }

    private static Task OptsAsync(LoopbackConnection c, string argument)
    {
        var parts = argument.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > 0 && Is(parts[0], "UTF8"))
            return c.ReplyAsync(parts.Length > 1 && Is(parts[1], "OFF") ? "504 Always in UTF8 mode." : "200 Always in UTF8 mode.");
        if (parts.Length == 0 || !Is(parts[0], "MLST"))
            return c.ReplyAsync("501 Option not understood.");
        var wanted = parts.Length > 1 ? parts[1].Split(';', StringSplitOptions.RemoveEmptyEntries) : [];
        c.State.Facts = ListingFormat.Facts.Where(f => wanted.Contains(f, StringComparer.OrdinalIgnoreCase)).ToArray();
        return c.ReplyAsync("200 MLST OPTS " + string.Concat(c.State.Facts.Select(f => f + ";")));
    }

    private static Task TypeAsync(LoopbackConnection c, string argument)
    {
        if (Is(argument, "I") || Is(argument, "L 8"))
            c.State.Ascii = false;
        else if (Is(argument, "A") || Is(argument, "A N"))
            c.State.Ascii = true;
        else
            return c.ReplyAsync("504 Only TYPE A and TYPE I are implemented.");
        return c.ReplyAsync(c.State.Ascii ? "200 Switching to ASCII mode." : "200 Switching to Binary mode.");
    }

    private static Task CwdAsync(LoopbackConnection c, string argument)
    {
        var path = Verbs.PathOf(c, argument);
        if (!c.Server.Folder.IsFolder(path))
            return c.ReplyAsync($"550 {path}: No such directory");
        c.State.Directory = path;
        return c.ReplyAsync("250 Directory successfully changed.");
    }
}
