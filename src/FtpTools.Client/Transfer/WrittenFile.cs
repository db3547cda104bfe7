using System;
using System.IO;
using System.Linq;

namespace FtpTools.Transfer;

/// <summary>
/// The local file that a download writes, from its first try to its last: held for this transfer alone, by a lock that every
/// process of ours meets on each platform (on Unix flock, which .NET takes for a file that is shared with nobody) and that a
/// killed process loses. All that is read of the file meanwhile is read through here, for the lock keeps out this process as well.
/// </summary>
internal sealed class WrittenFile : IDisposable
{
    // A buffer of one byte turns FileStream's own buffering off; the copy loop brings its own.
    private const int NoBuffer = 1;

    // On Windows a file is locked against whoever wants to write to it, and can be renamed while it is open.
    private static readonly FileShare _alone = Compat.IsWindows ? FileShare.Read | FileShare.Delete : FileShare.None;

    private readonly FileStream _stream;

    private WrittenFile(string path, FileMode mode, FileAccess access, FileShare share)
    {
        Path = path;
        _stream = new FileStream(path, mode, access, share, NoBuffer);
    }

    /// <summary>Its path, as it is called now.</summary>
    public string Path { get; private set; }

    /// <summary>Its length on the disk, in bytes; 0 of a pipe, and once it is closed.</summary>
    public long Length => LocalFile.Guard(Path, "get the length of the local file", () => _stream.CanSeek ? _stream.Length : 0);

    /// <summary>Makes a part that is not there yet.</summary>
    /// <param name="name">A new path each time: somebody who looks for parts may have locked one between its making and its locking.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>, <see cref="FtpErrorKind.DiskFull"/>.</exception>
    public static WrittenFile Create(Func<string> name)
    {
        const int Tries = 5;
        for (var i = 1; ; i++)
        {
            var path = name();
            try
            {
                return new WrittenFile(path, FileMode.CreateNew, FileAccess.ReadWrite, _alone);
            }
            catch (IOException e) when (i < Tries && LocalFile.IsInUse(e))
            {
                // It is the other's now, who finds it empty.
            }
            catch (Exception e) when (LocalFile.IsFileFailure(e))
            {
                throw LocalFile.Failure(path, "write the local file", e);
            }
        }
    }

    /// <summary>Opens what is there to be gone on with.</summary>
    /// <param name="path">The part.</param>
    /// <param name="source">The remote file, for the error.</param>
    /// <returns>Null when it is not there any more.</returns>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>: another transfer has it, or it cannot be written.</exception>
    public static WrittenFile? TryOpen(string path, string source)
    {
        try
        {
            var file = new WrittenFile(path, FileMode.Open, FileAccess.ReadWrite, _alone);
            // Who held it may have given it its name before it was unlocked: then it is a part no more.
            if (File.Exists(path))
                return file;
            file.Dispose();
            return null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (IOException e) when (LocalFile.IsInUse(e))
        {
            throw InUse(path, source, "Wait until it's finished, or omit -Resume.", e);
        }
        catch (Exception e) when (LocalFile.IsFileFailure(e))
        {
            throw LocalFile.Failure(path, "write the local file", e);
        }
    }

    /// <summary>Opens, or makes, the target itself.</summary>
    /// <param name="path">The target.</param>
    /// <param name="isDevice">It is none but its reader's: nothing is locked, and it may be written to alone.</param>
    /// <param name="source">The remote file, for the error.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>: another transfer writes to it, or it cannot be written.</exception>
    public static WrittenFile OpenTarget(string path, bool isDevice, string source)
    {
        try
        {
            return isDevice ? new WrittenFile(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite) : new WrittenFile(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, _alone);
        }
        catch (IOException e) when (LocalFile.IsInUse(e))
        {
            throw InUse(path, source, "Wait until it's finished, or omit -Direct.", e);
        }
        catch (Exception e) when (LocalFile.IsFileFailure(e))
        {
            throw LocalFile.Failure(path, "write the local file", e);
        }
    }

    /// <summary>Cuts off what comes behind so many bytes, and writes there next.</summary>
    public void Keep(long count) => LocalFile.Guard(Path, "write the local file", () =>
    {
        if (!_stream.CanSeek)
            return;
        if (_stream.Length > count)
            _stream.SetLength(count);
        _stream.Position = count;
    });

    /// <summary>Writes behind what was written last.</summary>
    public void Write(byte[] buffer, int count) => LocalFile.Guard(Path, "write the local file", () => _stream.Write(buffer, 0, count));

    /// <summary>Writes at a place, on several threads at once.</summary>
    public void WriteAt(long position, byte[] buffer, int count) => LocalFile.Guard(Path, "write the local file", () => Compat.WriteAt(_stream, position, buffer, count));

    /// <summary>Whether it has these bytes at a place.</summary>
    public bool HasAt(long position, byte[] bytes) => LocalFile.Guard(Path, "read the local file", () =>
    {
        var there = new byte[bytes.Length];
        return Compat.ReadAt(_stream, position, there) == there.Length && there.SequenceEqual(bytes);
    });

    /// <summary>The hash of all of it, as it lies there.</summary>
    /// <param name="algorithm">One that <see cref="ContentHash"/> knows.</param>
    public string Hash(string algorithm) => LocalFile.Guard(Path, "read the local file", () =>
    {
        using var hash = new ContentHash(algorithm);
        _stream.Position = 0;
        hash.Add(_stream, _stream.Length);
        return hash.Finish();
    });

    /// <summary>Has the system write to the disk what it still holds of it in memory.</summary>
    public void Flush() => LocalFile.Guard(Path, "flush the local file", () => _stream.Flush(flushToDisk: true));

    /// <summary>Gives it another name, which nothing has yet.</summary>
    public void Rename(string path)
    {
        LocalFile.Guard(Path, "rename the local file", () => File.Move(Path, path));
        Path = path;
    }

    /// <summary>Puts it in the place of the target, and is done with it.</summary>
    public void MoveOver(string target)
    {
        // Windows replaces with nothing that is open.
        if (Compat.IsWindows)
            Dispose();
        using (this)
            LocalFile.Guard(target, "rename the temporary file to", () => Replacement.Put(Path, target));
    }

    /// <summary>Removes it, after a failure, which is what the caller must hear of.</summary>
    public void Remove()
    {
        // In this order Unix has no moment in which another transfer could take it up.
        if (Compat.IsWindows)
            Dispose();
        LocalFile.TryRemove(Path);
        Dispose();
    }

    /// <summary>Lets others have it.</summary>
    public void Dispose() => _stream.Dispose();

    private static FtpException InUse(string path, string source, string advice, Exception e) => new(
        FtpErrorKind.LocalFileError, $"'{source}' wasn't received, because '{path}' is in use, probably by another transfer to the same file. {advice}", source, e) { IsWorthWaiting = true };
}
