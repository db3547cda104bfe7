using System.Collections.Generic;

namespace FtpTools.Pipeline;

/// <summary>The remote paths that one call has given items to, so that none of its items replaces another one.</summary>
internal sealed class TakenTargets
{
    private readonly HashSet<(FtpSession, string)> _taken = [];

    /// <summary>Takes a path for an item.</summary>
    /// <param name="session">The session that it is on.</param>
    /// <param name="source">The item, for the error.</param>
    /// <param name="target">The path.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: another item of the call has it.</exception>
    public void Take(FtpSession session, string source, string target)
    {
        if (!_taken.Add((session, target)))
            throw new FtpException(FtpErrorKind.InvalidName, $"'{source}' was left unchanged, because another item of this command already has the path '{target}'.", source) { Server = session.Server };
    }
}
