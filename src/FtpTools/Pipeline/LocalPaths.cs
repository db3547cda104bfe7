using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;

namespace FtpTools.Pipeline;

/// <summary>Local paths as PowerShell means them: with drives, providers and a location of the runspace's own.</summary>
internal static class LocalPaths
{
    /// <summary>The files and directories that a path stands for; a wildcard that fits nothing gives none.</summary>
    /// <param name="cmdlet">The cmdlet that the path was given to.</param>
    /// <param name="path">The path.</param>
    /// <param name="isLiteral">No character is a wildcard.</param>
    /// <param name="includeHidden">Let wildcards stand for hidden files and directories too.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>: there is nothing, or not on a file system.</exception>
    public static IReadOnlyList<FileSystemInfo> Find(PSCmdlet cmdlet, string path, bool isLiteral, bool includeHidden)
    {
        if (FtpAddress.IsAddress(path))
            throw new FtpException(FtpErrorKind.LocalFileError, $"'{path}' is on a server, but Send-FtpItem sends local files. It wasn't processed. To receive it, use Receive-FtpItem. To copy it to another server, use Copy-FtpItem -DestinationSession.");
        var found = isLiteral ? [Resolve(cmdlet, path)] : Checked(path, () =>
        {
            var paths = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out var provider);
            RequireFileSystem(path, provider);
            // Of a pattern, the path is resolved without what is hidden.
            return !includeHidden || !WildcardPattern.ContainsWildcardCharacters(path)
                ? paths.ToArray()
                : [.. cmdlet.InvokeProvider.Item.Get([path], force: true, literalPath: false).Select(item => ((FileSystemInfo)item.BaseObject).FullName)];
        });
        // The text may be a name with brackets that nobody meant as wildcards.
        if (found.Length == 0 && !isLiteral && path.IndexOf('[') >= 0 && Resolve(cmdlet, path) is var literal && (File.Exists(literal) || Directory.Exists(literal)))
            throw Failure(path, new FileNotFoundException($"Nothing matches it, because [ and ] are wildcard characters. There is an item with exactly this name. To specify it, use -LiteralPath."));
        return Array.ConvertAll(found, one => Info(path, one));
    }

    /// <summary>The absolute path, whether there is anything or not; no character is a wildcard.</summary>
    /// <param name="cmdlet">The cmdlet that the path was given to.</param>
    /// <param name="path">The path; null for the current location of the file system.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.LocalFileError"/>: it is not on a file system.</exception>
    public static string Resolve(PSCmdlet cmdlet, string? path) => Checked(path ?? ".", () =>
    {
        if (path is null)
            return cmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        var resolved = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
        RequireFileSystem(path, provider);
        return Path.GetFullPath(resolved);
    });

    /// <summary>Whether a path ends in a separator and so means a directory. To PowerShell both slashes are separators, on Unix too.</summary>
    public static bool EndsInSeparator(string path) => path.Length > 0 && path[path.Length - 1] is '/' or '\\';

    private static FileSystemInfo Info(string given, string path)
    {
        if (Directory.Exists(path))
            return new DirectoryInfo(path);
        if (File.Exists(path))
            return new FileInfo(path);
        throw Failure(given, new FileNotFoundException($"The file or directory '{path}' doesn't exist."));
    }

    private static void RequireFileSystem(string path, ProviderInfo provider)
    {
        if (provider.Name != "FileSystem")
            throw Failure(path, new ArgumentException($"It's on the {provider.Name} provider, but only file system paths are supported."));
    }

    private static T Checked<T>(string path, Func<T> resolve)
    {
        try
        {
            return resolve();
        }
        // What PowerShell throws on a path: a missing item or drive, a bad pattern, a provider's own failure.
        catch (Exception e) when (e is (RuntimeException or NotSupportedException or ArgumentException or IOException or UnauthorizedAccessException)
            and not (PipelineStoppedException or FlowControlException))
        {
            throw Failure(path, e);
        }
    }

    private static FtpException Failure(string path, Exception cause) =>
        new(FtpErrorKind.LocalFileError, $"The local path '{path}' can't be used. {cause.Message}", null, cause);
}
