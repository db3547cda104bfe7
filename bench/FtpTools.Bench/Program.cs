using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using FtpTools;

// One piece of work by the engine, for bench/run.sh to set beside the same work by curl and lftp:
//   down|up|tree-down|tree-up|list|compare HOST PORT USER PASSWORD REMOTE LOCAL [CONNECTIONS [none|tls]]
// A file, a directory with all that is in it, a listing of a directory, or the comparison of two that are alike. TLS takes any certificate. Prints "wall user sys"
// in seconds, from the connect to the closed session, then by how many MiB the working set has grown at the most, and for
// a listing after how many milliseconds of the command the first item was there. What a PowerShell session pays once is
// outside: the runtime's start, and the compiling of the engine (some 80 ms), for which a small file goes there and back
// first. bench/run.sh prints the time of the whole process, with all that, too.
//   chart RESULTS SVG
// draws the tables of results.md.
if (args is ["chart", var results, var svg])
{
    FtpTools.Bench.Chart.Draw(results, svg);
    return 0;
}
if (args.Length is < 7 or > 9 || args[0] is not ("down" or "up" or "tree-down" or "tree-up" or "list" or "compare"))
{
    Console.Error.WriteLine("usage: FtpTools.Bench down|up|tree-down|tree-up|list|compare HOST PORT USER PASSWORD REMOTE LOCAL [CONNECTIONS [none|tls]]\n       FtpTools.Bench chart RESULTS SVG");
    return 2;
}

TimeSpan? first = null;
await WarmUpAsync(args[5] + ".warm", args[6] + ".warm");
var process = Process.GetCurrentProcess();
var user = process.UserProcessorTime;
var system = process.PrivilegedProcessorTime;
var idle = process.WorkingSet64;
var watch = Stopwatch.StartNew();
await RunAsync(args[0], args[5], args[6]);
watch.Stop();
process.Refresh();
Console.WriteLine(string.Format(
    CultureInfo.InvariantCulture, "{0:0.000} {1:0.000} {2:0.000} {3:0} {4:0}", watch.Elapsed.TotalSeconds,
    (process.UserProcessorTime - user).TotalSeconds, (process.PrivilegedProcessorTime - system).TotalSeconds,
    (process.PeakWorkingSet64 - idle) / 1048576.0, first?.TotalMilliseconds));
return 0;

FtpClientOptions Options() => new()
{
    ComputerName = args[1],
    Port = int.Parse(args[2], CultureInfo.InvariantCulture),
    UserName = args[3],
    Password = args[4],
    Mode = FtpMode.Passive,
    MaxConnection = args.Length > 7 ? int.Parse(args[7], CultureInfo.InvariantCulture) : 1,
    Tls = args.Length > 8 && args[8] == "tls" ? FtpTlsMode.Explicit : FtpTlsMode.None,
    SkipCertificateCheck = true,
};

async Task WarmUpAsync(string remote, string local)
{
    using var session = await FtpSession.ConnectAsync(Options(), CancellationToken.None);
    using var content = new MemoryStream(new byte[100_000]);
    await session.UploadAsync(content, remote, new FtpTransferOptions { Direct = true }, null, CancellationToken.None);
    await RunInAsync(session, "down", remote, local);
    await session.DeleteFileAsync(remote, CancellationToken.None);
    File.Delete(local);
}

async Task RunAsync(string work, string remote, string local)
{
    var session = await FtpSession.ConnectAsync(Options(), CancellationToken.None);
    await RunInAsync(session, work, remote, local);
    await session.CloseAsync(CancellationToken.None);
}

async Task RunInAsync(FtpSession session, string work, string remote, string local)
{
    // In place on both sides, as curl and lftp write.
    var how = new FtpTransferOptions { Direct = true };
    switch (work)
    {
        case "up":
            await session.UploadAsync(local, remote, how, null, CancellationToken.None);
            break;
        case "down":
            await session.DownloadAsync(await session.GetItemAsync(remote, CancellationToken.None), local, how, null, CancellationToken.None);
            break;
        case "list":
            var since = Stopwatch.StartNew();
            await session.ListAsync(remote, false, _ => first ??= since.Elapsed, CancellationToken.None);
            break;
        case "compare":
            await session.CompareAsync(
                local, remote, new FtpSyncOptions { Mirror = true }, how, static action => throw new InvalidOperationException($"{action}"), static error => throw error, null, CancellationToken.None);
            break;
        default:
            // Safe, under temporary names, which the others are not.
            var batch = session.BeginTransfers(new FtpTransferOptions(), null, static result => _ = result.GetException() is { } error ? throw error : true, null, CancellationToken.None);
            if (work == "tree-up")
                batch.AddUploadTree(local, remote);
            else
                batch.AddDownloadTree(remote, local);
            await batch.CompleteAsync();
            break;
    }
}
