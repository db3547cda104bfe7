using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;

namespace FtpTools.Pipeline;

/// <summary>
/// What a transfer brings faster than the pipeline takes it. The wire must not wait for the pipeline, which may be waiting for
/// the very connection, and the memory is not for all of a file; so that what is more than a bound goes through a
/// temporary file.
/// </summary>
/// <param name="sizeOf">About how many bytes a value takes.</param>
/// <param name="write">Writes a value.</param>
/// <param name="read">Reads it back.</param>
internal sealed class Spool<T>(Func<T, int> sizeOf, Action<BinaryWriter, T> write, Func<BinaryReader, T> read) : IDisposable
{
    private const long MostInMemory = 16 << 20;
    private const long MostAtOnce = 1 << 20;

    private readonly object _lock = new();
    private readonly Queue<T> _memory = new();
    private long _size;
    private FileStream? _file;
    private BinaryWriter? _writer;
    private BinaryReader? _reader;
    private long _readAt;
    private long _writeAt;
    private bool _isOver;

    /// <summary>Puts a value in.</summary>
    /// <returns>True when there was none, so that somebody has to be told.</returns>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>: the temporary file cannot be written.</exception>
    public bool Put(T value)
    {
        lock (_lock)
        {
            if (_isOver)
                return false;
            if (_readAt == _writeAt && _size < MostInMemory)
            {
                _memory.Enqueue(value);
                _size += sizeOf(value);
                return _memory.Count == 1;
            }

            try
            {
                if (_file is null)
                {
                    _file = TemporaryFile.Open();
                    (_writer, _reader) = (new BinaryWriter(_file), new BinaryReader(_file));
                }

                _file.Position = _writeAt;
                write(_writer!, value);
                _writer!.Flush();
                _writeAt = _file.Position;
                return false;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new FtpException(
                    FtpErrorKind.LocalFileError, $"The temporary file for data that the pipeline hasn't read yet can't be written: {e.Message.TrimEnd('.')}. To save the file on a disk with enough space, use Receive-FtpItem.", null, e);
            }
        }
    }

    /// <summary>Takes the next value, if there is one.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T value)
    {
        lock (_lock)
        {
            if (_memory.Count == 0)
                ReadBack();
            if (_isOver || _memory.Count == 0)
            {
                value = default;
                return false;
            }

            value = _memory.Dequeue();
            _size -= sizeOf(value);
            return true;
        }
    }

    /// <summary>Forgets what is left.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            _memory.Clear();
            _file?.Dispose();
        }
    }

    private void ReadBack()
    {
        if (_isOver || _file is null || _readAt == _writeAt)
            return;
        _file.Position = _readAt;
        while (_readAt < _writeAt && _size < MostAtOnce)
        {
            var value = read(_reader!);
            _memory.Enqueue(value);
            _size += sizeOf(value);
            _readAt = _file.Position;
        }

        if (_readAt < _writeAt)
            return;
        _readAt = _writeAt = 0;
        _file.SetLength(0);
    }
}
