using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Adds up the results of transfers, and makes an exit code of them.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "FtpTransfer")]
[OutputType(typeof(FtpTransferSummary))]
public sealed class MeasureFtpTransferCommand : FtpCmdlet
{
    private const int MostErrors = 5;

    private readonly List<string> _errors = [];
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly int[] _counts = new int[3];
    private long _length;
    private int _otherErrors;
    // What was the newest in $Error before the pipeline began.
    private object? _formerError;
    private DateTime? _start;
    private DateTime? _end;

    /// <summary>Results of Send-FtpItem and Receive-FtpItem, also such that were written to a file and read back.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    [ResultTransformation]
    public FtpTransferResult[]? InputObject { get; set; }

    /// <summary>Errors of the commands, as -ErrorVariable keeps them: those that no result tells of count too.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    public object[]? ErrorRecord { get; set; }

    /// <summary>Take it for a failure, of exit code 3, when there was nothing to do.</summary>
    [Parameter]
    public SwitchParameter RequireFile { get; set; }

    private IList Errors => SessionState.PSVariable.GetValue("global:Error") as IList ?? Array.Empty<object>();

    private protected override Task BeginProcessingAsync(CancellationToken cancellationToken)
    {
        _formerError = Errors is { Count: > 0 } errors ? errors[0] : null;
        return Task.CompletedTask;
    }

    private protected override Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        foreach (var result in InputObject ?? [])
        {
            if (result is null)
                continue;
            if (ResultTransformationAttribute.Refused(result) is { } refused)
            {
                // Or a script that measures the wrong thing would be told that all went well.
                _otherErrors++;
                Keep(refused);
                // It is among the errors of the pipeline in the end.
                _told.Add(Message(refused));
                WriteError(ErrorRecords.From(new FtpException(FtpErrorKind.InvalidName, refused)));
                continue;
            }

            _counts[(int)result.Status]++;
            if (result.Status == FtpTransferStatus.Succeeded)
                _length += result.Length;
            if (_start is null || result.StartTime < _start)
                _start = result.StartTime;
            if (_end is null || result.StartTime + result.Elapsed > _end)
                _end = result.StartTime + result.Elapsed;
            if (result.Error is { } error && _told.Add(error))
                Keep($"{result.Source}: {error}");
            if (result.SourceError is not { } left)
                continue;
            _otherErrors++;
            if (_told.Add(left))
                Keep($"{result.Source}: {left}");
        }
        return Task.CompletedTask;
    }

    private protected override Task EndProcessingAsync(CancellationToken cancellationToken)
    {
        foreach (var message in (ErrorRecord ?? []).Concat(PipelineErrors()).Select(Message))
        {
            // What is written once for many files that it left untried is told by their results.
            if (message.Length == 0 || !_told.Add(message) || _told.Any(told => told.StartsWith("Not tried", StringComparison.Ordinal)))
                continue;
            _otherErrors++;
            Keep(message);
        }

        var (succeeded, skipped, failed) = (_counts[(int)FtpTransferStatus.Succeeded], _counts[(int)FtpTransferStatus.Skipped], _counts[(int)FtpTransferStatus.Failed]);
        WriteObject(new FtpTransferSummary
        {
            Succeeded = succeeded,
            Skipped = skipped,
            Failed = failed,
            OtherErrors = _otherErrors,
            Length = _length,
            StartTime = _start,
            Elapsed = _end - _start ?? TimeSpan.Zero,
            Error = string.Join("\n", _errors),
            ExitCode = failed + _otherErrors == 0 ? succeeded + skipped == 0 && RequireFile ? 3 : 0 : succeeded + skipped == 0 ? 2 : 1,
        });
        return Task.CompletedTask;
    }

    // What the commands before this one have written meanwhile, the oldest first: a path that is not there has no result, and a
    // job that ends with the exit code 0 over it would be silent. -ErrorAction Ignore writes none.
    private IEnumerable<object> PipelineErrors() => Errors.Cast<object>()
        .TakeWhile(error => !ReferenceEquals(error, _formerError))
        .Where(error => error is ErrorRecord { Exception: FtpException })
        .Reverse();

    private void Keep(string error)
    {
        if (_errors.Count < MostErrors)
            _errors.Add(error);
    }

    private static string Message(object error)
    {
        var one = error is PSObject wrapped ? wrapped.BaseObject : error;
        var text = one switch { ErrorRecord record => record.Exception.Message, Exception exception => exception.Message, _ => one?.ToString() ?? "" };
        return text.Replace("\r\n", " ").Replace('\n', ' ');
    }
}
