using System;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.TestServer;

/// <summary>The data connection was cut on purpose.</summary>
internal sealed class DataCutException : Exception;

/// <summary>The bytes of one transfer, with the faults planned for it.</summary>
internal sealed class DataStream(Socket socket, TlsChannel? tls, DataFaultPlan plan, DataFaults faults, bool sending) : IDisposable
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _moved;

    public bool IsSecure => tls is not null;

    /// <summary>Whether the client's data under TLS ended without its close_notify.</summary>
    public bool EndedBare => tls is { Ended: true };

    /// <summary>Meets the faults due before the first byte.</summary>
    public Task BeginAsync(CancellationToken cancellationToken) => MeetFaultsAsync(cancellationToken);

    public async Task SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (!data.IsEmpty)
        {
            var piece = data[..NextLength(data.Length)];
            var sent = piece.Length;
            if (tls is not null)
                await tls.Stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            else
                sent = await socket.SendAsync(piece, cancellationToken).ConfigureAwait(false);
            data = data[sent..];
            await MovedAsync(sent, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Receives some bytes; 0 at the end.</summary>
    public async Task<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var piece = buffer[..NextLength(buffer.Length)];
        var received = tls is not null
            ? await tls.Stream.ReadAsync(piece, cancellationToken).ConfigureAwait(false)
            : await socket.ReceiveAsync(piece, cancellationToken).ConfigureAwait(false);
        await MovedAsync(received, cancellationToken).ConfigureAwait(false);
        return received;
    }

    /// <summary>Ends the data in the ordinary way: close_notify under TLS, and the end of the stream.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        if (tls is not null)
            await tls.Stream.ShutdownAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        FinishBare();
        // Who shook hands as the client was sent tickets, and to close over them is a reset.
        if (sending && tls is { Stream.IsServer: false })
            await DrainAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the stream, and says nothing of it under TLS.</summary>
    public void FinishBare() => socket.Shutdown(SocketShutdown.Send);

    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    /// <summary>Reads to the end what nobody wants: closing over unread bytes would be a reset, not an end.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[65536];
        while (await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false) > 0)
        {
        }
    }

    public void Dispose()
    {
        tls?.Dispose();
        socket.Dispose();
    }

    private int NextLength(int wanted)
    {
        var length = Math.Min(wanted, Math.Min(plan.CutAfter, plan.StallAfter) - _moved);
        // A tenth of a second's worth at a time, so that a throttled transfer flows instead of jumping.
        if (plan.BytesPerSecond > 0)
            length = Math.Min(length, Math.Max(1, plan.BytesPerSecond / 10));
        return (int)Math.Max(1, length);
    }

    private async Task MovedAsync(int count, CancellationToken cancellationToken)
    {
        _moved += count;
        await MeetFaultsAsync(cancellationToken).ConfigureAwait(false);
        if (plan.BytesPerSecond <= 0)
            return;
        var due = TimeSpan.FromSeconds((double)_moved / plan.BytesPerSecond) - Stopwatch.GetElapsedTime(_start);
        if (due > TimeSpan.Zero)
            await Task.Delay(due, cancellationToken).ConfigureAwait(false);
    }

    private async Task MeetFaultsAsync(CancellationToken cancellationToken)
    {
        if (_moved >= plan.CutAfter)
            throw new DataCutException();
        if (_moved < plan.StallAfter)
            return;
        faults.NoteStall();
        if (sending)
        {
            await socket.ReceiveAsync(new byte[1].AsMemory(), cancellationToken).ConfigureAwait(false);
            throw new IOException("The client closed the data connection.");
        }

        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
    }
}
