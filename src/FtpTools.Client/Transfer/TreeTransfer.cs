using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Transfer;

/// <summary>
/// Directories with all that is in them, file by file. A file that fails is reported and the others go on; links to
/// directories are not followed, for they may lead in a circle.
/// </summary>
internal sealed class TreeTransfer(
    FtpSession session, FtpTransferOptions options, Action<FtpTransferResult> onResult, IProgress<FtpProgress>? progress, Action<FtpLogLevel, string> trace)
{
    // The parents of every file have been made by then.
    private readonly FtpTransferOptions _fileOptions = options with { CreateParents = false };

    /// <summary>Deletes a directory; with <paramref name="recurse"/> all that is in it. Of a link, the link alone.</summary>
    public static async Task DeleteAsync(FtpConnection connection, string directory, bool recurse, CancellationToken cancellationToken)
    {
        if (await connection.TryDeleteLinkAsync(directory, cancellationToken).ConfigureAwait(false))
            return;
        var items = new List<FtpItem>();
        if (recurse)
            await connection.ListAsync(directory, true, null, items.Add, cancellationToken).ConfigureAwait(false);
        foreach (var item in items)
        {
            if (item.IsDirectory)
                await DeleteAsync(connection, item.FullName, recurse, cancellationToken).ConfigureAwait(false);
            else
                await connection.DeleteFileAsync(item.FullName, cancellationToken).ConfigureAwait(false);
        }

        await connection.RemoveDirectoryAsync(directory, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a tree.</summary>
    public async Task UploadAsync(string local, string remote, CancellationToken cancellationToken)
    {
        await session.CreateDirectoryAsync(remote, createParents: true, cancellationToken).ConfigureAwait(false);
        var entries = LocalFile.Guard(local, "read the directory", () => new DirectoryInfo(local).GetFileSystemInfos());
        foreach (var entry in entries.OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            var target = FtpPath.Child(remote, entry.Name);
            if (entry is FileInfo)
                await OneAsync(
                    FtpTransferDirection.Upload, entry.FullName, target,
                    async () => await session.UploadAsync(entry.FullName, target, _fileOptions, progress, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            else if ((entry.Attributes & FileAttributes.ReparsePoint) != 0)
                trace(FtpLogLevel.Warning, $"'{entry.FullName}' is a link to a directory and was not followed.");
            else
                await UploadAsync(entry.FullName, target, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Receives a tree.</summary>
    public async Task DownloadAsync(string remote, string local, CancellationToken cancellationToken)
    {
        LocalFile.Guard(local, "make the directory", () => Directory.CreateDirectory(local));
        var items = new List<FtpItem>();
        await session.ListAsync(remote, true, items.Add, cancellationToken).ConfigureAwait(false);
        foreach (var item in items)
        {
            if (item.ItemType == FtpItemType.SymbolicLink && await session.IsDirectoryAsync(item.FullName, cancellationToken).ConfigureAwait(false))
            {
                trace(FtpLogLevel.Warning, $"'{item.FullName}' is a link to a directory and was not followed.");
            }
            else if (item.IsDirectory)
            {
                await OneAsync(FtpTransferDirection.Download, item.FullName, local, async () =>
                {
                    await DownloadAsync(item.FullName, LocalPath(local, item), cancellationToken).ConfigureAwait(false);
                    return null;
                }).ConfigureAwait(false);
            }
            else if (item.ItemType == FtpItemType.Other)
            {
                trace(FtpLogLevel.Warning, $"'{item.FullName}' is neither a file nor a directory and was not received.");
            }
            else
            {
                await OneAsync(
                    FtpTransferDirection.Download, item.FullName, local,
                    async () => await session.DownloadAsync(item, LocalPath(local, item), _fileOptions, progress, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            }
        }
    }

    private static string LocalPath(string directory, FtpItem item) => Path.Combine(directory, item.ToLocalName());

    private async Task OneAsync(FtpTransferDirection direction, string source, string destination, Func<Task<FtpTransferResult?>> transfer)
    {
        try
        {
            if (await transfer().ConfigureAwait(false) is { } result)
                onResult(result);
        }
        catch (FtpException e) when (e is not FtpConnectionException)
        {
            onResult(new FtpTransferResult
            {
                Direction = direction,
                Source = source,
                Destination = destination,
                Attempts = 1,
                TransferType = options.TransferType ?? FtpTransferType.Binary,
                Status = FtpTransferStatus.Failed,
                Error = e,
            });
        }
    }
}
