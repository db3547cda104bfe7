using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>Files that go from a server to another one, over a data connection between the two.</summary>
public sealed class ServerToServerTests : LoopbackTest
{
    private const int Size = 3_000_000;

    private static readonly X509Certificate2 _certificate = TestCertificate.Create();

    [Theory]
    [InlineData("127.0.0.2", "PASV", "PORT")]
    [InlineData("127.0.0.3", "PASV", "PORT")]
    public async Task A_file_goes_from_one_server_to_the_other_and_takes_its_name_in_the_end(string address, string listening, string dialling)
    {
        await using var other = Other(address);
        using var from = await ConnectAsync();
        using var to = await ConnectAsync(other);
        await CopyAsync(from, to);
        Assert.Equal(Served("file"), File.ReadAllBytes(Path.Combine(other.Root, "copy")));
        Assert.Equal(["copy"], Names(other));
        Assert.Equal((1, 1), (other.Commands.Count(line => line == listening), Count(dialling)));
        Assert.Equal(1, Count("RETR"));
        Assert.Equal(0, other.Commands.Count(line => line.StartsWith("RETR", StringComparison.Ordinal)));
        await ProveAsync(from);
        await ProveAsync(to, other);
    }

    [Fact]
    public async Task Over_IPv6_the_extended_commands_are_said()
    {
        await using var one = Allow(LoopbackServer.Start(address: IPAddress.IPv6Loopback));
        await using var other = Allow(LoopbackServer.Start(address: IPAddress.IPv6Loopback));
        File.WriteAllBytes(Path.Combine(one.Root, "file"), new byte[Size]);
        using var from = await ConnectAsync(one);
        using var to = await ConnectAsync(other);
        await CopyAsync(from, to);
        Assert.Equal(Size, new FileInfo(Path.Combine(other.Root, "copy")).Length);
        Assert.Contains(one.Commands, line => line.StartsWith("EPRT |2|::1|", StringComparison.Ordinal));
        await ProveAsync(from, one);
    }

    [Fact]
    public async Task Where_one_will_not_dial_the_parts_are_exchanged()
    {
        await using var other = Other();
        using var from = await ConnectAsync();
        using var to = await ConnectAsync(other);
        Server.On("PORT", (one, _) => one.ReplyAsync("500 I won't dial strangers."));
        await CopyAsync(from, to);
        Assert.Equal(Served("file"), File.ReadAllBytes(Path.Combine(other.Root, "copy")));
        Assert.Equal((1, 1), (Count("PASV"), other.Commands.Count(line => line.StartsWith("PORT", StringComparison.Ordinal))));
        Server.Off("PORT");
        await ProveAsync(from);
        await ProveAsync(to, other);
    }

    [Fact]
    public async Task Where_neither_will_the_error_has_the_words_of_both_and_the_other_way()
    {
        await using var other = Other();
        (Server.AllowForeignData, other.AllowForeignData) = (false, false);
        Server.DataTimeout = TimeSpan.FromSeconds(1);
        using var from = await ConnectAsync();
        using var to = await ConnectAsync(other);
        File.WriteAllText(Path.Combine(other.Root, "copy"), "former");
        var error = await FailsAsync("FtpDataConnectionFailed", () => CopyAsync(from, to));
        Assert.Contains($"When 127.0.0.2:{other.Port} listened, 127.0.0.1:{Server.Port} replied '500 Illegal PORT command.' to PORT.", error.Message);
        // The other one dials this computer's address, where the first listens, and is not let in.
        Assert.Contains("425 Can't open data connection.", error.Message);
        Assert.Contains("Without -ServerToServer, the file is copied through this computer.", error.Message);
        Assert.Equal("former", File.ReadAllText(Path.Combine(other.Root, "copy")));
        Assert.Equal(["copy"], Names(other));
        await ProveAsync(from);
        await ProveAsync(to, other);
    }

    [Theory]
    [InlineData("STOR", "552 Quota exceeded.", "FtpDiskFull")]
    [InlineData("RETR", "550 Permission denied.", "FtpPermissionDenied")]
    public async Task What_one_refuses_ends_the_other_and_leaves_the_former_file(string verb, string reply, string id)
    {
        await using var other = Other();
        using var from = await ConnectAsync();
        using var to = await ConnectAsync(other);
        File.WriteAllText(Path.Combine(other.Root, "copy"), "former");
        var refusing = verb == "STOR" ? other : Server;
        refusing.On(verb, (one, _) => one.ReplyAsync(reply));
        var error = await FailsAsync(id, () => CopyAsync(from, to));
        Assert.Contains($"replied '{reply}' to {verb}", error.Message);
        Assert.Equal(verb == "STOR" ? "/copy" : "/file", error.Path);
        Assert.Equal("former", File.ReadAllText(Path.Combine(other.Root, "copy")));
        Assert.Equal(["copy"], Names(other));
        refusing.Off(verb);
        await ProveAsync(from);
        await ProveAsync(to, other);
        await CopyAsync(from, to);
        Assert.Equal(Served("file"), File.ReadAllBytes(Path.Combine(other.Root, "copy")));
    }

    [Theory]
    [InlineData(DataCut.Reset, "426 Connection closed; transfer aborted.")]
    [InlineData(DataCut.Finish, "426 Disk trouble.")]
    [InlineData(DataCut.Finish, "226 All done.")]
    public async Task What_breaks_on_the_way_does_not_replace_the_file(DataCut cut, string reply)
    {
        await using var other = Other();
        using var from = await ConnectAsync();
        using var to = await ConnectAsync(other);
        File.WriteAllText(Path.Combine(other.Root, "copy"), "former");
        (Server.DataFaults.CutAfter, Server.DataFaults.Cut, Server.DataFaults.ClosingReply) = (1_000_000, cut, reply);
        await Assert.ThrowsAnyAsync<FtpException>(() => CopyAsync(from, to));
        Assert.Equal("former", File.ReadAllText(Path.Combine(other.Root, "copy")));
        Assert.Equal(["copy"], Names(other));
        Server.DataFaults.CutAfter = null;
        await ProveAsync(from);
        await ProveAsync(to, other);
    }

    [Fact]
    public async Task A_server_that_never_says_that_it_is_done_is_not_waited_for_without_end()
    {
        await using var other = Other();
        using var from = await ConnectAsync();
        using var to = await ConnectAsync(other);
        other.On("STOR", async (one, argument) =>
        {
            await one.ReplyAsync("150 Go ahead.");
            await using var data = await one.OpenDataStreamAsync();
            await data.CopyToAsync(Stream.Null, Bound);
        });
        var error = await FailsAsync("FtpTimeout", () => CopyAsync(from, to));
        Assert.Contains("didn't report in time that STOR has completed", error.Message);
        other.Off("STOR");
        await ProveAsync(from);
        await ProveAsync(to, other);
    }

    [Fact]
    public async Task A_server_that_is_lost_meanwhile_costs_the_copy_alone()
    {
        await using var other = Other();
        using var from = await ConnectAsync();
        using var to = await ConnectAsync(other);
        other.On("STOR", (one, _) =>
        {
            one.Drop();
            return Task.CompletedTask;
        });
        var error = await FailsAsync("FtpConnectionLost", () => CopyAsync(from, to));
        Assert.Equal(to.Server, error.Server);
        other.Off("STOR");
        Assert.Empty(Names(other));
        await ProveAsync(from);
        await ProveAsync(to, other);
    }

    [Fact]
    public async Task A_copy_that_is_cancelled_leaves_both_sessions_of_use_within_a_second()
    {
        await using var other = Other();
        using var from = await ConnectAsync();
        using var to = await ConnectAsync(other);
        using var stop = new CancellationTokenSource();
        var stalled = Server.DataFaults.StallNextAsync(1_000_000);
        var copying = CopyAsync(from, to, stop.Token);
        await stalled.WaitAsync(Bound);
        await stop.CancelAsync();
        var ended = System.Diagnostics.Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copying);
        Assert.InRange(ended.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.False(File.Exists(Path.Combine(other.Root, "copy")));
        await ProveAsync(from);
        await ProveAsync(to, other);
    }

    [Theory]
    [InlineData("SSCN", true)]
    [InlineData("SSCN", false)]
    [InlineData("CPSV", true)]
    [InlineData("CPSV", false)]
    public async Task Encrypted_a_file_goes_where_one_of_the_two_can_take_the_clients_part(string feature, bool isSource)
    {
        await using var other = Other();
        (Server.Certificate, other.Certificate) = (_certificate, _certificate);
        (isSource ? Server : other).Features.Add(feature);
        using var from = await ConnectAsync(Server, FtpTlsMode.Explicit);
        using var to = await ConnectAsync(other, FtpTlsMode.Explicit);
        // Where the source alone has CPSV, it has to be the one that listens.
        await CopyAsync(from, to);
        Assert.Equal(Served("file"), File.ReadAllBytes(Path.Combine(other.Root, "copy")));
        Assert.True(Server.DataHandshakes > 0 && other.DataHandshakes > 0, "What went between the servers was not encrypted.");
        await ProveAsync(from);
        await ProveAsync(to, other);
    }

    [Fact]
    public async Task Encrypted_without_such_a_server_or_half_so_nothing_is_sent_in_clear_text()
    {
        await using var other = Other();
        (Server.Certificate, other.Certificate) = (_certificate, _certificate);
        using var from = await ConnectAsync(Server, FtpTlsMode.Explicit);
        using var to = await ConnectAsync(other, FtpTlsMode.Explicit);
        var error = await FailsAsync("FtpCommandNotSupported", () => CopyAsync(from, to));
        Assert.Contains("neither", error.Message);
        Assert.Contains("(SSCN or CPSV in FEAT). The file would have to be sent in clear text", error.Message);
        Assert.Contains("Without -ServerToServer, the file is copied encrypted through this computer.", error.Message);
        using var clear = await ConnectAsync(other);
        Assert.Contains("are encrypted, but those of", (await FailsAsync("FtpCommandNotSupported", () => CopyAsync(from, clear))).Message);
        Assert.Equal((0, 0), (Count("PROT") - 1, Count("RETR")));
        Assert.Empty(Names(other));
        await ProveAsync(from);
        await ProveAsync(to, other);
    }

    [Fact]
    public async Task A_server_that_does_not_take_its_own_part_again_is_logged_in_to_anew()
    {
        await using var other = Other();
        (Server.Certificate, other.Certificate) = (_certificate, _certificate);
        Server.Features.Add("SSCN");
        using var from = await ConnectAsync(Server, FtpTlsMode.Explicit);
        using var to = await ConnectAsync(other, FtpTlsMode.Explicit);
        Server.On("SSCN", (one, argument) => argument == "OFF" ? one.ReplyAsync("500 No.") : one.HandleAsync("SSCN", argument));
        await CopyAsync(from, to);
        Assert.Equal(Served("file"), File.ReadAllBytes(Path.Combine(other.Root, "copy")));
        Server.Off("SSCN");
        await ProveAsync(from);
        Assert.Equal(2, Server.AcceptedCount);
    }

    [Fact]
    public async Task A_server_that_names_another_address_has_the_other_dial_nobody_else()
    {
        await using var other = Other();
        other.PasvAddress = IPAddress.Parse("127.0.0.9");
        using var from = await ConnectAsync();
        using var to = await ConnectAsync(other);
        await CopyAsync(from, to);
        Assert.Contains(Server.Commands, line => line.StartsWith("PORT 127,0,0,2,", StringComparison.Ordinal));
        await FailsAsync("FtpInvalidName", () => CopyAsync(from, from));
        await ProveAsync(from);
    }

    /// <summary>
    /// pyftpdlib refuses who dials it from elsewhere by a reply to nothing, tells so of a data connection that was closed before
    /// its transfer, and waits for another one; when these replies come is chance.
    /// </summary>
    [Theory]
    [InlineData("who listens", "before the reply to PORT")]
    [InlineData("who listens", "before the reply to its part")]
    [InlineData("who listens", "behind the reply to its part")]
    [InlineData("who dials", "behind the reply to PORT")]
    [InlineData("who dials", "before the reply to its part")]
    public async Task A_reply_to_nothing_that_refuses_the_data_connection_is_the_refusal_of_it(string who, string when)
    {
        await using var other = Other();
        using var from = await ConnectAsync();
        using var to = await ConnectAsync(other);
        var (refusing, verb, refusal) = who == "who listens" ? (other, "STOR", "425 Rejected data connection from foreign address.") : (Server, "RETR", "426 Transfer aborted; 0 bytes transmitted.");
        LoopbackConnection? listening = null;
        other.On("PASV", (one, argument) =>
        {
            listening = one;
            return one.HandleAsync("PASV", argument);
        });
        Server.On("PORT", async (one, argument) =>
        {
            if (when == "before the reply to PORT")
                await listening!.ReplyAsync(refusal);
            await one.HandleAsync("PORT", argument);
            if (when == "behind the reply to PORT")
                await one.ReplyAsync(refusal);
        });
        refusing.On(verb, RefuseAsync);
        // In the first try alone: with the parts exchanged, the file goes.
        other.On("PORT", (one, argument) =>
        {
            refusing.Off(verb);
            return one.HandleAsync("PORT", argument);
        });
        await CopyAsync(from, to);
        Assert.Equal(Served("file"), File.ReadAllBytes(Path.Combine(other.Root, "copy")));
        await ProveAsync(from);
        await ProveAsync(to, other);

        // No other way.
        File.WriteAllText(Path.Combine(other.Root, "copy"), "former");
        other.On("PORT", (one, _) => one.ReplyAsync("500 I won't dial strangers."));
        refusing.On(verb, RefuseAsync);
        var error = await FailsAsync("FtpDataConnectionFailed", () => CopyAsync(from, to));
        Assert.Contains($"When 127.0.0.2:{other.Port} listened, {refusing.Host}:{refusing.Port} replied '{refusal}'", error.Message);
        Assert.Contains("'500 I won't dial strangers.' to PORT", error.Message);
        Assert.Contains("Without -ServerToServer, the file is copied through this computer.", error.Message);
        Assert.Equal("former", File.ReadAllText(Path.Combine(other.Root, "copy")));
        Assert.Equal(["copy"], Names(other));
        refusing.Off(verb);
        await ProveAsync(from);
        await ProveAsync(to, other);

        async Task RefuseAsync(LoopbackConnection one, string argument)
        {
            if (when == "before the reply to its part")
                await one.ReplyAsync(refusal);
            await one.ReplyAsync("150 About to open data connection.");
            if (when == "behind the reply to its part")
                await one.ReplyAsync(refusal);
        }
    }

    private static LoopbackServer Allow(LoopbackServer server)
    {
        server.AllowForeignData = true;
        return server;
    }

    /// <summary>A second server, whose address is not this one's; both allow such transfers.</summary>
    private LoopbackServer Other(string address = "127.0.0.2")
    {
        Serve("file", Size);
        Allow(Server);
        return Allow(LoopbackServer.Start(address: IPAddress.Parse(address)));
    }

    private Task<FtpSession> ConnectAsync(LoopbackServer server, FtpTlsMode tls = FtpTlsMode.None) => FtpSession.ConnectAsync(
        Options with { ComputerName = server.Host, Port = server.Port, UserName = server.User, Password = server.Password, Tls = tls, SkipCertificateCheck = tls != FtpTlsMode.None }, Bound);

    private async Task CopyAsync(FtpSession from, FtpSession to, CancellationToken? stop = null) =>
        await from.CopyFileAsync(await from.GetItemAsync("/file", Bound), to, "/copy", false, true, null, stop ?? Bound);

    private static string[] Names(LoopbackServer server) => [.. Directory.GetFiles(server.Root).Select(path => Path.GetFileName(path)).Where(name => name != "proof").Order(StringComparer.Ordinal)];

    private async Task ProveAsync(FtpSession session, LoopbackServer server)
    {
        File.WriteAllBytes(Path.Combine(server.Root, "proof"), new byte[70_000]);
        await session.DownloadAsync(await session.GetItemAsync("/proof", Bound), Local("proof2"), Default, null, Bound);
        Assert.Equal(70_000, new FileInfo(Local("proof2")).Length);
    }
}
