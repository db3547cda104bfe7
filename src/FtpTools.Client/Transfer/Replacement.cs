using System;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FtpTools.Transfer;

/// <summary>How a file that was received takes the place of a former one, and whether it may.</summary>
internal static class Replacement
{
    /// <summary>Sees, before a byte is received, that a file can be replaced: it is not meant to stay as it is, and no other program has it open so that it must.</summary>
    /// <param name="path">The file, which is there.</param>
    /// <param name="evenReadOnly">Whether one that is read-only may be replaced; it is not so any more, as after Copy-Item -Force.</param>
    /// <param name="isDirect">Whether it is written to in place.</param>
    /// <param name="source">The remote file, for the error.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>.</exception>
    public static void Require(string path, bool evenReadOnly, bool isDirect, string source)
    {
        // A link is replaced, and what it leads to stays.
        if (LocalFile.IsLink(path))
            return;
        if (IsReadOnly(path))
        {
            if (!evenReadOnly)
            {
                throw new FtpException(
                    FtpErrorKind.LocalFileError, $"'{source}' wasn't received, because '{path}' is read-only. To replace it anyway, use -Force.", source, new UnauthorizedAccessException());
            }

            if (isDirect)
                LocalFile.Guard(path, "remove the read-only attribute of the local file", () => MakeWritable(path));
        }

        if (isDirect || WhyNot(path) is not { } reason)
            return;
        var isInUse = LocalFile.IsInUse(reason);
        throw new FtpException(
            FtpErrorKind.LocalFileError,
            $"'{source}' wasn't received, because '{path}' can't be replaced. {reason.Message.TrimEnd('.')}.{(isInUse ? " Close it in the program that has it open, or wait for that with -RetryFor." : "")}", source, reason) { IsWorthWaiting = isInUse };
    }

    /// <summary>
    /// Gives a finished file its name. What Windows knows of the former file stays: its access list, its alternate streams, when
    /// it was made, and whether it is hidden. It is not read-only any more.
    /// </summary>
    public static void Put(string source, string target)
    {
        if (!File.Exists(target) || LocalFile.IsLink(target) || !TryReplace(source, target))
            Compat.MoveOver(source, target);
    }

    private static bool IsReadOnly(string path) => (File.GetAttributes(path) & FileAttributes.ReadOnly) != 0;

    /// <summary>Takes the attribute read-only from a file; on Unix, gives its owner the right to write.</summary>
    private static void MakeWritable(string path)
    {
        if (IsReadOnly(path))
            File.SetAttributes(path, File.GetAttributes(path) & ~FileAttributes.ReadOnly);
    }

    /// <returns>False where the platform or the file system cannot (FAT, some SMB servers).</returns>
    private static bool TryReplace(string source, string target)
    {
        const FileAttributes Kept = FileAttributes.Hidden | FileAttributes.System | FileAttributes.NotContentIndexed;
        if (!Compat.IsWindows)
            return false;
        MakeWritable(target);
        if ((File.GetAttributes(target) & Kept) is var kept and not 0)
            File.SetAttributes(source, File.GetAttributes(source) | kept);
        try
        {
            Compat.Patiently(() => File.Replace(source, target, null));
            return true;
        }
        // ERROR_INVALID_FUNCTION, ERROR_NOT_SUPPORTED, ERROR_INVALID_PARAMETER
        catch (IOException e) when ((e.HResult & 0xFFFF) is 0x01 or 0x32 or 0x57)
        {
            return false;
        }
    }

    /// <summary>Why a file could not be replaced now, as far as the platform has that (Windows): another program has it open, or its access list is against it. Null when it can.</summary>
    private static Exception? WhyNot(string path)
    {
        const uint Delete = 0x10000, ShareAll = 7, OpenExisting = 3, OpenReparsePoint = 0x200000;
        if (!Compat.IsWindows)
            return null;
        using var file = CreateFile(path, Delete, ShareAll, IntPtr.Zero, OpenExisting, OpenReparsePoint, IntPtr.Zero);
        return file.IsInvalid ? Marshal.GetExceptionForHR(Marshal.GetHRForLastWin32Error()) : null;
    }

    [DllImport("kernel32", EntryPoint = "CreateFileW", CharSet = CharSet.Unicode, SetLastError = true)]
    private static extern SafeFileHandle CreateFile(string path, uint access, uint share, IntPtr security, uint disposition, uint flags, IntPtr template);
}
