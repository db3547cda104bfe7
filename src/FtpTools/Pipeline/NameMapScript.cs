using System;
using System.Collections.ObjectModel;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Management.Automation;

namespace FtpTools.Pipeline;

/// <summary>Asks the script block of -NameMap; on the pipeline thread.</summary>
internal static class NameMapScript
{
    /// <summary>The name that the script block gives to an item; null for none.</summary>
    /// <param name="map">The script block, which has the item as <c>$_</c>.</param>
    /// <param name="item">An <see cref="FtpItem"/> or a <see cref="FileSystemInfo"/>.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.InvalidName"/>: it failed, or gave several.</exception>
    public static string? Name(ScriptBlock map, object item)
    {
        var source = item is FtpItem remote ? remote.FullName : ((FileSystemInfo)item).FullName;
        Collection<PSObject> names;
        try
        {
            var wrapped = PSObject.AsPSObject(item);
            // As of what Get-ChildItem emits.
            if (wrapped.Properties["PSIsContainer"] is null)
                wrapped.Properties.Add(new PSNoteProperty("PSIsContainer", item is DirectoryInfo or FtpItem { IsDirectory: true }));
            names = map.InvokeWithContext(null, [new PSVariable("_", wrapped)], wrapped);
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            throw new FtpException(FtpErrorKind.InvalidName, $"The script block of -NameMap failed for '{source}': {e.Message}", source, e);
        }

        var texts = names.Where(name => name is not null).Select(name => Convert.ToString(name.BaseObject, CultureInfo.InvariantCulture)).ToArray();
        return texts.Length <= 1 ? texts.FirstOrDefault()
            : throw new FtpException(FtpErrorKind.InvalidName, $"The script block of -NameMap returned {texts.Length} names for '{source}'. It must return one.", source);
    }
}
