using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;
using FtpTools.Listing;
using FtpTools.Protocol;

namespace FtpTools;

/// <summary>
/// One logged-in control connection and the verbs of FTP. Paths are absolute. One caller at a time; after any failure it
/// is in sync or closed. The login stands in FtpConnection.Login.cs, listings in FtpConnection.Listing.cs, transfers in
/// FtpConnection.Transfer.cs, with ranges of files in FtpConnection.Range.cs, tests in FtpConnection.Probe.cs and what is said
/// meanwhile in FtpConnection.KeepAlive.cs, their data connections in FtpConnection.Data.cs, hashes and times in FtpConnection.Files.cs.
/// </summary>
internal sealed partial class FtpConnection : IDisposable
{
    /// <summary>How long a cancelled command may take to be answered, so that the connection stays of use (Ctrl+C must return within a second).</summary>
    private static readonly TimeSpan _cancelGrace = TimeSpan.FromMilliseconds(400);

    private readonly FtpClientOptions _options;
    private readonly SessionTraits _traits;
    private readonly int _number;
    private ControlConnection _control;
    private FtpTransferType? _type;

    /// <summary>A connection over a control connection whose greeting has yet to be read.</summary>
    /// <param name="control">The control connection.</param>
    /// <param name="options">The session's options.</param>
    /// <param name="traits">What the session's connections share.</param>
    /// <param name="number">Which connection of the session it is.</param>
    public FtpConnection(ControlConnection control, FtpClientOptions options, SessionTraits traits, int number = 1)
    {
        _options = options;
        _traits = traits;
        _number = number;
        _control = Prepare(control);
    }

    /// <summary>False when the control connection was closed or lost.</summary>
    public bool IsOpen => _control.IsOpen;

    /// <summary>True when an idle connection was closed, or spoken to, by the server.</summary>
    public bool IsStale => _control.HasUnsolicitedInput;

    private string Server => $"{_options.ComputerName}:{_options.Port}";

    /// <summary>The current directory on the server (PWD).</summary>
    public async Task<string> PrintWorkingDirectoryAsync(CancellationToken cancellationToken)
    {
        var reply = await CommandAsync("PWD", null, "ask for the current directory", null, cancellationToken).ConfigureAwait(false);
        // The path stands in quotes, its own quotes doubled (RFC 959, Appendix II).
        var text = reply.Text;
        var path = new StringBuilder();
        var first = text.IndexOf('"');
        for (var i = first + 1; first >= 0 && i < text.Length; i++)
        {
            if (text[i] == '"' && (i + 1 == text.Length || text[++i] != '"'))
                break;
            path.Append(text[i]);
        }

        return FtpPath.Combine("/", path.ToString());
    }

    /// <summary>
    /// Makes a directory the current one (CWD). It is said even if it was the last one, for a server stays in what was
    /// renamed or deleted meanwhile.
    /// </summary>
    public Task ChangeDirectoryAsync(string path, string task, CancellationToken cancellationToken) =>
        CommandAsync("CWD", path, task, path, cancellationToken);

    /// <summary>Whether a path is a directory or leads to one.</summary>
    public async Task<bool> IsDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        // CWD tells for certain, but Pure-FTPd says 421 and hangs up once the directory that was gone into is deleted; so
        // it is tried only where MLST is not known or shows a link.
        if (_traits.Features!.HasFacts)
        {
            var item = await FindAsync(path, null, cancellationToken).ConfigureAwait(false);
            if (item is null || item.ItemType is FtpItemType.Directory or FtpItemType.File)
                return item is { IsDirectory: true };
        }

        return (await ExchangeAsync("CWD", path, cancellationToken).ConfigureAwait(false)).IsCompletion;
    }

    /// <summary>Whether there is anything of that name.</summary>
    public async Task<bool> ExistsAsync(string path, CancellationToken cancellationToken)
    {
        // SIZE and CWD are cheaper than the parent's listing, which is what is left without MLST.
        if (!_traits.Features!.HasFacts
            && (await SizeAsync(path, cancellationToken).ConfigureAwait(false) is not null || await IsDirectoryAsync(path, cancellationToken).ConfigureAwait(false)))
            return true;
        return await FindAsync(path, null, cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <summary>The size of a file in bytes (SIZE, RFC 3659, 4); null when the server does not tell.</summary>
    public async Task<long?> SizeAsync(string path, CancellationToken cancellationToken)
    {
        if (!_traits.HasSize)
            return null;
        // The size in type A counts the CRs on the wire, and ProFTPD and Pure-FTPd refuse to count.
        await TypeAsync(FtpTransferType.Binary, cancellationToken).ConfigureAwait(false);
        var reply = await ExchangeAsync("SIZE", path, cancellationToken).ConfigureAwait(false);
        if (reply.Code is 500 or 502)
            _traits.HasSize = false;
        return reply.Code == 213 && long.TryParse(reply.Text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null;
    }

    /// <summary>The time of a file's last change (MDTM, RFC 3659, 3); null when the server does not tell.</summary>
    public async Task<DateTime?> ModificationTimeAsync(string path, CancellationToken cancellationToken)
    {
        if (!_traits.HasModificationTime)
            return null;
        var reply = await ExchangeAsync("MDTM", path, cancellationToken).ConfigureAwait(false);
        return ReadModificationTime(reply);
    }

    /// <summary>Reads a reply to MDTM; null when it tells no time.</summary>
    private DateTime? ReadModificationTime(FtpReply reply)
    {
        if (reply.Code is 500 or 502)
            _traits.HasModificationTime = false;
        return reply.Code == 213 && FtpTime.TryParse(reply.Text.Trim(), out var utc, out _) ? utc : null;
    }

    /// <summary>Makes a directory (MKD).</summary>
    public async Task MakeDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await CommandAsync("MKD", path, $"make the directory '{path}'", path, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpCommandException e) when (e.Kind == FtpErrorKind.CommandRefused)
        {
            // vsftpd gives no reason ("550 Create directory operation failed."), and this is the likeliest one.
            if (!await IsDirectoryAsync(path, cancellationToken).ConfigureAwait(false))
                throw;
            throw new FtpCommandException(FtpErrorKind.AlreadyExists, $"{e.Message} There is a directory of that name already.", e.Reply, path);
        }
    }

    /// <summary>Makes a directory and its missing parents; content with one that is there.</summary>
    public async Task MakeDirectoriesAsync(string path, CancellationToken cancellationToken)
    {
        var missing = new Stack<string>();
        for (var directory = path; directory.Length > 1; directory = FtpPath.Parent(directory))
        {
            if (await IsDirectoryAsync(directory, cancellationToken).ConfigureAwait(false))
                break;
            missing.Push(directory);
        }

        foreach (var directory in missing)
            await EnsureDirectoryAsync(directory, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a directory whose parent is there; content with one that is there itself, or that another client makes meanwhile.</summary>
    public async Task EnsureDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await MakeDirectoryAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpCommandException)
        {
            if (!await IsDirectoryAsync(path, cancellationToken).ConfigureAwait(false))
                throw;
        }
    }

    /// <summary>Deletes a file (DELE).</summary>
    public Task DeleteFileAsync(string path, CancellationToken cancellationToken) =>
        CommandAsync("DELE", path, $"delete '{path}'", path, cancellationToken);

    /// <summary>Deletes an empty directory (RMD).</summary>
    public Task RemoveDirectoryAsync(string path, CancellationToken cancellationToken) =>
        CommandAsync("RMD", path, $"delete the directory '{path}'", path, cancellationToken);

    /// <summary>
    /// Deletes what is called a directory but is a link to one: ProFTPD's MLST tells of the target. DELE removes the link
    /// and is refused for a directory, so nothing can be lost by it.
    /// </summary>
    /// <returns>False when it is a directory indeed.</returns>
    public async Task<bool> TryDeleteLinkAsync(string path, CancellationToken cancellationToken) =>
        (await ExchangeAsync("DELE", path, cancellationToken).ConfigureAwait(false)).IsCompletion;

    /// <summary>Renames (RNFR, RNTO, in one write: no transfer is under way, and RNTO alone does nothing).</summary>
    public async Task RenameAsync(string path, string newPath, CancellationToken cancellationToken)
    {
        var task = $"rename '{path}' to '{newPath}'";
        await _control.ThrowIfOutOfStepAsync(cancellationToken).ConfigureAwait(false);
        await _control.SendAsync([new FtpCommand("RNFR", path), new FtpCommand("RNTO", newPath)], cancellationToken).ConfigureAwait(false);
        FtpReply from, to;
        try
        {
            from = await _control.ReceiveAsync(cancellationToken).ConfigureAwait(false);
            to = await _control.ReceiveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _control.Fail(FtpErrorKind.Cancelled, $"A rename on {Server} was cancelled, so that it is not known what became of it", null);
            throw;
        }

        // RNTO is refused wherever RNFR is, so that a reply too many shows; 426 ends a transfer.
        var isInStep = from.IsIntermediate ? to.IsCompletion || to.IsNegative : from.IsNegative && to.IsNegative;
        if (!isInStep || from.Code == 426 || to.Code == 426)
            throw _control.FailOutOfStep("RNFR and RNTO", from.IsIntermediate || (from.IsNegative && from.Code != 426) ? to : from);
        if (from.IsNegative)
            throw FtpRefusal.Create("RNFR", from, task, path, Server);
        if (to.IsNegative)
            throw FtpRefusal.Create("RNTO", to, task, newPath, Server);
    }

    /// <summary>Keeps the connection from being closed for idleness (NOOP).</summary>
    public Task KeepAliveAsync(CancellationToken cancellationToken) => ExchangeAsync("NOOP", null, cancellationToken);

    /// <summary>Says goodbye (QUIT), waiting a little for the answer, and closes.</summary>
    public async Task QuitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _control.SendAsync(new FtpCommand("QUIT"), cancellationToken).ConfigureAwait(false);
            await _control.TryReceiveAsync(_cancelGrace).ConfigureAwait(false);
        }
        catch (FtpConnectionException)
        {
            // It is gone already, which is what was wanted.
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Closes without a word.</summary>
    public void Dispose()
    {
        _control.Dispose();
        _tls?.Dispose();
        DropAhead();
    }

    /// <summary>Closes for a reason, which the operation under way then fails with.</summary>
    public void Close(FtpErrorKind kind, string reason)
    {
        _closing = (kind, reason);
        _control.Fail(kind, reason, null);
    }

    /// <summary>False once the server refused REST before STOR.</summary>
    public bool CanRestartStore
    {
        get => _traits.CanRestartStore;
        set => _traits.CanRestartStore = value;
    }

    /// <summary>Tells of something that is good to know.</summary>
    public void Tell(string message) => _control.Trace(FtpLogLevel.Information, message);

    /// <summary>Tells of something that went another way than asked for, while the work goes on.</summary>
    public void Warn(string message) => _control.Trace(FtpLogLevel.Warning, message);

    /// <summary>Sends a command and receives its reply, whatever it is.</summary>
    private async Task<FtpReply> ExchangeAsync(string verb, string? argument, CancellationToken cancellationToken)
    {
        await _control.ThrowIfOutOfStepAsync(cancellationToken).ConfigureAwait(false);
        await _control.SendAsync(new FtpCommand(verb, argument), cancellationToken).ConfigureAwait(false);
        try
        {
            var reply = await _control.ReceiveAsync(cancellationToken).ConfigureAwait(false);
            // A transfer alone has two replies, of which the first is preliminary, and its end is told by 426 or 226.
            return reply.IsPreliminary || (reply.Code == 426 && verb != "ABOR") ? throw _control.FailOutOfStep(verb, reply) : reply;
        }
        catch (OperationCanceledException)
        {
            if (await _control.TryReceiveAsync(_cancelGrace).ConfigureAwait(false) is null)
                _control.Fail(FtpErrorKind.Cancelled, $"{verb} was cancelled and {Server} did not answer it", null);
            throw;
        }
    }

    /// <summary>Sends a command that must succeed (or be followed by another one).</summary>
    /// <exception cref="FtpCommandException">The server refused.</exception>
    private async Task<FtpReply> CommandAsync(string verb, string? argument, string task, string? path, CancellationToken cancellationToken)
    {
        var reply = await ExchangeAsync(verb, argument, cancellationToken).ConfigureAwait(false);
        return reply.IsNegative ? throw FtpRefusal.Create(verb, reply, task, path, Server) : reply;
    }

    /// <summary>Sets the transfer type (TYPE), if it is another than before.</summary>
    private async Task TypeAsync(FtpTransferType type, CancellationToken cancellationToken)
    {
        if (_type == type)
            return;
        _type = null;
        await CommandAsync("TYPE", type == FtpTransferType.Ascii ? "A" : "I", $"set the transfer type {type}", null, cancellationToken).ConfigureAwait(false);
        _type = type;
    }
}
