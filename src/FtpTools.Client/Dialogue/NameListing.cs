using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Listing;

namespace FtpTools.Dialogue;

/// <summary>Listings by NLST (RFC 959, 4.1.3), which tells the names and nothing else, for servers that know no LIST.</summary>
internal sealed class NameListing(ProtocolInterpreter pi, ListingTransfer listing)
{
    /// <summary>Lists a directory by its names. Of each, two commands tell what it is, which no server costs that can list.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="find">Finds out what an item is, without a listing; null where nothing tells.</param>
    /// <param name="refusalOfList">The reply to LIST; null where it is known to be refused.</param>
    /// <param name="onItem">Takes an item.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The reader of the listing; null where NLST was refused along with LIST.</returns>
    public async Task<ListingReader?> TryListAsync(
        string path, Func<string, CancellationToken, Task<FtpItem?>> find, FtpReply? refusalOfList, Action<FtpItem> onItem, CancellationToken cancellationToken)
    {
        var named = new List<FtpItem>();
        ListingReader reader;
        try
        {
            var request = pi.Habits.Has(ServerHabit.NoCwd) ? ListingTransfer.OfArgument("NLST", path) : ListingTransfer.OfCurrent("NLST", path);
            reader = await listing.RunAsync(request, named.Add, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpCommandException e) when (e.Verb == "NLST" && named.Count == 0 && FtpRefusal.IsOfNothing(e.Reply, path) && !pi.Habits.Has(ServerHabit.NoCwd))
        {
            reader = listing.OfNothing(path);
        }
        catch (FtpCommandException e) when (e.Verb == "NLST" && refusalOfList is not null)
        {
            return null;
        }

        // Before the items are looked at, for which nothing may be listed.
        if (refusalOfList is not null)
            pi.Habits.Learn(ServerHabit.NoList, refusalOfList.ToString());
        foreach (var item in named)
            onItem(item.IsDirectory ? item : await find(item.FullName, cancellationToken).ConfigureAwait(false) ?? item);
        return reader;
    }
}
