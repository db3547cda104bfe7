using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>The last part of a login: what the server can do (FEAT, RFC 2389), and whether it reads commands apart that come in one write.</summary>
internal sealed class FeatureDialogue(ProtocolInterpreter pi)
{
    private const string Utf8 = "UTF8 ON";

    /// <summary>How long commands that were said together may take to be answered, all of them.</summary>
    private static readonly TimeSpan _togetherTime = TimeSpan.FromSeconds(1);

    private bool _wantsClient;

    /// <summary>
    /// Asks what the server can do (FEAT), unless another connection of the session has, and says what else belongs to a
    /// login: names in UTF-8, what listings are to tell, what kind of system it is, the type of most transfers.
    /// </summary>
    /// <returns>False when the connection was given up over a command, or over several that were said in one write: it is to be logged in anew.</returns>
    public async Task<bool> TryLearnAsync(CancellationToken cancellationToken)
    {
        _wantsClient = false;
        return await TryAskAsync(cancellationToken).ConfigureAwait(false) && (!_wantsClient || await TrySayClientAsync(cancellationToken).ConfigureAwait(false));
    }

    private async Task<bool> TryAskAsync(CancellationToken cancellationToken)
    {
        var isFirst = pi.Traits.Features is null;
        if (isFirst)
        {
            var reply = await pi.TryExchangeAsync("FEAT", null, cancellationToken).ConfigureAwait(false);
            if (!pi.Control.IsOpen)
                return false;
            pi.Traits.Features = reply is { IsCompletion: true } ? new FtpFeatures(reply) : FtpFeatures.None;
        }

        var features = pi.Traits.Features!;
        var commands = new List<FtpCommand>(4);
        // RFC 2640 makes UTF-8 the default; Windows servers want this to be said (draft-ietf-ftpext-utf-8-option).
        if (pi.Options.Encoding is null && features.Has("UTF8"))
            commands.Add(new FtpCommand("OPTS", Utf8));
        if (features.FactsToAskFor is { } facts)
            commands.Add(new FtpCommand("OPTS", $"MLST {facts}"));
        if (pi.Traits.System is null && !features.HasFacts)
            commands.Add(new FtpCommand("SYST"));
        if (commands.RemoveAll(command => pi.Habits.LeavesUnanswered(command.Verb)) > 0 && pi.Habits.LeavesUnanswered("SYST"))
            pi.Traits.System ??= "";
        if (commands.Count > 0 && (pi.Habits.IsToBeTried || pi.Habits.ReadsCommandsApart))
        {
            // Of no use before the first transfer, which says it where it was not said here: by itself it spares nothing, and
            // a server that does not answer it lists all the same.
            commands.Add(new FtpCommand("TYPE", "I"));
            return await TrySayTogetherAsync(commands, cancellationToken).ConfigureAwait(false);
        }

        foreach (var command in commands)
        {
            if (await pi.TryExchangeAsync(command.Verb, command.Argument, cancellationToken).ConfigureAwait(false) is not { } reply)
                return false;
            Heed(command, reply);
        }

        return true;
    }

    /// <summary>
    /// Says commands in one write, and sees if the server reads them apart. RFC 959 promises no more than that one command is
    /// answered after the other; small servers, in JavaScript and in devices above all, take what one packet holds for one
    /// command, answer once, or hang up.
    /// </summary>
    /// <returns>False when not all of them were answered in time: the connection is closed then.</returns>
    private async Task<bool> TrySayTogetherAsync(List<FtpCommand> commands, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // A server that was seen to do it on another connection may be busy.
        var time = pi.Habits.IsToBeTried ? _togetherTime : pi.Options.Timeout;
        bound.CancelAfter(time);
        string evidence;
        try
        {
            var owed = await pi.Control.SendAsync([.. commands.Select(command => (command, ReplySequences.Of(command.Verb)))], cancellationToken).ConfigureAwait(false);
            var replies = new FtpReply[owed.Count];
            for (var i = 0; i < owed.Count; i++)
                replies[i] = await owed[i].TakeAsync(bound.Token).ConfigureAwait(false);
            // Not before all have come: where one command is not answered, each has the reply to the next.
            for (var i = 0; i < owed.Count; i++)
                Heed(commands[i], replies[i]);
            pi.Habits.LearnToReadApart();
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            evidence = FormattableString.Invariant($"not all of {commands.Count} commands in one packet were answered within {time.TotalSeconds:0.#} s");
        }
        catch (OperationCanceledException)
        {
            await pi.SettleAsync(ProtocolInterpreter.CancelGrace, FtpErrorKind.Cancelled, $"The login to {pi.Server} was canceled").ConfigureAwait(false);
            throw;
        }
        catch (FtpConnectionException e) when (e.Reply is null)
        {
            evidence = e.Message;
        }

        pi.Habits.LearnOneCommandAtATime(evidence);
        pi.Trace(FtpLogLevel.Information, $"{pi.Server} accepts only one command at a time ({evidence}). Each command waits for the reply to the previous one.");
        pi.Control.Fail(FtpErrorKind.ConnectionLost, $"{pi.Server} didn't reply to all commands in one packet", null);
        return false;
    }

    /// <summary>Draws what follows from the reply to a command of <see cref="TryLearnAsync"/>.</summary>
    private void Heed(FtpCommand command, FtpReply reply)
    {
        if (command.Verb == "SYST")
            pi.Traits.LearnSystem(reply);
        else if (command.Verb == "TYPE" && reply.IsCompletion)
            pi.Said.Type = FtpTransferType.Binary;
        else if (command.Argument == Utf8 && reply.IsNegative)
            _wantsClient = pi.Traits.Features!.Has("CLNT") || reply.SentText.IndexOf("CLNT", StringComparison.OrdinalIgnoreCase) >= 0;
    }

    /// <summary>Says what client this is. Some servers write names in UTF-8 for clients alone that say so ("Send 'CLNT client_type' before enabling UTF8").</summary>
    private async Task<bool> TrySayClientAsync(CancellationToken cancellationToken) =>
        await pi.TryExchangeAsync("CLNT", "FtpTools", cancellationToken).ConfigureAwait(false) is { } reply
        && (!reply.IsCompletion || await pi.TryExchangeAsync("OPTS", Utf8, cancellationToken).ConfigureAwait(false) is not null);
}
