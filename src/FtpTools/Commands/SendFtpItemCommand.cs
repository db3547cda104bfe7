using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Sends local files and directories.</summary>
[Cmdlet(VerbsCommunications.Send, "FtpItem", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(FtpTransferResult))]
public sealed class SendFtpItemCommand : TransferCmdlet
{
    private readonly RemoteDestination _destination = new();

    /// <summary>Send-FtpItem.</summary>
    public SendFtpItemCommand() : base(FtpTransferDirection.Upload)
    {
    }

    /// <summary>Local paths; <c>*</c>, <c>?</c> and <c>[]</c> are wildcards.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ResultPathTransformation]
    public string[]? Path { get; set; }

    /// <summary>Local paths in which no character is a wildcard.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>
    /// The remote directory to send into, when it exists or the name ends with a slash, or else the new remote name.
    /// The session's location by default.
    /// </summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ItemPathTransformation]
    [ArgumentCompleter(typeof(RemotePathCompleter))]
    public string? Destination { get; set; }

    /// <summary>Add to the end of the remote file.</summary>
    [Parameter]
    public SwitchParameter Append { get; set; }

    /// <summary>Give the remote file the local file's time.</summary>
    [Parameter]
    public SwitchParameter PreserveTime { get; set; }

    /// <summary>The name that a file has until it is complete: a pattern whose <c>*</c> stands for the file's own name.</summary>
    [Parameter]
    [TemporaryNameTransformation]
    public string? TemporaryName { get; set; }

    // A result has a property of that name too, which is where its copy is.
    private string? Place => !IsOnCommandLine(nameof(Destination)) && ParameterSetName == PathSet && Path is { Length: 1 } && ResultPath.Is(Path[0]) ? null : Destination;

    private protected override FtpTransferOptions Options => base.Options with { Append = Append, PreserveTime = PreserveTime, TemporaryName = TemporaryName };

    private protected override string WithSlashes(string pattern) => pattern.Replace(System.IO.Path.DirectorySeparatorChar, '/');

    private protected override async Task TransferRecordAsync(CancellationToken cancellationToken)
    {
        var sources = FindSources();
        if (sources.Count == 0)
            return;
        // Of all together, what is wrong is one error.
        var item = Place is null ? null : ItemPath.Find(Place)?.Item;
        await TryTransferAsync(item, [.. sources.Select(source => (source.FullName, Place ?? ""))], async session =>
        {
            var (destination, isDirectory, _) = await _destination.FindAsync(
                session, Place, path => BatchOf(session, cancellationToken).PersistAsync($"to look at '{path}'", () => session.IsDirectoryAsync(path, cancellationToken)));
            // What is chosen of all in the end, and what is sent now.
            var waiting = sources.Where(source => Choice is not null && source is FileInfo).ToArray();
            var ready = sources.Where(source => Choice is null || source is DirectoryInfo).ToArray();
            if (!isDirectory && !Append && ready.Length > 0)
                _destination.TakeName(session, destination, ready.Length, "to send");
            foreach (var source in ready)
                await SendAsync(source);
            foreach (var source in waiting)
            {
                Choice!.Add(source, () => TryTransferAsync(item, [(source.FullName, destination)], _ =>
                {
                    if (!isDirectory && !Append)
                        _destination.TakeName(session, destination, 1, "to send");
                    return SendAsync(source);
                }));
            }

            Task SendAsync(FileSystemInfo source) => TryTransferAsync(item, [(source.FullName, destination)], async _ =>
            {
                // The root of a drive has no name that a remote directory could take.
                var name = !isDirectory || source is DirectoryInfo { Parent: null } ? "" : await BatchOf(session, cancellationToken).RemoteNameAsync(source);
                Send(session, source, isDirectory ? session.ResolvePath(destination + "/" + name) : destination, cancellationToken);
            });
        });
    }

    private IReadOnlyList<FileSystemInfo> FindSources()
    {
        var isLiteral = ParameterSetName == LiteralPathSet;
        var sources = new List<FileSystemInfo>();
        foreach (var path in (isLiteral ? LiteralPath : Path) ?? Enumerable.Empty<string>())
        {
            try
            {
                sources.AddRange(LocalPaths.Find(this, path, isLiteral || ResultPath.Is(path), Force).Where(IsChosen));
            }
            catch (FtpException e)
            {
                // What is not there has no result, as of Copy-Item, and Measure-FtpTransfer counts the error.
                var record = ErrorRecords.From(e, path);
                if (record.CategoryInfo.Category == ErrorCategory.ObjectNotFound)
                    WriteError(record);
                else
                    WriteFailed([(path, Place ?? "")], e);
            }
        }
        return sources;
    }

    private bool IsChosen(FileSystemInfo source) => source is DirectoryInfo && Recurse ? Chosen?.Walks(source, null) != false : (source is FileInfo || Choice is null) && Takes(source);

    private void Send(FtpSession session, FileSystemInfo source, string target, CancellationToken cancellationToken)
    {
        var isDirectory = source is DirectoryInfo;
        if (isDirectory && IsSetAside(BatchOf(session, cancellationToken), source.FullName))
            return;
        if (isDirectory && !Recurse)
            throw new FtpException(FtpErrorKind.LocalFileError, $"'{source.FullName}' is a directory. To send it with everything in it, add -Recurse.", target) { Server = session.Server };
        if (!ShouldTransfer(session, source.FullName, target, isDirectory))
            return;
        var batch = BatchOf(session, cancellationToken);
        if (isDirectory)
            batch.AddUploadTree(source.FullName, target);
        else
            batch.AddUpload(source.FullName, target);
    }
}
