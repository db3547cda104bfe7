using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Deletes remote files, links and directories.</summary>
[Cmdlet(VerbsCommon.Remove, "FtpItem", DefaultParameterSetName = PathSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveFtpItemCommand : RemotePathCmdlet
{
    /// <summary>Delete directories with all that is in them. A link is deleted and never followed.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Let wildcards find names that begin with a dot.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private CountProgress? _progress;

    private protected override Task BeginProcessingAsync(CancellationToken cancellationToken)
    {
        if (Recurse && IsWanted("ProgressAction", "ProgressPreference"))
            _progress = new CountProgress(MyInvocation.MyCommand.Name, "deleted", record => Post(() => WriteProgress(record)));
        return Task.CompletedTask;
    }

    private protected override async Task EndProcessingAsync(CancellationToken cancellationToken)
    {
        await base.EndProcessingAsync(cancellationToken);
        _progress?.Complete();
    }

    private protected override async Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        foreach (var input in Inputs)
        {
            await TryAsync(input, async session =>
            {
                var items = await FindAsync(input, session, Force, cancellationToken);
                foreach (var item in items)
                    await TryAsync(item.FullName, () => RemoveAsync(session, item, cancellationToken));
            });
        }
    }

    private async Task RemoveAsync(FtpSession session, FtpItem item, CancellationToken cancellationToken)
    {
        if (!ShouldProcess(item.FullName, session, item.IsDirectory ? "Remove Directory" : "Remove File"))
            return;
        if (!item.IsDirectory)
        {
            await session.DeleteFileAsync(item.FullName, cancellationToken);
            return;
        }
        try
        {
            await session.DeleteDirectoryAsync(item.FullName, Recurse, _progress is null ? null : _progress.Count, cancellationToken);
        }
        catch (FtpCommandException e) when (!Recurse)
        {
            // Servers say "no" to a directory that is not empty in words of their own, some with no reason at all.
            var count = 0;
            try
            {
                await session.ListAsync(item.FullName, includeHidden: true, _ => count++, cancellationToken);
            }
            catch (FtpException unread) when (unread.IsUnreadListing)
            {
                count++;
            }
            if (count == 0)
                throw;
            throw new FtpCommandException(FtpErrorKind.CommandRefused,
                $"The directory '{item.FullName}' wasn't deleted, because it isn't empty. The server replied '{e.Reply}'. To delete it with everything in it, add -Recurse.", e.Reply, item.FullName) { Server = session.Server };
        }
    }
}
