namespace FtpTools.Listing;

/// <summary>The first columns of a line, as far as blanks tell them apart.</summary>
internal sealed class ListingFields
{
    /// <summary>How many are told apart at most: what comes behind them is the last one's.</summary>
    public const int Max = 16;

    private readonly int[] _starts = new int[Max];
    private readonly int[] _ends = new int[Max];

    /// <summary>The line.</summary>
    public string Line { get; private set; } = "";

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Takes another line.</summary>
    public ListingFields Split(string line)
    {
        if (ReferenceEquals(line, Line))
            return this;
        Line = line;
        Count = 0;
        for (var start = ListingText.SkipSpaces(line, 0); start < line.Length && Count < Max; Count++)
        {
            _starts[Count] = start;
            _ends[Count] = ListingText.SkipToken(line, start);
            start = ListingText.SkipSpaces(line, _ends[Count]);
        }
        return this;
    }

    /// <summary>Where a column begins; the line's end where there is no such one.</summary>
    public int Start(int index) => index < Count ? _starts[index] : Line.Length;

    /// <summary>Where a column ends.</summary>
    public int End(int index) => index < Count ? _ends[index] : Line.Length;

    /// <summary>How many characters a column has.</summary>
    public int Length(int index) => End(index) - Start(index);

    /// <summary>The text of a column.</summary>
    public string Text(int index) => Line.Substring(Start(index), Length(index));

    /// <summary>Whether a column is a word, in letters of any case.</summary>
    public bool Is(int index, string word) => ListingText.IsWord(Line, Start(index), End(index), word);

    /// <summary>Reads a column that is a number.</summary>
    public bool TryNumber(int index, out long value) => ListingText.TryNumber(Line, Start(index), End(index), out value);

    /// <summary>Whether a column consists of some characters alone.</summary>
    public bool IsOf(int index, string characters)
    {
        for (var i = Start(index); i < End(index); i++)
        {
            if (characters.IndexOf(Line[i]) < 0)
                return false;
        }
        return Length(index) > 0;
    }
}
