using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using FtpTools.Protocol;

namespace FtpTools.Connection;

/// <summary>
/// What the server still owes: the commands that were written and not answered to the end, in their order. Replies have no
/// names; only this order tells which command each of them belongs to (RFC 959, 5.4). So each reply is put down to its
/// command as it comes, and can be taken through that command's <see cref="OwedReply"/> alone.
/// </summary>
internal sealed class ReplyLedger
{
    /// <summary>So many repetitions in a row are nobody's fault but the server's.</summary>
    private const int MostRepetitions = 4;

    private readonly LinkedList<OwedReply> _owed = new();
    private OwedReply? _last;
    private int _repetitions;

    /// <summary>True while anything is owed.</summary>
    public bool IsOwing => _owed.Count > 0;

    /// <summary>True when the last reply was one that the server had given before.</summary>
    public bool IsRepeated => _repetitions > 0;

    /// <summary>The command that waits for its reply the longest; null when nothing is owed.</summary>
    public OwedReply? First => _owed.First?.Value;

    /// <summary>Enters a command that is about to be written.</summary>
    public void Enter(OwedReply owed) => _owed.AddLast(owed);

    /// <summary>Puts a reply down to the command it belongs to.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="command">What it would have been the reply to, when it cannot be.</param>
    /// <returns>False when it can be nobody's: the connection is out of step.</returns>
    public bool TryPutDown(FtpReply reply, [NotNullWhen(false)] out string? command)
    {
        var owed = First;
        if (owed?.Sequence == ReplySequence.Transfer && ReplySequences.IsAside(reply) && _owed.FirstOrDefault(one => one.Sequence == ReplySequence.Aside) is { } aside)
            owed = aside;
        command = null;
        // Of several commands nobody could tell whose reply was left out, if it was one after all.
        if (_owed.Count <= 1 && owed is not { HasBegun: true } && _repetitions < MostRepetitions && _last is { Final: { } last } && ReplySequences.IsRepetition(_last.Verb, last, _last.HasBegun, owed?.Verb, reply))
        {
            _repetitions++;
            return true;
        }

        _repetitions = 0;
        command = owed is null ? "nothing" : owed.Accepts(reply) ? null : owed.Verb;
        if (command is not null)
            return false;
        owed!.Add(reply);
        if (!owed.IsComplete)
            return true;
        _owed.Remove(owed);
        _last = owed;
        return true;
    }

    /// <summary>Strikes out all that is owed, when it is known by other means that nothing more will come.</summary>
    public void Clear()
    {
        foreach (var owed in _owed)
            owed.Abandon();
        _owed.Clear();
        _last = null;
    }
}
