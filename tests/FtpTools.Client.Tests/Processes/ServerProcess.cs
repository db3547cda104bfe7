using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Tests.Processes;

/// <summary>The scripted server in a process of its own, which can be killed.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private bool _isOver;

    private ServerProcess(Process process, int port) => (_process, Port) = (process, port);

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Starts it.</summary>
    /// <param name="root">What it serves.</param>
    /// <param name="port">Where it is to listen; 0 for any port.</param>
    /// <param name="rate">Bytes a second of each data connection.</param>
    /// <param name="cancellationToken">Ends the wait for it.</param>
    public static async Task<ServerProcess> StartAsync(string root, int port, int rate, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "FtpTools.TestServer.dll"), "--root", root, "--user", "u", "--password", "p",
            "--port", port.ToString(CultureInfo.InvariantCulture), "--throttle", rate.ToString(CultureInfo.InvariantCulture),
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        var description = await process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("The server has not started.");
        return new ServerProcess(process, JsonDocument.Parse(description).RootElement.GetProperty("port").GetInt32());
    }

    /// <summary>Ends it at once, wherever it is.</summary>
    public void Dispose()
    {
        if (_isOver)
            return;
        _isOver = true;
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
