using System;
using System.Runtime.CompilerServices;

namespace FtpTools;

/// <summary>A session's log on standard error, by way of Microsoft.Extensions.Logging.Console.</summary>
internal sealed class ConsoleFtpLog : FtpLog
{
    private readonly FtpLogLevel _minimumLevel;
    private readonly Action<int, string, string> _write;
    private readonly IDisposable _lifetime;

    /// <summary>Opens the log.</summary>
    /// <param name="minimumLevel">The lowest level that is written.</param>
    public ConsoleFtpLog(FtpLogLevel minimumLevel)
    {
        _minimumLevel = minimumLevel;
        _write = Create((int)minimumLevel, out _lifetime);
    }

    /// <inheritdoc/>
    public override void Write(FtpLogEntry entry)
    {
        if (entry.Level >= _minimumLevel)
            _write((int)entry.Level, entry.Source, entry.Message);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _lifetime.Dispose();
    }

    // A method of its own, so that the bridge and all that it brings are loaded when a log is asked for, and not before.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Action<int, string, string> Create(int minimumLevel, out IDisposable lifetime) => ConsoleLog.Create(minimumLevel, out lifetime);
}
