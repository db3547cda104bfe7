using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Sets the time of the last change and the permission of remote files and directories.</summary>
[Cmdlet(VerbsCommon.Set, "FtpItemProperty", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(FtpItem))]
public sealed class SetFtpItemPropertyCommand : RemotePathCmdlet
{
    /// <summary>The time of the last change, local unless it says otherwise; servers keep whole seconds.</summary>
    [Parameter]
    public DateTime LastWriteTime { get; set; }

    /// <summary>The permission: three or four octal digits, as 644, what chmod takes, as u+x,go-w, or what listings tell, as rw-r--r--.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Alias("Mode")]
    [ArgumentCompleter(typeof(PermissionCompleter))]
    public string[]? Permission { get; set; }

    /// <summary>Let wildcards find names that begin with a dot.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emit the item as it is then.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private bool HasTime => MyInvocation.BoundParameters.ContainsKey(nameof(LastWriteTime));

    private protected override Task BeginProcessingAsync(CancellationToken cancellationToken) => HasTime || Permission is not null
        ? Task.CompletedTask
        : throw new FtpException(FtpErrorKind.InvalidName, "Nothing was changed. Specify -LastWriteTime, -Permission or both.");

    private protected override async Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        foreach (var input in Inputs)
        {
            await TryAsync(input, async session =>
            {
                foreach (var item in await FindAsync(input, session, Force, cancellationToken))
                    await TryAsync(item.FullName, () => SetAsync(session, item, cancellationToken));
            });
        }
    }

    private async Task SetAsync(FtpSession session, FtpItem item, CancellationToken cancellationToken)
    {
        // PowerShell reads u+x,go-w as two words.
        var permission = string.Join(",", Permission ?? []);
        if (Permission is not null && ShouldProcess($"Item: {item.FullName} Permission: {permission}", session, "Set Property"))
            await session.SetPermissionAsync(item.FullName, permission, cancellationToken);
        if (HasTime && ShouldProcess($"Item: {item.FullName} LastWriteTime: {LastWriteTime:s}", session, "Set Property"))
            await session.SetLastWriteTimeAsync(item.FullName, LastWriteTime.ToUniversalTime(), cancellationToken);
        if (PassThru)
            PostObject(await session.GetNamedItemAsync(item.FullName, cancellationToken));
    }
}
