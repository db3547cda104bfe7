using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using Xunit.Abstractions;

namespace FtpTools.Tests.Trees;

/// <summary>
/// Jobs as a scheduler runs them, of chance, against a server that cuts, refuses, loses replies and is killed, and in processes
/// that are killed; run again until all is done. FTPTOOLS_JOBS says how many of each kind, and FTPTOOLS_JOB_SEED runs the one of a
/// seed again.
/// </summary>
public sealed class RandomJobTests(ITestOutputHelper output)
{
    private const int AtOnce = 4;

    private static int Jobs => Number("FTPTOOLS_JOBS") ?? 10;

    private static TimeSpan Bound => TimeSpan.FromSeconds(60 + (10 * Jobs));

    [Fact]
    public Task Mirrors_of_chance_lose_nothing_double_nothing_and_delete_nothing_without_proof() => RunAsync(random => new SyncJob(random));

    [Fact]
    public Task Files_of_chance_that_are_taken_once_are_there_once_and_the_journal_tells_the_truth() => RunAsync(random => new PickUpJob(random));

    private static int? Number(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private async Task RunAsync(Func<Random, RandomJob> make)
    {
        using var bound = new CancellationTokenSource(Bound);
        var (first, count) = Number("FTPTOOLS_JOB_SEED") is { } seed ? (seed, 1) : (Environment.TickCount & 0x3FFFFFFF, Jobs);
        output.WriteLine($"The seeds are {first} to {first + count - 1}.");
        var told = new ConcurrentQueue<string>();
        var failures = new ConcurrentQueue<Exception>();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                await using var job = make(new Random(first + i));
                try
                {
                    told.Enqueue(await job.RunAsync(bound.Token));
                }
                catch (Exception e)
                {
                    failures.Enqueue(new InvalidOperationException($"The job of FTPTOOLS_JOB_SEED={first + i} ({job}): {e.Message}", e));
                }
            }
        })));
        foreach (var line in told)
            output.WriteLine(line);
        // All of them: of three hundred, one tells little.
        if (!failures.IsEmpty)
            throw new AggregateException(failures);
        Assert.Equal(count, told.Count);
    }
}
