using System.Collections.Generic;

namespace FtpTools.Listing;

/// <summary>Gives the same string for the same text, as long as few different texts are asked for.</summary>
internal sealed class StringPool
{
    private const int Ways = 4;
    private readonly string?[] _slots = new string?[64];
    private readonly Dictionary<int, string> _modes = [];

    /// <summary>The part of <paramref name="text"/> as a string of its own.</summary>
    public string Take(string text, int start, int end)
    {
        var hash = 17;
        for (var i = start; i < end; i++)
            hash = unchecked(hash * 31 + text[i]);
        // Some places beside each other, lest an owner and a group of the same hash drive each other out at every line.
        for (var i = 0; i < Ways; i++)
        {
            ref var known = ref _slots[(hash ^ i) & (_slots.Length - 1)];
            if (known is null)
                return known = text.Substring(start, end - start);
            if (known.Length == end - start && string.CompareOrdinal(known, 0, text, start, known.Length) == 0)
                return known;
        }
        return _slots[hash & (_slots.Length - 1)] = text.Substring(start, end - start);
    }

    /// <summary>A Unix mode as <c>ls</c> writes it, in ten characters.</summary>
    public string ModeText(FtpItemType itemType, int mode)
    {
        var key = ((int)itemType << 12) | (mode & 0xFFF);
        if (!_modes.TryGetValue(key, out var text))
            _modes.Add(key, text = Write(itemType, mode & 0xFFF));
        return text;
    }

    private static string Write(FtpItemType itemType, int mode)
    {
        var text = new char[10];
        text[0] = itemType switch
        {
            FtpItemType.File => '-',
            FtpItemType.Directory => 'd',
            FtpItemType.SymbolicLink => 'l',
            _ => '?',
        };
        for (var i = 0; i < 9; i++)
            text[i + 1] = (mode & (1 << (8 - i))) != 0 ? "rwx"[i % 3] : '-';
        WriteSpecialBit(text, 3, mode & 0x800, 's');
        WriteSpecialBit(text, 6, mode & 0x400, 's');
        WriteSpecialBit(text, 9, mode & 0x200, 't');
        return new string(text);
    }

    // Set-user-id, set-group-id and sticky stand in the place of an x, in capitals where the x itself is not set.
    private static void WriteSpecialBit(char[] text, int index, int bit, char letter)
    {
        if (bit != 0)
            text[index] = text[index] == 'x' ? letter : char.ToUpperInvariant(letter);
    }
}
