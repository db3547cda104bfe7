using System;
using System.IO;
#if NETSTANDARD2_0
using System.Threading;
using System.Threading.Tasks;
#endif

namespace FtpTools;

/// <summary>What netstandard2.0 lacks, under the names that net8.0 gives it. Every #if of the engine stands here.</summary>
internal static class Compat
{
#if NETSTANDARD2_0
    /// <summary>Waits for a task, but no longer than a time and not beyond a cancellation; the task itself goes on.</summary>
    public static async Task WaitAsync(this Task task, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var delay = Task.Delay(timeout, stop.Token);
        var first = await Task.WhenAny(task, delay).ConfigureAwait(false);
        stop.Cancel();
        if (first != task)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException();
        }

        await task.ConfigureAwait(false);
    }

    /// <summary>Waits for a task's result, but no longer than a time and not beyond a cancellation; the task itself goes on.</summary>
    public static async Task<T> WaitAsync<T>(this Task<T> task, TimeSpan timeout, CancellationToken cancellationToken)
    {
        await WaitAsync((Task)task, timeout, cancellationToken).ConfigureAwait(false);
        return await task.ConfigureAwait(false);
    }
#endif

    /// <summary>Moves a finished local file onto its final name, in one step where the platform can.</summary>
    public static void MoveOver(string source, string target)
    {
#if NETSTANDARD2_0
        if (File.Exists(target))
            File.Replace(source, target, null);
        else
            File.Move(source, target);
#else
        File.Move(source, target, overwrite: true);
#endif
    }

    /// <summary>Lets the same people read and write a new file as the one that it is to replace, where there is one and the platform does not see to it.</summary>
    public static void KeepAccess(string target, string written)
    {
#if !NETSTANDARD2_0
        const UnixFileMode Everything = (UnixFileMode)0x1FF;
        if (OperatingSystem.IsWindows() || !File.Exists(target))
            return;
        var mode = File.GetUnixFileMode(target) & Everything;
        // A file system without modes refuses to set them.
        if (mode != File.GetUnixFileMode(written))
            File.SetUnixFileMode(written, mode);
#endif
    }

    /// <summary>True on Windows, whose file names and line ends differ.</summary>
    public static bool IsWindows { get; } = Path.DirectorySeparatorChar == '\\';
}
