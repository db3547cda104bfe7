using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>A cmdlet that works on remote items one after the other, each of which may take its time.</summary>
public abstract class RemoteFileCmdlet : RemotePathCmdlet
{
    private FileProgress? _progress;

    private protected RemoteFileCmdlet()
    {
    }

    /// <summary>Let wildcards find names that begin with a dot.</summary>
    [Parameter]
    public virtual SwitchParameter Force { get; set; }

    /// <summary>Null when nobody wants to see it, so that the engine does not count either.</summary>
    private protected IProgress<FtpProgress>? Progress => _progress;

    /// <summary>Shows that a file is waited for of which nothing comes meanwhile, until what is returned is disposed.</summary>
    private protected IDisposable? Waiting(string what, string path) => _progress?.Wait(what, path);

    private protected override Task BeginProcessingAsync(CancellationToken cancellationToken)
    {
        if (IsWanted("ProgressAction", "ProgressPreference"))
            _progress = new FileProgress(MyInvocation.MyCommand.Name, record => Post(() => WriteProgress(record)));
        return Task.CompletedTask;
    }

    private protected override Task EndProcessingAsync(CancellationToken cancellationToken)
    {
        _progress?.Complete();
        return base.EndProcessingAsync(cancellationToken);
    }

    /// <summary>Does the work for each item. What fails is written as an error and the next can go on, unless nothing can.</summary>
    /// <param name="work">The work on an item, and whether a wildcard has found it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private protected async Task ForEachItemAsync(Func<FtpSession, FtpItem, bool, Task> work, CancellationToken cancellationToken)
    {
        foreach (var input in Inputs)
        {
            await TryAsync(input, async session =>
            {
                IReadOnlyList<FtpItem> items;
                var isFound = false;
                if (input.ReadWith(session) is { } live)
                {
                    items = [live];
                }
                else
                {
                    var pattern = input.On(session, PostUnread);
                    isFound = !pattern.IsLiteral;
                    items = await pattern.ExpandNamedAsync(Force, cancellationToken);
                }

                foreach (var item in items)
                    await TryAsync(item.FullName, () => work(session, item, isFound));
            });
        }
    }

    /// <summary>Does the work for each file. A wildcard means files alone; a directory that was named is an error.</summary>
    private protected Task ForEachFileAsync(Func<FtpSession, FtpItem, Task> work, CancellationToken cancellationToken) => ForEachItemAsync(
        (session, item, isFound) =>
            !item.IsDirectory ? work(session, item)
            : isFound ? Task.CompletedTask
            : throw new FtpException(FtpErrorKind.CommandRefused, $"'{item.FullName}' is a directory and has no content. To specify the files in it, use '{item.FullName.TrimEnd('/')}/*'.", item.FullName) { Server = session.Server },
        cancellationToken);
}
