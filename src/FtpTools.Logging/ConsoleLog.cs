using System;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace FtpTools;

/// <summary>
/// Log lines on the console's standard error. The signatures use core types alone, so that the module can call it
/// across the border between load contexts without ever seeing a type of Microsoft.Extensions.
/// </summary>
public static class ConsoleLog
{
    /// <summary>Opens the log; one line of text a call, with a UTC time in front.</summary>
    /// <param name="minimumLevel">The lowest level that is written, a number of <see cref="LogLevel"/>: 0 (Trace) to 6 (None).</param>
    /// <param name="lifetime">Writes out what is still queued and ends the log when it is disposed; lines that come later are dropped.</param>
    /// <returns>Takes the level (0 to 5), the source and the message of a line. It can be called from several threads, and does not throw.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minimumLevel"/> is not from 0 to 6.</exception>
    public static Action<int, string, string> Create(int minimumLevel, out IDisposable lifetime)
    {
        if (minimumLevel is < (int)LogLevel.Trace or > (int)LogLevel.None)
            throw new ArgumentOutOfRangeException(nameof(minimumLevel), minimumLevel, "A log level must be a number from 0 (Trace) to 6 (None).");
        var factory = LoggerFactory.Create(builder =>
        {
            builder.SetMinimumLevel((LogLevel)minimumLevel);
            builder.AddSimpleConsole(format =>
            {
                format.SingleLine = true;
                format.UseUtcTimestamp = true;
                format.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
                // By default it looks whether standard output is a terminal, but the lines go to standard error.
                if (Console.IsErrorRedirected)
                    format.ColorBehavior = LoggerColorBehavior.Disabled;
            });
            // Standard output is the pipeline's in `pwsh -c ... | next`.
            builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        });
        lifetime = factory;
        return (level, source, message) =>
        {
            try
            {
                // The message is passed as state: a file name with braces in it is no template.
                factory.CreateLogger(source).Log((LogLevel)level, 0, message, null, static (text, _) => text);
            }
            catch (ObjectDisposedException)
            {
                // A session that is being closed may still have something to say on another thread.
            }
        };
    }
}
