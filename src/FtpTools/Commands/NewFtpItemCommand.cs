using System.IO;
using System.Management.Automation;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>What New-FtpItem can make.</summary>
public enum FtpNewItemType
{
    /// <summary>A file, empty or with -Value in it.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,
}

/// <summary>Makes remote files and directories.</summary>
[Cmdlet(VerbsCommon.New, "FtpItem", SupportsShouldProcess = true)]
[OutputType(typeof(FtpItem))]
public sealed class NewFtpItemCommand : FtpSessionCmdlet
{
    /// <summary>The remote path of the new item, or with -Name the directory to make it in. No character is a wildcard.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ItemPathTransformation]
    [ArgumentCompleter(typeof(RemotePathCompleter))]
    public string[]? Path { get; set; }

    /// <summary>The new item's name; without -Path it is made in the session's location.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>File or Directory; File by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Type")]
    public FtpNewItemType ItemType { get; set; }

    /// <summary>The new file's content: text, which is written as UTF-8 and with the line ends it has, or a byte array.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public object? Value { get; set; }

    /// <summary>Make missing parent directories, write over a file that is there, and accept a directory that is.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override async Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        // Two parameter sets would do it too, if not for PowerShell: of a piped row it then binds Value and forgets Name.
        if (Path is null && Name is null)
        {
            WriteError(ErrorRecords.From(new FtpException(FtpErrorKind.InvalidName, "Nothing was created, because no name was specified. Specify a path with -Path, or a name with -Name.")));
            return;
        }
        foreach (var input in RemoteInput.List(null, Path ?? [TheSession.Location], null))
            await TryAsync(input, session => NewAsync(session, Name is null ? input.Given : input.Given + "/" + Name, cancellationToken));
    }

    private async Task NewAsync(FtpSession session, string path, CancellationToken cancellationToken)
    {
        var target = session.ResolvePath(path);
        if (!ShouldProcess($"Destination: {target}", session, ItemType == FtpNewItemType.Directory ? "Create Directory" : "Create File"))
            return;
        if (ItemType == FtpNewItemType.Directory)
        {
            // As New-Item does: parents without a word, and an error where the directory itself is there.
            if (!Force)
                await session.CreateDirectoryAsync(session.ResolvePath(target + "/.."), createParents: true, cancellationToken);
            await session.CreateDirectoryAsync(target, createParents: Force, cancellationToken);
        }
        else
        {
            var options = new FtpTransferOptions { NoClobber = !Force, CreateParents = Force, TransferType = FtpTransferType.Binary };
            using var content = new MemoryStream(Content(), writable: false);
            await session.UploadAsync(content, target, options, null, cancellationToken);
        }
        WriteObject(await session.GetItemAsync(target, cancellationToken));
    }

    private byte[] Content()
    {
        var value = Value is PSObject wrapped ? wrapped.BaseObject : Value;
        return value switch
        {
            null => [],
            byte[] bytes => bytes,
            _ => new UTF8Encoding(false).GetBytes(LanguagePrimitives.ConvertTo<string>(Value)),
        };
    }
}
