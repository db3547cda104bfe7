using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;

namespace FtpTools;

// The server itself, and where on it relative paths begin.
public sealed partial class FtpSession
{
    /// <summary>The features that the server lists, as it has told them at the login (FEAT).</summary>
    public IReadOnlyList<FtpFeature> Features =>
        [.. (_traits.Features?.Lines ?? []).Select(line => new FtpFeature { Name = line.Name, Value = line.Parameters, Server = Server })];

    /// <summary>How much room there is in a directory, or for the account, as far as the server tells.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.CommandNotSupported"/>: it does not.</exception>
    public Task<FtpFreeSpace> GetFreeSpaceAsync(string path, CancellationToken cancellationToken) =>
        _pool.UseAsync(connection => connection.Facts.FreeSpaceAsync(ResolvePath(path), cancellationToken), cancellationToken);

    /// <summary>Says one command in FTP's own words and receives the reply, a refusal too.</summary>
    /// <param name="command">The line: verb and argument, as they go over the wire.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.CommandNotSupported"/>: it is one that a method of the session is for; <see cref="FtpErrorKind.InvalidName"/>: it is no single line.</exception>
    public Task<FtpReply> InvokeAsync(string command, CancellationToken cancellationToken) =>
        _pool.UseAsync(connection => connection.Facts.SayAsync(command, cancellationToken), cancellationToken);

    /// <summary>The error for a refusal of such a command.</summary>
    public FtpCommandException Refused(string command, FtpReply reply) =>
        FtpRefusal.Create(command.TrimStart().Split(' ')[0].ToUpperInvariant(), reply, $"run '{command}'", null, Server);

    /// <summary>Changes where relative paths begin.</summary>
    /// <param name="path">A directory.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.PathNotFound"/>: there is none.</exception>
    public async Task SetLocationAsync(string path, CancellationToken cancellationToken)
    {
        var directory = ResolvePath(path);
        if (!await IsDirectoryAsync(directory, cancellationToken).ConfigureAwait(false))
            throw new FtpException(FtpErrorKind.PathNotFound, $"The directory '{directory}' doesn't exist on {Server}. The location is still '{Location}'. {(directory.IndexOf('\\') < 0 ? "" : "In remote paths, the separator is /. ")}To list a directory, use Get-FtpChildItem.", directory) { Server = Server };
        Location = directory;
    }
}
