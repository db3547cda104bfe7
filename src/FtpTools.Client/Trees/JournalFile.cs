using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading;
using FtpTools.Protocol;
using FtpTools.Transfer;

namespace FtpTools.Trees;

/// <summary>
/// The file of a journal. Whoever writes to it has locked it by a file beside it, which the system unlocks when a process
/// dies, has read what others have written since, and has what it writes on the disk before it goes on. Used by one thread
/// at a time.
/// </summary>
/// <param name="path">An absolute path.</param>
/// <param name="onLine">Takes each line but the first; false for one that is no whole object.</param>
/// <param name="onAnew">Told when another has written it anew, so that what was taken before is no more.</param>
/// <param name="warn">Told of what is damaged.</param>
internal sealed class JournalFile(string path, Func<string, bool> onLine, Action onAnew, Action<string> warn)
{
    private const int MostShown = 200;
    private const byte LineEnd = (byte)'\n';

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>How long one who is stopped still waits, for what it has done should be known.</summary>
    private static readonly TimeSpan _stoppedPatience = TimeSpan.FromMilliseconds(500);

    private string? _header;
    private string? _generation;
    private long _position; // behind the last line that was taken
    private int _lineCount;

    /// <summary>Takes the lines that are new, and adds some.</summary>
    /// <param name="write">Gives the lines to add.</param>
    /// <param name="cancellationToken">Ends the wait for others, soon.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>, <see cref="FtpErrorKind.DiskFull"/>.</exception>
    public void Exchange(Func<IReadOnlyCollection<string>> write, CancellationToken cancellationToken)
    {
        using var held = Lock(cancellationToken);
        LocalFile.Guard(path, "write the journal", () =>
        {
            using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            CatchUp(stream, mayRepair: true);
            var lines = write();
            if (lines.Count == 0)
                return;
            var text = new StringBuilder();
            if (stream.Length == 0)
                text.Append(_header = Begin()).Append('\n');
            foreach (var line in lines)
                text.Append(line).Append('\n');
            var bytes = Encoding.UTF8.GetBytes(text.ToString());
            stream.Position = stream.Length;
            stream.Write(bytes, 0, bytes.Length);
            stream.Flush(flushToDisk: true);
            // What was written here is not taken again.
            _position = stream.Length;
            _lineCount += lines.Count;
        });
    }

    /// <summary>Has all lines taken again, with the next that is done.</summary>
    public void Forget() => (_header, _position, _lineCount) = (null, 0, 0);

    /// <summary>Takes the lines that are new, without a lock: one that is being written, or is torn, is told and left.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>.</exception>
    public void Read() => LocalFile.Guard(path, "read the journal", () =>
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        CatchUp(stream, mayRepair: false);
    });

    /// <summary>Writes it anew, in one step.</summary>
    /// <param name="keep">The lines that stay, as they were.</param>
    /// <param name="cancellationToken">Ends the wait for others, soon.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>, <see cref="FtpErrorKind.DiskFull"/>.</exception>
    public void Rewrite(Func<IReadOnlyCollection<string>?> keep, CancellationToken cancellationToken)
    {
        var next = path + ".new";
        using var held = Lock(cancellationToken);
        LocalFile.Guard(path, "write the journal", () =>
        {
            using (var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
                CatchUp(stream, mayRepair: true);
            if (_header is null || keep() is not { } lines)
                return;
            var generation = NewGeneration();
            // What else its first line tells stays.
            var header = _generation is { Length: > 0 } former ? _header.Replace(former, generation) : JournalText.Header(generation);
            using (var stream = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                using (var writer = new StreamWriter(stream, new UTF8Encoding(false), 4096, leaveOpen: true) { NewLine = "\n" })
                {
                    writer.WriteLine(header);
                    foreach (var line in lines)
                        writer.WriteLine(line);
                }

                stream.Flush(flushToDisk: true);
            }

            Compat.KeepAccess(path, next);
            Replacement.Put(next, path);
        });
    }

    /// <summary>The file that is held by who writes, which stays: one that is removed could be held twice.</summary>
    public static string LockPath(string path) => path + ".lock";

    private FileStream Lock(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        TimeSpan? stopped = null;
        while (true)
        {
            try
            {
                return new FileStream(LockPath(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (Exception e) when (LocalFile.IsFileFailure(e) && !LocalFile.IsInUse(e))
            {
                throw LocalFile.Failure(LockPath(path), "write the local file", e);
            }
            catch (IOException e)
            {
                if (cancellationToken.IsCancellationRequested)
                    stopped ??= watch.Elapsed;
                if (watch.Elapsed > _patience || watch.Elapsed - stopped > _stoppedPatience)
                    throw new FtpException(FtpErrorKind.LocalFileError, FormattableString.Invariant($"The journal '{path}' could not be written: another program has locked '{LockPath(path)}' for {watch.Elapsed.TotalSeconds:0} s, although runs lock it only for moments. End that program."), null, e);
            }

            // Nothing tells of the release of a file that may be held on another computer; it is held for about as long.
            Thread.Sleep(5);
        }
    }

    private string Begin()
    {
        _generation = NewGeneration();
        return JournalText.Header(_generation);
    }

    private static string NewGeneration() => Guid.NewGuid().ToString("N");

    private void CatchUp(FileStream stream, bool mayRepair)
    {
        var header = ReadHeader(stream, mayRepair, out var end);
        if (header != _header)
        {
            if (_header is not null)
                onAnew();
            (_header, _position, _lineCount) = (header, end, 1);
        }

        if (header is null)
            return;
        stream.Position = _position;
        string? broken = null; // the line before, which is cut off where it is the last one
        long brokenAt = 0;
        var at = _position;
        foreach (var (bytes, isEnded) in Lines(stream))
        {
            var text = Encoding.UTF8.GetString(bytes).TrimEnd('\r');
            if (broken is not null)
                warn($"Line {_lineCount} of the journal '{path}' can't be read and is ignored: '{VisibleText.Of(broken, MostShown)}'.");
            broken = null;
            _lineCount++;
            if (text.Length > 0 && !onLine(text))
                (broken, brokenAt) = (text, at);
            at += bytes.Length + (isEnded ? 1 : 0);
            if (!isEnded && broken is null && mayRepair)
                at += EndLine(stream);
        }

        if (broken is not null)
            at = CutOff(stream, brokenAt, broken, mayRepair);
        _position = at;
    }

    /// <summary>A power cut may leave the beginning of what was written last, or bytes of nothing.</summary>
    private long CutOff(FileStream stream, long at, string text, bool mayRepair)
    {
        _lineCount--;
        warn($"The last line of the journal '{path}' is incomplete, as after a power failure. {(mayRepair ? "It was removed" : "The next run will remove it")}: '{VisibleText.Of(text, MostShown)}'.");
        if (mayRepair)
        {
            stream.SetLength(at);
            stream.Flush(flushToDisk: true);
        }

        return at;
    }

    private static int EndLine(FileStream stream)
    {
        stream.Position = stream.Length;
        stream.WriteByte(LineEnd);
        stream.Flush(flushToDisk: true);
        return 1;
    }

    /// <summary>The first line; null where there is none yet.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="mayRepair">Whether a torn one is cut off.</param>
    /// <param name="end">Where the next line begins.</param>
    private string? ReadHeader(FileStream stream, bool mayRepair, out long end)
    {
        end = 0;
        stream.Position = 0;
        var (bytes, isEnded) = (Array.Empty<byte>(), false);
        foreach (var line in Lines(stream))
        {
            (bytes, isEnded) = line;
            break;
        }

        if (bytes.Length == 0 && !isEnded)
            return null;
        var text = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF').TrimEnd('\r');
        if (JournalText.ReadHeader(text) is { } header)
        {
            if (header.Version > JournalText.Version)
                throw new FtpException(FtpErrorKind.LocalFileError, FormattableString.Invariant($"The journal '{path}' has the version {header.Version}, but this version of FtpTools supports only {JournalText.Version}. Nothing was done. Update the module, or specify another file with -Journal."));
            end = bytes.Length + (isEnded ? 1 : mayRepair ? EndLine(stream) : 0);
            _generation = header.Generation;
            return text;
        }

        if (isEnded || !(text.Trim('\0').Length == 0 || JournalText.HeaderStart.StartsWith(text, StringComparison.Ordinal) || text.StartsWith(JournalText.HeaderStart, StringComparison.Ordinal)))
            throw new FtpException(FtpErrorKind.LocalFileError, $"'{path}' isn't a journal of FtpTools and was left unchanged. Nothing was done. Its first line is '{VisibleText.Of(text, MostShown)}'. With -Journal, specify a journal, or a file that doesn't exist yet.");
        CutOff(stream, 0, text, mayRepair);
        return null;
    }

    private static IEnumerable<(byte[] Bytes, bool IsEnded)> Lines(FileStream stream)
    {
        var buffer = new byte[64 << 10];
        var line = new MemoryStream();
        int count;
        while ((count = stream.Read(buffer, 0, buffer.Length)) > 0)
        {
            var start = 0;
            int end;
            while ((end = Array.IndexOf(buffer, LineEnd, start, count - start)) >= 0)
            {
                line.Write(buffer, start, end - start);
                yield return (line.ToArray(), true);
                line.SetLength(0);
                start = end + 1;
            }

            line.Write(buffer, start, count - start);
        }

        if (line.Length > 0)
            yield return (line.ToArray(), false);
    }
}
