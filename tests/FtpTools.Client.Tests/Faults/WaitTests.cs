using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>Waiting for files, while they grow, while others want them too, and while the server is away.</summary>
public sealed class WaitTests : LoopbackTest
{
    private static readonly FtpWaitOptions _options = new() { Stable = TimeSpan.FromSeconds(0.2), Interval = TimeSpan.FromSeconds(0.05) };

    private readonly KeptLog _log = new();

    [Fact]
    public async Task A_file_that_grows_is_given_out_when_it_has_ended_and_the_looks_are_not_logged()
    {
        using var session = await FtpSession.ConnectAsync(Options with { Log = _log }, Bound);
        // One look finds nothing, and six after that find more each.
        OnLook(look =>
        {
            if (look is > 1 and < 8)
                File.AppendAllText(There("a.csv"), "0123456789");
        });
        _log.Clear();
        var standings = new List<string>();
        IReadOnlyList<FtpItem> found;
        using (FtpTrace.To(_log.Write))
            found = await Wait(session, _options, "/", standings.Add).NextAsync(Bound);
        Assert.Equal(("a.csv", 60L), (Assert.Single(found).Name, found[0].Length));

        var lines = _log.Entries();
        Assert.DoesNotContain(lines, line => line.Message.StartsWith("-->", StringComparison.Ordinal) || line.Message.StartsWith("<--", StringComparison.Ordinal) || line.Level != FtpLogLevel.Information);
        // The log and the trace hear the same.
        Assert.Equal(8, lines.Length);
        Assert.Collection(
            lines.Select(line => line.Message).Distinct(),
            message => Assert.StartsWith("Waiting for '/', ", message, StringComparison.Ordinal),
            message => Assert.StartsWith("'/a.csv' isn't complete yet: it has been unchanged", message, StringComparison.Ordinal),
            message => Assert.Equal("'/a.csv' is complete (60 bytes).", message),
            message => Assert.StartsWith("The wait for '/' ended after ", message, StringComparison.Ordinal));
        Assert.Equal("0 files are complete; nothing matches '/'.", standings[0]);
        Assert.Contains("0 files are complete; 'a.csv' is still growing (60 bytes).", standings);
        Assert.Equal("1 file is complete.", standings[^1]);
        Assert.Equal(1, Server.AcceptedCount);

        // What comes after it is logged as ever.
        await ListAsync(session);
        Assert.Contains(_log.Entries(), line => line.Message.StartsWith("--> MLSD", StringComparison.Ordinal));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_directory_that_is_not_there_yet_is_waited_for()
    {
        using var session = await FtpSession.ConnectAsync(Options with { Log = _log }, Bound);
        _log.Clear();
        OnLook(look =>
        {
            if (look != 3)
                return;
            Directory.CreateDirectory(There("in"));
            Serve("in/a", 5);
        });
        Assert.Equal("/in/a", Assert.Single(await Wait(session, _options, "/in").NextAsync(Bound)).FullName);
        Assert.Single(_log.Of(FtpLogLevel.Information), line => line.StartsWith("'/in' doesn't exist yet", StringComparison.Ordinal));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(3, new[] { "a", "b", "c" })]
    [InlineData(2, new[] { "a", "b" })]
    public async Task As_many_are_waited_for_as_are_wanted_and_all_that_are_whole_are_given_out(int count, string[] expected)
    {
        using var session = await ConnectAsync();
        Serve("a", 1);
        OnLook(look =>
        {
            if (look == 2)
                Serve("b", 1);
            if (look == 9)
                Serve("c", 1);
        });
        var found = await Wait(session, _options with { Stable = TimeSpan.Zero, Count = count }, "/").NextAsync(Bound);
        Assert.Equal(expected, found.Select(item => item.Name));
    }

    [Fact]
    public async Task Without_a_count_each_path_has_to_have_one_and_the_same_file_counts_once()
    {
        using var session = await ConnectAsync();
        Directory.CreateDirectory(There("one"));
        Directory.CreateDirectory(There("two"));
        Serve("one/a", 1);
        OnLook(look =>
        {
            if (look == 5)
                Serve("two/b", 1);
        });
        var options = _options with { Stable = TimeSpan.Zero };
        var found = await session.WaitFor(options, [Path(session, "/one"), Path(session, "/two"), Path(session, "/two")], null).NextAsync(Bound);
        Assert.Equal(["/one/a", "/two/b"], found.Select(item => item.FullName));
        var error = await FailsAsync("FtpTimeout", () => session.WaitFor(options with { Count = 3, Timeout = TimeSpan.Zero }, [Path(session, "/one"), Path(session, "/two"), Path(session, "/two")], null).NextAsync(Bound));
        Assert.Contains("2 of 3 files are complete.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_the_end_of_its_time_it_looks_once_more_and_tells_what_was_there()
    {
        using var session = await ConnectAsync();
        Serve("a.csv", 5);
        var looks = 0;
        OnLook(look => looks = look);
        // It would look again in a minute.
        var options = _options with { Interval = TimeSpan.FromMinutes(1), Timeout = TimeSpan.FromSeconds(0.3), Stable = TimeSpan.FromMinutes(5), Count = 2 };
        var error = await FailsAsync("FtpTimeout", () => Wait(session, options, "/").NextAsync(Bound));
        Assert.Equal(2, looks);
        Assert.Equal(("/", session.Server), (error.Path, error.Server));
        Assert.EndsWith(": 0 of 2 files are complete; 'a.csv' has been unchanged for less than 00:05:00 (5 bytes).", error.Message, StringComparison.Ordinal);

        error = await FailsAsync("FtpTimeout", () => Wait(session, options with { Timeout = null, Until = DateTime.UtcNow.AddSeconds(0.2), Count = null }, "/none").NextAsync(Bound));
        Assert.Contains("0 files are complete; Could not list '/none'", error.Message, StringComparison.Ordinal);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_when_the_time_is_over_does_not_make_it_longer()
    {
        using var session = await FtpSession.ConnectAsync(Options with { Timeout = TimeSpan.FromMinutes(5) }, Bound);
        Server.On("MLSD", (connection, _) => Task.Delay(Timeout.Infinite, connection.Closed));
        var error = await FailsAsync("FtpTimeout", () => Wait(session, _options with { Timeout = TimeSpan.Zero }, "/").NextAsync(Bound));
        Assert.Contains("hadn't replied by then", error.Message, StringComparison.Ordinal);
        Server.Off("MLSD");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_connection_that_is_lost_is_opened_again_and_that_is_said_once()
    {
        using var session = await FtpSession.ConnectAsync(Options with { Log = _log }, Bound);
        _log.Clear();
        OnLook(look =>
        {
            if (look is 2 or 4 or 6)
                Server.Connections[0].Drop();
            if (look == 8)
                Serve("a", 5);
        });
        Assert.Single(await Wait(session, _options, "/").NextAsync(Bound));
        Assert.StartsWith("It can't be determined at the moment whether '/' exists", Assert.Single(_log.Of(FtpLogLevel.Warning)), StringComparison.Ordinal);
        Assert.Equal(2, _log.Of(FtpLogLevel.Information).Count(line => line.StartsWith("It can't be determined at the moment whether '/' exists", StringComparison.Ordinal)));
        Assert.Equal(3, _log.Of(FtpLogLevel.Information).Count(line => line.Contains("is available again", StringComparison.Ordinal)));
        Assert.Empty(_log.Of(FtpLogLevel.Error));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_server_that_starts_anew_is_waited_for()
    {
        var root = Directory.CreateTempSubdirectory("ftptools-root-").FullName;
        var former = LoopbackServer.Start(root);
        using var session = await FtpSession.ConnectAsync(Options with { Port = former.Port, Password = former.Password, Log = _log }, Bound);
        _log.Clear();
        var wait = Wait(session, _options, "/").NextAsync(Bound);
        await _log.HearAsync("Waiting for '/'", Bound);
        await former.DisposeAsync();
        await _log.HearAsync("It can't be determined at the moment whether '/' exists", Bound);
        await using (var back = LoopbackServer.Start(root, former.EndPoint.Address, former.Port))
        {
            back.Password = former.Password;
            File.WriteAllText(System.IO.Path.Combine(root, "a"), "12345");
            Assert.Equal("a", Assert.Single(await wait).Name);
            await ListAsync(session);
        }

        Assert.Single(_log.Of(FtpLogLevel.Warning));
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task A_login_that_is_refused_ends_the_wait()
    {
        using var session = await ConnectAsync();
        OnLook(look =>
        {
            if (look != 2)
                return;
            Server.Password = "another";
            Server.Connections[0].Drop();
        });
        await FailsAsync("FtpLoginFailed", () => Wait(session, _options, "/").NextAsync(Bound));
    }

    [Fact]
    public async Task A_session_that_is_closed_and_a_directory_that_may_not_be_listed_end_the_wait()
    {
        using var session = await ConnectAsync();
        Server.On("MLSD", (connection, _) => connection.ReplyAsync("550 Permission denied."));
        Server.On("LIST", (connection, _) => connection.ReplyAsync("550 Permission denied."));
        await FailsAsync("FtpPermissionDenied", () => Wait(session, _options, "/").NextAsync(Bound));
        session.Dispose();
        await FailsAsync("FtpSessionClosed", () => Wait(session, _options, "/").NextAsync(Bound));
    }

    [Fact]
    public async Task It_ends_at_once_when_it_is_cancelled()
    {
        using var session = await ConnectAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Bound);
        var wait = Wait(session, _options with { Interval = TimeSpan.FromMinutes(10) }, "/", _ => stop.CancelAfter(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.NextAsync(stop.Token));
        Assert.False(Bound.IsCancellationRequested);
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_many_who_claim_the_same_files_one_gets_each(bool hasFacts)
    {
        if (!hasFacts)
            WithoutFacts();
        foreach (var i in Enumerable.Range(0, 40))
            Serve($"{i:00}.csv", 100 + i);
        async Task<List<FtpItem>> ClaimAllAsync(string pattern)
        {
            using var session = await ConnectAsync();
            var claimed = new List<FtpItem>();
            var wait = Wait(session, _options with { Stable = TimeSpan.Zero, Claim = pattern, Timeout = TimeSpan.FromSeconds(0.5) }, "/");
            await FailsAsync("FtpTimeout", async () =>
            {
                while (true)
                {
                    foreach (var item in await wait.NextAsync(Bound))
                    {
                        if (await wait.ClaimAsync(item, Bound) is { } mine)
                            claimed.Add(mine);
                    }
                }
            });
            return claimed;
        }

        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => ClaimAllAsync($"work/w{i}-*")));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{i:00}.csv"), all.SelectMany(one => one).Select(item => item.Name.Substring(3)).Order(StringComparer.Ordinal));
        Assert.All(all.SelectMany((one, i) => one.Select(item => (i, item))), one => Assert.StartsWith($"/work/w{one.i}-", one.item.FullName, StringComparison.Ordinal));
        Assert.Empty(There());
        Assert.Equal(40, Directory.GetFiles(There("work")).Length);
    }

    [Fact]
    public async Task A_name_that_was_given_by_a_former_claim_is_not_given_again()
    {
        using var session = await ConnectAsync();
        File.WriteAllText(There("a.csv.mine"), "of yesterday");
        Serve("a.csv", 5);
        var item = await session.GetItemAsync("/a.csv", Bound);
        var claimed = await session.ClaimAsync(item, "*.mine", Bound);
        Assert.Matches(@"^/a-[0-9a-f]{8}\.csv\.mine$", claimed!.FullName);
        Assert.Equal(5, claimed.Length);
        Assert.Equal("of yesterday", File.ReadAllText(There("a.csv.mine")));
        await ProveAsync(session);
    }

    [Fact]
    public async Task The_directory_of_the_claimed_is_made_where_a_server_knows_no_CWD_too()
    {
        WithoutFacts();
        Server.On("CWD", (connection, _) => connection.ReplyAsync("502 Command not implemented."));
        using var session = await ConnectAsync();
        Serve("a.csv", 5);
        var item = await session.GetItemAsync("/a.csv", Bound);
        Assert.Equal("/work/a.csv", (await session.ClaimAsync(item, "work/*", Bound))!.FullName);
        Assert.Equal(5, Served("work/a.csv").Length);
        await ProveAsync(session);
    }

    [Fact]
    public async Task One_that_is_given_by_another_in_that_moment_is_not_taken_from_it_where_the_server_tells()
    {
        using var session = await ConnectAsync();
        Server.Habits.ReplaceRefusal = "550 Cannot create a file when that file already exists.";
        Serve("a.csv", 5);
        var item = await session.GetItemAsync("/a.csv", Bound);
        Server.On("RNFR", (connection, argument) =>
        {
            if (!File.Exists(There("a.csv.mine")))
                File.WriteAllText(There("a.csv.mine"), "of another");
            return connection.HandleAsync("RNFR", argument);
        });
        Assert.Matches(@"^/a-[0-9a-f]{8}\.csv\.mine$", (await session.ClaimAsync(item, "*.mine", Bound))!.FullName);
        Assert.Equal("of another", File.ReadAllText(There("a.csv.mine")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_has_changed_by_the_moment_of_the_claim_gets_its_name_back(bool isNewOneThere)
    {
        using var session = await ConnectAsync();
        Serve("a.csv", 5);
        var item = await session.GetItemAsync("/a.csv", Bound);
        Server.On("RNTO", async (connection, argument) =>
        {
            Server.Off("RNTO");
            Serve("a.csv", 50);
            await connection.HandleAsync("RNTO", argument);
            if (isNewOneThere)
                Serve("a.csv", 6);
        });
        if (isNewOneThere)
        {
            // The first rename of a session is looked at, and so finds the new one.
            Serve("other", 1);
            await session.RenameAsync("/other", "/another", Bound);
            Server.On("RNTO", async (connection, argument) =>
            {
                Serve("a.csv", 50);
                await connection.HandleAsync("RNTO", argument);
                Serve("a.csv", 6);
            });
            var error = await FailsAsync("FtpVerificationFailed", () => session.ClaimAsync(item, "*.mine", Bound));
            Assert.Equal("/a.csv.mine", error.Path);
            Assert.Equal((6, 50), (Served("a.csv").Length, Served("a.csv.mine").Length));
        }
        else
        {
            Assert.Null(await session.ClaimAsync(item, "*.mine", Bound));
            Assert.Equal(["a.csv"], There());
            Assert.Equal(50, Served("a.csv").Length);
        }
    }

    [Fact]
    public async Task What_may_not_be_renamed_is_an_error_and_what_is_gone_is_none()
    {
        using var session = await ConnectAsync();
        Serve("a.csv", 5);
        var item = await session.GetItemAsync("/a.csv", Bound);
        Server.Habits.RenameRefusal = "553 Permission denied.";
        await FailsAsync("FtpPermissionDenied", () => session.ClaimAsync(item, "*.mine", Bound));
        Server.Habits.RenameRefusal = null;
        File.Delete(There("a.csv"));
        Assert.Null(await session.ClaimAsync(item, "*.mine", Bound));
        Assert.Empty(There());
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_claim_that_is_broken_off_says_where_the_file_may_be()
    {
        using var session = await FtpSession.ConnectAsync(Options with { Log = _log }, Bound);
        _log.Clear();
        Serve("a.csv", 5);
        var item = await session.GetItemAsync("/a.csv", Bound);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Bound);
        Server.On("RNTO", async (connection, _) => await stop.CancelAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.ClaimAsync(item, "*.mine", stop.Token));
        Assert.Equal($"'/a.csv' was being claimed. Check whether it's now '/a.csv.mine' on {session.Server}.", Assert.Single(_log.Of(FtpLogLevel.Warning)));

        Server.On("RNTO", (connection, _) =>
        {
            connection.Drop();
            return Task.CompletedTask;
        });
        var error = await FailsAsync("FtpConnectionLost", () => session.ClaimAsync(item, "*.mine", Bound));
        Assert.EndsWith("It isn't known whether '/a.csv' was renamed to '/a.csv.mine'.", error.Message, StringComparison.Ordinal);
        Server.Off("RNTO");
        Assert.NotNull(await session.ClaimAsync(item, "*.mine", Bound));
        await ProveAsync(session);
    }

    private static FtpItemWait Wait(FtpSession session, FtpWaitOptions options, string path, Action<string>? onLook = null) => session.WaitFor(options, [Path(session, path)], onLook);

    private static FtpWaitPath Path(FtpSession session, string path) =>
        new(path, (onItem, cancellationToken) => session.ListAsync(path, true, item => onItem(item, !item.IsDirectory), cancellationToken));

    private string There(string name) => System.IO.Path.Combine(Server.Root, name);

    // Does something before each look, with its number, from 1.
    private void OnLook(Action<int> before)
    {
        var looks = 0;
        Server.On("MLSD", (connection, argument) =>
        {
            before(++looks);
            return connection.HandleAsync("MLSD", argument);
        });
    }

    private sealed class KeptLog : FtpLog
    {
        private readonly List<FtpLogEntry> _entries = [];
        private readonly SemaphoreSlim _more = new(0);

        public override void Write(FtpLogEntry entry)
        {
            lock (_entries)
                _entries.Add(entry);
            _more.Release();
        }

        public async Task HearAsync(string start, CancellationToken cancellationToken)
        {
            while (!Entries().Any(entry => entry.Message.StartsWith(start, StringComparison.Ordinal)))
                await _more.WaitAsync(cancellationToken);
        }

        public FtpLogEntry[] Entries()
        {
            lock (_entries)
                return [.. _entries];
        }

        public string[] Of(FtpLogLevel level) => [.. Entries().Where(entry => entry.Level == level).Select(entry => entry.Message)];

        public void Clear()
        {
            lock (_entries)
                _entries.Clear();
        }
    }
}
