using System;
using System.IO;
using FtpTools.Dialogue;

namespace FtpTools.Transfer;

/// <summary>Where a download goes to: a part beside the target that takes its place when it is whole, or the target itself.</summary>
/// <param name="path">The absolute local path.</param>
/// <param name="source">The remote file.</param>
/// <param name="parts">The parts of the target.</param>
/// <param name="options">How.</param>
internal sealed class DownloadTarget(string path, string source, PartsOfDownload parts, FtpTransferOptions options)
{
    private WrittenFile? _file; // from the first try on
    private bool _isNew; // the target itself, which was not there

    /// <summary>The absolute local path.</summary>
    public string Path => path;

    /// <summary>As /dev/null, which is written to: a file in its place would be its end.</summary>
    public bool IsDevice { get; } = LocalFile.IsDevicePath(path, Compat.IsWindows);

    /// <summary>Written to under its own name.</summary>
    public bool IsDirect => options.Direct || IsDevice;

    /// <summary>How many bytes lie there; 0 when nothing is open.</summary>
    public long Length => _file?.Length ?? 0;

    /// <summary>What became of the target after a failure, for its error.</summary>
    public string Fate => $"'{path}' {(IsDirect ? "differs from the original" : "was left unchanged")}";

    /// <summary>Sees that a file can be put there.</summary>
    /// <exception cref="FtpException">It cannot.</exception>
    public void Require()
    {
        LocalFile.RequireTarget(path, IsDevice, IsDirect, source);
        if (IsDevice && options.Verify == FtpVerification.Hash)
            throw new FtpException(FtpErrorKind.CommandNotSupported, $"'{source}' wasn't received, because '{path}' is a device, and its content can't be compared with -Verify Hash. Omit -Verify.", source);
    }

    /// <summary>Sees that there is a place for it: its directory, a name that it can have, and no former file that must stay.</summary>
    /// <exception cref="FtpException">There is none.</exception>
    public void RequirePlace()
    {
        if (IsDevice)
            return;
        if (File.Exists(path))
            Replacement.Require(path, options.ReplaceReadOnly, IsDirect, source);
        LocalFile.RequirePlace(path, options.CreateParents, source);
    }

    /// <summary>Opens what is written to, once for all tries.</summary>
    /// <param name="isBegun">Whether a try has begun to write: what stands under the target's own name is a former file until then.</param>
    /// <param name="tell">Told of parts that are of no use.</param>
    /// <returns>The file, and whether it is gone on with.</returns>
    /// <exception cref="FtpException">It cannot be written, or another transfer is writing to it.</exception>
    public (WrittenFile File, bool IsResuming) Open(bool isBegun, Action<string> tell)
    {
        if (_file is not null)
            return (_file, !IsDirect || options.Resume || isBegun);
        if (IsDirect)
        {
            _isNew = !IsDevice && !File.Exists(path);
            _file = WrittenFile.OpenTarget(path, IsDevice, source);
            return (_file, options.Resume && !IsDevice);
        }

        (_file, var isFound) = parts.Open(options.Resume, source, tell);
        LocalFile.Guard(_file.Path, "set the permissions of the local file", () => Compat.KeepAccess(path, _file.Path));
        return (_file, isFound);
    }

    /// <summary>Ends it with a file that is whole.</summary>
    /// <param name="connection">Takes warnings.</param>
    /// <param name="time">The time that it gets (UTC); null for none.</param>
    /// <param name="left">The parts that there were before the call; null to leave them.</param>
    /// <exception cref="FtpException">It cannot be put in place.</exception>
    public void PutInPlace(FtpConnection connection, DateTime? time, LocalParts? left)
    {
        var file = _file!;
        if (!IsDevice && !options.SkipFlush)
            file.Flush();
        if (time is not null)
            LocalFile.TrySetTime(file.Path, path, source, time.Value, connection.Warn);
        if (!IsDirect)
        {
            if (options.BackupPath is { } backup && File.Exists(path))
                BackedUp(backup, () => file.MoveOver(path));
            else
                file.MoveOver(path);
            parts.RemoveUseless(left, connection.Tell);
        }

        Leave();
    }

    /// <summary>Keeps the former file elsewhere.</summary>
    private void BackedUp(string backup, Action moveOver)
    {
        LocalFile.Guard(path, "back up the local file", () => File.Move(path, backup));
        try
        {
            moveOver();
        }
        catch
        {
            if (!File.Exists(path))
                LocalFile.Guard(backup, "restore the local file from", () => File.Move(backup, path));
            throw;
        }
    }

    /// <summary>Leaves what lies there for another transfer.</summary>
    /// <returns>Its path.</returns>
    public string? Leave()
    {
        var left = _file?.Path;
        _file?.Dispose();
        _file = null;
        return left;
    }

    /// <summary>Leaves nothing that was not there before.</summary>
    /// <param name="isBegun">Whether a former file under the target's own name is lost already.</param>
    public void Discard(bool isBegun)
    {
        if (!IsDirect || (_isNew && !isBegun))
            _file?.Remove();
        Leave();
    }
}
