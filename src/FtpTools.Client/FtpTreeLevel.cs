using System;

namespace FtpTools;

/// <summary>
/// One directory on the way down a remote tree. A server can show a tree without a bottom: a directory that is mounted in
/// itself, a link that is not told as one, or ill will. Used by one thread at a time.
/// </summary>
public sealed class FtpTreeLevel
{
    /// <summary>So many levels are gone down unless somebody asks for more: no honest tree has as many, and a path of twice as many cannot be said.</summary>
    public const int MostLevels = 128;

    /// <summary>So many directories one in the other that list alike are one directory.</summary>
    internal const int MostAlike = 32;

    /// <summary>So many ways at most lead down through directories that list as one above them does, not only as the next: with two loops each round doubles them.</summary>
    internal const long MostWays = 256;

    private readonly FtpTreeLevel? _above;
    private ulong _content;
    private ulong _timedContent;
    private int _directories;
    private (int Alike, long Ways)? _repeats;

    private FtpTreeLevel(FtpTreeLevel? above) => _above = above;

    /// <summary>How many levels it is below the top.</summary>
    public int Depth => _above is null ? 0 : _above.Depth + 1;

    /// <summary>How many directories one in the other list alike up to this one, and how many ways there are down through those that list as one above them does.</summary>
    private (int Alike, long Ways) Repeats => _repeats ??= FindRepeats();

    /// <summary>The directory that the way begins at.</summary>
    public static FtpTreeLevel Top() => new(null);

    /// <summary>Takes an item of the directory's listing.</summary>
    /// <param name="item">The item.</param>
    public void Add(FtpItem item)
    {
        // In any order, for servers have none.
        var hash = 14695981039346656037UL;
        foreach (var c in item.Name)
            hash = (hash ^ c) * 1099511628211UL;
        hash = (hash ^ (ulong)item.ItemType ^ (ulong)(item.Length ?? -1)) * 1099511628211UL;
        _content += hash;
        _timedContent += (hash ^ (ulong)(item.LastWriteTimeUtc?.Ticks ?? 0)) * 1099511628211UL;
        if (item.IsDirectory)
            _directories++;
    }

    /// <summary>A directory in this one, all of whose listing has been taken.</summary>
    /// <param name="path">Its path, for the error.</param>
    /// <param name="limit">How many levels below the top it may be.</param>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.CommandRefused"/>: it is too far down, or the same directory again and again.</exception>
    public FtpTreeLevel Below(string path, long limit = MostLevels)
    {
        var (alike, ways) = Repeats;
        if (alike >= MostAlike || ways > MostWays)
            throw new FtpException(FtpErrorKind.CommandRefused, $"'{path}' was skipped, because the directories above it have the same content again and again. The directory may lead back to itself.", path);
        if (Depth >= limit)
            throw new FtpException(FtpErrorKind.CommandRefused, FormattableString.Invariant($"'{path}' was skipped, because it's more than {limit} levels deep. The tree may be endless. Specify a directory at a lower level."), path);
        return new FtpTreeLevel(this);
    }

    private (int Alike, long Ways) FindRepeats()
    {
        if (_above is null)
            return (0, 1);
        var (alike, ways) = _above.Repeats;
        alike = _above._content == _content ? alike + 1 : 0;
        for (var level = _above; level is not null; level = level._above)
        {
            // By the times too: the directories of a cache have the same names in them on each level.
            if (level._timedContent == _timedContent)
                return (alike, Math.Min(MostWays + 1, ways * Math.Max(1, _directories)));
        }

        return (alike, ways);
    }
}
