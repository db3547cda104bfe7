using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Compares a local and a remote directory, and emits the plan that would make them alike. It changes nothing.</summary>
[Cmdlet(VerbsData.Compare, "FtpDirectory", DefaultParameterSetName = DirectorySet)]
[OutputType(typeof(FtpSyncAction))]
public sealed class CompareFtpDirectoryCommand : SyncCmdlet
{
    private protected override bool OnlyLooks => true;

    private protected override Task ProcessRecordAsync(CancellationToken cancellationToken) => CompareAsync(PostObject, cancellationToken);
}
