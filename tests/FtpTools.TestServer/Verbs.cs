using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace FtpTools.TestServer;

/// <summary>Every verb the server knows, and who may use it.</summary>
internal static class Verbs
{
    private static readonly Dictionary<string, CommandScript> _table = SessionVerbs.Table
        .Concat(TlsVerbs.Table).Concat(DataVerbs.Table).Concat(FileVerbs.Table).Concat(TransferVerbs.Table)
        .ToDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> _beforeLogin =
        new(["USER", "PASS", "ACCT", "QUIT", "FEAT", "SYST", "NOOP", "OPTS", "HELP", .. TlsVerbs.Table.Keys],
            StringComparer.OrdinalIgnoreCase);

    public static Task HandleAsync(LoopbackConnection connection, string verb, string argument)
    {
        if (!_table.TryGetValue(verb, out var handler) || !IsOffered(connection, verb))
            return connection.ReplyAsync($"500 {RefusalException.OneLine(verb)} not understood.");
        if (!connection.State.LoggedIn && !_beforeLogin.Contains(verb))
            return connection.ReplyAsync("530 Please log in with USER and PASS.");
        return handler(connection, argument);
    }

    /// <summary>The absolute remote path an argument means; a missing one is a fault of syntax.</summary>
    public static string PathOf(LoopbackConnection connection, string argument) => argument.Length > 0
        ? ServedFolder.Absolute(connection.State.Directory, argument)
        : throw new RefusalException("501 A path is missing.");

    private static bool IsOffered(LoopbackConnection connection, string verb) => verb.ToUpperInvariant() switch
    {
        "MLST" or "MLSD" => connection.Server.Features.Any(f => f.StartsWith("MLST", StringComparison.OrdinalIgnoreCase)),
        "SSCN" or "CPSV" => connection.Server.Certificate is not null && connection.Server.Features.Contains(verb.ToUpperInvariant()),
        "PBSZ" or "PROT" or "CCC" => connection.Server.Certificate is not null,
        _ => true,
    };
}
