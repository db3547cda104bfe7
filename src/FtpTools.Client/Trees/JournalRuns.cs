using System;
using System.IO;
using FtpTools.Transfer;

namespace FtpTools.Trees;

/// <summary>
/// Which runs that share a journal are under way: each holds a file beside it, which the system unlocks when a process dies,
/// however it dies. To be used while the journal is locked, for a file is there a moment before it is held.
/// </summary>
/// <param name="path">The journal.</param>
internal sealed class JournalRuns(string path) : IDisposable
{
    private const string Infix = ".run-";

    private FileStream? _held;

    /// <summary>This run.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N").Substring(0, 12);

    /// <summary>Begins this run, once.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>.</exception>
    public void Begin()
    {
        if (_held is not null)
            return;
        var own = PathOf(Id);
        _held = LocalFile.Guard(own, "write the local file", () => new FileStream(own, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
        Sweep();
    }

    /// <summary>Whether a run is under way, this one or another.</summary>
    public bool IsAlive(string run)
    {
        if (run == Id)
            return _held is not null;
        // What a journal holds may have been written by anybody.
        return run.Length > 0 && run.IndexOfAny(Path.GetInvalidFileNameChars()) < 0 && !TryRemove(PathOf(run));
    }

    /// <summary>Whether a path is a file of the journal's.</summary>
    public bool Owns(string other)
    {
        var comparison = Compat.PathComparison;
        return other.Equals(path, comparison) || other.Equals(JournalFile.LockPath(path), comparison) || other.StartsWith(path + Infix, comparison);
    }

    /// <summary>Ends this run.</summary>
    public void Dispose() => _held?.Dispose();

    /// <summary>Removes the files of runs that were killed.</summary>
    private void Sweep()
    {
        try
        {
            foreach (var other in Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + Infix + "*"))
            {
                if (other != PathOf(Id))
                    TryRemove(other);
            }
        }
        catch (Exception e) when (LocalFile.IsFileFailure(e))
        {
            // They do no harm.
        }
    }

    private string PathOf(string run) => path + Infix + run;

    /// <returns>False when it is there and held, or who has it cannot be told.</returns>
    private static bool TryRemove(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (LocalFile.IsFileFailure(e))
        {
            return false;
        }
    }
}
