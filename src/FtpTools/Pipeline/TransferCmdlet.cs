using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>What sending and receiving have in common: where to, how, results, errors and progress.</summary>
public abstract partial class TransferCmdlet : ChoosingCmdlet, IDisposable
{
    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";

    private readonly Dictionary<FtpSession, FtpTransferBatch> _batches = [];
    // What ended the work on a session, or, by this cmdlet itself, on what has none.
    private readonly Dictionary<object, FtpException> _ended = [];
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);
    private readonly FtpTransferDirection _direction;
    private FtpItemChoice<Func<Task>>? _choice;
    private TransferProgress? _progress;

    private protected TransferCmdlet(FtpTransferDirection direction) => _direction = direction;

    /// <summary>Transfer directories too, with all that is in them.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Make the destination's missing parent directories, replace local files that are read-only, and let wildcards find names that begin with a dot.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Leave a file that is there already as it is, and write the error FtpAlreadyExists.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Write the file in place instead of a temporary one beside it that takes the name when it is complete.</summary>
    [Parameter]
    public SwitchParameter Direct { get; set; }

    /// <summary>Skip a file whose target has the same size and time, or is newer.</summary>
    [Parameter]
    public SwitchParameter Update { get; set; }

    /// <summary>Go on with the part that an interrupted transfer of the same file has left; if there is none, or the file has changed since, begin.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>How the copy is compared with the original before it takes its place: Size, the default, Hash or None.</summary>
    [Parameter]
    public FtpVerification Verify { get; set; } = FtpVerification.Size;

    /// <summary>How many times to try again what failed for a passing reason: a lost connection, or a 4xx reply; 3 by default.</summary>
    [Parameter]
    [ValidateRange(0, 1000)]
    public int RetryCount { get; set; } = 3;

    /// <summary>For how long to try again what failed for a passing reason, also a server that is away for a while; RetryCount bounds it then only where it is given too.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan RetryFor { get; set; }

    /// <summary>The most files at a time; as many as the session may have connections by default.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int ThrottleLimit { get; set; }

    /// <summary>The most bytes a second, of all files together; no limit by default.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long RateLimit { get; set; }

    /// <summary>Gives each file and directory its name on the other side, of trees too: $_ is the item, and nothing keeps its own name.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? NameMap { get; set; }

    /// <summary>The transfer type; the session's by default.</summary>
    [Parameter]
    public FtpTransferType? TransferType { get; set; }

    /// <summary>Null when nobody wants to see it, so that the engine does not count either.</summary>
    private protected IProgress<FtpProgress>? Progress => _progress;

    private protected virtual FtpTransferOptions Options => new()
    {
        TransferType = TransferType,
        Direct = Direct,
        NoClobber = NoClobber,
        CreateParents = Force,
        ReplaceReadOnly = Force,
        Update = Update,
        Resume = Resume,
        Verify = Verify,
        RetryCount = RetryFor > TimeSpan.Zero && !MyInvocation.BoundParameters.ContainsKey(nameof(RetryCount)) ? null : RetryCount,
        RetryFor = RetryFor,
        ThrottleLimit = ThrottleLimit,
        RateLimit = RateLimit,
        SourceAction = SourceAction,
        SourceDestination = _sourceDestination,
        Journal = _journal,
    };

    private protected sealed override async Task BeginProcessingAsync(CancellationToken cancellationToken)
    {
        await base.BeginProcessingAsync(cancellationToken);
        BeginPickUp();
        _choice = Chosen is { IsChoice: true } ? new FtpItemChoice<Func<Task>>(Chosen) : null;
        if (IsWanted("ProgressAction", "ProgressPreference"))
            _progress = new TransferProgress(MyInvocation.MyCommand.Name, record => Post(() => WriteProgress(record)));
    }

    private protected sealed override Task ProcessRecordAsync(CancellationToken cancellationToken) => TransferRecordAsync(cancellationToken);

    private protected sealed override async Task EndProcessingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ChooseAsync(cancellationToken);
            foreach (var session in _batches.Keys)
            {
                try
                {
                    await _batches[session].CompleteAsync();
                }
                catch (FtpException e)
                {
                    End(session, e);
                }
            }
        }
        finally
        {
            _progress?.Complete();
        }
        // Behind all that was done, and as errors that do not end the cmdlet: of one that does, PowerShell assigns nothing, and
        // the variable that was to take the results keeps those of a former line.
        foreach (var end in _ended.Values)
            Post(() => WriteError(ErrorRecords.From(end, end.Server)));
    }

    /// <summary>Ends what is still under way when the pipeline was stopped: nothing goes on behind the prompt.</summary>
    public void Dispose()
    {
        Cancel();
        foreach (var batch in _batches.Values)
            AwaitEnd(batch.CompleteAsync);
        _batches.Clear();
        TellLastWords();
    }

    /// <summary>Where the files of a session are added to, which are transferred while the pipeline goes on.</summary>
    private protected FtpTransferBatch BatchOf(FtpSession session, CancellationToken cancellationToken)
    {
        if (!_batches.TryGetValue(session, out var batch))
        {
            _batches[session] = batch = session.BeginTransfers(Options, _batches.Values.FirstOrDefault(), OnResult, Progress, cancellationToken);
            batch.NameMap = NameMap is null ? null : item => AskAsync(() => NameMapScript.Name(NameMap, item));
            (batch.Filter, batch.Choice) = (Chosen, _choice);
            _progress?.Add(() => (batch.FileCount, batch.ByteCount));
        }
        return batch;
    }

    /// <summary>Where files wait of which the newest or oldest alone are transferred; null when all that fit are, at once.</summary>
    private protected FtpItemChoice<Func<Task>>? Choice => _choice;

    // Of all that the call was given, and so in the end.
    private async Task ChooseAsync(CancellationToken cancellationToken)
    {
        if (_choice is null)
            return;
        foreach (var batch in _batches.Values)
            await batch.WalkAsync();
        foreach (var transferAsync in _choice.Take())
        {
            cancellationToken.ThrowIfCancellationRequested();
            await transferAsync();
        }
    }

    /// <summary>Transfers what one object of the pipeline stands for.</summary>
    private protected abstract Task TransferRecordAsync(CancellationToken cancellationToken);

    private protected bool ShouldTransfer(FtpSession session, string source, string destination, bool isDirectory) =>
        base.ShouldProcess(
            FtpVisibleText.Of($"Item: {source} Destination: {destination} Server: {session.Server}"),
            (_direction == FtpTransferDirection.Upload ? "Send " : "Receive ") + (isDirectory ? "Directory" : "File") + SourceActionText);

    /// <summary>
    /// Does the work for some files. Whatever fails is written as an error, with a failed result for each file, and the next
    /// files can go on. Where the work on a session, or for want of one, has ended, the next are told as not tried.
    /// </summary>
    /// <param name="item">The item that brings its session; null for a path.</param>
    /// <param name="files">The files: from where, to where as far as that is known.</param>
    /// <param name="work">The work on the session.</param>
    private protected async Task TryTransferAsync(FtpItem? item, IReadOnlyList<(string Source, string Destination)> files, Func<FtpSession, Task> work)
    {
        FtpSession? session = null;
        try
        {
            session = SessionOf(item);
            if (!_ended.ContainsKey(session))
                await work(session);
            else
                WriteFailed(files, _ended[session], session, isFirst: false);
        }
        catch (FtpException e)
        {
            var isFirst = !e.IsFatal || End((object?)session ?? this, e);
            WriteFailed(files, e, session, isFirst);
        }
    }

    /// <summary>Emits a failed result for each of some files that were not transferred, and writes why, at once or with what ends all in the end.</summary>
    /// <param name="files">The files: from where, to where as far as that is known.</param>
    /// <param name="error">Why.</param>
    /// <param name="session">Their session; null where it did not come to one.</param>
    /// <param name="isFirst">Whether the error is new; a thousand files then tell in a word each that they were not tried.</param>
    private protected void WriteFailed(IReadOnlyList<(string Source, string Destination)> files, FtpException error, FtpSession? session = null, bool isFirst = true)
    {
        foreach (var file in files)
        {
            WriteObject(new FtpTransferResult
            {
                Direction = _direction,
                Source = file.Source,
                Destination = file.Destination,
                TransferType = TransferType ?? session?.TransferType ?? FtpTransferType.Binary,
            }.Failed(isFirst ? error : error.Untried(RemotePath(file)), session));
        }
        if (!error.IsFatal)
            WriteError(ErrorRecords.From(error, files.Select(RemotePath).FirstOrDefault(path => path.Length > 0)));
    }

    /// <summary>
    /// Takes the error of a path that somebody named and that is not there for its only one: nothing was there to be
    /// transferred, which is no result, as of Copy-Item. Measure-FtpTransfer counts such an error.
    /// </summary>
    private protected void ExpectToFind(FtpItem item) => _named.Add(item.FullName);

    // False when the work had ended before.
    private bool End(object key, FtpException error)
    {
        if (_ended.ContainsKey(key))
            return false;
        _ended.Add(key, error);
        return true;
    }

    /// <summary>A result as it goes down the pipeline: what was received is a local file to the commands that take such, which find it by PSPath.</summary>
    internal static object Piped(FtpTransferResult result)
    {
        if (result.Direction == FtpTransferDirection.Upload || result.Status == FtpTransferStatus.Failed)
            return result;
        var received = PSObject.AsPSObject(result);
        received.TypeNames.Insert(0, typeof(FtpTransferResult).FullName + "#Received");
        return received;
    }

    private string RemotePath((string Source, string Destination) file) => _direction == FtpTransferDirection.Upload ? file.Destination : file.Source;

    private void OnResult(FtpTransferResult result)
    {
        _progress?.Count(result);
        Post(() => WriteResult(result));
    }

    private void WriteResult(FtpTransferResult result)
    {
        // Some servers tell of a missing file by nothing but the refused RETR.
        if (!(result.GetException() is { Kind: FtpErrorKind.PathNotFound } && _named.Contains(result.Source)))
            WriteObject(Piped(result));
        // What ends all comes once more, as the error that ends the cmdlet.
        if (result.GetException() is { IsFatal: false } error)
            WriteError(ErrorRecords.From(error, _direction == FtpTransferDirection.Upload ? result.Destination : result.Source));
        if (result.GetSourceException() is { } left)
            WriteError(ErrorRecords.From(left, result.Source));
    }
}
