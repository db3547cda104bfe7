using System;
using System.IO;
using System.Linq;

namespace FtpTools.TestServer;

/// <summary>A command ends with this reply.</summary>
internal sealed class RefusalException(string reply) : Exception(reply)
{
    public string Reply => Message;

    public static RefusalException NotFound(string path) => new($"550 {path}: No such file or directory");

    /// <summary>The reply to what the file system would not do; null when the exception is another's.</summary>
    public static string? ReplyTo(Exception e, string path) => e switch
    {
        RefusalException refusal => refusal.Reply,
        FileNotFoundException or DirectoryNotFoundException => NotFound(path).Reply,
        UnauthorizedAccessException => $"550 {path}: Permission denied",
        IOException or ArgumentException or NotSupportedException => $"550 {path}: {OneLine(e.Message)}",
        _ => null,
    };

    public static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
