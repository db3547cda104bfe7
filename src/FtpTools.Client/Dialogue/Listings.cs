using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Listing;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>What is there: listings of directories, and single items. Paths are absolute.</summary>
internal sealed partial class Listings(ProtocolInterpreter pi, Files files, ListingTransfer listing)
{
    private const int MaxShownLength = 200;

    private readonly FactListing _facts = new(pi, listing);
    private readonly TextListing _text = new(pi, listing);
    private readonly NameListing _names = new(pi, listing);

    /// <summary>Lists a directory (MLSD where the server can, else LIST).</summary>
    /// <param name="path">The directory.</param>
    /// <param name="includeHidden">Ask for names that begin with a dot too.</param>
    /// <param name="onItem">Takes an item, on the reading thread.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.ListingUnparsed"/>: there were lines that could not be read. All others have been.</exception>
    public async Task ListAsync(string path, bool includeHidden, Action<FtpItem> onItem, CancellationToken cancellationToken)
    {
        var (reader, refusal) = pi.Traits.HasMlsd ? await _facts.TryListAsync(path, onItem, cancellationToken).ConfigureAwait(false) : default;
        reader ??= await ListAsTextAsync(path, includeHidden, onItem, refusal, cancellationToken).ConfigureAwait(false);
        if (reader.UnparsedCount > 0)
            throw Unread(reader, path);
    }

    /// <summary>The names in a directory that are links, also where MLSD shows what they lead to instead. None where that cannot be known, or MLSD isn't what lists.</summary>
    public Task<HashSet<string>> LinksAsync(string path, CancellationToken cancellationToken) =>
        pi.Traits.HasMlsd ? _text.LinksAsync(path, cancellationToken) : Task.FromResult(new HashSet<string>(StringComparer.Ordinal));

    /// <summary>Whether another listing over the same connection is to follow at once, so that its port may be asked for ahead of time; null for no.</summary>
    public Func<bool>? IsFollowed { set => listing.IsFollowed = value; }

    /// <summary>Whether one command tells of a single item, so that no directory is listed for it.</summary>
    public bool TellsSingleItems => pi.Traits.HasMlst;

    /// <summary>The item itself, not what is in it (MLST, or its line in the parent's listing); null when there is none.</summary>
    public Task<FtpItem?> FindAsync(string path, CancellationToken cancellationToken) => FindAsync(path, false, cancellationToken);

    /// <summary>The same where something depends on there being none: what nobody may look at is an error then, and not nothing.</summary>
    public Task<FtpItem?> FindForCertainAsync(string path, CancellationToken cancellationToken) => FindAsync(path, true, cancellationToken);

    private async Task<FtpItem?> FindAsync(string path, bool isCertain, CancellationToken cancellationToken)
    {
        if (path == "/")
            return new FtpItem { Name = "/", FullName = "/", ItemType = FtpItemType.Directory };
        FtpCommandException? refusal = null;
        if (pi.Traits.HasMlst)
        {
            (var isAnswered, var item, refusal) = await TryAskAsync(path, cancellationToken).ConfigureAwait(false);
            if (isAnswered)
                return item;
        }

        var found = await FindInParentAsync(path, cancellationToken).ConfigureAwait(false);
        // What was denied of an item that is there is denied of all.
        if (found is not null && refusal is { Kind: FtpErrorKind.PermissionDenied })
            pi.Habits.Learn(ServerHabit.NoMlst, refusal.Reply.ToString());
        return found is null && isCertain && refusal is { Kind: FtpErrorKind.PermissionDenied } ? throw refusal : found;
    }

    /// <summary>
    /// Asks by MLST. Not answered where the server does not take it, though it announces it, or nobody may say it (ProFTPD's
    /// Limit MLST), answers without facts, or tells of something else: the file that a link leads to, or what it would like
    /// to be written here.
    /// </summary>
    private async Task<(bool IsAnswered, FtpItem? Item, FtpCommandException? Refusal)> TryAskAsync(string path, CancellationToken cancellationToken)
    {
        var reply = await pi.ExchangeAsync("MLST", path, cancellationToken).ConfigureAwait(false);
        if (!FtpRefusal.IsRefusal("MLST", reply))
        {
            var context = new ListingContext(FtpPath.Parent(path), DateTime.UtcNow) { SingleItem = true };
            foreach (var line in reply.Sent.Skip(1))
            {
                if (!MlsxParser.TryParse(line, context, out var item) || item is null)
                    continue;
                var isExact = item.Name == FtpPath.Name(path);
                if (isExact || FtpPath.IsAlike(item.Name, FtpPath.Name(path)))
                {
                    pi.Habits.LearnToTellItems();
                    return (true, isExact ? item : item.Under(path), null);
                }

                pi.Trace(FtpLogLevel.Information, $"{pi.Server} was asked about '{path}', but reported '{item.FullName}', so '{path}' is looked up in the listing of its directory.");
                return default;
            }

            pi.Habits.Learn(ServerHabit.NoMlst, reply.ToString());
            return default;
        }

        var refusal = FtpRefusal.Create("MLST", reply, $"get information about '{path}'", path, pi.Server);
        if (refusal.Kind == FtpErrorKind.PathNotFound)
            return (true, null, null);
        if (FtpRefusal.IsUnknown(reply))
            pi.Habits.Learn(ServerHabit.NoMlst, reply.ToString());
        // 501 and the like: not every server that lists MLST in FEAT takes every path.
        return FtpRefusal.IsOfCommand(refusal) || !pi.Habits.IsMlstKnown ? (false, null, refusal) : throw refusal;
    }

    /// <summary>
    /// The item of an exact name; where nothing can tell of it, for the listing is refused, cannot be read or does not show
    /// it, a file of that name is taken to be there. What is then said of it, RETR or DELE, needs no listing.
    /// </summary>
    public async Task<FtpItem?> FindNamedAsync(string path, CancellationToken cancellationToken)
    {
        string why;
        try
        {
            if (await FindAsync(path, cancellationToken).ConfigureAwait(false) is { } item)
                return item;
            // MLST knows. A listing may be cut short, or show nobody what is there: SIZE knows then.
            if (pi.Traits.HasMlst)
                return await FindDoubtingAsync(path, cancellationToken).ConfigureAwait(false);
            if (await FindUnseenAsync(path, cancellationToken).ConfigureAwait(false) is { } unseen)
                return unseen;
            if (pi.Habits.HasSize)
                return null;
            why = "it isn't in any listing";
        }
        catch (FtpException e) when (e.IsUnreadListing || e is FtpCommandException)
        {
            why = e.Message.TrimEnd('.');
        }

        pi.Trace(FtpLogLevel.Information, $"The type of '{path}' can't be determined ({why}), so it's treated as a file.");
        return new FtpItem { Name = FtpPath.Name(path), FullName = path, ItemType = FtpItemType.File };
    }

    /// <summary>A file's size and time as exactly as the server tells them, of a link those of what it leads to; null when there is nothing.</summary>
    public async Task<FtpItem?> FindExactAsync(string path, CancellationToken cancellationToken)
    {
        FtpItem? item = null;
        if (pi.Traits.HasMlst)
        {
            item = await FindAsync(path, cancellationToken).ConfigureAwait(false);
            if (item is null or { ItemType: FtpItemType.File, TimePrecision: >= FtpTimePrecision.Second, ExactLength: not null })
                return item;
        }

        var time = await files.ModificationTimeAsync(path, cancellationToken).ConfigureAwait(false);
        var size = await files.SizeAsync(path, cancellationToken).ConfigureAwait(false);
        if (time is null || size is null)
            item ??= await FindAsync(path, cancellationToken).ConfigureAwait(false);
        if (item is null && (time is null || size is null))
            return null;
        // A link's own are of no use.
        var told = item is { ItemType: FtpItemType.File } ? item : null;
        return new FtpItem
        {
            Name = FtpPath.Name(path),
            FullName = path,
            ItemType = item is { IsDirectory: true } ? FtpItemType.Directory : FtpItemType.File,
            Length = size ?? told?.ExactLength,
            LastWriteTimeUtc = time ?? told?.LastWriteTimeUtc,
            TimePrecision = time is not null ? FtpTimePrecision.Second : told?.TimePrecision ?? FtpTimePrecision.None,
        };
    }

    private async Task<FtpItem?> FindInParentAsync(string path, CancellationToken cancellationToken)
    {
        if (pi.Habits.Has(ServerHabit.NoList) && pi.Habits.HasSize)
            return await FindUnseenAsync(path, cancellationToken).ConfigureAwait(false);
        FtpItem? found = null;
        var name = FtpPath.Name(path);
        // busybox shows a question mark for each letter that it does not know.
        var isMaybeMarked = false;
        void Look(FtpItem item)
        {
            found = item.Name == name ? item : found;
            isMaybeMarked |= item.Name.IndexOf('?') >= 0;
        }

        FtpException? failure = null;
        try
        {
            await ListAsync(FtpPath.Parent(path), true, Look, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpException e) when (e.Kind == FtpErrorKind.PathNotFound && e is not FtpCommandException { Verb: "LIST" })
        {
            return null;
        }
        catch (FtpException e) when (e.IsUnreadListing || e.Kind == FtpErrorKind.TransferIncomplete || e is FtpCommandException { Verb: "CWD" or "LIST" or "MLSD" or "NLST" })
        {
            // What came of one that may be cut is there; of what did not, SIZE and CWD tell.
            failure = e;
        }

        // A directory that cannot be listed, or not with what begins with a dot or as it is spelt, may hold it all the same.
        isMaybeMarked &= name.Any(letter => letter > '\x7F');
        if (found is null && (failure is not null || isMaybeMarked || (name[0] == '.' && !pi.Traits.HasMlsd)))
            found = await FindUnseenAsync(path, cancellationToken).ConfigureAwait(false);
        return found is null && failure is not null ? throw failure : found;
    }

    private async Task<ListingReader> ListAsTextAsync(string path, bool includeHidden, Action<FtpItem> onItem, FtpCommandException? refusal, CancellationToken cancellationToken)
    {
        if (pi.Habits.Has(ServerHabit.NoList))
            return (await _names.TryListAsync(path, FindUnseenAsync, null, onItem, cancellationToken).ConfigureAwait(false))!;
        // Where MLSD was announced nobody has asked.
        if (includeHidden && pi.Traits.System is null)
            pi.Traits.LearnSystem(await pi.ExchangeAsync("SYST", null, cancellationToken).ConfigureAwait(false));
        try
        {
            // Where CWD says yes and stays where it is, LIST would show another directory.
            var isChecked = pi.Habits.Has(ServerHabit.CwdOfAnything);
            if (isChecked)
                await RequireThereAsync(path, cancellationToken).ConfigureAwait(false);
            var reader = await ListInServerTimeAsync(path, includeHidden, onItem, cancellationToken).ConfigureAwait(false);
            if (reader.LineCount == 0 && !isChecked)
                await RequireThereAsync(path, cancellationToken).ConfigureAwait(false);
            // Nothing is what ProFTPD's LIST shows of a directory that may not be read.
            if (refusal is { Kind: FtpErrorKind.PermissionDenied } && reader.ItemCount == 0)
                return await IsMlsdDeniedAsync(path, cancellationToken).ConfigureAwait(false) ? reader : throw refusal;
            if (refusal is not null && (FtpRefusal.IsUnknown(refusal.Reply) || refusal.Reply.Code == 504 || refusal.Kind == FtpErrorKind.PermissionDenied))
                pi.Habits.Learn(ServerHabit.NoMlsd, refusal.Reply.ToString());
            return reader;
        }
        catch (FtpCommandException e) when (refusal is not null && e.Verb is "LIST" or "CWD" && !FtpRefusal.IsUnknown(refusal.Reply))
        {
            throw refusal;
        }
        catch (FtpCommandException e) when (e.Verb == "LIST" && FtpRefusal.IsUnknown(e.Reply))
        {
            if (await _names.TryListAsync(path, FindUnseenAsync, e.Reply, onItem, cancellationToken).ConfigureAwait(false) is not { } reader)
                throw;
            return reader;
        }
    }

    /// <summary>Whether MLSD is denied whatever it is asked of, and not of this directory alone: the one above, in which there is something, tells.</summary>
    private async Task<bool> IsMlsdDeniedAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (path != "/")
                await ListAsync(FtpPath.Parent(path), true, static _ => { }, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpException e) when (e is not FtpConnectionException)
        {
            // It tells nothing then, or has been learnt from what came.
        }

        return pi.Habits.Has(ServerHabit.NoMlsd);
    }

    /// <summary>Lists, and turns the times into UTC. The first listing that tells any is held back until it is known how.</summary>
    private async Task<ListingReader> ListInServerTimeAsync(string path, bool includeHidden, Action<FtpItem> onItem, CancellationToken cancellationToken)
    {
        var clock = pi.Traits.Clock;
        void Correct(FtpItem item)
        {
            clock.Correct(item);
            onItem(item);
        }

        if (!clock.IsToBeMeasured || !pi.Habits.HasModificationTime)
            return await _text.ListAsync(path, includeHidden, Correct, cancellationToken).ConfigureAwait(false);
        var held = new HeldItems(Correct);
        var reader = await _text.ListAsync(path, includeHidden, held.Add, cancellationToken).ConfigureAwait(false);
        if (held.Items is { } items)
            await clock.MeasureAsync(items, file => files.ModificationTimeAsync(file, cancellationToken)).ConfigureAwait(false);
        held.Release();
        return reader;
    }

    /// <summary>The failure to find an item.</summary>
    public static FtpException NotFound(string path, string server) => new(
        FtpErrorKind.PathNotFound, $"'{path}' doesn't exist on {server}. {(path.IndexOf('\\') < 0 ? "Check the path, including upper and lower case" : "In remote paths, the separator is /. On most servers, \\ is part of the name")}. To list the directory, use Get-FtpChildItem.", path) { Server = server };

    private FtpException Unread(ListingReader reader, string path)
    {
        var samples = string.Join(", ", reader.UnparsedSamples.Select(line => $"'{VisibleText.Of(Secrets.Of(pi.Options).Hide(line), MaxShownLength)}'"));
        var others = reader.UnparsedCount - reader.UnparsedSamples.Count;
        var rest = others > 0 ? FormattableString.Invariant($" and {others} more") : "";
        if (reader.RefusedCount == reader.UnparsedCount)
        {
            return new FtpException(
                FtpErrorKind.InvalidName,
                FormattableString.Invariant($"{reader.UnparsedCount} of {reader.LineCount} lines of the listing of '{path}' from {pi.Server} contain names that are invalid or would lead to another directory. They were skipped: {samples}{rest}."), path)
            {
                HasRefusedNames = true,
            };
        }

        return new FtpException(
            FtpErrorKind.ListingUnparsed,
            FormattableString.Invariant($"{reader.UnparsedCount} of {reader.LineCount} lines of the listing of '{path}' from {pi.Server} could not be read, and their items were skipped: {samples}{rest}. ")
                + "If you know the exact name of a file, you can still receive and delete it. Please report the lines, so that their format can be supported.", path);
    }
}
