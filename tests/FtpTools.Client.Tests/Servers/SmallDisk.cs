using System;
using System.Diagnostics;
using System.IO;
using Xunit;

namespace FtpTools.Tests.Servers;

/// <summary>A file system of few bytes (tmpfs), mounted on a directory of its own.</summary>
public sealed class SmallDisk : IDisposable
{
    /// <summary>Why there can be none here; null when there can.</summary>
    public static readonly Lazy<string?> Missing = new(FindMissing);

    public SmallDisk(string path, int mebibytes)
    {
        Path = path;
        Directory.CreateDirectory(path);
        Assert.Null(Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m,mode=777", "ftptools-test", path));
    }

    public string Path { get; }

    /// <summary>Makes room.</summary>
    public void Grow(int mebibytes) => Assert.Null(Run("mount", "-o", $"remount,size={mebibytes}m", Path));

    public void Dispose()
    {
        // A server's process may stand in it for a moment yet.
        Assert.Null(Run("umount", "--lazy", Path));
        Directory.Delete(Path);
    }

    private static string? FindMissing()
    {
        if (!OperatingSystem.IsLinux())
            return "A small disk is mounted on Linux alone.";
        var folder = Directory.CreateTempSubdirectory("ftptools-").FullName;
        try
        {
            using var disk = new SmallDisk(System.IO.Path.Combine(folder, "disk"), 1);
            return null;
        }
        catch (Exception e)
        {
            return $"No file system can be mounted here: {e.Message}";
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <returns>What it complained of; null for success.</returns>
    private static string? Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"{program} ended with {process.ExitCode}. {error}";
    }
}

/// <summary>Marks a test that needs a small disk; skipped, with the reason, where none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = Requirement.Skip(SmallDisk.Missing);
}

/// <summary>Marks a test that needs a small disk and the real servers; skipped, with the reason, where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServerDiskTheoryAttribute : TheoryAttribute
{
    public ServerDiskTheoryAttribute() => Skip = Requirement.Skip(RealServers.Missing) ?? Requirement.Skip(SmallDisk.Missing);
}
