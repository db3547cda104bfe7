using System.IO;
using System.Management.Automation;

namespace FtpTools.Pipeline;

// What is taken once, and what becomes of the originals.
public abstract partial class TransferCmdlet
{
    private string? _sourceDestination;
    private string? _journal;

    /// <summary>What becomes of each original once its copy has been compared with it and has its name: Remove, Move or Rename; None, the default, leaves it.</summary>
    [Parameter]
    public FtpSourceAction SourceAction { get; set; }

    /// <summary>The directory that originals are moved to, or the pattern of their new names, as <c>*.done</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SourceDestination { get; set; }

    /// <summary>A file that tells what was taken: it is not taken again, as long as it does not change.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Journal { get; set; }

    private string SourceActionText => SourceAction switch
    {
        FtpSourceAction.None => "",
        FtpSourceAction.Remove => ", then remove the original",
        FtpSourceAction.Move => $", then move the original to '{SourceDestination}'",
        _ => $", then rename the original to '{SourceDestination}'",
    };

    /// <summary>Whether it is the directory that originals are moved to, which a wildcard finds too.</summary>
    private protected bool IsSetAside(FtpTransferBatch batch, string directory) => batch.IsSetAside(directory, _direction);

    // What is wrong with these is wrong for all files, and is told before one is looked for.
    private void BeginPickUp()
    {
        _journal = Journal is null ? null : LocalPaths.Resolve(this, Journal);
        _sourceDestination = SourceDestination;
        // A relative one is seen from the files, and not from here.
        if (SourceDestination is not null && SourceAction == FtpSourceAction.Move && _direction == FtpTransferDirection.Upload
            && (SourceDestination[0] == '~' || Path.IsPathRooted(SourceDestination) || SessionState.Path.IsPSAbsolute(SourceDestination, out _)))
            _sourceDestination = LocalPaths.Resolve(this, SourceDestination);
        Options.Check();
        if (_journal is not null)
            FtpJournal.Check(_journal);
    }
}
