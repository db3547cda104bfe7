using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Connection;

/// <summary>What the server owes for one command: the one thing by which its replies can be taken.</summary>
internal sealed class OwedReply
{
    /// <summary>So many 1xx at most may stand before the reply that ends a command; servers send one, a few of them two.</summary>
    private const int MostPreliminary = 8;

    private readonly ControlConnection _control;
    private readonly Queue<FtpReply> _come = new();
    private int _preliminary;

    /// <summary>The debt for a command.</summary>
    /// <param name="control">The connection it is written to.</param>
    /// <param name="verb">The command's verb, for messages.</param>
    /// <param name="sequence">Which replies it may have.</param>
    public OwedReply(ControlConnection control, string verb, ReplySequence sequence)
    {
        _control = control;
        Verb = verb;
        Sequence = sequence;
    }

    /// <summary>The command's verb.</summary>
    public string Verb { get; }

    /// <summary>Which replies the command may have.</summary>
    public ReplySequence Sequence { get; }

    /// <summary>True once the reply that ends the command has come, taken or not.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>True once the server has said 1xx.</summary>
    public bool HasBegun => _preliminary > 0;

    /// <summary>The reply that ended the command; null as long as it has not come.</summary>
    public FtpReply? Final { get; private set; }

    /// <summary>
    /// Takes the next reply to the command, waiting for it within the session's time. Replies that are owed before it are
    /// kept for those who will take them. When cancelled, it is still owed.
    /// </summary>
    /// <exception cref="FtpConnectionException">It did not come in time, the connection was lost, or something came that cannot be a reply to what was sent.</exception>
    public async Task<FtpReply> TakeAsync(CancellationToken cancellationToken)
    {
        FtpReply? reply;
        while (!TryTake(out reply))
        {
            if (IsComplete)
                throw new InvalidOperationException($"The reply to {Verb} was taken before.");
            await _control.PutDownAsync(cancellationToken).ConfigureAwait(false);
        }

        return reply;
    }

    /// <summary>Takes the reply that ends the command, however many come before it, within the session's time in all.</summary>
    public async Task<FtpReply> TakeFinalAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (!IsComplete)
        {
            var left = _control.Timeout - watch.Elapsed;
            await _control.PutDownAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        }

        _come.Clear();
        return Final!;
    }

    /// <summary>Takes the next reply to the command if it has come.</summary>
    public bool TryTake([NotNullWhen(true)] out FtpReply? reply)
    {
        reply = _come.Count > 0 ? _come.Dequeue() : null;
        return reply is not null;
    }

    /// <summary>Whether a reply can be one to the command, as far as it has come.</summary>
    internal bool Accepts(FtpReply reply) => Sequence.MayHold(reply) && (!reply.IsPreliminary || _preliminary < MostPreliminary);

    internal void Add(FtpReply reply)
    {
        _come.Enqueue(reply);
        if (reply.IsPreliminary)
        {
            _preliminary++;
            return;
        }

        Final = reply;
        IsComplete = true;
    }

    /// <summary>Nothing more will come.</summary>
    internal void Abandon() => IsComplete = true;
}
