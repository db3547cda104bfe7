using System;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Listing;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>What is there: listings of directories, and single items. Paths are absolute.</summary>
internal sealed class Listings(ProtocolInterpreter pi, Transfers transfers)
{
    public const int BufferSize = 128 * 1024;

    /// <summary>Lists a directory (MLSD where the server can, else LIST).</summary>
    /// <param name="path">The directory.</param>
    /// <param name="includeHidden">Ask for names that begin with a dot too.</param>
    /// <param name="onItem">Takes an item, on the reading thread.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public async Task ListAsync(string path, bool includeHidden, Action<FtpItem> onItem, CancellationToken cancellationToken)
    {
        var facts = pi.Traits.Features!.HasFacts;
        var task = $"list '{path}'";
        // LIST takes its argument as a pattern, and vsftpd lists a missing directory as an empty one; CWD does neither.
        var request = facts
            ? new TransferRequest("MLSD", path, null, task, path)
            : new TransferRequest("LIST", includeHidden && pi.Traits.IsUnix ? "-a" : null, null, task, path) { Directory = path };
        var reader = new ListingReader(
            facts ? ListingFormat.Mlsx : ListingFormat.List, new ListingContext(path, DateTime.UtcNow), pi.Control.Encoding, onItem);
        DataOutcome outcome;
        try
        {
            outcome = await transfers.RunAsync(request, () => data => data.ReceiveAsync(new LinePace(reader, pi).Feed, BufferSize, null), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not FtpCommandException)
        {
            // Pure-FTPd 1.0.50 keeps what it could not send of a broken listing and sends it ahead of the next one, where
            // it would pass for the content of another directory.
            pi.Close(FtpErrorKind.Cancelled, $"The listing of '{path}' from {pi.Server} was given up, and with it the connection, lest its rest come with the next listing");
            throw;
        }

        if (outcome.IsTruncated)
            throw Transfers.Truncated($"The listing of '{path}' from {pi.Server}", path);
        reader.Complete();
        if (reader.UnparsedCount == 0)
            return;
        var message = $"{reader.UnparsedCount} lines of the listing of '{path}' from {pi.Server} have a form that is not known, the first: '{reader.UnparsedSamples[0]}'.";
        if (reader.ItemCount == 0)
            throw new FtpException(FtpErrorKind.ListingUnparsed, message + " Please report the line, so that its dialect can be added.", path);
        pi.Trace(FtpLogLevel.Warning, message + " The others were read.");
    }

    /// <summary>The item itself, not what is in it (MLST, or its line in the parent's listing); null when there is none.</summary>
    public async Task<FtpItem?> FindAsync(string path, CancellationToken cancellationToken)
    {
        if (path == "/")
            return new FtpItem { Name = "/", FullName = "/", ItemType = FtpItemType.Directory };
        if (pi.Traits.Features!.HasFacts)
        {
            var reply = await pi.ExchangeAsync("MLST", path, cancellationToken).ConfigureAwait(false);
            var context = new ListingContext(FtpPath.Parent(path), DateTime.UtcNow) { SingleItem = true };
            if (reply.IsCompletion)
            {
                foreach (var line in reply.Lines.Skip(1))
                {
                    if (MlsxParser.TryParse(line, context, out var item) && item is not null)
                        return item;
                }
            }

            // 501 and the like: not every server that lists MLST in FEAT takes every path.
            if (reply.IsNegative && reply.Code != 550)
                throw FtpRefusal.Create("MLST", reply, $"ask about '{path}'", path, pi.Server);
            var refusal = reply.IsNegative ? FtpRefusal.Create("MLST", reply, $"ask about '{path}'", path, pi.Server) : null;
            return refusal is null || refusal.Kind == FtpErrorKind.PathNotFound ? null : throw refusal;
        }

        FtpItem? found = null;
        var name = FtpPath.Name(path);
        try
        {
            await ListAsync(FtpPath.Parent(path), true, item => found = item.Name == name ? item : found, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpCommandException e) when (e.Kind == FtpErrorKind.PathNotFound)
        {
            return null;
        }

        return found;
    }

    /// <summary>Bounds the time between two lines: of a listing that drips, each byte would begin the data connection's time anew.</summary>
    private sealed class LinePace(ListingReader reader, ProtocolInterpreter pi)
    {
        private readonly Stopwatch _since = Stopwatch.StartNew();
        private int _lines;

        public void Feed(byte[] buffer, int count)
        {
            reader.Feed(buffer, count);
            if (reader.LineCount != _lines)
            {
                _lines = reader.LineCount;
                _since.Restart();
            }
            else if (_since.Elapsed > pi.Options.Timeout)
            {
                throw new FtpException(
                    FtpErrorKind.Timeout,
                    FormattableString.Invariant($"No line of the listing was completed by {pi.Server} for {pi.Options.Timeout.TotalSeconds:0.#} seconds, though bytes came. -TimeoutSec at Connect-Ftp allows more time."), null, new TimeoutException());
            }
        }
    }
}
