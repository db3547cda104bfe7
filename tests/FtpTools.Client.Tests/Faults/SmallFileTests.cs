using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;
using FtpTools.Protocol;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>
/// Small files in a batch, each of which one thread does from beginning to end as long as the server answers at once: what
/// happens when it does not.
/// </summary>
public sealed class SmallFileTests : LoopbackTest
{
    private const int Size = 4096;
    private const int Files = 12;

    /// <summary>The file that something happens to, after some that have gone well.</summary>
    private const string Odd = "f7";

    /// <summary>Longer than the one thread waits for the wire before another one is put next to it.</summary>
    private static readonly TimeSpan _late = TimeSpan.FromMilliseconds(40);

    [Theory]
    [InlineData("RETR")]
    [InlineData("STOR")]
    public async Task A_server_whose_replies_come_late_loses_nothing(string verb)
    {
        Server.On(verb, async (connection, argument) =>
        {
            await Task.Delay(_late, connection.Closed);
            await connection.HandleAsync(verb, argument);
        });
        await MoveAsync(verb == "RETR", []);
    }

    [Fact]
    public async Task Bytes_and_an_end_that_come_late_are_waited_for()
    {
        OnOdd("RETR", async (connection, _) =>
        {
            await connection.ReplyAsync("150 Coming.");
            using (var data = await connection.OpenDataAsync())
            {
                foreach (var part in Content(Odd).Chunk(1500))
                {
                    await Task.Delay(_late, connection.Closed);
                    await data.SendAsync(part.AsMemory(), SocketFlags.None, connection.Closed);
                }

                await Task.Delay(_late, connection.Closed);
                data.Shutdown(SocketShutdown.Send);
            }

            await Task.Delay(_late, connection.Closed);
            await connection.ReplyAsync("226 Gone.");
        });
        await MoveAsync(isDownload: true, []);
    }

    [Fact]
    public async Task An_upload_whose_end_the_server_takes_late_is_waited_for()
    {
        OnOdd("STOR", async (connection, path) =>
        {
            await connection.ReplyAsync("150 Go on.");
            using (var data = await connection.OpenDataAsync())
            using (var file = File.Create(Path.Combine(Server.Root, path.TrimStart('/'))))
            {
                await Task.Delay(_late, connection.Closed);
                var buffer = new byte[Size];
                for (int count; (count = await data.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, connection.Closed)) > 0;)
                    file.Write(buffer, 0, count);
                await Task.Delay(_late, connection.Closed);
            }

            await connection.ReplyAsync("226 Got it.");
        });
        await MoveAsync(isDownload: false, []);
    }

    [Theory]
    [InlineData("426 Failure reading.", "FtpConnectionLost FtpCommandRefused FtpDataConnectionFailed FtpTransferIncomplete")]
    [InlineData("550 No such file.", "FtpPathNotFound")]
    public async Task A_refusal_while_the_data_connection_hangs_ends_the_file_alone(string reply, string ids)
    {
        Socket? held = null;
        OnOdd("RETR", async (connection, _) =>
        {
            await connection.ReplyAsync("150 Coming.");
            var data = await connection.OpenDataAsync();
            await data.SendAsync(new byte[100].AsMemory(), SocketFlags.None, connection.Closed);
            await connection.ReplyAsync(reply);
            held = data;
        });
        var watch = Stopwatch.StartNew();
        await MoveAsync(isDownload: true, ids.Split(' '));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4));
        held?.Dispose();
    }

    [Fact]
    public async Task A_full_disk_is_told_of_although_all_bytes_were_sent_before()
    {
        OnOdd("STOR", async (connection, _) =>
        {
            await connection.ReplyAsync("150 Go on.");
            using (await connection.OpenDataAsync())
            {
            }

            await connection.ReplyAsync("452 Disk full.");
        });
        await MoveAsync(isDownload: false, ["FtpDiskFull"]);
    }

    [Fact]
    public async Task A_silence_in_the_midst_of_a_file_is_a_timeout_of_that_file()
    {
        OnOdd("RETR", async (connection, _) =>
        {
            await connection.ReplyAsync("150 Coming.");
            using var data = await connection.OpenDataAsync();
            await data.SendAsync(new byte[100].AsMemory(), SocketFlags.None, connection.Closed);
            await WaitForEndAsync(data, connection);
            await connection.ReplyAsync("426 You left.");
        });
        await MoveAsync(isDownload: true, ["FtpTimeout"]);
    }

    [Fact]
    public async Task A_lost_control_connection_is_replaced_for_the_next_file()
    {
        OnOdd("RETR", async (connection, _) =>
        {
            await connection.ReplyAsync("150 Coming.");
            using var data = await connection.OpenDataAsync();
            connection.Drop();
        });
        await MoveAsync(isDownload: true, ["FtpConnectionLost"]);
    }

    [Fact]
    public async Task A_cancel_ends_the_wait_for_a_small_file_and_the_session_goes_on()
    {
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        OnOdd("RETR", async (connection, _) =>
        {
            await connection.ReplyAsync("150 Coming.");
            using var data = await connection.OpenDataAsync();
            waiting.SetResult();
            await WaitForEndAsync(data, connection);
            await connection.ReplyAsync("426 You left.");
        });
        Prepare(isDownload: true);
        using var session = await ConnectAsync();
        var items = await ListAsync(session);
        using var stop = new CancellationTokenSource();
        var batch = session.BeginTransfers(Default, null, _ => { }, null, stop.Token);
        foreach (var item in items)
            batch.AddDownload(item, Local(item.Name));
        await waiting.Task.WaitAsync(Bound);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(batch.CompleteAsync);
        Assert.False(File.Exists(Local(Odd)));
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Fact]
    public async Task A_cancel_at_any_moment_is_a_cancel_and_leaves_no_debris()
    {
        Prepare(isDownload: true);
        using var session = await FtpSession.ConnectAsync(Options with { MaxConnection = 3 }, Bound);
        var items = await ListAsync(session);
        var random = new Random(4);
        var cancelled = 0;
        for (var i = 0; i < 150; i++)
        {
            using var stop = new CancellationTokenSource();
            var batch = session.BeginTransfers(Default, null, result => Assert.Equal(FtpTransferStatus.Succeeded, result.Status), null, stop.Token);
            foreach (var item in items)
                batch.AddDownload(item, Local(item.Name));
            var ending = batch.CompleteAsync();
            // Until then it spins: a timer would be too coarse for files that take a tenth of a millisecond.
            var watch = Stopwatch.StartNew();
            var moment = TimeSpan.FromMilliseconds(random.NextDouble() * 5);
            while (watch.Elapsed < moment)
                Thread.Yield();
            await stop.CancelAsync();
            try
            {
                await ending;
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }

            Assert.Empty(Directory.GetFiles(Folder, ".ftptools-*"));
        }

        Assert.InRange(cancelled, 10, 150);
        await ProveAsync(session);
    }

    [Fact]
    public async Task Directories_of_a_tree_are_listed_over_several_connections()
    {
        foreach (var name in new[] { "tree/a", "tree/b", "tree/c" })
            File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(Path.Combine(Server.Root, name)).FullName, "file"), Content(name));
        // Each listing but the root's waits for another one to be asked for at the same time.
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        Server.On("MLSD", async (connection, argument) =>
        {
            if (Interlocked.Increment(ref count) == 3)
                both.SetResult();
            if (count > 1)
                await both.Task.WaitAsync(TimeSpan.FromSeconds(10), connection.Closed);
            await connection.HandleAsync("MLSD", argument);
        });
        using var session = await FtpSession.ConnectAsync(Options with { MaxConnection = 3, Timeout = TimeSpan.FromSeconds(15) }, Bound);
        var results = new List<FtpTransferResult>();
        await TransferTreeAsync(session, Default, result => { lock (results) results.Add(result); }, batch => batch.AddDownloadTree("/tree", Local("tree")));
        Assert.Equal(["/tree/a/file", "/tree/b/file", "/tree/c/file"], results.Select(result => result.Source).Order());
        Assert.All(results, result => Assert.Equal(FtpTransferStatus.Succeeded, result.Status));
        Assert.Equal(Content("tree/b"), File.ReadAllBytes(Local("tree/b/file")));
    }

    [Fact]
    public async Task A_cancel_at_the_moment_of_connecting_gives_no_closed_socket_away()
    {
        await WireThreads.Run(() =>
        {
            using var stop = new CancellationTokenSource();
            var target = new DialTarget(Server.EndPoint);
            var dialling = TcpDial.ConnectAsync(target, _ => stop.Cancel(), isNear: true, TimeSpan.FromSeconds(5), stop.Token);
            Assert.True(dialling.IsCompleted);
            Assert.ThrowsAny<OperationCanceledException>(() => dialling.GetAwaiter().GetResult());
        });
        using var session = await ConnectAsync();
        await ProveAsync(session);
    }

    /// <summary>This side hangs up, which ends the connection in order or with a reset.</summary>
    private static async Task WaitForEndAsync(Socket data, LoopbackConnection connection)
    {
        try
        {
            await data.ReceiveAsync(new byte[1].AsMemory(), SocketFlags.None, connection.Closed);
        }
        catch (SocketException)
        {
        }
    }

    private static byte[] Content(string name) => [.. Enumerable.Range(0, Size).Select(i => (byte)((i * 31) + name[^1]))];

    private static IEnumerable<string> Names => Enumerable.Range(0, Files).Select(i => $"f{i}");

    /// <summary>Has one file's command done otherwise; an upload's goes to a name of its own, and so is known by its number.</summary>
    private void OnOdd(string verb, CommandScript script)
    {
        var number = 0;
        Server.On(verb, (connection, path) =>
            (verb == "RETR" ? path == "/" + Odd : Interlocked.Increment(ref number) == 8) ? script(connection, path) : connection.HandleAsync(verb, path));
    }

    private void Prepare(bool isDownload)
    {
        foreach (var name in Names)
            File.WriteAllBytes(isDownload ? Path.Combine(Server.Root, name) : Local(name), Content(name));
    }

    /// <summary>Moves all over one connection; the odd one alone may fail, with one of the ids, and is not there then.</summary>
    private async Task MoveAsync(bool isDownload, string[] ids)
    {
        Prepare(isDownload);
        using var session = await ConnectAsync();
        var items = await ListAsync(session);
        var results = new List<FtpTransferResult>();
        var batch = session.BeginTransfers(Default, null, result => { lock (results) results.Add(result); }, null, Bound);
        foreach (var name in Names)
        {
            if (isDownload)
                batch.AddDownload(items.Single(item => item.Name == name), Local(name));
            else
                batch.AddUpload(Local(name), "/" + name);
        }

        await batch.CompleteAsync();
        foreach (var name in Names)
        {
            var target = isDownload ? Local(name) : Path.Combine(Server.Root, name);
            if (ids.Length > 0 && name == Odd)
            {
                var failed = Assert.Single(results, result => result.Status == FtpTransferStatus.Failed);
                Assert.Contains(failed.Failure!.ErrorId, ids);
                Assert.EndsWith(Odd, failed.Source);
                Assert.False(File.Exists(target));
            }
            else
            {
                Assert.Equal(Content(name), File.ReadAllBytes(target));
            }
        }

        Assert.Equal(ids.Length == 0 ? Files : Files - 1, results.Count(result => result.Status == FtpTransferStatus.Succeeded));
        Assert.Equal(isDownload ? Files : Files - (ids.Length > 0 ? 1 : 0), Directory.GetFiles(Server.Root).Length);
        await ProveAsync(session);
    }
}
