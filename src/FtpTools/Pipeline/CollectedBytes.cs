using System;
using System.IO;

namespace FtpTools.Pipeline;

/// <summary>Bytes that are collected until there will be no more: in memory, and in a temporary file when they are many.</summary>
internal sealed class CollectedBytes : IDisposable
{
    private const long MostInMemory = 32 << 20;

    private Stream _bytes = new MemoryStream();

    /// <summary>Adds bytes.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>: the temporary file cannot be written.</exception>
    public void Add(byte[] bytes)
    {
        try
        {
            if (_bytes is MemoryStream memory && memory.Length + bytes.Length > MostInMemory)
            {
                _bytes = TemporaryFile.Open();
                memory.WriteTo(_bytes);
            }

            _bytes.Write(bytes, 0, bytes.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FtpException(FtpErrorKind.LocalFileError, $"Nothing was sent: what was piped is collected first, and the temporary file for it cannot be written: {e.Message.TrimEnd('.')}. Write a file where there is room, and send it with Send-FtpItem.", null, e);
        }
    }

    /// <summary>What was collected, from a byte on.</summary>
    public Stream From(long position)
    {
        _bytes.Position = position;
        return _bytes;
    }

    /// <summary>Forgets it.</summary>
    public void Dispose() => _bytes.Dispose();
}
