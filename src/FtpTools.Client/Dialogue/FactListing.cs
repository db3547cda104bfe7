using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Listing;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>
/// Listings by MLSD (RFC 3659, 7), and what is done where a server announces it and does it otherwise. That the argument is
/// heeded is seen from what comes: some small servers list the current directory whatever is asked for, and a walk through
/// a tree would go down the same directory for ever.
/// </summary>
internal sealed class FactListing(ProtocolInterpreter pi, ListingTransfer listing)
{
    private static readonly char[] _odd = [' ', '[', ']', '{', '}', '*', '?', '\'', '"'];

    /// <summary>Lists a directory.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="onItem">Takes an item, on the reading thread.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The reader of the listing; null when MLSD was refused as such and nothing has come of it, with the refusal.</returns>
    public async Task<(ListingReader? Reader, FtpCommandException? Refusal)> TryListAsync(string path, Action<FtpItem> onItem, CancellationToken cancellationToken)
    {
        var count = 0;
        void Count(FtpItem item)
        {
            count++;
            onItem(item);
        }

        try
        {
            if (pi.Habits.Has(ServerHabit.MlsdOfCurrentDirectory))
                return (await ListCurrentAsync(path, Count, cancellationToken).ConfigureAwait(false), null);
            var reader = pi.Habits.IsMlsdPathKnown
                ? await listing.RunAsync(ListingTransfer.OfArgument("MLSD", path), Count, cancellationToken).ConfigureAwait(false)
                : await ListDoubtingAsync(path, Count, cancellationToken).ConfigureAwait(false);
            return (await ListAgainAsync(path, reader, Count, cancellationToken).ConfigureAwait(false) ?? reader, null);
        }
        catch (FtpCommandException e) when (e.Verb == "MLSD" && count == 0)
        {
            if (e.Reply.Code is 501 or 504 && !pi.Habits.Has(ServerHabit.MlsdOfCurrentDirectory))
            {
                var reader = await TryListCurrentAsync(path, Count, cancellationToken).ConfigureAwait(false);
                if (reader is not null)
                {
                    pi.Habits.Learn(ServerHabit.MlsdOfCurrentDirectory, e.Reply.ToString());
                    return (reader, null);
                }
            }

            if (FtpRefusal.IsOfNothing(e.Reply, path) && !FtpRefusal.IsRefusal("CWD", await pi.TryEnterAsync(path, cancellationToken).ConfigureAwait(false)))
                return (await ListEnteredAsync(path, e.Reply, Count, cancellationToken).ConfigureAwait(false), null);
            // Nobody may say MLSD on some servers that announce it, and LIST is allowed (ProFTPD's Limit MLSD).
            if (FtpRefusal.IsOfCommand(e) || e.Kind == FtpErrorKind.PermissionDenied)
                return (null, e);
            throw;
        }
    }

    /// <summary>Lists, and looks at what comes before it is handed out: is it the directory that was asked for?</summary>
    private async Task<ListingReader> ListDoubtingAsync(string path, Action<FtpItem> onItem, CancellationToken cancellationToken)
    {
        var current = pi.Said.Directory ?? pi.Traits.LoginDirectory;
        // Of a directory aside of the current one nothing can be seen in what comes.
        if ((current is null || (path != current && !IsBelow(path, current) && !IsBelow(current, path)))
            && !FtpRefusal.IsRefusal("CWD", await pi.TryEnterAsync(path, cancellationToken).ConfigureAwait(false)))
            current = path;
        var held = new HeldItems(onItem);
        if (path == current)
            held.Release();
        var reader = await listing.RunAsync(ListingTransfer.OfArgument("MLSD", path), held.Add, cancellationToken).ConfigureAwait(false);
        if (held.Items is not { } items)
            return reader;
        // The current directory would show the way down to the one that was asked for, and the one above it that to the current one.
        var isBelow = current is not null && IsBelow(path, current);
        var isAbove = current is not null && IsBelow(current, path);
        if ((isBelow && Holds(items, Step(current!, path))) || (isAbove && !Holds(items, Step(path, current!))))
        {
            var others = new HeldItems(static _ => { });
            if (await TryListCurrentAsync(path, others.Add, cancellationToken).ConfigureAwait(false) is { } other && others.Items is { } there)
            {
                if (!items.Select(static item => item.Name).SequenceEqual(there.Select(static item => item.Name), StringComparer.Ordinal))
                {
                    pi.Habits.Learn(ServerHabit.MlsdOfCurrentDirectory, $"MLSD {path} listed {current}");
                    pi.Trace(FtpLogLevel.Information, $"{pi.Server} ignores the argument of MLSD and lists the current directory, so CWD is sent first.");
                    foreach (var item in there)
                        onItem(item);
                    return other;
                }

                pi.Habits.LearnToTakeMlsdPath();
            }
        }
        else if (isBelow || isAbove)
        {
            pi.Habits.LearnToTakeMlsdPath();
        }

        held.Release();
        return reader;
    }

    /// <summary>
    /// Lists a directory from within, of whose path the server may take a blank for the end, or a bracket for a pattern
    /// (Pure-FTPd's relatives): it shows nothing then, and does not say why.
    /// </summary>
    /// <returns>Null where there is nothing to doubt, or nothing else is shown.</returns>
    private async Task<ListingReader?> ListAgainAsync(string path, ListingReader reader, Action<FtpItem> onItem, CancellationToken cancellationToken)
    {
        if (path.IndexOfAny(_odd) < 0 || pi.Habits.IsOddPathKnown || pi.Habits.Has(ServerHabit.MlsdOfCurrentDirectory))
            return null;
        if (reader.LineCount > 0)
        {
            pi.Habits.LearnToTakeOddPaths();
            return null;
        }

        var former = pi.Said.Directory ?? pi.Traits.LoginDirectory;
        var held = new HeldItems(onItem);
        if (await TryListCurrentAsync(path, held.Add, cancellationToken).ConfigureAwait(false) is not { LineCount: > 0 } other
            || (former != path && await IsStillInAsync(former, cancellationToken).ConfigureAwait(false)))
            return null;
        held.Release();
        pi.Habits.Learn(ServerHabit.MlsdOfCurrentDirectory, $"MLSD {path} listed nothing");
        return other;
    }

    /// <summary>Whether CWD has said yes and stayed, as servers in devices do where there is no such directory: what was listed is another one then.</summary>
    private async Task<bool> IsStillInAsync(string? former, CancellationToken cancellationToken)
    {
        var reply = await pi.ExchangeAsync("PWD", null, cancellationToken).ConfigureAwait(false);
        if (FtpRefusal.IsRefusal("PWD", reply) || !WorkingDirectory.TryRead(reply.SentText, out var current) || current != former)
            return false;
        pi.Said.Directory = former;
        return true;
    }

    /// <summary>Lists a directory of which the server has said that nothing is in it, or that there is none of that path, and that it has entered all the same.</summary>
    private async Task<ListingReader> ListEnteredAsync(string path, FtpReply refusal, Action<FtpItem> onItem, CancellationToken cancellationToken)
    {
        if (pi.Habits.IsMlsdPathKnown || await TryListCurrentAsync(path, onItem, cancellationToken).ConfigureAwait(false) is not { } reader)
            return listing.OfNothing(path);
        if (reader.ItemCount > 0)
            pi.Habits.Learn(ServerHabit.MlsdOfCurrentDirectory, refusal.ToString());
        return reader;
    }

    private Task<ListingReader> ListCurrentAsync(string path, Action<FtpItem> onItem, CancellationToken cancellationToken) =>
        listing.RunAsync(ListingTransfer.OfCurrent("MLSD", path), onItem, cancellationToken);

    private async Task<ListingReader?> TryListCurrentAsync(string path, Action<FtpItem> onItem, CancellationToken cancellationToken)
    {
        try
        {
            return await ListCurrentAsync(path, onItem, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpCommandException e) when (e.Verb is "CWD" or "MLSD")
        {
            return null;
        }
    }

    private static bool Holds(IReadOnlyList<FtpItem> items, string name) => items.Any(item => item.IsDirectory && item.Name == name);

    private static bool IsBelow(string path, string directory) => path.Length > directory.Length && path.StartsWith(FtpPath.Child(directory, ""), StringComparison.Ordinal);

    /// <summary>The name of the first directory on the way down from one to another.</summary>
    private static string Step(string directory, string below)
    {
        var start = FtpPath.Child(directory, "").Length;
        var end = below.IndexOf('/', start);
        return end < 0 ? below.Substring(start) : below.Substring(start, end - start);
    }
}
