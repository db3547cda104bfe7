using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>
/// Where a call puts things on a server, with the sense that -Destination has for Copy-Item: an existing directory, or a name
/// that ends with a slash, takes all in, and any other name is the new one of what alone is put there.
/// </summary>
internal sealed class RemoteDestination
{
    // A thousand piped files go to one directory, which is asked for once.
    private readonly HashSet<(FtpSession, string)> _directories = [];
    private readonly HashSet<(FtpSession, string)> _names = [];

    /// <summary>Finds what a destination means.</summary>
    /// <param name="session">The session that it is on.</param>
    /// <param name="given">What was given; null for the session's location.</param>
    /// <param name="isDirectoryAsync">Asks the server whether a path is a directory.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: it begins or ends with a backslash.</exception>
    public async Task<Meaning> FindAsync(FtpSession session, string? given, Func<string, Task<bool>> isDirectoryAsync)
    {
        if (given is null)
            return new(session.Location, IsInto: true, IsThere: true);
        Require(given);
        var path = session.ResolvePath(given);
        if (path == "/" || _directories.Contains((session, path)))
            return new(path, IsInto: true, IsThere: true);
        var endsInSlash = given.EndsWith("/", StringComparison.Ordinal);
        // What was just made of the first item is no directory for the second one.
        if (_names.Contains((session, path)) || !await isDirectoryAsync(path))
            return new(path, endsInSlash, IsThere: false);
        Know(session, path);
        return new(path, IsInto: true, IsThere: true);
    }

    /// <summary>Notes that a directory is there.</summary>
    public void Know(FtpSession session, string path) => _directories.Add((session, path));

    /// <summary>Takes the name that a destination is for some items, of which there may be one alone.</summary>
    /// <param name="session">The session that it is on.</param>
    /// <param name="path">The path.</param>
    /// <param name="count">How many items there are now.</param>
    /// <param name="what">What is done with them, as "to move".</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: there are more.</exception>
    public void TakeName(FtpSession session, string path, int count, string what)
    {
        if (count > 1 || !_names.Add((session, path)))
            throw new FtpException(FtpErrorKind.InvalidName, $"The destination '{path}' isn't an existing directory, so it can only be the name of one item, but there are several {what}. Create the directory first, or end the destination with a slash and add -Force.", path) { Server = session.Server };
    }

    /// <summary>Refuses what was meant for a directory and would be a name.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: it begins or ends with a backslash.</exception>
    public static void Require(string destination)
    {
        if (destination.StartsWith("\\", StringComparison.Ordinal) || destination.EndsWith("\\", StringComparison.Ordinal))
        {
            throw new FtpException(
                FtpErrorKind.InvalidName,
                $"The destination '{destination}' contains backslashes, which are part of the name on most servers. Nothing was changed. In remote paths, the separator is /: '{destination.Replace('\\', '/')}'.",
                destination);
        }
    }

    /// <summary>What a destination means.</summary>
    /// <param name="Path">The absolute path.</param>
    /// <param name="IsInto">Whether things are put into it.</param>
    /// <param name="IsThere">Whether it is known to be a directory that exists.</param>
    public readonly record struct Meaning(string Path, bool IsInto, bool IsThere);
}
