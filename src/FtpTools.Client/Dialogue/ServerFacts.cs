using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>What is asked of the server itself, and what a user says to it in FTP's own words.</summary>
internal sealed class ServerFacts(ProtocolInterpreter pi)
{
    /// <summary>Whether the server is known to set the times of files, before anybody has asked it to: it lists MFMT, or is known by name.</summary>
    public bool SetsTimes => pi.Habits.TimeVerb is not null && (pi.Habits.IsKnownByName || pi.Traits.Features!.Has("MFMT"));

    /// <summary>How much room there is, by the first command for it that the server knows.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.CommandNotSupported"/>: it knows none.</exception>
    public async Task<FtpFreeSpace> FreeSpaceAsync(string path, CancellationToken cancellationToken)
    {
        FtpReply? last = null;
        foreach (var (verb, argument, read) in new (string, string?, Func<string, (long? Free, long? Used, long? Limit)?>)[]
        {
            ("AVBL", path, FreeSpaceReply.ReadAvailable), ("XQUOTA", null, FreeSpaceReply.ReadUsage), ("SITE", "QUOTA", FreeSpaceReply.ReadQuota),
        })
        {
            var reply = await pi.ExchangeAsync(verb, argument, cancellationToken).ConfigureAwait(false);
            if (reply.IsCompletion && read(reply.SentText) is { } space)
            {
                return new FtpFreeSpace
                {
                    Server = pi.Server, Path = path, Free = space.Free, Used = space.Used, Limit = space.Limit,
                    Command = verb == "SITE" ? "SITE QUOTA" : verb, Reply = $"{reply.Code} {reply.Text}",
                };
            }
            // 550 is about the path, and so the answer: the command is known.
            if (reply.Code is 550 && verb == "AVBL")
                throw FtpRefusal.Create(verb, reply, $"get the free space of '{path}'", path, pi.Server);
            last = reply;
        }
        throw new FtpCommandException(
            FtpErrorKind.CommandNotSupported, $"{pi.Server} doesn't report the free space: it doesn't support AVBL, XQUOTA or SITE QUOTA, or no quota is set. Its last reply was '{last}'.", last!, path);
    }

    /// <summary>Says a command as it is written, and receives its reply, whatever it is.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.CommandNotSupported"/>: it is one that would bring the session out of step, or <see cref="FtpErrorKind.InvalidName"/>: it is more than one line.</exception>
    public async Task<FtpReply> SayAsync(string line, CancellationToken cancellationToken)
    {
        if (line.IndexOfAny(['\r', '\n', '\0']) >= 0)
            throw new FtpException(FtpErrorKind.InvalidName, $"'{line}' wasn't sent, because it contains a line break or a NUL character, which FTP commands can't contain. Send only one command at a time.");
        var words = line.TrimStart().Split([' '], 2);
        var verb = words[0];
        var command = new FtpCommand(verb.ToUpperInvariant(), words.Length > 1 ? words[1] : null);
        if (verb.Length == 0 || !verb.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9')))
            throw new FtpException(FtpErrorKind.InvalidName, $"'{line}' isn't an FTP command. Commands begin with a word that contains only letters, such as NOOP.");
        if (RawCommand.WhyNot(command.Verb) is { } reason)
            throw new FtpException(FtpErrorKind.CommandNotSupported, $"{command.Verb} wasn't sent. {reason}") { Server = pi.Server };
        var owed = await pi.Control.SendAsync([(command, ReplySequence.Step)], cancellationToken).ConfigureAwait(false);
        try
        {
            return await pi.TakeAsync(owed[0], cancellationToken, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpConnectionException e) when (e.Reply?.Code == 421)
        {
            // It may be the answer to what was asked for (SITE REBOOT), which is not to be said again over another connection.
            pi.Control.IsSessionOver = false;
            throw;
        }
    }

    /// <summary>Sets the permissions of a file (SITE CHMOD).</summary>
    public Task SetPermissionAsync(string path, int permission, CancellationToken cancellationToken) =>
        pi.CommandAsync("SITE", $"CHMOD {FilePermission.ToOctal(permission)} {path}", $"set the permission of '{path}'", path, cancellationToken);

    /// <summary>Whether files that are replaced can be given their former permission, as far as is known.</summary>
    public bool MayRestorePermission => !pi.Traits.HasNoPermission;

    /// <summary>The permission that the server gives to new files; null as long as nobody has looked.</summary>
    public int? NewFilePermission
    {
        get => pi.Traits.NewFilePermission;
        set => pi.Traits.NewFilePermission = value;
    }

    /// <summary>Gives a file that was replaced its former permission, if the server does that.</summary>
    public async Task RestorePermissionAsync(string path, int permission, CancellationToken cancellationToken)
    {
        var octal = FilePermission.ToOctal(permission);
        var reply = await pi.ExchangeAsync("SITE", $"CHMOD {octal} {path}", cancellationToken).ConfigureAwait(false);
        if (!FtpRefusal.IsRefusal("SITE", reply))
            return;
        pi.Traits.HasNoPermission = FtpRefusal.IsUnknown(reply);
        pi.Trace(FtpLogLevel.Information, $"'{path}' has the server's default permission for new files instead of the permission {octal} of the file that it replaced, because the server replied '{reply}' to SITE CHMOD.");
    }
}
