using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>With -RetryFor a server may be away for a while: what was begun is gone on with when it is back.</summary>
public sealed class RetryForTests : IAsyncLifetime
{
    private const int Size = 3_000_000;
    private static readonly FtpTransferOptions _for = new() { RetryFor = TimeSpan.FromSeconds(25) };

    private readonly CancellationTokenSource _bound = new(TimeSpan.FromSeconds(60));
    private readonly string _root = Directory.CreateTempSubdirectory("ftptools-root-").FullName;
    private readonly string _folder = Directory.CreateTempSubdirectory("ftptools-").FullName;
    private readonly WaitLog _log = new();
    private LoopbackServer _server = null!;

    private FtpClientOptions Options => new()
    {
        ComputerName = _server.Host,
        Port = _server.Port,
        UserName = _server.User,
        Password = _server.Password,
        MaxConnection = 2,
        // Longer than a test takes on a busy machine to notice a transfer that stalls: it would be tried again too soon.
        Timeout = TimeSpan.FromSeconds(20),
        DataTimeout = TimeSpan.FromSeconds(20),
        Log = _log,
    };

    public Task InitializeAsync()
    {
        _server = LoopbackServer.Start(_root);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_root, recursive: true);
        Directory.Delete(_folder, recursive: true);
        _bound.Dispose();
    }

    [Fact]
    public async Task What_is_kept_of_a_transfer_that_was_cancelled_is_told()
    {
        File.WriteAllBytes(Remote("big"), Content());
        using var session = await FtpSession.ConnectAsync(Options, _bound.Token);
        var item = await session.GetItemAsync("/big", _bound.Token);
        var stalled = _server.DataFaults.StallNextAsync(2_000_000);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_bound.Token);
        var transfer = session.DownloadAsync(item, Local("big"), new FtpTransferOptions(), null, stop.Token);
        await stalled.WaitAsync(_bound.Token);
        await HasComeAsync(2_000_000);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transfer);
        Assert.Single(_log.Of(FtpLogLevel.Warning), line => line.Contains("'/big' was canceled after 2000000 bytes", StringComparison.Ordinal) && line.Contains("-Resume", StringComparison.Ordinal));
        var rest = await session.DownloadAsync(item, Local("big"), new FtpTransferOptions { Resume = true }, null, _bound.Token);
        Assert.True(rest.Resumed);
    }

    private async Task HasComeAsync(long length)
    {
        while (!Directory.EnumerateFiles(_folder).Any(part => new FileInfo(part).Length >= length))
            await Task.Delay(1, _bound.Token);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_transfer_goes_on_when_the_server_is_back(bool isUpload)
    {
        var content = Content();
        File.WriteAllBytes(isUpload ? Local("big") : Remote("big"), content);
        using var session = await FtpSession.ConnectAsync(Options, _bound.Token);
        var stalled = _server.DataFaults.StallNextAsync(2_000_000);
        var seen = new ConcurrentQueue<FtpProgress>();
        var transfer = isUpload
            ? session.UploadAsync(Local("big"), "/big", _for, new Sink(seen), _bound.Token)
            : session.DownloadAsync(await session.GetItemAsync("/big", _bound.Token), Local("big"), _for, new Sink(seen), _bound.Token);
        await stalled.WaitAsync(_bound.Token);
        // A server that ends takes with it what it has sent and nobody has read.
        if (!isUpload)
            await HasComeAsync(2_000_000);
        await RestartAsync(transfer);
        var result = await transfer;
        Assert.Equal((FtpTransferStatus.Succeeded, true, (long)Size), (result.Status, result.Resumed, result.Length));
        Assert.True(result.Attempts >= 3, $"{result.Attempts} tries");
        Assert.Equal(content, File.ReadAllBytes(isUpload ? Remote("big") : Local("big")));
        // One warning, at the second try; who looks at the bar sees what is waited for.
        Assert.Single(_log.Of(FtpLogLevel.Warning), line => line.StartsWith("Attempt 1 to transfer '", StringComparison.Ordinal));
        Assert.Contains(_log.Of(FtpLogLevel.Information), line => line.StartsWith("Attempt 2 to transfer '", StringComparison.Ordinal));
        Assert.Contains(seen, progress => progress.Waiting?.StartsWith("waiting, attempt 3", StringComparison.Ordinal) == true && progress.Transferred > 0);
        Assert.Null(seen.Last().Waiting);
    }

    [Fact]
    public async Task Segments_go_on_when_the_server_is_back()
    {
        var content = new byte[12 << 20];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(Remote("big"), content);
        using var session = await FtpSession.ConnectAsync(Options, _bound.Token);
        var item = await session.GetItemAsync("/big", _bound.Token);
        var stalled = _server.DataFaults.StallNextAsync(2_000_000);
        var transfer = session.DownloadAsync(item, Local("big"), _for with { Segments = 2 }, null, _bound.Token);
        await stalled.WaitAsync(_bound.Token);
        await RestartAsync(transfer);
        Assert.Equal(FtpTransferStatus.Succeeded, (await transfer).Status);
        Assert.Equal(content, File.ReadAllBytes(Local("big")));
        Assert.Equal(["big"], Directory.GetFiles(_folder).Select(Path.GetFileName));
        Assert.Single(_log.Of(FtpLogLevel.Warning), line => line.StartsWith("Attempt ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_batch_of_trees_waits_for_the_server_with_all_that_it_is_to_do(bool isUpload)
    {
        var from = isUpload ? _folder : _root;
        foreach (var directory in new[] { "tree/a", "tree/b/c" })
        {
            Directory.CreateDirectory(Path.Combine(from, directory));
            foreach (var name in Enumerable.Range(0, 5))
                File.WriteAllText(Path.Combine(from, directory, $"file{name}"), directory + name);
        }

        using var session = await FtpSession.ConnectAsync(Options, _bound.Token);
        await _server.DisposeAsync();
        var results = new ConcurrentQueue<FtpTransferResult>();
        var batch = session.BeginTransfers(_for, null, results.Enqueue, null, _bound.Token);
        if (isUpload)
            batch.AddUploadTree(Local("tree"), "/tree");
        else
            batch.AddDownloadTree("/tree", Local("tree"));
        var all = batch.CompleteAsync();
        await BackAsync(all);
        await all;
        Assert.Equal(10, results.Count);
        Assert.All(results, result => Assert.Equal(FtpTransferStatus.Succeeded, result.Status));
        Assert.Equal("tree/b/c3", File.ReadAllText(Path.Combine(isUpload ? _root : _folder, "tree/b/c/file3")));
    }

    [Fact]
    public async Task A_server_that_stays_away_is_an_error_that_tells_the_whole_story()
    {
        File.WriteAllBytes(Remote("big"), Content());
        using var session = await FtpSession.ConnectAsync(Options, _bound.Token);
        var item = await session.GetItemAsync("/big", _bound.Token);
        var stalled = _server.DataFaults.StallNextAsync(2_000_000);
        var transfer = session.DownloadAsync(item, Local("big"), _for with { RetryFor = TimeSpan.FromSeconds(2) }, null, _bound.Token);
        await stalled.WaitAsync(_bound.Token);
        // What was sent need not have come.
        while (!Directory.GetFiles(_folder, ".ftptools-*").Any(path => new FileInfo(path).Length == 2_000_000))
            await Task.Delay(5, _bound.Token);
        using var port = await StayAwayAsync();
        var error = await Assert.ThrowsAsync<FtpConnectionException>(() => transfer);
        Assert.Equal("FtpHostUnreachable", error.ErrorId);
        var part = Directory.GetFiles(_folder, ".ftptools-*").Single();
        Assert.Contains($"The received part is kept for -Resume in '{part}'.", error.Message, StringComparison.Ordinal);
        Assert.Matches(@$"{new FileInfo(part).Length} of {Size} bytes had been received, and it was tried [2-9] times within \d[\d.]* s, until the time of -RetryFor 00:00:02 had expired\.", error.Message);
        Assert.InRange(error.Attempts, 2, 9);
    }

    [Fact]
    public async Task What_comes_late_in_a_batch_does_not_wait_anew_for_a_server_that_is_gone()
    {
        for (var i = 0; i < 20; i++)
            File.WriteAllText(Local($"file{i}"), "text");
        using var session = await FtpSession.ConnectAsync(Options, _bound.Token);
        using var port = await StayAwayAsync();
        var watch = Stopwatch.StartNew();
        var results = new ConcurrentQueue<FtpTransferResult>();
        var batch = session.BeginTransfers(_for with { RetryFor = TimeSpan.FromSeconds(1.5) }, null, results.Enqueue, null, _bound.Token);
        for (var i = 0; i < 20; i++)
            batch.AddUpload(Local($"file{i}"), $"/file{i}");
        await Assert.ThrowsAsync<FtpConnectionException>(batch.CompleteAsync);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1.4), TimeSpan.FromSeconds(15));
        Assert.All(results, result => Assert.Equal("FtpHostUnreachable", result.Failure!.ErrorId));
    }

    [Fact]
    public async Task A_cancel_ends_the_wait_at_once_and_leaves_no_small_part()
    {
        File.WriteAllBytes(Remote("small"), new byte[200_000]);
        using var session = await FtpSession.ConnectAsync(Options, _bound.Token);
        var item = await session.GetItemAsync("/small", _bound.Token);
        var stalled = _server.DataFaults.StallNextAsync(100_000);
        using var stop = new CancellationTokenSource();
        var transfer = session.DownloadAsync(item, Local("small"), _for with { RetryFor = TimeSpan.FromHours(2) }, null, stop.Token);
        await stalled.WaitAsync(_bound.Token);
        await _server.DisposeAsync();
        await _log.WaitAsync(line => line.StartsWith("Attempt 3 to transfer '", StringComparison.Ordinal), _bound.Token);
        var watch = Stopwatch.StartNew();
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transfer);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("421 The server is starting")]
    [InlineData("431 Not ready yet")]
    public async Task A_server_that_is_back_and_lets_nobody_in_yet_is_waited_for(string refusal)
    {
        File.WriteAllBytes(Remote("file"), new byte[1000]);
        using var session = await FtpSession.ConnectAsync(Options, _bound.Token);
        var item = await session.GetItemAsync("/file", _bound.Token);
        var refused = 0;
        _server.On("PASS", (c, argument) => ++refused <= 2 ? c.ReplyAsync(refusal) : c.HandleAsync("PASS", argument));
        foreach (var connection in _server.Connections)
            connection.Drop();
        var result = await session.DownloadAsync(item, Local("file"), _for, null, _bound.Token);
        Assert.Equal((FtpTransferStatus.Succeeded, 3, 3), (result.Status, refused, result.Attempts));
    }

    [Theory]
    [InlineData("530 Login incorrect.")]
    [InlineData("430 Invalid username or password")]
    public async Task A_password_that_is_refused_is_not_waited_for(string refusal)
    {
        File.WriteAllBytes(Remote("file"), new byte[1000]);
        using var session = await FtpSession.ConnectAsync(Options, _bound.Token);
        var item = await session.GetItemAsync("/file", _bound.Token);
        _server.On("PASS", (c, _) => c.ReplyAsync(refusal));
        foreach (var connection in _server.Connections)
            connection.Drop();
        var error = await Assert.ThrowsAsync<FtpCommandException>(() => session.DownloadAsync(item, Local("file"), _for, null, _bound.Token));
        Assert.Equal("FtpLoginFailed", error.ErrorId);
        Assert.Single(_server.Commands.Where(line => line.StartsWith("PASS", StringComparison.Ordinal)).Skip(1));
    }

    private static byte[] Content() => [.. Enumerable.Range(0, Size).Select(i => (byte)((i * 31) + (i >> 9)))];

    private string Local(string name) => Path.Combine(_folder, name);

    private string Remote(string name) => Path.Combine(_root, name);

    /// <summary>Takes the server away, and brings it back when that was noticed.</summary>
    private async Task RestartAsync(Task work)
    {
        await _server.DisposeAsync();
        await BackAsync(work);
    }

    /// <summary>Brings the server back when it was missed.</summary>
    private async Task BackAsync(Task work)
    {
        var missed = _log.WaitAsync(line => line.Contains("Could not connect", StringComparison.Ordinal), _bound.Token);
        if (await Task.WhenAny(missed, work) == work)
        {
            await work;
            Assert.Fail("It was done before the server was missed.");
        }

        await missed;
        var former = _server;
        _server = LoopbackServer.Start(_root, former.EndPoint.Address, former.Port);
        _server.Password = former.Password;
    }

    private sealed class Sink(ConcurrentQueue<FtpProgress> seen) : IProgress<FtpProgress>
    {
        public void Report(FtpProgress value) => seen.Enqueue(value);
    }

    private sealed class WaitLog : FtpLog
    {
        private readonly List<FtpLogEntry> _entries = [];
        private readonly SemaphoreSlim _more = new(0);

        public override void Write(FtpLogEntry entry)
        {
            lock (_entries)
                _entries.Add(entry);
            _more.Release();
        }

        public string[] Of(FtpLogLevel level)
        {
            lock (_entries)
                return [.. _entries.Where(entry => entry.Level == level).Select(entry => entry.Message)];
        }

        public async Task WaitAsync(Func<string, bool> isIt, CancellationToken cancellationToken)
        {
            while (true)
            {
                lock (_entries)
                {
                    if (_entries.Any(entry => isIt(entry.Message)))
                        return;
                }

                await _more.WaitAsync(cancellationToken);
            }
        }
    }

    /// <summary>Stops the server. Its port is held without an ear on it, or the server of another test could take it, and refuse the login.</summary>
    private async Task<Socket> StayAwayAsync()
    {
        await _server.DisposeAsync();
        var port = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        port.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        port.Bind(new IPEndPoint(IPAddress.Loopback, _server.Port));
        return port;
    }
}
