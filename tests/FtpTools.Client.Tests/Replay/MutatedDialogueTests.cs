using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Connection;
using FtpTools.Dialogue;
using Xunit;

namespace FtpTools.Tests.Replay;

/// <summary>
/// Replies as servers give them, with bytes changed, lost, doubled and put in: whatever comes of it, it is an answer or one of the
/// module's own errors, and it comes at once. FTPTOOLS_DIALOGUES says how many dialogues.
/// </summary>
public sealed class MutatedDialogueTests
{
    private static readonly string[] _replies =
    [
        "220-Welcome\r\n220 (vsFTPd 3.0.3)\r\n", "331 Please specify the password.\r\n", "230-Hello\r\n230-  230 is not the end\r\n230 Login successful.\r\n",
        "211-Features:\r\n EPSV\r\n MLST type*;size*;modify*;\r\n SIZE\r\n REST STREAM\r\n UTF8\r\n211 End\r\n", "200 Always in UTF8 mode.\r\n",
        "257 \"/a \"\"quoted\"\" dir\" is the current directory\r\n", "250 Directory successfully changed.\r\n", "200 Switching to Binary mode.\r\n", "213 1234567\r\n",
        "213 20240131123456.789\r\n", "250-Listing\r\n type=file;size=7;modify=20240131123456;unix.mode=0644; /x/a b.txt\r\n250 End\r\n", "350 Ready for RNTO.\r\n",
        "250 Rename successful.\r\n", "550 Permission denied.\r\n",
        "150 Here it comes.\r\n", "226 Transfer complete.\r\n", "421 Timeout.\r\n", "500 Unknown command.\r\n", "202 Superfluous.\r\n", "215 UNIX Type: L8\r\n", "257 \"/x/new\" created\r\n",
    ];

    // What belongs to the commands below, in their order.
    private static readonly int[] _usual = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 20, 6, 10, 4];

    [Fact]
    public void Whatever_is_said_is_answered_or_refused_at_once()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("FTPTOOLS_DIALOGUES"), out var given) ? given : 4_000;
        var (answers, refusals, losses) = (0, 0, 0);
        for (var seed = 0; seed < count; seed++)
        {
            var random = new Random(seed);
            var turns = Turns(random);
            var operations = PlayAsync(new Reciter(turns, 1 + random.Next(64)), seed);
            // The server never leaves anybody waiting, so that there is nothing to be waited for here but the failure of a call.
#pragma warning disable xUnit1031 // No more than that, and there is a bound.
            Assert.True(operations.Wait(TimeSpan.FromSeconds(5)), $"Seed {seed} hangs after:\n{string.Concat(turns.Select(turn => Encoding.Latin1.GetString(turn)))}");
            var (answered, refused, lost) = operations.GetAwaiter().GetResult();
#pragma warning restore xUnit1031
            (answers, refusals, losses) = (answers + answered, refusals + refused, losses + lost);
        }

        // Or the mutations are such that all or nothing survives them.
        var all = answers + refusals + losses;
        Assert.InRange(answers, all / 20, all);
        Assert.InRange(refusals, all / 200, all);
        Assert.InRange(losses, all / 100, all);
    }

    private static async Task<(int Answered, int Refused, int Lost)> PlayAsync(Reciter server, int seed)
    {
        var options = new FtpClientOptions
        {
            // No address of a host, so that a connection that is made again fails at once.
            ComputerName = "255.255.255.255", UserName = "ann", Password = "secret", Tls = FtpTlsMode.None, Timeout = TimeSpan.FromMinutes(1), SendAhead = FtpSendAhead.Never,
            // No port is announced, so that nothing is dialled.
            Mode = FtpMode.Passive,
        };
        using var connection = new FtpConnection(new ControlConnection(server, null, "reciter:21#1", options.Timeout, null), options, new SessionTraits(options));
        var stop = CancellationToken.None;
        Func<Task>[] operations =
        [
            () => connection.Login.LogInAsync(stop),
            () => connection.Directories.PrintWorkingDirectoryAsync(stop),
            () => connection.Directories.ChangeDirectoryAsync("/x", "go to '/x'", stop),
            () => connection.Files.SizeAsync("/x/a", stop),
            () => connection.Files.ModificationTimeAsync("/x/a", stop),
            () => connection.Listings.FindAsync("/x/a b.txt", stop),
            () => connection.Files.RenameAsync("/x/a", "/x/b", stop),
            () => connection.Directories.MakeDirectoryAsync("/x/new", stop),
            () => connection.Files.DeleteFileAsync("/x/b", stop),
            () => connection.Directories.ExistsAsync("/x/a b.txt", stop),
            () => connection.KeepAliveAsync(stop),
        ];
        var (answered, refused, lost) = (0, 0, 0);
        foreach (var operation in operations)
        {
            // Nobody is given a connection that is not logged in.
            if (answered == 0 && refused + lost > 0)
                break;
            try
            {
                await operation();
                answered++;
            }
            catch (FtpConnectionException)
            {
                Assert.False(connection.IsOpen, $"Seed {seed}: it was called lost and is open.");
                lost++;
            }
            catch (FtpException e)
            {
                Assert.NotEmpty(e.Message);
                Assert.False(connection.IsOpen && connection.IsOwed, $"Seed {seed}: a reply is owed after {e.Message}");
                refused++;
            }
        }

        return (answered, refused, lost);
    }

    private static List<byte[]> Turns(Random random)
    {
        var turns = _usual.Select(i => Encoding.UTF8.GetBytes(_replies[i])).ToList();
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            var at = random.Next(turns.Count);
            switch (random.Next(4))
            {
                case 0:
                    turns.Insert(at, Encoding.UTF8.GetBytes(_replies[random.Next(_replies.Length)]));
                    break;
                case 1:
                    turns[at] = Encoding.UTF8.GetBytes(_replies[random.Next(_replies.Length)]);
                    break;
                case 2:
                    turns.RemoveAt(at);
                    break;
                default:
                    turns[at] = Mutate(turns[at], random);
                    break;
            }
        }

        return turns;
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        if (bytes.Length == 0)
            return bytes;
        var at = random.Next(bytes.Length);
        var end = Math.Min(bytes.Length, at + random.Next(1, 12));
        byte[] odd = [0, (byte)'\r', (byte)'\n', (byte)'-', (byte)' ', (byte)'"', 0xFF, 0xC3, 0x1B, (byte)'9', (byte)random.Next(256)];
        var one = odd[random.Next(odd.Length)];
        return random.Next(6) switch
        {
            0 => [.. bytes[..at], one, .. bytes[(at + 1)..]],
            1 => [.. bytes[..at], one, .. bytes[at..]],
            2 => [.. bytes[..at], .. bytes[end..]],
            3 => [.. bytes[..end], .. bytes[at..]],
            4 => bytes[..at],
            _ => [.. Encoding.ASCII.GetBytes($"{random.Next(1000):D3}"), .. bytes[Math.Min(3, bytes.Length)..]],
        };
    }

    /// <summary>A server that says its lines one after the other, to whatever it is told, and then hangs up.</summary>
    private sealed class Reciter(List<byte[]> turns, int chunk) : Stream
    {
        private byte[] _rest = [];
        private int _turn;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            while (_rest.Length == 0 && _turn < turns.Count)
                _rest = turns[_turn++];
            var length = Math.Min(Math.Min(count, chunk), _rest.Length);
            Array.Copy(_rest, 0, buffer, offset, length);
            _rest = _rest[length..];
            return Task.FromResult(length);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Write(byte[] buffer, int offset, int count)
        {
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
