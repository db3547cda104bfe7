using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;
using FtpTools.Trees;

namespace FtpTools;

// What is not there yet, and what others want too.
public sealed partial class FtpSession
{
    /// <summary>Waits for files.</summary>
    /// <param name="options">When they are whole, how many are waited for, and how long.</param>
    /// <param name="paths">Where to look for them.</param>
    /// <param name="onLook">Told after each look how things stand; on any thread. Null for nobody.</param>
    public FtpItemWait WaitFor(FtpWaitOptions options, IReadOnlyList<FtpWaitPath> paths, Action<string>? onLook) => new(this, options, paths, onLook);

    /// <summary>
    /// Renames a file that others may want to have too, so that one gets it. Nothing that is there is replaced: where the name
    /// is taken, the file gets another one of the pattern.
    /// </summary>
    /// <param name="item">The file, as a listing has shown it.</param>
    /// <param name="pattern">See <see cref="FtpWaitOptions.Claim"/>.</param>
    /// <param name="cancellationToken">Ends the attempt; whether it was renamed is then not known.</param>
    /// <returns>The file as it is then; null where another one was faster, or where the file is not what it was.</returns>
    /// <exception cref="FtpException">It is there and cannot be renamed.</exception>
    public async Task<FtpItem?> ClaimAsync(FtpItem item, string pattern, CancellationToken cancellationToken)
    {
        if (await TryClaimAsync(item, pattern, cancellationToken).ConfigureAwait(false) is not { } target)
            return null;
        try
        {
            return await CheckClaimAsync(item, target, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpConnectionException e)
        {
            throw e.Adding($"'{item.FullName}' had already been claimed, and is now '{target}'.");
        }
    }

    // What was renamed may be what has got the name in the meantime.
    private async Task<FtpItem?> CheckClaimAsync(FtpItem item, string target, CancellationToken cancellationToken)
    {
        var claimed = await GetNamedItemAsync(target, cancellationToken).ConfigureAwait(false);
        if (ItemWatch.IsSame(item, claimed))
            return claimed;
        if (await FindItemAsync(item.FullName, cancellationToken).ConfigureAwait(false) is not null)
            throw new FtpException(FtpErrorKind.VerificationFailed, $"'{target}' on {Server} differs from the file that was found as '{item.FullName}': it changed before it was renamed. It could not be renamed back, because there is already another file with the original name. Check the file before you use it.", target) { Server = Server };
        await RenameAsync(target, item.FullName, cancellationToken).ConfigureAwait(false);
        return null;
    }

    // The name that the file has then; null where it is not there any more, or is another one.
    private async Task<string?> TryClaimAsync(FtpItem item, string pattern, CancellationToken cancellationToken)
    {
        var target = ClaimName.Of(pattern, item.FullName);
        // RNTO replaces a file on most servers, without a word, and that may be what somebody has claimed before.
        if (await IsThereAsync(target, cancellationToken).ConfigureAwait(false))
            target = Another(pattern, item);
        for (var isAgain = false; ; isAgain = true)
        {
            try
            {
                await RenameToClaimAsync(item, target, cancellationToken).ConfigureAwait(false);
                return target;
            }
            catch (FtpCommandException e)
            {
                // RNFR is refused where the file has gone already, or RNTO, where a server looks no sooner.
                if (await FindItemAsync(item.FullName, cancellationToken).ConfigureAwait(false) is not { } there || !ItemWatch.IsSame(item, there))
                    return null;
                if (isAgain || e.Verb != "RNTO")
                    throw;
                if (e.Kind == FtpErrorKind.AlreadyExists)
                    target = Another(pattern, item);
                else if (!ClaimName.HasDirectory(pattern))
                    throw;
                else
                    // It may be there by now: another one has made it.
                    await CreateDirectoryAsync(FtpPath.Parent(target), createParents: true, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> IsThereAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await FindItemAsync(path, cancellationToken).ConfigureAwait(false) is not null;
        }
        catch (FtpException e) when (e.Kind == FtpErrorKind.PathNotFound)
        {
            // Without CWD, it is LIST that says that the directory is not there.
            return false;
        }
    }

    private async Task RenameToClaimAsync(FtpItem item, string target, CancellationToken cancellationToken)
    {
        try
        {
            await RenameAsync(item.FullName, target, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Trace(FtpLogLevel.Warning, $"'{item.FullName}' was being claimed. Check whether it's now '{target}' on {Server}.");
            throw;
        }
        catch (FtpConnectionException e)
        {
            throw e.Adding($"It isn't known whether '{item.FullName}' was renamed to '{target}'.");
        }
    }

    private static string Another(string pattern, FtpItem item) => ClaimName.Of(pattern, item.FullName, Guid.NewGuid().ToString("N").Substring(0, 8));
}
