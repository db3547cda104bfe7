using System;
using System.IO;
using System.Threading.Tasks;

namespace FtpTools.TestServer;

/// <summary>
/// A server that fails now and then: it resets, says 421 and hangs up, refuses for the moment, says nothing, or ends a data
/// connection in the middle. It does so as long as a file is there.
/// </summary>
/// <param name="switchPath">The file.</param>
/// <param name="percent">How much of all.</param>
/// <param name="losesReplies">Whether it also does what was asked for and hangs up without a word.</param>
/// <param name="seed">By which its failures come again, as far as what is asked for does; null for any.</param>
internal sealed class Unreliability(string switchPath, int percent, bool losesReplies = false, int? seed = null)
{
    private static readonly string[] _verbs =
        ["USER", "PASS", "CWD", "PWD", "TYPE", "EPSV", "PASV", "RETR", "STOR", "APPE", "REST", "SIZE", "MDTM", "MLSD", "MLST", "LIST", "RNFR", "RNTO", "DELE", "MKD", "RMD"];

    private readonly Random _random = seed is { } known ? new(known) : new();

    private bool IsToFail
    {
        get
        {
            lock (_random)
                return File.Exists(switchPath) && _random.Next(100) < percent;
        }
    }

    /// <summary>Makes a server so.</summary>
    public void Spoil(LoopbackServer server)
    {
        foreach (var verb in _verbs)
            server.On(verb, (connection, argument) => IsToFail ? FailAsync(connection, verb, argument) : connection.HandleAsync(verb, argument));
        server.DataFaults.CutAfter = 1;
        server.DataFaults.AppliesTo = (_, _) =>
        {
            if (!IsToFail)
                return false;
            server.DataFaults.CutAfter = Next(2_000_000) + 1;
            server.DataFaults.Cut = (DataCut)Next(2);
            return true;
        };
    }

    private int Next(int end)
    {
        lock (_random)
            return _random.Next(end);
    }

    private async Task FailAsync(LoopbackConnection connection, string verb, string argument)
    {
        switch (Next(losesReplies ? 6 : 4))
        {
            case 0:
                connection.Drop();
                break;
            case 1:
                await connection.ReplyAsync("421 Out of resources, closing.").ConfigureAwait(false);
                connection.Close();
                break;
            case 2:
                await connection.ReplyAsync("451 Try again later.").ConfigureAwait(false);
                break;
            case 3:
                // No reply at all.
                break;
            default:
                connection.IsMute = true;
                await connection.HandleAsync(verb, argument).ConfigureAwait(false);
                connection.Drop();
                break;
        }
    }
}
