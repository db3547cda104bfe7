using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Gets how much room there is on a server, as far as it tells.</summary>
[Cmdlet(VerbsCommon.Get, "FtpFreeSpace")]
[OutputType(typeof(FtpFreeSpace))]
public sealed class GetFtpFreeSpaceCommand : FtpSessionCmdlet
{
    /// <summary>The remote directory to ask of; the session's location by default. A quota is the account's, whatever the directory.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    [ValidateNotNullOrEmpty]
    [ItemPathTransformation]
    [ArgumentCompleter(typeof(RemotePathCompleter))]
    public string[]? Path { get; set; }

    private protected override bool OnlyLooks => true;

    private protected override async Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        foreach (var input in RemoteInput.List(null, Path ?? [TheSession.Location], null))
            await TryAsync(input, async session => WriteObject(await session.GetFreeSpaceAsync(input.Given, cancellationToken)));
    }
}
