using System;
using System.Collections.Generic;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>
/// What all cmdlets of the module have in common: asynchronous work on the pipeline thread, Ctrl+C, the trace on the
/// verbose and debug streams, and error records.
/// </summary>
public abstract class FtpCmdlet : PSCmdlet
{
    private static readonly Regex _cmdletName = new(@"\b(?<verb>[A-Z][a-z]+-)(?<noun>Ftp[A-Za-z]*)\b", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    // It is never disposed, for Stop() may come from another thread at any time; without a timer it holds nothing.
    private readonly CancellationTokenSource _cancellation = new();
    // What came while no pump ran: transfers go on between one object of the pipeline and the next.
    private readonly Queue<Action> _late = new();
    private readonly List<string> _lastWords = [];
    private HashSet<string> _onCommandLine = [];
    private PipelinePump? _pump;
    private bool _hasEnded;
    private bool _tracesVerbose;
    private bool _tracesDebug;

    private protected FtpCmdlet()
    {
    }

    /// <summary>Begins the work.</summary>
    protected sealed override void BeginProcessing()
    {
        _tracesVerbose = IsWanted("Verbose", "VerbosePreference");
        _tracesDebug = IsWanted("Debug", "DebugPreference");
        // What an object of the pipeline gives by its properties is among them later.
        _onCommandLine = new HashSet<string>(MyInvocation.BoundParameters.Keys, StringComparer.OrdinalIgnoreCase);
        Run(BeginProcessingAsync);
    }

    /// <summary>Does the work for one object of the pipeline.</summary>
    protected sealed override void ProcessRecord() => Run(ProcessRecordAsync);

    /// <summary>Ends the work.</summary>
    protected sealed override void EndProcessing() => Run(EndProcessingAsync);

    /// <summary>Answers Ctrl+C. It only cancels: the cmdlet returns when its work has ended and the session is in order.</summary>
    protected sealed override void StopProcessing() => _cancellation.Cancel();

    /// <summary>Shows the user, after Ctrl+C, what there is to know of what was broken off, in one line; once the work has ended.</summary>
    private protected void TellLastWords()
    {
        lock (_lastWords)
        {
            if (_lastWords.Count > 0)
                Host?.UI?.WriteWarningLine(_lastWords[0] + (_lastWords.Count > 1 ? string.Format(CultureInfo.InvariantCulture, " The same applies to {0} more.", _lastWords.Count - 1) : ""));
            _lastWords.Clear();
        }
    }

    /// <summary>Whether a parameter has its value from the command line, and so not from an object of the pipeline.</summary>
    private protected bool IsOnCommandLine(string parameter) => _onCommandLine.Contains(parameter);

    /// <summary>Ends all work that is still under way; what it posts is lost.</summary>
    private protected void Cancel() => _cancellation.Cancel();

    /// <summary>Waits, for a while at the most, until work that was cancelled has ended: nothing goes on behind the prompt.</summary>
    /// <param name="complete">Ends with the work, however that does.</param>
    private protected static void AwaitEnd(Func<Task> complete)
    {
        // On the thread pool's context; the pipeline's own does not run any more.
        var ending = Task.Run(complete);
#pragma warning disable VSTHRD002 // PowerShell knows no asynchronous disposal; the wait has a bound.
        ending.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait(_patience);
#pragma warning restore VSTHRD002
    }

    /// <summary>What comes before the first object; runs on the pipeline thread.</summary>
    /// <param name="cancellationToken">Cancelled when the pipeline is stopped.</param>
    private protected virtual Task BeginProcessingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The work for one object; runs on the pipeline thread.</summary>
    /// <param name="cancellationToken">Cancelled when the pipeline is stopped.</param>
    private protected virtual Task ProcessRecordAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What comes after the last object; runs on the pipeline thread.</summary>
    /// <param name="cancellationToken">Cancelled when the pipeline is stopped.</param>
    private protected virtual Task EndProcessingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Writes an error; on the pipeline thread.</summary>
    private protected new void WriteError(ErrorRecord record) => base.WriteError(Named(record));

    /// <summary>Shows a bar, whose texts are cut to the columns that the host has for it; on the pipeline thread.</summary>
    private protected new void WriteProgress(ProgressRecord record)
    {
        ProgressText.Fit(record, ProgressText.Columns(Host));
        base.WriteProgress(record);
    }

    /// <summary>Emits an object, which the commands behind this one take at once; on the pipeline thread.</summary>
    private protected new void WriteObject(object? value) => _pump!.Outside(() => base.WriteObject(value));

    /// <summary>Emits the objects of a collection one by one; on the pipeline thread.</summary>
    private protected new void WriteObject(object? value, bool enumerateCollection) => _pump!.Outside(() => base.WriteObject(value, enumerateCollection));

    /// <summary>Has the pipeline thread do something, as soon as it runs this cmdlet; may be called on any thread, and does not wait.</summary>
    private protected void Post(Action action)
    {
        lock (_late)
        {
            if (_pump?.PostOutput(static state => ((Action)state!)(), action) != true)
                _late.Enqueue(action);
        }
    }

    /// <summary>
    /// Has the pipeline thread find something out, by a script block of the user's, say; may be called on any thread. A script
    /// may run commands of this module on the same session, so that nobody may hold a connection meanwhile.
    /// </summary>
    private protected Task<T> AskAsync<T>(Func<T> work)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var stop = _cancellation.Token.Register(() => answer.TrySetCanceled());
        Post(() => _pump!.Outside(() =>
        {
            try
            {
                answer.TrySetResult(work());
            }
            catch (FtpException e)
            {
                answer.TrySetException(e);
            }
            finally
            {
                stop.Dispose();
            }
        }));
        return answer.Task;
    }

    /// <summary>Has the pipeline thread emit an object; may be called on any thread, and does not wait.</summary>
    private protected void PostObject(object value) => Post(() => WriteObject(value));

    /// <summary>Has the pipeline thread write an error; may be called on any thread, and does not wait.</summary>
    private protected void PostError(FtpException error, object? target) => Post(() => WriteError(ErrorRecords.From(error, target)));

    /// <summary>
    /// Does the work for one item. Its failure is written as an error and the next item can go on, unless nothing can.
    /// </summary>
    /// <param name="target">What the error is about when it names no remote path itself.</param>
    /// <param name="work">The work.</param>
    /// <param name="isOneOfSeveral">Whether whatever fails may work for another: on another server or session.</param>
    private protected async Task TryAsync(object? target, Func<Task> work, bool isOneOfSeveral = false)
    {
        try
        {
            await work();
        }
        catch (FtpException e) when (isOneOfSeveral || !e.IsFatal)
        {
            WriteError(ErrorRecords.From(e, target));
        }
    }

    /// <summary>Whether a stream shows anything, by the common parameter or else by the preference variable.</summary>
    private protected bool IsWanted(string parameter, string preference)
    {
        var value = MyInvocation.BoundParameters.TryGetValue(parameter, out var bound) ? bound : GetVariableValue(preference);
        return value switch
        {
            SwitchParameter given => given.IsPresent,
            ActionPreference action => action is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore),
            string text => !text.Equals(nameof(ActionPreference.SilentlyContinue), StringComparison.OrdinalIgnoreCase)
                && !text.Equals(nameof(ActionPreference.Ignore), StringComparison.OrdinalIgnoreCase),
            _ => false,
        };
    }

    /// <summary>Asks whether to do it on a server, which the question names; the names in it are the server's.</summary>
    private protected bool ShouldProcess(string target, FtpSession session, string action) =>
        base.ShouldProcess(FtpVisibleText.Of($"{target} on {session.Server}"), action);

    /// <summary>Asks whether to do it to a session.</summary>
    private protected bool ShouldProcess(FtpSession session, string action) => base.ShouldProcess(FtpVisibleText.Of($"{session.Name} ({session.Server})"), action);

    private void Run(Func<CancellationToken, Task> work)
    {
        if (_hasEnded)
            return;
        try
        {
            PipelinePump.Run(_cancellation, async pump =>
            {
                lock (_late)
                {
                    _pump = pump;
                    while (_late.Count > 0)
                        Post(_late.Dequeue());
                }
                using (FtpTrace.To(Trace))
                    await work(_cancellation.Token);
            });
        }
        catch (OperationCanceledException) when (Stopping)
        {
            throw new PipelineStoppedException();
        }
        catch (OperationCanceledException e)
        {
            End(new FtpException(FtpErrorKind.Cancelled, e.Message, null, e));
        }
        catch (FtpException e)
        {
            End(e);
        }
    }

    // PowerShell's -ErrorAction has no effect on errors that end a cmdlet. Here it has: whoever says what to do about errors
    // means these too.
    private void End(FtpException e)
    {
        _hasEnded = true;
        var record = ErrorRecords.From(e);
        if (MyInvocation.BoundParameters.TryGetValue("ErrorAction", out var action) && action is not ActionPreference.Stop)
            WriteError(record);
        else
            ThrowTerminatingError(Named(record));
    }

    // Where the module was imported with a prefix, the cmdlets that an error names have other names.
    private ErrorRecord Named(ErrorRecord record)
    {
        var (name, own) = (MyInvocation.MyCommand?.Name ?? "", GetType().GetCustomAttribute<CmdletAttribute>()!);
        var prefix = name.Length - own.VerbName.Length - own.NounName.Length - 1;
        if (prefix > 0 && name.EndsWith(own.NounName, StringComparison.OrdinalIgnoreCase) && record.ErrorDetails is null)
            record.ErrorDetails = new ErrorDetails(_cmdletName.Replace(record.Exception.Message, "${verb}" + name.Substring(own.VerbName.Length + 1, prefix) + "${noun}"));
        return record;
    }

    private void Trace(FtpLogEntry entry)
    {
        switch (entry.Level)
        {
            case FtpLogLevel.Warning when Stopping:
                // No stream takes anything any more.
                lock (_lastWords)
                    _lastWords.Add(entry.Message);
                break;
            case FtpLogLevel.Warning:
                Post(() => WriteWarning(entry.Message));
                break;
            case FtpLogLevel.Trace when _tracesDebug:
                Post(() => WriteDebug(Line(entry)));
                break;
            case FtpLogLevel.Debug or FtpLogLevel.Information when _tracesVerbose:
                Post(() => WriteVerbose(Line(entry)));
                break;
        }
    }

    private static string Line(FtpLogEntry entry) => $"{entry.Source} {entry.Message}";
}
