using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>A loopback server, a local folder and a bound on the time, for one test.</summary>
public abstract class LoopbackTest(TimeSpan bound) : IAsyncLifetime
{
    private readonly CancellationTokenSource _bound = new(bound);

    protected LoopbackTest()
        : this(TimeSpan.FromSeconds(60))
    {
    }

    protected LoopbackServer Server { get; } = LoopbackServer.Start();

    protected string Folder { get; } = Directory.CreateTempSubdirectory("ftptools-").FullName;

    /// <summary>Ends a test that hangs.</summary>
    protected CancellationToken Bound => _bound.Token;

    /// <summary>One try, for a fault is to be seen.</summary>
    protected static FtpTransferOptions Default { get; } = new() { RetryCount = 0 };

    /// <summary>One connection, and short times, for most faults here are silences.</summary>
    protected FtpClientOptions Options => new()
    {
        ComputerName = Server.Host,
        Port = Server.Port,
        UserName = Server.User,
        Password = Server.Password,
        MaxConnection = 1,
        Timeout = TimeSpan.FromSeconds(2),
        OptionalTimeout = TimeSpan.FromSeconds(1),
        DataTimeout = TimeSpan.FromSeconds(1),
    };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        _bound.Dispose();
    }

    protected Task<FtpSession> ConnectAsync() => FtpSession.ConnectAsync(Options, Bound);

    protected void Serve(string name, int size) => File.WriteAllBytes(Path.Combine(Server.Root, name), [.. Enumerable.Range(0, size).Select(i => (byte)(i * 31))]);

    /// <summary>Has the server know no MLSD and MLST, so that LIST is asked.</summary>
    protected void WithoutFacts() => Server.Features.Remove(Server.Features.Single(line => line.StartsWith("MLST", StringComparison.Ordinal)));

    protected string Local(string name) => Path.Combine(Folder, name);

    /// <summary>Makes a local file of random bytes.</summary>
    protected void Fill(string name, int size)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        File.WriteAllBytes(Local(name), content);
    }

    /// <summary>What a file holds on the server.</summary>
    protected byte[] Served(string name) => File.ReadAllBytes(Path.Combine(Server.Root, name));

    /// <summary>What is in the local folder.</summary>
    protected string[] Here() => [.. Directory.GetFiles(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>What is in the server's root.</summary>
    protected string[] There() => [.. Directory.GetFiles(Server.Root).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    protected async Task<List<FtpItem>> ListAsync(FtpSession session, string path = "/")
    {
        var items = new List<FtpItem>();
        await session.ListAsync(path, true, items.Add, Bound);
        return items;
    }

    protected Task TransferTreeAsync(FtpSession session, FtpTransferOptions options, Action<FtpTransferResult> onResult, Action<FtpTransferBatch> add)
    {
        var batch = session.BeginTransfers(options, null, onResult, null, Bound);
        add(batch);
        return batch.CompleteAsync();
    }

    /// <summary>Every fault test ends with this: the same session still does its work, byte for byte.</summary>
    protected async Task ProveAsync(FtpSession session)
    {
        Serve("proof", 70_000);
        var item = await session.GetItemAsync("/proof", Bound);
        await session.DownloadAsync(item, Local("proof"), Default, null, Bound);
        Assert.Equal(File.ReadAllBytes(Path.Combine(Server.Root, "proof")), File.ReadAllBytes(Local("proof")));
    }

    protected static async Task<FtpException> FailsAsync(string id, Func<Task> work)
    {
        var error = await Assert.ThrowsAnyAsync<FtpException>(work);
        Assert.True(id == error.ErrorId, $"{id} was expected; it was {error.ErrorId}: {error.Message}");
        return error;
    }

    /// <summary>How often a verb came.</summary>
    protected int Count(string verb) => Server.Commands.Count(line => line.Split(' ')[0].Equals(verb, StringComparison.OrdinalIgnoreCase));
}
