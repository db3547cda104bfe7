using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.Protocol;

namespace FtpTools.Transfer;

/// <summary>A copy that the server makes by itself, without a byte of it coming here: to a part beside the target, checked, then renamed onto it.</summary>
internal static class ServerCopy
{
    /// <summary>Copies a file, if the server can.</summary>
    /// <param name="connection">To the server.</param>
    /// <param name="source">The file's absolute path.</param>
    /// <param name="target">The copy's absolute path.</param>
    /// <param name="createParents">Whether to make the target's missing parent directories.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False when it has to be done another way, and nothing has changed.</returns>
    public static async Task<bool> TryAsync(FtpConnection connection, string source, string target, bool createParents, CancellationToken cancellationToken)
    {
        if (!connection.Copies.AreOffered || connection.Habits.Has(ServerHabit.NoRename))
            return false;
        if (createParents)
            await connection.Directories.MakeDirectoriesAsync(FtpPath.Parent(target), cancellationToken).ConfigureAwait(false);
        var parts = new PartsOfUpload("", target, new PartName(FtpPath.Name(target), null, null));
        var part = parts.New(connection);
        var place = new NameInPlace(target, parts);
        try
        {
            var size = await connection.Files.SizeAsync(source, cancellationToken).ConfigureAwait(false);
            await connection.Copies.CopyAsync(source, part, size, cancellationToken).ConfigureAwait(false);
            var copied = await connection.Files.SizeAsync(part, cancellationToken).ConfigureAwait(false);
            if (size is not null && copied is not null && copied != size)
                throw new FtpException(FtpErrorKind.VerificationFailed, FormattableString.Invariant($"'{target}' was not replaced: '{source}' has {size} bytes, and its copy on the server {copied}. Try again; if it stays so, another program may be writing the file, or the disk is full."), target);
            if (await place.TakeAsync(connection, part, cancellationToken).ConfigureAwait(false))
                return true;
        }
        catch (FtpCommandException e) when (e.Verb is "SITE CPFR" or "SITE CPTO")
        {
            connection.Tell($"The server does not copy '{source}' by itself, so it is received and sent. ({e.Message})");
        }
        catch (Exception e)
        {
            await place.TryPutBackAsync(connection, cancellationToken).ConfigureAwait(false);
            await BoundedRemoval.TryAsync(connection, part, cancellationToken).ConfigureAwait(false);
            if (e is FtpException failure && place.Telling(failure) is var telling && telling != failure)
                throw telling;
            throw;
        }

        await BoundedRemoval.TryAsync(connection, part, cancellationToken).ConfigureAwait(false);
        return false;
    }
}
