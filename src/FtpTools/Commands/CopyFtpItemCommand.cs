using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Copies remote files and directories, within a server or to another one.</summary>
[Cmdlet(VerbsCommon.Copy, "FtpItem", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(FtpItem))]
public sealed class CopyFtpItemCommand : RemoteFileCmdlet
{
    private readonly RemoteDestination _destination = new();

    /// <summary>
    /// The remote directory to copy into, when it exists or the name ends with a slash, or else the new name. The location
    /// of the session that is copied to by default.
    /// </summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ItemPathTransformation]
    [ArgumentCompleter(typeof(RemotePathCompleter))]
    public string? Destination { get; set; }

    /// <summary>The session to copy to; the one that is copied from by default.</summary>
    [Parameter]
    [ValidateNotNull]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public FtpSession? DestinationSession { get; set; }

    /// <summary>Have the files go from the one server to the other without passing this computer (FXP), where both allow that; it is an error where they do not.</summary>
    [Parameter]
    public SwitchParameter ServerToServer { get; set; }

    /// <summary>Copy directories too, with all that is in them.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Make the destination's missing parent directories, and let wildcards find names that begin with a dot.</summary>
    [Parameter]
    public override SwitchParameter Force { get; set; }

    /// <summary>Emit the copies.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private readonly TakenTargets _targets = new();

    // A result of a transfer has a property of that name too, which tells where its copy is.
    private string? Place => !IsOnCommandLine(nameof(Destination)) && PipelineItem.IsCopy(InputObject, Destination) ? null : Destination;

    private protected override Task ProcessRecordAsync(CancellationToken cancellationToken) => ForEachTogetherAsync(
        async (session, count) =>
        {
            var to = DestinationSessionOf(session);
            var meaning = await _destination.FindAsync(to, Place, path => to.IsDirectoryAsync(path, cancellationToken));
            if (!meaning.IsInto)
                _destination.TakeName(to, meaning.Path, count, "to copy");
            return (to, meaning);
        },
        (session, item, into) => CopyAsync(session, item, into.to, into.meaning, cancellationToken), Force, cancellationToken);

    private async Task CopyAsync(FtpSession session, FtpItem item, FtpSession to, RemoteDestination.Meaning meaning, CancellationToken cancellationToken)
    {
        var isDirectory = await IsDirectoryAsync(session, item, cancellationToken);
        if (isDirectory && !Recurse)
            throw new FtpException(FtpErrorKind.CommandRefused, $"'{item.FullName}' is a directory. To copy it with everything in it, add -Recurse.", item.FullName) { Server = session.Server };
        var target = meaning.IsInto && item.DirectoryName.Length > 0 ? to.ResolvePath(meaning.Path + "/" + item.Name) : meaning.Path;
        _targets.Take(to, item.FullName, target);
        if (session.IsSameAccount(to) && (target == item.FullName || (isDirectory && (target + "/").StartsWith(item.FullName.TrimEnd('/') + "/", StringComparison.Ordinal))))
            throw new FtpException(FtpErrorKind.InvalidName, $"'{item.FullName}' can't be copied {(target == item.FullName ? "to" : "into")} itself. Specify a different destination.", item.FullName);
        if (!ShouldProcess($"Item: {item.FullName}{(session == to ? "" : $" on {session.Server}")} Destination: {target}", to, isDirectory ? "Copy Directory" : "Copy File"))
            return;
        if (isDirectory)
            await CopyTreeAsync(session, item.FullName, to, target, FtpTreeLevel.Top(), cancellationToken);
        else
            await CopyFileAsync(session, item, to, target, cancellationToken);
    }

    private static async Task<bool> IsDirectoryAsync(FtpSession session, FtpItem item, CancellationToken cancellationToken) =>
        item.IsDirectory || (item.ItemType == FtpItemType.SymbolicLink && await session.IsDirectoryAsync(item.FullName, cancellationToken));

    private FtpSession DestinationSessionOf(FtpSession session)
    {
        if (DestinationSession is not null || Place is null || ItemPath.Find(Place)?.Item is not { } item)
            return DestinationSession ?? session;
        if (PipelineItem.WhyNot(item, onlyLooks: false) is { } refusal)
            throw refusal;
        return item.GetSession() ?? PipelineItem.SessionOfAddress(item, session) ?? (item.Server is null || session.IsOn(item.Server) ? session : throw new FtpException(
            FtpErrorKind.WrongServer, $"The destination '{item.FullName}' is an item of {item.Server}. Nothing was copied. Specify a session on this server with -DestinationSession.", item.FullName) { Server = item.Server });
    }

    private async Task CopyFileAsync(FtpSession session, FtpItem item, FtpSession to, string target, CancellationToken cancellationToken)
    {
        await session.CopyFileAsync(item, to, target, Force, ServerToServer, Progress, cancellationToken);
        await EmitAsync(to, target, cancellationToken);
    }

    private async Task CopyTreeAsync(FtpSession session, string source, FtpSession to, string target, FtpTreeLevel level, CancellationToken cancellationToken)
    {
        if (!await to.IsDirectoryAsync(target, cancellationToken))
            await NamingForceAsync(target, Force, () => to.CreateDirectoryAsync(target, createParents: Force, cancellationToken));
        await EmitAsync(to, target, cancellationToken);
        var items = new List<FtpItem>();
        try
        {
            await session.ListAsync(source, includeHidden: true, item =>
            {
                level.Add(item);
                items.Add(item);
            }, cancellationToken);
        }
        catch (FtpException e) when (e.IsUnreadListing)
        {
            PostUnread(e);
        }

        foreach (var item in items)
        {
            await TryAsync(item.FullName, async () =>
            {
                var path = to.ResolvePath(target + "/" + item.Name);
                if (item.IsDirectory)
                    await CopyTreeAsync(session, item.FullName, to, path, level.Below(item.FullName), cancellationToken);
                else if (item.ItemType == FtpItemType.Other || await IsDirectoryAsync(session, item, cancellationToken))
                    throw new FtpException(FtpErrorKind.CommandRefused, $"'{item.FullName}' wasn't copied, because it's {(item.ItemType == FtpItemType.Other ? "neither a file nor a directory" : "a link to a directory, and links aren't followed")}.", item.FullName);
                else
                    await CopyFileAsync(session, item, to, path, cancellationToken);
            });
        }
    }

    private async Task EmitAsync(FtpSession to, string target, CancellationToken cancellationToken)
    {
        if (PassThru)
            WriteObject(await to.GetNamedItemAsync(target, cancellationToken));
    }
}
