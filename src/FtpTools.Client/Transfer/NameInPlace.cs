using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;

namespace FtpTools.Transfer;

/// <summary>
/// How a part that is complete takes its name. RNTO replaces a file on Unix, and is refused on Windows and by servers that
/// look first (IIS, FileZilla Server, Apache FtpServer): there the former file is set aside under a name of ours, and
/// deleted once the new one has its own. At each moment one of them has the target's name, or it is known where it is.
/// </summary>
/// <param name="target">The absolute remote path.</param>
/// <param name="parts">The parts of the target.</param>
/// <param name="backup">Where the former file goes to stay, in a directory that is there; null when it is not wanted any more.</param>
internal sealed class NameInPlace(string target, PartsOfUpload parts, string? backup = null)
{
    /// <summary>How long the exchange of names may still take after a cancel; half of it done is the worst that could be.</summary>
    private static readonly TimeSpan _cancelledExchange = TimeSpan.FromMilliseconds(500);

    private string? _former; // where the former file is, or may be as far as is known; null when it is under its own name

    /// <summary>Renames a part to the target.</summary>
    /// <returns>False when the server cannot rename at all, and nothing has changed.</returns>
    /// <exception cref="FtpCommandException">It cannot be done; the former file is under its own name, or the error says where.</exception>
    public async Task<bool> TakeAsync(FtpConnection connection, string part, CancellationToken cancellationToken)
    {
        FtpCommandException? cause = null;
        if (_former is null && backup is null && !connection.Habits.Has(ServerHabit.NoReplaceByRename))
        {
            try
            {
                await connection.Files.RenameAsync(part, target, cancellationToken).ConfigureAwait(false);
                return await connection.Directories.IsRenamedAsync(part, cancellationToken).ConfigureAwait(false);
            }
            catch (FtpCommandException e) when (e.Verb == "RNTO" && (e.Reply.IsPermanentNegative || e.Kind == FtpErrorKind.AlreadyExists))
            {
                cause = e;
            }
            catch (FtpCommandException e) when (e.Reply.IsPermanentNegative)
            {
                return IsUnknown(connection, e) ? false : throw await ExplainAsync(connection, part, e, cancellationToken).ConfigureAwait(false);
            }
        }

        if (await connection.Directories.IsDirectoryAsync(target, cancellationToken).ConfigureAwait(false))
            throw new FtpException(FtpErrorKind.AlreadyExists, $"'{target}' is a directory on the server, so it can't be replaced by a file. Send the file under another name.", target);
        using var exchange = new CancellationTokenSource();
        using (cancellationToken.Register(() => exchange.CancelAfter(_cancelledExchange)))
            return await ExchangeAsync(connection, part, cause, exchange.Token).ConfigureAwait(false);
    }

    /// <summary>Gives the former file its name back, where it was set aside and nothing has come in its place.</summary>
    /// <param name="connection">To the server; nothing is done when it is lost.</param>
    /// <param name="cancellationToken">Whether there is little time.</param>
    public async Task TryPutBackAsync(FtpConnection connection, CancellationToken cancellationToken)
    {
        if (_former is null || !connection.IsOpen)
            return;
        using var stop = new CancellationTokenSource(BoundedRemoval.For(cancellationToken));
        try
        {
            await connection.Files.RenameAsync(_former, target, stop.Token).ConfigureAwait(false);
            _former = null;
        }
        catch (Exception e) when (e is FtpException or OperationCanceledException)
        {
            // The error of the transfer says where it is.
        }
    }

    /// <summary>An error with where the former file is, if it is not under its own name.</summary>
    public FtpException Telling(FtpException e) => _former is null ? e : e.Adding(
        $"The old '{target}' was being renamed. If it doesn't have its original name, it's '{_former}' on the server. The next transfer to '{target}' corrects this, or you can rename it.");

    private async Task<bool> ExchangeAsync(FtpConnection connection, string part, FtpCommandException? cause, CancellationToken cancellationToken)
    {
        try
        {
            var isAside = await SetAsideAsync(connection, part, cancellationToken).ConfigureAwait(false);
            if (!isAside && backup is not null && await connection.Directories.ExistsAsync(target, cancellationToken).ConfigureAwait(false))
                throw new FtpException(FtpErrorKind.CommandRefused, $"'{target}' was left unchanged, because it could not be moved to '{backup}' (-BackupPath) first.", target);
            if (!isAside && cause is not null)
                return IsUnknown(connection, cause) ? false : throw await ExplainAsync(connection, part, cause, cancellationToken).ConfigureAwait(false);
            try
            {
                await connection.Files.RenameAsync(part, target, cancellationToken).ConfigureAwait(false);
            }
            catch (FtpCommandException e)
            {
                await TryPutBackAsync(connection, cancellationToken).ConfigureAwait(false);
                if (e.Reply.IsTransientNegative)
                    throw;
                throw await ExplainAsync(connection, part, e, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            if (_former is not null)
                connection.Warn($"The operation was canceled while '{target}' was being replaced. If the old file doesn't have its original name, it's '{_former}' on the server.");
            throw;
        }

        if (cause is not null)
            connection.Habits.Learn(ServerHabit.NoReplaceByRename, cause.Reply.ToString());
        if (_former is { } former && former != backup && !await BoundedRemoval.TryAsync(connection, former, CancellationToken.None).ConfigureAwait(false))
            connection.Warn($"'{former}', which is the old '{target}', could not be deleted. The new file is in place.");
        _former = null;
        return true;
    }

    /// <summary>Sets the former file aside.</summary>
    /// <returns>False when it is not known to be there, or cannot be renamed.</returns>
    private async Task<bool> SetAsideAsync(FtpConnection connection, string part, CancellationToken cancellationToken)
    {
        var isSecond = false;
        var known = _former;
        _former ??= backup ?? parts.FormerFor(part);
        // A try before has kept it, and may have put the new one in its place: that one is nothing to keep, least of all over the former.
        if (known is not null && known == backup && await connection.Directories.ExistsAsync(backup, cancellationToken).ConfigureAwait(false))
            return true;
        while (true)
        {
            try
            {
                await connection.Files.RenameAsync(target, _former, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (FtpCommandException e)
            {
                // With the target there, what a transfer that broke off has set aside is older, and in the way. (There are
                // servers that take any name for RNFR.)
                if (e.Verb == "RNTO" && backup is null && !isSecond && await connection.Directories.ExistsAsync(target, cancellationToken).ConfigureAwait(false)
                    && await BoundedRemoval.TryAsync(connection, _former, CancellationToken.None).ConfigureAwait(false))
                {
                    isSecond = true;
                    continue;
                }

                connection.Tell($"The old '{target}' wasn't renamed. ({e.Message})");
                _former = known;
                return known is not null;
            }
        }
    }

    private static bool IsUnknown(FtpConnection connection, FtpCommandException e)
    {
        if (e.Kind != FtpErrorKind.CommandNotSupported)
            return false;
        connection.Habits.Learn(ServerHabit.NoRename, e.Reply.ToString());
        return true;
    }

    /// <summary>What is to be said of a refusal: the part may not be renamed, or it is not there any more.</summary>
    private async Task<FtpCommandException> ExplainAsync(FtpConnection connection, string part, FtpCommandException e, CancellationToken cancellationToken)
    {
        var isGone = e.Kind == FtpErrorKind.PathNotFound && !await connection.Directories.ExistsAsync(part, cancellationToken).ConfigureAwait(false);
        var words = isGone
            ? $"The complete file was sent under this temporary name, but then it didn't exist any more. The server may move complete files away, or another upload with -Resume may have continued it. To use a name that the server ignores, specify -TemporaryName, for example '*.tmp'. To send the file without a temporary name, use -Direct."
            : $"The file was sent under a temporary name, but it could not be renamed. To write '{target}' directly, use -Direct.";
        return new FtpCommandException(e.Kind, $"{e.Message} {words}", e.Reply, target);
    }
}
