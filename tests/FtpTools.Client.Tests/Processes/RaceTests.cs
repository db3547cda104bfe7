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
/// Two or three processes transfer one file to one target at once, in whatever way, and one of them may be killed: the target
/// is never anything but the former or the whole file, and who has not succeeded has said so. FTPTOOLS_RACES says how many.
/// </summary>
public sealed class RaceTests(ITestOutputHelper output) : LoopbackTest(TimeSpan.FromSeconds(60 + (20 * Races)))
{
    private const int Size = 9_000_000; // so that two segments are worth it
    private const int Rate = 20_000_000;

    private readonly byte[] _former = new byte[12_345];
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    private static int Races => int.TryParse(Environment.GetEnvironmentVariable("FTPTOOLS_RACES"), out var races) ? races : 6;

    [Fact]
    public async Task A_target_that_several_processes_write_is_whole_in_the_end()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"The seed is {seed}.");
        var random = new Random(seed);
        Fill("source", Size);
        var content = File.ReadAllBytes(Local("source"));
        File.WriteAllBytes(Path.Combine(Server.Root, "source"), content);
        for (var i = 0; i < Races; i++)
            await RaceAsync(random, i, content);
        output.WriteLine(string.Join(", ", _counts.Select(pair => $"{pair.Value} {pair.Key}")));
    }

    private async Task RaceAsync(Random random, int number, byte[] content)
    {
        var direction = (FtpTransferDirection)random.Next(2);
        var isUpload = direction == FtpTransferDirection.Upload;
        var (from, to) = isUpload ? (Local("source"), "/target") : ("/source", Local("target"));
        var target = isUpload ? Path.Combine(Server.Root, "target") : to;
        var hasFormer = random.Next(2) == 0;
        File.Delete(target);
        if (hasFormer)
            File.WriteAllBytes(target, _former);
        var racers = new List<(ClientProcess Process, string Way)>();
        try
        {
            for (var i = random.Next(2, 4); i > 0; i--)
            {
                string[] ways = isUpload ? ["", "--resume"] : ["", "--resume", "--segments 2", "--resume --segments 3"];
                var way = ways[random.Next(ways.Length)];
                // One may find what the other has begun.
                await Task.Delay(random.Next(500), Bound);
                racers.Add((ClientProcess.Start(Options, direction, from, to, Rate, way.Split(' ', StringSplitOptions.RemoveEmptyEntries)), way));
            }

            var what = $"Race {number}: {direction} by {string.Join(", ", racers.Select(racer => $"'{racer.Way}'"))}";
            if (random.Next(3) == 0)
                await KillAsync(racers[random.Next(racers.Count)].Process, random);
            var succeeded = 0;
            foreach (var (process, _) in racers)
            {
                var told = await process.EndAsync(Bound);
                var isDone = !process.IsKilled && process.ExitCode == 0;
                Assert.True(process.IsKilled || isDone == (told.Length == 0), $"{what}: exit code {process.ExitCode}, and it has told '{told}'.");
                succeeded += isDone ? 1 : 0;
                Tally(process.IsKilled ? "killed" : isDone ? "succeeded" : told.Split(':')[0]);
            }

            Assert.True(succeeded > 0 ? IsSame(target, content) : IsSame(target, content) || (hasFormer ? IsSame(target, _former) : !File.Exists(target)), $"{what}: {succeeded} have succeeded, and the target is wrong.");
            if (!racers.Any(racer => racer.Process.IsKilled))
                Assert.True(succeeded > 0, $"{what}: none was killed, and none has succeeded.");
            await FinishAsync(isUpload, from, to);
            Assert.True(IsSame(target, content), $"{what}: the target is wrong after -Resume.");
            Assert.Empty(Directory.GetFiles(isUpload ? Server.Root : Folder, ".ftptools-*"));
        }
        finally
        {
            racers.ForEach(racer => racer.Process.Dispose());
        }
    }

    /// <summary>What is left is taken up, and nothing stays.</summary>
    private async Task FinishAsync(bool isUpload, string from, string to)
    {
        using var session = await ConnectAsync();
        var options = Default with { Resume = true };
        var result = isUpload
            ? await session.UploadAsync(from, to, options, null, Bound)
            : await session.DownloadAsync(await session.GetItemAsync(from, Bound), to, options, null, Bound);
        Assert.Equal(FtpTransferStatus.Succeeded, result.Status);
    }

    /// <summary>At a moment of chance from when it has begun to write, or has ended.</summary>
    private async Task KillAsync(ClientProcess process, Random random)
    {
        while (!process.HasExited && !Directory.GetFiles(Server.Root, ".ftptools-*").Concat(Directory.GetFiles(Folder, ".ftptools-*")).Any())
            await Task.Delay(1, Bound);
        await Task.Delay(random.Next(300), Bound);
        process.Kill();
    }

    private static bool IsSame(string path, byte[] content) => File.Exists(path) && content.AsSpan().SequenceEqual(File.ReadAllBytes(path));

    private void Tally(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;
}
