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

    /// <summary>What is at a path, as an item that has not been looked for.</summary>
    public FtpItem ItemAt(string path) => new() { Name = FtpPath.Name(ResolvePath(path)), FullName = ResolvePath(path), Session = this };

    /// <summary>The item itself; null when there is none of that name.</summary>
    public async Task<FtpItem?> FindItemAsync(string path, CancellationToken cancellationToken)
    {
        var full = ResolvePath(path);
        var item = await _pool.UseAsync(
            async connection => await connection.Listings.FindAsync(full, cancellationToken).ConfigureAwait(false) ?? await connection.Listings.FindDoubtingAsync(full, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
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

    /// <summary>Deletes a directory; with <paramref name="recurse"/> all that is in it, over several connections where there is much. Of a link, the link alone.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="recurse">Delete what is in it first.</param>
    /// <param name="onDeleted">Told of each path that is gone, on whatever thread; null for nobody.</param>
    /// <param name="cancellationToken">Ends it; what is deleted stays so.</param>
    public Task DeleteDirectoryAsync(string path, bool recurse, Action<string>? onDeleted, CancellationToken cancellationToken) =>
        new TreeRemoval(_pool, MaxConnection, onDeleted).DeleteAsync(ResolvePath(path), recurse, cancellationToken);

    /// <summary>Renames or moves (RNFR, RNTO). What happens to an existing target is the server's choice.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.CommandRefused"/>, too: the server said yes and has renamed nothing; <see cref="FtpErrorKind.InvalidName"/>: or gave it another name.</exception>
    public Task RenameAsync(string path, string newPath, CancellationToken cancellationToken) =>
        _pool.UseAsync(
            async connection =>
            {
                var (from, to) = (ResolvePath(path), ResolvePath(newPath));
                await connection.Files.RenameAsync(from, to, cancellationToken).ConfigureAwait(false);
                // Of another letter case, a server that knows no case finds it under both names.
                if (!from.Equals(to, StringComparison.OrdinalIgnoreCase) && !await connection.Directories.IsRenamedAsync(from, cancellationToken).ConfigureAwait(false))
                    throw new FtpException(FtpErrorKind.CommandRefused, $"'{from}' wasn't renamed: {Server} accepted RNTO, but the file still has its old name. The server doesn't support renaming.", from) { Server = Server };
                await connection.Directories.RequireNameAsync(to, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken);

    /// <summary>Sets the time of a file's last change, and sees whether it has it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="utc">The time, in UTC.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.CommandNotSupported"/>: the server sets no times, or not of this; <see cref="FtpErrorKind.VerificationFailed"/>: it said yes and has another time.</exception>
    public Task SetLastWriteTimeAsync(string path, DateTime utc, CancellationToken cancellationToken) =>
        _pool.UseAsync(
            async connection =>
            {
                var target = ResolvePath(path);
                if (!await connection.Files.TrySetModificationTimeAsync(target, utc, cancellationToken).ConfigureAwait(false))
                    throw new FtpException(FtpErrorKind.CommandNotSupported, $"The time of '{target}' wasn't set, because {Server} doesn't accept MFMT, MDTM with a time, or SITE UTIME for it. Check whether the file exists and belongs to the account.", target) { Server = Server };
                // Of a directory, many tell no time.
                if (await connection.Files.ModificationTimeAsync(target, cancellationToken).ConfigureAwait(false) is { } time && (time - utc).Duration() > TimeSpan.FromSeconds(2))
                    throw new FtpException(FtpErrorKind.VerificationFailed, FormattableString.Invariant($"'{target}' has the time {time:yyyy-MM-dd HH:mm:ss} UTC instead of {utc:yyyy-MM-dd HH:mm:ss}, although {Server} reported that it was set."), target) { Server = Server };
            },
            cancellationToken);

    /// <summary>Sets the Unix permissions of a file or directory (SITE CHMOD).</summary>
    /// <param name="path">What to set them of.</param>
    /// <param name="permission">Three or four octal digits, or what chmod takes, as <c>u+x,go-w</c>, for which the server must tell those there are.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: it is no permission.</exception>
    public Task SetPermissionAsync(string path, string permission, CancellationToken cancellationToken) =>
        _pool.UseAsync(
            async connection =>
            {
                var target = ResolvePath(path);
                RequirePermission(permission, target);
                var item = FilePermission.IsWhole(permission) ? null
                    : await connection.Listings.FindAsync(target, cancellationToken).ConfigureAwait(false) ?? throw Listings.NotFound(target, Server);
                var current = item is null ? 0 : FilePermission.Read(item.Permission)
                    ?? throw new FtpException(FtpErrorKind.CommandNotSupported, $"'{permission}' changes the current permission of '{target}', but {Server} doesn't report it. Specify the complete permission, such as 644.", target) { Server = Server };
                await connection.Facts.SetPermissionAsync(target, FilePermission.Apply(permission, current, item?.IsDirectory == true), cancellationToken).ConfigureAwait(false);
            },
            cancellationToken);

    // Before the server is asked for anything.
    private static void RequirePermission(string permission, string path)
    {
        try
        {
            FilePermission.Apply(permission, 0);
        }
        catch (FormatException e)
        {
            throw new FtpException(FtpErrorKind.InvalidName, e.Message, path, e);
        }
    }
}
