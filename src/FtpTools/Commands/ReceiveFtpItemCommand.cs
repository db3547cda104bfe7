using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Receives remote files and directories.</summary>
[Cmdlet(VerbsCommunications.Receive, "FtpItem", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(FtpTransferResult))]
public sealed class ReceiveFtpItemCommand : TransferCmdlet
{
    private const string ItemSet = "Item";

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>Receive-FtpItem.</summary>
    public ReceiveFtpItemCommand() : base(FtpTransferDirection.Download)
    {
    }

    /// <summary>Remote paths; <c>*</c>, <c>?</c> and <c>[]</c> are wildcards.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ItemPathTransformation]
    [ArgumentCompleter(typeof(RemotePathCompleter))]
    public string[]? Path { get; set; }

    /// <summary>Remote paths in which no character is a wildcard.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    [ValidateNotNullOrEmpty]
    [ItemPathTransformation]
    [ArgumentCompleter(typeof(RemotePathCompleter))]
    public string[]? LiteralPath { get; set; }

    /// <summary>Items as Get-FtpChildItem and Get-FtpItem emit them; each brings its session along.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ItemSet, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ItemTransformation]
    public FtpItem[]? InputObject { get; set; }

    /// <summary>
    /// The local directory to receive into, when it exists or the name ends with a separator, or else the new local
    /// name. The current location of the file system by default.
    /// </summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>Give the local file the remote file's time; it does by default, and -PreserveTime:$false leaves the time of the transfer.</summary>
    [Parameter]
    public SwitchParameter PreserveTime { get; set; } = true;

    /// <summary>Into how many segments a large file is divided, which are received over several connections at once; 1, the default, for none.</summary>
    [Parameter]
    [ValidateRange(1, 32)]
    public int Segment { get; set; } = 1;

    /// <summary>Let the system write the files to the disk when it will, and do not wait for it.</summary>
    [Parameter]
    public SwitchParameter SkipFlush { get; set; }

    /// <summary>Go through links to directories, on the server and below the destination, with -Recurse.</summary>
    [Parameter]
    public SwitchParameter FollowSymlink { get; set; }

    // A result of an upload has a property of that name too, which is the remote file itself.
    private string? Place => ParameterSetName == ItemSet && !IsOnCommandLine(nameof(Destination)) && PipelineItem.IsCopy(InputObject, Destination, FtpTransferDirection.Upload) ? null : Destination;

    private protected override bool OnlyLooks => true;

    private protected override FtpTransferOptions Options => base.Options with { PreserveTime = PreserveTime, Segments = Segment, SkipFlush = SkipFlush, FollowSymlink = FollowSymlink };

    private protected override async Task TransferRecordAsync(CancellationToken cancellationToken)
    {
        var sources = await FindSourcesAsync(cancellationToken);
        if (sources.Count == 0)
            return;
        // What is chosen of all in the end, and what is received now.
        var waiting = sources.Where(source => Choice is not null && !source.IsDirectory).ToArray();
        var ready = sources.Where(source => Choice is null || source.IsDirectory).ToArray();
        string destination;
        bool isDirectory;
        try
        {
            destination = LocalPaths.Resolve(this, Place);
            isDirectory = Place is null || LocalPaths.EndsInSeparator(Place) || Directory.Exists(destination);
            if (!isDirectory && ready.Length > 0)
                TakeName(destination, ready.Length);
        }
        catch (FtpException e)
        {
            WriteFailed([.. sources.Select(source => (source.Item.FullName, Place ?? ""))], e, SessionOf(sources[0].Input.Item));
            return;
        }
        foreach (var source in ready)
            await TryTransferAsync(source.Input.Item, [(source.Item.FullName, destination)], session => ReceiveAsync(session, source.Item, source.IsDirectory, destination, isDirectory, cancellationToken));
        foreach (var source in waiting)
        {
            Choice!.Add(source.Item, () => TryTransferAsync(source.Input.Item, [(source.Item.FullName, destination)], session =>
            {
                if (!isDirectory)
                    TakeName(destination, 1);
                return ReceiveAsync(session, source.Item, false, destination, isDirectory, cancellationToken);
            }));
        }
    }

    /// <summary>Keeps a second file from replacing the first, where the destination is a name and no directory.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>.</exception>
    private void TakeName(string destination, int count)
    {
        if (count > 1 || !_taken.Add(destination))
            throw new FtpException(FtpErrorKind.InvalidName,
                $"The destination '{destination}' isn't an existing directory, so it can only be the name of one item, but there are several to receive. Create the directory first, or end the destination with a separator and add -Force.", destination);
    }

    private async Task<IReadOnlyList<(RemoteInput Input, FtpItem Item, bool IsDirectory)>> FindSourcesAsync(CancellationToken cancellationToken)
    {
        var sources = new List<(RemoteInput, FtpItem, bool)>();
        foreach (var input in RemoteInput.List(ParameterSetName, InputObject, LiteralPath, Path))
        {
            await TryTransferAsync(input.Item, [(input.Given, Place ?? "")], async session =>
            {
                if (input.ReadWith(session) is { } item)
                {
                    await AddAsync(session, item);
                    return;
                }
                var pattern = input.On(session, PostUnread);
                foreach (var one in await FindAsync(session, pattern, input.Given, cancellationToken))
                    await TryTransferAsync(input.Item, [(one.FullName, Place ?? "")], on => AddAsync(on, one));
            });

            async Task AddAsync(FtpSession session, FtpItem item)
            {
                if (await IsDirectoryAsync(session, item, cancellationToken) is var isDirectory && Takes(item, isDirectory))
                    sources.Add((input, item, isDirectory));
            }
        }
        return sources;
    }

    private async Task<IReadOnlyList<FtpItem>> FindAsync(FtpSession session, RemotePattern pattern, string given, CancellationToken cancellationToken)
    {
        try
        {
            var found = await BatchOf(session, cancellationToken).PersistAsync($"to find '{given}'", () => pattern.ExpandNamedAsync(Force, cancellationToken));
            if (pattern.IsLiteral)
                ExpectToFind(found[0]);
            return found;
        }
        catch (FtpException e) when (e.Kind == FtpErrorKind.PathNotFound)
        {
            WriteError(ErrorRecords.From(e, given));
            return [];
        }
    }

    // A link to a directory is one where directories are received.
    private async Task<bool> IsDirectoryAsync(FtpSession session, FtpItem item, CancellationToken cancellationToken) =>
        item.IsDirectory
            || (Recurse && item.ItemType == FtpItemType.SymbolicLink && await BatchOf(session, cancellationToken).PersistAsync($"to look at '{item.FullName}'", () => session.IsDirectoryAsync(item.FullName, cancellationToken)));

    private bool Takes(FtpItem item, bool isDirectory) => isDirectory && Recurse ? Chosen?.Walks(item, null) != false : (!isDirectory || Choice is null) && Takes(item);

    private async Task ReceiveAsync(FtpSession session, FtpItem source, bool isDirectory, string destination, bool intoDirectory, CancellationToken cancellationToken)
    {
        if (isDirectory && IsSetAside(BatchOf(session, cancellationToken), source.FullName))
            return;
        if (isDirectory && !Recurse)
            throw new FtpException(FtpErrorKind.CommandRefused, $"'{source.FullName}' is a directory. To receive it with everything in it, add -Recurse.", source.FullName) { Server = session.Server };

        // The root has no name that a local directory could take.
        var target = intoDirectory && source.DirectoryName.Length > 0 ? System.IO.Path.Combine(destination, await BatchOf(session, cancellationToken).LocalNameAsync(source)) : destination;
        if (!ShouldTransfer(session, source.FullName, target, isDirectory))
            return;
        var batch = BatchOf(session, cancellationToken);
        if (isDirectory)
            batch.AddDownloadTree(source.FullName, target, mayBeLink: target == destination);
        else
            batch.AddDownload(source, target);
    }

    /// <summary>It changes nothing on the server, and yet whatever was left out was not received.</summary>
    private protected override void PostUnread(FtpException error) => PostError(error, error.Path);
}
