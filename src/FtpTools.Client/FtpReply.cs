using System.Collections.Generic;
using System.Linq;

namespace FtpTools;

/// <summary>A reply of the server: a code of three digits and one line of text or more (RFC 959, 4.2).</summary>
public sealed class FtpReply
{
    /// <summary>A reply.</summary>
    /// <param name="code">100 to 599.</param>
    /// <param name="lines">The text without the code of the first and the last line; at least one line.</param>
    public FtpReply(int code, IReadOnlyList<string> lines)
    {
        Code = code;
        Lines = lines;
        Sent = lines;
    }

    /// <summary>A reply of which the text differs from what was sent, for it held a secret.</summary>
    internal FtpReply(int code, IReadOnlyList<string> lines, IReadOnlyList<string> sent)
        : this(code, lines) => Sent = sent;

    /// <summary>The code, 100 to 599.</summary>
    public int Code { get; }

    /// <summary>The text, line by line, without codes and line ends. A password or account in it is <c>***</c>.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>The text with line feeds between its lines.</summary>
    public string Text => string.Join("\n", Lines);

    /// <summary>The lines as they were sent, to be read by the engine and shown to nobody: a password that the server says back is in them.</summary>
    internal IReadOnlyList<string> Sent { get; }

    /// <summary><see cref="Sent"/> with line feeds between the lines.</summary>
    internal string SentText => string.Join("\n", Sent);

    /// <summary>1xx: begun, another reply follows.</summary>
    public bool IsPreliminary => Code / 100 == 1;

    /// <summary>2xx: done.</summary>
    public bool IsCompletion => Code / 100 == 2;

    /// <summary>3xx: so far so good, another command must follow.</summary>
    public bool IsIntermediate => Code / 100 == 3;

    /// <summary>4xx: no, but the same command may work later.</summary>
    public bool IsTransientNegative => Code / 100 == 4;

    /// <summary>5xx: no.</summary>
    public bool IsPermanentNegative => Code / 100 == 5;

    /// <summary>4xx or 5xx.</summary>
    public bool IsNegative => Code >= 400;

    /// <summary>As the log has it.</summary>
    internal IEnumerable<string> ToLog() => Lines.Select((line, i) => i > 0 ? line : Lines.Count == 1 ? $"<-- {this}" : $"<-- {Code}-{line}");

    /// <summary>The code and the last line, which is where servers say what happened.</summary>
    public override string ToString() => $"{Code} {Lines[Lines.Count - 1]}";
}
