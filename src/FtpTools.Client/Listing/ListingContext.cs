using System;
using FtpTools.Protocol;

namespace FtpTools.Listing;

/// <summary>What a line of a listing does not say itself. Made for one listing, and used by one thread at a time.</summary>
internal sealed class ListingContext
{
    private readonly string _prefix;

    /// <summary>The context of one listing.</summary>
    /// <param name="directory">The absolute path of the directory that the lines are about.</param>
    /// <param name="utcNow">The present time, for dates without a year.</param>
    public ListingContext(string directory, DateTime utcNow)
    {
        Directory = directory;
        UtcNow = utcNow;
        _prefix = FtpPath.Child(directory, "");
    }

    /// <summary>The absolute path of the directory that the lines are about.</summary>
    public string Directory { get; }

    /// <summary>The present time, for dates without a year.</summary>
    public DateTime UtcNow { get; }

    /// <summary>
    /// The lines are about one item that was asked for by name (MLST, or LIST of a file), not about a directory's content.
    /// Servers then give its whole path as its name, of which the last part is taken, and may call a directory
    /// <c>cdir</c> or <c>pdir</c> (Pure-FTPd does so for the root), which is an item here.
    /// </summary>
    public bool SingleItem { get; init; }

    /// <summary>Strings that most lines have in common, such as owners, kept once for the whole listing.</summary>
    internal StringPool Pool { get; } = new();

    /// <summary>
    /// Takes the name out of a line. False for a name that could lead elsewhere: one with a slash or a NUL, which no server
    /// has reason to send, or none at all. The name is null where the line is about the directory itself or its parent.
    /// </summary>
    internal bool TryTakeName(string line, int start, int end, out string? name)
    {
        name = null;
        if (start >= end || line.IndexOf('\0', start, end - start) >= 0)
            return false;
        if (SingleItem)
        {
            while (end - 1 > start && line[end - 1] == '/')
                end--;
            if (end - start == 1 && line[start] == '/')
            {
                name = "/";
                return true;
            }
            start = Math.Max(start, line.LastIndexOf('/', end - 1, end - start) + 1);
        }
        else if (line.IndexOf('/', start, end - start) >= 0)
        {
            return false;
        }
        var isDots = line[start] == '.' && (end - start == 1 || (end - start == 2 && line[start + 1] == '.'));
        if (!isDots)
            name = line.Substring(start, end - start);
        return true;
    }

    /// <summary>The absolute path of the item of that name.</summary>
    internal string FullName(string name) => name == "/" ? name : _prefix + name;
}
