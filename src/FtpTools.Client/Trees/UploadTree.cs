using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using FtpTools.Protocol;
using FtpTools.Transfer;

namespace FtpTools.Trees;

/// <summary>Local files and trees that go up.</summary>
internal sealed class UploadTree(BatchContext context, TransferQueue queue)
{
    private readonly ConcurrentDictionary<string, string> _taken = new(StringComparer.Ordinal);
    private readonly SourcePlan _plan = SourcePlan.Of(context.Options, FtpTransferDirection.Upload);

    /// <summary>Adds a local file that was named, and not one of a tree: another one of that name would replace it.</summary>
    public void AddNamedFile(string localPath, string remotePath, FtpTransferOptions options)
    {
        var former = options.Append ? localPath : _taken.GetOrAdd(remotePath, localPath);
        if (former == localPath)
            AddFile(localPath, remotePath, options);
        else
            queue.Add(new TransferJob(FtpTransferDirection.Upload, localPath, remotePath, 0, () => throw new FtpException(
                FtpErrorKind.InvalidName, $"'{localPath}' wasn't sent to '{remotePath}', because this command has already sent '{former}' to it. Specify another name with -Destination or -NameMap.", remotePath)));
    }

    /// <summary>Adds a local file.</summary>
    /// <param name="localPath">The file.</param>
    /// <param name="remotePath">Its remote name.</param>
    /// <param name="options">How.</param>
    /// <param name="top">The top of the tree that it is in; null for a file of its own.</param>
    public void AddFile(string localPath, string remotePath, FtpTransferOptions options, string? top = null)
    {
        // It is written to meanwhile, and must not be moved away.
        if (context.Journal?.Owns(localPath) == true)
        {
            context.Trace(FtpLogLevel.Information, $"'{localPath}' belongs to the journal and wasn't sent.");
            return;
        }

        var length = new FileInfo(localPath) is { Exists: true } file ? file.Length : 0;
        queue.Add(new TransferJob(FtpTransferDirection.Upload, localPath, remotePath, length, async () =>
            await context.PickUpAsync(_plan, top, () => new LocalSource(context, localPath), remotePath, () => TransferAsync(localPath, remotePath, options)).ConfigureAwait(false)));
    }

    private async Task<FtpTransferResult> TransferAsync(string localPath, string remotePath, FtpTransferOptions options)
    {
        using var content = LocalFile.OpenRead(localPath);
        return await context.TransferAsync(new FileUpload(content, localPath, remotePath, options, context.Limiter, context.Progress) { Absence = context.Absence, IsFollowed = queue.IsFollowed }).ConfigureAwait(false);
    }

    /// <summary>Adds what is in a local directory, with its subdirectories, to go into a remote directory, which is made if missing. Links to directories are not followed.</summary>
    /// <returns>Ends when all has been looked at.</returns>
    public Task AddTree(string localDirectory, string remoteDirectory)
    {
        // The parents of every file have been made by then.
        var options = context.Options with { CreateParents = false };
        return queue.Produce(FtpTransferDirection.Upload, localDirectory, remoteDirectory, () => WalkAsync(localDirectory, localDirectory, new Folder(remoteDirectory, null), options));
    }

    private async Task WalkAsync(string top, string local, Folder folder, FtpTransferOptions options)
    {
        if (!context.IsMadeForFiles)
            await MakeAsync(folder).ConfigureAwait(false);
        var entries = LocalFile.Guard(local, "read the local directory", () => new DirectoryInfo(local).GetFileSystemInfos());
        Array.Sort(entries, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        var directories = new List<(string Local, Folder Remote)>();
        foreach (var entry in entries)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            if (!context.Takes(entry, top) || context.IsSetAside(_plan, entry.FullName, entry is DirectoryInfo, top))
                continue;
            if (entry is FileInfo)
            {
                await ChooseAsync(entry, top, folder, options).ConfigureAwait(false);
                continue;
            }

            await queue.TryAsync(FtpTransferDirection.Upload, entry.FullName, folder.Path, async () =>
            {
                var target = FtpPath.Child(folder.Path, await context.RemoteNameAsync(entry).ConfigureAwait(false));
                if ((entry.Attributes & FileAttributes.ReparsePoint) != 0)
                    context.Trace(FtpLogLevel.Warning, $"'{entry.FullName}' is a link to a directory and wasn't followed.");
                else
                    directories.Add((entry.FullName, new Folder(target, folder)));
                return null;
            }).ConfigureAwait(false);
        }

        foreach (var (from, to) in directories)
        {
            await queue.TryAsync(FtpTransferDirection.Upload, from, to.Path, async () =>
            {
                await WalkAsync(top, from, to, options).ConfigureAwait(false);
                return null;
            }).ConfigureAwait(false);
        }
    }

    private async Task ChooseAsync(FileSystemInfo entry, string top, Folder folder, FtpTransferOptions options)
    {
        if (context.Choice is { } choice)
        {
            choice.Add(entry, SendAsync);
            return;
        }

        // What cannot be made is the directory's failure, and not that of each file in it.
        await MakeAsync(folder).ConfigureAwait(false);
        await SendAsync().ConfigureAwait(false);

        Task SendAsync() => queue.TryAsync(FtpTransferDirection.Upload, entry.FullName, folder.Path, async () =>
        {
            var target = FtpPath.Child(folder.Path, await context.RemoteNameAsync(entry).ConfigureAwait(false));
            await MakeAsync(folder).ConfigureAwait(false);
            AddFile(entry.FullName, target, options, top);
            return null;
        });
    }

    private async Task MakeAsync(Folder folder)
    {
        if (folder.IsMade)
            return;
        if (folder.Above is not null)
            await MakeAsync(folder.Above).ConfigureAwait(false);
        await context.PersistAsync($"to create '{folder.Path}'", connection => folder.Above is null
            ? connection.Directories.MakeDirectoriesAsync(folder.Path, context.CancellationToken)
            : connection.Directories.EnsureDirectoryAsync(folder.Path, context.CancellationToken)).ConfigureAwait(false);
        folder.IsMade = true;
    }

    // A remote directory of a tree, which is made once.
    private sealed class Folder(string path, Folder? above)
    {
        public string Path => path;

        public Folder? Above => above;

        public bool IsMade { get; set; }
    }
}
