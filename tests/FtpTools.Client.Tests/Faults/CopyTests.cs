using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>Copies from a server to a server: made by the server, or through this computer.</summary>
public sealed class CopyTests : LoopbackTest
{
    private const int Size = 6_000_000;

    private FtpClientOptions Two => Options with { MaxConnection = 2 };

    [Fact]
    public async Task A_file_is_received_and_sent_at_the_same_time()
    {
        Serve("file", Size);
        using var session = await FtpSession.ConnectAsync(Two, Bound);
        await session.CopyFileAsync(await session.GetItemAsync("/file", Bound), session, "/copy", false, false, null, Bound);
        Assert.Equal(Served("file"), Served("copy"));
        Assert.Equal(["copy", "file"], There());
        Assert.Equal(2, Server.AcceptedCount);
        await ProveAsync(session);
    }

    [Fact]
    public async Task Over_one_connection_a_file_is_received_and_then_sent()
    {
        Serve("file", Size);
        using var session = await ConnectAsync();
        await session.CopyFileAsync(await session.GetItemAsync("/file", Bound), session, "/new/deep/copy", true, false, null, Bound);
        Assert.Equal(Served("file"), Served("new/deep/copy"));
        Assert.Equal(1, Server.AcceptedCount);
        var large = new FtpItem { Name = "file", FullName = "/file", Length = 65 << 20 };
        var error = await FailsAsync("FtpCommandRefused", () => session.CopyFileAsync(large, session, "/copy", false, false, null, Bound));
        Assert.Contains("Connect with -MaxConnection 2 or more", error.Message);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_server_that_gives_no_second_connection_costs_no_copy()
    {
        Serve("file", Size);
        Server.MaxConnections = 1;
        using var session = await FtpSession.ConnectAsync(Two, Bound);
        await session.CopyFileAsync(await session.GetItemAsync("/file", Bound), session, "/copy", false, false, null, Bound);
        Assert.Equal(Served("file"), Served("copy"));
        Assert.Equal(["copy", "file"], There());
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_copy_goes_to_another_server_and_not_onto_itself()
    {
        Serve("file", Size);
        await using var other = LoopbackServer.Start();
        using var from = await ConnectAsync();
        using var to = await FtpSession.ConnectAsync(Options with { Port = other.Port, UserName = other.User, Password = other.Password }, Bound);
        var item = await from.GetItemAsync("/file", Bound);
        await from.CopyFileAsync(item, to, "/file", false, false, null, Bound);
        Assert.Equal(Served("file"), File.ReadAllBytes(Path.Combine(other.Root, "file")));
        using var same = await ConnectAsync();
        await FailsAsync("FtpInvalidName", () => from.CopyFileAsync(item, same, "/file", false, false, null, Bound));
        Assert.Equal(Size, Served("file").Length);
        await ProveAsync(from);
    }

    [Theory]
    [InlineData("RETR", DataCut.Reset, "426 Connection closed; transfer aborted.")]
    [InlineData("RETR", DataCut.Finish, "226 All done.")]
    [InlineData("STOR", DataCut.Reset, "426 Connection closed; transfer aborted.")]
    [InlineData("STOR", DataCut.Reset, "552 Quota exceeded.")]
    public async Task What_breaks_on_one_side_ends_the_other_and_leaves_the_former_file(string verb, DataCut cut, string reply)
    {
        Serve("file", Size);
        File.WriteAllText(Path.Combine(Server.Root, "copy"), "former");
        using var session = await FtpSession.ConnectAsync(Two, Bound);
        var item = await session.GetItemAsync("/file", Bound);
        Server.DataFaults.CutAfter = 2_000_000;
        Server.DataFaults.Cut = cut;
        Server.DataFaults.ClosingReply = reply;
        Server.DataFaults.AppliesTo = (one, _) => one == verb;
        Server.DataFaults.Times = 1;
        var error = await Assert.ThrowsAnyAsync<FtpException>(() => session.CopyFileAsync(item, session, "/copy", false, false, null, Bound));
        // A reset that is seen before the server's word on it tells no path.
        Assert.Contains(error.Path, verb == "RETR" ? new[] { "/file", null } : new[] { "/copy", null });
        Assert.Equal("former", File.ReadAllText(Path.Combine(Server.Root, "copy")));
        Assert.Equal(["copy", "file"], There());
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_copy_that_is_cancelled_leaves_the_session_of_use()
    {
        Serve("file", Size);
        using var session = await FtpSession.ConnectAsync(Two, Bound);
        var item = await session.GetItemAsync("/file", Bound);
        using var stop = new CancellationTokenSource();
        var stalled = Server.DataFaults.StallNextAsync(2_000_000);
        var copying = session.CopyFileAsync(item, session, "/copy", false, false, null, stop.Token);
        await stalled.WaitAsync(Bound);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copying);
        Assert.False(File.Exists(Path.Combine(Server.Root, "copy")));
        await ProveAsync(session);
    }

    [Fact]
    public async Task The_server_copies_by_itself_where_it_says_that_it_can()
    {
        Serve("file", Size);
        OfferCopies();
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/file", Bound);
        File.WriteAllText(Path.Combine(Server.Root, "copy"), "former");
        await session.CopyFileAsync(item, session, "/copy", false, false, null, Bound);
        Assert.Equal(Served("file"), Served("copy"));
        Assert.Equal(["copy", "file"], There());
        Assert.Equal((0, 0), (Count("RETR"), Count("STOR")));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("500 SITE CPFR not understood.", true)]
    [InlineData("550 Permission denied.", false)]
    public async Task A_server_that_does_not_copy_after_all_costs_no_copy(string reply, bool isForGood)
    {
        Serve("file", Size);
        OfferCopies();
        Server.On("SITE", (one, _) => one.ReplyAsync(reply));
        using var session = await FtpSession.ConnectAsync(Two, Bound);
        var item = await session.GetItemAsync("/file", Bound);
        await session.CopyFileAsync(item, session, "/copy", false, false, null, Bound);
        await session.CopyFileAsync(item, session, "/copy2", false, false, null, Bound);
        Assert.Equal(Served("file"), Served("copy"));
        Assert.Equal(Served("file"), Served("copy2"));
        Assert.Equal(["copy", "copy2", "file"], There());
        Assert.Equal(isForGood ? 1 : 2, Count("SITE"));
        Assert.Equal(isForGood, session.Habits.Any(habit => habit.Name.Contains("SITE COPY", StringComparison.Ordinal)));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_copy_of_the_servers_that_is_short_does_not_replace_the_file()
    {
        Serve("file", Size);
        OfferCopies(least: 1000);
        File.WriteAllText(Path.Combine(Server.Root, "copy"), "former");
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/file", Bound);
        await FailsAsync("FtpVerificationFailed", () => session.CopyFileAsync(item, session, "/copy", false, false, null, Bound));
        Assert.Equal("former", File.ReadAllText(Path.Combine(Server.Root, "copy")));
        Assert.Equal(["copy", "file"], There());
        await ProveAsync(session);
    }

    /// <summary>Copies as ProFTPD's mod_copy does, perhaps so many bytes alone.</summary>
    private void OfferCopies(int? least = null)
    {
        Server.Features.Add("SITE COPY");
        var from = "";
        Server.On("SITE", (one, argument) =>
        {
            var path = argument["CPFR ".Length..];
            if (argument.StartsWith("CPFR ", StringComparison.Ordinal))
            {
                from = path;
                return one.ReplyAsync("350 File or directory exists, ready for destination name");
            }

            var content = File.ReadAllBytes(Server.Root + from);
            File.WriteAllBytes(Server.Root + path, least is { } count ? content[..count] : content);
            return one.ReplyAsync("250 Copy successful");
        });
    }
}
