using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Tests.Tls;
using Xunit;

namespace FtpTools.Tests.Modes;

/// <summary>Which way Auto goes on when one does not work, what it costs, and what is never done twice.</summary>
public sealed class AutoModeTests : TlsTest, IDisposable
{
    private Hole? _hole;

    public static TheoryData<FtpTlsMode> WithAndWithoutTls => [FtpTlsMode.None, FtpTlsMode.Explicit];

    public void Dispose() => _hole?.Dispose();

    [Theory]
    [MemberData(nameof(WithAndWithoutTls))]
    public async Task Where_passive_ports_are_dropped_PASV_is_given_half_a_second_and_active_mode_taken_for_good(FtpTlsMode tls)
    {
        if (!OperatingSystem.IsLinux())
            return;
        DropPassive();
        using var session = await FtpSession.ConnectAsync(Secure with { Tls = tls, DataTimeout = TimeSpan.FromSeconds(1.5) }, Bound);
        var watch = Stopwatch.StartNew();
        Assert.Empty(await ListAsync(session));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(8));
        Assert.Equal((1, 1), (Log.Count("didn't open within 1.5 seconds"), Log.Count("didn't open within 0.5 seconds")));
        Assert.Equal((1, 1, 1), (Count("EPSV"), Count("PASV"), Count("PORT")));
        Assert.Equal(["Epsv doesn't work here, so Pasv", "Pasv doesn't work here, so Port"], Steps());

        await ProveAsync(session);
        Assert.Equal((1, 1, 2), (Count("EPSV"), Count("PASV"), Count("PORT")));
    }

    [Fact]
    public async Task Where_passive_ports_are_dropped_Passive_waits_its_time_for_each_and_names_both()
    {
        if (!OperatingSystem.IsLinux())
            return;
        DropPassive();
        using var session = await FtpSession.ConnectAsync(Secure with { Mode = FtpMode.Passive }, Bound);
        var watch = Stopwatch.StartNew();
        var error = await FailsAsync("FtpDataConnectionFailed", () => ListAsync(session));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(8));
        Assert.Contains("EPSV: ", error.Message);
        Assert.Contains("PASV: ", error.Message);
        Assert.Contains("Test-FtpConnection", error.Message);
        Assert.Equal(0, Count("PORT"));
        Server.Off("EPSV");
        Server.Off("PASV");
        await ProveAsync(session);
    }

    [Theory]
    [MemberData(nameof(WithAndWithoutTls))]
    public async Task Where_passive_ports_are_refused_the_next_way_is_taken_at_once(FtpTlsMode tls)
    {
        var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        Announce((IPEndPoint)closed.LocalEndpoint);
        closed.Stop();
        using var session = await FtpSession.ConnectAsync(Secure with { Tls = tls, DataTimeout = TimeSpan.FromSeconds(20) }, Bound);
        var watch = Stopwatch.StartNew();
        await ProveAsync(session);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal((1, 1, 1), (Count("EPSV"), Count("PASV"), Count("PORT")));
    }

    [Theory]
    [InlineData(FtpTlsMode.None, "425 Can't build data connection: Connection timed out")]
    [InlineData(FtpTlsMode.Explicit, "425 Can't build data connection: Connection timed out")]
    public async Task A_425_in_the_place_of_150_is_followed_by_the_next_way(FtpTlsMode tls, string reply)
    {
        RefuseAfter("EPSV", reply);
        using var session = await FtpSession.ConnectAsync(Secure with { Tls = tls }, Bound);
        await RoundTripAsync(session);
        Assert.Equal((1, 3), (Count("EPSV"), Count("PASV")));
        Assert.Equal(["Epsv doesn't work here, so Pasv"], Steps());
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Theory]
    [MemberData(nameof(WithAndWithoutTls))]
    public async Task A_425_after_150_is_followed_by_the_next_way_when_no_byte_has_moved(FtpTlsMode tls)
    {
        Server.On("MLSD", async (connection, argument) =>
        {
            if (LastOpener() != "EPSV")
            {
                await connection.HandleAsync("MLSD", argument);
                return;
            }

            await connection.ReplyAsync("150 Opening.");
            (await connection.OpenDataStreamAsync()).Dispose();
            await connection.ReplyAsync("425 The connection broke.");
        });
        // In the resumed session of the control connection: what is refused is not the session.
        using var session = await FtpSession.ConnectAsync(Secure with { Tls = tls }, Bound);
        Assert.Empty(await ListAsync(session));
        Assert.Equal((1, 1), (Count("EPSV"), Count("PASV")));
        await ProveAsync(session);
    }

    [Fact]
    public async Task An_upload_is_sent_another_way_when_the_server_took_none_of_it()
    {
        RefuseAfter("EPSV", "425 No.");
        RefuseAfter("PASV", "425 No.");
        var bytes = Enumerable.Range(0, 500_000).Select(i => (byte)(i * 7)).ToArray();
        using var session = await FtpSession.ConnectAsync(Secure with { Tls = FtpTlsMode.None }, Bound);
        var result = await session.UploadAsync(new MemoryStream(bytes), "/up", Default, null, Bound);
        Assert.Equal((FtpMode.Port, 500_000), (result.Mode, result.Length));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(Server.Root, "up")));
        Assert.Equal(3, Count("STOR"));
        await ProveAsync(session);
    }

    [Theory]
    [MemberData(nameof(WithAndWithoutTls))]
    public async Task An_upload_is_sent_another_way_too_where_the_former_one_had_worked_and_bytes_did_not_wait(FtpTlsMode tls)
    {
        var bytes = Enumerable.Range(0, 500_000).Select(i => (byte)(i * 7)).ToArray();
        using var session = await FtpSession.ConnectAsync(Secure with { Tls = tls }, Bound);
        await ProveAsync(session);
        RefuseAfter("EPSV", "425 No.");
        var result = await session.UploadAsync(new MemoryStream(bytes), "/up", Default, null, Bound);
        Assert.Equal((FtpMode.Pasv, 500_000), (result.Mode, result.Length));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(Server.Root, "up")));
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Theory]
    [InlineData("425 The connection broke.")]
    [InlineData("426 The connection broke.")]
    [InlineData("451 Local error.")]
    public async Task An_upload_of_which_bytes_were_taken_is_never_sent_again(string reply)
    {
        Server.On("STOR", async (connection, _) =>
        {
            await connection.ReplyAsync("150 Go on.");
            await using (var data = await connection.OpenDataStreamAsync())
                await data.ReadExactlyAsync(new byte[1000]);
            await connection.ReplyAsync(reply);
        });
        using var session = await FtpSession.ConnectAsync(Secure with { Tls = FtpTlsMode.None }, Bound);
        var error = await Assert.ThrowsAnyAsync<FtpException>(() => session.UploadAsync(new MemoryStream(new byte[5_000_000]), "/up", Default, null, Bound));
        Assert.Contains(reply, error.Message);
        Assert.Equal(1, Count("STOR"));
        Server.Off("STOR");
        await ProveAsync(session);
        Assert.Equal((2, 0), (Count("EPSV"), Count("PASV"))); // and the mode is none the worse for it
    }

    [Theory]
    [MemberData(nameof(WithAndWithoutTls))]
    public async Task When_every_way_failed_the_error_names_them_all_and_the_next_time_they_are_tried_again(FtpTlsMode tls)
    {
        foreach (var verb in new[] { "EPSV", "PASV", "PORT", "EPRT" })
            Server.On(verb, (connection, _) => connection.ReplyAsync($"502 No {verb} today."));
        using var session = await FtpSession.ConnectAsync(Secure with { Tls = tls }, Bound);
        var error = await FailsAsync("FtpCommandNotSupported", () => ListAsync(session));
        foreach (var verb in new[] { "EPSV", "PASV", "PORT", "EPRT" })
        {
            Assert.Contains($"{verb}: ", error.Message);
            Assert.Contains($"502 No {verb} today.", error.Message);
            Server.Off(verb);
        }

        Assert.Contains("Could not list '/'", error.Message);
        Assert.Equal("/", error.Path);
        await ProveAsync(session);
        Assert.Equal((2, 1, 1, 1, 1), (Count("EPSV"), Count("PASV"), Count("PORT"), Count("EPRT"), Server.AcceptedCount));
    }

    [Theory]
    [MemberData(nameof(WithAndWithoutTls))]
    public async Task A_call_that_does_not_come_is_not_waited_for_twice(FtpTlsMode tls)
    {
        foreach (var verb in new[] { "EPSV", "PASV" })
            Server.On(verb, (connection, _) => connection.ReplyAsync("502 No."));
        Server.On("MLSD", (connection, _) => connection.ReplyAsync("150 Dialling."));
        Server.On("ABOR", (connection, _) => connection.ReplyAsync("225 Aborted."));
        using var session = await FtpSession.ConnectAsync(Secure with { Tls = tls }, Bound);
        var watch = Stopwatch.StartNew();
        var error = await FailsAsync("FtpDataConnectionFailed", () => ListAsync(session));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(10));
        Assert.Equal((1, 0), (Count("PORT"), Count("EPRT")));
        Assert.Contains("PORT: ", error.Message);
        Assert.DoesNotContain("EPRT: ", error.Message);
        foreach (var verb in new[] { "EPSV", "PASV", "MLSD", "ABOR" })
            Server.Off(verb);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_server_that_answers_nothing_while_it_dials_in_vain_costs_its_connection_and_not_the_session()
    {
        foreach (var verb in new[] { "EPSV", "PASV" })
            Server.On(verb, (connection, _) => connection.ReplyAsync("502 No."));
        // vsftpd dials for a minute, and reads no command meanwhile.
        Server.On("MLSD", (connection, _) => Task.Delay(Timeout.Infinite, connection.Closed));
        Server.On("ABOR", (_, _) => Task.CompletedTask);
        using var session = await FtpSession.ConnectAsync(Secure with { Mode = FtpMode.Active }, Bound);
        await Assert.ThrowsAnyAsync<FtpException>(() => ListAsync(session));
        Server.Off("MLSD");
        Server.Off("ABOR");
        await ProveAsync(session);
        Assert.Equal(2, Server.AcceptedCount);
    }

    [Fact]
    public async Task Setting_the_mode_forgets_what_did_not_work()
    {
        Server.On("EPSV", (connection, _) => connection.ReplyAsync("502 No."));
        using var session = await FtpSession.ConnectAsync(Secure with { Tls = FtpTlsMode.None }, Bound);
        await ProveAsync(session);
        Server.Off("EPSV");
        await ProveAsync(session);
        Assert.Equal((1, 2), (Count("EPSV"), Count("PASV")));
        session.Mode = FtpMode.Auto;
        await ProveAsync(session);
        Assert.Equal((2, 2), (Count("EPSV"), Count("PASV")));
    }

    private void DropPassive()
    {
        _hole = new Hole();
        Announce(_hole.EndPoint);
    }

    private void Announce(IPEndPoint endpoint)
    {
        Server.On("EPSV", (connection, _) => connection.ReplyAsync($"229 Entering Extended Passive Mode (|||{endpoint.Port}|)"));
        Server.On("PASV", (connection, _) => connection.ReplyAsync($"227 Entering Passive Mode (127,0,0,1,{endpoint.Port >> 8},{endpoint.Port & 255})."));
    }

    private void RefuseAfter(string opener, string reply)
    {
        foreach (var verb in new[] { "MLSD", "STOR", "RETR" })
        {
            var former = opener == "PASV" ? "EPSV" : null; // refused as well
            Server.On(verb, (connection, argument) =>
                LastOpener() == opener || LastOpener() == former ? connection.ReplyAsync(reply) : connection.HandleAsync(verb, argument));
        }
    }

    private string LastOpener() => Server.Commands.Last(line => line[..4] is "EPSV" or "PASV" or "PORT" or "EPRT")[..4];

    private string[] Steps() =>
        [.. Log.Of(FtpLogLevel.Information).Where(line => line.Contains("doesn't work here", StringComparison.Ordinal)).Select(line => line[..line.IndexOf(" is used", StringComparison.Ordinal)])];

    /// <summary>A port that swallows calls, as a firewall does: Linux drops those that a listener's queue has no place for.</summary>
    private sealed class Hole : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly Socket _filler = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public Hole()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen(0);
            _filler.Connect(EndPoint);
        }

        public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

        public void Dispose()
        {
            _filler.Dispose();
            _listener.Dispose();
        }
    }
}
