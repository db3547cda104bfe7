using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

namespace FtpTools;

/// <summary>What netstandard2.0 lacks of files.</summary>
internal static partial class Compat
{
    /// <summary>How long Windows is asked again. To read a small file, or to look for viruses in one, takes less.</summary>
    private static readonly TimeSpan _moments = TimeSpan.FromSeconds(3);

    /// <summary>Does to a file what Windows refuses while somebody has it open, as who reads it does, and a virus scanner, for moments.</summary>
    public static void Patiently(Action work)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                work();
                return;
            }
            catch (Exception e) when (IsWindows && watch.Elapsed < _moments && IsRefusedForNow(e))
            {
                Thread.Sleep(20);
            }
        }
    }

    // ERROR_ACCESS_DENIED, which is said of an open target too, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION;
    // ERROR_UNABLE_TO_REMOVE_REPLACED and ERROR_UNABLE_TO_MOVE_REPLACEMENT, after which both files are as they were.
    private static bool IsRefusedForNow(Exception e) =>
        e is IOException or UnauthorizedAccessException && (e.HResult & 0xFFFF) is 0x05 or 0x20 or 0x21 or 0x497 or 0x498;

    /// <summary>Moves a finished local file onto its final name, in one step where the platform can.</summary>
    public static void MoveOver(string source, string target) => Patiently(() =>
    {
#if NETSTANDARD2_0
        if (!File.Exists(target))
        {
            File.Move(source, target);
            return;
        }

        try
        {
            File.Replace(source, target, null);
        }
        catch (FileNotFoundException) when (File.Exists(source))
        {
            // A link to nothing.
            File.Delete(target);
            File.Move(source, target);
        }
#else
        File.Move(source, target, overwrite: true);
#endif
    });

    /// <summary>
    /// What a path leads to, as Unix tells it (the type bits of st_mode); 0 where there is nothing, or the platform does not
    /// tell. .NET has no word for it, and to open a pipe is to wait for whoever writes to it. The C library's stat fills
    /// another structure on each platform, the runtime's own always the same.
    /// </summary>
    public static int FileType(string path)
    {
        if (IsWindows)
            return 0;
        try
        {
            var status = new byte[512];
            return Stat(Encoding.UTF8.GetBytes(path + '\0'), status) == 0 ? BitConverter.ToInt32(status, sizeof(int)) & 0xF000 : 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return 0;
        }
    }

    /// <summary>Whether a reparse point leads elsewhere. Files that a cloud or a deduplication holds are such points too; .NET Framework cannot tell.</summary>
    public static bool IsLink(string path)
    {
#if NETSTANDARD2_0
        return true;
#else
        return new FileInfo(path).LinkTarget is not null;
#endif
    }

    /// <summary>Writes at a place of a file, on several threads at once. .NET Framework's streams have one place alone.</summary>
    public static void WriteAt(FileStream file, long position, byte[] buffer, int count)
    {
#if NETSTANDARD2_0
        lock (file)
        {
            file.Position = position;
            file.Write(buffer, 0, count);
        }
#else
        RandomAccess.Write(file.SafeFileHandle, buffer.AsSpan(0, count), position);
#endif
    }

    /// <summary>Reads what is at a place of a file; where it is written next is left as it is.</summary>
    /// <returns>How many bytes there are, up to the buffer's length.</returns>
    public static int ReadAt(FileStream file, long position, byte[] buffer)
    {
        var count = 0;
        while (count < buffer.Length)
        {
#if NETSTANDARD2_0
            int got;
            lock (file)
            {
                var place = file.Position;
                file.Position = position + count;
                got = file.Read(buffer, count, buffer.Length - count);
                file.Position = place;
            }
#else
            var got = RandomAccess.Read(file.SafeFileHandle, buffer.AsSpan(count), position + count);
#endif
            if (got == 0)
                break;
            count += got;
        }

        return count;
    }

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Stat")]
    private static extern int Stat(byte[] path, byte[] status);

    /// <summary>Opens a file to add to, unbuffered; one that is made can be read by nobody but its owner, where the platform does not see to it.</summary>
    public static FileStream AppendPrivately(string path) =>
        OpenPrivately(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Holds a file, which is made if there is none, so that nobody else can open it.</summary>
    /// <exception cref="IOException">Another one holds it, among other reasons.</exception>
    public static FileStream HoldPrivately(string path) =>
        OpenPrivately(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private static FileStream OpenPrivately(string path, FileMode mode, FileAccess access, FileShare share)
    {
#if !NETSTANDARD2_0
        if (!OperatingSystem.IsWindows())
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = mode,
                Access = access,
                Share = share,
                BufferSize = 1,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
#endif
        return new FileStream(path, mode, access, share, bufferSize: 1);
    }

    /// <summary>Whether others than the file's owner may write to it, by its mode or its access list; false of Unix without modes (netstandard2.0).</summary>
    public static bool IsWritableByOthers(string path)
    {
        if (IsWindows)
            return ListsOtherWriters(path);
#if NETSTANDARD2_0
        return false;
#else
        return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0;
#endif
    }

    /// <summary>Lets the same people read and write a new file as the one that it is to replace, where there is one and the platform does not see to it.</summary>
    public static void KeepAccess(string target, string written)
    {
#if !NETSTANDARD2_0
        const UnixFileMode Everything = (UnixFileMode)0x1FF;
        if (OperatingSystem.IsWindows() || !File.Exists(target))
            return;
        UnixFileMode mode;
        try
        {
            mode = File.GetUnixFileMode(target) & Everything;
        }
        catch (FileNotFoundException)
        {
            return; // a link to nothing
        }

        // A file that nobody may write to is replaced where that is wanted, and the part may have to be gone on with.
        mode |= UnixFileMode.UserWrite;
        // A file system without modes refuses to set them.
        if (mode != File.GetUnixFileMode(written))
            File.SetUnixFileMode(written, mode);
#endif
    }
}
