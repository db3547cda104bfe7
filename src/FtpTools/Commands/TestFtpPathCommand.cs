using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>What Test-FtpPath looks for; the names are those of Test-Path.</summary>
public enum FtpPathType
{
    /// <summary>A file, a directory or anything else.</summary>
    Any,

    /// <summary>A directory.</summary>
    Container,

    /// <summary>Anything but a directory.</summary>
    Leaf,
}

/// <summary>Tells whether there is anything at a remote path.</summary>
[Cmdlet(VerbsDiagnostic.Test, "FtpPath", DefaultParameterSetName = PathSet)]
[OutputType(typeof(bool))]
public sealed class TestFtpPathCommand : RemotePathCmdlet
{
    /// <summary>What must be there: Any, Container or Leaf.</summary>
    [Parameter]
    [Alias("Type")]
    public FtpPathType PathType { get; set; }

    private protected override bool OnlyLooks => true;

    private protected override Task ProcessRecordAsync(CancellationToken cancellationToken) =>
        ForEachAsync(async pattern => WriteObject(await ExistsAsync(pattern, cancellationToken)));

    private async Task<bool> ExistsAsync(RemotePattern pattern, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var item in await pattern.ExpandAsync(includeHidden: true, cancellationToken))
            {
                if (PathType == FtpPathType.Any || await IsContainerAsync(pattern.Session, item, cancellationToken) == (PathType == FtpPathType.Container))
                    return true;
            }
        }
        catch (FtpException e) when (e.Kind == FtpErrorKind.PathNotFound)
        {
        }
        return false;
    }

    private static async Task<bool> IsContainerAsync(FtpSession session, FtpItem item, CancellationToken cancellationToken) =>
        item.IsDirectory
        || (item.ItemType == FtpItemType.SymbolicLink && await session.IsDirectoryAsync(item.FullName, cancellationToken));
}
