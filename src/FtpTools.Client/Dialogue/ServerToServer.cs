using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Dialogue;

/// <summary>
/// One file from a server to another over a data connection between the two (FXP): the address that one of them listens at is
/// given to the other. It has ended when both have said so, and what failed leaves both connections in step or closed.
/// </summary>
/// <param name="source">The server that sends.</param>
/// <param name="target">The server that receives.</param>
/// <param name="path">The file on the one.</param>
/// <param name="newPath">The name that it is to have in the end on the other, which is what an error is about.</param>
internal sealed class ServerToServer(ServerEnd source, ServerEnd target, string path, string newPath)
{
    /// <summary>Of a transfer that nobody sees, no more is known than what is a bound in all: slower than this it is taken to be stuck.</summary>
    private const long LeastBytesASecond = 16 << 10;

    private const string Relayed = "Without -ServerToServer, the file is copied through this computer.";
    private static readonly TimeSpan _tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longest = TimeSpan.FromDays(1);

    private readonly string _task = $"copy '{path}' from {source.Server} directly to '{newPath}' on {target.Server}";

    private string Beginning => $"Could not {_task}: ";

    /// <summary>Refuses what would be sent in clear text, or cannot be.</summary>
    public void Require()
    {
        if (source.IsProtected != target.IsProtected)
        {
            var (one, other) = source.IsProtected ? (source, target) : (target, source);
            throw Unprotected($"the data connections of {one.Server} are encrypted, but those of {other.Server} aren't");
        }

        if (source.IsProtected && !source.HasClientMethod && !target.HasClientMethod && !source.HasClientPassive && !target.HasClientPassive)
            throw Unprotected($"one of the servers must act as the TLS client, but neither {source.Server} nor {target.Server} supports this (SSCN or CPSV in FEAT). The file would have to be sent in clear text");
    }

    /// <summary>Transfers: the target listens, or else the source does, as far as one of the two then takes the client's part in TLS.</summary>
    /// <param name="written">The name that it is written under.</param>
    /// <param name="size">How many bytes it has; null when not known.</param>
    /// <param name="onTick">Called each second; null for nobody.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FtpCommandException">A server refused; the message tells which, in its own words.</exception>
    public async Task RunAsync(string written, long? size, Action? onTick, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        FtpException? last = null;
        foreach (var (listener, dialler) in new[] { (target, source), (source, target) })
        {
            if (source.IsProtected && !listener.HasClientPassive && !source.HasClientMethod && !target.HasClientMethod)
                continue;
            try
            {
                await TryAsync(listener, dialler, written, size, onTick, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (FtpCommandException e) when (e.Verb == "SSCN")
            {
                throw e.Adding(Relayed);
            }
            catch (FtpException e) when (IsOfTheWay(e))
            {
                failures.Add($"When {listener.Server} listened, {Short(e)}.");
                last = e;
            }
        }

        var message = $"{Beginning}no data connection could be opened between the servers. {string.Join(" ", failures)} Both must be able to reach each other and must allow transfers between servers (FXP), which few do (ProFTPD: AllowForeignAddress; vsftpd: pasv_promiscuous and port_promiscuous; Pure-FTPd: -w).{(source.IsProtected ? " With TLS, neither may require data connections to resume a session (vsftpd: require_ssl_reuse=NO; ProFTPD: TLSOptions NoSessionReuseRequired)." : "")} {Relayed}";
        throw last is FtpCommandException { Reply: { } reply }
            ? new FtpCommandException(FtpErrorKind.DataConnectionFailed, message, reply, path)
            : new FtpException(FtpErrorKind.DataConnectionFailed, message, path, last);
    }

    private async Task TryAsync(ServerEnd listener, ServerEnd dialler, string written, long? size, Action? onTick, CancellationToken cancellationToken)
    {
        var isDone = false;
        try
        {
            await source.PrepareAsync(cancellationToken).ConfigureAwait(false);
            await target.PrepareAsync(cancellationToken).ConfigureAwait(false);
            // A connection that was made again may have come out otherwise.
            Require();
            var byPassive = source.IsProtected && listener.HasClientPassive;
            // Who receives, if it can: a client that sends in TLS 1.3 is sent tickets, and to close over them unread is a reset.
            if (source.IsProtected && !byPassive)
                await (target.HasClientMethod ? target : source).SetTlsClientAsync(true, cancellationToken).ConfigureAwait(false);
            await dialler.DialAsync(await listener.ListenAsync(byPassive, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            // Neither waits for the other's 150: some say it when the data connection is there, and not before.
            await target.BeginAsync("STOR", written, cancellationToken).ConfigureAwait(false);
            await source.BeginAsync("RETR", path, cancellationToken).ConfigureAwait(false);
            await WaitAsync(size, onTick, cancellationToken).ConfigureAwait(false);
            isDone = true;
        }
        finally
        {
            // Of a transfer that has ended, too: who took the client's part in TLS takes his own again.
            var grace = cancellationToken.IsCancellationRequested ? ProtocolInterpreter.CancelGrace : ProtocolInterpreter.FailureGrace;
            await Task.WhenAll(source.LeaveAsync(grace), target.LeaveAsync(grace)).ConfigureAwait(false);
        }

        if (isDone && (source.HasFailed || target.HasFailed))
            throw Refused();
    }

    /// <summary>Hears both until both have ended their part, or one has failed in it.</summary>
    private async Task WaitAsync(long? size, Action? onTick, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var phase = 0;
        while (!source.HasFailed && !target.HasFailed && (source.Final is null || target.Final is null))
        {
            var (sent, received) = (source.WhenReplyAsync(), target.WhenReplyAsync());
            await Task.WhenAny(sent, received, Task.Delay(_tick, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            onTick?.Invoke();
            if (sent.IsCompleted)
                await source.HearAsync(cancellationToken).ConfigureAwait(false);
            if (received.IsCompleted)
                await target.HearAsync(cancellationToken).ConfigureAwait(false);
            var now = source.Final is not null || target.Final is not null ? 2 : source.HasBegun && target.HasBegun ? 1 : 0;
            if (now != phase)
                (phase, watch) = (now, Stopwatch.StartNew());
            if (watch.Elapsed > Bound(phase, size))
                throw Silent(phase);
        }
    }

    private TimeSpan Bound(int phase, long? size) =>
        // Who has sent all that the other has received has nothing left to do.
        target.Final is not null ? ProtocolInterpreter.FailureGrace
        : phase == 1 ? size is { } count ? target.Timeout + TimeSpan.FromSeconds(count / LeastBytesASecond) : _longest
        : source.Timeout > target.Timeout ? source.Timeout : target.Timeout;

    private FtpException Silent(int phase)
    {
        var silent = source.Final is null && (phase != 0 || !source.HasBegun) ? source : target;
        // Who received is done, and who was to send is not: it has not let the other in, who took the end for one of nothing.
        var kind = phase == 0 || (phase == 2 && silent == source) ? FtpErrorKind.DataConnectionFailed : FtpErrorKind.Timeout;
        return new FtpException(
            kind, $"{Beginning}{silent.Server} didn't report in time that {silent.Verb} has {(phase == 0 ? "started" : "completed")}{(kind == FtpErrorKind.Timeout ? ". " + Relayed : "")}", path) { Server = silent.Server };
    }

    /// <summary>The failure with what both said: the cause may be the one's, and the words the other's.</summary>
    private FtpCommandException Refused()
    {
        // That the data connection broke tells the less.
        var first = source.HasFailed && !(target.HasFailed && ServerEnd.IsOfTheDataConnection(source.Final!)) ? source : target;
        var other = first == source ? target : source;
        var about = first == source ? path : newPath;
        var cause = FtpRefusal.Create(first.Verb, first.Final!, _task, about, first.Server);
        var words = other.Final is { } said ? $", and {other.Server} replied '{said}' to {other.Verb}" : "";
        return new FtpCommandException(cause.Kind, $"{Beginning}{first.Server} replied '{first.Final}' to {first.Verb}{words}.", first.Final!, about) { Verb = first.Verb, Server = first.Server };
    }

    private string Short(FtpException e) =>
        e.Message.StartsWith(Beginning, StringComparison.Ordinal) ? e.Message.Substring(Beginning.Length).TrimEnd('.')
        : e is FtpCommandException refusal ? $"{e.Server} replied '{refusal.Reply}' to {refusal.Verb}"
        : e.Message.TrimEnd('.');

    /// <summary>Whether it may do with the parts exchanged.</summary>
    private static bool IsOfTheWay(FtpException e) => e switch
    {
        FtpConnectionException => false,
        FtpCommandException refusal => refusal.Verb is "PASV" or "EPSV" or "CPSV" or "PORT" or "EPRT" || ServerEnd.IsOfTheDataConnection(refusal.Reply),
        _ => e.Kind == FtpErrorKind.DataConnectionFailed,
    };

    private FtpException Unprotected(string why) => new(
        FtpErrorKind.CommandNotSupported, $"'{path}' wasn't copied, because -ServerToServer would require an encrypted data connection between the two servers: {why}. {Relayed.Replace("copied through", "copied encrypted through")}", path);
}
