using System.Management.Automation;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Adds to the end of remote files.</summary>
[Cmdlet(VerbsCommon.Add, "FtpContent", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(FtpItem))]
public sealed class AddFtpContentCommand : WriteContentCmdlet
{
    private protected override string Action => "Add Content";

    private protected override bool IsAppending => true;
}
