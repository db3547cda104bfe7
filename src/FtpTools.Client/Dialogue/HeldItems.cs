using System;
using System.Collections.Generic;

namespace FtpTools.Dialogue;

/// <summary>
/// The items of a listing, held back until all has come and it is known what to make of it. Past a bound they are let go as
/// they are, and what follows them at once: a listing without end must not fill the memory.
/// </summary>
internal sealed class HeldItems(Action<FtpItem> onItem)
{
    /// <summary>The most items that are held.</summary>
    private const int Most = 100_000;

    private List<FtpItem>? _items = [];

    /// <summary>What is held; null once it was let go.</summary>
    public IReadOnlyList<FtpItem>? Items => _items;

    /// <summary>Takes an item.</summary>
    public void Add(FtpItem item)
    {
        if (_items is null)
            onItem(item);
        else
            _items.Add(item);
        if (_items?.Count > Most)
            Release();
    }

    /// <summary>Hands out what is held, and what follows at once.</summary>
    public void Release()
    {
        _items?.ForEach(onItem);
        _items = null;
    }
}
