using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Listing;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>What is known of items by their names alone: NLST (RFC 959, 4.1.3), CWD and SIZE tell, where no listing does.</summary>
internal sealed class NameListing(ProtocolInterpreter pi, Files files, ListingTransfer listing)
{
    /// <summary>Lists a directory by its names. Of each, two commands tell what it is, which no server costs that can list.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="onItem">Takes an item.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public async Task<ListingReader> ListAsync(string path, Action<FtpItem> onItem, CancellationToken cancellationToken)
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
            return listing.OfNothing(path);
        }

        foreach (var item in named)
            onItem(item.IsDirectory ? item : await FindAsync(item.FullName, cancellationToken).ConfigureAwait(false) ?? item);
        return reader;
    }

    /// <summary>Lists by names where LIST is not known.</summary>
    /// <returns>Null where NLST is refused too.</returns>
    public async Task<ListingReader?> TryListAsync(string path, Action<FtpItem> onItem, FtpReply refusalOfList, CancellationToken cancellationToken)
    {
        try
        {
            var reader = await ListAsync(path, onItem, cancellationToken).ConfigureAwait(false);
            pi.Habits.Learn(ServerHabit.NoList, refusalOfList.ToString());
            return reader;
        }
        catch (FtpCommandException e) when (e.Verb == "NLST")
        {
            return null;
        }
    }

    /// <summary>What SIZE and CWD tell of an item: a file of so many bytes, or a directory; null when it is neither.</summary>
    /// <param name="path">The item.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async Task<FtpItem?> FindAsync(string path, CancellationToken cancellationToken)
    {
        // CWD first, for some servers tell a size of directories too.
        if (!pi.Habits.Has(ServerHabit.NoCwd) && !FtpRefusal.IsRefusal("CWD", await pi.TryEnterAsync(path, cancellationToken).ConfigureAwait(false)))
            return new FtpItem { Name = FtpPath.Name(path), FullName = path, ItemType = FtpItemType.Directory };
        if (await files.SizeAsync(path, cancellationToken).ConfigureAwait(false) is not { } size)
            return null;
        var time = await files.ModificationTimeAsync(path, cancellationToken).ConfigureAwait(false);
        return new FtpItem
        {
            Name = FtpPath.Name(path),
            FullName = path,
            Length = size,
            LastWriteTimeUtc = time,
            TimePrecision = time is null ? FtpTimePrecision.None : FtpTimePrecision.Second,
        };
    }
}
