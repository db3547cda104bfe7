using System;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Connection;

/// <summary>
/// The bytes of one open data connection. They move in a blocking loop with large buffers on a thread of its own, which is
/// half as long again as fast as an asynchronous one.
/// </summary>
internal sealed class DataCopy(Socket socket, Stream stream, TlsChannel? tls, WireGuard guard, Action<string> trace)
{
    /// <summary>A file's receiving buffer in bytes: of 64 KiB to 2 MiB, what is below 512 KiB costs a third more time.</summary>
    public const int ReceiveBufferSize = 512 * 1024;

    /// <summary>A file's sending buffer in bytes: of 32 KiB to 1 MiB the fastest, for larger ones let the server run dry.</summary>
    private const int SendBufferSize = 128 * 1024;

    /// <summary>
    /// For encrypted bytes under way: many records at a time, each of which SslStream would read in two calls on the socket
    /// and hand on in one, and of which it would write two at a time.
    /// </summary>
    private const int TlsBufferSize = 128 * 1024;

    /// <summary>So many bytes at most are moved without a thread of their own.</summary>
    private const int ShortLength = 16 * 1024;

    private static readonly TimeSpan _closeWait = TimeSpan.FromSeconds(1);
    private long _moved;

    /// <summary>How many bytes have been moved.</summary>
    public long Moved => Interlocked.Read(ref _moved);

    /// <summary>True when what was received ended as if it had been cut: without TLS's own end.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Receives to the end of the stream: what comes at once on this thread, if it may wait, the rest on a thread of its own.</summary>
    /// <param name="consume">Takes a buffer and the count of bytes in it; what it throws comes out as it is.</param>
    /// <param name="bufferSize">The buffer's size in bytes.</param>
    /// <param name="expected">How many bytes there should be; null when that is not known.</param>
    public Task ReceiveAsync(Action<byte[], int> consume, int bufferSize, long? expected)
    {
        return RunAsync(IsShort(expected), bufferSize, Receive, static (channel, buffer) => channel.ReceiveBy(buffer));

        bool Receive(byte[] buffer, Func<bool> mayWait)
        {
            while (guard.Run(mayWait))
            {
                var count = ReceiveUpTo(buffer, expected);
                if (count == 0)
                {
                    EndReceiving();
                    return true;
                }

                Interlocked.Add(ref _moved, count);
                consume(buffer, count);
            }

            return false;
        }
    }

    /// <summary>
    /// Sends until <paramref name="produce"/> has no more, then ends the stream: a few bytes on this thread, if it may wait,
    /// more on a thread of its own.
    /// </summary>
    /// <param name="produce">Fills a buffer and returns the count of bytes, 0 at the end; what it throws comes out as it is.</param>
    /// <param name="expected">How many bytes there should be; null when that is not known.</param>
    public Task SendAsync(Func<byte[], int> produce, long? expected)
    {
        var isSent = false;
        return RunAsync(IsShort(expected), SendBufferSize, Send, static (channel, buffer) => channel.SendBy(buffer));

        bool Send(byte[] buffer, Func<bool> mayWait)
        {
            int count;
            while (!isSent && (count = produce(buffer)) > 0)
            {
                guard.Run(() =>
                {
                    if (tls is null)
                        stream.Write(buffer, 0, count);
                    else
                        tls.Send(buffer, count);
                    Interlocked.Add(ref _moved, count);
                    return 0;
                });
            }

            if (!isSent)
                EndSending();
            isSent = true;
            return AwaitEnd(buffer, mayWait);
        }
    }

    /// <summary>Receives. A reset behind the last byte that is expected is an end too: some servers close so, and the closing reply and the size tell whether all is well.</summary>
    private int ReceiveUpTo(byte[] buffer, long? expected)
    {
        try
        {
            return guard.Run(() => tls is null ? stream.Read(buffer, 0, buffer.Length) : tls.Receive(buffer));
        }
        catch (FtpException e) when (e.Kind == FtpErrorKind.DataConnectionFailed && expected is { } all && Moved >= all && e.InnerException is IOException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionReset } })
        {
            return 0;
        }
    }

    private void EndReceiving()
    {
        if (tls is null)
            return;
        IsTruncated = tls.IsTruncated;
        SayEnd();
    }

    /// <summary>
    /// Ends the stream. Closing with unread bytes in the receive buffer would reset the connection and lose what is under
    /// way (TLS 1.3's tickets are such bytes); so it is ended first and then read to its end.
    /// </summary>
    private void EndSending()
    {
        if (tls is not null)
            SayEnd();
        guard.Run(() =>
        {
            socket.Shutdown(SocketShutdown.Send);
            return 0;
        });
    }

    private bool AwaitEnd(byte[] buffer, Func<bool> mayWait)
    {
        // In all, not for each read: a server that goes on sending would never be done.
        using var bound = new Timer(static socket => ((Socket)socket!).Dispose(), socket, _closeWait, Timeout.InfiniteTimeSpan);
        try
        {
            while (mayWait())
            {
                if (stream.Read(buffer, 0, buffer.Length) == 0)
                    return true;
            }

            return false;
        }
        catch (Exception e) when (WireGuard.IsWireFailure(e))
        {
            // All bytes are sent; whether they arrived, the closing reply tells.
            return true;
        }
    }

    /// <summary>Whether so little is to be moved that no buffer on the way can be full of it (Linux gives a new socket 16 KiB).</summary>
    private bool IsShort(long? expected) => expected <= ShortLength && tls is null && WireThreads.IsCurrent;

    /// <summary>
    /// Moves bytes by blocking calls, on this thread as long as they come at once, if it is to begin here, and then on one
    /// of its own, next to which somebody watches the control connection.
    /// </summary>
    private Task RunAsync(bool here, int bufferSize, Func<byte[], Func<bool>, bool> move, Action<TlsChannel, byte[]?> lend)
    {
        if (here)
        {
            try
            {
                if (WithBuffer(bufferSize, buffer => move(buffer, () => socket.Poll(WireThreads.Moment, SelectMode.SelectRead))))
                    return Task.CompletedTask;
            }
            catch (Exception e)
            {
                return Task.FromException(e);
            }
        }

        return WireThreads.Run(() => WithBuffer(bufferSize, buffer => tls is null ? move(buffer, static () => true) : WithBuffer(TlsBufferSize, wire =>
        {
            lend(tls, wire);
            try
            {
                return move(buffer, static () => true);
            }
            finally
            {
                lend(tls, null);
            }
        })));
    }

    /// <summary>
    /// Ends the TLS stream. A server that has closed already has heard enough; whether all arrived, the closing reply tells.
    /// </summary>
    private void SayEnd()
    {
        try
        {
#pragma warning disable VSTHRD002 // Part of the copy, which blocks a thread of its own.
            tls!.SendCloseNotifyAsync().GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        }
        catch (Exception e) when (WireGuard.IsWireFailure(e))
        {
            trace($"TLS could not be ended on the data connection. {e.Message}");
        }
    }

    private static bool WithBuffer(int size, Func<byte[], bool> work)
    {
        var buffer = WireBuffers.Take(size);
        try
        {
            return work(buffer);
        }
        finally
        {
            WireBuffers.GiveBack(buffer);
        }
    }
}
