using System;
using System.Globalization;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Takes out of a journal of transfers what is old.</summary>
[Cmdlet(VerbsCommon.Clear, "FtpJournal", SupportsShouldProcess = true)]
public sealed class ClearFtpJournalCommand : FtpCmdlet
{
    /// <summary>The journal, as -Journal of Send-FtpItem and Receive-FtpItem names it; no character is a wildcard.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("LiteralPath", "PSPath", "FullName")]
    public string Path { get; set; } = "";

    /// <summary>Take out what was written before this time: a date, how long ago as 30d, a TimeSpan, Today or Yesterday.</summary>
    [Parameter(Mandatory = true)]
    [PointInTimeTransformation]
    [ArgumentCompleter(typeof(PointInTimeCompleter))]
    public DateTime OlderThan { get; set; }

    private protected override Task ProcessRecordAsync(CancellationToken cancellationToken) => TryAsync(Path, () =>
    {
        var path = LocalPaths.Resolve(this, Path);
        if (ShouldProcess(path, string.Format(CultureInfo.CurrentCulture, "Clear Journal Entries Older Than {0:g}", OlderThan.ToLocalTime())))
            WriteVerbose(string.Format(CultureInfo.InvariantCulture, "{0} lines were removed from '{1}'.", FtpJournal.Clear(path, OlderThan.ToUniversalTime(), WriteWarning), path));
        return Task.CompletedTask;
    });
}
