using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Cuts a plan into shards for several computers.</summary>
[Cmdlet(VerbsCommon.Split, "FtpSyncAction")]
[OutputType(typeof(FtpSyncAction))]
public sealed class SplitFtpSyncActionCommand : FtpCmdlet
{
    private readonly List<FtpSyncAction> _plan = [];

    /// <summary>Steps of a plan, as Compare-FtpDirectory emits them.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public FtpSyncAction[]? InputObject { get; set; }

    /// <summary>How many shards that run side by side.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateRange(1, 1000)]
    public int Count { get; set; }

    /// <summary>The most connections that the server gives to all of them together; no limit by default.</summary>
    [Parameter]
    [ValidateRange(1, 10000)]
    public int MaxConnection { get; set; }

    /// <summary>The most bytes a second of all of them together; no limit by default.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long RateLimit { get; set; }

    private protected override Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        _plan.AddRange((InputObject ?? []).Where(action => action is not null));
        return Task.CompletedTask;
    }

    private protected override Task EndProcessingAsync(CancellationToken cancellationToken)
    {
        if (MaxConnection > 0 && MaxConnection < Count)
            throw new FtpException(FtpErrorKind.CommandRefused, $"{Count} shards can't run at the same time over {MaxConnection} connections (-MaxConnection), because each requires one. Specify a lower -Count.");
        foreach (var shard in FtpSyncShards.Cut(_plan, Count, MaxConnection, RateLimit).Where(shard => shard.Count > 0))
            WriteObject(shard.ToArray(), enumerateCollection: false);
        return Task.CompletedTask;
    }
}
