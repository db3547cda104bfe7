using System;
using System.Collections.Generic;
using System.Linq;
using FtpTools.Protocol;

namespace FtpTools;

/// <summary>Cuts a plan into shards that several computers carry out side by side.</summary>
public static class FtpSyncShards
{
    /// <summary>
    /// Cuts a plan: directories first, then shards of about as many bytes and steps each, which share no directory, of whatever case, then what is
    /// deleted, once all others have ended. A shard may be empty.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="count">How many shards there are between the first and the last, 1 or more.</param>
    /// <param name="maxConnection">The most connections of those together; 0 for no limit.</param>
    /// <param name="rateLimit">The most bytes a second of those together; 0 for no limit.</param>
    public static IReadOnlyList<IReadOnlyList<FtpSyncAction>> Cut(IReadOnlyCollection<FtpSyncAction> plan, int count, int maxConnection, long rateLimit)
    {
        var work = Enumerable.Range(0, count).Select(_ => new List<FtpSyncAction>()).ToArray();
        var weights = new long[count];
        var folders = plan.Where(action => !action.IsRemoval && action.Kind != FtpSyncKind.MakeDirectory)
            // Names that one side tells apart by their case alone may be one on the other, of directories too: who carries out the shard sees both.
            .GroupBy(action => (action.Server, Folder: FtpPath.Alike(FtpPath.Parent(action.RemotePath)).ToUpperInvariant()))
            .Select(folder => (Actions: folder.ToArray(), Weight: folder.Sum(Weight)));
        // The heaviest first, each to the shard that has least.
        foreach (var (actions, weight) in folders.OrderByDescending(folder => folder.Weight))
        {
            var least = Array.IndexOf(weights, weights.Min());
            weights[least] += weight;
            work[least].AddRange(actions);
        }

        var shards = new List<IReadOnlyList<FtpSyncAction>> { plan.Where(action => action.Kind == FtpSyncKind.MakeDirectory).Select(action => action with { Shard = 1, MaxConnection = maxConnection, RateLimit = rateLimit }).ToArray() };
        for (var i = 0; i < count; i++)
        {
            // What cannot be divided goes to the first ones.
            var (connections, rate) = (Share(maxConnection, count, i), Share(rateLimit, count, i));
            shards.Add([.. work[i].Select(action => action with { Shard = shards.Count + 1, MaxConnection = (int)connections, RateLimit = rate })]);
        }

        shards.Add([.. plan.Where(action => action.IsRemoval).Select(action => action with { Shard = count + 2, MaxConnection = maxConnection, RateLimit = rateLimit })]);
        return shards;
    }

    // A file of no bytes takes as long as one of some thousands.
    private static long Weight(FtpSyncAction action) => action.Length + 64 * 1024;

    private static long Share(long all, int count, int index) => all == 0 ? 0 : Math.Max(1, (all / count) + (index < all % count ? 1 : 0));
}
