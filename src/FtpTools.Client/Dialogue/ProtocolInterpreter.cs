using System;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>
/// The user's protocol interpreter (user-PI, RFC 959, 2.2) of one login: says one command at a time over its control
/// connection, and takes the reply that is owed for it. What one caller says is answered, or the connection closed, before
/// the next one speaks, whatever ended the first.
/// </summary>
internal sealed partial class ProtocolInterpreter : IDisposable
{
    /// <summary>How long a cancelled command may take to be answered, so that the connection stays of use (Ctrl+C must return within a second).</summary>
    public static readonly TimeSpan CancelGrace = TimeSpan.FromMilliseconds(400);

    /// <summary>How long a server may take to say why a transfer broke.</summary>
    public static readonly TimeSpan FailureGrace = TimeSpan.FromSeconds(5);

    private readonly DirectorySteps _steps;
    private (FtpErrorKind Kind, string Reason)? _closing;
    private int _repetitions;

    /// <summary>The interpreter of a control connection whose greeting has yet to be read.</summary>
    public ProtocolInterpreter(ControlConnection control, FtpClientOptions options, SessionTraits traits)
    {
        Control = control;
        Options = options;
        Traits = traits;
        Control.OnRepetition = NoteRepetition;
        Said = new SaidState();
        _steps = new DirectorySteps(this);
    }

    /// <summary>The control connection.</summary>
    public ControlConnection Control { get; private set; }

    /// <summary>The session's options.</summary>
    public FtpClientOptions Options { get; }

    /// <summary>What the session's connections share.</summary>
    public SessionTraits Traits { get; }

    /// <summary>What the server does otherwise.</summary>
    public ServerHabits Habits => Traits.Habits;

    /// <summary>What was said on the control connection and still holds.</summary>
    public SaidState Said { get; private set; }

    /// <summary>The server's name and port.</summary>
    public string Server => $"{Options.ComputerName}:{Options.Port}";

    /// <summary>True once somebody has closed it for a reason, so that nothing goes on in its place.</summary>
    public bool IsClosing => _closing is not null;

    /// <summary>Goes on over another control connection. Nothing that was said on the former one holds.</summary>
    public void Replace(ControlConnection control)
    {
        Control = control;
        Control.OnRepetition = NoteRepetition;
        Said.Dispose();
        Said = new SaidState();
        if (_closing is { } closing)
            throw control.Fail(closing.Kind, closing.Reason, null);
    }

    /// <summary>A command whose path, if it has one, is said as the server wants it.</summary>
    public FtpCommand Command(string verb, string? argument) => _steps.Command(verb, argument);

    /// <summary>Sends a command and receives its reply, whatever it is.</summary>
    public async Task<FtpReply> ExchangeAsync(string verb, string? argument, CancellationToken cancellationToken)
    {
        if (await _steps.TryApproachAsync(verb, argument, cancellationToken).ConfigureAwait(false) is { } denial)
            return denial;
        var owed = await Control.SendAsync(Command(verb, argument), cancellationToken).ConfigureAwait(false);
        var reply = await TakeAsync(owed, cancellationToken, cancellationToken).ConfigureAwait(false);
        return await _steps.TryOtherwiseAsync(verb, argument, reply, cancellationToken).ConfigureAwait(false) ?? reply;
    }

    /// <summary>Whether the refusal of a path may be of its being one: none was accepted yet, and the name alone may do.</summary>
    public bool MayBeOfPath(FtpReply refusal) =>
        !Habits.IsPathKnown && refusal.Code is 500 or 501 or 504 or 550 or 553 && Traits.PathStyle == PathStyle.Slashes && !Habits.Has(ServerHabit.NoCwd) && !Habits.Has(ServerHabit.LibraryNames);

    /// <summary>Takes a reply within a bound. Where the user cancels, it is awaited a little longer, for the connection's sake.</summary>
    public async Task<FtpReply> TakeAsync(OwedReply owed, CancellationToken bound, CancellationToken cancellationToken)
    {
        try
        {
            return await owed.TakeAsync(bound).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await SettleAsync(CancelGrace, FtpErrorKind.Cancelled, $"{owed.Verb} was canceled, and {Server} didn't reply to it").ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Sends a command that the login can do without. Servers of devices leave unanswered what they do not know, or hang up
    /// over it; that is remembered, by the second time for a loss, which may be the network's doing.
    /// </summary>
    /// <returns>Null when there is no answer, and the connection, which might be sent it yet, is closed; or when it was not said, for it is known to have none.</returns>
    public async Task<FtpReply?> TryExchangeAsync(string verb, string? argument, CancellationToken cancellationToken)
    {
        if (Habits.LeavesUnanswered(verb))
            return null;
        try
        {
            var (reply, silence) = await ExchangeInShortAsync(verb, argument, cancellationToken).ConfigureAwait(false);
            if (reply is not null)
                return reply;
            Habits.LearnUnanswered(verb, silence);
        }
        catch (FtpConnectionException e) when (e.InnerException is IOException or SocketException && !IsClosing)
        {
            Habits.LearnLossOver(verb, e.Message);
        }

        Trace(FtpLogLevel.Information, $"{Server} didn't reply to {verb}. The login is repeated without it.");
        return null;
    }

    /// <summary>Sends a command that the login can do without, and waits for its reply not as long as for others.</summary>
    /// <returns>The reply; or null, and what there is to be said of the silence: the connection is closed then.</returns>
    public async Task<(FtpReply? Reply, string Silence)> ExchangeInShortAsync(string verb, string? argument, CancellationToken cancellationToken)
    {
        // Who has less patience than that wants to hear of it, and not of a second login.
        if (Options.Timeout < Options.OptionalTimeout)
            return (await ExchangeAsync(verb, argument, cancellationToken).ConfigureAwait(false), "");
        var half = TimeSpan.FromTicks(Options.Timeout.Ticks / 2);
        var time = Options.OptionalTimeout < half ? Options.OptionalTimeout : half;
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(time);
        var owed = await Control.SendAsync(Command(verb, argument), cancellationToken).ConfigureAwait(false);
        try
        {
            return (await TakeAsync(owed, bound.Token, cancellationToken).ConfigureAwait(false), "");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var silence = FormattableString.Invariant($"{verb} wasn't answered within {time.TotalSeconds:0.#} s");
            Control.Fail(FtpErrorKind.Timeout, $"{silence} by {Server}", null);
            return (null, silence);
        }
    }

    /// <summary>Sends a command that must succeed (or be followed by another one).</summary>
    /// <exception cref="FtpCommandException">The server refused.</exception>
    public async Task<FtpReply> CommandAsync(string verb, string? argument, string task, string? path, CancellationToken cancellationToken)
    {
        var reply = await ExchangeAsync(verb, argument, cancellationToken).ConfigureAwait(false);
        return FtpRefusal.IsRefusal(verb, reply) ? throw FtpRefusal.Create(verb, reply, task, path, Server) : reply;
    }

    /// <summary>Sets the transfer type (TYPE), if it is another than before.</summary>
    public async Task TypeAsync(FtpTransferType type, CancellationToken cancellationToken)
    {
        if (Said.Type == type)
            return;
        if (type == FtpTransferType.Binary && Habits.Has(ServerHabit.NoType))
            return;
        Said.Type = null;
        var reply = await ExchangeAsync("TYPE", type == FtpTransferType.Ascii ? "A" : "I", cancellationToken).ConfigureAwait(false);
        if (FtpRefusal.IsRefusal("TYPE", reply))
        {
            if (type != FtpTransferType.Binary || !(FtpRefusal.IsUnknown(reply) || reply.Code is 501 or 504))
                throw FtpRefusal.Create("TYPE", reply, $"set the transfer type {type}", null, Server);
            Habits.Learn(ServerHabit.NoType, reply.ToString());
            Trace(FtpLogLevel.Warning, $"{Server} doesn't support TYPE ('{reply}'). Files are assumed to be transferred unchanged. Their sizes are compared after each transfer.");
        }

        Said.Type = type;
    }

    /// <summary>
    /// Ends a transfer that is under way (ABOR), which has one reply or two (RFC 959, 4.1.3), so a PWD behind it marks where
    /// they end: nothing else is answered with 257, while 200 may be the reply to ABOR itself, to the transfer, or to a NOOP
    /// in it.
    /// </summary>
    /// <param name="hasBegun">Whether the server has said that the transfer begins.</param>
    /// <param name="grace">How long it may take.</param>
    /// <exception cref="FtpConnectionException">
    /// The server did not answer within the grace, or knows of no transfer, though it has begun one and told no end of it:
    /// pyftpdlib says so of one whose data connection it has not accepted yet, keeps what it was to send, and sends it over the
    /// next data connection, whatever that is for. The connection is closed.
    /// </exception>
    public async Task AbortAsync(bool hasBegun, TimeSpan grace)
    {
        const int NoTransfer = 225;
        await Control.SendAsync(new FtpCommand("ABOR"), CancellationToken.None).ConfigureAwait(false);
        await Control.SendAsync(new FtpCommand("PWD"), CancellationToken.None).ConfigureAwait(false);
        if (await Control.TrySkipToAsync(257, grace, CancellationToken.None).ConfigureAwait(false) is not { } skipped)
            throw Control.Fail(FtpErrorKind.ConnectionLost, $"{Server} didn't reply after a transfer was canceled", null);
        if (hasBegun && skipped.Where(reply => !reply.IsPreliminary).Take(2).ToArray() is [{ Code: NoTransfer } denial])
            throw Control.Fail(FtpErrorKind.ConnectionLost, $"{Server} replied '{denial}' to the cancellation of a transfer that had started, so the state of the transfer is unknown", null);
    }

    /// <summary>
    /// Waits for all that is owed, which nobody wants to hear of any more. Where it does not come within the grace, the
    /// connection is closed. Never throws.
    /// </summary>
    public async Task SettleAsync(TimeSpan grace, FtpErrorKind kind, string what)
    {
        var end = DateTime.UtcNow + grace;
        try
        {
            while (Control.IsOpen && Control.IsOwed)
            {
                if (!await Control.TryPutDownAsync(end - DateTime.UtcNow).ConfigureAwait(false))
                    Control.Fail(kind, what, null);
            }
        }
        catch (FtpConnectionException)
        {
            // Closed, with the reason kept.
        }
    }

    private void NoteRepetition(FtpReply reply)
    {
        _repetitions++;
        Habits.Learn(ServerHabit.RepeatsReplies, reply.ToString());
        Trace(FtpLogLevel.Trace, $"'{reply}' is ignored, because {Server} had already replied.");
    }

    /// <summary>Writes a line to the log and to the running operation's trace.</summary>
    public void Trace(FtpLogLevel level, string message) => Control.Trace(level, message);

    /// <summary>Closes for a reason, which the operation under way then fails with.</summary>
    public void Close(FtpErrorKind kind, string reason)
    {
        _closing = (kind, reason);
        Control.Fail(kind, reason, null);
    }

    /// <summary>Closes without a word.</summary>
    public void Dispose()
    {
        Control.Dispose();
        Said.Dispose();
    }
}
