using System;
using System.Collections.Concurrent;
using System.IO;

namespace FtpTools.Transfer;

/// <summary>The parts that earlier calls have left in local directories. Each directory is looked into once a call: of many files, each would pay for all others.</summary>
internal sealed class LocalParts
{
    private readonly ConcurrentDictionary<string, string[]> _paths = new(StringComparer.Ordinal);

    /// <summary>The paths of the parts in a directory, for whatever targets.</summary>
    public string[] In(string directory) => _paths.GetOrAdd(directory, static directory =>
    {
        try
        {
            return Directory.GetFiles(directory, PartName.Pattern);
        }
        catch (Exception e) when (LocalFile.IsFileFailure(e))
        {
            // It may be written to all the same.
            return [];
        }
    });
}
