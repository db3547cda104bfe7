using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Listing;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>What is said about single files beside their bytes: size, time, name. Paths are absolute.</summary>
internal sealed class Files(ProtocolInterpreter pi)
{
    private const string TimeFormat = "yyyyMMddHHmmss";

    /// <summary>The size of a file in bytes (SIZE, RFC 3659, 4); null when the server does not tell.</summary>
    public async Task<long?> SizeAsync(string path, CancellationToken cancellationToken)
    {
        if (!pi.Habits.HasSize)
            return null;
        // The size in type A counts the CRs on the wire, and ProFTPD and Pure-FTPd refuse to count.
        await pi.TypeAsync(FtpTransferType.Binary, cancellationToken).ConfigureAwait(false);
        var reply = await pi.ExchangeAsync("SIZE", path, cancellationToken).ConfigureAwait(false);
        if (reply.Code is 500 or 502 or 202 || FtpRefusal.IsUnknown(reply))
            pi.Habits.Learn(ServerHabit.NoSize, reply.ToString());
        // 213 (RFC 3659, 4.1), or 200 and 250 of those who answer everything with them.
        return reply.IsCompletion && long.TryParse(reply.SentText.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null;
    }

    /// <summary>The time of a file's last change (MDTM, RFC 3659, 3); null when the server does not tell.</summary>
    public async Task<DateTime?> ModificationTimeAsync(string path, CancellationToken cancellationToken)
    {
        if (!pi.Habits.HasModificationTime)
            return null;
        var reply = await pi.ExchangeAsync("MDTM", path, cancellationToken).ConfigureAwait(false);
        return ReadModificationTime(reply);
    }

    /// <summary>Reads a reply to MDTM; null when it tells no time.</summary>
    public DateTime? ReadModificationTime(FtpReply reply)
    {
        if (reply.Code is 500 or 502 or 202 || FtpRefusal.IsUnknown(reply))
            pi.Habits.Learn(ServerHabit.NoModificationTime, reply.ToString());
        return reply.IsCompletion && FtpTime.TryParse(reply.SentText.Trim(), out var utc, out _) ? utc : null;
    }

    /// <summary>Deletes a file (DELE).</summary>
    public Task DeleteFileAsync(string path, CancellationToken cancellationToken) =>
        pi.CommandAsync("DELE", path, $"delete '{path}'", path, cancellationToken);

    /// <summary>
    /// Deletes what is called a directory but is a link to one: ProFTPD's MLST tells of the target. DELE removes the link
    /// and is refused for a directory, so nothing can be lost by it.
    /// </summary>
    /// <returns>False when it is a directory indeed.</returns>
    public async Task<bool> TryDeleteLinkAsync(string path, CancellationToken cancellationToken) =>
        (await pi.ExchangeAsync("DELE", path, cancellationToken).ConfigureAwait(false)).IsCompletion;

    /// <summary>
    /// Renames (RNFR, RNTO). A cancel before it does nothing; after that it is brought to its end all the same, within
    /// bounds, so that it is known what the file is called.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled before anything was said; or later, and the connection is closed, for the server did not answer.</exception>
    public async Task RenameAsync(string path, string newPath, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var task = $"rename '{path}' to '{newPath}'";
        FtpReply from, to;
        using var end = new CancellationTokenSource();
        try
        {
            using (cancellationToken.Register(() => end.CancelAfter(ProtocolInterpreter.CancelGrace)))
            {
                (from, to) = pi.Habits.ReadsCommandsApart && !pi.Said.IsRenameOpen
                    ? await RenameInOneWriteAsync(path, newPath, end.Token).ConfigureAwait(false)
                    : await RenameInTwoStepsAsync(path, newPath, end.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            pi.Control.Fail(FtpErrorKind.Cancelled, $"A rename on {pi.Server} was canceled, and its outcome isn't known", null);
            throw new OperationCanceledException(cancellationToken);
        }

        pi.Said.IsRenameOpen = from.IsNegative ? pi.Said.IsRenameOpen : FtpRefusal.IsRefusal("RNTO", to);
        if (from.IsNegative)
            throw FtpRefusal.Create("RNFR", from, task, path, pi.Server);
        if (FtpRefusal.IsRefusal("RNTO", to))
            throw FtpRefusal.Create("RNTO", to, task, newPath, pi.Server);
    }

    private async Task<(FtpReply From, FtpReply To)> RenameInTwoStepsAsync(string path, string newPath, CancellationToken end)
    {
        var from = await SayAsync("RNFR", path).ConfigureAwait(false);
        return (from, from.IsNegative ? from : await SayAsync("RNTO", newPath).ConfigureAwait(false));

        async Task<FtpReply> SayAsync(string verb, string argument) =>
            await (await pi.Control.SendAsync(pi.Command(verb, argument), end).ConfigureAwait(false)).TakeAsync(end).ConfigureAwait(false);
    }

    /// <summary>No transfer is under way, and RNTO alone does nothing where no former RNFR is open; so that this spares a round trip and costs nothing.</summary>
    private async Task<(FtpReply From, FtpReply To)> RenameInOneWriteAsync(string path, string newPath, CancellationToken end)
    {
        var owed = await pi.Control.SendAsync(
            [(pi.Command("RNFR", path), ReplySequence.Step), (pi.Command("RNTO", newPath), ReplySequence.Single)], end).ConfigureAwait(false);
        var from = await owed[0].TakeAsync(end).ConfigureAwait(false);
        var to = await owed[1].TakeAsync(end).ConfigureAwait(false);
        // RNTO is refused wherever RNFR is, so that a reply too many shows.
        return from.IsNegative && !to.IsNegative ? throw pi.Control.FailOutOfStep("RNTO", to) : (from, to);
    }

    /// <summary>Sets the time of a file's last change: MFMT (draft-somers-ftp-mfxx), or the forms of MDTM and SITE UTIME that older servers have.</summary>
    /// <returns>False when the server knows none of them, or refuses.</returns>
    public async Task<bool> TrySetModificationTimeAsync(string path, DateTime utc, CancellationToken cancellationToken)
    {
        var time = utc.ToString(TimeFormat, CultureInfo.InvariantCulture);
        while (pi.Habits.TimeVerb is { } verb)
        {
            var argument = verb == "SITE" ? $"UTIME {time} {path}" : $"{time} {path}";
            var reply = await pi.ExchangeAsync(verb, argument, cancellationToken).ConfigureAwait(false);
            if (reply.IsCompletion)
                return true;
            // 550 may be about this file, and both about a time that no clock of the server reaches; anything else says that
            // this is not the way.
            if ((reply.Code == 550 && verb == "MFMT" && !FtpRefusal.IsUnknown(reply)) || (reply.Code is 501 or 550 && utc.Year is < 1970 or > 2037))
                return false;
            pi.Habits.Learn(verb switch { "MFMT" => ServerHabit.NoMfmt, "MDTM" => ServerHabit.NoMdtmWithTime, _ => ServerHabit.NoSiteUtime }, reply.ToString());
        }

        return false;
    }
}
