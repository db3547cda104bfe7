using System;
using System.IO;
using System.Linq;

namespace FtpTools.Transfer;

/// <summary>The part that a download is written to, and those that former ones of the same target have left.</summary>
internal sealed class PartsOfDownload(string target, PartName name)
{
    private readonly string _directory = Path.GetDirectoryName(target) ?? "";
    private string[]? _useless; // once it is here, the part that was gone on with among them, which has another name by then

    /// <summary>Opens the part to write to: with -Resume the longest that a former download of the same source has left, else a new one.</summary>
    /// <param name="resume">Whether to look for one.</param>
    /// <param name="source">The remote file, for what is told.</param>
    /// <param name="tell">Told when what is there is of no use.</param>
    /// <exception cref="FtpException">Another transfer is writing to the part, or no part can be written.</exception>
    public (WrittenFile File, bool IsFound) Open(bool resume, string source, Action<string> tell)
    {
        var parts = resume ? LocalFile.Guard(_directory, "read the local directory", () => new DirectoryInfo(_directory).GetFiles(PartName.Pattern)) : [];
        var ofTarget = parts.Where(file => name.IsForTarget(file.Name)).ToArray();
        var ofSource = ofTarget.Where(file => name.IsOfSource(file.Name)).ToArray();
        if (ofSource.Length == 0 && ofTarget.Length > 0)
            tell($"'{source}' has changed since the partial file '{ofTarget[0].FullName}' was received, so it's received from the beginning.");
        _useless = resume ? [.. parts.Select(file => file.FullName)] : null;
        var found = ofSource.OrderByDescending(file => file.Length).Select(file => WrittenFile.TryOpen(file.FullName, source)).FirstOrDefault(file => file is not null);
        return (found ?? WrittenFile.Create(() => Path.Combine(_directory, name.New())), found is not null);
    }

    /// <summary>Removes what other downloads have left, but for what somebody is writing: the whole file is here now.</summary>
    /// <param name="left">The parts that there were before the call; null to leave them.</param>
    /// <param name="tell">Told of each.</param>
    public void RemoveUseless(LocalParts? left, Action<string> tell)
    {
        foreach (var path in _useless ?? left?.In(_directory) ?? [])
        {
            var file = Path.GetFileName(path);
            if ((name.IsForTarget(file) || name.IsHoleyForTarget(file)) && LocalFile.TryRemovePart(path))
                tell($"The partial file '{path}' of an earlier transfer to '{target}' was removed.");
        }
    }
}
