using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.Protocol;

namespace FtpTools.Transfer;

/// <summary>A file that comes to be on a server without a byte of it going through this computer: a part beside the target, checked, then renamed onto it.</summary>
internal static class CopiedPart
{
    /// <summary>Makes the copy.</summary>
    /// <param name="connection">To the server that it is on.</param>
    /// <param name="source">What it is a copy of.</param>
    /// <param name="size">How many bytes that has; null when not known.</param>
    /// <param name="target">The copy's absolute path.</param>
    /// <param name="createParents">Whether to make the target's missing parent directories.</param>
    /// <param name="make">Makes the part, at the path that it is given.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False when the server cannot rename; nothing has changed.</returns>
    public static async Task<bool> TakeAsync(
        FtpConnection connection, string source, long? size, string target, bool createParents, Func<string, Task> make, CancellationToken cancellationToken)
    {
        if (createParents)
            await connection.Directories.MakeDirectoriesAsync(FtpPath.Parent(target), cancellationToken).ConfigureAwait(false);
        var parts = new PartsOfUpload("", target, new PartName(FtpPath.Name(target), null, null));
        var part = parts.New(connection);
        var place = new NameInPlace(target, parts);
        try
        {
            await make(part).ConfigureAwait(false);
            var copied = await connection.Files.SizeAsync(part, cancellationToken).ConfigureAwait(false)
                ?? (connection.Habits.HasSize ? null : (await connection.Listings.FindAsync(part, cancellationToken).ConfigureAwait(false))?.ExactLength);
            if (size is not null && copied is not null && copied != size)
                throw new FtpException(FtpErrorKind.VerificationFailed, FormattableString.Invariant($"'{target}' wasn't replaced, because '{source}' has {size} bytes, but its copy on the server has {copied}. Try again. If the error persists, another program may be writing the file, or the disk may be full."), target);
            if (await place.TakeAsync(connection, part, cancellationToken).ConfigureAwait(false))
                return true;
        }
        catch (Exception e)
        {
            await place.TryPutBackAsync(connection, cancellationToken).ConfigureAwait(false);
            var isGone = await RemoveAsync(connection, part, cancellationToken).ConfigureAwait(false);
            if (e is not FtpException cause)
                throw;
            var failure = cause.NamingForce(target, createParents);
            var telling = place.Telling(isGone ? failure : failure.Adding($"The temporary file '{part}' could not be removed, and may remain on the server."));
            if (telling != cause)
                throw telling;
            throw;
        }

        await BoundedRemoval.TryAsync(connection, part, cancellationToken).ConfigureAwait(false);
        return false;
    }

    /// <summary>Removes the part, also over a new connection where the failure has cost the old one.</summary>
    /// <returns>False when it may be there.</returns>
    private static async Task<bool> RemoveAsync(FtpConnection connection, string part, CancellationToken cancellationToken)
    {
        if (!connection.IsOpen && !cancellationToken.IsCancellationRequested)
        {
            using var stop = new CancellationTokenSource(BoundedRemoval.For(cancellationToken));
            try
            {
                await connection.Login.RestoreAsync(stop.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is FtpException or OperationCanceledException)
            {
                return false;
            }
        }

        if (await BoundedRemoval.TryAsync(connection, part, cancellationToken).ConfigureAwait(false))
            return true;
        // It may not have come to be one at all.
        return connection.IsOpen && !cancellationToken.IsCancellationRequested && !await connection.Directories.ExistsAsync(part, cancellationToken).ConfigureAwait(false);
    }
}
