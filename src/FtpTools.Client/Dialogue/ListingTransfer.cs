using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Listing;

namespace FtpTools.Dialogue;

/// <summary>One listing by one command, from the bytes of its data connection to items.</summary>
internal sealed class ListingTransfer(ProtocolInterpreter pi, Transfers transfers)
{
    /// <summary>How many bytes of a listing are read at once.</summary>
    public const int BufferSize = 128 * 1024;

    /// <summary>Whether another transfer over the same connection is to follow at once; null for no.</summary>
    public Func<bool>? IsFollowed { get; set; }

    /// <summary>A listing of a directory that is named by the argument.</summary>
    /// <param name="verb">MLSD, LIST or NLST.</param>
    /// <param name="path">The directory.</param>
    public static TransferRequest OfArgument(string verb, string path) => new(verb, path, null, $"list '{path}'", path);

    /// <summary>A listing of a directory that is gone to first (CWD).</summary>
    /// <param name="verb">MLSD, LIST or NLST.</param>
    /// <param name="path">The directory.</param>
    public static TransferRequest OfCurrent(string verb, string path) => new(verb, null, null, $"list '{path}'", path) { Directory = path };

    /// <summary>Lists.</summary>
    /// <param name="request">What is to be said.</param>
    /// <param name="onItem">Takes an item, on the reading thread.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The reader, which has read all.</returns>
    public async Task<ListingReader> RunAsync(TransferRequest request, Action<FtpItem> onItem, CancellationToken cancellationToken)
    {
        var path = request.Path;
        var reader = Reader(request, onItem);
        DataOutcome outcome;
        try
        {
            outcome = await transfers.RunAsync(request with { IsFollowed = IsFollowed }, () => data => data.ReceiveAsync(new LinePace(reader, path, pi).Feed, BufferSize, null), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not FtpCommandException)
        {
            // Pure-FTPd 1.0.50 keeps what it could not send of a broken listing and sends it ahead of the next one, where
            // it would pass for the content of another directory.
            pi.Close(FtpErrorKind.Cancelled, $"The listing of '{path}' from {pi.Server} was canceled. The connection was closed too, because the rest of the listing could otherwise be read as part of the next one");
            throw;
        }

        if (outcome.IsTruncated)
            throw Transfers.Truncated($"The listing of '{path}' from {pi.Server}", path);
        reader.Complete();
        return reader;
    }

    /// <summary>The listing of a directory of which the server says that nothing is in it.</summary>
    public ListingReader OfNothing(string path) => Reader(OfCurrent("LIST", path), static _ => { });

    private ListingReader Reader(TransferRequest request, Action<FtpItem> onItem) => new(
        request.Verb switch { "MLSD" => ListingFormat.Mlsx, "NLST" => ListingFormat.Names, _ => ListingFormat.List }, new ListingContext(request.Path, DateTime.UtcNow) { Memory = pi.Traits.ListingMemory }, pi.Control.Encoding, onItem);

    /// <summary>Bounds the time between two lines, for of a listing that drips each byte would begin the data connection's time anew, and the whole.</summary>
    private sealed class LinePace(ListingReader reader, string path, ProtocolInterpreter pi)
    {
        private readonly Stopwatch _since = Stopwatch.StartNew();
        private int _lines;
        private long _bytes;

        public void Feed(byte[] buffer, int count)
        {
            reader.Feed(buffer, count);
            _bytes += count;
            if (reader.LineCount > pi.Options.MaxListingLines || _bytes > pi.Options.MaxListingBytes)
            {
                throw new FtpException(
                    FtpErrorKind.ListingUnparsed,
                    FormattableString.Invariant($"The listing of '{path}' from {pi.Server} was stopped after {reader.LineCount} lines and {_bytes} bytes, because it may be endless. To allow more items, use Connect-Ftp -MaxListingItem."), path);
            }

            if (reader.LineCount != _lines)
            {
                _lines = reader.LineCount;
                _since.Restart();
            }
            else if (_since.Elapsed > pi.Options.Timeout)
            {
                throw new FtpException(
                    FtpErrorKind.Timeout,
                    FormattableString.Invariant($"{pi.Server} sent data, but no complete line of the listing for {pi.Options.Timeout.TotalSeconds:0.#} seconds. To wait longer, use Connect-Ftp -TimeoutSec."), null, new TimeoutException());
            }
        }
    }
}
