using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace FtpTools;

/// <summary>
/// A session's log in a file, a line an entry or a line of it: <c>2026-01-31T12:00:00.123Z DEBUG host:21#1 --> LIST</c>. Sessions may
/// share a file; each entry is in the file as soon as it is written.
/// </summary>
internal sealed class FtpFileLog : FtpLog
{
    // Two streams on one file would write over each other, so that there is one for each file, shared by its logs.
    // Windows may know one file by two names that differ in case.
    private static readonly Dictionary<string, SharedFile> _files =
        new(Path.DirectorySeparatorChar == '\\' ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    private readonly FtpLogLevel _minimumLevel;
    private SharedFile? _file;

    private FtpFileLog(SharedFile file, FtpLogLevel minimumLevel)
    {
        _file = file;
        _minimumLevel = minimumLevel;
    }

    /// <summary>Opens the log and makes its file if there is none.</summary>
    /// <param name="path">The absolute path of the file.</param>
    /// <param name="minimumLevel">The lowest level that is written.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>: it cannot be written.</exception>
    public static FtpFileLog Open(string path, FtpLogLevel minimumLevel)
    {
        lock (_files)
        {
            if (!_files.TryGetValue(path, out var file))
            {
                try
                {
                    file = new SharedFile(path);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    throw new FtpException(FtpErrorKind.LocalFileError, $"The log file '{path}' can't be opened. {e.Message}", null, e);
                }
                _files.Add(path, file);
            }
            file.Users++;
            return new FtpFileLog(file, minimumLevel);
        }
    }

    /// <inheritdoc/>
    public override void Write(FtpLogEntry entry)
    {
        if (entry.Level < _minimumLevel || _file is not { } file)
            return;
        var time = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var prefix = $"{time} {entry.Level.ToString().ToUpperInvariant()} {entry.Source} ";
        // A reply can have several lines; each gets the prefix, so that a search finds whole entries.
        var lines = new StringBuilder();
        foreach (var line in entry.Message.Split('\n'))
            lines.Append(prefix).Append(line.TrimEnd('\r')).Append(Environment.NewLine);
        file.Write(lines.ToString());
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_files)
        {
            if (_file is not { } file)
                return;
            _file = null;
            if (--file.Users > 0)
                return;
            _files.Remove(file.Path);
            file.Dispose();
        }
    }

    private sealed class SharedFile : IDisposable
    {
        private readonly FileStream _stream;
        private bool _disposed;

        public SharedFile(string path)
        {
            Path = path;
            _stream = OpenFile(path);
        }

        public string Path { get; }

        public int Users { get; set; }

        public void Write(string lines)
        {
            var bytes = Encoding.UTF8.GetBytes(lines);
            lock (_stream)
            {
                if (_disposed)
                    return;
                try
                {
                    // Another process may have written to the file since.
                    _stream.Seek(0, SeekOrigin.End);
                    _stream.Write(bytes, 0, bytes.Length);
                    _stream.Flush();
                }
                catch (IOException)
                {
                    // A full disk must not end the transfer that is logged.
                }
            }
        }

        public void Dispose()
        {
            lock (_stream)
            {
                _disposed = true;
                try
                {
                    _stream.Dispose();
                }
                catch (IOException)
                {
                    // What could not be written is lost either way.
                }
            }
        }
    }
}
