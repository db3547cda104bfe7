using System.Collections.Generic;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>What is said about directories: which one is current, is there one, make one, remove one. Paths are absolute.</summary>
internal sealed class Directories(ProtocolInterpreter pi, Files files, Listings listings)
{
    /// <summary>The current directory on the server (PWD).</summary>
    public async Task<string> PrintWorkingDirectoryAsync(CancellationToken cancellationToken)
    {
        var reply = await pi.CommandAsync("PWD", null, "ask for the current directory", null, cancellationToken).ConfigureAwait(false);
        // The path stands in quotes, its own quotes doubled (RFC 959, Appendix II).
        var text = reply.Text;
        var path = new StringBuilder();
        var first = text.IndexOf('"');
        for (var i = first + 1; first >= 0 && i < text.Length; i++)
        {
            if (text[i] == '"' && (i + 1 == text.Length || text[++i] != '"'))
                break;
            path.Append(text[i]);
        }

        return FtpPath.Combine("/", path.ToString());
    }

    /// <summary>
    /// Makes a directory the current one (CWD). It is said even if it was the last one, for a server stays in what was
    /// renamed or deleted meanwhile.
    /// </summary>
    public Task ChangeDirectoryAsync(string path, string task, CancellationToken cancellationToken) =>
        pi.CommandAsync("CWD", path, task, path, cancellationToken);

    /// <summary>Whether a path is a directory or leads to one.</summary>
    public async Task<bool> IsDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        // CWD tells for certain, but Pure-FTPd says 421 and hangs up once the directory that was gone into is deleted; so
        // it is tried only where MLST is not known or shows a link.
        if (pi.Traits.Features!.HasFacts)
        {
            var item = await listings.FindAsync(path, cancellationToken).ConfigureAwait(false);
            if (item is null || item.ItemType is FtpItemType.Directory or FtpItemType.File)
                return item is { IsDirectory: true };
        }

        return (await pi.ExchangeAsync("CWD", path, cancellationToken).ConfigureAwait(false)).IsCompletion;
    }

    /// <summary>Whether there is anything of that name.</summary>
    public async Task<bool> ExistsAsync(string path, CancellationToken cancellationToken)
    {
        // SIZE and CWD are cheaper than the parent's listing, which is what is left without MLST.
        if (!pi.Traits.Features!.HasFacts
            && (await files.SizeAsync(path, cancellationToken).ConfigureAwait(false) is not null || await IsDirectoryAsync(path, cancellationToken).ConfigureAwait(false)))
            return true;
        return await listings.FindAsync(path, cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <summary>Makes a directory (MKD).</summary>
    public async Task MakeDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await pi.CommandAsync("MKD", path, $"make the directory '{path}'", path, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpCommandException e) when (e.Kind == FtpErrorKind.CommandRefused)
        {
            // vsftpd gives no reason ("550 Create directory operation failed."), and this is the likeliest one.
            if (!await IsDirectoryAsync(path, cancellationToken).ConfigureAwait(false))
                throw;
            throw new FtpCommandException(FtpErrorKind.AlreadyExists, $"{e.Message} There is a directory of that name already.", e.Reply, path);
        }
    }

    /// <summary>Makes a directory and its missing parents; content with one that is there.</summary>
    public async Task MakeDirectoriesAsync(string path, CancellationToken cancellationToken)
    {
        var missing = new Stack<string>();
        for (var directory = path; directory.Length > 1; directory = FtpPath.Parent(directory))
        {
            if (await IsDirectoryAsync(directory, cancellationToken).ConfigureAwait(false))
                break;
            missing.Push(directory);
        }

        foreach (var directory in missing)
            await EnsureDirectoryAsync(directory, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a directory whose parent is there; content with one that is there itself, or that another client makes meanwhile.</summary>
    public async Task EnsureDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await MakeDirectoryAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpCommandException)
        {
            if (!await IsDirectoryAsync(path, cancellationToken).ConfigureAwait(false))
                throw;
        }
    }

    /// <summary>Deletes an empty directory (RMD).</summary>
    public Task RemoveDirectoryAsync(string path, CancellationToken cancellationToken) =>
        pi.CommandAsync("RMD", path, $"delete the directory '{path}'", path, cancellationToken);
}
