using System;
using System.Diagnostics;
using System.Linq;
using System.Net.Sockets;
using System.Threading.Tasks;
using FtpTools.Tests.Tls;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>Servers that are never silent and never done: each wait has a bound over the whole of it.</summary>
public sealed class DripTests : TlsTest
{
    // A time-out, and what it takes to give up after it, which a server that never ends it would outlast by far.
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    private FtpClientOptions Plain => Options with { Tls = FtpTlsMode.None };

    [Fact]
    public async Task A_reply_that_drips_ends_by_the_time_for_a_reply()
    {
        Server.On("DELE", async (connection, _) =>
        {
            await connection.SendRawAsync("250 "u8.ToArray());
            await DripAsync(() => connection.SendRawAsync("x"u8.ToArray()));
        });
        Serve("kept", 10);
        using var session = await FtpSession.ConnectAsync(Plain, Bound);
        await WithinAsync("FtpTimeout", () => session.DeleteFileAsync("/kept", Bound));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_greeting_that_promises_and_promises_ends()
    {
        Server.Greeting = string.Concat(Enumerable.Repeat("120 Soon.\r\n", 1000)) + "220 Ready.";
        await WithinAsync("FtpConnectionLost", () => FtpSession.ConnectAsync(Plain, Bound));
        Server.Greeting = "120 Soon.\r\n220 Ready.";
        using var session = await FtpSession.ConnectAsync(Plain, Bound);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_listing_of_one_line_that_drips_ends_by_the_time_for_a_line()
    {
        var isDripping = true;
        foreach (var verb in new[] { "MLSD", "LIST" })
        {
            Server.On(verb, async (connection, argument) =>
            {
                if (!isDripping)
                {
                    await connection.HandleAsync(verb, argument);
                    return;
                }

                await connection.ReplyAsync("150 Here it comes.");
                using var data = await connection.OpenDataAsync();
                await DripAsync(async () => await data.SendAsync("x"u8.ToArray(), SocketFlags.None));
            });
        }

        using var session = await FtpSession.ConnectAsync(Plain, Bound);
        await WithinAsync("FtpTimeout", () => ListAsync(session));
        isDripping = false;
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_handshake_of_a_data_connection_that_drips_ends_by_the_time_for_one()
    {
        var isDripping = true;
        Server.On("RETR", async (connection, argument) =>
        {
            if (!isDripping)
            {
                await connection.HandleAsync("RETR", argument);
                return;
            }

            await connection.ReplyAsync("150 Here it comes.");
            using var data = await connection.OpenDataAsync();
            // The header of a handshake record of 16 KiB, and then a byte at a time.
            await data.SendAsync(new byte[] { 22, 3, 3, 0x40, 0 }, SocketFlags.None);
            await DripAsync(async () => await data.SendAsync(new byte[] { 2 }, SocketFlags.None));
        });
        Serve("file", 10);
        using var session = await FtpSession.ConnectAsync(Secure, Bound);
        var item = await session.GetItemAsync("/file", Bound);
        await WithinAsync(null, () => session.DownloadAsync(item, Local("file"), Default, null, Bound));
        isDripping = false;
        await ProveAsync(session);
    }

    /// <summary>Sends until the other side has had enough, a minute at most.</summary>
    private static async Task DripAsync(Func<Task> send)
    {
        try
        {
            for (var i = 0; i < 1200; i++)
            {
                await send();
                await Task.Delay(50);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // It has.
        }
    }

    private static async Task WithinAsync(string? id, Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        var error = await Assert.ThrowsAnyAsync<FtpException>(work);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, _limit);
        if (id is not null)
            Assert.Equal(id, error.ErrorId);
    }
}
