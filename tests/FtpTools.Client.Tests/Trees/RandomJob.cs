using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Tests.Processes;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Trees;

/// <summary>What breaks a run off, beside a server that fails now and then.</summary>
internal enum Breach
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The server is killed.</summary>
    Server,

    /// <summary>The server is killed, and is back soon.</summary>
    Restart,

    /// <summary>The caller cancels.</summary>
    Cancel,

    /// <summary>The run is a process of its own, which is killed.</summary>
    Process,
}

/// <summary>
/// A job of chance, as a scheduler runs it: some runs under a server that fails, which are broken off in one way or another, and
/// one that nothing disturbs. After each run the world is looked at.
/// </summary>
internal abstract class RandomJob : IAsyncDisposable
{
    private const int MostRuns = 4;
    private const int MostLines = 600; // of a log: some runs end before

    private readonly string _root = Directory.CreateTempSubdirectory("ftptools-job-").FullName;
    private readonly List<string> _breaches = [];

    protected RandomJob(Random random)
    {
        Random = random;
        Connections = random.Next(1, 5);
        Directory.CreateDirectory(Served);
    }

    protected Random Random { get; }

    /// <summary>How many connections each run has.</summary>
    protected int Connections { get; }

    /// <summary>How much has failed, in all runs.</summary>
    protected int Failures { get; set; }

    protected LoopbackServer? Server { get; private set; }

    /// <summary>Where it listens, each time.</summary>
    protected int Port { get; private set; }

    /// <summary>What the server serves.</summary>
    protected string Served => Path.Combine(_root, "server");

    /// <summary>Runs it to its end.</summary>
    /// <returns>What came of it, in a line.</returns>
    public async Task<string> RunAsync(CancellationToken bound)
    {
        var bad = Random.Next(1, MostRuns);
        for (var run = 0; run <= bad; run++)
        {
            var isBad = run < bad;
            Prepare(run);
            if (isBad)
                await File.WriteAllTextAsync(Switch, "", bound);
            else
                File.Delete(Switch);
            Start();
            var breach = isBad ? (Breach)Random.Next(Enum.GetValues<Breach>().Length) : Breach.None;
            _breaches.Add($"{breach}");
            await RunOnceAsync(isBad, breach, bound);
            // What a client that is dead has asked for is done by then.
            await StopAsync();
            RequireSound(isBad);
        }

        RequireDone();
        return $"{this}: {bad} bad runs ({string.Join(", ", _breaches.Take(bad))}), {Failures} failures";
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>The path of a file or directory of the job.</summary>
    protected string At(string name) => Path.Combine(_root, name);

    /// <summary>What happens before a run.</summary>
    protected virtual void Prepare(int run)
    {
    }

    /// <summary>Makes a server other than it is.</summary>
    protected virtual void Configure(LoopbackServer server)
    {
    }

    protected abstract Task RunOnceAsync(bool isBad, Breach breach, CancellationToken bound);

    /// <summary>What holds after each run.</summary>
    protected abstract void RequireSound(bool isBad);

    /// <summary>What holds after the last.</summary>
    protected abstract void RequireDone();

    protected FtpClientOptions ClientOptions(bool isBad) => new()
    {
        // The server may be gone already.
        ComputerName = "127.0.0.1",
        Port = Port,
        UserName = "tester",
        Password = "p",
        MaxConnection = Connections,
        Tls = FtpTlsMode.None,
        Timeout = TimeSpan.FromSeconds(isBad ? 0.5 : 20),
        OptionalTimeout = TimeSpan.FromSeconds(0.5),
        DataTimeout = TimeSpan.FromSeconds(isBad ? 0.5 : 10),
    };

    /// <summary>Runs work of this process, and breaks it off.</summary>
    protected async Task RunHereAsync(bool isBad, Breach breach, CancellationToken bound, Func<CancellationToken, Task> work)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(bound);
        var breaking = breach == Breach.None ? Task.CompletedTask : BreakAsync(breach, stop, Random.Next(200), Random.Next(300));
        try
        {
            await work(stop.Token);
        }
        catch (Exception e) when (isBad && e is FtpException or OperationCanceledException && !bound.IsCancellationRequested)
        {
            Failures++;
        }

        await breaking;
    }

    /// <summary>Runs the same in a process of its own, and kills it, by what it does or by the clock.</summary>
    /// <returns>What it has said until then.</returns>
    protected async Task<string[]> RunThereAsync(string way, string source, string target, string[] more, CancellationToken bound)
    {
        var line = Random.Next(MostLines).ToString(CultureInfo.InvariantCulture);
        var isByLine = Random.Next(2) == 0;
        var after = Random.Next(300);
        var before = Server!.Commands.Count;
        string[] all =
        [
            "--connections", Connections.ToString(CultureInfo.InvariantCulture), "--timeout", "500", .. more, .. isByLine ? new[] { "--die-at-line", line } : [],
        ];
        using var client = ClientProcess.Start(ClientOptions(isBad: true), way, source, target, 0, all);
        if (!isByLine)
        {
            while (!client.HasExited && Server.Commands.Count == before)
                await Task.Delay(1, bound);
            await Task.Delay(after, bound);
            client.Kill();
        }

        var told = await client.EndAsync(bound);
        Failures += told.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
        Assert.True(isByLine || client.IsKilled || client.ExitCode is 0 or 1, told);
        return await client.OutputAsync(bound);
    }

    private string Switch => At("unreliable");

    private async Task BreakAsync(Breach breach, CancellationTokenSource stop, int after, int away)
    {
        await Task.Delay(after);
        if (breach == Breach.Cancel)
        {
            await stop.CancelAsync();
            return;
        }

        await StopAsync();
        if (breach != Breach.Restart)
            return;
        await Task.Delay(away);
        Start();
    }

    private void Start()
    {
        if (Server is not null)
            return;
        var server = LoopbackServer.Start(Served, port: Port);
        Port = server.Port;
        server.Password = "p";
        Configure(server);
        new Unreliability(Switch, percent: 4, losesReplies: true, Random.Next()).Spoil(server);
        Server = server;
    }

    private async Task StopAsync()
    {
        if (Server is not { } server)
            return;
        Server = null;
        await server.DisposeAsync();
    }
}
