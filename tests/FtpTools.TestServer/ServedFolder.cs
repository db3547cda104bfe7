using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace FtpTools.TestServer;

/// <summary>One line of a listing.</summary>
internal readonly record struct ListEntry(
    string Name, bool IsDirectory, long Length, DateTime ModifiedUtc, UnixFileMode Mode, string? LinkTarget);

/// <summary>The served tree: remote paths to local ones, which never leave the root, and what is in them.</summary>
internal sealed class ServedFolder(string root, IReadOnlyDictionary<string, int> synthetic)
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.OtherRead;

    private const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute
        | UnixFileMode.OtherExecute;

    private static readonly DateTime _syntheticTime = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public string Root { get; } = RealPath(Path.GetFullPath(root));

    /// <summary>The absolute remote path, without . and .., whatever the argument says.</summary>
    public static string Absolute(string directory, string argument)
    {
        var parts = new List<string>();
        var path = argument.StartsWith('/') ? argument : directory + "/" + argument;
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
            else if (part is not ("." or ".."))
                parts.Add(part);
        }

        return "/" + string.Join('/', parts);
    }

    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
        }
    }

    /// <summary>The local path of an absolute remote one.</summary>
    /// <exception cref="RefusalException">A symbolic link on the way, or a local separator, would lead out of the root.</exception>
    public string Local(string path)
    {
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (names.Any(name => name.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0))
            throw new RefusalException($"553 {path}: File name not allowed");
        var local = Path.Combine([Root, .. names]);
        var real = RealPath(local);
        if (real != Root && !real.StartsWith(Path.TrimEndingDirectorySeparator(Root) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new RefusalException($"550 {path}: Permission denied");
        return local;
    }

    public bool IsFolder(string path) => synthetic.ContainsKey(path) || Directory.Exists(Local(path));

    /// <summary>The entry of a path itself; null when there is none.</summary>
    public ListEntry? Find(string path)
    {
        var name = path == "/" ? "/" : path[(path.LastIndexOf('/') + 1)..];
        if (synthetic.ContainsKey(path))
            return SyntheticFolder(name);
        if (synthetic.TryGetValue(Absolute(path, ".."), out var count))
            return SyntheticFiles(count).Where(e => e.Name == name).Select(e => (ListEntry?)e).FirstOrDefault();
        var local = Local(path);
        if (Directory.Exists(local))
            return Entry(new DirectoryInfo(local), name);
        var file = new FileInfo(local);
        return file.Exists || file.LinkTarget is not null ? Entry(file, name) : null;
    }

    /// <summary>What a folder holds, dot names included, in order of name.</summary>
    public IEnumerable<ListEntry> List(string path)
    {
        if (synthetic.TryGetValue(path, out var count))
            return SyntheticFiles(count);
        var real = new DirectoryInfo(Local(path)).EnumerateFileSystemInfos().Select(info => Entry(info, info.Name));
        var virtuals = synthetic.Keys.Where(key => key != "/" && Absolute(key, "..") == path)
            .Select(key => SyntheticFolder(key[(key.LastIndexOf('/') + 1)..]));
        return real.Concat(virtuals).OrderBy(e => e.Name, StringComparer.Ordinal);
    }

    private static ListEntry SyntheticFolder(string name) => new(name, true, 4096, _syntheticTime, FolderMode, null);

    private static IEnumerable<ListEntry> SyntheticFiles(int count) => Enumerable.Range(0, count).Select(
        i => new ListEntry($"file{i:D6}.txt", false, i, _syntheticTime.AddSeconds(i), FileMode, null));

    private static ListEntry Entry(FileSystemInfo info, string name)
    {
        // What a listing has brought of a file says this much; Windows opens the file for the target.
        var target = info.Attributes.HasFlag(FileAttributes.ReparsePoint) ? info.LinkTarget : null;
        var isFolder = info is DirectoryInfo || (target is not null && Directory.Exists(info.FullName));
        var mode = OperatingSystem.IsWindows() ? isFolder ? FolderMode : FileMode : info.UnixFileMode;
        // Of a link, the size is its target's: that is what RETR would send.
        var length = isFolder ? 4096 : info is FileInfo { Exists: true } file
            ? target is null ? file.Length : Length(file.FullName) : 0;
        return new ListEntry(name, isFolder, length, info.LastWriteTimeUtc, mode, target);
    }

    private static long Length(string path)
    {
        using var handle = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        return RandomAccess.GetLength(handle);
    }

    /// <summary>The path with every symbolic link on its way followed; what does not exist is kept as it is.</summary>
    private static string RealPath(string path)
    {
        var todo = new Stack<string>(Parts(path).Reverse());
        var real = Path.GetPathRoot(path)!;
        for (var hops = 0; todo.TryPop(out var name);)
        {
            if (name is "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var next = Path.Combine(real, name);
            var target = new FileInfo(next).LinkTarget;
            if (target is null)
            {
                real = next;
                continue;
            }

            if (++hops > 40)
                throw new RefusalException("550 Too many levels of symbolic links");
            if (Path.IsPathRooted(target))
                real = Path.GetPathRoot(target)!;
            foreach (var part in Parts(target).Reverse())
                todo.Push(part);
        }

        return real;

        static IEnumerable<string> Parts(string p) => p[Path.GetPathRoot(p)!.Length..]
            .Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
            .Where(part => part != ".");
    }
}
