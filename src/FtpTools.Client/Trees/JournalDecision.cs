using System;

namespace FtpTools.Trees;

/// <summary>What is to be done for a file that is taken once.</summary>
internal enum JournalStep
{
    /// <summary>Transfer it.</summary>
    Transfer,

    /// <summary>See whether it was transferred to its end, and transfer it if not.</summary>
    Check,

    /// <summary>See by its hash whether the copy is one of the original as it is, for that cannot be told by its looks, and transfer it if not.</summary>
    Compare,

    /// <summary>See whether it is there at all, for it may have been moved away since it was listed, and transfer it then.</summary>
    Look,

    /// <summary>Move the original away, and no more.</summary>
    MoveAway,

    /// <summary>Nothing.</summary>
    Skip,
}

/// <summary>From the last that a journal tells of a file to what is to be done. Pure.</summary>
/// <param name="Step">What is to be done.</param>
/// <param name="Attempt">Which transfer it is, of the file as it is, or was where it is not transferred.</param>
/// <param name="Why">Why nothing is done, as the end of a sentence; null otherwise.</param>
internal sealed record JournalDecision(JournalStep Step, int Attempt, string? Why = null)
{
    /// <summary>The last that the journal tells of the file; null for nothing.</summary>
    public FtpJournalEntry? Last { get; init; }

    /// <summary>Whether the copy of a former file may look like the one of this.</summary>
    public bool HasLookalike { get; init; }

    /// <summary>Decides.</summary>
    /// <param name="last">The last that the journal tells; null for nothing.</param>
    /// <param name="seen">The original as it is.</param>
    /// <param name="isBusy">Whether the run that has written it is under way: of this run, with this file.</param>
    /// <param name="movesAway">Whether originals are moved away.</param>
    public static JournalDecision Of(FtpJournalEntry? last, SourceState seen, bool isBusy, bool movesAway) =>
        last is null ? new(JournalStep.Transfer, 1) : OfLast(last, seen, isBusy, movesAway) with { Last = last, HasLookalike = MayLookLikeFormer(last, seen) };

    // What was begun for a file of other looks, and did not end, tells nothing of the copy that is there.
    private static bool MayLookLikeFormer(FtpJournalEntry last, SourceState seen) => last.State is FtpJournalState.Begun or FtpJournalState.Left
        ? last.HasLookalike || !seen.IsLike(SourceState.Of(last))
        : !seen.Contradicts(SourceState.Of(last));

    private static JournalDecision OfLast(FtpJournalEntry last, SourceState seen, bool isBusy, bool movesAway)
    {
        var taken = SourceState.Of(last);
        var isSame = seen.IsLike(taken);
        var next = isSame ? last.Attempt + 1 : 1;
        // It may be gone, or the server tells no times.
        var isUnknown = seen.TimeUtc is null;
        return last.State switch
        {
            FtpJournalState.Begun when isBusy => new(JournalStep.Skip, last.Attempt, "another run is transferring it"),
            FtpJournalState.Begun => isSame && seen.IsSure && taken.IsSure ? new(last.HasLookalike ? JournalStep.Compare : JournalStep.Check, last.Attempt) : new(JournalStep.Transfer, next),
            // The other run is about to move it away, or it may be listed still as it was before.
            FtpJournalState.Taken or FtpJournalState.Leaving when isBusy && (isSame || isUnknown) => new(JournalStep.Skip, last.Attempt, "another run has already transferred it"),
            FtpJournalState.Taken or FtpJournalState.Leaving when isUnknown => new(JournalStep.Look, last.Attempt + 1),
            FtpJournalState.Taken or FtpJournalState.Leaving when !isSame => new(JournalStep.Transfer, seen.Contradicts(taken) ? 1 : last.Attempt + 1),
            FtpJournalState.Taken when !movesAway => new(JournalStep.Skip, last.Attempt, FormattableString.Invariant($"it was already transferred at {last.TimeUtc:yyyy-MM-dd HH:mm:ss}Z")),
            // Where times are not exact, another file could look like it, and would be lost.
            FtpJournalState.Taken => seen.IsSure && taken.IsSure ? new(JournalStep.MoveAway, last.Attempt) : new(JournalStep.Transfer, next),
            // Whether it is away is not known: this may be another one that looks the same, and nobody has taken that.
            FtpJournalState.Leaving => new(JournalStep.Compare, last.Attempt),
            FtpJournalState.Away => new(isSame || isUnknown ? JournalStep.Look : JournalStep.Transfer, 1),
            _ => new(JournalStep.Transfer, next),
        };
    }
}
