using System.Collections.Generic;
using System.Management.Automation;

namespace FtpTools.Pipeline;

/// <summary>A cmdlet that looks through remote directories, the session's location by default, for items that are chosen.</summary>
public abstract class RemoteChoosingCmdlet : ChoosingCmdlet
{
    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";
    private protected const string ItemSet = "Item";

    private protected RemoteChoosingCmdlet()
    {
    }

    /// <summary>Remote directories and files; <c>*</c>, <c>?</c> and <c>[]</c> are wildcards. The session's location by default.</summary>
    [Parameter(Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ItemPathTransformation]
    [ArgumentCompleter(typeof(RemotePathCompleter))]
    public string[]? Path { get; set; }

    /// <summary>Remote directories and files in whose paths no character is a wildcard.</summary>
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

    /// <summary>Whether nothing was given, which stands for the session's location.</summary>
    private protected bool IsOfLocation => ParameterSetName == PathSet && Path is null;

    /// <summary>What the caller gave, whichever way.</summary>
    private protected IEnumerable<RemoteInput> Inputs => RemoteInput.List(ParameterSetName, InputObject, LiteralPath, Path);
}
