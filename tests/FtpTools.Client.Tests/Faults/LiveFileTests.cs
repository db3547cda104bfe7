using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.Transfer;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>What one transfer is writing is nobody else's.</summary>
public sealed class LiveFileTests : LoopbackTest
{
    private const int Size = 4_000_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_second_download_does_not_take_up_what_the_first_is_writing(bool isDirect)
    {
        Serve("file", Size);
        var options = Default with { Direct = isDirect };
        using var first = await ConnectAsync();
        using var second = await ConnectAsync();
        var item = await first.GetItemAsync("/file", Bound);
        var goOn = new TaskCompletionSource();
        var transfer = await StopInTheMiddleAsync(first, item, options, goOn.Task);
        var error = await FailsAsync("FtpLocalFileError", () => second.DownloadAsync(item, Local("file"), options with { Resume = true }, null, Bound));
        Assert.Contains("is in use, probably by another transfer to the same file", error.Message);
        Assert.True(error.IsWorthWaiting);
        goOn.SetResult();
        var result = await transfer;
        Assert.Equal((FtpTransferStatus.Succeeded, (long)Size), (result.Status, result.Length));
        Assert.Equal(Served("file"), File.ReadAllBytes(Local("file")));
        Assert.Equal(["file"], Here());
        await ProveAsync(first);
        File.Delete(Local("proof"));
        await ProveAsync(second);
    }

    [Fact]
    public async Task A_second_download_waits_for_the_first_with_RetryFor()
    {
        Serve("file", Size);
        using var first = await ConnectAsync();
        using var second = await ConnectAsync();
        var item = await first.GetItemAsync("/file", Bound);
        var goOn = new TaskCompletionSource();
        var transfer = await StopInTheMiddleAsync(first, item, Default, goOn.Task);
        var hasFailed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<FtpTransferResult> waiting;
        using (FtpTrace.To(entry =>
        {
            if (entry.Message.Contains("is in use, probably by another transfer", StringComparison.Ordinal))
                hasFailed.TrySetResult();
        }))
        {
            waiting = second.DownloadAsync(item, Local("file"), new FtpTransferOptions { Resume = true, RetryFor = TimeSpan.FromSeconds(20) }, null, Bound);
            await hasFailed.Task.WaitAsync(Bound);
        }

        Assert.False(waiting.IsCompleted);
        goOn.SetResult();
        Assert.Equal(FtpTransferStatus.Succeeded, (await transfer).Status);
        var result = await waiting;
        Assert.Equal((FtpTransferStatus.Succeeded, true), (result.Status, result.Attempts > 1));
        Assert.Equal(Served("file"), File.ReadAllBytes(Local("file")));
        Assert.Equal(["file"], Here());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_second_download_of_its_own_is_whole_as_the_first_is(bool isSecondLast)
    {
        Serve("file", Size);
        using var first = await ConnectAsync();
        using var second = await ConnectAsync();
        var item = await first.GetItemAsync("/file", Bound);
        var goOn = new TaskCompletionSource();
        var transfer = await StopInTheMiddleAsync(first, item, Default, goOn.Task);
        if (isSecondLast)
        {
            goOn.SetResult();
            Assert.Equal(FtpTransferStatus.Succeeded, (await transfer).Status);
        }

        // What it finds beside its own is in use, and is left.
        FtpTransferResult? result = null;
        await TransferTreeAsync(second, Default, found => result = found, batch => batch.AddDownload(item, Local("file")));
        Assert.Equal(FtpTransferStatus.Succeeded, result!.Status);
        Assert.Equal(Served("file"), File.ReadAllBytes(Local("file")));
        goOn.TrySetResult();
        Assert.Equal(FtpTransferStatus.Succeeded, (await transfer).Status);
        Assert.Equal(Served("file"), File.ReadAllBytes(Local("file")));
        Assert.Equal(["file"], Here());
    }

    [Fact]
    public async Task What_another_program_does_to_a_file_meanwhile_is_found_out()
    {
        Serve("file", Size);
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/file", Bound);
        var goOn = new TaskCompletionSource();
        var transfer = await StopInTheMiddleAsync(session, item, Default, goOn.Task);
        // It asks for no lock.
        using (var other = System.Diagnostics.Process.Start("truncate", ["-s", "5000000", Local(Here().Single())]))
            await other.WaitForExitAsync(Bound);
        File.WriteAllText(Local("file"), "former");
        goOn.SetResult();
        var error = await FailsAsync("FtpVerificationFailed", () => transfer);
        Assert.Contains("now has 5000000. Another program has written to it.", error.Message);
        Assert.Equal("former", File.ReadAllText(Local("file")));
        Assert.Equal(["file"], Here());
        await ProveAsync(session);
    }

    [Fact]
    public void A_part_that_has_its_name_by_the_time_it_is_locked_is_a_part_no_more()
    {
        File.WriteAllText(Local("part"), "whole");
        using (var file = WrittenFile.TryOpen(Local("part"), "/file"))
            file!.MoveOver(Local("file"));
        Assert.Null(WrittenFile.TryOpen(Local("part"), "/file"));
        Assert.Equal("whole", File.ReadAllText(Local("file")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*.tmp")]
    public async Task A_second_upload_does_not_take_up_what_the_first_is_writing(string? temporaryName)
    {
        Fill("file", 60_000_000);
        var options = Default with { TemporaryName = temporaryName };
        using var first = await ConnectAsync();
        using var second = await ConnectAsync();
        // For six seconds, of which the second one needs five.
        var transfer = Task.Run(() => first.UploadAsync(Local("file"), "/file", options with { RateLimit = 7_000_000 }, null, Bound));
        while (!There().Any(name => Served(name).Length > 0))
            await Task.Delay(5, Bound);
        var error = await FailsAsync("FtpCommandRefused", () => second.UploadAsync(Local("file"), "/file", options with { Resume = true }, null, Bound));
        Assert.Contains("another upload to '/file' is in progress", error.Message);
        Assert.True(error.IsWorthWaiting);
        Assert.Equal(FtpTransferStatus.Succeeded, (await transfer).Status);
        Assert.Equal(File.ReadAllBytes(Local("file")), Served("file"));
        Assert.Equal(["file"], There());
        await ProveAsync(second);
    }

    [Fact]
    public async Task What_another_upload_has_taken_up_is_not_the_first_ones_any_more()
    {
        Fill("file", Size);
        using var first = await ConnectAsync();
        using var second = await ConnectAsync();
        var isThere = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource();
        // It stands still for longer than anybody looks.
        var transfer = Task.Run(() => first.UploadAsync(Local("file"), "/file", Default, new Told(count =>
        {
            if (count == 0 || isThere.Task.IsCompleted)
                return;
            isThere.TrySetResult();
            goOn.Task.Wait(Bound);
        }), Bound));
        await isThere.Task.WaitAsync(Bound);
        var result = await second.UploadAsync(Local("file"), "/file", Default with { Resume = true }, null, Bound);
        Assert.Equal(FtpTransferStatus.Succeeded, result.Status);
        Assert.Equal(File.ReadAllBytes(Local("file")), Served("file"));
        goOn.SetResult();
        var error = await Assert.ThrowsAnyAsync<FtpException>(() => transfer);
        Assert.Contains("another upload with -Resume may have continued it", error.Message);
        Assert.Equal(File.ReadAllBytes(Local("file")), Served("file"));
        await ProveAsync(second);
    }

    /// <summary>Begins a download that stands still with its first bytes, on this side.</summary>
    private async Task<Task<FtpTransferResult>> StopInTheMiddleAsync(FtpSession session, FtpItem item, FtpTransferOptions options, Task goOn)
    {
        var isThere = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var transfer = session.DownloadAsync(item, Local("file"), options, new Told(_ =>
        {
            isThere.TrySetResult();
            goOn.Wait(Bound);
        }), Bound);
        await isThere.Task.WaitAsync(Bound);
        return transfer;
    }

    private sealed class Told(Action<long> work) : IProgress<FtpProgress>
    {
        public void Report(FtpProgress value) => work(value.Transferred);
    }
}
