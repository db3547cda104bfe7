using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Tasks;

namespace FtpTools.TestServer;

/// <summary>The server as a process that lives as long as its standard input, that is, as its parent.</summary>
internal static class Program
{
    private const string Usage =
        "usage: FtpTools.TestServer --root DIR [--user NAME] [--password WORD] [--throttle BYTES_PER_SEC] [--synthetic N] "
        + "[--address ADDRESS] [--port N] [--tls | --tls-implicit] [--account WORD] [--anonymous] [--without-facts] [--extensions] [--foreign] "
        + "[--habits no-replace,no-rename,no-dot-names,no-new-files,takes-away] [--odd-line TEXT] [--unreliable-while FILE] "
        + "[--tree-faults listing-cut,listing-unfinished,listing-refused,full,gone,hour-off,read-only]";

    private static async Task<int> Main(string[] args)
    {
        LoopbackServer server;
        try
        {
            server = Start(Options(args));
        }
        catch (SocketException e)
        {
            await Console.Error.WriteLineAsync($"The port cannot be opened ({e.Message}); --port names another one.").ConfigureAwait(false);
            return 1;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or IOException)
        {
            await Console.Error.WriteLineAsync($"{e.Message}\n{Usage}").ConfigureAwait(false);
            return 2;
        }

        await using (server)
        {
            var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
            using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            var description = new Dictionary<string, object>
            {
                ["host"] = server.Host,
                ["port"] = server.Port,
                ["user"] = server.User,
                ["password"] = server.Password,
                ["root"] = server.Root,
                ["pid"] = Environment.ProcessId,
            };
            if (server.Certificate is { } certificate)
                description["certificateThumbprint"] = certificate.GetCertHashString(HashAlgorithmName.SHA256);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(description)).ConfigureAwait(false);
            await Console.Out.FlushAsync().ConfigureAwait(false);
            await Task.WhenAny(stop.Task, EndOfInputAsync()).ConfigureAwait(false);

            void Stop(PosixSignalContext context)
            {
                context.Cancel = true;
                stop.TrySetResult();
            }
        }

        return 0;
    }

    private static Dictionary<string, string> Options(string[] args)
    {
        string[] switches = ["--tls", "--tls-implicit", "--anonymous", "--without-facts", "--extensions", "--foreign"];
        string[] known = ["--root", "--user", "--password", "--throttle", "--synthetic", "--port", "--account", "--address", "--habits", "--odd-line", "--unreliable-while", "--tree-faults"];
        var options = new Dictionary<string, string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (switches.Contains(args[i]))
                options[args[i]] = "";
            else if (known.Contains(args[i]) && i + 1 < args.Length)
                options[args[i]] = args[++i];
            else
                throw new ArgumentException($"'{args[i]}' is no option, or its value is missing.");
        }

        return options.ContainsKey("--root") ? options : throw new ArgumentException("--root is missing.");
    }

    private static LoopbackServer Start(Dictionary<string, string> options)
    {
        var server = LoopbackServer.Start(options["--root"], options.TryGetValue("--address", out var address) ? IPAddress.Parse(address) : null, (int)Number("--port"));
        server.User = options.GetValueOrDefault("--user", server.User);
        server.Password = options.GetValueOrDefault("--password", server.Password);
        server.DataFaults.BytesPerSecond = Number("--throttle");
        server.AllowForeignData = options.ContainsKey("--foreign");
        server.ImplicitTls = options.ContainsKey("--tls-implicit");
        if (server.ImplicitTls || options.ContainsKey("--tls"))
            server.Certificate = TestCertificate.Create();
        if (server.Certificate is not null && server.AllowForeignData)
            server.Features.Add("SSCN");
        server.OddLine = options.GetValueOrDefault("--odd-line");
        server.Account = options.GetValueOrDefault("--account");
        server.AllowAnonymous = options.ContainsKey("--anonymous");
        if (options.ContainsKey("--without-facts"))
            server.Features.Remove(server.Features.Single(line => line.StartsWith("MLST", StringComparison.Ordinal)));
        if (options.ContainsKey("--extensions"))
            Extensions.AddTo(server);
        if (options.ContainsKey("--synthetic"))
            server.Synthetic["/many"] = (int)Number("--synthetic");
        foreach (var habit in options.GetValueOrDefault("--habits", "").Split(',', StringSplitOptions.RemoveEmptyEntries))
            Learn(server.Habits, habit);
        foreach (var fault in options.GetValueOrDefault("--tree-faults", "").Split(',', StringSplitOptions.RemoveEmptyEntries))
            TreeFaults.Add(server, fault);
        if (options.TryGetValue("--unreliable-while", out var file))
            new Unreliability(file, percent: 5).Spoil(server);
        return server;

        long Number(string name) => options.TryGetValue(name, out var text)
            ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
            : 0;
    }

    private static void Learn(FileHabits habits, string habit)
    {
        switch (habit)
        {
            case "no-replace":
                habits.ReplaceRefusal = "550 Cannot create a file when that file already exists.";
                break;
            case "no-rename":
                habits.RenameRefusal = "502 Command not implemented.";
                break;
            case "no-dot-names":
                habits.DotNameRefusal = "553 Prohibited file name.";
                break;
            case "no-new-files":
                habits.NewFileRefusal = "550 Access is denied.";
                break;
            case "no-times":
                habits.TimeRefusal = "502 Command not implemented.";
                break;
            case "takes-away":
                habits.TakesAwayUnless = ".tmp";
                break;
            default:
                throw new ArgumentException($"'{habit}' is no habit.");
        }
    }

    private static async Task EndOfInputAsync()
    {
        var buffer = new byte[256];
        await using var input = Console.OpenStandardInput();
        // A console read blocks; on a thread of its own it keeps nobody waiting.
        await Task.Factory.StartNew(() =>
        {
            while (input.Read(buffer) > 0)
            {
            }
        }, TaskCreationOptions.LongRunning).ConfigureAwait(false);
    }
}
