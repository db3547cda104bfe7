using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Protocol;

namespace FtpTools.Dialogue;

/// <summary>What is said about directories: which one is current, is there one, make one, remove one. Paths are absolute.</summary>
internal sealed class Directories(ProtocolInterpreter pi, Files files, Listings listings)
{
    /// <summary>Goes to the directory that the session is to start in, where one was named.</summary>
    /// <returns>The directory that it starts in.</returns>
    public async Task<string> BeginAsync(CancellationToken cancellationToken)
    {
        if (pi.Options.InitialDirectory is { Length: > 0 } directory)
        {
            await ChangeDirectoryAsync(directory, $"open the initial directory '{directory}'", cancellationToken).ConfigureAwait(false);
            return await PrintWorkingDirectoryAsync(cancellationToken).ConfigureAwait(false);
        }

        return pi.Traits.LoginDirectory = await PrintWorkingDirectoryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The current directory on the server (PWD).</summary>
    public async Task<string> PrintWorkingDirectoryAsync(CancellationToken cancellationToken)
    {
        var reply = await pi.ExchangeAsync("PWD", null, cancellationToken).ConfigureAwait(false);
        if (!FtpRefusal.IsRefusal("PWD", reply) && WorkingDirectory.TryRead(reply.SentText, out var path))
        {
            pi.Traits.IsDirectoryTold |= reply.Code == 257;
            pi.Traits.PathStyle = ServerPath.Guess(pi.Traits.System ?? "", path);
            if (pi.Traits.PathStyle != PathStyle.Slashes)
                pi.Habits.Learn(pi.Traits.PathStyle == PathStyle.DataSets ? ServerHabit.DataSetNames : ServerHabit.BracketNames, $"{pi.Traits.System} {reply}".Trim());
            return path;
        }

        pi.Trace(FtpLogLevel.Information, $"{pi.Server} doesn't report its current directory (it replied '{reply}' to PWD), so relative paths begin at '{pi.Said.Directory ?? "/"}'.");
        return pi.Said.Directory ?? "/";
    }

    /// <summary>Makes a directory the current one (CWD).</summary>
    public Task ChangeDirectoryAsync(string path, string task, CancellationToken cancellationToken) => pi.EnterAsync(path, task, cancellationToken);

    /// <summary>Whether a path is a directory or leads to one.</summary>
    public async Task<bool> IsDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        // CWD tells for certain, but Pure-FTPd says 421 and hangs up once the directory that was gone into is deleted; so
        // it is tried only where MLST is not known or shows a link.
        if (pi.Traits.HasMlst || pi.Habits.Has(ServerHabit.NoCwd))
        {
            var item = await listings.FindAsync(path, cancellationToken).ConfigureAwait(false);
            if (item is null || item.ItemType is FtpItemType.Directory or FtpItemType.File)
                return item is { IsDirectory: true };
        }

        if (await listings.IsEnteredAsync(path, false, cancellationToken).ConfigureAwait(false))
            return true;
        return pi.Habits.Has(ServerHabit.NoCwd) && await listings.FindAsync(path, cancellationToken).ConfigureAwait(false) is { IsDirectory: true };
    }

    /// <summary>Whether there is anything of that name.</summary>
    public async Task<bool> ExistsAsync(string path, CancellationToken cancellationToken)
    {
        // SIZE and CWD are cheaper than the parent's listing, which is what is left without MLST.
        if (!pi.Traits.HasMlst
            && (await files.SizeAsync(path, cancellationToken).ConfigureAwait(false) is not null || await IsDirectoryAsync(path, cancellationToken).ConfigureAwait(false)))
            return true;
        return await listings.FindForCertainAsync(path, cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <summary>
    /// Whether a file that was renamed has left its former name indeed. There are servers that say yes to RNTO and do nothing,
    /// and the upload would be called Succeeded. The session's first rename is looked at, by one command, on servers that are
    /// not known by name.
    /// </summary>
    public async Task<bool> IsRenamedAsync(string former, CancellationToken cancellationToken)
    {
        if (pi.Habits.IsRenameKnown)
            return true;
        // A server that tells of whatever it is asked about shows nothing.
        if (await IsSeenAsync(former, cancellationToken).ConfigureAwait(false) && !await IsSeenAsync(former + ".none", cancellationToken).ConfigureAwait(false))
        {
            pi.Habits.Learn(ServerHabit.NoRename, $"the server accepted RNTO, but the name of the file is still '{former}'");
            return false;
        }

        pi.Habits.LearnToRename();
        return true;
    }

    /// <summary>Makes a directory (MKD).</summary>
    public async Task MakeDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await pi.CommandAsync("MKD", path, $"create the directory '{path}'", path, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpCommandException e) when (e.Kind == FtpErrorKind.CommandRefused)
        {
            // vsftpd gives no reason ("550 Create directory operation failed."), and this is the likeliest one.
            if (!await IsDirectoryAsync(path, cancellationToken).ConfigureAwait(false))
                throw;
            throw new FtpCommandException(FtpErrorKind.AlreadyExists, $"{e.Message} A directory with this name already exists.", e.Reply, path);
        }

        await RequireNameAsync(path, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Looks whether what was made has its name, where a server may have given it another one: Pure-FTPd says yes, and writes
    /// an underscore for a blank at the end of a name, and for control characters.
    /// </summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: there is nothing of that name.</exception>
    public async Task RequireNameAsync(string path, CancellationToken cancellationToken)
    {
        if ((char.IsWhiteSpace(path[path.Length - 1]) || path.Any(char.IsControl)) && !await ExistsAsync(path, cancellationToken).ConfigureAwait(false))
            throw new FtpException(FtpErrorKind.InvalidName, $"The server accepted the name '{path}', but nothing with this name exists now. It gave the item a different name, probably because of a space at the end or a control character. Delete that item, and choose a different name.", path);
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
    public async Task RemoveDirectoryAsync(string path, CancellationToken cancellationToken)
    {
        var isInside = $"{pi.Said.Directory}/".StartsWith(path + "/", StringComparison.Ordinal);
        // From a directory that is gone no step leads anywhere.
        if (isInside && pi.Habits.Has(ServerHabit.NoAbsoluteCwd))
            isInside = FtpRefusal.IsRefusal("CWD", await pi.TryEnterAsync(FtpPath.Parent(path), cancellationToken).ConfigureAwait(false));
        try
        {
            await pi.CommandAsync("RMD", path, $"delete the directory '{path}'", path, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpCommandException e) when (isInside && e.Kind != FtpErrorKind.PathNotFound)
        {
            // Windows deletes no directory that somebody is in, be it the session itself.
            if (FtpRefusal.IsRefusal("CWD", await pi.TryEnterAsync(FtpPath.Parent(path), cancellationToken).ConfigureAwait(false)))
                throw;
            await pi.CommandAsync("RMD", path, $"delete the directory '{path}'", path, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether there is a file of that name, as far as one command tells. False where the server has none for it, or tells nobody.</summary>
    private async Task<bool> IsSeenAsync(string path, CancellationToken cancellationToken)
    {
        if (!pi.Traits.HasMlst)
            return await files.SizeAsync(path, cancellationToken).ConfigureAwait(false) is not null;
        try
        {
            return await listings.FindAsync(path, cancellationToken).ConfigureAwait(false) is not null;
        }
        catch (FtpCommandException e) when (e.Reply.IsNegative)
        {
            return false;
        }
    }
}
