using System;
using System.IO;

namespace FtpTools.Protocol;

/// <summary>Where originals go once they are taken. Pure.</summary>
/// <param name="action">What becomes of them.</param>
/// <param name="destination">The directory that they are moved to, or the pattern of their new names; null where there is none.</param>
/// <param name="isRemote">Whether they are on the server.</param>
internal sealed class SourcePlan(FtpSourceAction action, string? destination, bool isRemote)
{
    // A path ends in no separator but where it is a root: "C:" alone is where a process happens to be on that drive.
    private static readonly PathRules _local = new(
        path => Path.GetFileName(path), path => Path.GetDirectoryName(path) ?? path, Path.Combine, (from, path) => Path.GetFullPath(Path.Combine(from, path, ".")),
        [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], Compat.PathComparison);

    private static readonly PathRules _remote = new(FtpPath.Name, FtpPath.Parent, FtpPath.Child, FtpPath.Combine, ['/'], StringComparison.Ordinal);

    private readonly PathRules _paths = isRemote ? _remote : _local;

    /// <summary>The plan of a transfer's options.</summary>
    public static SourcePlan Of(FtpTransferOptions options, FtpTransferDirection direction) =>
        new(options.SourceAction, options.SourceDestination, direction == FtpTransferDirection.Download);

    /// <summary>What becomes of them.</summary>
    public FtpSourceAction Action => action;

    /// <summary>Whether they are on the server.</summary>
    public bool IsRemote => isRemote;

    /// <summary>Why an action cannot be done so; null when it can.</summary>
    public static string? WhyNot(FtpTransferOptions options) => (options.SourceAction, options.SourceDestination) switch
    {
        (FtpSourceAction.None or FtpSourceAction.Remove, not null) => "-SourceDestination can only be used with -SourceAction Move and Rename",
        (FtpSourceAction.Move, null or "") => "-SourceAction Move requires a directory. Specify it with -SourceDestination",
        (FtpSourceAction.Rename, var pattern) when pattern is null || TemporaryName.WhyNot(pattern) is not null =>
            $"-SourceAction Rename requires a -SourceDestination such as '*.done', in which one * stands for the name of the file{(pattern is null ? "" : $", but '{pattern}' isn't a valid one")}",
        (FtpSourceAction.Remove, _) when options.Verify == FtpVerification.None => "-SourceAction Remove deletes only files that have been compared with their copy, but -Verify None compares nothing. Omit -Verify, or use -SourceAction Move",
        (FtpSourceAction.Remove, _) when options.TransferType == FtpTransferType.Ascii => "-SourceAction Remove deletes only files that have been compared with their copy, but an ASCII transfer changes the content. Use -TransferType Binary, or -SourceAction Move",
        _ when options.Append && (options.SourceAction != FtpSourceAction.None || options.Journal is not null) =>
            "-Append can't be combined with -SourceAction or -Journal, because a file could be appended twice after an interrupted run. Omit -Append, or omit -SourceAction and -Journal",
        _ => null,
    };

    /// <summary>Whether a directory is the one that originals are moved to, or a file has a name that they are given.</summary>
    /// <param name="path">Its absolute path.</param>
    /// <param name="isDirectory">Whether it is a directory.</param>
    /// <param name="top">The directory that a relative <see cref="FtpTransferOptions.SourceDestination"/> is seen from; null for its own.</param>
    public bool IsSetAside(string path, bool isDirectory, string? top) => action switch
    {
        FtpSourceAction.Move => isDirectory && string.Equals(path, DirectoryFor(path, top), _paths.Comparison),
        FtpSourceAction.Rename => !isDirectory && TemporaryName.IsSuch(destination!, _paths.Name(path)),
        _ => false,
    };

    /// <summary>Where a file goes; null where it goes nowhere.</summary>
    /// <param name="path">Its absolute path.</param>
    /// <param name="top">The top of the tree that it is in, whose directories are kept; null for its own directory.</param>
    /// <param name="number">How many names before this one were taken.</param>
    public string? TargetOf(string path, string? top, int number)
    {
        if (action is not (FtpSourceAction.Move or FtpSourceAction.Rename))
            return null;
        var name = action == FtpSourceAction.Rename ? TemporaryName.Of(destination!, _paths.Name(path)) : _paths.Name(path);
        if (number > 0)
            name = Numbered(name, number);
        return _paths.Child(action == FtpSourceAction.Rename ? Parent(path) : _paths.Combine(DirectoryFor(path, top), Below(path, top)), name);
    }

    /// <summary>The directory of a path.</summary>
    public string Parent(string path) => _paths.Parent(path);

    private string DirectoryFor(string path, string? top) => _paths.Combine(top ?? Parent(path), destination!);

    // The directories between the top and the file.
    private string Below(string path, string? top)
    {
        var parent = Parent(path);
        return parent.Substring(Math.Min(parent.Length, (top ?? parent).Length)).TrimStart(_paths.Separators);
    }

    // Before the extension, so that the file stays one of its kind.
    private static string Numbered(string name, int number)
    {
        var dot = name.LastIndexOf('.');
        return dot <= 0 ? FormattableString.Invariant($"{name}.{number}") : FormattableString.Invariant($"{name.Substring(0, dot)}.{number}{name.Substring(dot)}");
    }

    private sealed record PathRules(
        Func<string, string> Name, Func<string, string> Parent, Func<string, string, string> Child, Func<string, string, string> Combine, char[] Separators, StringComparison Comparison);
}
