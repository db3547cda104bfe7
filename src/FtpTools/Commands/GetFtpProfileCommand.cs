using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Gets profiles, by their names.</summary>
[Cmdlet(VerbsCommon.Get, "FtpProfile")]
[OutputType(typeof(FtpProfile))]
public sealed class GetFtpProfileCommand : FtpCmdlet
{
    /// <summary>The names, which may have wildcards; all profiles by default.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProfileCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>The file of profiles; the user's own by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    public string? ProfilePath { get; set; }

    private protected override async Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        var store = FtpProfileStore.Of(this, ProfilePath);
        var profiles = store.Read();
        foreach (var pattern in Name)
        {
            await TryAsync(pattern, () =>
            {
                var wildcard = new WildcardPattern(pattern, WildcardOptions.IgnoreCase);
                var found = profiles.Where(profile => wildcard.IsMatch(profile.Name)).ToArray();
                if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(pattern))
                    throw store.Missing(pattern, profiles);
                WriteObject(found, enumerateCollection: true);
                return Task.CompletedTask;
            });
        }
    }
}
