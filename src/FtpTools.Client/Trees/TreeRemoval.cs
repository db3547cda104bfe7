using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Session;

namespace FtpTools.Trees;

/// <summary>
/// Removes a remote directory with all that is in it, over several connections where there is enough to do for them. A
/// directory is deleted once all in it is gone; the first failure ends all, and what is left then is left.
/// </summary>
/// <param name="pool">Lends connections.</param>
/// <param name="limit">The most of them.</param>
/// <param name="onDeleted">Told of each file and directory that is gone, on whatever thread; null for nobody.</param>
internal sealed class TreeRemoval(ConnectionPool pool, int limit, Action<string>? onDeleted)
{
    /// <summary>Fewer files are deleted sooner than another connection is made.</summary>
    private const int LeastForAnother = 20;

    private int _limit = limit;
    private int _helpers; // at work beside the caller
    private bool _hasHired;

    /// <summary>Deletes a directory; with <paramref name="recurse"/> all that is in it. Of a link, the link alone.</summary>
    public async Task DeleteAsync(string directory, bool recurse, CancellationToken cancellationToken)
    {
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await DeleteAsync(directory, recurse, FtpTreeLevel.Top(), stop).ConfigureAwait(false);
            return;
        }
        catch (FtpConnectionException e) when (_hasHired && e.Kind == FtpErrorKind.ConnectionLost && !cancellationToken.IsCancellationRequested)
        {
            // Servers in devices drop one client for the next. What is left is looked up, and deleted over one connection.
            _limit = 1;
        }

        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await DeleteAsync(directory, recurse, FtpTreeLevel.Top(), stop).ConfigureAwait(false);
        }
        catch (FtpException e) when (e.Kind == FtpErrorKind.PathNotFound && e.Path == directory)
        {
            // What was said last before the loss may have been done; or it is there, and may not be listed any more.
            if (await pool.UseAsync(connection => connection.Directories.ExistsAsync(directory, cancellationToken), cancellationToken).ConfigureAwait(false))
                throw;
            onDeleted?.Invoke(directory);
        }
    }

    private async Task DeleteAsync(string directory, bool recurse, FtpTreeLevel level, CancellationTokenSource stop)
    {
        var items = new List<FtpItem>();
        FtpException? unread = null;
        var isLink = await pool.UseAsync(
            async connection =>
            {
                if (await connection.Files.TryDeleteLinkAsync(directory, stop.Token).ConfigureAwait(false))
                    return true;
                try
                {
                    if (recurse)
                        await connection.Listings.ListAsync(directory, true, items.Add, stop.Token).ConfigureAwait(false);
                }
                catch (FtpException e) when (e.IsUnreadListing && connection.IsOpen)
                {
                    unread = e;
                }
                return false;
            },
            stop.Token).ConfigureAwait(false);
        if (!isLink)
        {
            items.ForEach(level.Add);
            await DeleteContentAsync(items, level, stop).ConfigureAwait(false);
            await RemoveDirectoryAsync(directory, items.Count > 0, unread, stop.Token).ConfigureAwait(false);
        }
        onDeleted?.Invoke(directory);
    }

    private async Task DeleteContentAsync(List<FtpItem> items, FtpTreeLevel level, CancellationTokenSource stop)
    {
        var files = new Queue<string>(items.Where(item => !item.IsDirectory).Select(item => item.FullName));
        // A level is one thread's at a time.
        var below = new Queue<(string Path, FtpTreeLevel Level)>(items.Where(item => item.IsDirectory).Select(item => (item.FullName, level.Below(item.FullName))));
        var helpers = new List<Task>();
        try
        {
            for (var wanted = files.Count / LeastForAnother; wanted > 0 && TryHire(); wanted--)
                helpers.Add(HelpAsync(() => DeleteFilesAsync(files, stop.Token), stop));
            await DeleteFilesAsync(files, stop.Token).ConfigureAwait(false);
            while (below.Count > 0)
            {
                var (path, next) = below.Dequeue();
                if (below.Count > 0 && TryHire())
                    helpers.Add(HelpAsync(() => DeleteAsync(path, true, next, stop), stop));
                else
                    await DeleteAsync(path, true, next, stop).ConfigureAwait(false);
            }
            await Task.WhenAll(helpers).ConfigureAwait(false);
        }
        catch
        {
            stop.Cancel();
            // What made the others stop is the failure to tell of.
            await Task.WhenAll(helpers).ContinueWith(static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
            if (helpers.Select(helper => helper.Exception?.InnerException).FirstOrDefault(e => e is FtpException) is { } first)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(first).Throw();
            throw;
        }
    }

    private Task DeleteFilesAsync(Queue<string> files, CancellationToken cancellationToken) => pool.UseAsync(
        async connection =>
        {
            while (true)
            {
                string path;
                lock (files)
                {
                    if (files.Count == 0)
                        return;
                    path = files.Dequeue();
                }
                await connection.Files.DeleteFileAsync(path, cancellationToken).ConfigureAwait(false);
                onDeleted?.Invoke(path);
            }
        },
        cancellationToken);

    private Task RemoveDirectoryAsync(string directory, bool hadContent, FtpException? unread, CancellationToken cancellationToken) => pool.UseAsync(
        async connection =>
        {
            try
            {
                await connection.Directories.RemoveDirectoryAsync(directory, cancellationToken).ConfigureAwait(false);
            }
            catch (FtpCommandException e) when (unread is not null)
            {
                throw unread.Adding($"The directory therefore isn't empty, and the server didn't delete it. It replied '{e.Reply}'.");
            }
            catch (FtpCommandException e) when (hadContent && e.Kind == FtpErrorKind.PathNotFound)
            {
                // In front of an object store a directory is there as long as something is in it.
                if (await connection.Directories.IsDirectoryAsync(directory, cancellationToken).ConfigureAwait(false))
                    throw;
            }
        },
        cancellationToken);

    private bool TryHire()
    {
        if (Interlocked.Increment(ref _helpers) < _limit)
            return _hasHired = true;
        Interlocked.Decrement(ref _helpers);
        return false;
    }

    private async Task HelpAsync(Func<Task> work, CancellationTokenSource stop)
    {
        try
        {
            await Task.Run(work, stop.Token).ConfigureAwait(false);
        }
        catch
        {
            stop.Cancel();
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _helpers);
        }
    }
}
