using System;
using System.Linq;

namespace FtpTools;

/// <summary>
/// A pattern of names. It speaks of an item's own name, at any level; with a <c>/</c> in it, of the path below the top of the
/// tree, name by name, where <c>**</c> stands for any number of names. With a <c>/</c> at its end it speaks of directories alone.
/// </summary>
public sealed class FtpNamePattern
{
    // Null for any number of names.
    private readonly Func<string, bool>?[] _names;
    private readonly bool _isOfDirectories;

    /// <summary>Reads a pattern.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="matcher">Makes, of a pattern of one name, the test whether a name fits it.</param>
    public FtpNamePattern(string pattern, Func<string, Func<string, bool>> matcher)
    {
        _isOfDirectories = pattern.EndsWith("/", StringComparison.Ordinal);
        var names = pattern.TrimEnd('/');
        IsOfPath = names.IndexOf('/') >= 0;
        _names = [.. names.Split(['/'], StringSplitOptions.RemoveEmptyEntries).Where(name => name != ".").Select(name => name == "**" && IsOfPath ? null : matcher(name))];
    }

    /// <summary>Whether it speaks of the path and not of the name.</summary>
    public bool IsOfPath { get; }

    /// <summary>Whether an item fits.</summary>
    /// <param name="path">Its name, or, where the pattern is of the path, its path below the top of the tree, with <c>/</c> between the names.</param>
    /// <param name="isDirectory">Whether it is a directory.</param>
    public bool Fits(string path, bool isDirectory)
    {
        if (_isOfDirectories && !isDirectory)
            return false;
        return IsOfPath ? Fits(path.Split('/'), 0, 0) : _names.Length > 0 && _names[0]!(path);
    }

    private bool Fits(string[] path, int at, int index)
    {
        if (index == _names.Length)
            return at == path.Length;
        if (_names[index] is { } fits)
            return at < path.Length && fits(path[at]) && Fits(path, at + 1, index + 1);
        return Enumerable.Range(at, path.Length - at + 1).Any(next => Fits(path, next, index + 1));
    }
}
