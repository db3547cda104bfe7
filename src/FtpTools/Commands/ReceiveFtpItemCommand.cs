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

    private protected override bool OnlyLooks => true;

    private protected override FtpTransferOptions Options => base.Options with { PreserveTime = PreserveTime, Segments = Segment, SkipFlush = SkipFlush, FollowSymlink = FollowSymlink };

    private protected override async Task TransferRecordAsync(CancellationToken cancellationToken)
    {
        var sources = await FindSourcesAsync(cancellationToken);
        if (sources.Count == 0)
            return;
        string destination;
        bool isDirectory;
        try
        {
            destination = LocalPaths.Resolve(this, Destination);
            isDirectory = Destination is null || LocalPaths.EndsInSeparator(Destination) || Directory.Exists(destination);
            if (!isDirectory)
                TakeName(destination, sources.Count);
        }
        catch (FtpException e)
        {
            WriteFailed([.. sources.Select(source => (source.Item.FullName, Destination ?? ""))], e, SessionOf(sources[0].Input.Item));
            return;
        }
        foreach (var (input, source) in sources)
            await TryTransferAsync(input.Item, [(source.FullName, destination)], session => ReceiveAsync(session, source, destination, isDirectory, cancellationToken));
    }

    private async Task<IReadOnlyList<(RemoteInput Input, FtpItem Item)>> FindSourcesAsync(CancellationToken cancellationToken)
    {
        var sources = new List<(RemoteInput, FtpItem)>();
        foreach (var input in RemoteInput.List(
            ParameterSetName == ItemSet ? InputObject : null, ParameterSetName == LiteralPathSet ? LiteralPath : null, ParameterSetName == PathSet ? Path : null))
        {
            await TryTransferAsync(input.Item, [(input.Given, Destination ?? "")], async session =>
            {
                if (input.ReadWith(session) is { } item)
                {
                    sources.Add((input, item));
                    return;
                }
                try
                {
                    var pattern = input.On(session, PostUnread);
                    var found = await BatchOf(session, cancellationToken).PersistAsync($"to find '{input.Given}'", () => pattern.ExpandNamedAsync(Force, cancellationToken));
                    sources.AddRange(found.Select(one => (input, one)));
                }
                // There is no file that a result could tell of.
                catch (FtpException e) when (e.Kind is FtpErrorKind.PathNotFound or FtpErrorKind.InvalidName)
                {
                    WriteError(ErrorRecords.From(e, input.Given));
                }
            });
        }
        return sources;
    }

    private async Task ReceiveAsync(FtpSession session, FtpItem source, string destination, bool intoDirectory, CancellationToken cancellationToken)
    {
        var isDirectory = source.IsDirectory
            || (Recurse && source.ItemType == FtpItemType.SymbolicLink && await BatchOf(session, cancellationToken).PersistAsync($"to look at '{source.FullName}'", () => session.IsDirectoryAsync(source.FullName, cancellationToken)));
        if (isDirectory && !Recurse)
            throw new FtpException(FtpErrorKind.CommandRefused, $"'{source.FullName}' is a directory. Add -Recurse to receive it with all that is in it.", source.FullName) { Server = session.Server };

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

    /// <summary>Whatever was left out was not done.</summary>
    private protected override void PostUnread(FtpException error) => PostError(error, error.Path);
}
