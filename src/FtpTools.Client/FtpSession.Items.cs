using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.Protocol;
using FtpTools.Trees;

namespace FtpTools;

// What is there on the server, and what is done to it beside its bytes.
public sealed partial class FtpSession
{
    /// <summary>The absolute remote path that <paramref name="path"/> means here, with <c>.</c> and <c>..</c> resolved.</summary>
    public string ResolvePath(string path) => FtpPath.Combine(Location, path);

    /// <summary>The item itself; null when there is none of that name.</summary>
    public async Task<FtpItem?> FindItemAsync(string path, CancellationToken cancellationToken)
    {
        var item = await _pool.UseAsync(connection => connection.Listings.FindAsync(ResolvePath(path), cancellationToken), cancellationToken).ConfigureAwait(false);
        item?.Session = this;
        return item;
    }

    /// <summary>The item itself; fails with <see cref="FtpErrorKind.PathNotFound"/> when there is none of that name.</summary>
    public async Task<FtpItem> GetItemAsync(string path, CancellationToken cancellationToken) =>
        await FindItemAsync(path, cancellationToken).ConfigureAwait(false) ?? throw Listings.NotFound(ResolvePath(path), Server);

    /// <summary>The item itself, as <see cref="GetItemAsync"/> gives it; but where no listing can tell of it, a file of that name is taken to be there.</summary>
    public async Task<FtpItem> GetNamedItemAsync(string path, CancellationToken cancellationToken)
    {
        var item = await _pool.UseAsync(connection => connection.Listings.FindNamedAsync(ResolvePath(path), cancellationToken), cancellationToken).ConfigureAwait(false);
        item?.Session = this;
        return item ?? throw Listings.NotFound(ResolvePath(path), Server);
    }

    /// <summary>Whether a path is a directory, or a link that leads to one.</summary>
    public Task<bool> IsDirectoryAsync(string path, CancellationToken cancellationToken) =>
        _pool.UseAsync(connection => connection.Directories.IsDirectoryAsync(ResolvePath(path), cancellationToken), cancellationToken);

    /// <summary>Lists a directory; <paramref name="onItem"/> is called in the server's order, on whatever thread reads the wire.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="includeHidden">Ask for names that begin with a dot too. (Some servers always send them.)</param>
    /// <param name="onItem">Takes an item; must be quick, for the wire waits.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.ListingUnparsed"/>, after all that could be read: there were lines that could not.</exception>
    public Task ListAsync(string path, bool includeHidden, Action<FtpItem> onItem, CancellationToken cancellationToken) =>
        _pool.UseAsync(
            connection => connection.Listings.ListAsync(
                ResolvePath(path),
                includeHidden,
                item =>
                {
                    item.Session = this;
                    onItem(item);
                },
                cancellationToken),
            cancellationToken);

    /// <summary>Makes a directory.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="createParents">Make missing parents too, and accept one that is there.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task CreateDirectoryAsync(string path, bool createParents, CancellationToken cancellationToken) =>
        _pool.UseAsync(
            connection => createParents
                ? connection.Directories.MakeDirectoriesAsync(ResolvePath(path), cancellationToken)
                : connection.Directories.MakeDirectoryAsync(ResolvePath(path), cancellationToken),
            cancellationToken);

    /// <summary>Deletes a file or a link.</summary>
    public Task DeleteFileAsync(string path, CancellationToken cancellationToken) =>
        _pool.UseAsync(connection => connection.Files.DeleteFileAsync(ResolvePath(path), cancellationToken), cancellationToken);

    /// <summary>Deletes a directory; with <paramref name="recurse"/> all that is in it. Of a link, the link alone.</summary>
    public Task DeleteDirectoryAsync(string path, bool recurse, CancellationToken cancellationToken) =>
        _pool.UseAsync(connection => TreeRemoval.DeleteAsync(connection, ResolvePath(path), recurse, cancellationToken), cancellationToken);

    /// <summary>Renames or moves (RNFR, RNTO). What happens to an existing target is the server's choice.</summary>
    public Task RenameAsync(string path, string newPath, CancellationToken cancellationToken) =>
        _pool.UseAsync(connection => connection.Files.RenameAsync(ResolvePath(path), ResolvePath(newPath), cancellationToken), cancellationToken);
}
