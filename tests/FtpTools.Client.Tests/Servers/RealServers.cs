using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace FtpTools.Tests.Servers;

/// <summary>Marks a test that needs the real servers; skipped, with the reason, where they cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealServerTheoryAttribute : TheoryAttribute
{
    public RealServerTheoryAttribute() => Skip = Requirement.Skip(RealServers.Missing);
}

/// <summary>Marks a test that needs the servers that npm brings besides; skipped, with the reason, where they cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NpmServerTheoryAttribute : TheoryAttribute
{
    public NpmServerTheoryAttribute() => Skip = Requirement.Skip(RealServers.Missing) ?? Requirement.Skip(RealServers.MissingFromNpm);
}

/// <summary>A running server, as tests/Servers/ftp-server describes it.</summary>
public sealed record RealServer(string Name, string Host, int Port, string User, string Password, string Root, string State)
{
    /// <summary>Its certificate, signed by itself; null without TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The certificate, with its key, that it wants clients to show; null when it wants none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    public FtpClientOptions Options(FtpMode mode = FtpMode.Auto, int connections = 4) => new()
    {
        ComputerName = Host,
        Port = Port,
        UserName = User,
        Password = Password,
        Mode = mode,
        MaxConnection = connections,
    };

    /// <summary>Gives what the test wrote into the root folder itself to the server's account.</summary>
    public void Own() => RealServers.Run("own", State);
}

/// <summary>A running proxy, as tests/Servers/ftp-server describes it.</summary>
public sealed record RealProxy(string Name, string Host, int Port, string? User, string? Password, string Log, string State)
{
    public FtpProxy Address => new(Name == "microsocks" ? FtpProxyKind.Socks5 : FtpProxyKind.Http, Host, Port) { UserName = User, Password = Password };
}

/// <summary>Starts servers (vsftpd, ProFTPD, Pure-FTPd, pyftpdlib, ftp-srv, ftpd) and proxies when a test first asks for one, and stops them after the last.</summary>
public sealed class RealServers : IDisposable
{
    /// <summary>Why the servers cannot be had here; null when they can.</summary>
    public static readonly Lazy<string?> Missing = new(() => FindMissing("prepare"));

    /// <summary>Why those that npm brings, ftp-srv and ftpd, cannot be had here; null when they can.</summary>
    public static readonly Lazy<string?> MissingFromNpm = new(() => FindMissing("prepare", "ftp-srv"));

    private readonly Dictionary<string, RealServer> _running = [];

    public static string RepositoryRoot { get; } = FindRoot();

    private readonly Dictionary<(string, bool), RealProxy> _proxies = [];

    private static string Script => Path.Combine(RepositoryRoot, "tests", "Servers", "ftp-server");

    public RealServer this[string name] => Get(name);

    /// <summary>A server with options of tests/Servers/ftp-server: <c>--tls</c> and so on.</summary>
    public RealServer Get(string name, params string[] options)
    {
        var key = string.Join(' ', [name, .. options]);
        if (_running.TryGetValue(key, out var server))
            return server;
        var state = Directory.CreateTempSubdirectory("ftptools-").FullName;
        var about = JsonDocument.Parse(Run(["start", name, state, .. options, "--owner-pid", Environment.ProcessId.ToString()])).RootElement;
        string? Text(string field) => about.GetProperty(field).GetString();
        return _running[key] = new RealServer(
            name, Text("host")!, about.GetProperty("port").GetInt32(), Text("user")!, Text("password")!, Text("root")!, state)
        {
            Certificate = Text("certificate") is { } pem ? X509CertificateLoader.LoadCertificateFromFile(pem) : null,
            ClientCertificate = Text("clientCertificate") is { } pfx ? X509CertificateLoader.LoadPkcs12FromFile(pfx, null) : null,
        };
    }

    /// <summary>microsocks (SOCKS5) or tinyproxy (HTTP), with a user and a password or without.</summary>
    public RealProxy Proxy(string name, bool user)
    {
        if (_proxies.TryGetValue((name, user), out var proxy))
            return proxy;
        var state = Directory.CreateTempSubdirectory("ftptools-").FullName;
        string[] arguments = ["start", name, state, "--owner-pid", Environment.ProcessId.ToString(), .. user ? ["--proxy-user"] : Array.Empty<string>()];
        var about = JsonDocument.Parse(Run(arguments)).RootElement;
        string? Text(string field) => about.GetProperty(field).GetString();
        return _proxies[(name, user)] = new RealProxy(
            name, Text("host")!, about.GetProperty("port").GetInt32(), Text("user"), Text("password"), Text("log")!, state);
    }

    public void Dispose()
    {
        foreach (var state in _running.Values.Select(server => server.State).Concat(_proxies.Values.Select(proxy => proxy.State)))
        {
            Run("stop", state);
            if (Directory.Exists(state))
                Directory.Delete(state, recursive: true);
        }
    }

    /// <summary>Runs the script and returns what it printed.</summary>
    public static string Run(params string[] arguments)
    {
        var (code, output, error) = Start(arguments);
        return code == 0 ? output : throw new InvalidOperationException($"ftp-server {string.Join(' ', arguments)} ended with {code}: {error}");
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "FtpTools.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("FtpTools.sln is in no folder above the tests.");
        return folder;
    }

    private static string? FindMissing(params string[] arguments)
    {
        if (!OperatingSystem.IsLinux())
            return "The real servers run on Linux alone.";
        var (code, _, error) = Start(arguments);
        return code == 0 ? null : $"The real servers are missing: {error.Trim()}";
    }

    private static (int Code, string Output, string Error) Start(string[] arguments)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Script);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = Task.Run(process.StandardError.ReadToEnd);
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeSpan.FromMinutes(5)))
        {
            process.Kill(entireProcessTree: true);
            return (-1, output, "it did not end within five minutes");
        }

        return (process.ExitCode, output, error.Wait(TimeSpan.FromSeconds(5)) ? error.Result : "");
    }
}
