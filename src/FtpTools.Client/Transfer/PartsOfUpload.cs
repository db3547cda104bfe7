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
    private const int MostLooks = 5;

    /// <summary>How long a part is watched for whether it grows, at a time.</summary>
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);

    /// <summary>What nobody has written to for so long is written to by nobody.</summary>
    private static readonly TimeSpan _idle = TimeSpan.FromHours(1);

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
        if (name.IsChosen)
        {
            // There is one of that name or there is none, which its size will tell.
            var chosen = New(connection);
            await RequireIdleAsync(connection, chosen, cancellationToken).ConfigureAwait(false);
            return (chosen, resume && name.CanResume);
        }

        if (!resume)
            return (New(connection), false);
        var items = await FindAsync(connection, cancellationToken).ConfigureAwait(false);
        var found = items.Where(item => name.IsOfSource(item.Name)).OrderByDescending(item => item.Length ?? 0).FirstOrDefault();
        if (found is null && items.FirstOrDefault(item => name.IsForTarget(item.Name)) is { } other)
            connection.Tell($"'{source}' has changed since the partial file '{other.FullName}' was sent, so it's sent from the beginning.");
        _useless = [.. items.Where(item => item != found)];
        var claimed = found is null ? null : await ClaimAsync(connection, found, cancellationToken).ConfigureAwait(false);
        return (claimed ?? New(connection), claimed is not null);
    }

    /// <summary>
    /// Takes up what a former upload has left, under a new name: of several who do so one alone gets it, and who still writes
    /// to it, unseen, finds no part of his in the end. Servers on Windows do not even rename what is open.
    /// </summary>
    /// <returns>Null when it cannot be had.</returns>
    private async Task<string?> ClaimAsync(FtpConnection connection, FtpItem part, CancellationToken cancellationToken)
    {
        if (!(part.TimePrecision >= FtpTimePrecision.Minute && DateTime.UtcNow - part.LastWriteTimeUtc > _idle))
            await RequireIdleAsync(connection, part.FullName, cancellationToken).ConfigureAwait(false);
        var own = New(PartName.FormOf(part.Name));
        try
        {
            await connection.Files.RenameAsync(part.FullName, own, cancellationToken).ConfigureAwait(false);
            return own;
        }
        catch (FtpCommandException e) when (e.Reply.IsPermanentNegative)
        {
            connection.Tell($"The partial file '{part.FullName}' could not be continued, so '{source}' is sent from the beginning. ({e.Message})");
            return null;
        }
    }

    /// <summary>Sees that a part does not grow: what another upload is writing is not to be written to.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.CommandRefused"/>: it does.</exception>
    private async Task RequireIdleAsync(FtpConnection connection, string part, CancellationToken cancellationToken)
    {
        var first = await connection.Files.SizeAsync(part, cancellationToken).ConfigureAwait(false);
        var last = first;
        // What a process that was killed had sent may still be on its way.
        for (var i = 0; last is not null && i < MostLooks; i++)
        {
            await Task.Delay(_look, cancellationToken).ConfigureAwait(false);
            var now = await connection.Files.SizeAsync(part, cancellationToken).ConfigureAwait(false);
            if (now is null || now == last)
                return;
            last = now;
        }

        if (last is not null)
        {
            throw new FtpException(
                FtpErrorKind.CommandRefused,
                $"'{source}' wasn't sent, because another upload to '{target}' is in progress: '{part}' grew from {first} to {last} bytes in {MostLooks} s. Wait until it's finished{(name.IsChosen ? "" : ", or omit -Resume")}.", target) { IsWorthWaiting = true };
        }
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
            connection.Tell($"The search for a partial file of '{target}' was incomplete: {e.Message}");
        }

        return items;
    }

    /// <summary>A part that is not there yet, or one of the chosen name.</summary>
    public string New(FtpConnection connection) => New(
        connection.Habits.Has(ServerHabit.NoLongNames) ? PartForm.Short : connection.Habits.Has(ServerHabit.NoDotNames) ? PartForm.Plain : PartForm.Hidden);

    /// <summary>A part that is not there yet, or one of the chosen name.</summary>
    /// <param name="form">What the server takes.</param>
    public string New(PartForm form) => FtpPath.Child(_directory, name.New(form));

    /// <summary>
    /// Other parts for one that the server has refused: Pure-FTPd (ProhibitDotFilesWrite) and others take no name that begins
    /// with a dot, and devices none that is long. Whether a short one does is tried once.
    /// </summary>
    public IEnumerable<(string Part, ServerHabit Habit)> Others(FtpConnection connection, string part)
    {
        if (IsChosen)
            yield break;
        var form = PartName.FormOf(FtpPath.Name(part));
        if (form == PartForm.Hidden && !connection.Habits.Has(ServerHabit.NoDotNames))
            yield return (New(PartForm.Plain), ServerHabit.NoDotNames);
        if (form != PartForm.Short && connection.Habits.IsShortNameToBeTried())
            yield return (New(PartForm.Short), ServerHabit.NoLongNames);
    }

    /// <summary>Whether a former upload's part can be known again.</summary>
    public bool IsKnownAgain(string part) => IsChosen || PartName.FormOf(FtpPath.Name(part)) != PartForm.Short;

    /// <summary>Where a former file of the target is set aside while a part takes its place: under a name of the kind that the server took for the part.</summary>
    public string FormerFor(string part) => FtpPath.Child(_directory, name.Former(PartName.FormOf(FtpPath.Name(part))));

    /// <summary>What is to be said of a part that could not be made: an account may be allowed to replace files and not to make any, or to make some by their names.</summary>
    public async Task<FtpException> ExplainAsync(FtpConnection connection, string part, FtpCommandException refusal, CancellationToken cancellationToken)
    {
        var isThere = await connection.Files.SizeAsync(target, cancellationToken).ConfigureAwait(false) is not null
            || (!connection.Habits.HasSize && await connection.Directories.ExistsAsync(target, cancellationToken).ConfigureAwait(false));
        return isThere ? refusal.Adding($"The temporary name was '{part}'. If the account has permission to replace files, but not to create them, use -Direct to write '{target}' directly.")
            : FtpRefusal.IsOfName(refusal.Reply) ? refusal.Adding($"The temporary name was '{part}'. To use a different one, specify -TemporaryName. To send the file without a temporary name, use -Direct.")
            : !await connection.Directories.IsDirectoryAsync(_directory, cancellationToken).ConfigureAwait(false) ? refusal.Adding($"The directory '{_directory}' doesn't exist. To create it, use -Force.")
            : refusal;
    }

    /// <summary>Removes the parts that other uploads have left, unless they have grown meanwhile: somebody is sending one then.</summary>
    public async Task RemoveUselessAsync(FtpConnection connection)
    {
        foreach (var item in _useless)
        {
            if (await CountArrivedAsync(connection, item.FullName, -1, CancellationToken.None).ConfigureAwait(false) != item.Length)
                continue;
            connection.Tell($"The partial file '{item.FullName}' of an earlier transfer to '{target}' is removed.");
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
