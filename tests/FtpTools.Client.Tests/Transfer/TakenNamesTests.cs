using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FtpTools.Transfer;
using Xunit;

namespace FtpTools.Tests.Transfer;

/// <summary>Two files of a call are never written under one name, whatever the file system takes for one.</summary>
public sealed class TakenNamesTests
{
    private static readonly string _in = Path.Combine(Path.GetTempPath(), "in");

    [Theory]
    [InlineData("up.txt", "UP.txt")]
    [InlineData("\u00FC.txt", "u\u0308.txt")]
    [InlineData("\u00FC.txt", "\u00DC.txt")]
    public void Names_that_a_directory_takes_for_one_are_one(string name, string other)
    {
        var asked = new List<string>();
        var taken = new TakenNames((directory, one, two) =>
        {
            asked.Add($"{directory} {one} {two}");
            return true;
        });
        taken.Take(At(name), "/out/" + name);
        taken.Take(At("another.txt"), "/out/another.txt");
        Assert.Empty(asked);
        var error = Assert.Throws<FtpException>(() => taken.Take(At(other), "/out/" + other));
        Assert.Equal((FtpErrorKind.InvalidName, "/out/" + other), (error.Kind, error.Path));
        Assert.Contains($"'{name}'", error.Message);
        Assert.Equal([$"{_in} {other} {name}"], asked);
    }

    [Fact]
    public void Names_that_a_directory_tells_apart_are_two()
    {
        var taken = new TakenNames((_, _, _) => false);
        taken.Take(At("up.txt"), "/a/up.txt");
        taken.Take(At("UP.txt"), "/a/UP.txt");
        taken.Take(At("Up.txt"), "/a/Up.txt");
        taken.Take(At("UP.txt"), "/a/UP.txt");
        Assert.Contains("'/a/UP.txt'", Assert.Throws<FtpException>(() => taken.Take(At("UP.txt"), "/b/UP.txt")).Message);
    }

    [Theory]
    [InlineData("sub/a.txt", "SUB/a.txt")]
    [InlineData("sub/a.txt", "Sub/A.TXT")]
    [InlineData("sub/deep/a.txt", "SUB/deep/A.txt")]
    public void Names_in_directories_that_are_one_are_one(string name, string other)
    {
        var taken = new TakenNames((_, _, _) => true);
        taken.Take(At(name), "/out/" + name);
        Assert.Equal("/out/" + other, Assert.Throws<FtpException>(() => taken.Take(At(other), "/out/" + other)).Path);
        // Of directories that are two, no names are.
        taken = new TakenNames((_, one, _) => !one.Equals("sub", StringComparison.OrdinalIgnoreCase));
        taken.Take(At(name), "/out/" + name);
        taken.Take(At(other), "/out/" + other);
    }

    [Fact]
    public void A_name_is_one_files_in_a_call_and_may_be_taken_by_it_again()
    {
        var taken = new TakenNames();
        taken.Take(At("a.txt"), "/a/a.txt", "1:");
        taken.Take(At("a.txt"), "/a/a.txt", "1:");
        Assert.Contains("'/a/a.txt'", Assert.Throws<FtpException>(() => taken.Take(At("a.txt"), "/b/a.txt", "1:")).Message);
        Assert.Throws<FtpException>(() => taken.Take(At("a.txt"), "/a/a.txt", "2:"));
    }

    [Fact]
    public void The_file_system_is_asked_itself_and_keeps_nothing_of_it()
    {
        var folder = Directory.CreateTempSubdirectory("ftptools-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "probe"), "");
            var knowsCase = !File.Exists(Path.Combine(folder, "PROBE"));
            foreach (var directory in new[] { folder, Path.Combine(folder, "not", "there", "yet") })
            {
                var taken = new TakenNames();
                taken.Take(Path.Combine(directory, "up.txt"), "/up.txt");
                var error = Record.Exception(() => taken.Take(Path.Combine(directory, "UP.txt"), "/UP.txt"));
                Assert.Equal(knowsCase, error is null);
            }

            Assert.Equal(["probe"], new DirectoryInfo(folder).GetFileSystemInfos().Select(entry => entry.Name));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string At(string name) => Path.Combine(_in, name);
}
