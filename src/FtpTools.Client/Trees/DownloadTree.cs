using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using FtpTools.Transfer;

namespace FtpTools.Trees;

/// <summary>Remote files and trees that come down; the mirror image of <see cref="UploadTree"/>.</summary>
internal sealed class DownloadTree(BatchContext context, TransferQueue queue)
{
    private readonly LocalParts _parts = new();

    /// <summary>Adds a remote file.</summary>
    /// <param name="item">The file.</param>
    /// <param name="localPath">Its local name.</param>
    /// <param name="options">How.</param>
    /// <param name="takeName">Takes the name, in the order in which files are added; its failure is the file's. Null when that is done.</param>
    public void AddFile(FtpItem item, string localPath, FtpTransferOptions options, Action? takeName = null)
    {
        FtpException? refusal = null;
        try
        {
            takeName?.Invoke();
        }
        catch (FtpException e)
        {
            refusal = e;
        }

        queue.Add(new TransferJob(FtpTransferDirection.Download, item.FullName, localPath, item.Length ?? 0, async () =>
        {
            if (refusal is not null)
                throw refusal;
            FtpTransferResult? result = null;
            await queue.InLaneAsync(
                async () => result = await context.TransferAsync(
                    new FileDownload(item, localPath, options, context.Limiter, context.Progress) { Absence = context.Absence, IsFollowed = queue.IsFollowed, Parts = _parts, Lend = (work, stop) => queue.InLaneAsync(() => context.UseAsync(work, stop), stop) }).ConfigureAwait(false),
                context.CancellationToken).ConfigureAwait(false);
            return result!;
        }));
    }

    /// <summary>
    /// Adds a remote directory, which is listed when its turn comes: of a tree with many directories the listings take as
    /// many round trips as the files, over as many connections.
    /// </summary>
    /// <param name="remote">The remote directory.</param>
    /// <param name="local">The local one that takes its place.</param>
    /// <param name="options">How.</param>
    /// <param name="mayBeLink">Whether <paramref name="local"/> is the destination itself; below it the server chooses the names, and could choose one that leads elsewhere.</param>
    public void AddTree(string remote, string local, FtpTransferOptions options, bool mayBeLink) => AddTree(remote, local, options, mayBeLink, FtpTreeLevel.Top());

    private void AddTree(string remote, string local, FtpTransferOptions options, bool mayBeLink, FtpTreeLevel level) =>
        queue.Add(new TransferJob(FtpTransferDirection.Download, remote, local, 0, async () =>
        {
            await queue.InLaneAsync(() => ListAsync(remote, local, options, mayBeLink, level), context.CancellationToken).ConfigureAwait(false);
            return null;
        }) { IsDirectory = true, Depth = level.Depth });

    private async Task ListAsync(string remote, string local, FtpTransferOptions options, bool mayBeLink, FtpTreeLevel level)
    {
        if (!mayBeLink && !options.FollowSymlink && LocalFile.IsLink(local))
            throw new FtpException(FtpErrorKind.LocalFileError, $"'{remote}' was not received: '{local}' is a link, and below the destination links are not gone through. -FollowSymlink goes through them.", remote);
        LocalFile.Guard(local, "make the directory", () => Directory.CreateDirectory(local));
        var items = new List<FtpItem>();
        FtpException? unread = null;
        try
        {
            await context.PersistAsync($"to list '{remote}'", connection =>
            {
                items.Clear();
                return connection.Listings.ListAsync(remote, true, items.Add, context.CancellationToken);
            }).ConfigureAwait(false);
        }
        catch (FtpException e) when (e.IsUnreadListing)
        {
            unread = e;
        }

        items.ForEach(level.Add);
        var taken = new TakenNames();
        foreach (var item in items)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var isDirectory = item.IsDirectory;
            if (item.ItemType == FtpItemType.SymbolicLink && await context.PersistAsync($"to look at '{item.FullName}'", connection => connection.Directories.IsDirectoryAsync(item.FullName, context.CancellationToken)).ConfigureAwait(false))
            {
                isDirectory = true;
                if (!options.FollowSymlink)
                {
                    context.Trace(FtpLogLevel.Warning, $"'{item.FullName}' is a link to a directory and was not followed. -FollowSymlink does so.");
                    continue;
                }
            }

            await queue.TryAsync(FtpTransferDirection.Download, item.FullName, local, async () =>
            {
                if (item.ItemType == FtpItemType.Other)
                    throw new FtpException(FtpErrorKind.CommandRefused, $"'{item.FullName}' was not received: it is neither a file nor a directory on the server.", item.FullName);
                var target = Path.Combine(local, await context.LocalNameAsync(item).ConfigureAwait(false));
                taken.Take(target, item.FullName);
                if (isDirectory)
                    AddTree(item.FullName, target, options, false, level.Below(item.FullName));
                else
                    AddFile(item, target, options);
                return null;
            }).ConfigureAwait(false);
        }

        // The rest is received all the same; what could not be read is the directory's failure.
        if (unread is not null)
            throw unread;
    }
}
