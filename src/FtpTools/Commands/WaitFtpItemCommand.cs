using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Waits until files are on the server, and whole, and emits them.</summary>
[Cmdlet(VerbsLifecycle.Wait, "FtpItem", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(FtpItem))]
public sealed class WaitFtpItemCommand : RemoteChoosingCmdlet, IDisposable
{
    private const int DaySeconds = 24 * 60 * 60;

    private readonly List<FtpWaitPath> _paths = [];
    // What was said once is not said again at each look.
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private FtpWaitOptions _options = new();
    private FtpSession? _session;

    /// <summary>For how long size and time must not have changed: seconds, how long as <c>2m</c>, or a TimeSpan; 5 seconds by default, and none with -Marker.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Stable { get; set; }

    /// <summary>How long ago the last change must have been, by the file's time: seconds, how long as <c>10m</c>, or a TimeSpan.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan MinimumAge { get; set; }

    /// <summary>The name of a file beside that says that a file is whole: <c>all.done</c>, or <c>*.done</c>, where <c>*</c> is the file's own name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Marker { get; set; }

    /// <summary>How many files must be whole; by default one for each path.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Count { get; set; }

    /// <summary>How many seconds to wait in all; without an end by default.</summary>
    [Parameter]
    [ValidateRange(0.0, 366.0 * DaySeconds)]
    public double? TimeoutSec { get; set; }

    /// <summary>Until when to wait: a time of day as <c>06:00</c>, which is the next one, or a date.</summary>
    [Parameter]
    [UntilTransformation]
    [ArgumentCompleter(typeof(TimeOfDayCompleter))]
    public DateTime? Until { get; set; }

    /// <summary>How many seconds to wait between two looks; 5 by default.</summary>
    [Parameter]
    [ValidateRange(0.1, (double)DaySeconds)]
    public double IntervalSec { get; set; } = 5;

    /// <summary>The name that a file gets before it is emitted, as <c>*.claimed</c> or <c>work/*</c>, so that nobody else takes it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Claim { get; set; }

    /// <summary>Wait for names that begin with a dot too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool OnlyLooks => Claim is null;

    private string Activity => $"Waiting for files on {_session!.Server}";

    /// <summary>Tells, after Ctrl+C, whether something was being claimed.</summary>
    public void Dispose() => TellLastWords();

    private protected override async Task BeginProcessingAsync(CancellationToken cancellationToken)
    {
        await base.BeginProcessingAsync(cancellationToken);
        _options = new FtpWaitOptions
        {
            Stable = Stable,
            MinimumAge = MinimumAge,
            Marker = Marker,
            Claim = Claim,
            Count = Count,
            Interval = TimeSpan.FromSeconds(IntervalSec),
            Timeout = TimeoutSec is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Until = Until,
        };
    }

    private protected override async Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        if (IsOfLocation)
        {
            var here = TheSession;
            Add(here, RemotePattern.Literal(here, here.Location, PostUnread));
            return;
        }
        foreach (var input in Inputs)
        {
            await TryAsync(input, session =>
            {
                Add(session, input.On(session, PostUnread));
                return Task.CompletedTask;
            });
        }
    }

    private protected override async Task EndProcessingAsync(CancellationToken cancellationToken)
    {
        await base.EndProcessingAsync(cancellationToken);
        if (_session is null)
            return;
        var wait = _session.WaitFor(_options, _paths, status => Post(() => WriteProgress(new ProgressRecord(0, Activity, FtpVisibleText.Of(status)))));
        try
        {
            while (!await TakeAsync(wait, Choose(await wait.NextAsync(cancellationToken)), cancellationToken))
            {
                // Others have got all that was there.
            }
        }
        catch (FtpException e) when (e.Kind == FtpErrorKind.Timeout)
        {
            WriteError(ErrorRecords.From(e, _session.Server));
        }
        finally
        {
            Post(() => WriteProgress(new ProgressRecord(0, Activity, "Done") { RecordType = ProgressRecordType.Completed }));
        }
    }

    /// <summary>The same line comes at each look.</summary>
    private protected override void PostUnread(FtpException error)
    {
        lock (_said)
        {
            if (!_said.Add($"{error.Server} {error.Path} {error.Kind}"))
                return;
        }
        base.PostUnread(error);
    }

    private void Add(FtpSession session, RemotePattern pattern)
    {
        _session ??= session;
        _paths.Add(new FtpWaitPath(pattern.Given, (onItem, cancellationToken) => LookAsync(pattern, onItem, cancellationToken)));
    }

    private IReadOnlyList<FtpItem> Choose(IReadOnlyList<FtpItem> whole)
    {
        if (Chosen is not { IsChoice: true } filter)
            return whole;
        var choice = new FtpItemChoice<FtpItem>(filter);
        foreach (var item in whole)
            choice.Add(item, item);
        return choice.Take();
    }

    // False when nothing came of it, for others have got all.
    private async Task<bool> TakeAsync(FtpItemWait wait, IReadOnlyList<FtpItem> items, CancellationToken cancellationToken)
    {
        var isDone = false;
        foreach (var item in items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var session = item.GetSession()!;
            if (Claim is null)
                WriteObject(item);
            else if (ShouldProcess($"Item: {item.FullName} Name: {Claim}", session, "Claim File"))
            {
                try
                {
                    if (await wait.ClaimAsync(item, cancellationToken) is not { } claimed)
                        continue;
                    WriteObject(claimed);
                }
                catch (FtpException e) when (!e.IsFatal)
                {
                    WriteError(ErrorRecords.From(e, item.FullName));
                    // What a loss has left there is claimed when the server is there again.
                    if (e is FtpConnectionException)
                        continue;
                }
            }
            isDone = true;
        }
        return isDone;
    }

    private async Task LookAsync(RemotePattern pattern, Action<FtpItem, bool> onItem, CancellationToken cancellationToken)
    {
        var session = pattern.Session;
        if (pattern.Leaf is { } leaf)
        {
            var parents = pattern.WithoutLeaf();
            var directories = parents.IsLiteral
                ? [parents.Root]
                : (await parents.ExpandAsync(Force, cancellationToken).ConfigureAwait(false)).Where(item => item.ItemType is FtpItemType.Directory or FtpItemType.SymbolicLink).Select(item => item.FullName);
            var fits = RemotePattern.Matcher(leaf);
            foreach (var directory in directories)
                await ListAsync(session, directory, item => fits(item.Name), leaf[0] == '.', onItem, cancellationToken).ConfigureAwait(false);
        }
        else if (pattern.IsLiteral)
            await LookAtAsync(session, pattern.Root, onItem, cancellationToken).ConfigureAwait(false);
        else
        {
            foreach (var item in await pattern.ExpandAsync(Force, cancellationToken).ConfigureAwait(false))
                await LookAtAsync(session, item.FullName, onItem, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task LookAtAsync(FtpSession session, string path, Action<FtpItem, bool> onItem, CancellationToken cancellationToken)
    {
        if (await session.IsDirectoryAsync(path, cancellationToken).ConfigureAwait(false))
            await ListAsync(session, path, static _ => true, false, onItem, cancellationToken).ConfigureAwait(false);
        else if (Marker is not null && session.ItemAt(path) is var named)
            await ListAsync(session, named.DirectoryName, item => item.Name == named.Name, true, onItem, cancellationToken).ConfigureAwait(false);
        else if (await session.FindItemAsync(path, cancellationToken).ConfigureAwait(false) is { IsDirectory: false } item)
            onItem(item, IsWanted(item, item.DirectoryName));
    }

    private async Task ListAsync(FtpSession session, string directory, Func<FtpItem, bool> fits, bool showsHidden, Action<FtpItem, bool> onItem, CancellationToken cancellationToken)
    {
        try
        {
            await session.ListAsync(
                directory, Force || showsHidden || Marker is not null,
                item => onItem(item, !item.IsDirectory && fits(item) && (Force || showsHidden || !RemotePattern.IsHidden(item)) && IsWanted(item, directory)),
                cancellationToken).ConfigureAwait(false);
        }
        catch (FtpException e) when (e.IsUnreadListing)
        {
            PostUnread(e);
        }
    }

    private bool IsWanted(FtpItem item, string top)
    {
        if (Chosen is null)
            return true;
        var takes = Chosen.Takes(item, top, out var doubt);
        if (doubt is not null)
        {
            lock (_said)
            {
                if (_said.Add(item.FullName))
                    Post(() => WriteVerbose(FtpVisibleText.Of(doubt)));
            }
        }
        return takes;
    }
}
