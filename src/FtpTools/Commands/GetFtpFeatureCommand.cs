using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Gets the features that a server lists (FEAT).</summary>
[Cmdlet(VerbsCommon.Get, "FtpFeature")]
[OutputType(typeof(FtpFeature))]
public sealed class GetFtpFeatureCommand : FtpSessionCmdlet
{
    /// <summary>Names; <c>*</c>, <c>?</c> and <c>[]</c> are wildcards. All features by default.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(FeatureCompleter))]
    public string[]? Name { get; set; }

    /// <summary>The session, its name or its id; the runspace's current session by default.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public override FtpSession? Session { get; set; }

    private protected override Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        var wanted = (Name ?? ["*"]).Select(name => new WildcardPattern(name, WildcardOptions.IgnoreCase)).ToArray();
        foreach (var feature in TheSession.Features.Where(feature => wanted.Any(pattern => pattern.IsMatch(feature.Name))))
            WriteObject(feature);
        return Task.CompletedTask;
    }
}
