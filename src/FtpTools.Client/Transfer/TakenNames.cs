using System;
using System.Collections.Generic;
using System.IO;
using FtpTools.Protocol;

namespace FtpTools.Transfer;

/// <summary>
/// The local files that a call has already received something as: another one under the same name would replace what came
/// for Succeeded. Whether two names that look alike are one is asked of the file system, when there are two such: on Linux
/// directories may know no case, on Windows some do, and macOS takes accents apart. Safe to use from several threads at once.
/// </summary>
/// <param name="areOne">Whether two names are one in a directory; the file system's own answer by default.</param>
internal sealed class TakenNames(Func<string, string, string, bool>? areOne = null)
{
    private readonly object _lock = new();
    private readonly Dictionary<string, (string Path, string Source)> _alike = new(StringComparer.OrdinalIgnoreCase);
    // Those that are like another one, and another file all the same.
    private readonly Dictionary<string, string> _others = new(StringComparer.Ordinal);

    /// <summary>Takes the name of a file that is about to be received.</summary>
    /// <param name="path">The absolute local path.</param>
    /// <param name="source">The remote file: it may have the name again.</param>
    /// <param name="server">Tells remote files of different servers apart.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: another file has it.</exception>
    public void Take(string path, string source, string server = "")
    {
        var key = FtpPath.Alike(path);
        lock (_lock)
        {
            if (!_alike.TryGetValue(key, out var first))
            {
                _alike.Add(key, (path, server + source));
                return;
            }

            var former = first.Path == path ? first.Source : _others.TryGetValue(path, out var other) ? other : null;
            if (former == server + source)
                return;
            if (former is not null)
                throw Taken(path, source, $"this command has already received '{former.Substring(former.StartsWith(server, StringComparison.Ordinal) ? server.Length : 0)}' under that name");
            if (IsOne(path, first.Path))
                throw Taken(path, source, $"in that directory, it's the same name as '{Path.GetFileName(first.Path)}', which another file of this command has");
            _others.Add(path, server + source);
        }
    }

    // Directories whose names look alike may be one, too.
    private bool IsOne(string path, string other)
    {
        if (path == other)
            return true;
        var (name, otherName) = (Path.GetFileName(path), Path.GetFileName(other));
        return name.Length > 0 && otherName.Length > 0 && IsOne(Directory(path), Directory(other)) && (name == otherName || (areOne ?? AreOne)(Directory(path), name, otherName));
    }

    private static FtpException Taken(string path, string source, string why) => new(
        FtpErrorKind.InvalidName,
        $"'{source}' wasn't received under the name '{Path.GetFileName(path)}', because {why}. Specify another name with -Destination or -NameMap.", source);

    private static string Directory(string path) => Path.GetDirectoryName(path) ?? "";

    /// <summary>Asks the file system, by a file that is there for a moment.</summary>
    private static bool AreOne(string directory, string name, string other)
    {
        // It may have to be made yet, and will be like the one that it is made in.
        while (!System.IO.Directory.Exists(directory) && Path.GetDirectoryName(directory) is { Length: > 0 } parent)
            directory = parent;
        return Probe(directory, name, other) ?? Probe(directory, "a", "A") ?? Compat.IsWindows;
    }

    private static bool? Probe(string directory, string name, string other)
    {
        var prefix = LocalFile.ProbeName();
        try
        {
            using var file = new FileStream(Path.Combine(directory, prefix + name), FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.DeleteOnClose);
            return File.Exists(Path.Combine(directory, prefix + other));
        }
        catch (Exception e) when (LocalFile.IsFileFailure(e))
        {
            return null;
        }
    }
}
