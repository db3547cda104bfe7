using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.TestClient;

/// <summary>One transfer in a process of its own, for tests that kill it or let it race another. What fails is told on standard error, a line each, with its id.</summary>
internal static class Program
{
    private const string Usage = "usage: FtpTools.TestClient upload|download HOST PORT USER PASSWORD SOURCE TARGET BYTES_PER_SEC [--resume] [--tree] [--segments N] [--journal PATH] [--source-action ACTION] [--source-destination TEXT]";

    private static async Task<int> Main(string[] args)
    {
        if (args is not [("upload" or "download") and var direction, var host, var port, var user, var password, var source, var target, var rate, .. var more])
        {
            await Console.Error.WriteLineAsync(Usage).ConfigureAwait(false);
            return 2;
        }

        var options = new FtpTransferOptions
        {
            RateLimit = Number(rate),
            Resume = more.Contains("--resume"),
            Segments = Number(Value(more, "--segments") ?? "1"),
            Journal = Value(more, "--journal"),
            SourceAction = Enum.Parse<FtpSourceAction>(Value(more, "--source-action") ?? nameof(FtpSourceAction.None)),
            SourceDestination = Value(more, "--source-destination"),
        };
        try
        {
            using var session = await FtpSession.ConnectAsync(
                new FtpClientOptions { ComputerName = host, Port = Number(port), UserName = user, Password = password },
                CancellationToken.None).ConfigureAwait(false);
            return await TransferAsync(session, direction == "upload", more.Contains("--tree"), source, target, options).ConfigureAwait(false) ? 0 : 1;
        }
        catch (FtpException e)
        {
            await TellAsync(e).ConfigureAwait(false);
            return 1;
        }
    }

    private static string? Value(string[] arguments, string name) => Array.IndexOf(arguments, name) is var at && at < 0 ? null : arguments[at + 1];

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static Task TellAsync(FtpException e) => Console.Error.WriteLineAsync($"{e.ErrorId}: {e.Message}");

    private static async Task<bool> TransferAsync(FtpSession session, bool isUpload, bool isTree, string source, string target, FtpTransferOptions options)
    {
        var isDone = true;
        var batch = session.BeginTransfers(options, null, result =>
        {
            if ((result.GetException() ?? result.GetSourceException()) is { } e)
            {
                isDone = false;
                TellAsync(e).GetAwaiter().GetResult();
            }
        }, null, CancellationToken.None);
        if (isUpload && isTree)
            batch.AddUploadTree(source, target);
        else if (isUpload)
            batch.AddUpload(source, target);
        else if (isTree)
            batch.AddDownloadTree(source, target);
        else
            batch.AddDownload(await session.GetItemAsync(source, CancellationToken.None).ConfigureAwait(false), target);
        await batch.CompleteAsync().ConfigureAwait(false);
        return isDone;
    }
}
