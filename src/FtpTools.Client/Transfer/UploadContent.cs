using System;
using System.IO;
using System.Threading;
using FtpTools.Dialogue;

namespace FtpTools.Transfer;

/// <summary>The local content of an upload: read from a byte on, counted, hashed and held to the rate on its way.</summary>
/// <param name="content">Read from where it stands.</param>
/// <param name="source">The local path; empty for a stream that is no file.</param>
/// <param name="isHashed">Whether its hash will be asked for.</param>
/// <param name="isText">Whether its line ends become those of the network.</param>
/// <param name="limiter">The rate limit of the call; null for none.</param>
internal sealed class UploadContent(Stream content, string source, bool isHashed, bool isText, RateLimiter? limiter) : IDisposable
{
    private readonly long _origin = content.CanSeek ? content.Position : 0;
    private ContentHash? _hash;

    /// <summary>Counts it.</summary>
    public required TransferMeter Meter { get; init; }

    /// <summary>How many bytes there are; null when that is not known.</summary>
    public long? Length { get; } = content.CanSeek ? content.Length - content.Position : null;

    /// <summary>
    /// Sees that all was sent that there was: a file that is cut short while it is read ends sooner, and is no failure of
    /// any call. One that was written to meanwhile may be of two halves that never were together.
    /// </summary>
    /// <param name="time">The time of the file's last change (UTC) when it was opened; null for what is no file.</param>
    /// <param name="target">Where it is sent to.</param>
    /// <param name="isEndAlone">What was sent is the end of something longer, and cannot be taken back: what has come since is left for the next time.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.VerificationFailed"/>: which is not tried again, for a program that writes the file is not done in a moment.</exception>
    public void RequireUnchanged(DateTime? time, string target, bool isEndAlone)
    {
        var how = Meter.Count < Length ? FormattableString.Invariant($"it had {Length} bytes, but ended after {Meter.Count}")
            : isEndAlone || time is null ? null
            : Meter.Count > Length ? FormattableString.Invariant($"it had {Length} bytes, but has become longer")
            : new FileInfo(source) is { Exists: true } file && (file.LastWriteTimeUtc != time || file.Length != _origin + Length) ? "another program has written to it, or has replaced it"
            : null;
        if (how is not null)
            throw new FtpException(FtpErrorKind.VerificationFailed, $"'{source}' changed while it was being sent to '{target}': {how}. Send it when it's complete.", target);
    }

    /// <summary>Whether it can be sent from its beginning, perhaps again.</summary>
    public bool CanBegin => content.CanSeek || Meter.Count == 0;

    /// <summary>True once some of it was read to be sent; may be set back.</summary>
    public bool IsBegun { get; set; }

    /// <summary>Begins with the byte behind what the server has.</summary>
    /// <returns>What fills a buffer; null when that was read already and the stream cannot go back.</returns>
    public Func<byte[], int>? Start(FtpConnection connection, long offset, CancellationToken cancellationToken)
    {
        if (!CanBegin)
            return null;
        Meter.Begin(offset);
        if (isHashed)
        {
            _hash?.Dispose();
            _hash = new ContentHash(connection.Hashes.HashAlgorithm!);
            if (content.CanSeek)
                content.Position = _origin;
            LocalFile.Guard(source, "read the local file", () => _hash.Add(content, offset));
        }

        if (content.CanSeek)
            content.Position = _origin + offset;
        Func<byte[], int> read = buffer => Read(buffer, cancellationToken);
        return isText ? AsciiText.ToWire(read) : read;
    }

    /// <summary>The hash of all that was sent, or was there to be gone on with.</summary>
    public string Hash(FtpConnection connection, CancellationToken cancellationToken)
    {
        if (_hash is null)
            Start(connection, Meter.Count, cancellationToken);
        return _hash!.Finish();
    }

    /// <summary>The hash of its first bytes by any algorithm.</summary>
    public string HashOf(string algorithm, long count)
    {
        using var hash = new ContentHash(algorithm);
        LocalFile.Guard(source, "read the local file", () =>
        {
            content.Position = _origin;
            hash.Add(content, count);
        });
        return hash.Finish();
    }

    /// <summary>A piece of it, for a comparison.</summary>
    public byte[] Piece(long from, int count) => LocalFile.Guard(source, "read the local file", () =>
    {
        var piece = new byte[count];
        content.Position = _origin + from;
        for (var i = 0; i < count;)
        {
            var got = content.Read(piece, i, count - i);
            i += got > 0 ? got : throw new EndOfStreamException("The file is shorter than it was.");
        }

        return piece;
    });

    /// <summary>Forgets the hash of a try.</summary>
    public void Dispose()
    {
        _hash?.Dispose();
        _hash = null;
    }

    private int Read(byte[] buffer, CancellationToken cancellationToken)
    {
        var count = LocalFile.Guard(source, "read the local file", () => content.Read(buffer, 0, limiter?.Portion(buffer.Length) ?? buffer.Length));
        IsBegun = true;
        _hash?.Add(buffer, count);
        Meter.Add(count);
        limiter?.Take(count, cancellationToken);
        return count;
    }
}
