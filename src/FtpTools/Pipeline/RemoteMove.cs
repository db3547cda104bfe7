using System;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>What renaming and moving have in common: one item gets another path on the same server, and nothing is replaced that nobody asked to replace.</summary>
internal static class RemoteMove
{
    /// <summary>Gives an item another path.</summary>
    /// <param name="session">The item's session.</param>
    /// <param name="item">The item.</param>
    /// <param name="target">The absolute path.</param>
    /// <param name="taken">The paths that the call has given to items before.</param>
    /// <param name="force">Whether what is there may be replaced.</param>
    /// <param name="shouldProcess">Asks whether to do it.</param>
    /// <param name="onMoved">Takes the item as it is then; null for nobody.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.AlreadyExists"/>: there is something.</exception>
    public static async Task MoveAsync(
        FtpSession session, FtpItem item, string target, TakenTargets taken, bool force, Func<string, bool> shouldProcess, Action<object>? onMoved, CancellationToken cancellationToken)
    {
        if (target == item.FullName)
            throw new FtpException(FtpErrorKind.InvalidName, $"'{item.FullName}' already has that name and was left unchanged.", target) { Server = session.Server };
        if (!shouldProcess(target))
            return;
        // RNTO replaces a file on most servers, without a word. Of another letter case it may be the item itself.
        if (!force && !target.Equals(item.FullName, StringComparison.OrdinalIgnoreCase) && await session.FindItemAsync(target, cancellationToken) is { } former)
            throw new FtpException(
                FtpErrorKind.AlreadyExists,
                $"'{item.FullName}' was left unchanged, because there is already a {(former.IsDirectory ? "directory" : "file")} '{target}' on {session.Server}.{(former.IsDirectory ? "" : " To replace it, use -Force.")}",
                target) { Server = session.Server };
        taken.Take(session, item.FullName, target);
        await session.RenameAsync(item.FullName, target, cancellationToken);
        onMoved?.Invoke(await session.GetNamedItemAsync(target, cancellationToken));
    }
}
