using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Dialogue;
using FtpTools.TestServer;
using Xunit;
using Xunit.Abstractions;

namespace FtpTools.Tests.Faults;

/// <summary>
/// Transfers to which anything may happen, on the server's side and on this one: the next thing that is said over the same
/// connection does what it says, or the connection is closed. FTPTOOLS_ROUNDS says how many times.
/// </summary>
public sealed class RandomFaultTests(ITestOutputHelper output) : LoopbackTest(TimeSpan.FromSeconds(60 + Rounds))
{
    private const int Size = 200_000;

    private static readonly byte[] _bytes = [.. Enumerable.Range(0, Size).Select(i => (byte)(i * 13))];

    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private int _way;
    private int _part;

    private static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("FTPTOOLS_ROUNDS"), out var rounds) ? rounds : 40;

    [Theory]
    [InlineData(FtpSendAhead.Never)]
    [InlineData(FtpSendAhead.Always)]
    public async Task Whatever_becomes_of_a_transfer_the_next_command_does_what_it_says(FtpSendAhead sendAhead)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"The seed is {seed}.");
        var random = new Random(seed);
        var options = Options with { SendAhead = sendAhead, Tls = FtpTlsMode.None, Timeout = TimeSpan.FromSeconds(1) };
        File.WriteAllBytes(OnServer("file"), _bytes);
        FtpConnection? connection = null;
        for (var i = 0; i < Rounds; i++)
        {
            connection ??= await FtpConnection.OpenAsync(options, new SessionTraits(options), 1, Bound);
            var verb = new[] { "RETR", "STOR", "MLSD" }[random.Next(3)];
            (_way, _part) = (random.Next(-4, 17), random.Next(Size));
            Server.On(verb, MisbehaveAsync(verb));
            await TransferAsync(connection, verb, random);
            Server.Off(verb);
            Assert.True(!connection.IsOpen || !connection.IsOwed, $"{verb} has ended, the connection is open, and a reply is owed (way {_way}).");
            if (connection.IsOpen)
                await ProveAsync(connection, random, i);
            if (!connection.IsOpen)
            {
                connection.Dispose();
                connection = null;
            }
        }

        connection?.Dispose();
        output.WriteLine(string.Join(", ", _counts.Select(pair => $"{pair.Value} {pair.Key}")));
        Assert.InRange(_counts["proved"], Rounds / 4, Rounds);
    }

    private string OnServer(string name) => Path.Combine(Server.Root, name);

    private void Count(string what, int count) => _counts[what] = _counts.GetValueOrDefault(what) + count;

    private async Task TransferAsync(FtpConnection connection, string verb, Random random)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Bound);
        var (kind, at, isFollowed) = (random.Next(5), random.Next(Size), random.Next(2) == 1);
        var moved = 0;
        void OnBytes(int count)
        {
            moved += count;
            if (kind == 1 && moved >= at)
                throw new InvalidOperationException("the caller's own failure");
            if (kind == 2 && moved >= at)
                stop.Cancel();
        }

        var received = new MemoryStream();
        Func<byte[], int> Start()
        {
            var left = new MemoryStream(_bytes);
            return buffer =>
            {
                var count = left.Read(buffer, 0, Math.Min(buffer.Length, 10_000));
                OnBytes(count);
                return count;
            };
        }

        File.Delete(OnServer("up"));
        var work = verb switch
        {
            "RETR" => connection.Transfers.RetrieveAsync(
                "/file", FtpTransferType.Binary, random.Next(2) == 1 ? Size : null, 0,
                (buffer, count) =>
                {
                    received.Write(buffer, 0, count);
                    OnBytes(count);
                }, random.Next(2) == 1, () => isFollowed, stop.Token),
            "STOR" => connection.Transfers.StoreAsync("/up", "/up", false, FtpTransferType.Binary, null, 0, Start, () => isFollowed, stop.Token),
            _ => connection.Listings.ListAsync("/", true, _ => OnBytes(Size), stop.Token),
        };
        if (kind == 3)
            await CancelSoonAsync(work, stop, random);
        try
        {
            await work;
            Count("succeeded", 1);
        }
        catch (Exception e) when (e is FtpException or OperationCanceledException or InvalidOperationException)
        {
            Count(e is FtpException { Kind: var failure } ? failure.ToString() : e.GetType().Name, 1);
            return;
        }

        if (verb == "RETR")
            Assert.True(IsWhole(received.ToArray()), $"{received.Length} bytes were taken for the file (way {_way}).");
        // Of an upload that the server calls done before it has taken it, nobody else can know.
        if (verb == "STOR" && _way is not (3 or 4))
            Assert.True(IsWhole(File.ReadAllBytes(OnServer("up"))), $"The upload was taken for done (way {_way}).");
    }

    // A server that says 226 after half of a file of unknown size cannot be told from one whose file is half as long.
    private bool IsWhole(byte[] bytes) => bytes.AsSpan().SequenceEqual(_bytes.AsSpan(0, _way is 8 or 10 or 16 ? Math.Max(_part, bytes.Length) : Size));

    /// <summary>A timer would be too coarse for transfers that take a millisecond.</summary>
    private static async Task CancelSoonAsync(Task work, CancellationTokenSource stop, Random random)
    {
        var watch = Stopwatch.StartNew();
        var moment = TimeSpan.FromMilliseconds(random.NextDouble() * 4);
        while (!work.IsCompleted && watch.Elapsed < moment)
            await Task.Yield();
        await stop.CancelAsync();
    }

    /// <summary>Says something over the connection, and looks on the server's disk what became of it.</summary>
    private async Task ProveAsync(FtpConnection connection, Random random, int round)
    {
        var name = $"proof{round}";
        var isRefused = random.Next(3) == 0;
        if (isRefused)
        {
            foreach (var verb in new[] { "MKD", "DELE", "RNTO", "SIZE" })
                Server.On(verb, (one, _) => one.ReplyAsync("550 Not here."));
        }

        var kind = random.Next(4);
        if (kind is 1 or 2)
            File.WriteAllBytes(OnServer(name), new byte[round]);
        try
        {
            await (kind switch
            {
                0 => connection.Directories.MakeDirectoryAsync($"/{name}", Bound),
                1 => connection.Files.DeleteFileAsync($"/{name}", Bound),
                2 => connection.Files.RenameAsync($"/{name}", $"/{name}.new", Bound),
                _ => ProveSizeAsync(connection, isRefused),
            });
            Assert.True(kind == 3 || !isRefused, $"It was refused and taken for done (kind {kind}, way {_way}).");
            Assert.True(kind != 0 || Directory.Exists(OnServer(name)), "There is no directory.");
            Assert.True(kind != 1 || !File.Exists(OnServer(name)), "The file is there still.");
            Assert.True(kind != 2 || File.Exists(OnServer(name + ".new")), "The file has not its new name.");
            Count("proved", 1);
        }
        catch (FtpCommandException e)
        {
            Assert.True(isRefused, $"{e.Message} (way {_way})");
            Count("proved", 1);
        }
        catch (FtpConnectionException)
        {
            // What the server had said too much was noticed.
            Assert.False(connection.IsOpen);
        }

        foreach (var verb in new[] { "MKD", "DELE", "RNTO", "SIZE" })
            Server.Off(verb);
    }

    private static async Task ProveSizeAsync(FtpConnection connection, bool isRefused) =>
        Assert.Equal(isRefused ? null : Size, await connection.Files.SizeAsync("/file", CancellationToken.None));

    /// <summary>What the server does in the place of a transfer, or in its midst.</summary>
    private CommandScript MisbehaveAsync(string verb) => async (connection, argument) =>
    {
        var way = _way;
        string? before = way switch
        {
            0 => "550 No.",
            1 => "331 What?",
            2 => "421 Too long.",
            3 => "226 Already done.",
            4 => "150 Coming.\r\n226 Already done.",
            5 => null,
            6 => string.Concat(Enumerable.Repeat("150 Coming.\r\n", 12)) + "150 Coming.",
            7 => "150 Coming.\r\n451 No.",
            _ => "150 Coming.",
        };
        if (way < 0)
        {
            await connection.HandleAsync(verb, argument);
            return;
        }

        if (before is not null)
            await connection.ReplyAsync(before);
        if (way <= 3)
            return;
        using (var data = await connection.OpenDataAsync())
        {
            await MoveAsync(connection, data, verb, way is 8 or 9 or 10 or 16 ? _part : Size);
            if (way is 9 or 10)
                await WaitForEndAsync(connection, data);
            if (way == 11)
                connection.Drop();
        }

        if (way is 4 or 7)
            return;
        await connection.ReplyAsync(way switch
        {
            5 => "150 Coming.\r\n226 Done.",
            8 or 16 => "226 Done.",
            9 => "426 You left.",
            10 => "150 Once more.\r\n226 Done.",
            12 => "226 Done.\r\n226 Done.",
            13 => "331 And now?",
            14 => "451 Nothing was kept.",
            15 => "226 Done.\r\n421 Too long.",
            _ => "226 Done.",
        });
    };

    private async Task MoveAsync(LoopbackConnection connection, Socket data, string verb, int count)
    {
        try
        {
            if (verb == "STOR")
            {
                using var file = File.Create(OnServer("up"));
                var buffer = new byte[50_000];
                for (int read; file.Length < count && (read = await data.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, connection.Closed)) > 0;)
                    file.Write(buffer, 0, read);
            }
            else if (verb == "RETR")
            {
                await data.SendAsync(_bytes.AsMemory(0, count), SocketFlags.None, connection.Closed);
            }
            else
            {
                await data.SendAsync("type=file;size=7; file\r\n"u8.ToArray().AsMemory(), SocketFlags.None, connection.Closed);
            }
        }
        catch (SocketException)
        {
            // The client has had enough.
        }
    }

    private static async Task WaitForEndAsync(LoopbackConnection connection, Socket data)
    {
        try
        {
            while (await data.ReceiveAsync(new byte[50_000].AsMemory(), SocketFlags.None, connection.Closed) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // It ended by a reset.
        }
    }
}
