using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Tests.Faults;
using Xunit;
using Xunit.Abstractions;

namespace FtpTools.Tests.Trees;

/// <summary>
/// Jobs as a scheduler runs them, of chance, against a server that cuts, refuses, loses replies and is killed; run again until
/// all is done. FTPTOOLS_JOBS says how many.
/// </summary>
public sealed class RandomJobTests(ITestOutputHelper output) : LoopbackTest(TimeSpan.FromSeconds(60 + (10 * Jobs)))
{
    private const int AtOnce = 4;

    private static int Jobs => int.TryParse(Environment.GetEnvironmentVariable("FTPTOOLS_JOBS"), NumberStyles.None, CultureInfo.InvariantCulture, out var jobs) ? jobs : 20;

    [Fact]
    public async Task Jobs_of_chance_lose_nothing_double_nothing_and_delete_nothing_without_proof()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"The seeds are {seed} to {seed + Jobs - 1}.");
        var told = new ConcurrentQueue<string>();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < Jobs; i = Interlocked.Increment(ref next))
            {
                await using var job = new SyncJob(new Random(seed + i));
                try
                {
                    told.Enqueue(await job.RunAsync(Bound));
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"The job of seed {seed + i} ({job}): {e.Message}", e);
                }
            }
        })));
        foreach (var line in told)
            output.WriteLine(line);
        Assert.Equal(Jobs, told.Count);
    }
}
