using System;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Trees;

/// <summary>
/// A file that is taken once, up or down alike: begun in the journal, transferred, compared and under its name, taken in the
/// journal, its original moved away, which the journal tells before and after. Whatever breaks it off between two of these, the
/// next run sees by the last that the journal tells how to go on.
/// </summary>
/// <param name="context">What all files of the call have in common.</param>
/// <param name="source">The original.</param>
/// <param name="plan">Where it goes.</param>
/// <param name="top">The top of the tree that it is in; null for a file of its own.</param>
/// <param name="entry">What the journal knows the file by.</param>
internal sealed class PickUp(BatchContext context, PickedSource source, SourcePlan plan, string? top, FtpJournalEntry entry)
{
    private const int MostNames = 1 << 20;
    private const int MostDoubts = 3; // each costs a transfer

    private static readonly FtpTransferResult _none = new() { Direction = FtpTransferDirection.Download, Source = "", Destination = "" };

    private FtpJournalEntry _entry = entry; // as it is to be written next
    private string? _place; // where the original goes
    private int _doubts;
    private bool _isCompared; // the copy with its original
    private bool _isExplained; // why the original was left
    private bool _isSettled = true; // what the journal tells of it is the last that is to be told

    private bool MovesAway => plan.Action != FtpSourceAction.None;

    private string Away => plan.Action == FtpSourceAction.Remove ? "deleted" : "moved";

    /// <summary>Takes the file.</summary>
    /// <param name="transfer">Transfers it.</param>
    /// <returns>What came of it; where the original could not be moved away, the result tells that.</returns>
    /// <exception cref="FtpException">It was not transferred, and is as it was.</exception>
    public async Task<FtpTransferResult> RunAsync(Func<Task<FtpTransferResult>> transfer)
    {
        if (plan.IsSetAside(source.Path, isDirectory: false, top))
            return Skipped("its name is one of those for completed files (-SourceDestination)", null);
        var seen = await source.SeeAsync().ConfigureAwait(false);
        _entry = _entry with { Length = seen.Length, LastWriteTimeUtc = seen.TimeUtc, TimePrecision = seen.Precision };
        var decision = context.Journal?.Claim(_entry, MovesAway, context.CancellationToken) ?? new JournalDecision(JournalStep.Transfer, 1);
        if (decision.Step == JournalStep.Skip)
            return Skipped(decision.Why!, seen);
        _entry = _entry with { Attempt = decision.Attempt, HasLookalike = decision.HasLookalike };
        _isSettled = context.Journal is null;
        try
        {
            return await RunAsync(decision, seen, transfer).ConfigureAwait(false);
        }
        catch (FtpException e) when (!_isSettled)
        {
            TryLeave(e.ErrorId);
            throw;
        }
    }

    private async Task<FtpTransferResult> RunAsync(JournalDecision decision, SourceState seen, Func<Task<FtpTransferResult>> transfer)
    {
        switch (decision.Step)
        {
            case JournalStep.MoveAway:
                return await FinishAsync(decision.Last!, seen, transfer).ConfigureAwait(false);
            case JournalStep.Look or JournalStep.Compare when decision.Last!.State != FtpJournalState.Begun && !await source.IsThereAsync().ConfigureAwait(false):
                // Another run has moved it away since it was listed here.
                Tell(decision.Last!, isDone: true);
                return Skipped("another run has already transferred it", seen);
            case JournalStep.Check or JournalStep.Compare when await source.IsCopiedAsync(Target(decision.Last!), decision.Step == JournalStep.Check ? seen : null).ConfigureAwait(false):
                context.Trace(FtpLogLevel.Information, $"'{source.Path}' was transferred to '{Target(decision.Last!)}' by a run that was then interrupted. It isn't transferred again.");
                _isCompared = true;
                _entry = _entry with { RemotePath = decision.Last!.RemotePath, LocalPath = decision.Last.LocalPath };
                return await TakenAsync(Result(StatusOf(decision.Last), seen), seen, transfer).ConfigureAwait(false);
            case JournalStep.Check or JournalStep.Compare:
                BeginAgain();
                break;
        }

        return await TransferAsync(seen, transfer).ConfigureAwait(false);
    }

    private async Task<FtpTransferResult> TransferAsync(SourceState seen, Func<Task<FtpTransferResult>> transfer)
    {
        if (_entry.Attempt > 1)
            context.Trace(FtpLogLevel.Information, FormattableString.Invariant($"According to the journal, this is attempt {_entry.Attempt} to transfer '{source.Path}'."));
        var result = await transfer().ConfigureAwait(false);
        _isCompared = result.Status == FtpTransferStatus.Skipped || result.Verification != FtpVerification.None;
        if (result.Status == FtpTransferStatus.Succeeded || (result.Status == FtpTransferStatus.Skipped && await source.IsCopiedAsync(result.Destination, seen).ConfigureAwait(false)))
            return await TakenAsync(result, seen, transfer).ConfigureAwait(false);
        // The target is newer: it is no copy of this one, which may be the only one.
        TryLeave(null);
        return result;
    }

    private void BeginAgain()
    {
        _entry = _entry with { State = FtpJournalState.Begun, Attempt = _entry.Attempt + 1 };
        Tell(_entry, isDone: false);
    }

    /// <summary>Notes that the copy is there, and moves the original away.</summary>
    private async Task<FtpTransferResult> TakenAsync(FtpTransferResult result, SourceState seen, Func<Task<FtpTransferResult>> transfer)
    {
        source.IsInDoubt = false;
        _entry = _entry with { State = FtpJournalState.Taken, SourceAction = plan.Action, Hash = result.Hash, HashAlgorithm = result.HashAlgorithm, HasLookalike = false };
        try
        {
            Tell(_entry, isDone: !MovesAway);
        }
        catch (FtpException e)
        {
            return result with { SourceFailure = e.Adding($"'{source.Path}' was transferred anyway{(MovesAway ? ", but the original was left in place" : "")}.") };
        }

        if (!MovesAway)
            return result;
        context.Trace(FtpLogLevel.Information, $"'{source.Path}' was transferred, and the original is now to be {Away}.");
        return await MoveAwayAsync(result, seen, transfer).ConfigureAwait(false);
    }

    /// <summary>Does what a former run has left: it has taken the file, and was broken off before the original was moved away, or could not do it.</summary>
    private Task<FtpTransferResult> FinishAsync(FtpJournalEntry last, SourceState seen, Func<Task<FtpTransferResult>> transfer)
    {
        _isSettled = _isCompared = true;
        _entry = last with { SourceAction = plan.Action };
        context.Trace(FtpLogLevel.Information, $"'{source.Path}' was transferred by an earlier run, but the original must still be {Away}.");
        return MoveAwayAsync(Result(StatusOf(last), seen) with { Hash = last.Hash, HashAlgorithm = last.HashAlgorithm }, seen, transfer);
    }

    // What could not be moved has been told of, and so has what was to stay; what was broken off has not.
    private static FtpTransferStatus StatusOf(FtpJournalEntry last) =>
        last.ErrorId is null && (last.State == FtpJournalState.Begun || last.SourceAction != FtpSourceAction.None) ? FtpTransferStatus.Succeeded : FtpTransferStatus.Skipped;

    private async Task<FtpTransferResult> MoveAwayAsync(FtpTransferResult result, SourceState seen, Func<Task<FtpTransferResult>> transfer)
    {
        var isAway = false;
        try
        {
            if (plan.Action == FtpSourceAction.Remove && !_isCompared)
                throw Left(FtpErrorKind.VerificationFailed, "the server doesn't report file sizes, so the copy could not be compared with it. To move it without a comparison, use -SourceAction Move");
            if (await MoveAsync(seen).ConfigureAwait(false))
            {
                isAway = true;
                _entry = _entry with { State = FtpJournalState.Away, SourceDestination = _place, ErrorId = null };
                result = result with { SourceAction = plan.Action, SourceDestination = _place };
                Tell(_entry, isDone: true);
                return result;
            }
        }
        catch (FtpException e)
        {
            if (!isAway)
                TryTell(_entry with { State = source.IsInDoubt ? FtpJournalState.Leaving : FtpJournalState.Taken, SourceDestination = source.IsInDoubt ? _place : null, ErrorId = e.ErrorId });
            var fate = isAway ? $"was {Away} anyway" : _isExplained ? null : "was transferred, but the original was left in place";
            return result with { SourceFailure = fate is null ? e : e.Adding($"'{source.Path}' {fate}.") };
        }

        return await TakeDoubtfulAsync(result, seen, transfer).ConfigureAwait(false);
    }

    /// <summary>What is there may be another file, of the same looks, that has come since: then nobody has taken it yet.</summary>
    private async Task<FtpTransferResult> TakeDoubtfulAsync(FtpTransferResult result, SourceState seen, Func<Task<FtpTransferResult>> transfer)
    {
        _isSettled = context.Journal is null;
        _entry = _entry with { HasLookalike = true };
        if (_isCompared = await source.IsCopiedAsync(Target(_entry), null).ConfigureAwait(false))
            return await TakenAsync(result, seen, transfer).ConfigureAwait(false);
        context.Trace(FtpLogLevel.Warning, $"'{source.Path}' is transferred again, because the connection was lost while it was being {Away}, and the file that exists now may be another one.");
        BeginAgain();
        return await TransferAsync(seen, transfer).ConfigureAwait(false);
    }

    /// <returns>False when it is not known whether it is away.</returns>
    private async Task<bool> MoveAsync(SourceState seen)
    {
        _place = null;
        if (plan.Action == FtpSourceAction.Remove)
            return RequireAway(await source.DeleteAsync(seen, TellLeaving).ConfigureAwait(false));

        var wanted = plan.TargetOf(source.Path, top, 0)!;
        if (wanted == source.Path)
            throw Left(FtpErrorKind.InvalidName, "-SourceDestination is the directory that it's already in");
        await source.MakeDirectoryAsync(plan.Parent(wanted)).ConfigureAwait(false);
        for (var number = 0; ; number++)
        {
            number = await FindFreeAsync(number).ConfigureAwait(false);
            _place = plan.TargetOf(source.Path, top, number)!;
            var outcome = await source.MoveAsync(_place, seen, TellLeaving).ConfigureAwait(false);
            if (outcome == AwayOutcome.NameTaken)
                continue;
            if (outcome == AwayOutcome.Done && number > 0)
                context.Trace(FtpLogLevel.Information, $"'{wanted}' already exists, so '{source.Path}' goes to '{_place}'.");
            return RequireAway(outcome);
        }
    }

    /// <returns>False when it is not known whether it is away.</returns>
    private bool RequireAway(AwayOutcome outcome)
    {
        switch (outcome)
        {
            case AwayOutcome.Changed:
                throw Left(FtpErrorKind.TransferIncomplete, "it changed while it was being transferred. The next run transfers it again");
            case AwayOutcome.Doubtful when ++_doubts > MostDoubts:
                throw Left(FtpErrorKind.ConnectionLost, "the connection was lost each time it was to be moved away");
            case AwayOutcome.Gone:
                _place = null;
                break;
        }

        var fate = outcome == AwayOutcome.Gone ? $"didn't exist any more when it was to be {Away}" : _place is null ? "was deleted" : $"was moved to '{_place}'";
        if (outcome != AwayOutcome.Doubtful)
            context.Trace(FtpLogLevel.Information, $"'{source.Path}' {fate}.");
        return outcome != AwayOutcome.Doubtful;
    }

    // From here on until the end of it is told, nobody knows by the journal whether the original is there.
    private void TellLeaving() => Tell(_entry with { State = FtpJournalState.Leaving, SourceDestination = _place, ErrorId = null }, isDone: false);

    private FtpException Left(FtpErrorKind kind, string why)
    {
        _isExplained = true;
        return new(kind, $"'{source.Path}' was left in place, because {why}.", _entry.RemotePath);
    }

    /// <summary>
    /// The first number whose name is free, as far as those below it are taken: where one is put there each day, not all of a
    /// year's are asked for.
    /// </summary>
    private async Task<int> FindFreeAsync(int from)
    {
        var (taken, free) = (from - 1, from);
        for (var step = 1; await source.IsTakenAsync(plan.TargetOf(source.Path, top, free)!).ConfigureAwait(false); step *= 2)
        {
            if (free > MostNames)
                throw Left(FtpErrorKind.AlreadyExists, $"'{plan.TargetOf(source.Path, top, 0)}' already exists, and so do all alternative names");
            (taken, free) = (free, free + step);
        }

        while (free - taken > 1)
        {
            var middle = taken + ((free - taken) / 2);
            if (await source.IsTakenAsync(plan.TargetOf(source.Path, top, middle)!).ConfigureAwait(false))
                taken = middle;
            else
                free = middle;
        }

        return free;
    }

    private void Tell(FtpJournalEntry told, bool isDone)
    {
        context.Journal?.Write(told, isDone, context.CancellationToken);
        _isSettled |= told.State != FtpJournalState.Begun;
    }

    private void TryLeave(string? errorId) => TryTell(_entry with { State = FtpJournalState.Left, ErrorId = errorId });

    // What it is told after a failure, which is what the caller must hear of. Without it the next run sees a run that was broken off.
    private void TryTell(FtpJournalEntry told)
    {
        try
        {
            Tell(told, isDone: true);
        }
        catch (FtpException e)
        {
            context.Trace(FtpLogLevel.Warning, e.Message);
        }
    }

    private static string Target(FtpJournalEntry last) => last.Direction == FtpTransferDirection.Upload ? last.RemotePath : last.LocalPath;

    private FtpTransferResult Skipped(string why, SourceState? seen)
    {
        context.Trace(FtpLogLevel.Information, $"'{source.Path}' wasn't transferred, because {why}.");
        return Result(FtpTransferStatus.Skipped, seen);
    }

    private FtpTransferResult Result(FtpTransferStatus status, SourceState? seen) => _none with
    {
        Direction = _entry.Direction,
        Source = source.Path,
        Destination = Target(_entry),
        StartTime = DateTime.Now,
        Length = seen?.Length ?? 0,
        TransferType = context.Options.TransferType ?? FtpTransferType.Binary,
        Status = status,
    };
}
