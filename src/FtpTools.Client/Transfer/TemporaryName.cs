using System;

namespace FtpTools.Transfer;

/// <summary>Names for files that are not complete yet, on either side.</summary>
internal static class TemporaryName
{
    /// <summary>A new name: hidden by its dot, short whatever the target's name, and telling whose it is.</summary>
    /// <param name="directory">The target's directory, so that the rename stays within one file system.</param>
    /// <param name="child">How the platform puts a name behind a directory.</param>
    public static string Beside(string directory, Func<string, string, string> child) =>
        child(directory, $".ftptools-{Guid.NewGuid():N}.part");
}
