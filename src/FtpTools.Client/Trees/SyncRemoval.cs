using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.Protocol;
using FtpTools.Transfer;

namespace FtpTools.Trees;

/// <summary>
/// Deletes, once all else of a plan has been done. It looks at the world anew, and deletes nothing that may be, under another
/// spelling of its name, what the same plan has brought.
/// </summary>
/// <param name="context">To the server.</param>
/// <param name="backup">Where what is deleted goes.</param>
/// <param name="brought">The targets of all other steps.</param>
internal sealed class SyncRemoval(BatchContext context, SyncBackup backup, IEnumerable<FtpSyncAction> brought)
{
    // What was listed before the copies were made tells nothing of now.
    private readonly SyncCheck _check = new();
    private readonly Dictionary<string, string> _brought = brought
        .GroupBy(action => Key(action), StringComparer.OrdinalIgnoreCase).ToDictionary(alike => alike.Key, alike => alike.First().TargetPath, StringComparer.OrdinalIgnoreCase);

    /// <summary>Does a step.</summary>
    /// <returns>False when it is done already.</returns>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.PlanOutdated"/>: the world is not what it was made for.</exception>
    public async Task<bool> RunAsync(FtpSyncAction action)
    {
        if (!await context.PersistAsync($"to access '{action.RemotePath}'", connection => IsDueAsync(connection, action)).ConfigureAwait(false))
            return false;
        var isFile = action.Kind == FtpSyncKind.RemoveFile;
        var place = isFile ? await backup.PlaceAsync(action).ConfigureAwait(false) : null;
        if (action.Direction == FtpTransferDirection.Download)
        {
            RemoveHere(action.LocalPath, isFile, place);
            return true;
        }

        var tries = 0;
        await context.PersistAsync($"to delete '{action.RemotePath}'", connection => RemoveThereAsync(connection, action.RemotePath, isFile, place, ++tries > 1)).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> IsDueAsync(FtpConnection connection, FtpSyncAction action)
    {
        if (!await _check.IsDueAsync(connection, action, context.CancellationToken).ConfigureAwait(false))
            return false;
        if (action.Kind == FtpSyncKind.RemoveDirectory && !await IsThereAndEmptyAsync(connection, action).ConfigureAwait(false))
            return false;
        if (!_brought.TryGetValue(Key(action), out var other) || other == action.TargetPath)
            return true;
        var (directory, name, otherName) = Fork(action.TargetPath, other);
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (action.Direction == FtpTransferDirection.Download)
            names.UnionWith(LocalFile.Guard(directory, "read the local directory", () => new DirectoryInfo(directory).GetFileSystemInfos()).Select(item => item.Name));
        else
            await connection.Listings.ListAsync(directory, true, item => names.Add(item.Name), context.CancellationToken).ConfigureAwait(false);
        return names.Contains(name) && names.Contains(otherName) ? true : throw new FtpException(
            FtpErrorKind.PlanOutdated, $"'{action.TargetPath}' was left unchanged, because it may be the same file as '{other}', which was just transferred: '{directory}' doesn't contain both names. Compare both directories again.", action.RemotePath);
    }

    /// <summary>What has come into a directory since the plan was made is not deleted with it, not even by a server that would.</summary>
    /// <returns>False when another run has just deleted it.</returns>
    private async Task<bool> IsThereAndEmptyAsync(FtpConnection connection, FtpSyncAction action)
    {
        string? found = null;
        if (action.Direction == FtpTransferDirection.Download)
        {
            found = LocalFile.Guard(action.LocalPath, "read the local directory", () => new DirectoryInfo(action.LocalPath).EnumerateFileSystemInfos().FirstOrDefault()?.Name);
        }
        else
        {
            try
            {
                await connection.Listings.ListAsync(action.RemotePath, true, item => found ??= item.Name, context.CancellationToken).ConfigureAwait(false);
            }
            catch (FtpCommandException e) when (e.Kind == FtpErrorKind.PathNotFound)
            {
                return await connection.Directories.ExistsAsync(action.RemotePath, context.CancellationToken).ConfigureAwait(false) ? throw new FtpException(e.Kind, e.Message, e.Path, e) : false;
            }
        }

        return found is null ? true : throw new FtpException(
            FtpErrorKind.PlanOutdated, $"'{action.TargetPath}' was left unchanged, because it contains '{found}'. Compare both directories again.", action.RemotePath);
    }

    // Windows knows no dots and blanks at the end of a name.
    private static string Key(FtpSyncAction action) => $"{action.Direction} {FtpPath.Alike(action.TargetPath).TrimEnd('.', ' ')}";

    /// <summary>The directory in which the ways to two paths part, and the names there.</summary>
    private static (string Directory, string Name, string OtherName) Fork(string path, string other)
    {
        char[] separators = ['/', Path.DirectorySeparatorChar];
        var start = 0;
        while (true)
        {
            // Names that differ in how accents are written have lengths of their own, and what follows them is alike.
            var (end, otherEnd) = (path.IndexOfAny(separators, start), other.IndexOfAny(separators, start));
            var (name, otherName) = (path.Substring(start, (end < 0 ? path.Length : end) - start), other.Substring(start, (otherEnd < 0 ? other.Length : otherEnd) - start));
            if (name != otherName || end < 0 || otherEnd < 0)
                return (start > 1 && path[start - 1] == '/' ? path.Substring(0, start - 1) : path.Substring(0, start), name, otherName);
            start = end + 1;
        }
    }

    private static void RemoveHere(string path, bool isFile, string? backup) => LocalFile.Guard(path, "delete the local file", () =>
    {
        if (!isFile)
            Directory.Delete(path);
        else if (backup is not null)
            File.Move(path, backup);
        else
            File.Delete(path);
    });

    private async Task RemoveThereAsync(FtpConnection connection, string path, bool isFile, string? backup, bool isAgain)
    {
        var stop = context.CancellationToken;
        try
        {
            if (!isFile)
                await connection.Directories.RemoveDirectoryAsync(path, stop).ConfigureAwait(false);
            else if (backup is null)
                await connection.Files.DeleteFileAsync(path, stop).ConfigureAwait(false);
            else
                await connection.Files.RenameAsync(path, backup, stop).ConfigureAwait(false);
        }
        catch (FtpCommandException) when (isAgain)
        {
            // The try before may have lost no more than its reply.
            if (await connection.Directories.ExistsAsync(path, stop).ConfigureAwait(false) || (backup is not null && !await connection.Directories.ExistsAsync(backup, stop).ConfigureAwait(false)))
                throw;
        }
    }
}
