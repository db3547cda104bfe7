using System.Management.Automation;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Writes remote files, each in one step: what was there stays until all of the new content has arrived.</summary>
[Cmdlet(VerbsCommon.Set, "FtpContent", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(FtpItem))]
public sealed class SetFtpContentCommand : WriteContentCmdlet
{
    /// <summary>Leave a file that is there already as it is, and write the error FtpAlreadyExists.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    private protected override string Action => "Set Content";

    private protected override bool IsAppending => false;

    private protected override FtpTransferOptions Options => base.Options with { NoClobber = NoClobber };
}
