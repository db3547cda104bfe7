using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>What sending and receiving have in common: where to, how, results, errors and progress.</summary>
public abstract class TransferCmdlet : FtpSessionCmdlet
{
    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly FtpTransferDirection _direction;
    private TransferProgress? _progress;

    private protected TransferCmdlet(FtpTransferDirection direction) => _direction = direction;

    /// <summary>Transfer directories too, with all that is in them.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Make the destination's missing parent directories, and let wildcards find names that begin with a dot.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Leave a file that is there already as it is, and write the error FtpAlreadyExists.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Write the file in place instead of a temporary one beside it that takes the name when it is complete.</summary>
    [Parameter]
    public SwitchParameter Direct { get; set; }

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
    };

    private protected sealed override Task BeginProcessingAsync(CancellationToken cancellationToken)
    {
        if (IsWanted("ProgressAction", "ProgressPreference"))
            _progress = new TransferProgress(MyInvocation.MyCommand.Name, record => Post(() => WriteProgress(record)));
        return Task.CompletedTask;
    }

    private protected sealed override async Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        try
        {
            await TransferRecordAsync(cancellationToken);
        }
        finally
        {
            _progress?.Complete();
        }
    }

    /// <summary>Transfers what one object of the pipeline stands for.</summary>
    private protected abstract Task TransferRecordAsync(CancellationToken cancellationToken);

    /// <summary>Keeps a second file from replacing the first, where the destination is a name and no directory.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>.</exception>
    private protected void TakeName(string destination, int count)
    {
        if (count > 1 || !_taken.Add(destination))
            throw new FtpException(FtpErrorKind.InvalidName,
                $"The destination '{destination}' is no existing directory, so that it names one file or directory, and there are more to transfer. Make the directory first, or end the destination with a separator and add -Force.", destination);
    }

    private protected bool ShouldTransfer(string source, string destination, bool isDirectory) =>
        ShouldProcess($"Item: {source} Destination: {destination}",
            (_direction == FtpTransferDirection.Upload ? "Send " : "Receive ") + (isDirectory ? "Directory" : "File"));

    /// <summary>Transfers one file and emits its result, whether it succeeded or not.</summary>
    private protected async Task TransferFileAsync(string source, string destination, Func<Task<FtpTransferResult>> transfer)
    {
        var time = Stopwatch.StartNew();
        FtpTransferResult result;
        try
        {
            result = await transfer();
        }
        catch (FtpException e)
        {
            result = new FtpTransferResult
            {
                Direction = _direction,
                Source = source,
                Destination = destination,
                Elapsed = time.Elapsed,
                Attempts = 1,
                Status = FtpTransferStatus.Failed,
                Error = e,
            };
            if (ErrorRecords.IsFatal(e))
            {
                WriteObject(result);
                throw;
            }
        }
        _progress?.Count(result);
        WriteResult(result);
    }

    /// <summary>Transfers a directory and emits the results of its files while it runs.</summary>
    private protected Task TransferTreeAsync(string remoteDirectory, Func<Action<FtpTransferResult>, Task> transfer) =>
        TryAsync(remoteDirectory, () => transfer(result =>
        {
            _progress?.Count(result);
            Post(() => WriteResult(result));
        }));

    private void WriteResult(FtpTransferResult result)
    {
        WriteObject(result);
        if (result.Error is { } error)
            WriteError(ErrorRecords.From(error, _direction == FtpTransferDirection.Upload ? result.Destination : result.Source));
    }
}
