using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.Tests.Faults;
using Xunit;
using Xunit.Abstractions;

namespace FtpTools.Tests.Processes;

/// <summary>
/// A client or a server that is killed at a moment of chance, and the same command once more: all bytes are right, no target
/// was ever short, and nothing is left beside them. FTPTOOLS_KILLS says how many are killed in all.
/// </summary>
public sealed class KilledProcessTests(ITestOutputHelper output) : LoopbackTest(TimeSpan.FromSeconds(60 + (20 * Kills)))
{
    private const int Rate = 20_000_000;
    private const int FileCount = 40;

    private static readonly FtpTransferOptions _again = new() { Resume = true, RetryCount = 0 };
    private int _cut;

    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("FTPTOOLS_KILLS"), out var all) ? Math.Max(1, all / 10) : 2;

    [Theory]
    [InlineData(FtpTransferDirection.Download, "")]
    [InlineData(FtpTransferDirection.Download, "--segments 2")]
    [InlineData(FtpTransferDirection.Download, "--tree")]
    [InlineData(FtpTransferDirection.Upload, "")]
    [InlineData(FtpTransferDirection.Upload, "--tree")]
    public async Task A_client_that_was_killed_is_run_again(FtpTransferDirection direction, string way)
    {
        var random = Seed();
        var isUpload = direction == FtpTransferDirection.Upload;
        string[] arguments = ["--resume", .. way.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        var isTree = way == "--tree";
        var tree = MakeSource(isUpload ? Folder : Server.Root, isTree);
        var (from, to) = isUpload ? (Local("source"), "/target") : ("/source", Local("target"));
        var target = isUpload ? Path.Combine(Server.Root, "target") : to;
        for (var i = 0; i < Kills; i++)
        {
            Prepare(target, tree, isTree, hasFormer: i % 2 == 0);
            using (var client = ClientProcess.Start(Options, direction, from, to, Rate, arguments))
            {
                await WaitForBeginningAsync(isUpload ? Server.Root : Folder, () => client.HasExited);
                await Task.Delay(random.Next(600), Bound);
                client.Kill();
                await client.EndAsync(Bound);
                _cut += client.IsKilled ? 1 : 0;
            }

            RequireNothingShort(target, tree, isTree);
            using var session = await FtpSession.ConnectAsync(Options with { MaxConnection = 4 }, Bound);
            var options = _again with { Segments = arguments.Contains("--segments") ? 2 : 1 };
            await RunAsync(session, options, isUpload, isTree, from, to);
            RequireWhole(target, tree, isTree);
        }

        output.WriteLine($"{_cut} of {Kills} were killed before their end.");
    }

    [Theory]
    [InlineData(FtpTransferDirection.Download, "")]
    [InlineData(FtpTransferDirection.Download, "--segments 2")]
    [InlineData(FtpTransferDirection.Download, "--tree")]
    [InlineData(FtpTransferDirection.Upload, "")]
    [InlineData(FtpTransferDirection.Upload, "--tree")]
    public async Task A_server_that_was_killed_is_asked_again(FtpTransferDirection direction, string way)
    {
        var random = Seed();
        var isUpload = direction == FtpTransferDirection.Upload;
        var isTree = way == "--tree";
        var root = Directory.CreateTempSubdirectory("ftptools-").FullName;
        try
        {
            var tree = MakeSource(isUpload ? Folder : root, isTree);
            var (from, to) = isUpload ? (Local("source"), "/target") : ("/source", Local("target"));
            var target = isUpload ? Path.Combine(root, "target") : to;
            var port = 0;
            for (var i = 0; i < Kills; i++)
            {
                Prepare(target, tree, isTree, hasFormer: i % 2 == 0);
                var options = _again with { Segments = way.StartsWith("--segments", StringComparison.Ordinal) ? 2 : 1 };
                using (var server = await ServerProcess.StartAsync(root, port, Rate / 2, Bound))
                {
                    port = server.Port;
                    using var session = await FtpSession.ConnectAsync(Options with { Port = port, UserName = "u", Password = "p", MaxConnection = 4 }, Bound);
                    var work = TransferAsync(session, options, isUpload, isTree, from, to);
                    await WaitForBeginningAsync(isUpload ? root : Folder, () => work.IsCompleted);
                    await Task.Delay(random.Next(600), Bound);
                    server.Dispose();
                    _cut += (await work).Any(result => result.Status != FtpTransferStatus.Succeeded) ? 1 : 0;
                }

                RequireNothingShort(target, tree, isTree);
                using (var server = await ServerProcess.StartAsync(root, port, 0, Bound))
                using (var session = await FtpSession.ConnectAsync(Options with { Port = port, UserName = "u", Password = "p", MaxConnection = 4 }, Bound))
                    await RunAsync(session, options, isUpload, isTree, from, to);
                RequireWhole(target, tree, isTree);
            }
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        output.WriteLine($"{_cut} of {Kills} were cut by it.");
    }

    private Random Seed()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"The seed is {seed}.");
        return new Random(seed);
    }

    /// <summary>Makes what is transferred.</summary>
    /// <returns>Its files by their paths below it; of a file, by nothing.</returns>
    private static Dictionary<string, byte[]> MakeSource(string folder, bool isTree)
    {
        var random = new Random(959);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (var i = 0; i < (isTree ? FileCount : 1); i++)
        {
            var content = new byte[isTree ? random.Next(400_000) : 9_000_000];
            random.NextBytes(content);
            var name = isTree ? $"sub {i % 5}/file {i}" : "";
            files[name] = content;
            var path = isTree ? Path.Combine(folder, "source", name) : Path.Combine(folder, "source");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }

        return files;
    }

    private static void Prepare(string target, Dictionary<string, byte[]> tree, bool isTree, bool hasFormer)
    {
        if (Directory.Exists(target))
            Directory.Delete(target, recursive: true);
        File.Delete(target);
        if (!hasFormer)
            return;
        foreach (var name in tree.Keys)
        {
            var path = isTree ? Path.Combine(target, name) : target;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "former");
        }
    }

    private async Task WaitForBeginningAsync(string folder, Func<bool> hasEnded)
    {
        while (!hasEnded() && !Directory.EnumerateFiles(folder, ".ftptools-*", SearchOption.AllDirectories).Any())
            await Task.Delay(1, Bound);
    }

    private async Task<List<FtpTransferResult>> TransferAsync(FtpSession session, FtpTransferOptions options, bool isUpload, bool isTree, string from, string to)
    {
        var results = new List<FtpTransferResult>();
        try
        {
            var item = isUpload || isTree ? null : await session.GetItemAsync(from, Bound);
            await TransferTreeAsync(session, options, result =>
            {
                lock (results)
                    results.Add(result);
            }, batch =>
            {
                if (isUpload && isTree)
                    batch.AddUploadTree(from, to);
                else if (isUpload)
                    batch.AddUpload(from, to);
                else if (isTree)
                    batch.AddDownloadTree(from, to);
                else
                    batch.AddDownload(item!, to);
            });
        }
        catch (FtpException e) when (e.IsFatal)
        {
            // The server is gone, which a result has told.
        }

        return results;
    }

    private async Task RunAsync(FtpSession session, FtpTransferOptions options, bool isUpload, bool isTree, string from, string to)
    {
        var results = await TransferAsync(session, options, isUpload, isTree, from, to);
        Assert.All(results, result => Assert.Null(result.Error));
        Assert.Equal(isTree ? FileCount : 1, results.Count);
    }

    /// <summary>What is there under a target's name is a former file, or a whole one.</summary>
    private static void RequireNothingShort(string target, Dictionary<string, byte[]> tree, bool isTree)
    {
        foreach (var (name, content) in tree)
        {
            var path = isTree ? Path.Combine(target, name) : target;
            if (File.Exists(path) && File.ReadAllBytes(path) is var there)
                Assert.True(there.AsSpan().SequenceEqual(content) || there.AsSpan().SequenceEqual("former"u8), $"'{name}' has {there.Length} bytes of {content.Length}.");
        }
    }

    private static void RequireWhole(string target, Dictionary<string, byte[]> tree, bool isTree)
    {
        foreach (var (name, content) in tree)
            Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(isTree ? Path.Combine(target, name) : target)), $"'{name}' is not like the original.");
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(target)!, ".ftptools-*", SearchOption.AllDirectories));
    }
}
