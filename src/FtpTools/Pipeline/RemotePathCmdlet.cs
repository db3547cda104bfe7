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

    /// <summary>The paths that the caller gave, as they were given.</summary>
    private protected IEnumerable<string> GivenPaths =>
        (ParameterSetName == LiteralPathSet ? LiteralPath : Path) ?? Enumerable.Empty<string>();

    /// <summary>What a path stands for, which depends on the parameter it was given with.</summary>
    private protected RemotePattern Pattern(string path) =>
        ParameterSetName == LiteralPathSet ? RemotePattern.Literal(TheSession, path) : RemotePattern.Parse(TheSession, path);
}
