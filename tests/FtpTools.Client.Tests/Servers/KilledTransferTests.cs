using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Tests.Processes;
using Xunit;
using Xunit.Abstractions;

namespace FtpTools.Tests.Servers;

/// <summary>
/// A client process that is killed leaves no short file under the target's name, and a part that another process goes on
/// with. FTPTOOLS_KILLS says how many are killed in all.
/// </summary>
public sealed class KilledTransferTests(RealServers servers, ITestOutputHelper output) : IClassFixture<RealServers>, IDisposable
{
    private const int Size = 4 << 20;

    /// <summary>A quarter of a second for the whole file, so that a byte can be waited for.</summary>
    private const int Rate = 16 << 20;

    private static readonly string[] _names = ["vsftpd", "proftpd", "pureftpd"];
    private static readonly byte[] _old = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))];
    private readonly string _folder = Directory.CreateTempSubdirectory("ftptools-").FullName;
    private readonly CancellationTokenSource _bound = new(TimeSpan.FromSeconds(20 * Kills));

    public static TheoryData<string, FtpTransferDirection> NamesAndDirections
    {
        get
        {
            var data = new TheoryData<string, FtpTransferDirection>();
            foreach (var name in _names)
            {
                data.Add(name, FtpTransferDirection.Upload);
                data.Add(name, FtpTransferDirection.Download);
            }

            return data;
        }
    }

    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("FTPTOOLS_KILLS"), out var all) ? Math.Max(1, all / (2 * _names.Length)) : 4;

    public void Dispose()
    {
        _bound.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [RealServerTheory]
    [MemberData(nameof(NamesAndDirections))]
    public async Task What_a_killed_process_left_is_gone_on_with_and_the_target_is_never_short(string name, FtpTransferDirection direction)
    {
        var server = servers[name];
        var isUpload = direction == FtpTransferDirection.Upload;
        var (from, to) = isUpload ? (_folder, server.Root) : (server.Root, _folder);
        var random = new Random(3659);
        var content = new byte[Size];
        random.NextBytes(content);
        File.WriteAllBytes(Path.Combine(from, "source"), content);
        server.Own();
        var target = Path.Combine(to, "target");
        using var session = await FtpSession.ConnectAsync(server.Options(), _bound.Token);
        var (cut, whole) = (0, 0);
        for (var i = 0; i < Kills; i++)
        {
            // There is a former file under the target's name every other time.
            if (i % 2 == 0)
                File.WriteAllBytes(target, _old);
            else
                File.Delete(target);
            server.Own();
            var at = random.Next(1, Size);
            using (var client = ClientProcess.Start(server.Options(), direction, isUpload ? Path.Combine(_folder, "source") : "/source", isUpload ? "/target" : target, Rate))
            {
                try
                {
                    await ReachAsync(client, to, target, at);
                }
                finally
                {
                    client.Kill();
                    await client.EndAsync(_bound.Token);
                }
            }

            var part = Parts(to).SingleOrDefault();
            if (part is null)
            {
                whole++;
                Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(target)), $"Killed at byte {at}, there is neither a part nor the whole file.");
            }
            else
            {
                cut++;
                Assert.True(i % 2 == 0 ? _old.AsSpan().SequenceEqual(File.ReadAllBytes(target)) : !File.Exists(target), $"Killed at byte {at}, the target is not as it was.");
            }

            var result = isUpload
                ? await session.UploadAsync(Path.Combine(_folder, "source"), "/target", new FtpTransferOptions { Resume = true }, null, _bound.Token)
                : await session.DownloadAsync(await session.GetItemAsync("/source", _bound.Token), target, new FtpTransferOptions { Resume = true }, null, _bound.Token);
            Assert.True(result.Resumed == part is not null, $"Killed at byte {at}, with {(part is null ? "no part" : "a part")} left: Resumed is {result.Resumed}.");
            Assert.Equal((FtpTransferStatus.Succeeded, FtpVerification.Size, (long)Size), (result.Status, result.Verification, result.Length));
            Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(target)), $"Killed at byte {at}, it is not like the original after resuming.");
            Assert.Empty(Parts(to));
        }

        output.WriteLine($"{name}, {direction}: {cut} cut, {whole} whole already.");
        File.Delete(target);
    }

    private static long? Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : null;

    private static string[] Parts(string folder) => Directory.GetFiles(folder, ".ftptools-*.part");

    /// <summary>Waits until the part has grown to so many bytes, and sees meanwhile that the target is not short.</summary>
    private async Task ReachAsync(ClientProcess client, string folder, string target, int at)
    {
        while (true)
        {
            var there = Length(target);
            Assert.True(there is null || there == _old.Length || there == Size, $"The target was seen with {there} bytes.");
            if (Parts(folder).Any(part => Length(part) >= at) || there == Size)
                return;
            if (client.HasExited)
            {
                // It may have ended between the looks above.
                Assert.True(client.ExitCode == 0, $"The client failed: {await client.EndAsync(_bound.Token)}");
                return;
            }

            await Task.Delay(1, _bound.Token);
        }
    }
}
