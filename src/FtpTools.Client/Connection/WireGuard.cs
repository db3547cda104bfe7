using System;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Security.Authentication;

namespace FtpTools.Connection;

/// <summary>Says in words what went wrong on the wire of one data connection.</summary>
/// <param name="source">The server's name and port.</param>
/// <param name="idleTimeout">How long a call on the socket waits.</param>
internal sealed class WireGuard(string source, TimeSpan idleTimeout)
{
    /// <summary>Whether an exception is one of the wire's, and not the program's.</summary>
    public static bool IsWireFailure(Exception e) =>
        e is IOException or SocketException or ObjectDisposedException or AuthenticationException or InvalidOperationException;

    /// <summary>Makes a call on the wire.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.Timeout"/> or <see cref="FtpErrorKind.DataConnectionFailed"/>.</exception>
    public T Run<T>(Func<T> work)
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            return work();
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock })
        {
            // On Linux .NET takes it for a time-out, too, when the connection is reset while a call waits to send the rest.
            if ((Stopwatch.GetTimestamp() - begun) / (double)Stopwatch.Frequency < idleTimeout.TotalSeconds * 0.9)
                throw Broken("it was reset.", e);
            throw new FtpException(
                FtpErrorKind.Timeout,
                FormattableString.Invariant($"No data was transferred over the data connection of {source} for {idleTimeout.TotalSeconds:0.#} seconds. To wait longer, use Connect-Ftp -TimeoutSec."), null, e);
        }
        catch (Exception e) when (IsWireFailure(e) || e is NullReferenceException)
        {
            throw Broken(e);
        }
    }

    /// <summary>The error of a connection that broke.</summary>
    public FtpException Broken(Exception e) => Broken(e.Message, e);

    private FtpException Broken(string why, Exception e) =>
        new(FtpErrorKind.DataConnectionFailed, $"The data connection of {source} was lost: {why}", null, e) { IsPassing = true };
}
