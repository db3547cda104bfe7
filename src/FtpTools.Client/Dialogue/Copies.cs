using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>Copies of files that the server makes by itself: SITE CPFR and SITE CPTO, which ProFTPD's mod_copy has and announces as SITE COPY.</summary>
internal sealed class Copies(ProtocolInterpreter pi)
{
    /// <summary>A disk that copies slower than this is taken to be stuck; nothing is said until all is copied.</summary>
    private const long LeastBytesASecond = 4 << 20;

    /// <summary>Whether the server has announced it, and was not seen to know it no more.</summary>
    public bool AreOffered =>
        !pi.Habits.Has(ServerHabit.NoSiteCopy) && pi.Traits.Features!.SiteCommands.Any(command => command.Equals("COPY", StringComparison.OrdinalIgnoreCase) || command.Equals("CPFR", StringComparison.OrdinalIgnoreCase));

    /// <summary>Copies a file under another name, which is written in place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="newPath">The copy.</param>
    /// <param name="size">How many bytes it has, for the time that it may take; null when not known.</param>
    /// <param name="cancellationToken">Ends the wait, and with it the connection: the server goes on copying.</param>
    /// <exception cref="FtpCommandException">The server refused; what it has made of the copy by then may be there.</exception>
    public async Task CopyAsync(string path, string newPath, long? size, CancellationToken cancellationToken)
    {
        var task = $"copy '{path}' to '{newPath}'";
        var from = await SayAsync("CPFR " + path, ReplySequence.Step, pi.Control.Timeout, cancellationToken).ConfigureAwait(false);
        if (from.IsNegative)
            throw Refused("SITE CPFR", from, task, path);
        var to = await SayAsync("CPTO " + newPath, ReplySequence.Single, pi.Control.Timeout + TimeSpan.FromSeconds((size ?? 0) / LeastBytesASecond), cancellationToken).ConfigureAwait(false);
        if (FtpRefusal.IsRefusal("SITE CPTO", to))
            throw Refused("SITE CPTO", to, task, newPath);
    }

    private FtpCommandException Refused(string verb, FtpReply reply, string task, string path)
    {
        if (FtpRefusal.IsUnknown(reply))
            pi.Habits.Learn(ServerHabit.NoSiteCopy, reply.ToString());
        return FtpRefusal.Create(verb, reply, task, path, pi.Server);
    }

    private async Task<FtpReply> SayAsync(string argument, ReplySequence sequence, TimeSpan bound, CancellationToken cancellationToken)
    {
        var owed = (await pi.Control.SendAsync([(pi.Command("SITE", argument), sequence)], cancellationToken).ConfigureAwait(false))[0];
        try
        {
            while (!owed.IsComplete)
                await pi.Control.PutDownAsync(bound, cancellationToken).ConfigureAwait(false);
            return await owed.TakeFinalAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await pi.SettleAsync(ProtocolInterpreter.CancelGrace, FtpErrorKind.Cancelled, $"A copy on {pi.Server} was canceled, but the server may continue it").ConfigureAwait(false);
            throw;
        }
    }
}
