using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Tests.Processes;

/// <summary>A transfer in a process of its own, which can be killed.</summary>
internal sealed class ClientProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _told;
    private readonly Task<string> _output;

    private ClientProcess(Process process)
    {
        _process = process;
        _told = process.StandardError.ReadToEndAsync();
        _output = process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>True once it was killed.</summary>
    public bool IsKilled { get; private set; }

    /// <summary>True once it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Its exit code: 0 when all was transferred, 1 when something failed.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts one.</summary>
    /// <param name="options">Where it connects to.</param>
    /// <param name="direction">Up or down.</param>
    /// <param name="source">The local or the remote path.</param>
    /// <param name="target">The other one.</param>
    /// <param name="rate">Bytes a second.</param>
    /// <param name="more">Further arguments: <c>--resume</c>, <c>--tree</c>, <c>--segments N</c>.</param>
    public static ClientProcess Start(FtpClientOptions options, FtpTransferDirection direction, string source, string target, int rate, params string[] more) =>
        Start(options, direction == FtpTransferDirection.Upload ? "upload" : "download", source, target, rate, more);

    /// <summary>Starts one, or a mirror.</summary>
    public static ClientProcess Start(FtpClientOptions options, string way, string source, string target, int rate, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "FtpTools.TestClient.dll"), way,
            options.ComputerName, options.Port.ToString(CultureInfo.InvariantCulture), options.UserName, options.Password, source, target,
            rate.ToString(CultureInfo.InvariantCulture), .. more,
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return new ClientProcess(Process.Start(start)!);
    }

    /// <summary>Ends it at once, wherever it is.</summary>
    public void Kill()
    {
        IsKilled = !_process.HasExited;
        _process.Kill();
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>What it has told on standard error.</returns>
    public async Task<string> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return await _told.WaitAsync(cancellationToken);
    }

    /// <summary>What it has said on standard output, once it has ended: plans, results and warnings.</summary>
    public async Task<string[]> OutputAsync(CancellationToken cancellationToken) =>
        (await _output.WaitAsync(cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
