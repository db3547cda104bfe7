using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>A cmdlet that works on remote paths, with wildcards or without.</summary>
public abstract class RemotePathCmdlet : FtpSessionCmdlet
{
    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";
    private protected const string ItemSet = "Item";

    private protected RemotePathCmdlet()
    {
    }

    /// <summary>Remote paths; <c>*</c>, <c>?</c> and <c>[]</c> are wildcards.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ItemPathTransformation]
    [ArgumentCompleter(typeof(RemotePathCompleter))]
    public string[]? Path { get; set; }

    /// <summary>Remote paths in which no character is a wildcard.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    [ValidateNotNullOrEmpty]
    [ItemPathTransformation]
    [ArgumentCompleter(typeof(RemotePathCompleter))]
    public string[]? LiteralPath { get; set; }

    /// <summary>Items as Get-FtpChildItem and Get-FtpItem emit them; each brings its session along.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ItemSet, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ItemTransformation]
    public FtpItem[]? InputObject { get; set; }

    /// <summary>What the caller gave, whichever way.</summary>
    private protected IEnumerable<RemoteInput> Inputs => RemoteInput.List(ParameterSetName, InputObject, LiteralPath, Path);

    /// <summary>Does the work for each of what the caller gave. What fails is written as an error and the next can go on, unless nothing can.</summary>
    private protected async Task ForEachAsync(Func<RemotePattern, Task> work)
    {
        foreach (var input in Inputs)
            await TryAsync(input, session => work(input.On(session, PostUnread)));
    }

    /// <summary>
    /// Does the work for each item once all that one object of the pipeline stands for are known: what is wrong with them
    /// together is one error, before anything is done to the first.
    /// </summary>
    /// <param name="prepare">What is done first for the items of a session, of which it is told how many there are.</param>
    /// <param name="work">The work on an item, with what came of that.</param>
    /// <param name="includeHidden">Let wildcards stand for a leading dot.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private protected async Task ForEachTogetherAsync<T>(Func<FtpSession, int, Task<T>> prepare, Func<FtpSession, FtpItem, T, Task> work, bool includeHidden, CancellationToken cancellationToken)
    {
        var found = new List<(RemoteInput Input, FtpSession Session, FtpItem Item)>();
        foreach (var input in Inputs)
            await TryAsync(input, async session => found.AddRange((await FindAsync(input, session, includeHidden, cancellationToken)).Select(item => (input, session, item))));
        foreach (var group in found.GroupBy(one => one.Session).ToArray())
        {
            await TryAsync(group.First().Input, async session =>
            {
                var prepared = await prepare(session, group.Count());
                foreach (var (_, _, item) in group)
                    await TryAsync(item.FullName, () => work(session, item, prepared));
            });
        }
    }

    /// <summary>The items that an input stands for: the one that was read with the session, or those that are found. A literal name needs no listing.</summary>
    /// <param name="input">The input.</param>
    /// <param name="session">Its session.</param>
    /// <param name="includeHidden">Let wildcards stand for a leading dot.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    private protected async Task<IReadOnlyList<FtpItem>> FindAsync(RemoteInput input, FtpSession session, bool includeHidden, CancellationToken cancellationToken) =>
        input.ReadWith(session) is { } live ? [live] : await input.On(session, PostUnread).ExpandNamedAsync(includeHidden, cancellationToken);
}
