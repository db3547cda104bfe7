using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using FtpTools.Protocol;

namespace FtpTools.Listing;

/// <summary>What a listing was asked for with, and so what its lines can look like.</summary>
internal enum ListingFormat
{
    /// <summary>MLSD or MLST (RFC 3659).</summary>
    Mlsx,

    /// <summary>LIST, whose form is the server's choice: that of <c>ls -l</c> or of <c>dir</c>.</summary>
    List,

    /// <summary>NLST: a name a line (RFC 959, 4.1.3).</summary>
    Names,
}

/// <summary>
/// Takes the bytes of a listing as they arrive, cut anywhere, and hands out an item a line as soon as its line is complete.
/// Lines of no known form are counted and the first of them kept; it is the caller's to report them.
/// </summary>
internal sealed class ListingReader
{
    /// <summary>The longest line that is read, in bytes: no path of any system is as long.</summary>
    public const int MaxLineLength = 64 * 1024;

    /// <summary>How many of the lines that were not understood are kept.</summary>
    public const int MaxSamples = 5;

    private readonly ListingContext _context;
    private readonly Encoding _encoding;
    private readonly Action<FtpItem> _onItem;
    private readonly List<string> _samples = [];
    private readonly bool _isMlsx;
    private readonly bool _isOfNames;
    private readonly int[] _counts = new int[(int)ListingDialect.UnixNumeric + 1];
    private ListingDialect _dialect;
    private string? _wrapped;
    private string? _folder;
    private bool _isPastDirectory;
    private bool _isAfterBlank;
    private byte[] _rest = [];
    private int _restCount;

    /// <summary>A reader for one listing.</summary>
    /// <param name="format">What the listing was asked for with.</param>
    /// <param name="context">What the lines do not say themselves.</param>
    /// <param name="encoding">The encoding of names, one in which CR and LF are bytes of their own.</param>
    /// <param name="onItem">Takes each item, on the thread that feeds.</param>
    public ListingReader(ListingFormat format, ListingContext context, Encoding encoding, Action<FtpItem> onItem)
    {
        _context = context;
        _encoding = encoding;
        _onItem = onItem;
        _isMlsx = format == ListingFormat.Mlsx;
        _isOfNames = format == ListingFormat.Names;
        _dialect = _isMlsx ? ListingDialect.Mlsx : context.Memory.Dialect;
    }

    /// <summary>How many items were handed out.</summary>
    public int ItemCount { get; private set; }

    /// <summary>How many lines have come, whatever they say.</summary>
    public int LineCount { get; private set; }

    /// <summary>How many lines were of no item: headings, totals, the directory itself, halves of lines.</summary>
    public int FillerCount { get; private set; }

    /// <summary>How many lines had no known form, or a name that cannot be one.</summary>
    public int UnparsedCount { get; private set; }

    /// <summary>How many of these could be read but for their names, which would lead elsewhere.</summary>
    public int RefusedCount { get; private set; }

    /// <summary>The first of the lines that <see cref="UnparsedCount"/> counts, at most <see cref="MaxSamples"/>.</summary>
    public IReadOnlyList<string> UnparsedSamples => _samples;

    /// <summary>Takes the next bytes, which the caller may overwrite afterwards.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.ListingUnparsed"/>: a line is longer than <see cref="MaxLineLength"/>.</exception>
    public void Feed(byte[] buffer, int count)
    {
        var start = 0;
        while (start < count)
        {
            var end = Array.IndexOf(buffer, (byte)'\n', start, count - start);
            if (end < 0)
            {
                Keep(buffer, start, count - start);
                return;
            }
            if (_restCount > 0)
            {
                Keep(buffer, start, end - start);
                TakeRest();
            }
            else
            {
                TakeLine(buffer, start, end - start);
            }
            start = end + 1;
        }
    }

    /// <summary>Takes the end of the listing: a last line without a line end is one too.</summary>
    public void Complete()
    {
        TakeRest();
        EndWrapped();
        if (!_isMlsx && !_isOfNames && ItemCount > 0)
            _context.Memory.Dialect = _dialect;
    }

    private void Keep(byte[] buffer, int start, int count)
    {
        CheckLength(_restCount + count);
        if (_rest.Length < _restCount + count)
            Array.Resize(ref _rest, Math.Max(512, 2 * (_restCount + count)));
        Buffer.BlockCopy(buffer, start, _rest, _restCount, count);
        _restCount += count;
    }

    private void TakeRest()
    {
        var count = _restCount;
        _restCount = 0;
        TakeLine(_rest, 0, count);
    }

    private void TakeLine(byte[] buffer, int start, int count)
    {
        CheckLength(count);
        // Servers that write in UTF-8 with a byte order mark begin their listings with one.
        if (LineCount == 0 && FtpUtf8Encoding.IsMarkAt(buffer, start, start + count))
            (start, count) = (start + 3, count - 3);
        if (count > 0 && buffer[start + count - 1] == '\r')
            count--;
        var isAfterBlank = _isAfterBlank;
        _isAfterBlank = count == 0;
        if (count == 0)
            return;
        LineCount++;
        var line = _encoding.GetString(buffer, start, count);
        if (_isOfNames)
        {
            TakeName(line);
            return;
        }
        if (_wrapped is not null && TryUnwrap(line))
            return;
        if (TryParse(line, out var item))
        {
            if (item is not null)
            {
                Take(item, line);
                return;
            }
            FillerCount++;
            TakeFolder(line);
        }
        else if (ListingFiller.IsDirectoryHeading(line, isAfterBlank && _dialect == ListingDialect.Unix))
        {
            FillerCount++;
            // What follows the heading of another directory, in a listing that is recursive unasked, lies elsewhere.
            _isPastDirectory = ItemCount > 0;
        }
        else if (VmsListParser.IsNameAlone(line) || (_dialect == ListingDialect.Vms && VmsListParser.IsNameWithoutVersion(line)))
        {
            _wrapped = line;
        }
        else if (ListingFiller.IsFiller(line, _isMlsx))
        {
            FillerCount++;
        }
        else
        {
            AddUnparsed(line);
        }
    }

    private void TakeName(string line)
    {
        if (!_context.TryTakeName(line, 0, line.Length, out var name, out var fullName))
            AddUnparsed(line);
        else if (name is null)
            FillerCount++;
        else
            Take(new FtpItem { Name = name, FullName = fullName, ItemType = line[line.Length - 1] == '/' ? FtpItemType.Directory : FtpItemType.File }, line);
    }

    private void Take(FtpItem item, string line)
    {
        if (_isPastDirectory)
        {
            AddUnparsed(line);
            return;
        }
        ItemCount++;
        _onItem(item);
    }

    // What VMS heads by a directory within the first one lies elsewhere; what it heads by another one does not, for a name can
    // stand for several of them.
    private void TakeFolder(string line)
    {
        if (VmsListParser.FolderOf(line) is not { } folder)
            return;
        _folder ??= folder + ".";
        _isPastDirectory = folder.StartsWith(_folder, StringComparison.Ordinal);
    }

    private void AddUnparsed(string line)
    {
        UnparsedCount++;
        if (_context.IsNameRefused)
            RefusedCount++;
        if (_samples.Count < MaxSamples)
            _samples.Add(line);
    }

    private bool TryParse(string line, out FtpItem? item)
    {
        _context.IsNameRefused = false;
        if (ListingDialects.TryParse(_dialect, line, _context, out item))
        {
            _counts[(int)_dialect]++;
            return true;
        }
        var isNameRefused = _context.IsNameRefused;
        var found = ListingDialects.Find(line, _context, _dialect, out item);
        if (found == ListingDialect.Unknown)
        {
            // Some servers answer LIST with what they answer MLSD with.
            if (!_isMlsx && MlsxParser.HasFact(line) && MlsxParser.TryParse(line, _context, out item))
                return true;
            // Of a line that has the form of the others it is the name; what other forms make of it tells nothing.
            _context.IsNameRefused = isNameRefused || (_dialect == ListingDialect.Unknown && _context.IsNameRefused);
            return false;
        }

        // One odd line does not decide for the rest: most of them do.
        if (++_counts[(int)found] > _counts[(int)_dialect] || _dialect == ListingDialect.Unknown)
            _dialect = found;
        return true;
    }

    // VMS puts a long name on a line of its own, and all about it on the next.
    private bool TryUnwrap(string line)
    {
        var wrapped = _wrapped + " " + line;
        // What is an item of its own is the rest of no other; what together is none is two lines.
        if (TryVms(line, out _) || !TryVms(wrapped, out var item))
        {
            EndWrapped();
            return false;
        }
        _wrapped = null;
        FillerCount++;
        Take(item, wrapped);
        return true;
    }

    private bool TryVms(string line, [NotNullWhen(true)] out FtpItem? item) => VmsListParser.TryParse(line, _context, out item) && item is not null;

    private void EndWrapped()
    {
        if (_wrapped is not { } name)
            return;
        _wrapped = null;
        // Elsewhere than on a VMS such a line is no item.
        if (_dialect == ListingDialect.Vms && VmsListParser.ParseName(name, _context) is { } item)
            Take(item, name);
        else
            AddUnparsed(name);
    }

    private void CheckLength(int count)
    {
        if (count > MaxLineLength)
            throw new FtpException(
                FtpErrorKind.ListingUnparsed,
                $"The listing of '{_context.Directory}' contains a line of more than {MaxLineLength} bytes, which can't be that of a file. The rest of the listing wasn't read.",
                _context.Directory);
    }
}
