using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Transfer;

namespace FtpTools;

/// <summary>
/// A small file of the user's own, such as settings, that several processes change: it is there whole or as it was before,
/// nobody else can read it where the platform has modes, and of changes at the same time none is lost.
/// </summary>
public static class FtpPrivateFile
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    /// <summary>What is in the file; null when there is none.</summary>
    /// <param name="path">The absolute path.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>: it cannot be read.</exception>
    public static byte[]? Read(string path)
    {
        try
        {
            // A reader must not keep another process from replacing it.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            file.CopyTo(content);
            return content.ToArray();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FtpException(FtpErrorKind.LocalFileError, $"The file '{path}' can't be read. {e.Message}", null, e);
        }
    }

    /// <summary>Whether others than the file's owner may write to it, as its mode tells, or its access list on Windows, where administrators are no others.</summary>
    /// <param name="path">The absolute path.</param>
    /// <exception cref="IOException">It cannot be told.</exception>
    public static bool IsWritableByOthers(string path) => Compat.IsWritableByOthers(path);

    /// <summary>Changes the file, which is made if there is none. Whoever changes it meanwhile waits.</summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="change">Makes the new content of the former, null for none; what it throws leaves the file as it is.</param>
    /// <param name="timeout">How long to wait for others.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>: it cannot be written; <see cref="FtpErrorKind.Timeout"/>: another one is at it for too long.</exception>
    public static async Task ChangeAsync(string path, Func<byte[]?, byte[]> change, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            // The file itself is another one after each change, and cannot be what is waited for.
            using var turn = await TakeTurnAsync(path + ".lock", timeout, cancellationToken).ConfigureAwait(false);
            var content = change(Read(path));
            var part = $"{path}.{Guid.NewGuid():N}.tmp";
            try
            {
                using (var file = Compat.AppendPrivately(part))
                {
                    file.Write(content, 0, content.Length);
                    file.Flush(flushToDisk: true);
                }
                Compat.MoveOver(part, path);
            }
            catch
            {
                File.Delete(part);
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FtpException(FtpErrorKind.LocalFileError, $"The file '{path}' can't be written. {e.Message}", null, e);
        }
    }

    // The lock's file stays: were it deleted, one could wait for it while another makes a new one.
    private static async Task<IDisposable> TakeTurnAsync(string path, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(timeout);
        while (true)
        {
            try
            {
                // In one step: a file that is made first and held then is held by another in between, which is no failure to make it.
                return Compat.HoldPrivately(path);
            }
            catch (IOException e) when (LocalFile.IsInUse(e))
            {
                try
                {
                    await Task.Delay(_pause, patience.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    throw new FtpException(FtpErrorKind.Timeout, $"'{path}' has been locked by another process for {timeout.TotalSeconds:0} seconds. Nothing was changed. {e.Message}", null, e);
                }
            }
        }
    }
}
