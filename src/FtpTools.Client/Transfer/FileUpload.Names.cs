using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;

namespace FtpTools.Transfer;

/// <content>Under which name the bytes are written, where the server does not take the usual one.</content>
internal sealed partial class FileUpload
{
    private async Task<DataOutcome> StoreAsync(FtpConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(connection, Options.Append, 0, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpCommandException e) when (_part is not null && e.Reply.Code is 501 or 550 or 553 && e.Kind is not (FtpErrorKind.DiskFull or FtpErrorKind.PathNotFound))
        {
            return await StoreOtherwiseAsync(connection, _part!, e, cancellationToken).ConfigureAwait(false)
                ?? throw await _parts.ExplainAsync(connection, _part!, e, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends to a part of another name, or, where the server takes none, to the target if there is none yet.</summary>
    /// <returns>Null when that makes no difference, or cannot be tried.</returns>
    private async Task<DataOutcome?> StoreOtherwiseAsync(FtpConnection connection, string part, FtpCommandException refusal, CancellationToken cancellationToken)
    {
        if ((refusal.HasBegun && _meter.Count >= LeastPart) || !_content.CanBegin)
            return null;
        if (refusal.HasBegun)
            await BoundedRemoval.TryAsync(connection, part, cancellationToken).ConfigureAwait(false);
        foreach (var (other, habit) in _parts.Others(connection, part))
        {
            if (await TryStoreAsync(connection, other, habit, refusal, cancellationToken).ConfigureAwait(false) is { } outcome)
                return outcome;
        }

        if (!_parts.IsChosen && FtpRefusal.IsOfName(refusal.Reply) && !await connection.Directories.ExistsAsync(_target, cancellationToken).ConfigureAwait(false))
        {
            (_isDirect, _isInPlace) = (true, true);
            if (await TryStoreAsync(connection, null, ServerHabit.NoTemporaryNames, refusal, cancellationToken).ConfigureAwait(false) is { } outcome)
            {
                connection.Warn($"The server accepts no temporary names, so '{_target}' and all other new files are written directly. Until a file is complete, others can see a part of it.");
                return outcome;
            }

            (_isDirect, _isInPlace) = (false, false);
        }

        _part = part;
        return null;
    }

    private async Task<DataOutcome?> TryStoreAsync(FtpConnection connection, string? part, ServerHabit habit, FtpCommandException refusal, CancellationToken cancellationToken)
    {
        try
        {
            _part = part;
            var outcome = await SendAsync(connection, append: false, 0, cancellationToken).ConfigureAwait(false);
            connection.Habits.Learn(habit, refusal.Reply.ToString());
            return outcome;
        }
        catch (FtpCommandException e) when (e.Reply.IsPermanentNegative && e.Kind != FtpErrorKind.DiskFull)
        {
            if (e.HasBegun)
                await BoundedRemoval.TryAsync(connection, part ?? _target, cancellationToken).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Writes under the target's own name, for the server cannot rename, or takes no other; not over a former file, which would be lost if that broke off.</summary>
    private async Task GoInPlaceAsync(FtpConnection connection, CancellationToken cancellationToken)
    {
        var cause = connection.Habits.Has(ServerHabit.NoRename) ? "can't rename files (RNFR)" : "accepts no temporary names";
        var reason = await connection.Directories.ExistsAsync(_target, cancellationToken).ConfigureAwait(false) ? "the old file would be lost if the transfer was interrupted"
            : !_content.CanBegin ? "the content that was already read can't be read again"
            : null;
        if (reason is not null)
            throw new FtpException(FtpErrorKind.CommandNotSupported, $"'{_target}' wasn't sent. The server {cause}, so the file would have to be written directly, and {reason}. To write it anyway, use -Direct.", _target);
        connection.Tell($"'{_target}' is written directly, because the server {cause}.");
        (_isDirect, _isInPlace, _isResumed, _part, _content.IsBegun) = (true, true, false, null, false);
    }
}
