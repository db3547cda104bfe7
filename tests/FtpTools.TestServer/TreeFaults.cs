using System;
using System.Threading;

namespace FtpTools.TestServer;

/// <summary>What goes wrong while trees are made alike, by name: for the comparison of clients, which are other processes. What is "sub" is its directory of that name.</summary>
internal static class TreeFaults
{
    private const int Few = 3;
    private const int SomeBytes = 100;

    /// <summary>Makes a server so.</summary>
    public static void Add(LoopbackServer server, string fault)
    {
        switch (fault)
        {
            case "listing-cut":
                CutListings(server, "426 Connection closed; transfer aborted.");
                break;
            case "listing-unfinished":
                CutListings(server, "226 Transfer complete.");
                break;
            case "listing-refused":
                foreach (var verb in new[] { "CWD", "MLSD", "LIST", "NLST" })
                    server.On(verb, (c, path) => IsSub(Directory(c, path)) ? c.ReplyAsync("550 Permission denied.") : c.HandleAsync(verb, path));
                break;
            case "full":
                var stored = 0;
                server.On("STOR", (c, path) => Interlocked.Increment(ref stored) <= Few ? c.HandleAsync("STOR", path) : c.ReplyAsync("552 Disk full."));
                break;
            case "gone":
                var begun = 0;
                server.On("STOR", async (c, path) =>
                {
                    if (Interlocked.Increment(ref begun) == Few)
                        c.Drop();
                    else
                        await c.HandleAsync("STOR", path).ConfigureAwait(false);
                });
                break;
            case "hour-off":
                // Nothing but LIST tells times, and nobody knows in which time zone.
                server.ClockOffset = TimeSpan.FromHours(1);
                server.On("MDTM", (c, _) => c.ReplyAsync("502 Command not implemented."));
                break;
            case "read-only":
                foreach (var verb in new[] { "STOR", "APPE", "RNFR", "RNTO", "DELE" })
                    server.On(verb, (c, path) => path.EndsWith("locked.txt", StringComparison.Ordinal) ? c.ReplyAsync("553 Permission denied.") : c.HandleAsync(verb, path));
                break;
            default:
                throw new ArgumentException($"'{fault}' is no fault.");
        }
    }

    private static string Directory(LoopbackConnection connection, string path) => path.Length == 0 || path[0] == '-' ? connection.Directory : path;

    private static bool IsSub(string path) => path.TrimEnd('/').EndsWith("/sub", StringComparison.Ordinal) || path == "sub";

    private static void CutListings(LoopbackServer server, string reply)
    {
        server.DataFaults.AppliesTo = (verb, path) => verb is "MLSD" or "LIST" or "NLST" && IsSub(path);
        server.DataFaults.CutAfter = SomeBytes;
        server.DataFaults.Cut = DataCut.Finish;
        server.DataFaults.ClosingReply = reply;
    }
}
