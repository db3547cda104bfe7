using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Lists remote directories. Items are emitted while the listing still arrives.</summary>
[Cmdlet(VerbsCommon.Get, "FtpChildItem", DefaultParameterSetName = PathSet)]
[OutputType(typeof(FtpItem), typeof(string))]
public sealed class GetFtpChildItemCommand : RemoteChoosingCmdlet
{
    private readonly Backlog _unread = new();
    private FtpItemChoice<object>? _choice;
    private CountProgress? _progress;

    /// <summary>A pattern that an item's name must fit, as <c>*.csv</c>; with a <c>/</c> in it, its path below the listed directory.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public override string? Filter { get; set; }

    /// <summary>List what is in the subdirectories too. Links are not followed.</summary>
    [Parameter]
    [Alias("s")]
    public SwitchParameter Recurse { get; set; }

    /// <summary>How many levels of subdirectories to list, 0 or more; implies -Recurse.</summary>
    [Parameter]
    public uint Depth { get; set; } = uint.MaxValue;

    /// <summary>Emit files alone, and what else is no directory.</summary>
    [Parameter]
    public SwitchParameter File { get; set; }

    /// <summary>Emit directories alone.</summary>
    [Parameter]
    public SwitchParameter Directory { get; set; }

    /// <summary>Show names that begin with a dot too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emit names alone, as strings; with -Recurse as paths relative to the listed directory.</summary>
    [Parameter]
    public SwitchParameter Name { get; set; }

    private protected override bool OnlyLooks => true;

    private protected override async Task BeginProcessingAsync(CancellationToken cancellationToken)
    {
        await base.BeginProcessingAsync(cancellationToken);
        _choice = Chosen is { IsChoice: true } ? new FtpItemChoice<object>(Chosen) : null;
        if (IsWanted("ProgressAction", "ProgressPreference"))
            _progress = new CountProgress(MyInvocation.MyCommand.Name, "items", record => Post(() => WriteProgress(record)));
    }

    private protected override async Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        if (IsOfLocation)
        {
            await TryAsync(null, () => ListAsync(new Listing(TheSession, TheSession.Location, null), TheSession.Location, FtpTreeLevel.Top(), cancellationToken));
            return;
        }
        foreach (var input in Inputs)
            await TryAsync(input, session => ListAsync(input.On(session, PostUnread), cancellationToken));
    }

    private protected override async Task EndProcessingAsync(CancellationToken cancellationToken)
    {
        await base.EndProcessingAsync(cancellationToken);
        _progress?.Complete();
        foreach (var value in _choice?.Take() ?? [])
        {
            cancellationToken.ThrowIfCancellationRequested();
            WriteObject(value);
        }
    }

    private async Task ListAsync(RemotePattern pattern, CancellationToken cancellationToken)
    {
        var session = pattern.Session;
        if (pattern.Leaf is { } leaf)
        {
            // As with Get-ChildItem, the last part filters what is in the directory before it, and all below with -Recurse.
            var parents = pattern.WithoutLeaf();
            var directories = parents.IsLiteral
                ? [parents.Root]
                : (await parents.ExpandAsync(Force, cancellationToken).ConfigureAwait(false)).Where(MayBeDirectory).Select(item => item.FullName);
            var isAny = false;
            foreach (var directory in directories)
            {
                var listing = new Listing(session, directory, leaf);
                await ListAsync(listing, directory, FtpTreeLevel.Top(), cancellationToken).ConfigureAwait(false);
                isAny |= listing.HasAny;
            }

            if (!isAny)
                await pattern.RequireNoneAsync(cancellationToken).ConfigureAwait(false);
            return;
        }
        if (pattern.IsLiteral)
        {
            await ListOrEmitAsync(session, pattern.Root, cancellationToken).ConfigureAwait(false);
            return;
        }
        foreach (var item in await pattern.ExpandAsync(Force, cancellationToken).ConfigureAwait(false))
            await ListOrEmitAsync(session, item.FullName, cancellationToken).ConfigureAwait(false);
    }

    private static bool MayBeDirectory(FtpItem item) => item.ItemType is FtpItemType.Directory or FtpItemType.SymbolicLink;

    private async Task ListOrEmitAsync(FtpSession session, string path, CancellationToken cancellationToken)
    {
        // Asked so, a server need not list the parent first, as many would have to for the item itself; and links count.
        if (!await session.IsDirectoryAsync(path, cancellationToken).ConfigureAwait(false))
        {
            var item = await session.GetItemAsync(path, cancellationToken).ConfigureAwait(false);
            if (!item.IsDirectory)
            {
                Emit(new Listing(session, item.DirectoryName, null), item, cancellationToken);
                return;
            }
        }
        // A directory that may not be entered says why when it is listed.
        await ListAsync(new Listing(session, path, null), path, FtpTreeLevel.Top(), cancellationToken).ConfigureAwait(false);
    }

    private async Task ListAsync(Listing listing, string directory, FtpTreeLevel level, CancellationToken cancellationToken)
    {
        var descends = (Recurse || Depth != uint.MaxValue) && level.Depth < Depth;
        var subdirectories = new List<string>();
        try
        {
            await listing.Session.ListAsync(directory, Force || listing.ShowsHidden, item =>
            {
                level.Add(item);
                _progress?.Count(directory);
                if (!Force && RemotePattern.IsHidden(item) && !listing.ShowsHidden)
                    return;
                if (descends && item.IsDirectory && Chosen?.Walks(item, listing.Root) != false)
                    subdirectories.Add(item.FullName);
                Emit(listing, item, cancellationToken);
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpException e) when (e.IsUnreadListing)
        {
            PostUnread(e);
        }

        foreach (var subdirectory in subdirectories)
        {
            try
            {
                var below = level.Below(subdirectory, Depth == uint.MaxValue ? FtpTreeLevel.MostLevels : Depth);
                await _unread.WaitAsync(cancellationToken).ConfigureAwait(false);
                await ListAsync(listing, subdirectory, below, cancellationToken).ConfigureAwait(false);
            }
            catch (FtpException e) when (!e.IsFatal)
            {
                PostError(e, subdirectory);
            }
        }
    }

    private void Emit(Listing listing, FtpItem item, CancellationToken cancellationToken)
    {
        // Of a choice, directories are a part only where they alone are asked for.
        if (item.IsDirectory ? !Directory && (File || _choice is not null) : Directory && !File)
            return;
        if (!listing.Fits(item.Name))
            return;
        listing.HasAny = true;
        if (!Takes(item, listing.Root))
            return;
        object value = Name ? item.FullName.Substring(listing.Root.Length).TrimStart('/') : item;
        if (_choice is not null)
        {
            _choice.Add(item, value);
            return;
        }

        if (_unread.Add(value, cancellationToken))
            Post(WriteUnread);
    }

    private void WriteUnread()
    {
        while (_unread.Take() is { Count: > 0 } values)
            WriteObject(values, enumerateCollection: true);
    }

    // One listed directory with all below it.
    private sealed class Listing(FtpSession session, string root, string? leaf)
    {
        public FtpSession Session { get; } = session;

        public string Root { get; } = root;

        // Whether any name has fitted, whatever else was asked for.
        public bool HasAny { get; set; }

        // A pattern that begins with a dot asks for such names.
        public bool ShowsHidden { get; } = leaf?[0] == '.';

        public Func<string, bool> Fits { get; } = leaf is null ? static _ => true : RemotePattern.Matcher(leaf);
    }
}
