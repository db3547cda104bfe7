using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Makes a local and a remote directory alike, or carries out a plan that Compare-FtpDirectory has made.</summary>
[Cmdlet(VerbsData.Sync, "FtpDirectory", DefaultParameterSetName = DirectorySet, SupportsShouldProcess = true)]
[OutputType(typeof(FtpTransferResult))]
public sealed class SyncFtpDirectoryCommand : SyncCmdlet, IDisposable
{
    private const string ActionSet = "Action";

    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private FtpSyncBatch? _batch;
    private FtpSession? _session;
    private TransferProgress? _progress;
    private FtpSyncAction? _first; // tells the limits of its shard
    private bool _isWhatIf;

    /// <summary>Steps of a plan, as Compare-FtpDirectory emits them, or as they are read back from a file.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ActionSet, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public FtpSyncAction[]? InputObject { get; set; }

    /// <summary>The most files and directories that may be deleted: a number, or a part of those there are, as 20%; 50% by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public DeleteLimit? MaximumDelete { get; set; }

    /// <summary>How a copy is compared with the original before it takes its place: Size, the default, Hash or None.</summary>
    [Parameter]
    public FtpVerification Verify { get; set; } = FtpVerification.Size;

    /// <summary>Go on with the part that an interrupted transfer of the same file has left.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>The most bytes a second, of all files together; no limit by default.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long RateLimit { get; set; }

    private protected override FtpSyncOptions SyncOptions
    {
        get
        {
            var options = base.SyncOptions;
            return MaximumDelete is null ? options
                : MaximumDelete.IsPercent ? options with { MaximumDeletePercent = MaximumDelete.Value }
                : options with { MaximumDelete = MaximumDelete.Value };
        }
    }

    private protected override FtpTransferOptions TransferOptions
    {
        get
        {
            var options = base.TransferOptions with { TransferType = FtpTransferType.Binary, Verify = Verify, Resume = Resume, ReplaceReadOnly = true, RateLimit = RateLimit };
            return options with { ThrottleLimit = Least(ThrottleLimit, _first?.MaxConnection ?? 0), RateLimit = Least(RateLimit, _first?.RateLimit ?? 0) };
        }
    }

    private protected override async Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        _isWhatIf = LanguagePrimitives.IsTrue(MyInvocation.BoundParameters.TryGetValue("WhatIf", out var bound) ? bound : GetVariableValue("WhatIfPreference"));
        if (ParameterSetName == ActionSet)
        {
            // They are chosen already; one that hoped to choose among them would have others deleted.
            if (Chosen is not null)
                throw new FtpException(FtpErrorKind.CommandRefused, "Nothing was changed: -Filter, -Include, -Exclude and the other parameters that select files don't apply to the actions of a plan. To select actions, use Where-Object, or specify these parameters for Compare-FtpDirectory.");
            foreach (var action in (InputObject ?? []).Where(action => action is not null))
                Do(_session ??= Session ?? TheSession, action, cancellationToken);
            return;
        }

        // All of it is known before anything is changed: what stands in the way of a part of it does so now.
        var plan = new List<FtpSyncAction>();
        _session = await CompareAsync(plan.Add, cancellationToken);
        foreach (var action in plan)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Do(_session, action, cancellationToken);
        }
    }

    private protected override async Task EndProcessingAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_batch is not null)
                await _batch.CompleteAsync();
        }
        catch (FtpException e)
        {
            Post(() => WriteError(ErrorRecords.From(e, e.Path ?? e.Server)));
        }
        finally
        {
            _progress?.Complete();
            await SaveStateAsync(warning => Post(() => WriteWarning(warning)), cancellationToken);
        }

        await base.EndProcessingAsync(cancellationToken);
    }

    /// <summary>Ends what is still under way when the pipeline was stopped: nothing goes on behind the prompt.</summary>
    public void Dispose()
    {
        Cancel();
        if (_batch is { } batch)
            AwaitEnd(batch.CompleteAsync);
        _batch = null;
        AwaitEnd(() => SaveStateAsync(null, CancellationToken.None));
        TellLastWords();
    }

    private void Do(FtpSession session, FtpSyncAction action, CancellationToken cancellationToken)
    {
        if (!ShouldProcess(action.TargetPath + (action.Reason.Length > 0 ? $" ({action.Reason})" : ""), session, Words(action)))
            return;
        try
        {
            BatchOn(session, action, cancellationToken).Add(action);
        }
        catch (FtpException e)
        {
            var isFirst = _refused.Add($"{action.UserName}@{action.Server}");
            var isUpload = action.Direction == FtpTransferDirection.Upload;
            WriteObject(new FtpTransferResult
            {
                Direction = action.Direction,
                Source = isUpload ? action.LocalPath : action.RemotePath,
                Destination = isUpload ? action.RemotePath : action.LocalPath,
                Step = action.Kind,
                ActionId = action.Id,
            }.Failed(isFirst ? e : e.Untried(action.RemotePath), null));
            if (isFirst)
                WriteError(ErrorRecords.From(e, action.RemotePath));
        }
    }

    private FtpSyncBatch BatchOn(FtpSession session, FtpSyncAction action, CancellationToken cancellationToken)
    {
        if (_batch is not null)
            return _batch;
        _first = action;
        if (ParameterSetName == ActionSet && FullStatePath is { } path)
            State = session.OpenSyncState(path, action);
        if (IsWanted("ProgressAction", "ProgressPreference"))
            _progress = new TransferProgress(MyInvocation.MyCommand.Name, record => Post(() => WriteProgress(record)));
        var batch = session.BeginSync(SyncOptions, TransferOptions, OnResult, _progress, cancellationToken);
        _progress?.Add(() => (batch.FileCount, batch.ByteCount));
        return _batch = batch;
    }

    /// <summary>Keeps what was made and seen alike. The job is done all the same where that fails.</summary>
    private async Task SaveStateAsync(Action<string>? warn, CancellationToken cancellationToken)
    {
        if (State is not { } state || _isWhatIf)
            return;
        try
        {
            await state.SaveAsync(cancellationToken);
        }
        catch (FtpException e)
        {
            warn?.Invoke($"The state of the files couldn't be saved. If a file has changed on both sides, the next run therefore keeps the newer one. {e.Message}");
        }
        State = null;
    }

    private void OnResult(FtpTransferResult result)
    {
        _progress?.Count(result);
        Post(() =>
        {
            WriteObject(TransferCmdlet.Piped(result));
            // What was not tried is told by the one error that comes in the end.
            if (result.GetException() is { IsFatal: false } error && result.Attempts > 0)
                WriteError(ErrorRecords.From(error, result.Direction == FtpTransferDirection.Upload ? result.Destination : result.Source));
        });
    }

    private static string Words(FtpSyncAction action) => action.Kind switch
    {
        FtpSyncKind.Upload => "Send File",
        FtpSyncKind.Download => "Receive File",
        FtpSyncKind.MakeDirectory => "Create Directory",
        FtpSyncKind.RemoveFile => "Remove File",
        FtpSyncKind.RemoveDirectory => "Remove Directory",
        FtpSyncKind.SetTime => "Set Time",
        _ => "Report Conflict",
    };

    // Zero is no limit.
    private static int Least(int one, int other) => (int)Least(one, (long)other);

    private static long Least(long one, long other) => one == 0 ? other : other == 0 ? one : Math.Min(one, other);
}
