using System;
using System.IO;

namespace FtpTools.Protocol;

/// <summary>Where originals go once they are taken. Pure.</summary>
/// <param name="action">What becomes of them.</param>
/// <param name="destination">The directory that they are moved to, or the pattern of their new names; null where there is none.</param>
/// <param name="isRemote">Whether they are on the server.</param>
internal sealed class SourcePlan(FtpSourceAction action, string? destination, bool isRemote)
{
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
        FtpSourceAction.Move => isDirectory && string.Equals(path, DirectoryFor(path, top), Comparison),
        FtpSourceAction.Rename => !isDirectory && TemporaryName.IsSuch(destination!, Name(path)),
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
        var name = action == FtpSourceAction.Rename ? TemporaryName.Of(destination!, Name(path)) : Name(path);
        if (number > 0)
            name = Numbered(name, number);
        return Child(action == FtpSourceAction.Rename ? Parent(path) : DirectoryFor(path, top) + Below(path, top), name);
    }

    /// <summary>The directory of a path.</summary>
    public string Parent(string path) => isRemote ? FtpPath.Parent(path) : Path.GetDirectoryName(path) ?? path;

    private StringComparison Comparison => isRemote ? StringComparison.Ordinal : Compat.PathComparison;

    private string DirectoryFor(string path, string? top)
    {
        var from = top ?? Parent(path);
        return isRemote ? FtpPath.Combine(from, destination!) : Path.GetFullPath(Path.Combine(from, destination!)).TrimEnd(Path.DirectorySeparatorChar);
    }

    // The directories between the top and the file, each with its separator before it.
    private string Below(string path, string? top)
    {
        var parent = Parent(path);
        return top is null || parent.Length <= top.Length ? "" : (top[top.Length - 1] is '/' or '\\' ? top.Substring(top.Length - 1) : "") + parent.Substring(top.Length);
    }

    private string Child(string directory, string name) => isRemote ? FtpPath.Child(directory, name) : Path.Combine(Rooted(directory), name);

    // The top of a file system without its separator is empty, and on Windows a drive (C:): .NET Framework makes C:name of it,
    // which is in the drive's current directory.
    private static string Rooted(string directory) => directory.Length == 0 || directory[directory.Length - 1] == ':' ? directory + Path.DirectorySeparatorChar : directory;

    private string Name(string path) => isRemote ? FtpPath.Name(path) : Path.GetFileName(path);

    // Before the extension, so that the file stays one of its kind.
    private static string Numbered(string name, int number)
    {
        var dot = name.LastIndexOf('.');
        return dot <= 0 ? FormattableString.Invariant($"{name}.{number}") : FormattableString.Invariant($"{name.Substring(0, dot)}.{number}{name.Substring(dot)}");
    }
}
