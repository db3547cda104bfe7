using System;
using System.IO;
using System.Security.Cryptography;

namespace FtpTools.Transfer;

/// <summary>A hash of a file's content, by an algorithm that servers have a command for, computed while the content passes.</summary>
internal sealed class ContentHash : IDisposable
{
    // The polynomial of zip and of XCRC, bits reversed.
    private const uint Polynomial = 0xEDB88320;
    private static readonly Lazy<uint[]> _table = new(MakeTable);

    private readonly IncrementalHash? _hash;
    private uint _crc = uint.MaxValue;

    /// <summary>A hash of nothing so far.</summary>
    /// <param name="algorithm">SHA-512, SHA-384, SHA-256, SHA-1, MD5 or CRC32, as HASH names them (draft-bryan-ftpext-hash).</param>
    public ContentHash(string algorithm)
    {
        Algorithm = algorithm;
        _hash = algorithm switch
        {
            "SHA-512" => IncrementalHash.CreateHash(HashAlgorithmName.SHA512),
            "SHA-384" => IncrementalHash.CreateHash(HashAlgorithmName.SHA384),
            "SHA-256" => IncrementalHash.CreateHash(HashAlgorithmName.SHA256),
            "SHA-1" => IncrementalHash.CreateHash(HashAlgorithmName.SHA1),
            "MD5" => IncrementalHash.CreateHash(HashAlgorithmName.MD5),
            "CRC32" => null,
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "No such algorithm."),
        };
    }

    /// <summary>The hash of a local file.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>.</exception>
    public static string OfFile(string path, string algorithm)
    {
        using var content = LocalFile.OpenRead(path);
        using var hash = new ContentHash(algorithm);
        return LocalFile.Guard(path, "read the local file", () =>
        {
            hash.Add(content, content.Length);
            return hash.Finish();
        });
    }

    /// <summary>The algorithm.</summary>
    public string Algorithm { get; }

    /// <summary>Takes bytes.</summary>
    public void Add(byte[] buffer, int count)
    {
        if (_hash is not null)
        {
            _hash.AppendData(buffer, 0, count);
            return;
        }

        var table = _table.Value;
        for (var i = 0; i < count; i++)
            _crc = table[(byte)(_crc ^ buffer[i])] ^ (_crc >> 8);
    }

    /// <summary>Takes the next so many bytes of a stream: the part that was moved before.</summary>
    public void Add(Stream content, long count)
    {
        var buffer = new byte[128 * 1024];
        while (count > 0)
        {
            var got = content.Read(buffer, 0, (int)Math.Min(count, buffer.Length));
            if (got == 0)
                throw new EndOfStreamException("The file is shorter than the part that was moved.");
            Add(buffer, got);
            count -= got;
        }
    }

    /// <summary>The hash in capital hexadecimal digits.</summary>
    public string Finish() =>
        _hash is null ? (_crc ^ uint.MaxValue).ToString("X8", System.Globalization.CultureInfo.InvariantCulture) : BitConverter.ToString(_hash.GetHashAndReset()).Replace("-", "");

    /// <inheritdoc/>
    public void Dispose() => _hash?.Dispose();

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? (value >> 1) ^ Polynomial : value >> 1;
            table[i] = value;
        }

        return table;
    }
}
