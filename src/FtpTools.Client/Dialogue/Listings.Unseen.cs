using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <content>What CWD and SIZE tell, where no listing does.</content>
internal sealed partial class Listings
{
    /// <summary>What SIZE and CWD tell of an item that no listing shows: a file of so many bytes, or a directory; null when it is neither.</summary>
    public async Task<FtpItem?> FindUnseenAsync(string path, CancellationToken cancellationToken)
    {
        // CWD first, for some servers tell a size of directories too.
        if (await IsEnteredAsync(path, true, cancellationToken).ConfigureAwait(false))
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

    /// <summary>
    /// The item, which MLST or the listing of its directory has denied. Where somebody wants it, the word of a server that is
    /// not known is doubted once, unless it has told of an item before: some servers deny every path, and some all that are
    /// more than a name.
    /// </summary>
    /// <returns>Null when there is none indeed.</returns>
    public async Task<FtpItem?> FindDoubtingAsync(string path, CancellationToken cancellationToken)
    {
        if (path == "/" || pi.Habits.IsKnownByName)
            return null;
        // A listing may not show it: not a virtual directory of IIS, and not as it is spelt where upper and lower case are alike.
        if (!pi.Traits.HasMlst)
            return await FindUnseenAsync(path, cancellationToken).ConfigureAwait(false);
        if (pi.Habits.IsMlstKnown)
            return null;
        pi.Habits.LearnToTellItems();
        if (!pi.Habits.IsPathKnown && !FtpRefusal.IsRefusal("CWD", await pi.TryEnterAsync(FtpPath.Parent(path), cancellationToken).ConfigureAwait(false))
            && !FtpRefusal.IsRefusal("MLST", await pi.ExchangeAsync("MLST", FtpPath.Name(path), cancellationToken).ConfigureAwait(false)))
        {
            pi.Habits.Learn(ServerHabit.NamesAlone, $"MLST denied '{path}', but not '{FtpPath.Name(path)}'");
            return (await TryAskAsync(path, cancellationToken).ConfigureAwait(false)).Item;
        }

        if (await FindUnseenAsync(path, cancellationToken).ConfigureAwait(false) is null)
            return null;
        pi.Habits.Learn(ServerHabit.NoMlst, $"MLST denied '{path}', which SIZE or CWD found");
        return await FindInParentAsync(path, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Whether CWD enters a directory. There are servers in devices that say yes to whatever they are given, or to a file: a
    /// name with a dot is looked at twice, and of what is in doubt a server that was never seen to refuse is asked for a
    /// directory that cannot be there.
    /// </summary>
    /// <param name="path">The directory.</param>
    /// <param name="isInDoubt">Whether something else speaks against it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<bool> IsEnteredAsync(string path, bool isInDoubt, CancellationToken cancellationToken)
    {
        if (pi.Habits.Has(ServerHabit.NoCwd) || FtpRefusal.IsRefusal("CWD", await pi.TryEnterAsync(path, cancellationToken).ConfigureAwait(false)))
            return false;
        if (path == "/" || pi.Habits.IsKnownByName || pi.Traits.PathStyle != PathStyle.Slashes)
            return true;
        var isOfAnything = pi.Habits.Has(ServerHabit.CwdOfAnything) || (isInDoubt && await IsCwdOfAnythingAsync(path, cancellationToken).ConfigureAwait(false));
        // No listing tells there, and would ask here of each of its names.
        if (pi.Habits.Has(ServerHabit.NoList))
            return !isOfAnything || await files.SizeAsync(path, cancellationToken).ConfigureAwait(false) is null;
        if (isOfAnything)
            return await IsListedDirectoryAsync(path, cancellationToken).ConfigureAwait(false) == true;
        if (FtpPath.Name(path).IndexOf('.') < 0 || await files.SizeAsync(path, cancellationToken).ConfigureAwait(false) is null
            || await IsListedDirectoryAsync(path, cancellationToken).ConfigureAwait(false) != false)
            return true;
        pi.Habits.Learn(ServerHabit.CwdOfAnything, $"CWD accepted the file '{path}'");
        return false;
    }

    /// <summary>Whether the server says yes to any CWD.</summary>
    /// <param name="path">Where it is now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async Task<bool> IsCwdOfAnythingAsync(string path, CancellationToken cancellationToken)
    {
        const string None = ".ftptools-none";
        if (pi.Habits.IsCwdKnown || pi.Habits.Has(ServerHabit.NoAbsoluteCwd))
            return pi.Habits.Has(ServerHabit.CwdOfAnything);
        var none = FtpPath.Child(path, None);
        if (FtpRefusal.IsRefusal("CWD", await pi.TryEnterAsync(none, cancellationToken).ConfigureAwait(false)))
            return false;
        pi.Said.Directory = null;
        pi.Habits.Learn(ServerHabit.CwdOfAnything, $"CWD accepted '{none}'");
        return true;
    }

    /// <summary>What the listing of the directory above says; null when it does not show anything of that name.</summary>
    private async Task<bool?> IsListedDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        bool? isDirectory = null;
        await ListAsync(FtpPath.Parent(path), true, item => isDirectory = item.Name == FtpPath.Name(path) ? item.ItemType != FtpItemType.File : isDirectory, cancellationToken).ConfigureAwait(false);
        return isDirectory;
    }

    /// <summary>Sees that a directory in which there is nothing is there, where CWD need not tell.</summary>
    private async Task RequireThereAsync(string path, CancellationToken cancellationToken)
    {
        if (path != "/" && path != pi.Traits.LoginDirectory && !pi.Habits.Has(ServerHabit.NoCwd) && pi.Traits.PathStyle == PathStyle.Slashes && await IsCwdOfAnythingAsync(path, cancellationToken).ConfigureAwait(false)
            && await IsListedDirectoryAsync(path, cancellationToken).ConfigureAwait(false) != true)
            throw NotFound(path, pi.Server);
    }
}
