using System;
using System.Collections.Generic;
using FtpTools.Protocol;

namespace FtpTools.Listing;

/// <summary>What a line of a listing does not say itself. Made for one listing, and used by one thread at a time.</summary>
internal sealed class ListingContext
{
    private readonly string _prefix;
    private readonly ListingFields _fields = new();
    private Dictionary<string, List<FtpItem>>? _links;

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

    /// <summary>What the session has learnt from earlier listings of the server, and learns from this one.</summary>
    public ListingMemory Memory { get; init; } = new();

    /// <summary>Whether a heading has told that names alone are to follow, as for the members of a z/OS library.</summary>
    internal bool HasMemberHeading { get; set; }

    /// <summary>Whether a heading has told that jobs and their spool files are to follow.</summary>
    internal bool HasJobHeading { get; set; }

    /// <summary>Whether the last line had a name that none can be: it would lead elsewhere.</summary>
    internal bool IsNameRefused { get; set; }

    /// <summary>Strings that most lines have in common, such as owners, kept once for the whole listing.</summary>
    internal StringPool Pool { get; } = new();

    /// <summary>The columns of a line, which several parsers look at.</summary>
    internal ListingFields Fields(string line) => _fields.Split(line);

    /// <summary>
    /// Some servers tell the target of a link (MLSD) by a further line with the same unique fact (RFC 3659, 7.5.2), which is
    /// none of an item of the directory if the target lies elsewhere.
    /// </summary>
    internal void FollowLink(string line, int start, int end, int nameStart, ref FtpItem? item)
    {
        if (item is { ItemType: FtpItemType.SymbolicLink })
        {
            if (item.LinkTarget is not null)
                return;
            var key = line.Substring(start, end - start);
            _links ??= new Dictionary<string, List<FtpItem>>(StringComparer.Ordinal);
            if (!_links.TryGetValue(key, out var sources))
                _links.Add(key, sources = []);
            sources.Add(item);
        }
        else if (_links is not null && _links.TryGetValue(line.Substring(start, end - start), out var links))
        {
            var target = line.Substring(nameStart);
            foreach (var link in links)
                link.LeadTo(target);
            if (target.IndexOf('/') >= 0)
                item = null;
        }
    }

    /// <summary>
    /// Takes the name out of a line. False for a name that could lead elsewhere: one with a NUL or a way upwards, which no
    /// server has reason to send, or none at all. The name is null where the line is about the directory itself or its parent.
    /// Some servers send whole paths in the place of names, of which the last part is the name.
    /// </summary>
    internal bool TryTakeName(string line, int start, int end, out string? name, out string fullName)
    {
        (name, fullName) = (null, "");
        if (start >= end)
            return false;
        if (ListingText.Holds(line, '\0', start, end))
            return Refuse();
        if (ListingText.Holds(line, '/', start, end))
            return TryTakePath(line.Substring(start, end - start), out name, out fullName);
        var isDots = line[start] == '.' && (end - start == 1 || (end - start == 2 && line[start + 1] == '.'));
        if (isDots)
            return true;
        name = line.Substring(start, end - start);
        fullName = _prefix + name;
        return true;
    }

    /// <summary>Takes the name of what lies in a thing that is listed along with it, as IBM i does: <c>FILE/MEMBER</c> is all of it the name.</summary>
    internal bool TryTakeNestedName(string line, int start, int end, out string? name, out string fullName)
    {
        if (!TryTakeName(line, start, end, out name, out fullName) || name is null)
            return false;
        if (line[start] == '/')
            return true;
        name = line.Substring(start, end - start);
        return fullName == _prefix + name;
    }

    private bool Refuse()
    {
        IsNameRefused = true;
        return false;
    }

    private bool TryTakePath(string path, out string? name, out string fullName)
    {
        (name, fullName) = (null, "/");
        path = path.TrimEnd('/');
        if (path.Length == 0)
        {
            name = SingleItem ? "/" : null;
            return true;
        }
        var last = FtpPath.Name(path);
        if (SingleItem || path == last)
            return TryTakeName(last, 0, last.Length, out name, out fullName);
        if (last is "." or "..")
            return true;
        if (Array.IndexOf(path.Split('/'), "..") >= 0)
            return Refuse();
        fullName = FtpPath.Combine(Directory, path);
        if (fullName == Directory)
            return true;
        name = last;
        // Of another place than the one that was asked about, as servers name it that show a part of their disk as the whole.
        if (!fullName.StartsWith(_prefix, StringComparison.Ordinal))
            fullName = _prefix + last;
        return true;
    }
}
