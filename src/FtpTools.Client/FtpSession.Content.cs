using System;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;
using FtpTools.Transfer;

namespace FtpTools;

// What is in files, for who wants no local ones: as text, as bytes, as a hash, as a copy.
public sealed partial class FtpSession
{
    /// <summary>Reads a text line by line.</summary>
    /// <param name="item">The file, or a link to one.</param>
    /// <param name="options">How much of it.</param>
    /// <param name="onLine">Takes a line without its end, on the receiving thread; must be quick, for the wire waits.</param>
    /// <param name="progress">Told at most five times a second, on the receiving thread; null for nobody.</param>
    /// <param name="cancellationToken">Ends it; the session can be used afterwards.</param>
    /// <exception cref="FtpException">Not all came; the lines that did have been taken.</exception>
    public Task ReadLinesAsync(FtpItem item, FtpReadOptions options, Action<string> onLine, IProgress<FtpProgress>? progress, CancellationToken cancellationToken) =>
        ContentOf(item, progress).ReadLinesAsync(options, onLine, cancellationToken);

    /// <summary>Reads a text whole.</summary>
    /// <param name="item">The file, or a link to one.</param>
    /// <param name="options">Its encoding; all else is of no account.</param>
    /// <param name="progress">Told at most five times a second, on the receiving thread; null for nobody.</param>
    /// <param name="cancellationToken">Ends it; the session can be used afterwards.</param>
    public Task<string> ReadTextAsync(FtpItem item, FtpReadOptions options, IProgress<FtpProgress>? progress, CancellationToken cancellationToken) =>
        ContentOf(item, progress).ReadTextAsync(options.Encoding, cancellationToken);

    /// <summary>Reads bytes.</summary>
    /// <param name="item">The file, or a link to one.</param>
    /// <param name="options">How much of it.</param>
    /// <param name="onBytes">Takes a buffer, which is used again, and the count of bytes in it, on the receiving thread; must be quick, for the wire waits.</param>
    /// <param name="progress">Told at most five times a second, on the receiving thread; null for nobody.</param>
    /// <param name="cancellationToken">Ends it; the session can be used afterwards.</param>
    /// <exception cref="FtpException">Not all came; the bytes that did have been taken.</exception>
    public Task ReadBytesAsync(FtpItem item, FtpReadOptions options, Action<byte[], int> onBytes, IProgress<FtpProgress>? progress, CancellationToken cancellationToken) =>
        ContentOf(item, progress).ReadBytesAsync(options, onBytes, cancellationToken);

    /// <summary>Finds the hash of a file.</summary>
    /// <param name="item">The file, or a link to one.</param>
    /// <param name="algorithm">SHA256, SHA1, SHA384, SHA512, MD5 or CRC32.</param>
    /// <param name="isLocal">Whether it is computed here while the file is received, and not asked for.</param>
    /// <param name="progress">Told at most five times a second, on the receiving thread; null for nobody.</param>
    /// <param name="cancellationToken">Ends it; the session can be used afterwards.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.CommandNotSupported"/>: the server does not tell this hash.</exception>
    public async Task<FtpFileHash> GetHashAsync(FtpItem item, string algorithm, bool isLocal, IProgress<FtpProgress>? progress, CancellationToken cancellationToken)
    {
        var name = FtpHash.NameOf(algorithm);
        var hash = isLocal
            ? await ContentOf(item, progress).HashAsync(name, cancellationToken).ConfigureAwait(false)
            : await _pool.UseAsync(connection => connection.Hashes.HashAsync(item.FullName, name, cancellationToken), cancellationToken).ConfigureAwait(false);
        return new FtpFileHash { Algorithm = algorithm, Hash = hash, Path = item.FullName, Server = Server };
    }

    /// <summary>
    /// Copies one file: by the server itself where it can, or else received and sent at the same time, over a connection of
    /// each session.
    /// </summary>
    /// <param name="item">The file, or a link to one.</param>
    /// <param name="destination">The session to copy to; this one perhaps.</param>
    /// <param name="path">The copy's name there, not a directory.</param>
    /// <param name="createParents">Make its missing parent directories.</param>
    /// <param name="serverToServer">Have the servers open a data connection between the two, and fail where they do not.</param>
    /// <param name="progress">Told at most five times a second, on the receiving thread; null for nobody.</param>
    /// <param name="cancellationToken">Ends it; the sessions can be used afterwards.</param>
    public async Task CopyFileAsync(
        FtpItem item, FtpSession destination, string path, bool createParents, bool serverToServer, IProgress<FtpProgress>? progress, CancellationToken cancellationToken)
    {
        var target = destination.ResolvePath(path);
        if (serverToServer && destination == this)
            throw new FtpException(FtpErrorKind.InvalidName, $"'{item.FullName}' wasn't copied, because -ServerToServer requires two different sessions. Specify the other one with -DestinationSession.", item.FullName) { Server = Server };
        if (IsSameAccount(destination))
        {
            if (target == item.FullName)
                throw new FtpException(FtpErrorKind.InvalidName, $"'{target}' can't be copied to itself.", target);
            if (await _pool.UseAsync(connection => ServerCopy.TryAsync(connection, item.FullName, target, createParents, cancellationToken), cancellationToken).ConfigureAwait(false))
                return;
        }

        if (serverToServer)
        {
            var meter = new TransferMeter(progress, item.FullName, target, item.ExactLength);
            await _pool.UseAsync(
                from => destination._pool.UseAsync(to => ServerCopy.SendAsync(from, item, to, target, createParents, meter, cancellationToken), cancellationToken), cancellationToken).ConfigureAwait(false);
            return;
        }

        if (destination == this && MaxConnection == 1 && item is { ItemType: FtpItemType.File, ExactLength: > RelayPipe.MostUnread })
            throw RelayPipe.OneConnection(item.FullName);
        // What has been read cannot be read again by the one side alone.
        var options = new FtpTransferOptions { TransferType = FtpTransferType.Binary, CreateParents = createParents, RetryCount = 0 };
        await Relay.RunAsync(
            (take, begin, stop) => TransferAsync(new FileRead(item, options, take, begin, progress), stop),
            (pipe, stop) => destination.UploadAsync(pipe, target, options, null, stop),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether another session is logged in to the same server by the same name, so that a path means the same to both.</summary>
    public bool IsSameAccount(FtpSession other) => this == other || (UserName == other.UserName && IsOn(other.Server));

    private FileContent ContentOf(FtpItem item, IProgress<FtpProgress>? progress) =>
        new(item, new FtpTransferOptions { TransferType = FtpTransferType.Binary }, TransferAsync, progress);
}
