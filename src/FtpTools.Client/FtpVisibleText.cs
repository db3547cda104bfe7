using FtpTools.Protocol;

namespace FtpTools;

/// <summary>Text of a server or of a name, made fit for a terminal: it could move the cursor, or forge what is shown.</summary>
public static class FtpVisibleText
{
    /// <summary>The text with its control characters, and those that turn the direction of writing, as escapes (<c>\x1B</c>, <c>\u202E</c>).</summary>
    /// <param name="text">The text; null for none.</param>
    public static string Of(string? text) => text is null ? "" : VisibleText.Of(text);
}
