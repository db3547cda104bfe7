using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>Transfers by one exact command, for a test of it: no other way is tried, and what became of it is taken down.</summary>
internal sealed class Probes(ProtocolInterpreter pi, Files files, Directories directories, Transfers transfers)
{
    /// <summary>Lists where it stands, by one exact command, for a test of it. How the server wants the listing asked for is no matter of the data connection.</summary>
    public async Task ListAsync(DataAttempt attempt, CancellationToken cancellationToken)
    {
        FtpCommandException? refusal = null;
        if (pi.Traits.HasMlsd)
        {
            refusal = await TryListAsync("MLSD", null, attempt, cancellationToken).ConfigureAwait(false);
            if (refusal is null)
                return;
            attempt.Restart();
        }

        await ListAsTextAsync(attempt, cancellationToken).ConfigureAwait(false);
        if (refusal is not null)
            pi.Habits.Learn(ServerHabit.NoMlsd, refusal.Reply.ToString());
    }

    private async Task ListAsTextAsync(DataAttempt attempt, CancellationToken cancellationToken)
    {
        FtpTransferType? type = pi.Habits.Has(ServerHabit.ListInAsciiAlone) ? FtpTransferType.Ascii : null;
        if (await TryListAsync(pi.Habits.Has(ServerHabit.NoList) ? "NLST" : "LIST", type, attempt, cancellationToken).ConfigureAwait(false) is not { } other)
            return;
        if (FtpRefusal.IsUnknown(other.Reply) && other.Verb == "LIST")
        {
            attempt.Restart();
            if (await TryListAsync("NLST", null, attempt, cancellationToken).ConfigureAwait(false) is not null)
                throw other;
            pi.Habits.Learn(ServerHabit.NoList, other.Reply.ToString());
            return;
        }

        if (type is not null || pi.Said.Type == FtpTransferType.Ascii)
            throw other;
        attempt.Restart();
        if (await TryListAsync("LIST", FtpTransferType.Ascii, attempt, cancellationToken).ConfigureAwait(false) is { } last)
            throw last;
        pi.Habits.Learn(ServerHabit.ListInAsciiAlone, other.Reply.ToString());
    }

    /// <summary>Lists in one way.</summary>
    /// <returns>The refusal where another way may do; null where it has listed, if only nothing.</returns>
    private async Task<FtpCommandException?> TryListAsync(string verb, FtpTransferType? type, DataAttempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await transfers.TryOnceAsync(new TransferRequest(verb, null, type, "list the directory", "."), data => data.ReceiveAsync(static (_, _) => { }, ListingTransfer.BufferSize, null), attempt, cancellationToken)
                .ConfigureAwait(false);
            return outcome.IsTruncated ? throw Transfers.Truncated("The listing", ".") : null;
        }
        catch (FtpCommandException e) when (e.Verb == verb && FtpRefusal.IsOfNothing(e.Reply, "."))
        {
            return null;
        }
        catch (FtpCommandException e) when (e.Verb == verb && (FtpRefusal.IsOfCommand(e) || FtpRefusal.IsOfType(e.Reply) || (verb == "MLSD" && e.Kind == FtpErrorKind.PermissionDenied)))
        {
            return e;
        }
    }

    /// <summary>Sends a file of zeros, by one exact command, for a test of it, and deletes it. Where a name is refused that begins with a dot, it has one without.</summary>
    public async Task UploadAsync(string path, int size, DataAttempt attempt, CancellationToken cancellationToken)
    {
        var name = FtpPath.Name(path);
        var plain = FtpPath.Child(FtpPath.Parent(path), name.TrimStart('.'));
        if (pi.Habits.Has(ServerHabit.NoDotNames))
            path = plain;
        try
        {
            await SendAndDeleteAsync(path, size, attempt, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpCommandException e) when (e.Verb == "STOR" && e.Reply.Code is 501 or 550 or 553 && path != plain)
        {
            attempt.Restart();
            await SendAndDeleteAsync(plain, size, attempt, cancellationToken).ConfigureAwait(false);
            pi.Habits.Learn(ServerHabit.NoDotNames, e.Reply.ToString());
        }
    }

    private async Task SendAndDeleteAsync(string path, int size, DataAttempt attempt, CancellationToken cancellationToken)
    {
        var left = size;
        int Produce(byte[] buffer)
        {
            var count = Math.Min(left, buffer.Length);
            left -= count;
            return count;
        }

        var isThere = false;
        try
        {
            await transfers.TryOnceAsync(new TransferRequest("STOR", path, FtpTransferType.Binary, $"send '{path}'", path), data => data.SendAsync(Produce, size), attempt, cancellationToken)
                .ConfigureAwait(false);
            isThere = true;
            if (await files.SizeAsync(path, cancellationToken).ConfigureAwait(false) is { } arrived && arrived != size)
                throw new FtpException(FtpErrorKind.TransferIncomplete, $"{size} bytes were sent, but only {arrived} bytes arrived.", path);
            path = await RenameAsync(path, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // What was refused may be there as an empty file all the same.
            if (pi.Control.IsOpen && (isThere || attempt.Stage >= FtpDataStage.Open))
            {
                using var bound = new CancellationTokenSource(cancellationToken.IsCancellationRequested ? ProtocolInterpreter.CancelGrace : ProtocolInterpreter.FailureGrace);
                await pi.ExchangeAsync("DELE", path, bound.Token).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Renames, as an upload ends, where it is not known what comes of that. A refusal that is about this file shows nothing.</summary>
    /// <returns>The name that the file has then.</returns>
    private async Task<string> RenameAsync(string path, CancellationToken cancellationToken)
    {
        if (pi.Habits.IsRenameKnown || pi.Habits.Has(ServerHabit.NoRename))
            return path;
        var other = path + ".renamed";
        try
        {
            await files.RenameAsync(path, other, cancellationToken).ConfigureAwait(false);
            return await directories.IsRenamedAsync(path, cancellationToken).ConfigureAwait(false) ? other : path;
        }
        catch (FtpCommandException e)
        {
            if (e.Kind == FtpErrorKind.CommandNotSupported)
                pi.Habits.Learn(ServerHabit.NoRename, e.Reply.ToString());
            return path;
        }
    }
}
