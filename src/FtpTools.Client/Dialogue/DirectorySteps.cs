using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>
/// The way to what a path names, on servers that do not take it as it is. To a directory, where CWD takes names in the current
/// one alone: up by CDUP (RFC 959, 4.1.1), then down name by name. To anything, where other commands do: to its directory.
/// </summary>
internal sealed class DirectorySteps(ProtocolInterpreter pi)
{
    private static readonly HashSet<string> _named = new(StringComparer.Ordinal) { "SIZE", "MDTM", "MLST", "DELE", "MKD", "RMD", "RNFR", "RNTO", "RETR", "STOR", "APPE" };

    /// <summary>So many refusals are doubted on one connection.</summary>
    private const int MostTries = 2;

    private int _tries;

    /// <summary>A command whose path, if it has one, is said as the server wants it.</summary>
    public FtpCommand Command(string verb, string? argument)
    {
        if (IsByName(verb, argument) && FtpPath.Parent(argument!) == pi.Said.Directory)
            argument = FtpPath.Name(argument!);
        if (pi.Habits.Has(ServerHabit.SlashBehindDirectories) && verb is "CWD" or "MKD" or "RMD" && argument is { Length: > 0 } && argument[argument.Length - 1] != '/')
            argument += "/";
        if (pi.Habits.Has(ServerHabit.XDirectoryVerbs) && OldName(verb) is { } old)
            verb = old;
        return new FtpCommand(verb, argument is null ? null : ServerPath.Say(pi.Traits.PathStyle, verb, argument));
    }

    /// <summary>Goes to the directory of what a command is about, where it takes its name alone.</summary>
    /// <returns>The refusal where that is not possible; null for none.</returns>
    public async Task<FtpReply?> TryApproachAsync(string verb, string? argument, CancellationToken cancellationToken)
    {
        if (!IsByName(verb, argument) || FtpPath.Parent(argument!) == pi.Said.Directory)
            return null;
        var reply = await pi.TryEnterAsync(FtpPath.Parent(argument!), cancellationToken).ConfigureAwait(false);
        return FtpRefusal.IsRefusal("CWD", reply) ? reply : null;
    }

    /// <summary>Says a command about directories in another way where it was refused: by its old name, or with the name alone.</summary>
    /// <returns>The reply to that where it says yes; null otherwise, or where there is no other way.</returns>
    public async Task<FtpReply?> TryOtherwiseAsync(string verb, string? argument, FtpReply reply, CancellationToken cancellationToken)
    {
        var isPath = argument is { Length: > 1 } && argument.StartsWith("/", StringComparison.Ordinal) && _named.Contains(verb);
        if (!FtpRefusal.IsRefusal(verb, reply))
        {
            if (isPath && reply.IsCompletion && !pi.Habits.Has(ServerHabit.NamesAlone))
                pi.Habits.LearnToTakePaths();
            return null;
        }

        if (OldName(verb) is { } old && reply.Code is 500 or 502 && FtpRefusal.IsUnknown(reply))
            return await TryAsync(pi.Habits.Has(ServerHabit.XDirectoryVerbs) ? verb : old, argument, ServerHabit.XDirectoryVerbs, reply, cancellationToken).ConfigureAwait(false);
        // What is only asked may be missing, which is no reason to ask twice. Serv-U takes paths, and says 501 to MKD with one.
        if (!isPath || verb is not ("MKD" or "RMD" or "DELE") || _tries == MostTries || !(pi.MayBeOfPath(reply) || reply.Code == 501) || FtpRefusal.SaysExists(reply))
            return null;
        _tries++;
        return FtpRefusal.IsRefusal("CWD", await pi.TryEnterAsync(FtpPath.Parent(argument!), cancellationToken).ConfigureAwait(false))
            ? null
            : await TryAsync(verb, FtpPath.Name(argument!), ServerHabit.NamesAlone, reply, cancellationToken).ConfigureAwait(false);
    }

    private async Task<FtpReply?> TryAsync(string verb, string? argument, ServerHabit habit, FtpReply refusal, CancellationToken cancellationToken)
    {
        var owed = await pi.Control.SendAsync(new FtpCommand(verb, argument), cancellationToken).ConfigureAwait(false);
        var reply = await pi.TakeAsync(owed, cancellationToken, cancellationToken).ConfigureAwait(false);
        if (FtpRefusal.IsRefusal(verb, reply))
            return null;
        pi.Habits.Learn(habit, refusal.ToString());
        return reply;
    }

    /// <summary>What RFC 775 called it.</summary>
    private static string? OldName(string verb) => verb switch { "MKD" => "XMKD", "RMD" => "XRMD", "PWD" => "XPWD", _ => null };

    private bool IsByName(string verb, string? argument) =>
        pi.Habits.Has(ServerHabit.NamesAlone) && _named.Contains(verb) && argument is { Length: > 1 } && argument.StartsWith("/", StringComparison.Ordinal);

    /// <summary>Goes from one directory to another. Where a step is refused, it stays where it has come to.</summary>
    /// <returns>The reply to the last step.</returns>
    public async Task<FtpReply> TryGoAsync(string from, string to, CancellationToken cancellationToken)
    {
        // What is left is entered anew: it may have been deleted meanwhile. The root is there always.
        var common = from == to && to != "/" ? FtpPath.Parent(to) : Common(from, to);
        FtpReply? reply = null;
        while (from.Length > common.Length)
        {
            from = FtpPath.Parent(from);
            reply = await StepAsync("CDUP", null, from, cancellationToken).ConfigureAwait(false);
            if (FtpRefusal.IsRefusal("CWD", reply))
                return reply;
        }

        while (from.Length < to.Length)
        {
            var start = FtpPath.Child(from, "").Length;
            var end = to.IndexOf('/', start);
            var name = end < 0 ? to.Substring(start) : to.Substring(start, end - start);
            from = FtpPath.Child(from, name);
            reply = await StepAsync("CWD", name, from, cancellationToken).ConfigureAwait(false);
            if (FtpRefusal.IsRefusal("CWD", reply))
                return reply;
        }

        // At the root already.
        return reply ?? await pi.ExchangeAsync("PWD", null, cancellationToken).ConfigureAwait(false);
    }

    private async Task<FtpReply> StepAsync(string verb, string? name, string directory, CancellationToken cancellationToken)
    {
        var former = pi.Said.Directory;
        pi.Said.Directory = null;
        var reply = await pi.ExchangeAsync(verb, name, cancellationToken).ConfigureAwait(false);
        pi.Said.Directory = FtpRefusal.IsRefusal("CWD", reply) ? former : directory;
        return reply;
    }

    /// <summary>The directory that both are in, or are.</summary>
    private static string Common(string one, string other)
    {
        while (one != "/" && other != one && !other.StartsWith(one + "/", StringComparison.Ordinal))
            one = FtpPath.Parent(one);
        return one;
    }
}
