using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Gives remote files and directories another name in the directory that they are in.</summary>
[Cmdlet(VerbsCommon.Rename, "FtpItem", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(FtpItem))]
public sealed class RenameFtpItemCommand : RemotePathCmdlet
{
    private readonly TakenTargets _targets = new();

    /// <summary>The new name, without a path; a script block gives each item its own, with the item as <c>$_</c>.</summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NewNameCompleter))]
    public string NewName { get; set; } = "";

    /// <summary>Replace what has the new name, as far as the server does that, and let wildcards find names that begin with a dot.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emit the item under its new name.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        foreach (var input in Inputs)
        {
            await TryAsync(input, async session =>
            {
                if (NewName.IndexOfAny(['\r', '\n', '\0']) >= 0)
                    throw new FtpException(FtpErrorKind.InvalidName, $"'{input.Given}' wasn't renamed, because '{NewName}' contains a line break or a NUL character, which FTP commands can't contain. Check where the name comes from.", input.Given) { Server = session.Server };
                var items = await FindAsync(input, session, Force, cancellationToken);
                if (items.Count > 1)
                    throw new FtpException(FtpErrorKind.InvalidName, $"'{input.Given}' matches {items.Count} items, which can't all be named '{NewName}'. None of them was renamed. Pipe the items, and use a script block: Get-FtpItem '{input.Given}' | Rename-FtpItem -NewName {{ ... }}.", input.Given) { Server = session.Server };
                foreach (var item in items)
                    await RenameAsync(session, item, cancellationToken);
            });
        }
    }

    private async Task RenameAsync(FtpSession session, FtpItem item, CancellationToken cancellationToken)
    {
        if (NewName.IndexOf('/') >= 0 || NewName is "." or "..")
            throw new FtpException(FtpErrorKind.InvalidName, $"'{item.FullName}' wasn't renamed, because '{NewName}' is a path. Specify a name without a path. To move an item to another directory, use Move-FtpItem.", item.FullName) { Server = session.Server };
        await RemoteMove.MoveAsync(session, item, session.ResolvePath(item.DirectoryName + "/" + NewName), _targets, Force, target => ShouldProcess($"Item: {item.FullName} Destination: {target}", session, item.IsDirectory ? "Rename Directory" : "Rename File"), PassThru ? PostObject : null, cancellationToken);
    }
}
