using System;
using System.Threading.Tasks;

namespace FtpTools.Trees;

/// <summary>One piece of the work of a <see cref="TransferQueue"/>.</summary>
/// <param name="Direction">Up or down.</param>
/// <param name="Source">Where from.</param>
/// <param name="Destination">Where to.</param>
/// <param name="Length">How many bytes, as far as that is known.</param>
/// <param name="Run">Does it.</param>
internal sealed record TransferJob(FtpTransferDirection Direction, string Source, string Destination, long Length, Func<Task<FtpTransferResult?>> Run)
{
    /// <summary>It has no result of its own, unless it cannot be entered or made.</summary>
    public bool IsDirectory { get; init; }

    /// <summary>How many levels a directory is below the one that was asked for.</summary>
    public int Depth { get; init; }
}
