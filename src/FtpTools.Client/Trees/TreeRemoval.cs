using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;

namespace FtpTools.Trees;

/// <summary>Removes remote directories with all that is in them.</summary>
internal static class TreeRemoval
{
    /// <summary>Deletes a directory; with <paramref name="recurse"/> all that is in it. Of a link, the link alone.</summary>
    public static Task DeleteAsync(FtpConnection connection, string directory, bool recurse, CancellationToken cancellationToken) =>
        DeleteAsync(connection, directory, recurse, FtpTreeLevel.Top(), cancellationToken);

    private static async Task DeleteAsync(FtpConnection connection, string directory, bool recurse, FtpTreeLevel level, CancellationToken cancellationToken)
    {
        if (await connection.Files.TryDeleteLinkAsync(directory, cancellationToken).ConfigureAwait(false))
            return;
        var items = new List<FtpItem>();
        FtpException? unread = null;
        try
        {
            if (recurse)
                await connection.Listings.ListAsync(directory, true, items.Add, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpException e) when (e.IsUnreadListing && connection.IsOpen)
        {
            unread = e;
        }

        items.ForEach(level.Add);
        foreach (var item in items)
        {
            if (item.IsDirectory)
                await DeleteAsync(connection, item.FullName, recurse, level.Below(item.FullName), cancellationToken).ConfigureAwait(false);
            else
                await connection.Files.DeleteFileAsync(item.FullName, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            await connection.Directories.RemoveDirectoryAsync(directory, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpCommandException e) when (unread is not null)
        {
            throw unread.Adding($"So the directory is not empty, and the server did not delete it: '{e.Reply}'.");
        }
    }
}
