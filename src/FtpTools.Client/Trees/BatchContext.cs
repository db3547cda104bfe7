using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.Protocol;
using FtpTools.Session;
using FtpTools.Transfer;

namespace FtpTools.Trees;

/// <summary>What all files of one call have in common: the pool, the options, the rate limit, and who is told.</summary>
internal sealed class BatchContext(ConnectionPool pool, FtpTransferOptions options, RateLimiter? limiter, IProgress<FtpProgress>? progress, Action<FtpLogLevel, string> trace, CancellationToken cancellationToken)
{
    /// <summary>How files are transferred, with the type filled in.</summary>
    public FtpTransferOptions Options => options;

    /// <summary>The limit of all files together; null for none.</summary>
    public RateLimiter? Limiter => limiter;

    /// <summary>Told of each file; null for nobody.</summary>
    public IProgress<FtpProgress>? Progress => progress;

    /// <summary>Takes log lines.</summary>
    public Action<FtpLogLevel, string> Trace => trace;

    /// <summary>Ends all.</summary>
    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Gives items and local files other names; null, or nothing for a name, keeps their own.</summary>
    public Func<object, Task<string?>>? NameMap { get; set; }

    /// <summary>Which files of trees are transferred; null for all.</summary>
    public FtpItemFilter? Filter { get; set; }

    /// <summary>Where the files of trees wait that fit, until the choice is made; null when each is transferred at once.</summary>
    public FtpItemChoice<Func<Task>>? Choice { get; set; }

    /// <summary>What was taken before, and is now; null for no journal.</summary>
    public TransferJournal? Journal { get; set; }

    /// <summary>The account, for the journal.</summary>
    public (string Server, string UserName) Account { get; set; }

    /// <summary>Whether a directory is made for the sake of a file alone, and not for its own.</summary>
    public bool IsMadeForFiles => Filter?.ChoosesFiles == true;

    /// <summary>Since when the server is away.</summary>
    public Absence Absence { get; } = new();

    /// <summary>Lends a connection.</summary>
    public Task UseAsync(Func<FtpConnection, Task> work, CancellationToken stop) => pool.UseAsync(work, stop);

    /// <summary>Lends a connection to work that can be done again, and is, as files are.</summary>
    /// <param name="what">What it is, as in "Try 1 of 4 <c>to list '/in'</c>".</param>
    /// <param name="work">The work.</param>
    public Task<T> PersistAsync<T>(string what, Func<FtpConnection, Task<T>> work) =>
        PersistAsync(what, () => pool.UseAsync(
            connection =>
            {
                Absence.End();
                return work(connection);
            },
            cancellationToken));

    /// <summary>Does work that can be done again, and is, as files are.</summary>
    public Task<T> PersistAsync<T>(string what, Func<Task<T>> work) => new Retries(options, Absence).RunAsync(what, work, trace, cancellationToken);

    /// <summary>The same for work that gives nothing.</summary>
    public Task PersistAsync(string what, Func<FtpConnection, Task> work) => PersistAsync(what, async connection =>
    {
        await work(connection).ConfigureAwait(false);
        return true;
    });

    /// <summary>Whether an item of a tree is transferred, or looked into.</summary>
    /// <param name="item">The item.</param>
    /// <param name="top">The tree's top.</param>
    /// <param name="isDirectory">Whether it is a directory, or a link to one.</param>
    public bool Takes(FtpItem item, string top, bool isDirectory) =>
        Filter is null || (isDirectory ? Filter.Walks(item, top) : Said(Filter.Takes(item, top, out var doubt), doubt));

    /// <summary>Whether an item of a local tree is transferred, or looked into.</summary>
    /// <param name="item">The item.</param>
    /// <param name="top">The tree's top.</param>
    public bool Takes(FileSystemInfo item, string top) =>
        Filter is null || (item is DirectoryInfo ? Filter.Walks(item, top) : Said(Filter.Takes(item, top, out var doubt), doubt));

    /// <summary>The name that an item gets here.</summary>
    public async Task<string> LocalNameAsync(FtpItem item)
    {
        if (NameMap is null || await NameMap(item).ConfigureAwait(false) is not { Length: > 0 } name)
            return item.ToLocalName();
        LocalName.Check(name, item.FullName, Compat.IsWindows);
        return name;
    }

    /// <summary>The name that a local file or directory gets on the server.</summary>
    public async Task<string> RemoteNameAsync(FileSystemInfo source)
    {
        if (NameMap is null || await NameMap(source).ConfigureAwait(false) is not { Length: > 0 } name)
            return source.Name;
        return FtpPath.IsName(name) ? name : throw new FtpException(
            FtpErrorKind.InvalidName, $"'{source.FullName}' wasn't sent under the name '{name}', because it isn't a valid name. The script block of -NameMap must return a name without a path.");
    }

    /// <summary>Transfers a file.</summary>
    public Task<FtpTransferResult> TransferAsync(FileTransfer transfer) => transfer.RunAsync(pool, trace, cancellationToken);

    /// <summary>Whether a directory of a tree is the one that originals are moved to.</summary>
    public bool IsSetAside(SourcePlan plan, string path, bool isDirectory, string? top)
    {
        var isSo = isDirectory && plan.IsSetAside(path, isDirectory, top);
        if (isSo)
            trace(FtpLogLevel.Information, $"'{path}' was skipped, because it's the directory for completed files (-SourceDestination).");
        return isSo;
    }

    /// <summary>Takes a file, once where there is a journal, and moves its original away where that is wanted.</summary>
    /// <param name="plan">Where originals go.</param>
    /// <param name="top">The top of the tree that it is in; null for a file of its own.</param>
    /// <param name="source">The original.</param>
    /// <param name="target">The absolute path on the other side.</param>
    /// <param name="transfer">Transfers it.</param>
    public Task<FtpTransferResult> PickUpAsync(SourcePlan plan, string? top, Func<PickedSource> source, string target, Func<Task<FtpTransferResult>> transfer)
    {
        if (Journal is null && plan.Action == FtpSourceAction.None)
            return transfer();
        var original = source();
        return new PickUp(this, original, plan, top, new FtpJournalEntry
        {
            State = FtpJournalState.Begun,
            Direction = plan.IsRemote ? FtpTransferDirection.Download : FtpTransferDirection.Upload,
            Server = Account.Server,
            UserName = Account.UserName,
            RemotePath = plan.IsRemote ? original.Path : target,
            LocalPath = plan.IsRemote ? target : original.Path,
        }).RunAsync(transfer);
    }

    private bool Said(bool takes, string? doubt)
    {
        if (doubt is not null)
            trace(FtpLogLevel.Information, doubt);
        return takes;
    }
}
