using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.Protocol;
using FtpTools.Transfer;

namespace FtpTools.Trees;

/// <summary>Where what a run overwrites or deletes is moved to: the same path again, below a directory that is named by the time at which the run began.</summary>
/// <param name="context">To the server.</param>
/// <param name="path">The directory, on the side that is changed: relative to that side's directory, or absolute; null for none.</param>
internal sealed class SyncBackup(BatchContext context, string? path)
{
    // Behind the time of a run: a mirror that knows of no backup is not to delete one.
    private const string Mark = ".ftptools-backup";
    // To the millisecond: two runs at once are not to move their files to one place.
    private readonly string _stamp = DateTime.Now.ToString("yyyy-MM-dd_HHmmssfff", CultureInfo.InvariantCulture) + Mark;
    private readonly ConcurrentDictionary<string, Task> _made = new(StringComparer.Ordinal);

    /// <summary>Whether a name is that of a directory that a run has moved files to.</summary>
    public static bool IsName(string name) => name.EndsWith(Mark, StringComparison.Ordinal);

    /// <summary>The place of one file, in a directory that is there; null when none is wanted.</summary>
    /// <exception cref="FtpException">It cannot be made: nothing is to be overwritten then.</exception>
    public async Task<string?> PlaceAsync(FtpSyncAction action)
    {
        if (path is null)
            return null;
        var depth = action.RelativePath.Count(c => c == '/') + 1;
        if (action.Direction == FtpTransferDirection.Upload)
        {
            var top = action.RemotePath;
            for (var i = 0; i < depth; i++)
                top = FtpPath.Parent(top);
            var place = FtpPath.Combine(FtpPath.Combine(top, path), $"{_stamp}/{action.RelativePath}");
            var directory = FtpPath.Parent(place);
            await _made.GetOrAdd(directory, _ => context.PersistAsync($"to create '{directory}'", connection => connection.Directories.MakeDirectoriesAsync(directory, context.CancellationToken))).ConfigureAwait(false);
            return place;
        }

        var local = action.LocalPath;
        for (var i = 0; i < depth; i++)
            local = Path.GetDirectoryName(local) ?? local;
        var target = Path.Combine(local, path, _stamp, action.RelativePath.Replace('/', Path.DirectorySeparatorChar));
        LocalFile.Guard(target, "create the directory of the local file", () => Directory.CreateDirectory(Path.GetDirectoryName(target)!));
        return target;
    }
}
