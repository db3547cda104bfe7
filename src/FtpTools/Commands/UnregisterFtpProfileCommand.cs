using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Removes profiles. What they name, a vault's secret or a file, stays.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "FtpProfile", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class UnregisterFtpProfileCommand : FtpCmdlet
{
    /// <summary>The names; each character stands for itself.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProfileCompleter))]
    public string[]? Name { get; set; }

    /// <summary>The file of profiles; the user's own by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    public string? ProfilePath { get; set; }

    private protected override async Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        var store = FtpProfileStore.Of(this, ProfilePath);
        foreach (var name in Name!)
        {
            await TryAsync(name, async () =>
            {
                // What is not there is no question.
                var profile = store.Find(name);
                if (ShouldProcess($"{profile.Name} in {store.Path}", "Unregister Profile"))
                    await store.RemoveAsync(name, cancellationToken);
            });
        }
    }
}
