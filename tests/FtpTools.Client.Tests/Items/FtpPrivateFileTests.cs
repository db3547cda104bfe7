using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace FtpTools.Tests.Items;

public sealed class FtpPrivateFileTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("ftptools-").FullName;

    private string FilePath => Path.Combine(_folder, "deep", "settings.txt");

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public async Task Loses_no_change_of_many_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
                await ChangeAsync(text => text + "x", _patience);
        })));
        Assert.Equal(new string('x', 80), Encoding.UTF8.GetString(FtpPrivateFile.Read(FilePath)!));
        Assert.Equal(["settings.txt", "settings.txt.lock"], Directory.GetFiles(Path.GetDirectoryName(FilePath)!).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Is_made_by_many_at_once()
    {
        for (var i = 0; i < 20; i++)
        {
            var path = Path.Combine(_folder, $"{i}.txt");
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
                FtpPrivateFile.ChangeAsync(path, former => [.. former ?? [], (byte)'x'], _patience, CancellationToken.None))));
            Assert.Equal(8, FtpPrivateFile.Read(path)!.Length);
        }
    }

    [Fact]
    public async Task Is_left_as_it_is_by_a_change_that_fails()
    {
        await ChangeAsync(_ => "whole", _patience);
        await Assert.ThrowsAsync<FormatException>(() => ChangeAsync(_ => throw new FormatException(), _patience));
        Assert.Equal("whole", Encoding.UTF8.GetString(FtpPrivateFile.Read(FilePath)!));
        await ChangeAsync(text => text + " again", _patience);
        Assert.Equal("whole again", Encoding.UTF8.GetString(FtpPrivateFile.Read(FilePath)!));
    }

    [Fact]
    public async Task Waits_no_longer_than_it_may_or_is_wanted()
    {
        await ChangeAsync(_ => "whole", _patience);
        using (new FileStream(FilePath + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var error = await Assert.ThrowsAsync<FtpException>(() => ChangeAsync(_ => "other", TimeSpan.FromMilliseconds(100)));
            Assert.Equal(FtpErrorKind.Timeout, error.Kind);
            using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FtpPrivateFile.ChangeAsync(FilePath, _ => [], _patience, stop.Token));
        }
        Assert.Equal("whole", Encoding.UTF8.GetString(FtpPrivateFile.Read(FilePath)!));
        await ChangeAsync(_ => "free", _patience);
    }

    [Fact]
    public void Is_nothing_where_there_is_none_and_an_error_where_it_cannot_be()
    {
        Assert.Null(FtpPrivateFile.Read(FilePath));
        Assert.Equal(FtpErrorKind.LocalFileError, Assert.Throws<FtpException>(() => FtpPrivateFile.Read(_folder)).Kind);
    }

    private Task ChangeAsync(Func<string, string> change, TimeSpan timeout) => FtpPrivateFile.ChangeAsync(
        FilePath, former => Encoding.UTF8.GetBytes(change(former is null ? "" : Encoding.UTF8.GetString(former))), timeout, CancellationToken.None);
}
