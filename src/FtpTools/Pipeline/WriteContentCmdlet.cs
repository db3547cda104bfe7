using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>
/// A cmdlet that writes to remote files. What is piped is collected, and sent in the end: a pipeline that was stopped, or has
/// failed, changes no file.
/// </summary>
public abstract class WriteContentCmdlet : FtpSessionCmdlet, IDisposable
{
    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";
    private protected const string ItemSet = "Item";

    // What each target gets; one for all, unless targets are piped.
    private readonly List<(object Given, RemoteInput[] Inputs, CollectedBytes Bytes)> _collected = [];

    private protected WriteContentCmdlet()
    {
    }

    /// <summary>Remote files; <c>*</c>, <c>?</c> and <c>[]</c> are wildcards.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ItemPathTransformation]
    [ArgumentCompleter(typeof(RemotePathCompleter))]
    public string[]? Path { get; set; }

    /// <summary>Remote files in whose paths no character is a wildcard.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [ItemPathTransformation]
    [ArgumentCompleter(typeof(RemotePathCompleter))]
    public string[]? LiteralPath { get; set; }

    /// <summary>Items to write to, as Get-FtpChildItem and Get-FtpItem emit them; each brings its session along.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ItemSet, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ItemTransformation]
    public FtpItem[]? InputObject { get; set; }

    /// <summary>What to write: objects become text, a line each; bytes with -AsByteStream.</summary>
    [Parameter(Position = 1, Mandatory = true, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 1, Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 1, Mandatory = true, ParameterSetName = ItemSet)]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public object?[]? Value { get; set; }

    /// <summary>The encoding; UTF-8 without a byte order mark by default.</summary>
    [Parameter]
    [ValidateNotNull]
    [TextEncodingTransformation]
    [ArgumentCompleter(typeof(TextEncodingCompleter))]
    public Encoding Encoding { get; set; } = new UTF8Encoding(false);

    /// <summary>Write the values without line ends between them and at the end.</summary>
    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    /// <summary>Write bytes as they are.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    /// <summary>Make missing parent directories, and let wildcards find names that begin with a dot.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emit the files that were written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>What ShouldProcess calls it.</summary>
    private protected abstract string Action { get; }

    /// <summary>Whether what is there stays.</summary>
    private protected abstract bool IsAppending { get; }

    /// <summary>How the content is sent.</summary>
    private protected virtual FtpTransferOptions Options => new() { TransferType = FtpTransferType.Binary, CreateParents = Force, Append = IsAppending };

    /// <summary>Forgets what was not sent, for the pipeline was stopped.</summary>
    public void Dispose()
    {
        foreach (var one in _collected)
            one.Bytes.Dispose();
    }

    private protected override Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        object given = InputObject ?? (object?)LiteralPath ?? Path!;
        if (_collected.Count == 0 || !ReferenceEquals(_collected[_collected.Count - 1].Given, given))
        {
            _collected.Add((given, [.. RemoteInput.List(ParameterSetName == ItemSet ? InputObject : null, LiteralPath, Path)], new CollectedBytes()));
            // Where it is added to something, the mark is passed over.
            if (!AsByteStream)
                _collected[_collected.Count - 1].Bytes.Add(Encoding.GetPreamble());
        }

        var bytes = _collected[_collected.Count - 1].Bytes;
        // As Set-Content has it, nothing is no empty line.
        foreach (var value in (Value ?? []).Where(one => one is not null))
            bytes.Add(AsByteStream ? BytesOf(value) : Encoding.GetBytes(LanguagePrimitives.ConvertTo<string>(value) + (NoNewline ? "" : Environment.NewLine)));
        return Task.CompletedTask;
    }

    private protected override async Task EndProcessingAsync(CancellationToken cancellationToken)
    {
        foreach (var (_, inputs, bytes) in _collected)
        {
            foreach (var input in inputs)
            {
                await TryAsync(input, async session =>
                {
                    foreach (var item in await FindAsync(session, input, cancellationToken))
                        await TryAsync(item.FullName, () => WriteAsync(session, item, bytes, cancellationToken));
                });
            }
        }

        await base.EndProcessingAsync(cancellationToken);
    }

    // What is known of a file that is there, where it was looked at.
    private async Task<IReadOnlyList<FtpItem>> FindAsync(FtpSession session, RemoteInput input, CancellationToken cancellationToken)
    {
        if (input.ReadWith(session) is { } live)
            return [live];
        var pattern = input.On(session, PostUnread);
        if (pattern.IsLiteral)
            return [session.ItemAt(pattern.Root)];
        var files = (await pattern.ExpandAsync(Force, cancellationToken)).Where(item => !item.IsDirectory).ToArray();
        return files.Length > 0 ? files : throw new FtpException(
            FtpErrorKind.PathNotFound, $"No file on {session.Server} matches '{input.Given}', and a name with wildcard characters can't be the name of a new file. To use each character literally, specify -LiteralPath.", input.Given);
    }

    private async Task WriteAsync(FtpSession session, FtpItem item, CollectedBytes bytes, CancellationToken cancellationToken)
    {
        var path = item.FullName;
        if (!ShouldProcess($"Path: {path}", session, Action))
            return;
        var mark = AsByteStream ? 0 : Encoding.GetPreamble().Length;
        if (mark > 0 && IsAppending && !(await session.FindItemAsync(path, cancellationToken) is { Length: not 0 }))
            mark = 0;
        await session.UploadAsync(bytes.From(IsAppending ? mark : 0), path, Options with { FormerPermission = item.Permission }, null, cancellationToken);
        if (PassThru)
            WriteObject(await session.GetNamedItemAsync(path, cancellationToken));
    }

    private static byte[] BytesOf(object? value)
    {
        var one = value is PSObject wrapped ? wrapped.BaseObject : value;
        try
        {
            return one is byte[] several ? several : [LanguagePrimitives.ConvertTo<byte>(one)];
        }
        catch (PSInvalidCastException e)
        {
            throw new FtpException(FtpErrorKind.InvalidName, $"Nothing was sent, because '{one}' isn't a byte. With -AsByteStream, specify numbers from 0 to 255. To write text, omit it.", null, e);
        }
    }
}
