using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using FtpTools.Protocol;

namespace FtpTools;

/// <summary>How much a line of the log matters; the numbers are those of Microsoft.Extensions.Logging.LogLevel.</summary>
public enum FtpLogLevel
{
    /// <summary>Sockets and data connections.</summary>
    Trace,

    /// <summary>Every command and reply.</summary>
    Debug,

    /// <summary>Logins, transfers, changes of mode.</summary>
    Information,

    /// <summary>Something went another way than asked for, and the work goes on.</summary>
    Warning,

    /// <summary>Something failed.</summary>
    Error,

    /// <summary>Above errors: with this level nothing is logged.</summary>
    None = 6,
}

/// <summary>What happened, without secrets, with control characters escaped; a reply may have several lines.</summary>
/// <param name="Level">How much it matters.</param>
/// <param name="Source">Which connection it happened on: <c>host:port#1</c>.</param>
/// <param name="Message">What happened: <c>--> LIST /in</c>, <c>&lt;-- 226 Transfer complete.</c>, or a sentence.</param>
public sealed record FtpLogEntry(FtpLogLevel Level, string Source, string Message);

/// <summary>A place that log lines go to. It may be called from several threads at once, and must not throw.</summary>
public abstract class FtpLog : IDisposable
{
    /// <summary>Takes one line.</summary>
    /// <param name="entry">The line.</param>
    public abstract void Write(FtpLogEntry entry);

    /// <summary>Opens a file to add to. One that is made is its owner's alone to read, on Unix, where others could read what a session does.</summary>
    /// <param name="path">The file.</param>
    protected static FileStream OpenFile(string path) => Compat.AppendPrivately(path);

    /// <summary>Ends the log.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the log.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>
/// The trace of the operation that runs now. A session serves several callers at once, and each wants to see its own
/// commands alone; the sink therefore follows the caller's asynchronous flow and not the connection.
/// </summary>
public static class FtpTrace
{
    private static readonly AsyncLocal<Action<FtpLogEntry>?> _sink = new();
    private static readonly AsyncLocal<bool> _isQuiet = new();

    /// <summary>Sends what the current asynchronous flow does from here on to <paramref name="sink"/>, until the result is disposed.</summary>
    /// <param name="sink">Called on whatever thread the work runs on; must not throw.</param>
    public static IDisposable To(Action<FtpLogEntry> sink)
    {
        var scope = new Scope(_sink.Value);
        _sink.Value = sink;
        return scope;
    }

    /// <summary>
    /// Keeps what the current asynchronous flow does from here on out of the trace and the log, until the result is disposed:
    /// what is done again and again would bury all else. Warnings are heard.
    /// </summary>
    internal static IDisposable Quiet()
    {
        var scope = new QuietScope(_isQuiet.Value);
        _isQuiet.Value = true;
        return scope;
    }

    /// <summary>Whether anybody listens: of many small files, the lines are a part of the work.</summary>
    internal static bool IsHeard(FtpLog? log) => !_isQuiet.Value && (log is not null || _sink.Value is not null);

    /// <summary>Writes a message, of which no character can begin a line of its own.</summary>
    internal static void Write(FtpLogLevel level, string source, string message, FtpLog? log) => Send(new FtpLogEntry(level, source, VisibleText.Of(message)), log);

    /// <summary>Writes a message of several lines, each of which is one line for whoever reads it.</summary>
    internal static void Write(FtpLogLevel level, string source, IEnumerable<string> lines, FtpLog? log) =>
        Send(new FtpLogEntry(level, source, string.Join("\n    ", lines.Select(line => VisibleText.Of(line)))), log);

    private static void Send(FtpLogEntry entry, FtpLog? log)
    {
        if (_isQuiet.Value && entry.Level != FtpLogLevel.Warning)
            return;
        // A session's name is the user's, who may have read it from a file.
        if (VisibleText.Of(entry.Source) is var source && source != entry.Source)
            entry = entry with { Source = source };
        _sink.Value?.Invoke(entry);
        log?.Write(entry);
    }

    private sealed class Scope(Action<FtpLogEntry>? former) : IDisposable
    {
        public void Dispose() => _sink.Value = former;
    }

    private sealed class QuietScope(bool former) : IDisposable
    {
        public void Dispose() => _isQuiet.Value = former;
    }
}
