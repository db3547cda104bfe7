using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.TestServer;

/// <summary>What uses the data connection.</summary>
internal static class TransferVerbs
{
    private const int BufferSize = 256 * 1024;

    public static IReadOnlyDictionary<string, CommandScript> Table { get; } = new Dictionary<string, CommandScript>
    {
        ["RETR"] = RetrAsync,
        ["STOR"] = (c, a) => StoreAsync(c, "STOR", a),
        ["APPE"] = (c, a) => StoreAsync(c, "APPE", a),
        ["LIST"] = ListAsync,
        ["NLST"] = NlstAsync,
        ["MLSD"] = MlsdAsync,
    };

    /// <summary>Divides the options of ls, which clients send before the path, from the path.</summary>
    public static (string Path, bool All) ListArgument(LoopbackConnection c, string argument)
    {
        var all = false;
        while (argument.StartsWith('-'))
        {
            var end = argument.IndexOf(' ', StringComparison.Ordinal);
            all |= (end < 0 ? argument : argument[..end]).Contains('a', StringComparison.Ordinal);
            argument = end < 0 ? "" : argument[(end + 1)..].TrimStart(' ');
        }

        return (ServedFolder.Absolute(c.State.Directory, argument), all);
    }

    private static async Task RetrAsync(LoopbackConnection c, string argument)
    {
        var offset = c.State.TakeRestart();
        var path = Verbs.PathOf(c, argument);
        using var channel = c.State.TakeData();
        var local = c.Server.Folder.Local(path);
        if (Directory.Exists(local))
            throw new RefusalException($"550 {path}: Not a regular file");
        await using var file = new FileStream(local, FileMode.Open, FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete, 0, FileOptions.SequentialScan);
        if (offset > file.Length)
            throw new RefusalException($"554 Restart position {offset} is beyond the end of {path}");
        file.Position = c.Server.Habits.IgnoresDownloadRestart ? 0 : offset;
        var opening = $"150 Opening {TypeName(c)} mode data connection for {path} ({file.Length} bytes).";
        await TransferAsync(c, channel, "RETR", path, opening, async (data, token) =>
        {
            var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            var ascii = c.State.Ascii ? new byte[buffer.Length * 2] : [];
            try
            {
                int read;
                while ((read = await file.ReadAsync(buffer, token).ConfigureAwait(false)) > 0)
                {
                    var bytes = c.State.Ascii
                        ? ascii.AsMemory(0, AsciiConversion.ToNetwork(buffer.AsSpan(0, read), ascii))
                        : buffer.AsMemory(0, read);
                    await data.SendAsync(bytes, token).ConfigureAwait(false);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }).ConfigureAwait(false);
    }

    private static async Task StoreAsync(LoopbackConnection c, string verb, string argument)
    {
        var habits = c.Server.Habits;
        var offset = habits.KeepsRestart ? c.State.RestartAt : c.State.TakeRestart();
        var path = Verbs.PathOf(c, argument);
        using var channel = c.State.TakeData();
        var local = c.Server.Folder.Local(path);
        if (Directory.Exists(local))
            throw new RefusalException($"553 {path}: Is a directory");
        var refusal = verb == "APPE" ? habits.AppendRefusal : null;
        refusal ??= Path.GetFileName(local).StartsWith('.') ? habits.DotNameRefusal : null;
        refusal ??= File.Exists(local) ? null : habits.NewFileRefusal;
        if (refusal is not null)
            throw new RefusalException(refusal);
        if (habits.UploadRestart == UploadRestart.Forgotten)
            offset = 0;
        // After REST the bytes beyond the restart point stay, as vsftpd and ProFTPD leave them.
        var mode = verb == "APPE" ? FileMode.Append : offset > 0 && habits.UploadRestart != UploadRestart.Zeros ? FileMode.OpenOrCreate : FileMode.Create;
        await using var file = new FileStream(local, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 0);
        if (verb == "STOR")
            file.Position = offset;
        await TransferAsync(c, channel, verb, path, "150 Ok to send data.", async (data, token) =>
        {
            var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            var ascii = new AsciiConversion();
            var disk = c.State.Ascii ? new byte[buffer.Length + 1] : [];
            try
            {
                int received;
                while ((received = await data.ReceiveAsync(buffer, token).ConfigureAwait(false)) > 0)
                {
                    var bytes = c.State.Ascii
                        ? disk.AsMemory(0, ascii.ToDisk(buffer.AsSpan(0, received), disk))
                        : buffer.AsMemory(0, received);
                    await file.WriteAsync(bytes, token).ConfigureAwait(false);
                }

                if (c.State.Ascii)
                    await file.WriteAsync(disk.AsMemory(0, ascii.Finish(disk)), token).ConfigureAwait(false);
                // The file is whole on disk before 226 says so.
                await file.DisposeAsync().ConfigureAwait(false);
                if (offset > 0 && verb == "STOR" && habits.UploadRestart == UploadRestart.Doubled)
                    Double(local, offset);
                if (habits.TakesAwayUnless is { } kept && !local.EndsWith(kept, StringComparison.Ordinal))
                    File.Delete(local);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }).ConfigureAwait(false);
    }

    private static void Double(string local, long offset)
    {
        using var file = new FileStream(local, FileMode.Open, FileAccess.ReadWrite);
        var tail = new byte[Math.Min(offset, file.Length - offset)];
        file.Position = offset;
        file.ReadExactly(tail);
        file.Position = 0;
        file.Write(tail);
    }

    private static Task ListAsync(LoopbackConnection c, string argument)
    {
        var (path, all) = ListArgument(c, argument);
        var entry = c.Server.Folder.Find(path) ?? throw RefusalException.NotFound(path);
        var offset = c.Server.ClockOffset;
        var now = DateTime.UtcNow + offset;
        var dots = all ? new[] { entry with { Name = "." }, entry with { Name = ".." } } : [];
        var entries = entry.IsDirectory ? dots.Concat(Visible(c, path, all)) : [entry];
        return SendListAsync(c, "LIST", path, entries.Select(e => ListingFormat.UnixLine(e with { ModifiedUtc = e.ModifiedUtc + offset }, now)));
    }

    private static Task NlstAsync(LoopbackConnection c, string argument)
    {
        var (path, all) = ListArgument(c, argument);
        var entry = c.Server.Folder.Find(path) ?? throw RefusalException.NotFound(path);
        // As ls does it: the names are relative to the current directory, not to the one listed.
        var given = argument.Length == 0 || argument.StartsWith('-') ? "" : argument.TrimEnd('/') + "/";
        var names = entry.IsDirectory ? Visible(c, path, all).Select(e => given + e.Name) : [argument];
        return SendListAsync(c, "NLST", path, names);
    }

    private static Task MlsdAsync(LoopbackConnection c, string argument)
    {
        var path = argument.Length == 0 ? c.State.Directory : Verbs.PathOf(c, argument);
        var entry = c.Server.Folder.Find(path) ?? throw RefusalException.NotFound(path);
        if (!entry.IsDirectory)
            throw new RefusalException($"501 {path}: Not a directory");
        var lines = Visible(c, path, all: true).Select(e => ListingFormat.MachineLine(e, c.State.Facts))
            .Prepend(ListingFormat.MachineLine(entry with { Name = ".." }, c.State.Facts, "pdir"))
            .Prepend(ListingFormat.MachineLine(entry with { Name = "." }, c.State.Facts, "cdir"));
        return SendListAsync(c, "MLSD", path, lines);
    }

    private static IEnumerable<ListEntry> Visible(LoopbackConnection c, string path, bool all) =>
        c.Server.Folder.List(path).Where(e => all || !e.Name.StartsWith('.'));

    private static async Task SendListAsync(LoopbackConnection c, string verb, string path, IEnumerable<string> lines)
    {
        using var channel = c.State.TakeData();
        await TransferAsync(c, channel, verb, path, "150 Here comes the directory listing.", async (data, token) =>
        {
            var text = new StringBuilder();
            var sent = 0;
            foreach (var line in c.Server.OddLine is { } odd ? lines.Append(odd) : lines)
            {
                text.Append(line).Append("\r\n");
                var held = c.Server.ListingGate is { } gate && gate.AfterEntries == ++sent;
                if (!held && text.Length < BufferSize / 4)
                    continue;
                await FlushAsync().ConfigureAwait(false);
                if (held)
                    await c.Server.ListingGate!.HoldAsync(token).ConfigureAwait(false);
            }

            await FlushAsync().ConfigureAwait(false);

            async Task FlushAsync()
            {
                await data.SendAsync(c.Server.Encoding.GetBytes(text.ToString()), token).ConfigureAwait(false);
                text.Clear();
            }
        }).ConfigureAwait(false);
    }

    private static string TypeName(LoopbackConnection c) => c.State.Ascii ? "ASCII" : "BINARY";

    private static async Task TransferAsync(
        LoopbackConnection c, DataChannel channel, string verb, string path, string opening,
        Func<DataStream, CancellationToken, Task> copy)
    {
        var aborted = c.Aborted;
        var sending = verb is not ("STOR" or "APPE");
        var plan = c.Server.DataFaults.Plan(verb, path);
        try
        {
            var data = await OpenAsync(c, channel, opening, plan, sending, aborted).ConfigureAwait(false);
            var held = false;
            try
            {
                await data.BeginAsync(aborted).ConfigureAwait(false);
                await copy(data, aborted).ConfigureAwait(false);
                var faults = c.Server.TlsFaults;
                if (!sending && data.EndedBare && faults.RequireCloseNotify)
                    throw new IOException("The data ended without close_notify.");
                held = !sending && data.IsSecure && faults.NeverAnswerCloseNotify;
                if (held)
                    _ = HoldAsync(c, data);
                else if (data.IsSecure && faults.OmitCloseNotify)
                    data.FinishBare();
                else
                    await FinishAsync(data, tolerant: data.IsSecure && !sending && !faults.RequireCloseNotify, aborted).ConfigureAwait(false);
            }
            catch (DataCutException)
            {
                await CutAsync(c, data, plan, sending, aborted).ConfigureAwait(false);
                return;
            }
            finally
            {
                if (!held)
                    data.Dispose();
            }
        }
        catch (Exception e) when (!c.Closed.IsCancellationRequested && e is OperationCanceledException or SocketException or IOException)
        {
            await c.ReplyAsync("426 Connection closed; transfer aborted.").ConfigureAwait(false);
            return;
        }

        if (!c.Server.DataFaults.TakeSilentEnd(verb, path))
            await c.ReplyAsync("226 Transfer complete.").ConfigureAwait(false);
    }

    private static async Task<DataStream> OpenAsync(
        LoopbackConnection c, DataChannel channel, string opening, DataFaultPlan plan, bool sending, CancellationToken aborted)
    {
        // A passive client may wait for 150 before it dials; an active one must hear 425 when it cannot be reached.
        if (!channel.IsActive)
            await c.ReplyAsync(opening).ConfigureAwait(false);
        var socket = await channel.OpenAsync(c.Server.DataTimeout, aborted).ConfigureAwait(false);
        TlsChannel? tls = null;
        try
        {
            if (channel.IsActive)
                await c.ReplyAsync(opening).ConfigureAwait(false);
            if (c.State.ProtectsData)
            {
                var refusal = c.Server.TlsFaults.Plan(c.TlsProtocol);
                if (refusal != HandshakeRefusal.InsteadOfHandshake)
                    tls = await c.SecureDataAsync(socket, ownsSocket: false, c.State.IsTlsClient || channel.IsTlsClient, aborted).ConfigureAwait(false);
                if (refusal != HandshakeRefusal.None)
                    throw new RefusalException(c.Server.TlsFaults.RefusalReply);
            }

            return new DataStream(socket, tls, plan, c.Server.DataFaults, sending);
        }
        catch
        {
            tls?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    private static async Task FinishAsync(DataStream data, bool tolerant, CancellationToken aborted)
    {
        try
        {
            await data.FinishAsync(aborted).ConfigureAwait(false);
        }
        catch (Exception e) when (tolerant && e is SocketException or IOException)
        {
            // The upload is whole. curl and lftp do not wait for the answer, and to close over unread tickets is a reset.
        }
    }

    private static async Task HoldAsync(LoopbackConnection c, DataStream data)
    {
        using (data)
        {
            try
            {
                await data.DrainAsync(c.Closed).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The client ended it, in one way or another.
            }
        }
    }

    private static async Task CutAsync(
        LoopbackConnection c, DataStream data, DataFaultPlan plan, bool sending, CancellationToken aborted)
    {
        if (plan.Cut == DataCut.Reset)
            data.Reset();
        else
            data.FinishBare();
        if (plan.ClosingReply is { } reply)
            await c.ReplyAsync(reply).ConfigureAwait(false);
        if (plan.DropControl)
            c.Drop();
        else if (plan.Cut == DataCut.Finish && !sending)
            await DrainAsync(data, aborted).ConfigureAwait(false);
    }

    /// <summary>Waits for the client's end; a client that has the closing reply may end it by a reset.</summary>
    private static async Task DrainAsync(DataStream data, CancellationToken aborted)
    {
        try
        {
            await data.DrainAsync(aborted).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
        }
    }
}
