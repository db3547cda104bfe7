using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Transfer;

/// <summary>Runs one transfer over a connection of the session's.</summary>
internal delegate Task TransferRunner(FileTransfer transfer, CancellationToken cancellationToken);

/// <summary>What is in a file, for who wants it as text or bytes and not as a local file.</summary>
/// <param name="item">The file, or a link to one.</param>
/// <param name="options">How it is transferred, with the type filled in.</param>
/// <param name="run">Runs a transfer.</param>
/// <param name="progress">Told of it; null for nobody.</param>
internal sealed class FileContent(FtpItem item, FtpTransferOptions options, TransferRunner run, IProgress<FtpProgress>? progress)
{
    /// <summary>What a text of usual lines needs for a hundred of them or so, and a round trip costs no less than.</summary>
    private const int TextBlock = 64 * 1024;

    /// <summary>Line by line, on the receiving thread.</summary>
    public async Task ReadLinesAsync(FtpReadOptions which, Action<string> onLine, CancellationToken cancellationToken)
    {
        if (which.Tail is { } tail)
        {
            foreach (var line in await ReadLastLinesAsync(which, tail, cancellationToken).ConfigureAwait(false))
                onLine(line);
            return;
        }

        var left = which.TotalCount ?? long.MaxValue;
        if (left == 0)
            return;
        var lines = new TextLines(which.Encoding, which.Delimiter, line =>
        {
            onLine(line);
            return --left > 0;
        });
        await run(new FileRead(item, options, lines.Feed, null, progress), cancellationToken).ConfigureAwait(false);
        if (left > 0)
            lines.Complete();
    }

    /// <summary>As one text.</summary>
    public async Task<string> ReadTextAsync(Encoding encoding, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var bytes = new TextBytes(encoding, Add);
        bool Add(char[] characters, int count)
        {
            if (text.Length > TextLines.MostCharacters)
                throw TooLarge();
            text.Append(characters, 0, count);
            return true;
        }

        await run(new FileRead(item, options, (buffer, count) => bytes.Feed(buffer, count), () =>
        {
            text.Clear();
            bytes = new TextBytes(encoding, Add);
        }, progress), cancellationToken).ConfigureAwait(false);
        bytes.Complete();
        return text.ToString();
    }

    /// <summary>As bytes, on the receiving thread.</summary>
    public async Task ReadBytesAsync(FtpReadOptions which, Action<byte[], int> onBytes, CancellationToken cancellationToken)
    {
        if (which.Tail is { } tail)
        {
            var last = await ReadLastBytesAsync(tail, cancellationToken).ConfigureAwait(false);
            onBytes(last, last.Length);
            return;
        }

        var left = which.TotalCount ?? long.MaxValue;
        if (left == 0)
            return;
        await run(new FileRead(item, options, (buffer, count) =>
        {
            count = (int)Math.Min(left, count);
            onBytes(buffer, count);
            left -= count;
            return left > 0;
        }, null, progress), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As one array of bytes.</summary>
    public async Task<byte[]> ReadAllBytesAsync(CancellationToken cancellationToken)
    {
        var all = new MemoryStream();
        await run(new FileRead(item, options, (buffer, count) =>
        {
            if (all.Length > int.MaxValue / 2)
                throw TooLarge();
            all.Write(buffer, 0, count);
            return true;
        }, () => all.SetLength(0), progress), cancellationToken).ConfigureAwait(false);
        return all.ToArray();
    }

    /// <summary>Its hash, computed here.</summary>
    /// <param name="algorithm">As HASH names it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<string> HashAsync(string algorithm, CancellationToken cancellationToken)
    {
        var hash = new ContentHash(algorithm);
        try
        {
            await run(new FileRead(item, options, (buffer, count) =>
            {
                hash.Add(buffer, count);
                return true;
            }, () =>
            {
                hash.Dispose();
                hash = new ContentHash(algorithm);
            }, progress), cancellationToken).ConfigureAwait(false);
            return hash.Finish();
        }
        finally
        {
            hash.Dispose();
        }
    }

    private async Task<IEnumerable<string>> ReadLastLinesAsync(FtpReadOptions which, long count, CancellationToken cancellationToken)
    {
        if (count == 0)
            return [];
        // What a line end is in bytes tells whether lines can be told apart from the middle of a text.
        var end = which.Encoding.GetBytes("\n");
        var isWide = end.Length > 1;
        if (end is [(byte)'\n'] or [_, _] or [_, _, _, _])
        {
            var tail = new TailRead(item, options, TextBlock, (bytes, _) => TextLines.Last(bytes, which.Encoding, which.Delimiter, false, 0).Count > count)
            {
                // A text of one byte a letter has no zeros, and one of two has them in its line ends.
                IsHeadWanted = bytes => isWide || Array.IndexOf(bytes, (byte)0) >= 0,
            };
            await run(tail, cancellationToken).ConfigureAwait(false);
            if (tail.Bytes is { } last)
            {
                var known = TextBytes.Marked(tail.Head, tail.Head.Length) ?? which.Encoding;
                var (lines, found) = TextLines.Last(last, known, which.Delimiter, tail.Start == 0, count);
                // Of the first one the beginning may be missing.
                if (tail.Start == 0 || found > count)
                    return lines;
            }
        }

        var all = new Queue<string>();
        await ReadLinesAsync(which with { Tail = null, TotalCount = null }, line => TextLines.Keep(all, line, count), cancellationToken).ConfigureAwait(false);
        return all;
    }

    private async Task<byte[]> ReadLastBytesAsync(long count, CancellationToken cancellationToken)
    {
        if (count == 0)
            return [];
        if (count > TailRead.MostBytes)
            throw TooLarge();
        // The block may begin up to three bytes sooner.
        var tail = new TailRead(item, options, count, (bytes, _) => bytes.Length >= count);
        await run(tail, cancellationToken).ConfigureAwait(false);
        var all = tail.Bytes ?? await ReadAllBytesAsync(cancellationToken).ConfigureAwait(false);
        var last = new byte[Math.Min(count, all.Length)];
        Buffer.BlockCopy(all, all.Length - last.Length, last, 0, last.Length);
        return last;
    }

    private FtpException TooLarge() => new(
        FtpErrorKind.CommandNotSupported, $"'{item.FullName}' is too large for a single object. To save it as a file, use Receive-FtpItem. To read it line by line, use Get-FtpContent without -Raw.", item.FullName);
}
