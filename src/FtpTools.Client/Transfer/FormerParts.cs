using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.Protocol;

namespace FtpTools.Transfer;

/// <summary>The parts that former uploads have left beside a remote file.</summary>
internal static class FormerParts
{
    /// <summary>Finds them.</summary>
    /// <param name="connection">Where to look.</param>
    /// <param name="target">The remote file.</param>
    /// <param name="name">What its parts are called.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static async Task<IReadOnlyList<FtpItem>> FindAsync(FtpConnection connection, string target, PartName name, CancellationToken cancellationToken)
    {
        var parts = new List<FtpItem>();
        try
        {
            await connection.Listings.ListAsync(FtpPath.Parent(target), true, item =>
            {
                if (name.IsForTarget(item.Name))
                    parts.Add(item);
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpException e) when (e.Kind == FtpErrorKind.ListingUnparsed && connection.IsOpen)
        {
            // All of the file is sent, whatever stands in those lines.
            connection.Tell($"Whether a part of '{target}' is there already could not be seen in full: {e.Message}");
        }

        return parts;
    }
}
