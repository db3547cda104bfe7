using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Tells what a journal of transfers knows.</summary>
[Cmdlet(VerbsCommon.Get, "FtpJournal")]
[OutputType(typeof(FtpJournalEntry))]
public sealed class GetFtpJournalCommand : FtpCmdlet
{
    /// <summary>The journal, as -Journal of Send-FtpItem and Receive-FtpItem names it; no character is a wildcard.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("LiteralPath", "PSPath", "FullName")]
    public string Path { get; set; } = "";

    /// <summary>Emit every line, and not of each file the last one alone.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    private protected override Task ProcessRecordAsync(CancellationToken cancellationToken) => TryAsync(Path, () =>
    {
        foreach (var entry in FtpJournal.Read(LocalPaths.Resolve(this, Path), All, WriteWarning))
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Commands that take files find them by properties of these types.
            var known = PSObject.AsPSObject(entry);
            known.TypeNames.Insert(0, $"{typeof(FtpJournalEntry).FullName}#{entry.Direction}");
            WriteObject(known);
        }
        return Task.CompletedTask;
    });
}
