using System.Text;

namespace FtpTools;

/// <summary>How much of a file is read, and how its text is understood.</summary>
public sealed record FtpReadOptions
{
    /// <summary>The encoding of a text that does not begin with a byte order mark.</summary>
    public Encoding Encoding { get; init; } = new UTF8Encoding(false);

    /// <summary>What stands between two pieces of a text; null for line ends: LF, CR LF and CR.</summary>
    public string? Delimiter { get; init; }

    /// <summary>So many lines, or bytes, from the beginning; the rest is not transferred. Null for all.</summary>
    public long? TotalCount { get; init; }

    /// <summary>So many lines, or bytes, at the end; where the server can begin there, the rest is not transferred. Null for all.</summary>
    public long? Tail { get; init; }
}
