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
            throw new FtpException(FtpErrorKind.LocalFileError, $"Nothing was sent. Piped content is collected in a temporary file first, which can't be written: {e.Message.TrimEnd('.')}. Save the content on a disk with enough space, and send the file with Send-FtpItem.", null, e);
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
