using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace FtpTools.Pipeline;

/// <summary>A cmdlet that works on remote paths, with wildcards or without.</summary>
public abstract class RemotePathCmdlet : FtpSessionCmdlet
{
    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";
    private protected const string ItemSet = "Item";

    private protected RemotePathCmdlet()
    {
    }

    /// <summary>Remote paths; <c>*</c>, <c>?</c> and <c>[]</c> are wildcards.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RemotePathCompleter))]
    public virtual string[]? Path { get; set; }

    /// <summary>Remote paths in which no character is a wildcard.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RemotePathCompleter))]
    public string[]? LiteralPath { get; set; }

    /// <summary>Items as Get-FtpChildItem and Get-FtpItem emit them; each brings its session along.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ItemSet, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public FtpItem[]? InputObject { get; set; }

    /// <summary>What the caller gave, whichever way.</summary>
    private protected IEnumerable<RemotePattern> Patterns => ParameterSetName switch
    {
        ItemSet => InputObject!.Select(item => RemotePattern.Literal(SessionOf(item), item.FullName, PostUnread)),
        LiteralPathSet => LiteralPath!.Select(path => RemotePattern.Literal(TheSession, path, PostUnread)),
        _ => Path!.Select(path => RemotePattern.Parse(TheSession, path, PostUnread)),
    };
}
