using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.Protocol;

namespace FtpTools.Transfer;

/// <summary>The part that an upload is written to, and what former ones to the same target have left beside it.</summary>
internal sealed class PartsOfUpload(string source, string target, PartName name)
{
    private readonly string _directory = FtpPath.Parent(target);
    private IReadOnlyList<FtpItem> _useless = [];

    /// <summary>True when the user has chosen the part's name.</summary>
    public bool IsChosen => name.IsChosen;

    /// <summary>Chooses the part to write to: with -Resume the longest that a former upload of the same source has left, else a new one.</summary>
    /// <param name="connection">To the server.</param>
    /// <param name="resume">Whether to look for one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<(string Path, bool IsFound)> ChooseAsync(FtpConnection connection, bool resume, CancellationToken cancellationToken)
    {
        // There is one of a chosen name or there is none, which its size will tell.
        if (!resume || name.IsChosen)
            return (New(connection), resume && name.CanResume);
        var items = await FindAsync(connection, cancellationToken).ConfigureAwait(false);
        var found = items.Where(item => name.IsOfSource(item.Name)).OrderByDescending(item => item.Length ?? 0).FirstOrDefault();
        if (found is null && items.FirstOrDefault(item => name.IsForTarget(item.Name)) is { } other)
            connection.Tell($"'{source}' has changed since '{other.FullName}' was sent as a part of it, so it is sent from the beginning.");
        _useless = [.. items.Where(item => !name.IsOfSource(item.Name))];
        return (found?.FullName ?? New(connection), found is not null);
    }

    private async Task<List<FtpItem>> FindAsync(FtpConnection connection, CancellationToken cancellationToken)
    {
        var items = new List<FtpItem>();
        try
        {
            await connection.Listings.ListAsync(_directory, true, item =>
            {
                if (name.IsForTarget(item.Name) || name.IsFormer(item.Name))
                    items.Add(item);
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpException e) when (e.IsUnreadListing && connection.IsOpen)
        {
            // All of the file is sent, whatever stands in those lines.
            connection.Tell($"Whether a part of '{target}' is there already could not be seen in full: {e.Message}");
        }

        return items;
    }

    /// <summary>A part that is not there yet, or one of the chosen name.</summary>
    public string New(FtpConnection connection) => New(!connection.Habits.Has(ServerHabit.NoDotNames));

    /// <summary>A part that is not there yet, or one of the chosen name.</summary>
    /// <param name="isHidden">Whether its name may begin with a dot.</param>
    public string New(bool isHidden) => FtpPath.Child(_directory, name.New(isHidden));

    /// <summary>Where a former file of the target is set aside while a part takes its place: under a name of the kind that the server took for the part.</summary>
    public string FormerFor(string part) => FtpPath.Child(_directory, name.Former(FtpPath.Name(part)[0] == '.'));

    /// <summary>What is to be said of a part that could not be made: an account may be allowed to replace files and not to make any, or to make some by their names.</summary>
    public async Task<FtpException> ExplainAsync(FtpConnection connection, string part, FtpCommandException refusal, CancellationToken cancellationToken)
    {
        var isThere = await connection.Files.SizeAsync(target, cancellationToken).ConfigureAwait(false) is not null
            || (!connection.Habits.HasSize && await connection.Directories.ExistsAsync(target, cancellationToken).ConfigureAwait(false));
        return isThere ? refusal.Adding($"It was to be sent under the temporary name '{part}' first. If the account may replace files and not make any, -Direct writes '{target}' in place.")
            : refusal.Reply.Text.IndexOf("name", StringComparison.OrdinalIgnoreCase) >= 0 ? refusal.Adding($"It was to be sent under the temporary name '{part}' first. -TemporaryName chooses another, and -Direct sends it under its own.")
            : refusal;
    }

    /// <summary>Removes the parts of former states of the source, unless they have grown meanwhile: somebody is sending one then.</summary>
    public async Task RemoveUselessAsync(FtpConnection connection)
    {
        foreach (var item in _useless)
        {
            if (await CountArrivedAsync(connection, item.FullName, -1, CancellationToken.None).ConfigureAwait(false) != item.Length)
                continue;
            connection.Tell($"'{item.FullName}', which an earlier transfer to '{target}' had left, is removed.");
            await BoundedRemoval.TryAsync(connection, item.FullName, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>How much of what was sent is on the server: where its disk is full it is mostly less, and may be nothing.</summary>
    /// <param name="connection">To the server.</param>
    /// <param name="part">What it was sent to.</param>
    /// <param name="unknown">What to take it for when it cannot be asked.</param>
    /// <param name="cancellationToken">When it is cancelled there is no time to ask.</param>
    public static async Task<long> CountArrivedAsync(FtpConnection connection, string part, long unknown, CancellationToken cancellationToken)
    {
        if (!connection.IsOpen || cancellationToken.IsCancellationRequested)
            return unknown;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(BoundedRemoval.For(cancellationToken));
        try
        {
            return await connection.Files.SizeAsync(part, stop.Token).ConfigureAwait(false) ?? unknown;
        }
        catch (Exception e) when (e is FtpException or OperationCanceledException)
        {
            return unknown;
        }
    }
}
