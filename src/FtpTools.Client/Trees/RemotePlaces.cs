using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.Protocol;

namespace FtpTools.Trees;

/// <summary>
/// The directories on the server that originals are moved to by a call: made once, and looked into once where no single
/// command tells of a file, for such a directory grows for years. Safe to use from several threads at once.
/// </summary>
internal sealed class RemotePlaces(BatchContext context)
{
    private readonly SemaphoreSlim _one = new(1); // at a time: what the others wait for need not be done again
    private readonly Dictionary<string, HashSet<string>?> _made = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>?> _names = new(StringComparer.Ordinal);
    // RNTO replaces what is there, and between a look and a rename another worker may have come.
    private readonly ConcurrentDictionary<string, bool> _reserved = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes a directory and its missing parents.</summary>
    public Task MakeAsync(string directory) => OnceAsync(_made, directory, async connection =>
    {
        await connection.Directories.MakeDirectoriesAsync(directory, context.CancellationToken).ConfigureAwait(false);
        return null;
    }, $"to create '{directory}'");

    /// <summary>Whether there is something of a name.</summary>
    public async Task<bool> IsTakenAsync(string path)
    {
        if (_reserved.ContainsKey(path))
            return true;
        var (tells, isThere) = await context.PersistAsync($"to access '{path}'", async connection => connection.Listings.TellsSingleItems
            ? (true, await connection.Listings.FindAsync(path, context.CancellationToken).ConfigureAwait(false) is not null)
            : (false, await connection.Files.SizeAsync(path, context.CancellationToken).ConfigureAwait(false) is not null)).ConfigureAwait(false);
        if (tells || isThere)
            return isThere;
        var directory = FtpPath.Parent(path);
        var names = await OnceAsync(_names, directory, async connection =>
        {
            var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            await connection.Listings.ListAsync(directory, true, item => found.Add(item.Name), context.CancellationToken).ConfigureAwait(false);
            return found;
        }, $"to list '{directory}'").ConfigureAwait(false);
        return names!.Contains(FtpPath.Name(path));
    }

    /// <summary>Takes a name.</summary>
    /// <returns>False when another file of the call has it.</returns>
    public bool TryReserve(string path) => _reserved.TryAdd(path, true);

    /// <summary>Gives up a name that was taken.</summary>
    public void Release(string path) => _reserved.TryRemove(path, out _);

    private async Task<HashSet<string>?> OnceAsync(Dictionary<string, HashSet<string>?> known, string directory, Func<FtpConnection, Task<HashSet<string>?>> work, string what)
    {
        await _one.WaitAsync(context.CancellationToken).ConfigureAwait(false);
        try
        {
            if (!known.TryGetValue(directory, out var names))
                known[directory] = names = await context.PersistAsync(what, work).ConfigureAwait(false);
            return names;
        }
        finally
        {
            _one.Release();
        }
    }
}
