using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using FtpTools.Protocol;
using FtpTools.Transfer;

namespace FtpTools.Trees;

/// <summary>Remote files and trees that come down; the mirror image of <see cref="UploadTree"/>.</summary>
internal sealed class DownloadTree(BatchContext context, TransferQueue queue)
{
    private readonly LocalParts _parts = new();
    private readonly SourcePlan _plan = SourcePlan.Of(context.Options, FtpTransferDirection.Download);
    private readonly RemotePlaces _places = new(context);

    /// <summary>Adds a remote file.</summary>
    /// <param name="item">The file.</param>
    /// <param name="localPath">Its local name.</param>
    /// <param name="options">How.</param>
    /// <param name="takeName">Takes the name, in the order in which files are added; its failure is the file's. Null when that is done.</param>
    /// <param name="top">The top of the tree that it is in; null for a file of its own.</param>
    public void AddFile(FtpItem item, string localPath, FtpTransferOptions options, Action? takeName = null, string? top = null)
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
            return await context.PickUpAsync(_plan, top, () => new RemoteSource(context, item, _places), localPath, () => TransferAsync(item, localPath, options)).ConfigureAwait(false);
        }));
    }

    private async Task<FtpTransferResult> TransferAsync(FtpItem item, string localPath, FtpTransferOptions options)
    {
        FtpTransferResult? result = null;
        await queue.InLaneAsync(
            async () => result = await context.TransferAsync(
                new FileDownload(item, localPath, options, context.Limiter, context.Progress) { Absence = context.Absence, IsFollowed = queue.IsFollowed, Parts = _parts, Lend = (work, stop) => queue.InLaneAsync(() => context.UseAsync(work, stop), stop) }).ConfigureAwait(false),
            context.CancellationToken).ConfigureAwait(false);
        return result!;
    }

    /// <summary>
    /// Adds a remote directory, which is listed when its turn comes: of a tree with many directories the listings take as
    /// many round trips as the files, over as many connections.
    /// </summary>
    /// <param name="remote">The remote directory.</param>
    /// <param name="local">The local one that takes its place.</param>
    /// <param name="options">How.</param>
    /// <param name="mayBeLink">Whether <paramref name="local"/> is the destination itself; below it the server chooses the names, and could choose one that leads elsewhere.</param>
    /// <returns>Ends when all has been looked at, where that is done before anything is received.</returns>
    public Task AddTree(string remote, string local, FtpTransferOptions options, bool mayBeLink)
    {
        var top = new Folder(remote, remote, local, mayBeLink, FtpTreeLevel.Top());
        if (context.Choice is not null)
            return queue.Produce(FtpTransferDirection.Download, remote, local, () => ListAsync(top, options));
        AddTree(top, options);
        return Task.CompletedTask;
    }

    private void AddTree(Folder folder, FtpTransferOptions options) =>
        queue.Add(new TransferJob(FtpTransferDirection.Download, folder.Remote, folder.Local, 0, async () =>
        {
            await queue.InLaneAsync(() => ListAsync(folder, options), context.CancellationToken).ConfigureAwait(false);
            return null;
        }) { IsDirectory = true, Depth = folder.Level.Depth });

    private async Task ListAsync(Folder folder, FtpTransferOptions options)
    {
        if (!folder.MayBeLink && !options.FollowSymlink && LocalFile.IsLink(folder.Local))
            throw new FtpException(FtpErrorKind.LocalFileError, $"'{folder.Remote}' wasn't received, because '{folder.Local}' is a link, and links below the destination aren't followed. To follow them, use -FollowSymlink.", folder.Remote);
        if (!context.IsMadeForFiles)
            Make(folder);
        var items = new List<FtpItem>();
        FtpException? unread = null;
        try
        {
            await context.PersistAsync($"to list '{folder.Remote}'", connection =>
            {
                items.Clear();
                return connection.Listings.ListAsync(folder.Remote, true, items.Add, context.CancellationToken);
            }).ConfigureAwait(false);
        }
        catch (FtpException e) when (e.IsUnreadListing)
        {
            unread = e;
        }

        items.ForEach(folder.Level.Add);
        var below = new List<Folder>();
        foreach (var item in items)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var isLinkToDirectory = item.ItemType == FtpItemType.SymbolicLink
                && await context.PersistAsync($"to look at '{item.FullName}'", connection => connection.Directories.IsDirectoryAsync(item.FullName, context.CancellationToken)).ConfigureAwait(false);
            var isDirectory = item.IsDirectory || isLinkToDirectory;
            if (!context.Takes(item, folder.Top, isDirectory) || context.IsSetAside(_plan, item.FullName, isDirectory, folder.Top))
                continue;
            if (isLinkToDirectory && !options.FollowSymlink)
                context.Trace(FtpLogLevel.Warning, $"'{item.FullName}' is a link to a directory and wasn't followed. To follow links, use -FollowSymlink.");
            else if (!isDirectory && context.Choice is { } choice)
                choice.Add(item, () => AddAsync(item, isDirectory, folder, below, options));
            else
                await AddAsync(item, isDirectory, folder, below, options).ConfigureAwait(false);
        }

        foreach (var next in below)
        {
            await queue.TryAsync(FtpTransferDirection.Download, next.Remote, next.Local, async () =>
            {
                await ListAsync(next, options).ConfigureAwait(false);
                return null;
            }).ConfigureAwait(false);
        }

        // The rest is received all the same; what could not be read is the directory's failure.
        if (unread is not null)
            throw unread;
    }

    private Task AddAsync(FtpItem item, bool isDirectory, Folder folder, List<Folder> below, FtpTransferOptions options) =>
        queue.TryAsync(FtpTransferDirection.Download, item.FullName, folder.Local, async () =>
        {
            if (item.ItemType == FtpItemType.Other)
                throw new FtpException(FtpErrorKind.CommandRefused, $"'{item.FullName}' wasn't received, because it's neither a file nor a directory on the server.", item.FullName);
            var target = Path.Combine(folder.Local, await context.LocalNameAsync(item).ConfigureAwait(false));
            folder.Taken.Take(target, item.FullName);
            if (!isDirectory)
            {
                Make(folder);
                AddFile(item, target, options, top: folder.Top);
                return null;
            }

            var next = new Folder(folder.Top, item.FullName, target, false, folder.Level.Below(item.FullName));
            // Before a choice all is looked at in turn; there is nothing else to be done meanwhile.
            if (context.Choice is null)
                AddTree(next, options);
            else
                below.Add(next);
            return null;
        });

    private static void Make(Folder folder)
    {
        if (folder.IsMade)
            return;
        LocalFile.Guard(folder.Local, "create the local directory", () => Directory.CreateDirectory(folder.Local));
        folder.IsMade = true;
    }

    // A directory of a tree, on the server and here.
    private sealed record Folder(string Top, string Remote, string Local, bool MayBeLink, FtpTreeLevel Level)
    {
        public TakenNames Taken { get; } = new();

        public bool IsMade { get; set; }
    }
}
