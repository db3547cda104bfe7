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

    /// <summary>Adds a local file that was named, and not one of a tree: another one of that name would replace it.</summary>
    public void AddNamedFile(string localPath, string remotePath, FtpTransferOptions options)
    {
        var former = options.Append ? localPath : _taken.GetOrAdd(remotePath, localPath);
        if (former == localPath)
            AddFile(localPath, remotePath, options);
        else
            queue.Add(new TransferJob(FtpTransferDirection.Upload, localPath, remotePath, 0, () => throw new FtpException(
                FtpErrorKind.InvalidName, $"'{localPath}' was not sent to '{remotePath}': this call has sent '{former}' there. Send it with another name as -Destination, or give it one with -NameMap.", remotePath)));
    }

    /// <summary>Adds a local file.</summary>
    public void AddFile(string localPath, string remotePath, FtpTransferOptions options)
    {
        var length = new FileInfo(localPath) is { Exists: true } file ? file.Length : 0;
        queue.Add(new TransferJob(FtpTransferDirection.Upload, localPath, remotePath, length, async () =>
        {
            using var content = LocalFile.OpenRead(localPath);
            return await context.TransferAsync(new FileUpload(content, localPath, remotePath, options, context.Limiter, context.Progress) { Absence = context.Absence, IsFollowed = queue.IsFollowed }).ConfigureAwait(false);
        }));
    }

    /// <summary>Adds what is in a local directory, with its subdirectories, to go into a remote directory, which is made if missing. Links to directories are not followed.</summary>
    public void AddTree(string localDirectory, string remoteDirectory)
    {
        // The parents of every file have been made by then.
        var options = context.Options with { CreateParents = false };
        queue.Produce(
            FtpTransferDirection.Upload, localDirectory, remoteDirectory,
            async () =>
            {
                await context.PersistAsync($"to make '{remoteDirectory}'", connection => connection.Directories.MakeDirectoriesAsync(remoteDirectory, context.CancellationToken)).ConfigureAwait(false);
                await WalkAsync(localDirectory, remoteDirectory, options).ConfigureAwait(false);
            });
    }

    private async Task WalkAsync(string local, string remote, FtpTransferOptions options)
    {
        var entries = LocalFile.Guard(local, "read the directory", () => new DirectoryInfo(local).GetFileSystemInfos());
        Array.Sort(entries, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        var directories = new List<(string Local, string Remote)>();
        foreach (var entry in entries)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            string? target = null;
            await queue.TryAsync(FtpTransferDirection.Upload, entry.FullName, remote, async () =>
            {
                target = FtpPath.Child(remote, await context.RemoteNameAsync(entry).ConfigureAwait(false));
                return null;
            }).ConfigureAwait(false);
            if (target is null)
                continue;
            if (entry is FileInfo)
                AddFile(entry.FullName, target, options);
            else if ((entry.Attributes & FileAttributes.ReparsePoint) != 0)
                context.Trace(FtpLogLevel.Warning, $"'{entry.FullName}' is a link to a directory and was not followed.");
            else
                directories.Add((entry.FullName, target));
        }

        foreach (var (from, to) in directories)
        {
            await queue.TryAsync(FtpTransferDirection.Upload, from, to, async () =>
            {
                await context.PersistAsync($"to make '{to}'", connection => connection.Directories.EnsureDirectoryAsync(to, context.CancellationToken)).ConfigureAwait(false);
                await WalkAsync(from, to, options).ConfigureAwait(false);
                return null;
            }).ConfigureAwait(false);
        }
    }
}
