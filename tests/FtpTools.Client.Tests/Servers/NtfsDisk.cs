using System;
using System.Diagnostics;
using System.IO;
using Xunit;

namespace FtpTools.Tests.Servers;

/// <summary>An NTFS (ntfs-3g) as Windows has it, mounted on a directory of its own: it knows no case, and takes Windows' names alone.</summary>
public sealed class NtfsDisk : IDisposable
{
    /// <summary>Why there can be none here; null when there can.</summary>
    public static readonly Lazy<string?> Missing = new(FindMissing);

    private readonly string _image;

    public NtfsDisk(string path)
    {
        Path = path;
        _image = path + ".image";
        Directory.CreateDirectory(path);
        using (var image = new FileStream(_image, FileMode.CreateNew))
            image.SetLength(32 << 20);
        Run("mkfs.ntfs", "-q", "-F", "-f", _image);
        Run("lowntfs-3g", _image, path, "-o", "ignore_case,windows_names");
    }

    public string Path { get; }

    public void Dispose()
    {
        Run("umount", Path);
        Directory.Delete(Path);
        File.Delete(_image);
    }

    private static string? FindMissing()
    {
        if (!OperatingSystem.IsLinux())
            return "An NTFS of our own is mounted on Linux alone.";
        var folder = Directory.CreateTempSubdirectory("ftptools-").FullName;
        try
        {
            using var disk = new NtfsDisk(System.IO.Path.Combine(folder, "disk"));
            return null;
        }
        catch (Exception e)
        {
            return $"No NTFS can be made and mounted here (Debian: ntfs-3g): {e.Message}";
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        // Not its output: what mounts stays behind as a process, and would hold the pipe open.
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}

/// <summary>Marks a test that needs an NTFS; skipped, with the reason, where none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NtfsFactAttribute : FactAttribute
{
    public NtfsFactAttribute() => Skip = NtfsDisk.Missing.Value;
}
