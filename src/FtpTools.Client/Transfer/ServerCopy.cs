using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;

namespace FtpTools.Transfer;

/// <summary>Copies without a byte of them coming here: made by a server alone, or sent from one server to another.</summary>
internal static class ServerCopy
{
    /// <summary>Copies a file on its server, if that can.</summary>
    /// <param name="connection">To the server.</param>
    /// <param name="source">The file's absolute path.</param>
    /// <param name="target">The copy's absolute path.</param>
    /// <param name="createParents">Whether to make the target's missing parent directories.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False when it has to be done another way, and nothing has changed.</returns>
    public static async Task<bool> TryAsync(FtpConnection connection, string source, string target, bool createParents, CancellationToken cancellationToken)
    {
        if (!connection.Copies.AreOffered || connection.Habits.Has(ServerHabit.NoRename))
            return false;
        var size = await connection.Files.SizeAsync(source, cancellationToken).ConfigureAwait(false);
        try
        {
            return await CopiedPart.TakeAsync(
                connection, source, size, target, createParents, part => connection.Copies.CopyAsync(source, part, size, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (FtpCommandException e) when (e.Verb is "SITE CPFR" or "SITE CPTO")
        {
            connection.Tell($"The server doesn't copy '{source}' itself, so it's received and sent. ({e.Message})");
            return false;
        }
    }

    /// <summary>Has a file sent from its server to another one, over a data connection between the two.</summary>
    /// <param name="from">To the file's server.</param>
    /// <param name="item">The file.</param>
    /// <param name="to">To the other server.</param>
    /// <param name="target">The copy's absolute path there.</param>
    /// <param name="createParents">Whether to make the target's missing parent directories.</param>
    /// <param name="meter">Tells that it is under way.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FtpException">It was not done. <see cref="FtpErrorKind.CommandNotSupported"/>: not without clear text, or without a rename.</exception>
    public static async Task SendAsync(FtpConnection from, FtpItem item, FtpConnection to, string target, bool createParents, TransferMeter meter, CancellationToken cancellationToken)
    {
        var source = item.FullName;
        var transfer = new ServerToServer(from.End, to.End, source, target);
        transfer.Require();
        var size = await from.Files.SizeAsync(source, cancellationToken).ConfigureAwait(false) ?? (item.ItemType == FtpItemType.File ? item.ExactLength : null);
        var isDone = !to.Habits.Has(ServerHabit.NoRename) && await CopiedPart.TakeAsync(
            to, source, size, target, createParents,
            part => transfer.RunAsync(part, size, () => meter.OnWait?.Invoke("between the servers"), cancellationToken), cancellationToken).ConfigureAwait(false);
        if (!isDone)
            throw new FtpException(FtpErrorKind.CommandNotSupported, $"'{target}' wasn't written, because its server can't rename files (RNFR), so an incomplete file could be mistaken for a complete one. Without -ServerToServer, the file is copied through this computer.", target);
    }
}
