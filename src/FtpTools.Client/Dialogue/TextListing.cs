using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Listing;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>
/// Listings by LIST (RFC 959, 4.1.3), and the ways in which servers want it said. The usual way is CWD and LIST without an
/// argument: LIST takes its argument as a pattern, and vsftpd lists a missing directory as an empty one; CWD does neither.
/// </summary>
internal sealed class TextListing(ProtocolInterpreter pi, ListingTransfer listing)
{
    /// <summary>Lists a directory.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="includeHidden">Ask for names that begin with a dot too.</param>
    /// <param name="onItem">Takes an item, on the reading thread.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public async Task<ListingReader> ListAsync(string path, bool includeHidden, Action<FtpItem> onItem, CancellationToken cancellationToken)
    {
        if (pi.Habits.Has(ServerHabit.NoCwd))
            return await ListByPathAsync(path, onItem, cancellationToken).ConfigureAwait(false);
        try
        {
            return await ListCurrentAsync(path, includeHidden && pi.Traits.IsUnix && !pi.Habits.Has(ServerHabit.NoListOptions), onItem, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpCommandException e) when (e.Verb == "CWD" && (e.Kind == FtpErrorKind.PermissionDenied || FtpRefusal.IsOfCommand(e)))
        {
            // A directory may be closed to CWD, or CWD to all, and LIST list it all the same.
            try
            {
                var reader = await ListByPathAsync(path, onItem, cancellationToken).ConfigureAwait(false);
                // Nothing may be what a server shows of what may not be seen.
                if (reader.LineCount > 0 || pi.Habits.Has(ServerHabit.NoCwd))
                    return reader;
            }
            catch (FtpCommandException other) when (other.Verb == "LIST" && !FtpRefusal.IsUnknown(other.Reply))
            {
                // The first refusal tells more.
            }

            throw;
        }
    }

    /// <summary>The names in a directory that are links; none where LIST is refused. MLSD shows what they lead to on some servers, as pyftpdlib's does.</summary>
    public async Task<HashSet<string>> LinksAsync(string path, CancellationToken cancellationToken)
    {
        var links = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            await ListAsync(path, true, item => _ = item.ItemType == FtpItemType.SymbolicLink && links.Add(item.Name), cancellationToken).ConfigureAwait(false);
        }
        catch (FtpCommandException e) when (e.Reply.IsPermanentNegative)
        {
            pi.Trace(FtpLogLevel.Information, $"{pi.Server} doesn't list '{path}' with LIST, so links to directories can't be distinguished from directories.");
        }

        return links;
    }

    /// <summary>Goes there, and lists where it is, in one way after another as long as the server refuses the one before.</summary>
    private async Task<ListingReader> ListCurrentAsync(string path, bool isHiddenAskedFor, Action<FtpItem> onItem, CancellationToken cancellationToken)
    {
        FtpCommandException? last = null, usual = null;
        foreach (var way in Ways(path, isHiddenAskedFor))
        {
            if (last is not null && !way.IsFor(last.Reply))
                continue;
            var count = 0;
            try
            {
                var reader = await listing.RunAsync(
                    ListingTransfer.OfCurrent("LIST", path) with { Argument = way.Argument, Type = way.Type },
                    item =>
                    {
                        count++;
                        onItem(item);
                    },
                    cancellationToken).ConfigureAwait(false);
                // "ls -a" shows the directory itself at least; nothing at all may be what there is of the name "-a".
                if (way.Argument == "-a" && reader.LineCount == 0 && !pi.Habits.TakesListOptions)
                    continue;
                Learn(way, isHiddenAskedFor, reader.LineCount > 0, last);
                return reader;
            }
            catch (FtpCommandException e) when (e.Verb == "LIST" && count == 0)
            {
                if (way.Argument is null && FtpRefusal.IsOfNothing(e.Reply, path))
                    return listing.OfNothing(path);
                last = e;
                usual = way.Argument is null ? usual ?? e : usual;
            }
        }

        throw usual ?? last!;
    }

    private IEnumerable<Way> Ways(string path, bool isHiddenAskedFor)
    {
        FtpTransferType? type = pi.Habits.Has(ServerHabit.ListInAsciiAlone) ? FtpTransferType.Ascii : null;
        if (isHiddenAskedFor)
            yield return new Way("-a", type, static _ => true);
        yield return new Way(null, type, static reply => reply.Code is 450 or 451 or (>= 500 and <= 504) or 550 or 553);
        // "550 LIST command invalid with TYPE binary" (CONNECT:Enterprise); z/OS and OpenVMS have their own words.
        if (type is null && pi.Said.Type != FtpTransferType.Ascii)
            yield return new Way(null, FtpTransferType.Ascii, static reply => reply.Code is 451 or (>= 500 and <= 504) || (reply.Code is 450 or 550 or 553 && FtpRefusal.IsOfType(reply)));
        yield return new Way(path, type, static reply => reply.Code is >= 500 and <= 504);
    }

    private void Learn(Way way, bool isHiddenAskedFor, bool hasLines, FtpCommandException? refusal)
    {
        if (way.Argument == "-a")
            pi.Habits.LearnToTakeListOptions();
        else if (isHiddenAskedFor && hasLines)
            pi.Habits.Learn(ServerHabit.NoListOptions, refusal?.Reply.ToString() ?? "LIST -a listed nothing");
        if (way.Type == FtpTransferType.Ascii && refusal is not null)
            pi.Habits.Learn(ServerHabit.ListInAsciiAlone, refusal.Reply.ToString());
    }

    /// <summary>Lists by LIST with the path. Of a missing directory that can be nothing, and of a file the file itself: the directory above tells.</summary>
    private async Task<ListingReader> ListByPathAsync(string path, Action<FtpItem> onItem, CancellationToken cancellationToken)
    {
        var items = new List<FtpItem>();
        var reader = await RunByPathAsync(path, items.Add, cancellationToken).ConfigureAwait(false);
        var name = FtpPath.Name(path);
        if (path != "/" && items.TrueForAll(item => !item.IsDirectory && item.Name == name))
        {
            var isDirectory = false;
            await RunByPathAsync(FtpPath.Parent(path), item => isDirectory |= item.Name == name && item.ItemType != FtpItemType.File, cancellationToken).ConfigureAwait(false);
            if (!isDirectory)
                throw new FtpException(FtpErrorKind.PathNotFound, $"The directory '{path}' doesn't exist on {pi.Server}: it isn't in the listing of '{FtpPath.Parent(path)}'. Check the path, including upper and lower case.", path);
        }

        items.ForEach(onItem);
        return reader;
    }

    private Task<ListingReader> RunByPathAsync(string path, Action<FtpItem> onItem, CancellationToken cancellationToken) => listing.RunAsync(
        ListingTransfer.OfArgument("LIST", path) with { Type = pi.Habits.Has(ServerHabit.ListInAsciiAlone) ? FtpTransferType.Ascii : null }, onItem, cancellationToken);

    /// <summary>A way to say LIST.</summary>
    /// <param name="Argument">Its argument; null for none.</param>
    /// <param name="Type">The transfer type; null for whichever it is.</param>
    /// <param name="IsFor">Whether it may help after the refusal of the way before.</param>
    private sealed record Way(string? Argument, FtpTransferType? Type, Func<FtpReply, bool> IsFor);
}
