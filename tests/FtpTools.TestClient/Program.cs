using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.TestClient;

/// <summary>One transfer in a process of its own, for tests that kill it.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is not [("upload" or "download") and var direction, var host, var port, var user, var password, var source, var target, var rate])
        {
            await Console.Error.WriteLineAsync("usage: FtpTools.TestClient upload|download HOST PORT USER PASSWORD SOURCE TARGET BYTES_PER_SEC").ConfigureAwait(false);
            return 2;
        }

        var session = await FtpSession.ConnectAsync(
            new FtpClientOptions { ComputerName = host, Port = int.Parse(port, CultureInfo.InvariantCulture), UserName = user, Password = password },
            CancellationToken.None).ConfigureAwait(false);
        using (session)
        {
            var options = new FtpTransferOptions { RateLimit = long.Parse(rate, CultureInfo.InvariantCulture) };
            if (direction == "upload")
                await session.UploadAsync(source, target, options, null, CancellationToken.None).ConfigureAwait(false);
            else
                await session.DownloadAsync(await session.GetItemAsync(source, CancellationToken.None).ConfigureAwait(false), target, options, null, CancellationToken.None).ConfigureAwait(false);
        }

        return 0;
    }
}
