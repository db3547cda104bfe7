using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FtpTools.Protocol;

namespace FtpTools.Transfer;

/// <summary>Local files, with failures that say what to do, and the names that may be written to.</summary>
internal static class LocalFile
{
    // A buffer of one byte turns FileStream's own buffering off; the copy loop brings its own.
    private const int NoBuffer = 1;

    private static readonly string[] _devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>Opens a file to be sent, also one that another program is writing, as logs are.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>.</exception>
    public static FileStream OpenRead(string path) =>
        Guard(path, "read", () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, NoBuffer, FileOptions.SequentialScan));

    /// <summary>Opens a file to be written from a byte on; nobody else can write to it meanwhile.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isNew">It must not be there yet.</param>
    /// <param name="keep">How many of its first bytes stay.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>.</exception>
    public static FileStream OpenWrite(string path, bool isNew, long keep) =>
        Guard(path, "write", () =>
        {
            var mode = isNew ? FileMode.CreateNew : keep > 0 ? FileMode.Open : FileMode.Create;
            var file = new FileStream(path, mode, FileAccess.Write, FileShare.Read, NoBuffer);
            if (keep > 0)
            {
                file.SetLength(keep);
                file.Position = keep;
            }

            return file;
        });

    /// <summary>Whether nobody has written to a file for an hour. One that is written to at several places at once is open to all, so that its being open cannot be seen.</summary>
    public static bool IsLeft(string path) => DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > TimeSpan.FromHours(1);

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
            $"Could not {what} the local file '{path}': {e.Message.TrimEnd('.')}.{(full ? " Make room there, or receive it into another directory." : "")}", null, e);
    }

    /// <summary>Checks that a remote name can be the name of a local file. It is never changed: two names could become one.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: it would leave its directory, or cannot be written here.</exception>
    public static void CheckName(string name, string remotePath, bool windows)
    {
        var reason =
            name is "" or "." or ".." || name.IndexOfAny(['/', '\0']) >= 0 ? "it would lead out of the destination directory"
            : FtpUtf8Encoding.HasEscapes(name) ? "its bytes are not UTF-8; connect with -Encoding and the server's encoding (windows-1252, say)"
            : !windows ? null
            : name.Any(c => c < ' ' || "<>:\"\\|?*".IndexOf(c) >= 0) ? "it holds a character that Windows file names cannot"
            : name[name.Length - 1] is '.' or ' ' ? "Windows drops the dot or space at its end"
            : IsDevice(name) ? "it is the name of a device"
            : null;
        if (reason is not null)
            throw new FtpException(FtpErrorKind.InvalidName, $"'{remotePath}' was not received under the name '{name}': {reason}. Receive it alone, with another name as -Destination.", remotePath);
    }

    /// <summary>Checks that a name is not yet that of another file of the same tree: the second would replace the first.</summary>
    /// <param name="taken">The names in the directory so far; this one is added.</param>
    /// <param name="name">The name.</param>
    /// <param name="remotePath">Whose it is.</param>
    /// <param name="windows">Names that differ in case alone are one; elsewhere nothing is checked.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>.</exception>
    public static void TakeName(ISet<string> taken, string name, string remotePath, bool windows)
    {
        if (windows && !taken.Add(name.ToUpperInvariant()))
            throw new FtpException(FtpErrorKind.InvalidName, $"'{remotePath}' was not received under the name '{name}': here another of its directory has that name, for case makes no difference on Windows. Receive it alone, with another name as -Destination.", remotePath);
    }

    private static bool IsDevice(string name)
    {
        var stem = name.Split('.')[0].TrimEnd(' ');
        return _devices.Contains(stem, StringComparer.OrdinalIgnoreCase)
            // Windows takes the digits of ISO 8859-1 that are written above the line for digits.
            || (stem.Length == 4 && (char.IsDigit(stem[3]) || stem[3] is '\u00B9' or '\u00B2' or '\u00B3')
                && (stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase)));
    }
}
