using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Gets the open sessions of this runspace.</summary>
[Cmdlet(VerbsCommon.Get, "FtpSession", DefaultParameterSetName = NameSet)]
[OutputType(typeof(FtpSession))]
public sealed class GetFtpSessionCommand : FtpCmdlet
{
    private const string NameSet = "Name";
    private const string CurrentSet = "Current";

    /// <summary>Names; <c>*</c>, <c>?</c> and <c>[]</c> are wildcards. All sessions by default.</summary>
    [Parameter(Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public string[]? Name { get; set; }

    /// <summary>The current session alone, which cmdlets work on without -Session.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CurrentSet)]
    public SwitchParameter Current { get; set; }

    private protected override Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        if (Current)
        {
            if (SessionRegistry.Here.Current is { } current)
                WriteObject(current);
            return Task.CompletedTask;
        }
        foreach (var name in Name ?? ["*"])
            WriteObject(SessionRegistry.Here.Match(name, error => WriteError(ErrorRecords.From(error, name))), enumerateCollection: true);
        return Task.CompletedTask;
    }
}
