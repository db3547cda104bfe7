using System;
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
    private readonly TakenTargets _targets = new();
    private readonly RemoteDestination _destination = new();

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

    private protected override Task ProcessRecordAsync(CancellationToken cancellationToken) => ForEachTogetherAsync(
        async (session, count) =>
        {
            if (ItemPath.Find(Destination)?.Item is { } there && (PipelineItem.WhyNot(there, onlyLooks: false) is { } refusal ? throw refusal : PipelineItem.SessionOfAddress(there, session) ?? SessionOf(there)) != session)
                throw new FtpException(FtpErrorKind.WrongServer, $"Nothing was moved, because the items are on {session.Server}, but the destination '{there.FullName}' is on another server. To copy between servers, use Copy-FtpItem.", there.FullName) { Server = session.Server };
            var meaning = await _destination.FindAsync(session, Destination, path => session.IsDirectoryAsync(path, cancellationToken));
            if (!meaning.IsInto)
                _destination.TakeName(session, meaning.Path, count, "to move");
            if (!meaning.IsThere && Force)
                await MakeAsync(session, meaning, cancellationToken);
            return meaning;
        },
        (session, item, meaning) => MoveAsync(session, item, meaning, cancellationToken), Force, cancellationToken);

    private async Task MoveAsync(FtpSession session, FtpItem item, RemoteDestination.Meaning meaning, CancellationToken cancellationToken)
    {
        var target = session.ResolvePath(meaning.IsInto ? meaning.Path + "/" + item.Name : meaning.Path);
        if (item.IsDirectory && (target + "/").StartsWith(item.FullName + "/", StringComparison.Ordinal) && target != item.FullName)
            throw new FtpException(FtpErrorKind.InvalidName, $"The directory '{item.FullName}' can't be moved into itself, to '{target}'.", item.FullName) { Server = session.Server };
        try
        {
            await RemoteMove.MoveAsync(session, item, target, _targets, Force, to => ShouldProcess($"Item: {item.FullName} Destination: {to}", session, item.IsDirectory ? "Move Directory" : "Move File"), PassThru ? PostObject : null, cancellationToken);
        }
        catch (FtpCommandException e) when (!Force && !meaning.IsThere)
        {
            // Servers refuse RNTO in words of their own, some with no reason at all.
            var parent = session.ResolvePath(target + "/..");
            if (await session.IsDirectoryAsync(parent, cancellationToken))
                throw;
            throw e.Adding($"The directory '{parent}' doesn't exist. To create it, use -Force.");
        }
    }

    private async Task MakeAsync(FtpSession session, RemoteDestination.Meaning meaning, CancellationToken cancellationToken)
    {
        var directory = meaning.IsInto ? meaning.Path : session.ResolvePath(meaning.Path + "/..");
        if (directory != "/" && ShouldProcess($"Destination: {directory}", session, "Create Directory"))
            await session.CreateDirectoryAsync(directory, createParents: true, cancellationToken);
        if (meaning.IsInto)
            _destination.Know(session, meaning.Path);
    }
}
