using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Moves remote files and directories on their server, by renaming them; nothing is copied.</summary>
[Cmdlet(VerbsCommon.Move, "FtpItem", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(FtpItem))]
public sealed class MoveFtpItemCommand : RemotePathCmdlet
{
    private readonly HashSet<(FtpSession, string)> _taken = [];
    private readonly TakenTargets _targets = new();
    private readonly HashSet<(FtpSession, string)> _directories = [];

    /// <summary>The directory to move into, when it exists or the name ends with a slash, or else the new path.</summary>
    [Parameter(Position = 1, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ItemPathTransformation]
    [ArgumentCompleter(typeof(RemotePathCompleter))]
    public string Destination { get; set; } = "";

    /// <summary>Make the destination's missing parent directories, replace files that are there, as far as the server does that, and let wildcards find names that begin with a dot.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emit the item where it is then.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        foreach (var input in Inputs)
        {
            await TryAsync(input, async session =>
            {
                if (ItemPath.Find(Destination) is { } there && SessionOf(there.Item) != session)
                    throw new FtpException(FtpErrorKind.WrongServer, $"'{input.Given}' is on {session.Server}, and the destination on another server: nothing was moved. Copy-FtpItem copies from one server to another.", input.Given) { Server = session.Server };
                RemoteDestination.Require(Destination);
                var items = await FindAsync(input, session, Force, cancellationToken);
                var isInto = await IsDirectoryAsync(session, cancellationToken);
                if (!isInto && (items.Count > 1 || (items.Count == 1 && !_taken.Add((session, Destination)))))
                    throw new FtpException(FtpErrorKind.InvalidName, $"The destination '{Destination}' is no existing directory, so that it names one item, and there are more to move. Make the directory first, or end the destination with a slash and add -Force.", Destination) { Server = session.Server };
                foreach (var item in items)
                    await TryAsync(item.FullName, () => MoveAsync(session, item, isInto, cancellationToken));
            });
        }
    }

    private async Task MoveAsync(FtpSession session, FtpItem item, bool isInto, CancellationToken cancellationToken)
    {
        var target = session.ResolvePath(isInto ? Destination + "/" + item.Name : Destination);
        if (item.IsDirectory && (target + "/").StartsWith(item.FullName + "/", StringComparison.Ordinal) && target != item.FullName)
            throw new FtpException(FtpErrorKind.InvalidName, $"The directory '{item.FullName}' cannot be moved into itself, to '{target}'.", item.FullName) { Server = session.Server };
        await RemoteMove.MoveAsync(session, item, target, _targets, Force, to => ShouldProcess($"Item: {item.FullName} Destination: {to}", session, item.IsDirectory ? "Move Directory" : "Move File"), PassThru ? PostObject : null, cancellationToken);
    }

    // A thousand piped files go to one directory, which is asked for once.
    private async Task<bool> IsDirectoryAsync(FtpSession session, CancellationToken cancellationToken)
    {
        var path = session.ResolvePath(Destination);
        if (path == "/" || _directories.Contains((session, path)))
            return true;
        var endsInSlash = Destination.EndsWith("/", StringComparison.Ordinal);
        if (!await session.IsDirectoryAsync(path, cancellationToken))
        {
            if (!Force)
                return endsInSlash;
            var parent = endsInSlash ? path : session.ResolvePath(path + "/..");
            if (parent != "/" && ShouldProcess($"Destination: {parent}", session, "Create Directory"))
                await session.CreateDirectoryAsync(parent, createParents: true, cancellationToken);
            if (!endsInSlash)
                return false;
        }
        _directories.Add((session, path));
        return true;
    }

    /// <summary>Whatever was left out was not done.</summary>
    private protected override void PostUnread(FtpException error) => PostError(error, error.Path);
}
