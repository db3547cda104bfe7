using System;
using FtpTools.Protocol;

namespace FtpTools.Listing;

/// <summary>What a line of a listing does not tell by itself.</summary>
internal sealed class ListingContext
{
    private readonly string? _name;

    /// <summary>The context of a directory's listing, or of one item's.</summary>
    /// <param name="directory">The directory that the items are in, absolute.</param>
    /// <param name="utcNow">The time now: LIST leaves the year of recent files out.</param>
    /// <param name="session">The session that the items are to carry.</param>
    /// <param name="name">The item's name when it is known (MLST echoes a path in a form of the server's choice); null in a listing.</param>
    public ListingContext(string directory, DateTime utcNow, FtpSession? session, string? name = null)
    {
        Directory = directory;
        UtcNow = utcNow;
        Session = session;
        _name = name;
    }

    /// <summary>The directory that the items are in, absolute.</summary>
    public string Directory { get; }

    /// <summary>The time now.</summary>
    public DateTime UtcNow { get; }

    /// <summary>The session that the items are to carry.</summary>
    public FtpSession? Session { get; }

    /// <summary>True when one known item is described, which may then be the directory itself.</summary>
    public bool IsSingle => _name is not null;

    /// <summary>The item's name: the known one, or the line's if it can be a name in a directory. A slash in it is an attack or a misreading.</summary>
    public bool TryName(string written, out string name)
    {
        name = _name ?? written;
        return name.Length > 0 && (IsSingle || written.IndexOfAny(['/', '\0']) < 0);
    }

    /// <summary>True for the names of the directory itself and its parent, which no listing of ours shows.</summary>
    public bool IsSelfOrParent(string name) => !IsSingle && name is "." or "..";

    /// <summary>The absolute path of a name.</summary>
    public string FullName(string name) => FtpPath.Child(Directory, name);
}
