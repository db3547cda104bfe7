using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.TestClient;

/// <summary>
/// One transfer, or one mirror, in a process of its own, for tests that kill it or let it race another. What it plans and what comes
/// of it is told on standard output, and what fails on standard error, a line each.
/// </summary>
internal static class Program
{
    private const string Usage = """
        usage: FtpTools.TestClient upload|download|mirror-upload|mirror-download HOST PORT USER PASSWORD SOURCE TARGET BYTES_PER_SEC
            [--resume] [--tree | --files] [--segments N] [--journal PATH] [--source-action ACTION] [--source-destination TEXT]
            [--connections N] [--retries N] [--timeout MILLISECONDS] [--preserve-time] [--backup PATH] [--exclude ENDING]
            [--die-at TEXT | --die-at-line N]
        """;

    private static async Task<int> Main(string[] args)
    {
        if (args is not [("upload" or "download" or "mirror-upload" or "mirror-download") and var way, var host, var port, var user, var password, var source, var target, var rate, .. var more])
        {
            await Console.Error.WriteLineAsync(Usage).ConfigureAwait(false);
            return 2;
        }

        var options = new FtpTransferOptions
        {
            RateLimit = Number(rate),
            RetryCount = Optional(more, "--retries"),
            Resume = more.Contains("--resume"),
            PreserveTime = more.Contains("--preserve-time") ? true : null,
            Segments = Optional(more, "--segments") ?? 1,
            Journal = Value(more, "--journal"),
            SourceAction = Enum.Parse<FtpSourceAction>(Value(more, "--source-action") ?? nameof(FtpSourceAction.None)),
            SourceDestination = Value(more, "--source-destination"),
        };
        using var log = new DeadlyLog(Value(more, "--die-at"), Optional(more, "--die-at-line"));
        var client = new FtpClientOptions { ComputerName = host, Port = Number(port), UserName = user, Password = password, Log = log };
        if (Optional(more, "--connections") is { } connections)
            client = client with { MaxConnection = connections };
        if (Optional(more, "--timeout") is { } milliseconds)
            client = client with { Timeout = TimeSpan.FromMilliseconds(milliseconds), DataTimeout = TimeSpan.FromMilliseconds(milliseconds) };
        try
        {
            using var session = await FtpSession.ConnectAsync(client, CancellationToken.None).ConfigureAwait(false);
            var isDone = way.StartsWith("mirror-", StringComparison.Ordinal)
                ? await MirrorAsync(session, way == "mirror-upload", source, target, options, more).ConfigureAwait(false)
                : await TransferAsync(session, way == "upload", source, target, options, more).ConfigureAwait(false);
            return isDone ? 0 : 1;
        }
        catch (FtpException e)
        {
            Tell(e);
            return 1;
        }
    }

    private static string? Value(string[] arguments, string name) => Array.IndexOf(arguments, name) is var at && at < 0 ? null : arguments[at + 1];

    private static int? Optional(string[] arguments, string name) => Value(arguments, name) is { } text ? Number(text) : null;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static void Tell(FtpException e) => Console.Error.WriteLine($"{e.ErrorId}: {e.Message}");

    // What has been told is in the pipe, and outlives the process.
    private static bool Tell(FtpTransferResult result)
    {
        Console.WriteLine($"{result.Status} {result.Step} {result.Attempts} {result.Source}");
        var error = result.GetException() ?? result.GetSourceException();
        if (error is not null)
            Tell(error);
        return error is null;
    }

    private static async Task<bool> TransferAsync(FtpSession session, bool isUpload, string source, string target, FtpTransferOptions options, string[] more)
    {
        var isDone = true;
        var batch = session.BeginTransfers(options, null, result =>
        {
            if (!Tell(result))
                isDone = false;
        }, null, CancellationToken.None);
        if (more.Contains("--tree"))
        {
            if (isUpload)
                batch.AddUploadTree(source, target);
            else
                batch.AddDownloadTree(source, target);
        }
        else if (more.Contains("--files") && isUpload)
        {
            foreach (var file in Directory.GetFiles(source))
                batch.AddUpload(file, target + "/" + Path.GetFileName(file));
        }
        else if (more.Contains("--files"))
        {
            await session.ListAsync(source, true, item =>
            {
                if (!item.IsDirectory)
                    batch.AddDownload(item, Path.Combine(target, item.Name));
            }, CancellationToken.None).ConfigureAwait(false);
        }
        else if (isUpload)
        {
            batch.AddUpload(source, target);
        }
        else
        {
            batch.AddDownload(await session.GetItemAsync(source, CancellationToken.None).ConfigureAwait(false), target);
        }

        await batch.CompleteAsync().ConfigureAwait(false);
        return isDone;
    }

    private static async Task<bool> MirrorAsync(FtpSession session, bool isUpload, string source, string target, FtpTransferOptions options, string[] more)
    {
        var sync = new FtpSyncOptions
        {
            Direction = isUpload ? FtpTransferDirection.Upload : FtpTransferDirection.Download,
            Mirror = true,
            MaximumDeletePercent = 100,
            BackupPath = Value(more, "--backup"),
            Filter = Value(more, "--exclude") is { } ending ? new FtpItemFilter { Exclude = [new FtpNamePattern("*" + ending, _ => name => name.EndsWith(ending, StringComparison.Ordinal))] } : null,
        };
        var isDone = true;
        var plan = new List<FtpSyncAction>();
        await session.CompareAsync(isUpload ? source : target, isUpload ? target : source, sync, options, plan.Add, e =>
        {
            isDone = false;
            Console.WriteLine("unseen");
            Tell(e);
        }, null, CancellationToken.None).ConfigureAwait(false);
        foreach (var action in plan)
            Console.WriteLine($"plan {action.Kind} {action.RelativePath}");
        var batch = session.BeginSync(sync, options, result =>
        {
            if (!Tell(result))
                isDone = false;
        }, null, CancellationToken.None);
        plan.ForEach(batch.Add);
        await batch.CompleteAsync().ConfigureAwait(false);
        return isDone;
    }

    /// <summary>Kills the process, as kill -9 does, at a line of the log. Repairs of a journal are told.</summary>
    private sealed class DeadlyLog(string? text, int? line) : FtpLog
    {
        private int _count;

        public override void Write(FtpLogEntry entry)
        {
            if (entry.Level == FtpLogLevel.Warning)
                Console.WriteLine("warning " + entry.Message);
            if (Interlocked.Increment(ref _count) == line || (text is not null && entry.Message.Contains(text, StringComparison.Ordinal)))
                Process.GetCurrentProcess().Kill();
        }
    }
}
