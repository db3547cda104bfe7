using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Trees;

/// <summary>
/// Finds links to directories that the server's MLSD shows as directories. What is in them belongs to another tree, of which a
/// mirror deletes nothing. It is asked only about directories in, or above, which something is to be deleted.
/// </summary>
/// <param name="context">To the server.</param>
internal sealed class HiddenLinks(BatchContext context)
{
    private readonly ConcurrentDictionary<string, HashSet<string>> _links = new(StringComparer.Ordinal);

    /// <summary>The links on the ways to some directories; with each the directories that are it, or below it.</summary>
    /// <param name="folders">Directories that something is to be deleted in.</param>
    /// <param name="limit">The most connections.</param>
    public async Task<ILookup<ComparedFolder, ComparedFolder>> FindAsync(IReadOnlyCollection<ComparedFolder> folders, int limit)
    {
        var above = new ConcurrentQueue<string>(folders.SelectMany(Ways).Select(folder => folder.Above!.Remote).Distinct(StringComparer.Ordinal));
        await Task.WhenAll(Enumerable.Range(0, Math.Max(1, Math.Min(limit, above.Count))).Select(_ => Task.Run(async () =>
        {
            while (above.TryDequeue(out var directory))
                _links[directory] = await context.PersistAsync($"to list '{directory}'", connection => connection.Listings.LinksAsync(directory, context.CancellationToken)).ConfigureAwait(false);
        }))).ConfigureAwait(false);
        return folders.Select(folder => (Folder: folder, Link: Ways(folder).LastOrDefault(IsLink))).Where(pair => pair.Link is not null).ToLookup(pair => pair.Link!, pair => pair.Folder);
    }

    private bool IsLink(ComparedFolder folder) => _links[folder.Above!.Remote].Contains(FtpPath.Name(folder.Remote));

    /// <summary>A directory and those it is in, but for the top, which may be a link; the lowest first.</summary>
    private static IEnumerable<ComparedFolder> Ways(ComparedFolder folder)
    {
        for (; folder.Above is not null; folder = folder.Above)
            yield return folder;
    }
}
