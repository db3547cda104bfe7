using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Tests.Faults;
using Xunit;

namespace FtpTools.Tests.Trees;

/// <summary>A local and a remote directory that are compared and made alike.</summary>
public abstract class SyncTest : LoopbackTest
{
    protected SyncTest()
    {
        Directory.CreateDirectory(Here);
        Directory.CreateDirectory(There);
    }

    protected SyncTest(TimeSpan bound)
        : base(bound)
    {
        Directory.CreateDirectory(Here);
        Directory.CreateDirectory(There);
    }

    protected static FtpSyncOptions Mirror { get; } = new() { Mirror = true, MaximumDeletePercent = 100 };

    protected static FtpSyncOptions MirrorDown { get; } = Mirror with { Direction = FtpTransferDirection.Download };

    /// <summary>The local directory.</summary>
    protected new string Here => Local("here");

    /// <summary>The remote one, as it is on the server's disk.</summary>
    protected new string There => Path.Combine(Server.Root, "there");

    /// <summary>What could not be compared.</summary>
    protected List<FtpException> Errors { get; } = [];

    /// <summary>What became of the steps.</summary>
    protected ConcurrentQueue<FtpTransferResult> Results { get; } = [];

    protected IEnumerable<string> ErrorIds => Errors.Select(e => e.ErrorId);

    protected static DateTime Day(int day) => new(2026, 3, day, 12, 0, 0, DateTimeKind.Utc);

    /// <summary>Writes a file of a time that no clock makes.</summary>
    protected static void Put(string root, string path, string text, int day = 1)
    {
        var file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        File.SetLastWriteTimeUtc(file, Day(day));
    }

    /// <summary>What is in a directory: directories with a slash, files with their text. Parts aside: what a transfer over a lost connection has left, -Resume goes on with.</summary>
    protected static string[] Tree(string root) => [.. Directory.GetFileSystemEntries(root, "*", SearchOption.AllDirectories)
        .Where(path => !Path.GetFileName(path).StartsWith(".ftptools-", StringComparison.Ordinal))
        .Select(path => (path, name: path[(root.Length + 1)..].Replace('\\', '/')))
        .Select(entry => Directory.Exists(entry.path) ? entry.name + "/" : $"{entry.name}={File.ReadAllText(entry.path)}").Order(StringComparer.Ordinal)];

    protected static string[] Steps(IEnumerable<FtpSyncAction> plan) => [.. plan.Select(action => $"{action.Kind} {action.RelativePath}").Order(StringComparer.Ordinal)];

    protected async Task<List<FtpSyncAction>> CompareAsync(FtpSession session, FtpSyncOptions options, FtpTransferOptions? transfer = null, CancellationToken? stop = null)
    {
        var plan = new List<FtpSyncAction>();
        Errors.Clear();
        await session.CompareAsync(Here, "/there", options, transfer ?? Default, plan.Add, Errors.Add, null, stop ?? Bound);
        return plan;
    }

    protected async Task DoAsync(FtpSession session, IEnumerable<FtpSyncAction> plan, FtpSyncOptions options, FtpTransferOptions? transfer = null, CancellationToken? stop = null)
    {
        Results.Clear();
        var batch = session.BeginSync(options, transfer ?? Default, Results.Enqueue, null, stop ?? Bound);
        foreach (var action in plan)
            batch.Add(action);
        await batch.CompleteAsync();
    }

    protected async Task SyncAsync(FtpSession session, FtpSyncOptions options, FtpTransferOptions? transfer = null, CancellationToken? stop = null) =>
        await DoAsync(session, await CompareAsync(session, options, transfer, stop), options, transfer, stop);

    /// <summary>Both are alike, and the comparison says so.</summary>
    protected async Task ProveAlikeAsync(FtpSession session, FtpSyncOptions options)
    {
        Assert.Equal(Tree(Here), Tree(There));
        Assert.Empty(await CompareAsync(session, options));
        Assert.Empty(Errors);
    }
}
