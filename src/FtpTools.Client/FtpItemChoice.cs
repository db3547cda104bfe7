using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace FtpTools;

/// <summary>
/// The newest or the oldest ones of all that are added. Those of the same time are in the order of their names, and those
/// without a time come last: links among them, for what they lead to is not known. Safe to use from several threads at once.
/// </summary>
/// <typeparam name="T">What is kept for an item.</typeparam>
public sealed class FtpItemChoice<T>
{
    /// <summary>So many more than are wanted are held before they are sorted and cut.</summary>
    private const int Slack = 1000;

    private readonly int _count;
    private readonly int _sign;
    private readonly List<Entry> _entries = [];

    /// <summary>An empty choice.</summary>
    /// <param name="filter">Says how many, and whether the newest or the oldest ones.</param>
    public FtpItemChoice(FtpItemFilter filter)
    {
        _count = filter.Newest ?? filter.Oldest ?? int.MaxValue;
        _sign = filter.Newest is not null ? -1 : 1;
    }

    /// <summary>Adds an item.</summary>
    /// <param name="item">The item, which fits.</param>
    /// <param name="value">What is given back if it is chosen.</param>
    public void Add(FtpItem item, T value) => Add(FtpItemFilter.TimeOf(item), item.Name, item.FullName, value);

    /// <summary>Adds a local file.</summary>
    /// <param name="item">The file, which fits.</param>
    /// <param name="value">What is given back if it is chosen.</param>
    public void Add(FileSystemInfo item, T value) =>
        Add(FtpItemFilter.TimeOf(item), item.Name, item.FullName, value);

    /// <summary>Those that are chosen of all that have been added, the newest or the oldest first.</summary>
    public IReadOnlyList<T> Take()
    {
        lock (_entries)
        {
            Cut();
            return [.. _entries.Select(entry => entry.Value)];
        }
    }

    private void Add(DateTime? time, string name, string path, T value)
    {
        lock (_entries)
        {
            _entries.Add(new Entry(time, name, path, value));
            if (_entries.Count > (2L * _count) + Slack)
                Cut();
        }
    }

    private void Cut()
    {
        _entries.Sort(Compare);
        if (_entries.Count > _count)
            _entries.RemoveRange(_count, _entries.Count - _count);
    }

    private int Compare(Entry one, Entry other)
    {
        var order = one.Time is { } time && other.Time is { } otherTime ? _sign * time.CompareTo(otherTime) : (one.Time is null).CompareTo(other.Time is null);
        if (order == 0)
            order = string.CompareOrdinal(one.Name, other.Name);
        return order != 0 ? order : string.CompareOrdinal(one.Path, other.Path);
    }

    private readonly record struct Entry(DateTime? Time, string Name, string Path, T Value);
}
