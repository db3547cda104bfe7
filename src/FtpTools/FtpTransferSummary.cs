using System;

namespace FtpTools;

/// <summary>The sum of transfers: what a job has done, and the exit code that tells it to a scheduler.</summary>
public sealed class FtpTransferSummary
{
    /// <summary>0: all that there was to do is done, and that may be nothing. 1: some failed. 2: all failed. 3: there was nothing to do, and -RequireFile was given.</summary>
    public int ExitCode { get; init; }

    /// <summary>How many files were transferred.</summary>
    public int Succeeded { get; init; }

    /// <summary>How many files were there already.</summary>
    public int Skipped { get; init; }

    /// <summary>How many files were not transferred.</summary>
    public int Failed { get; init; }

    /// <summary>How many errors there were besides, of which no result tells: a path that was not found, a listing that could not be read.</summary>
    public int OtherErrors { get; init; }

    /// <summary>The bytes of the files that were transferred.</summary>
    public long Length { get; init; }

    /// <summary>When the first transfer began, in the local time zone; null when there was none.</summary>
    public DateTime? StartTime { get; init; }

    /// <summary>From then until the last one ended.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The bytes over the time, in bytes a second.</summary>
    public double BytesPerSecond => Elapsed > TimeSpan.Zero ? Length / Elapsed.TotalSeconds : 0;

    /// <summary>The first errors, a line each; empty when there were none.</summary>
    public string Error { get; init; } = "";

    /// <summary>In a line, as a log has it.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Succeeded} transferred ({ByteText.Of(Length)}), {Skipped} skipped, {Failed + OtherErrors} failed, exit code {ExitCode}");
}
