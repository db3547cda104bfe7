using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>
/// The way to a directory on a server whose CWD takes names in the current one alone: up by CDUP (RFC 959, 4.1.1), then down
/// name by name.
/// </summary>
internal sealed class DirectorySteps(ProtocolInterpreter pi)
{
    /// <summary>Goes from one directory to another. Where a step is refused, it stays where it has come to.</summary>
    /// <returns>The reply to the last step.</returns>
    public async Task<FtpReply> TryGoAsync(string from, string to, CancellationToken cancellationToken)
    {
        // What is left is entered anew: it may have been deleted meanwhile. The root is there always.
        var common = from == to && to != "/" ? FtpPath.Parent(to) : Common(from, to);
        FtpReply? reply = null;
        while (from.Length > common.Length)
        {
            from = FtpPath.Parent(from);
            reply = await StepAsync("CDUP", null, from, cancellationToken).ConfigureAwait(false);
            if (FtpRefusal.IsRefusal("CWD", reply))
                return reply;
        }

        while (from.Length < to.Length)
        {
            var start = FtpPath.Child(from, "").Length;
            var end = to.IndexOf('/', start);
            var name = end < 0 ? to.Substring(start) : to.Substring(start, end - start);
            from = FtpPath.Child(from, name);
            reply = await StepAsync("CWD", name, from, cancellationToken).ConfigureAwait(false);
            if (FtpRefusal.IsRefusal("CWD", reply))
                return reply;
        }

        // At the root already.
        return reply ?? await pi.ExchangeAsync("PWD", null, cancellationToken).ConfigureAwait(false);
    }

    private async Task<FtpReply> StepAsync(string verb, string? name, string directory, CancellationToken cancellationToken)
    {
        var former = pi.Said.Directory;
        pi.Said.Directory = null;
        var reply = await pi.ExchangeAsync(verb, name, cancellationToken).ConfigureAwait(false);
        pi.Said.Directory = FtpRefusal.IsRefusal("CWD", reply) ? former : directory;
        return reply;
    }

    /// <summary>The directory that both are in, or are.</summary>
    private static string Common(string one, string other)
    {
        while (one != "/" && other != one && !other.StartsWith(one + "/", StringComparison.Ordinal))
            one = FtpPath.Parent(one);
        return one;
    }
}
