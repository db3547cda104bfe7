using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Trees;

/// <summary>What is called by one name in two directories, on one side or both.</summary>
internal sealed class SyncPair
{
    private SyncPair(FileSystemInfo? local, FtpItem? remote)
    {
        (Local, Remote) = (local, remote);
        (Here, There) = (SyncFacts.Of(local), SyncFacts.Of(remote));
    }

    /// <summary>What is here; null for nothing.</summary>
    public FileSystemInfo? Local { get; }

    /// <summary>What is on the server; null for nothing.</summary>
    public FtpItem? Remote { get; }

    /// <summary>What counts of what is here.</summary>
    public SyncFacts Here { get; }

    /// <summary>What counts of what is there; more is learnt of it where that is needed.</summary>
    public SyncFacts There { get; set; }

    /// <summary>The local name, or what it would be.</summary>
    public string LocalName => Local?.Name ?? Remote!.Name;

    /// <summary>The remote name, or what it would be.</summary>
    public string RemoteName => Remote?.Name ?? Local!.Name;

    /// <summary>The name, the server's where both differ in letter case.</summary>
    public string Name => RemoteName;

    /// <summary>The hash of what is here; null when it was not asked for.</summary>
    public string? LocalHash { get; set; }

    /// <summary>The hash of what is there; null when it was not asked for.</summary>
    public string? RemoteHash { get; set; }

    /// <summary>The algorithm of both.</summary>
    public string? HashAlgorithm { get; set; }

    /// <summary>What both were when they were alike; null when that is not known.</summary>
    public SyncRecord? Last { get; set; }

    /// <summary>Whether both hashes are one; null when they were not asked for.</summary>
    public bool? IsSameContent => LocalHash is null || RemoteHash is null ? null : LocalHash == RemoteHash;

    /// <summary>Why nothing can be said of both; null when it can.</summary>
    public FtpException? Failure { get; set; }

    /// <summary>Brings together what is called alike, in the order of the names.</summary>
    /// <param name="here">What is in the local directory.</param>
    /// <param name="there">What is in the remote one.</param>
    /// <param name="isOneAsync">Whether the side that has a name only in another letter case, or with accents written otherwise, takes it for the same; given the local name and the remote one.</param>
    public static async Task<IReadOnlyList<SyncPair>> MatchAsync(IReadOnlyList<FileSystemInfo> here, IReadOnlyList<FtpItem> there, Func<string, string, Task<bool>> isOneAsync)
    {
        var pairs = new List<SyncPair>(Math.Max(here.Count, there.Count));
        var remote = new Dictionary<string, FtpItem>(there.Count, StringComparer.Ordinal);
        foreach (var item in there)
            remote[item.Name] = item;
        var alone = new List<FileSystemInfo>();
        foreach (var local in here)
        {
            if (remote.TryGetValue(local.Name, out var item))
            {
                pairs.Add(new SyncPair(local, item));
                remote.Remove(local.Name);
            }
            else
            {
                alone.Add(local);
            }
        }

        var others = remote.Values.ToLookup(item => FtpPath.Alike(item.Name), StringComparer.OrdinalIgnoreCase);
        foreach (var local in alone)
        {
            var alike = remote.Count == 0 ? null : others[FtpPath.Alike(local.Name)].FirstOrDefault(item => remote.ContainsKey(item.Name));
            if (alike is not null && await isOneAsync(local.Name, alike.Name).ConfigureAwait(false))
            {
                pairs.Add(new SyncPair(local, alike));
                remote.Remove(alike.Name);
            }
            else
            {
                pairs.Add(new SyncPair(local, null));
            }
        }

        pairs.AddRange(remote.Values.Select(item => new SyncPair(null, item)));
        pairs.Sort(static (one, other) => string.CompareOrdinal(one.Name, other.Name));
        return pairs;
    }
}
