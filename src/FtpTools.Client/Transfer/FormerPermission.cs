using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.Protocol;

namespace FtpTools.Transfer;

/// <summary>
/// The permission of a file that an upload replaces, for the new one, which else has what the server gives to new files. It is
/// known where the former file was looked at for another reason; nobody looks for its sake.
/// </summary>
/// <param name="known">It, where it is known already; null otherwise.</param>
/// <param name="isInPlace">Whether the former file itself is written to, which keeps it.</param>
internal sealed class FormerPermission(string? known, bool isInPlace)
{
    private string? _permission = known;

    /// <summary>Takes it of the former file.</summary>
    /// <returns>The same.</returns>
    public FtpItem Take(FtpItem former)
    {
        _permission = former.ItemType == FtpItemType.File ? former.Permission : null;
        return former;
    }

    /// <summary>Gives it to the new file, where that has another: one round trip, and one more in each session that finds out what new files have.</summary>
    public async Task RestoreAsync(FtpConnection connection, string target, CancellationToken cancellationToken)
    {
        if (isInPlace || FilePermission.Read(_permission) is not { } permission || !connection.Facts.MayRestorePermission)
            return;
        connection.Facts.NewFilePermission ??= FilePermission.Read((await connection.Listings.FindAsync(target, cancellationToken).ConfigureAwait(false))?.Permission);
        if (connection.Facts.NewFilePermission != permission)
            await connection.Facts.RestorePermissionAsync(target, permission, cancellationToken).ConfigureAwait(false);
    }
}
