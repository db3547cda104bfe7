using System;

namespace FtpTools;

/// <summary>By what two files are told apart.</summary>
public enum FtpSyncBy
{
    /// <summary>By their sizes and times.</summary>
    Time,

    /// <summary>By their sizes alone.</summary>
    Size,

    /// <summary>By a hash of their content, which the server must be able to tell.</summary>
    Hash,

    /// <summary>Not at all: a file that is there is there.</summary>
    Presence,
}

/// <summary>How two directories are compared, and what is made of it.</summary>
public sealed record FtpSyncOptions
{
    private const int DefaultMost = 50;

    /// <summary>Which way files go; of no account with <see cref="Newer"/>.</summary>
    public FtpTransferDirection Direction { get; init; }

    /// <summary>By what two files are told apart.</summary>
    public FtpSyncBy By { get; init; }

    /// <summary>Make the one side like the other, so that what is there alone is deleted.</summary>
    public bool Mirror { get; init; }

    /// <summary>Both ways: the newer file of two wins, what is missing is copied, and nothing is deleted.</summary>
    public bool Newer { get; init; }

    /// <summary>What files of trees are taken; null for all. What is left out is never deleted either.</summary>
    public FtpItemFilter? Filter { get; init; }

    /// <summary>Only files that are on both sides: none is made anew.</summary>
    public bool OnlyExisting { get; init; }

    /// <summary>Only files that are missing: none is replaced.</summary>
    public bool OnlyMissing { get; init; }

    /// <summary>Make no directory in which there will be no file.</summary>
    public bool SkipEmptyDirectory { get; init; }

    /// <summary>Delete also where the side that is to be mirrored has no file at all.</summary>
    public bool AllowEmptySource { get; init; }

    /// <summary>The name of a file that both directories must have, or else nothing is done: what is mounted nowhere, or another directory, has none. Null for no such file.</summary>
    public string? AccessMarker { get; init; }

    /// <summary>The most files and directories that may be deleted; null for <see cref="MaximumDeletePercent"/>.</summary>
    public int? MaximumDelete { get; init; }

    /// <summary>The most of the target's files and directories that may be deleted, in per cent, 0 to 100; half of them by default.</summary>
    public int MaximumDeletePercent { get; init; } = DefaultMost;

    /// <summary>Where what is overwritten or deleted is moved to, in a directory that is named by the time: on the side that is changed, relative to that side's directory or absolute; null for nowhere.</summary>
    public string? BackupPath { get; init; }

    /// <summary>What is remembered of both directories, for <see cref="Newer"/>; null for nothing.</summary>
    public FtpSyncState? State { get; init; }

    /// <summary>Refuses what contradicts itself.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.CommandRefused"/>.</exception>
    public void Check()
    {
        var reason =
            Mirror && Newer ? "-Mirror and -Newer can't be combined. Omit one of them."
            : OnlyExisting && OnlyMissing ? "-OnlyExisting and -OnlyMissing can't be combined. Omit one of them."
            : Newer && BackupPath is not null ? "-BackupPath can't be combined with -Newer, which changes both sides. Omit one of them."
            : State is not null && !Newer ? "-StatePath requires -Newer. Omit it, or specify both."
            : Filter?.IsChoice == true ? "-Newest and -Oldest can't be used to compare directories. Omit them."
            : AccessMarker is { } marker && !Protocol.FtpPath.IsName(marker) ? $"'{marker}' (-AccessMarker) isn't a valid name of a file."
            : null;
        if (reason is not null)
            throw new FtpException(FtpErrorKind.CommandRefused, $"Nothing was done: {reason}");
    }

    /// <summary>Whether so many may be deleted.</summary>
    /// <param name="count">How many files and directories would be.</param>
    /// <param name="total">How many the target has.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.TooManyDeletes"/>.</exception>
    public void RequireFew(int count, int total)
    {
        if (MaximumDelete is { } most ? count <= most : count <= (long)total * MaximumDeletePercent / 100)
            return;
        var bound = MaximumDelete is { } number ? FormattableString.Invariant($"{number}") : FormattableString.Invariant($"{MaximumDeletePercent}% of them");
        throw new FtpException(
            FtpErrorKind.TooManyDeletes,
            FormattableString.Invariant($"Nothing was deleted: {count} of the {total} files and directories would be deleted, but at most {bound} are allowed. Check the plan with Compare-FtpDirectory. If it's correct, specify -MaximumDelete {count}."));
    }
}
