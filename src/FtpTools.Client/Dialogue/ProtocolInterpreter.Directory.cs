using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <content>The current directory.</content>
internal sealed partial class ProtocolInterpreter
{
    /// <summary>How long a server may take to answer PWD, once a reply before it has come.</summary>
    private static readonly TimeSpan _markGrace = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Makes a directory the current one (CWD). It is said even if it was the last one, for a server stays in what was
    /// renamed or deleted meanwhile.
    /// </summary>
    /// <returns>The reply, whatever it is.</returns>
    public async Task<FtpReply> TryEnterAsync(string path, CancellationToken cancellationToken)
    {
        if (Habits.Has(ServerHabit.NoAbsoluteCwd) && await WhereAsync(cancellationToken).ConfigureAwait(false) is { } current)
            return await _steps.TryGoAsync(current, path, cancellationToken).ConfigureAwait(false);
        var former = Said.Directory;
        Said.Directory = null;
        var reply = await ChangeAsync(path, cancellationToken).ConfigureAwait(false);
        if (!FtpRefusal.IsRefusal("CWD", reply))
        {
            Said.Directory = path;
            if (path.Length > 1)
                Habits.LearnToTakePlainDirectories();
            if (path.StartsWith("/", StringComparison.Ordinal))
                Habits.LearnToTakeAbsoluteCwd();
            return reply;
        }

        Said.Directory = former;
        if (FtpRefusal.IsUnknown(reply))
        {
            Habits.Learn(ServerHabit.NoCwd, reply.ToString());
            return reply;
        }

        Habits.LearnToRefuseCwd();
        if (await TryEnterWithSlashAsync(path, reply, cancellationToken).ConfigureAwait(false) is { } entered)
            return entered;
        if (!Habits.IsAbsoluteCwdKnown && reply.Code is 501 or 550 or 553 && !FtpRefusal.IsDenial(reply) && Traits.PathStyle == PathStyle.Slashes
            && await WhereAsync(cancellationToken).ConfigureAwait(false) is { } from && await _steps.TryGoAsync(from, path, cancellationToken).ConfigureAwait(false) is var other && !FtpRefusal.IsRefusal("CWD", other))
        {
            Habits.Learn(ServerHabit.NoAbsoluteCwd, reply.ToString());
            return other;
        }

        return reply;
    }

    /// <summary>Where the server stands; null when it does not tell.</summary>
    private async Task<string?> WhereAsync(CancellationToken cancellationToken)
    {
        // The directory of an address may be said relative to the login's, and then PWD alone tells which one it is.
        if ((Said.Directory ?? Traits.LoginDirectory) is { } known && known.StartsWith("/", StringComparison.Ordinal))
            return known;
        var reply = await ExchangeAsync("PWD", null, cancellationToken).ConfigureAwait(false);
        return !FtpRefusal.IsRefusal("PWD", reply) && WorkingDirectory.TryRead(reply.SentText, out var path) ? Said.Directory = path : null;
    }

    /// <summary>Makes a directory the current one, which must succeed.</summary>
    /// <exception cref="FtpCommandException">The server refused.</exception>
    public async Task EnterAsync(string path, string task, CancellationToken cancellationToken)
    {
        var reply = await TryEnterAsync(path, cancellationToken).ConfigureAwait(false);
        if (FtpRefusal.IsRefusal("CWD", reply))
            throw FtpRefusal.Create("CWD", reply, task, path, Server);
    }

    /// <summary>
    /// Says CWD. One server answers it with 200, and with 250 when it has done it; the second reply may come when the next
    /// command has been sent, and would be taken for that one's. So the first 200 of a session is followed by a PWD, which
    /// nothing but 257 answers.
    /// </summary>
    private async Task<FtpReply> ChangeAsync(string path, CancellationToken cancellationToken)
    {
        var reply = await ExchangeAsync("CWD", path, cancellationToken).ConfigureAwait(false);
        var repetitions = _repetitions;
        if (reply.Code != 200 || !Traits.IsDirectoryTold || (Habits.IsAnswerToCwdKnown && !Habits.Has(ServerHabit.TwoRepliesToCwd)))
            return reply;
        var owed = await Control.SendAsync(Command("PWD", null), cancellationToken).ConfigureAwait(false);
        var next = await TakeAsync(owed, cancellationToken, cancellationToken).ConfigureAwait(false);
        if (next.Code == 257)
        {
            // It had come by then, and belonged to nobody.
            if (_repetitions > repetitions)
                Habits.Learn(ServerHabit.TwoRepliesToCwd, $"a second reply after '{reply}'");
            else
                Habits.LearnToAnswerCwdOnce();
            return reply;
        }

        // A refusal may be of PWD itself, for a directory that may not be looked at; or of CWD, and then the mark follows at once.
        var isSure = Habits.Has(ServerHabit.TwoRepliesToCwd) || !next.IsNegative;
        if (await TrySkipToMarkAsync(isSure ? Options.Timeout : _markGrace, cancellationToken).ConfigureAwait(false))
        {
            Habits.Learn(ServerHabit.TwoRepliesToCwd, next.ToString());
            return next;
        }

        if (isSure)
            throw Control.Fail(FtpErrorKind.ConnectionLost, $"{Server} replied to CWD twice, and to PWD not at all", null);
        Traits.IsDirectoryTold = false;
        return reply;
    }

    /// <summary>Skips to the reply to PWD. Where the user cancels, it is awaited a little longer, for the connection's sake.</summary>
    private async Task<bool> TrySkipToMarkAsync(TimeSpan bound, CancellationToken cancellationToken)
    {
        var isThere = await Control.TrySkipToAsync(257, bound, cancellationToken).ConfigureAwait(false) is not null;
        if (!cancellationToken.IsCancellationRequested)
            return isThere;
        if (!isThere && await Control.TrySkipToAsync(257, CancelGrace, CancellationToken.None).ConfigureAwait(false) is null)
            Control.Fail(FtpErrorKind.Cancelled, $"CWD was canceled, and {Server} didn't reply to PWD", null);
        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>Makes a directory the current one on servers that take it with a slash at the end alone, as those of some PLCs.</summary>
    private async Task<FtpReply?> TryEnterWithSlashAsync(string path, FtpReply refusal, CancellationToken cancellationToken)
    {
        if (refusal.Code is not (501 or 550 or 553) || FtpRefusal.IsDenial(refusal) || Traits.PathStyle != PathStyle.Slashes || path[path.Length - 1] == '/'
            // Who needs the slash knows no MLST either; and most that is refused is not there.
            || Traits.Features is { HasFacts: true } || !Habits.IsSlashToBeTried())
            return null;
        var former = Said.Directory;
        Said.Directory = null;
        var owed = await Control.SendAsync(new FtpCommand("CWD", path + "/"), cancellationToken).ConfigureAwait(false);
        var reply = await TakeAsync(owed, cancellationToken, cancellationToken).ConfigureAwait(false);
        Said.Directory = former;
        if (FtpRefusal.IsRefusal("CWD", reply))
            return null;
        Said.Directory = path;
        Habits.Learn(ServerHabit.SlashBehindDirectories, refusal.ToString());
        return reply;
    }
}
