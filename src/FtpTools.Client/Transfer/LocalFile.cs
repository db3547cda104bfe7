using System;
using System.IO;
using System.Linq;

namespace FtpTools.Transfer;

/// <summary>Local files, with failures that say what to do, and the names that may be written to.</summary>
internal static class LocalFile
{
    // A buffer of one byte turns FileStream's own buffering off; the copy loop brings its own.
    private const int NoBuffer = 1;
    private static readonly char[] _oddCharacters = ['<', '>', ':', '"', '\\', '|', '?', '*'];
    private const string Pipe = "a pipe (FIFO)";
    private const string Device = "a device";

    /// <summary>Opens a file to be sent, also one that another program is writing, as logs are.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>.</exception>
    public static FileStream OpenRead(string path)
    {
        if (KindBesideFile(path) is { } kind)
            throw new FtpException(FtpErrorKind.LocalFileError, $"'{path}' wasn't sent, because it's {kind}. Only files can be sent.");
        return Guard(path, "read the local file", () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, NoBuffer, FileOptions.SequentialScan));
    }

    /// <summary>Sees that what is at a path can be replaced by a file, or be written to as /dev/null can: what waits there for a writer or a reader, or is a disk, cannot.</summary>
    /// <param name="path">The path.</param>
    /// <param name="isDevice">Whether it is to be written to as a device.</param>
    /// <param name="isDirect">Whether it is written to in place, and so what a link leads to would be.</param>
    /// <param name="source">The remote file, for the error.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>.</exception>
    public static void RequireTarget(string path, bool isDevice, bool isDirect, string source)
    {
        if (Directory.Exists(path))
            throw new FtpException(FtpErrorKind.LocalFileError, $"'{source}' wasn't received, because '{path}' is a directory.", source);
        // A shell's pipe has its reader: /dev/stdout.
        if (KindBesideFile(path) is { } kind && !(isDevice && kind is (Device or Pipe)))
            throw new FtpException(FtpErrorKind.LocalFileError, $"'{source}' wasn't received, because '{path}' is {kind}.", source);
        if (isDirect && !isDevice && IsLink(path))
            throw new FtpException(FtpErrorKind.LocalFileError, $"'{source}' wasn't received, because '{path}' is a link, and its target would be overwritten. To replace the link itself, omit -Direct.", source);
    }

    /// <summary>
    /// Whether another program has the file open so that this one may not: ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION; on
    /// Unix a lock, EWOULDBLOCK of Linux and of the BSDs, macOS among them.
    /// </summary>
    public static bool IsInUse(Exception e) => e is IOException && (Compat.IsWindows ? (e.HResult & 0xFFFF) is 0x20 or 0x21 : e.HResult is 11 or 35);

    /// <summary>Whether a path is a link, or a junction, wherever it leads.</summary>
    public static bool IsLink(string path)
    {
        try
        {
            return (File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0 && Compat.IsLink(path);
        }
        catch (Exception e) when (IsFileFailure(e))
        {
            return false;
        }
    }

    /// <summary>What a path leads to that is neither file nor directory; null for these, and for nothing.</summary>
    private static string? KindBesideFile(string path) => Compat.FileType(path) switch
    {
        0x1000 => Pipe,
        0x2000 => Device,
        0x6000 => "a disk (block device)",
        0xC000 => "a socket",
        _ => null,
    };

    /// <summary>Removes a part that is of no more use, unless somebody is writing to it; no failure is worth an error.</summary>
    public static bool TryRemovePart(string path)
    {
        try
        {
            // A file that is open for writing cannot be opened so.
            using var part = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, NoBuffer, FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception e) when (IsFileFailure(e))
        {
            return false;
        }
    }

    /// <summary>
    /// Whether an absolute path stands for a device. Unix has a directory of them, and what is in its subdirectories may be
    /// files (/dev/shm); Windows makes the prefix of their names (NUL) itself.
    /// </summary>
    public static bool IsDevicePath(string path, bool windows)
    {
        var prefix = windows ? @"\\.\" : "/dev/";
        return path.StartsWith(prefix, StringComparison.Ordinal) && path.IndexOf(windows ? '\\' : '/', prefix.Length) < 0;
    }

    /// <summary>How the name of a file begins that is made to ask the file system something, and is gone at once.</summary>
    public static string ProbeName() => ".ftptools-" + Guid.NewGuid().ToString("N").Substring(0, 8);

    /// <summary>
    /// Sees that a file system can hold a name, before a byte is received: the part has another name. Linux may write to one
    /// that takes Windows' names alone (NTFS, FAT, SMB). Most names are seen at a glance to be good everywhere.
    /// </summary>
    /// <param name="path">The file, whose directory is there.</param>
    /// <param name="source">The remote file, for the error.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>.</exception>
    public static void RequireName(string path, string source)
    {
        var name = Path.GetFileName(path);
        // What is behind it would be written to a stream of another file.
        if (Compat.IsWindows && name.IndexOf(':') >= 0)
            throw NoSuchName("a file name can't contain a colon");
        try
        {
            if (name.Length > 80)
                _ = File.GetAttributes(path);
            if (name.Length > 0 && (name.IndexOfAny(_oddCharacters) >= 0 || name[name.Length - 1] is '.' or ' ' || name.Any(char.IsControl)) && !File.Exists(path))
                new FileStream(Path.Combine(Path.GetDirectoryName(path) ?? "", ProbeName() + name), FileMode.CreateNew, FileAccess.Write, FileShare.None, NoBuffer, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            // A new file, or one whose directory takes none at all, which is told as soon as it is to take the part.
        }
        catch (Exception e) when (IsFileFailure(e) || e is ArgumentException)
        {
            throw NoSuchName(e.Message.TrimEnd('.'), e);
        }

        FtpException NoSuchName(string why, Exception? cause = null) => new(
            FtpErrorKind.InvalidName, $"'{source}' wasn't received under the name '{name}', because the file system doesn't support this name ({why}). Specify another name with -Destination or -NameMap.", source, cause);
    }

    /// <summary>Runs local file work; its failures become <see cref="FtpException"/>s.</summary>
    public static T Guard<T>(string path, string what, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (IsFileFailure(e))
        {
            throw Failure(path, what, e);
        }
    }

    /// <summary>Runs local file work; its failures become <see cref="FtpException"/>s.</summary>
    public static void Guard(string path, string what, Action work) => Guard(path, what, () =>
    {
        work();
        return true;
    });

    /// <summary>True for what the platform's file calls throw.</summary>
    public static bool IsFileFailure(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException;

    /// <summary>The error for a failed file call.</summary>
    public static FtpException Failure(string path, string what, Exception e)
    {
        // ENOSPC and EDQUOT; ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL.
        var full = e is IOException && (Compat.IsWindows ? (e.HResult & 0xFFFF) is 0x27 or 0x70 : e.HResult is 28 or 122);
        return new FtpException(
            full ? FtpErrorKind.DiskFull : FtpErrorKind.LocalFileError,
            $"Could not {what} '{path}': {e.Message.TrimEnd('.')}.{(full ? " Free some disk space, or specify another directory." : "")}", null, e) { IsWorthWaiting = IsInUse(e) };
    }

    /// <summary>Sets the time of a file that was received. Not every file system has times, and Windows' begin in 1601; the file itself is whole.</summary>
    /// <param name="path">The file as it is called now.</param>
    /// <param name="target">As it is to be called, for the warning.</param>
    /// <param name="source">The remote file, for the warning.</param>
    /// <param name="time">The time (UTC).</param>
    /// <param name="warn">Told when it cannot be set.</param>
    public static void TrySetTime(string path, string target, string source, DateTime time, Action<string> warn)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, time);
        }
        catch (Exception e) when (IsFileFailure(e) || e is ArgumentOutOfRangeException)
        {
            warn($"The time of '{target}' could not be set to that of '{source}': {e.Message}");
        }
    }

    /// <summary>Removes a file after a failure, which is what the caller must hear of.</summary>
    public static void TryRemove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (IsFileFailure(e))
        {
            // As said.
        }
    }

    /// <summary>Sees that there is a directory to receive a file into, or makes it, and that the file's name can be there.</summary>
    /// <param name="target">The file.</param>
    /// <param name="create">Whether to make it.</param>
    /// <param name="source">The remote file, for the error.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>: it is not there, or cannot be made.</exception>
    public static void RequirePlace(string target, bool create, string source)
    {
        var directory = Path.GetDirectoryName(target) ?? "";
        if (create)
            Guard(directory, "create the local directory", () => Directory.CreateDirectory(directory));
        else if (!Directory.Exists(directory))
            throw new FtpException(FtpErrorKind.LocalFileError, $"'{source}' wasn't received, because the directory '{directory}' doesn't exist. To create it, use -Force.", source);
        RequireName(target, source);
    }
}
