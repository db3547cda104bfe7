using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Gets remote files and directories themselves, not what is in them.</summary>
[Cmdlet(VerbsCommon.Get, "FtpItem", DefaultParameterSetName = PathSet)]
[OutputType(typeof(FtpItem))]
public sealed class GetFtpItemCommand : RemotePathCmdlet
{
    /// <summary>Let wildcards find names that begin with a dot.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool OnlyLooks => true;

    private protected override Task ProcessRecordAsync(CancellationToken cancellationToken) =>
        ForEachAsync(pattern => pattern.ExpandAsync(Force, PostObject, cancellationToken));
}
