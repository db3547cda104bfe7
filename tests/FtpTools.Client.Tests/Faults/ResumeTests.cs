using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>What was begun is gone on with, and nothing short is ever put in place.</summary>
public sealed class ResumeTests : LoopbackTest
{
    private const int Size = 3_000_000;
    private static readonly FtpTransferOptions _resume = new() { Resume = true, RetryCount = 0 };
    private static readonly FtpTransferOptions _retry = new() { RetryCount = 2 };

    [Fact]
    public async Task A_download_that_is_cut_goes_on_where_it_stood()
    {
        Serve("big", Size);
        Cut(1_700_000, times: 1);
        using var session = await ConnectAsync();
        var result = await session.DownloadAsync(await session.GetItemAsync("/big", Bound), Local("big"), _retry, null, Bound);
        Assert.Equal((2, true, (long)Size, FtpVerification.Size), (result.Attempts, result.Resumed, result.Length, result.Verification));
        // Each byte came in this call, whichever try it was.
        Assert.Equal(Size, result.BytesPerSecond * result.Elapsed.TotalSeconds, 1.0);
        Assert.StartsWith("REST ", Server.Commands.Single(line => line.StartsWith("REST", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(Served("big"), File.ReadAllBytes(Local("big")));
        Assert.Equal(["big"], Here());
        await ProveAsync(session);
    }

    [Fact]
    public async Task An_upload_that_is_cut_goes_on_where_it_stood()
    {
        Fill("big", Size);
        Cut(1_700_000, times: 1);
        using var session = await ConnectAsync();
        var result = await session.UploadAsync(Local("big"), "/big", _retry, null, Bound);
        Assert.Equal((2, true, (long)Size, FtpVerification.Size), (result.Attempts, result.Resumed, result.Length, result.Verification));
        Assert.Equal((1, 0), (Count("APPE"), Count("REST")));
        Assert.Equal(File.ReadAllBytes(Local("big")), Served("big"));
        Assert.Equal(["big"], There());
        await ProveAsync(session);
    }

    [Fact]
    public async Task The_loss_of_the_control_connection_costs_one_try()
    {
        Serve("big", Size);
        Cut(1_700_000, times: 1);
        Server.DataFaults.ClosingReply = null;
        Server.DataFaults.DropControl = true;
        using var session = await ConnectAsync();
        var result = await session.DownloadAsync(await session.GetItemAsync("/big", Bound), Local("big"), _retry, null, Bound);
        Assert.Equal((2, true), (result.Attempts, result.Resumed));
        Assert.Equal(Served("big"), File.ReadAllBytes(Local("big")));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_busy_file_is_asked_for_again_and_a_refused_one_is_not()
    {
        Serve("file", 1000);
        var busy = 1;
        Server.On("RETR", (c, argument) => busy-- > 0 ? c.ReplyAsync("450 File busy") : c.HandleAsync("RETR", argument));
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/file", Bound);
        Assert.Equal(2, (await session.DownloadAsync(item, Local("file"), _retry, null, Bound)).Attempts);
        Server.On("RETR", (c, _) => c.ReplyAsync("550 Permission denied"));
        await FailsAsync("FtpPermissionDenied", () => session.DownloadAsync(item, Local("other"), _retry, null, Bound));
        Assert.Equal(3, Count("RETR"));
        Server.Off("RETR");
        await ProveAsync(session);
    }

    [Fact]
    public async Task What_a_failed_transfer_left_is_resumed_later_in_both_directions()
    {
        Serve("down", Size);
        Fill("up", Size);
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/down", Bound);
        Cut(2_000_000, times: 2);
        var error = await Assert.ThrowsAnyAsync<FtpException>(() => session.DownloadAsync(item, Local("down"), Default, null, Bound));
        Assert.Contains("kept for -Resume", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<FtpException>(() => session.UploadAsync(Local("up"), "/up", Default, null, Bound));
        Assert.False(File.Exists(Local("down")));
        Assert.Null(await session.FindItemAsync("/up", Bound));

        using var later = await ConnectAsync();
        foreach (var result in new[] { await later.DownloadAsync(item, Local("down"), _resume, null, Bound), await later.UploadAsync(Local("up"), "/up", _resume, null, Bound) })
        {
            Assert.Equal((true, (long)Size), (result.Resumed, result.Length));
            // Of three million bytes, two were there: what they took was another call's time.
            Assert.InRange(result.BytesPerSecond * result.Elapsed.TotalSeconds, 1, 1_900_000);
        }

        Assert.Equal(Served("down"), File.ReadAllBytes(Local("down")));
        Assert.Equal(File.ReadAllBytes(Local("up")), Served("up"));
        Assert.Equal(["down", "up"], Here());
        Assert.Equal(["down", "up"], There());
    }

    /// <summary>As when the process was killed between the last byte and the name.</summary>
    [Fact]
    public async Task A_part_that_is_whole_already_only_takes_its_name()
    {
        Serve("down", Size);
        Fill("up", Size);
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/down", Bound);
        Cut(Size - 1, times: 2);
        await Assert.ThrowsAnyAsync<FtpException>(() => session.DownloadAsync(item, Local("down"), Default, null, Bound));
        await Assert.ThrowsAnyAsync<FtpException>(() => session.UploadAsync(Local("up"), "/up", Default, null, Bound));
        File.Copy(Path.Combine(Server.Root, "down"), Directory.GetFiles(Folder, ".ftptools-*").Single(), overwrite: true);
        File.Copy(Local("up"), Directory.GetFiles(Server.Root, ".ftptools-*").Single(), overwrite: true);
        var transfers = Count("RETR") + Count("STOR");
        var down = await session.DownloadAsync(item, Local("down"), _resume, null, Bound);
        var up = await session.UploadAsync(Local("up"), "/up", _resume, null, Bound);
        Assert.Equal((true, FtpVerification.Size, (long)Size), (down.Resumed, down.Verification, down.Length));
        Assert.Equal((true, FtpVerification.Size, (long)Size), (up.Resumed, up.Verification, up.Length));
        Assert.Equal((0.0, 0.0), (down.BytesPerSecond, up.BytesPerSecond));
        Assert.Equal(transfers, Count("RETR") + Count("STOR"));
        Assert.Equal(["down", "up"], Here());
        Assert.Equal(["down", "up"], There());
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancel_between_REST_and_RETR_does_not_have_the_next_transfer_begin_there(bool upload)
    {
        Serve("big", Size);
        Cut(2_000_000, times: 1);
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/big", Bound);
        await Assert.ThrowsAnyAsync<FtpException>(() => session.DownloadAsync(item, Local("big"), Default, null, Bound));
        using var stop = new CancellationTokenSource();
        Server.On("REST", (c, argument) =>
        {
            stop.Cancel();
            return c.HandleAsync("REST", argument);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.DownloadAsync(item, Local("big"), _resume, null, stop.Token));
        Server.Off("REST");
        if (upload)
        {
            Fill("up", 100_000);
            await session.UploadAsync(Local("up"), "/up", Default, null, Bound);
            Assert.Equal(File.ReadAllBytes(Local("up")), Served("up"));
        }

        await ProveAsync(session);
        Assert.Equal((1, 1), (Server.AcceptedCount, Server.Commands.Count(line => line == "REST 0")));
    }

    [Fact]
    public async Task A_source_that_has_changed_is_transferred_from_the_beginning()
    {
        Fill("up", Size);
        using var session = await ConnectAsync();
        Cut(2_000_000, times: 1);
        await Assert.ThrowsAnyAsync<FtpException>(() => session.UploadAsync(Local("up"), "/up", Default, null, Bound));
        File.WriteAllBytes(Local("up"), RandomNumberGenerator.GetBytes(Size));
        File.SetLastWriteTimeUtc(Local("up"), DateTime.UtcNow.AddHours(1));

        var said = new List<string>();
        FtpTransferResult result;
        using (FtpTrace.To(entry =>
        {
            lock (said)
                said.Add(entry.Message);
        }))
            result = await session.UploadAsync(Local("up"), "/up", _resume, null, Bound);
        Assert.False(result.Resumed);
        Assert.Contains(said, line => line.Contains("has changed since", StringComparison.Ordinal));
        Assert.Equal(File.ReadAllBytes(Local("up")), Served("up"));
        Assert.Equal(["up"], There());
    }

    [Fact]
    public async Task Parts_of_a_source_that_has_changed_are_removed_when_the_new_one_is_in_place()
    {
        Serve("down", Size);
        Fill("up", Size);
        // What is not named as our parts are, or is another file's, is nobody's business.
        string[] others = [".ftptools-.part", ".ftptools-000000000000-000000000000-000000000000.part", ".ftptools-x"];
        foreach (var name in others)
        {
            File.WriteAllText(Local(name), "");
            File.WriteAllText(Path.Combine(Server.Root, name), "");
        }

        using var session = await ConnectAsync();
        Cut(2_000_000, times: 4);
        for (var i = 0; i < 2; i++)
        {
            File.SetLastWriteTimeUtc(Local("up"), DateTime.UtcNow.AddHours(-i));
            File.SetLastWriteTimeUtc(Path.Combine(Server.Root, "down"), DateTime.UtcNow.AddHours(-i));
            await Assert.ThrowsAnyAsync<FtpException>(() => session.UploadAsync(Local("up"), "/up", Default, null, Bound));
            await Assert.ThrowsAnyAsync<FtpException>(async () => await session.DownloadAsync(await session.GetItemAsync("/down", Bound), Local("down"), Default, null, Bound));
        }

        File.SetLastWriteTimeUtc(Local("up"), DateTime.UtcNow.AddHours(-5));
        File.SetLastWriteTimeUtc(Path.Combine(Server.Root, "down"), DateTime.UtcNow.AddHours(-5));
        Assert.Equal((6, 6), (Here().Length, There().Length));
        var item = await session.GetItemAsync("/down", Bound);
        Cut(1, times: 2);
        await Assert.ThrowsAnyAsync<FtpException>(() => session.UploadAsync(Local("up"), "/up", _resume, null, Bound));
        await Assert.ThrowsAnyAsync<FtpException>(() => session.DownloadAsync(item, Local("down"), _resume, null, Bound));
        Assert.Equal((6, 6), (Here().Length, There().Length));
        Assert.False((await session.UploadAsync(Local("up"), "/up", _resume, null, Bound)).Resumed);
        Assert.False((await session.DownloadAsync(item, Local("down"), _resume, null, Bound)).Resumed);
        Assert.Equal([.. others, "down", "up"], Here());
        Assert.Equal([.. others, "down", "up"], There());
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_part_that_somebody_is_writing_is_not_removed()
    {
        Serve("down", Size);
        Fill("up", Size);
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/down", Bound);
        Cut(2_000_000, times: 2);
        await Assert.ThrowsAnyAsync<FtpException>(() => session.UploadAsync(Local("up"), "/up", Default, null, Bound));
        await Assert.ThrowsAnyAsync<FtpException>(() => session.DownloadAsync(item, Local("down"), Default, null, Bound));
        var there = Directory.GetFiles(Server.Root, ".ftptools-*").Single();
        var here = Directory.GetFiles(Folder, ".ftptools-*").Single();
        File.SetLastWriteTimeUtc(Local("up"), DateTime.UtcNow.AddHours(-5));
        File.SetLastWriteTimeUtc(Path.Combine(Server.Root, "down"), DateTime.UtcNow.AddHours(-5));
        item = await session.GetItemAsync("/down", Bound);
        Server.On("RNTO", async (c, argument) =>
        {
            await File.AppendAllTextAsync(there, "more");
            await c.HandleAsync("RNTO", argument);
        });
        await session.UploadAsync(Local("up"), "/up", _resume, null, Bound);
        using (new FileStream(here, FileMode.Append, FileAccess.Write, FileShare.Read))
            await session.DownloadAsync(item, Local("down"), _resume, null, Bound);
        Assert.True(File.Exists(there));
        Assert.True(File.Exists(here));
        Server.Off("RNTO");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_download_that_begins_anew_removes_what_an_earlier_one_left_of_the_file()
    {
        Serve("down", Size);
        Serve("other", Size);
        using var session = await ConnectAsync();
        var items = await ListAsync(session);
        Cut(2_000_000, times: 2);
        foreach (var item in items)
            await Assert.ThrowsAnyAsync<FtpException>(() => session.DownloadAsync(item, Local(item.Name), Default, null, Bound));
        Assert.Equal(2, Here().Length);
        FtpTransferResult? result = null;
        await TransferTreeAsync(session, Default, found => result = found, batch => batch.AddDownload(items.Single(item => item.Name == "down"), Local("down")));
        Assert.Equal((FtpTransferStatus.Succeeded, false), (result!.Status, result.Resumed));
        Assert.Equal(2, Here().Length);
        Assert.True((await session.DownloadAsync(items.Single(item => item.Name == "other"), Local("other"), _resume, null, Bound)).Resumed);
        Assert.Equal(["down", "other"], Here());
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_download_begins_anew_where_REST_is_refused()
    {
        Serve("down", Size);
        Server.On("REST", (c, _) => c.ReplyAsync("502 No REST here"));
        using var session = await ConnectAsync();
        Cut(2_000_000, times: 1);
        var result = await session.DownloadAsync(await session.GetItemAsync("/down", Bound), Local("down"), _retry, null, Bound);
        Assert.Equal((2, false), (result.Attempts, result.Resumed));
        Assert.Equal(Served("down"), File.ReadAllBytes(Local("down")));
        Server.Off("REST");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_first_try_that_is_lost_early_leaves_no_check_out()
    {
        Serve("file", 1000);
        Fill("file", 3000);
        using var session = await ConnectAsync();
        HangUpOver("MLST");
        await FailsAsync("FtpAlreadyExists", () => session.UploadAsync(Local("file"), "/file", _retry with { NoClobber = true }, null, Bound));
        Assert.Equal(1000, Served("file").Length);
        var item = await session.GetItemAsync("/file", Bound);
        await LoseAsync(session);
        Once("USER", "421 Not now");
        await FailsAsync("FtpAlreadyExists", () => session.DownloadAsync(item, Local("file"), _retry with { NoClobber = true }, null, Bound));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_direct_transfer_that_is_tried_again_does_not_go_on_with_the_former_file()
    {
        Serve("file", 1000);
        Fill("file", 3000);
        using var session = await ConnectAsync();
        Once("STOR", "450 Busy");
        Assert.Equal(2, (await session.UploadAsync(Local("file"), "/file", _retry with { Direct = true }, null, Bound)).Attempts);
        Assert.Equal(File.ReadAllBytes(Local("file")), Served("file"));

        Fill("down", 1000);
        var item = await session.GetItemAsync("/file", Bound);
        await LoseAsync(session);
        Once("USER", "421 Not now");
        Assert.Equal(2, (await session.DownloadAsync(item, Local("down"), _retry with { Direct = true }, null, Bound)).Attempts);
        Assert.Equal(Served("file"), File.ReadAllBytes(Local("down")));
        await ProveAsync(session);
    }

    [Fact]
    public async Task The_result_of_a_failure_tells_how_often_it_was_tried()
    {
        Serve("file", 10);
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/file", Bound);
        Server.On("RETR", (c, _) => c.ReplyAsync("450 File busy"));
        FtpTransferResult? result = null;
        await TransferTreeAsync(session, Default with { RetryCount = 1 }, found => result = found, batch => batch.AddDownload(item, Local("file")));
        Assert.Equal((FtpTransferStatus.Failed, 2), (result!.Status, result.Attempts));
        Server.Off("RETR");
        await ProveAsync(session);
    }

    [Fact]
    public async Task An_ASCII_transfer_is_not_resumed()
    {
        Serve("text", 10);
        Fill("text", 10);
        using var session = await ConnectAsync();
        var text = _resume with { TransferType = FtpTransferType.Ascii };
        var item = await session.GetItemAsync("/text", Bound);
        await FailsAsync("FtpCommandNotSupported", () => session.DownloadAsync(item, Local("other"), text, null, Bound));
        await FailsAsync("FtpCommandNotSupported", () => session.UploadAsync(Local("text"), "/other", text, null, Bound));
        await ProveAsync(session);
    }

    /// <summary>Each is cut at a byte of chance, up to three times, and is whole in the end without ever being seen short.</summary>
    [Fact]
    public async Task Two_hundred_transfers_that_are_cut_anywhere_are_whole_after_resuming()
    {
        var random = new Random(3659);
        using var session = await ConnectAsync();
        Fill("up", Size);
        Serve("down", Size);
        var item = await session.GetItemAsync("/down", Bound);
        var (up, down) = (File.ReadAllBytes(Local("up")), Served("down"));
        for (var i = 0; i < 200; i++)
        {
            var isUpload = i % 2 == 0;
            Cut(random.Next(1, Size), times: random.Next(1, 4));
            Server.DataFaults.BytesPerSecond = 0;
            Server.DataFaults.Cut = random.Next(2) == 0 ? DataCut.Reset : DataCut.Finish;
            Server.DataFaults.DropControl = random.Next(4) == 0;
            Server.DataFaults.ClosingReply = random.Next(3) switch { 0 => "426 Cut.", 1 => "226 Done.", _ => null };
            if (Server.DataFaults.ClosingReply is null)
                Server.DataFaults.DropControl = true;
            FtpTransferResult? result = null;
            for (var tries = 0; result is null; tries++)
            {
                Assert.True(tries < 9, "It does not come to an end.");
                try
                {
                    result = isUpload
                        ? await session.UploadAsync(Local("up"), "/target", _resume, null, Bound)
                        : await session.DownloadAsync(item, Local("target"), _resume, null, Bound);
                }
                catch (FtpException)
                {
                    Assert.False(File.Exists(isUpload ? Path.Combine(Server.Root, "target") : Local("target")), "A target was put in place that was not whole.");
                    // What is old need not be watched for a second.
                    foreach (var part in Directory.GetFiles(Server.Root, ".ftptools-*"))
                        File.SetLastWriteTimeUtc(part, DateTime.UtcNow.AddHours(-2));
                }
            }

            Server.DataFaults.CutAfter = null;
            var copy = isUpload ? Path.Combine(Server.Root, "target") : Local("target");
            Assert.True((isUpload ? up : down).AsSpan().SequenceEqual(File.ReadAllBytes(copy)), $"Transfer {i} is not like the original.");
            File.Delete(copy);
        }

        Assert.Equal(["up"], Here());
        Assert.Equal(["down"], There());
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_reply_that_nobody_asked_for_costs_the_connection_and_is_taken_for_no_other()
    {
        Serve("file", 10);
        using var session = await ConnectAsync();
        Server.On("SIZE", async (c, argument) =>
        {
            await c.HandleAsync("SIZE", argument);
            await c.ReplyAsync("426 Connection closed; transfer aborted.");
        });
        Fill("up", 10);
        await FailsAsync("FtpConnectionLost", () => session.UploadAsync(Local("up"), "/up", Default, null, Bound));
        Server.Off("SIZE");
        // RNTO goes out along with RNFR, so that it may have its name by then; all of it, or none.
        if (There().Contains("up"))
            Assert.Equal(File.ReadAllBytes(Local("up")), File.ReadAllBytes(Path.Combine(Server.Root, "up")));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("426 Connection closed; transfer aborted.")]
    [InlineData("550 Too late.")]
    public async Task A_reply_too_many_before_that_to_RNFR_costs_the_connection(string reply)
    {
        Serve("old", 10);
        using var session = await ConnectAsync();
        Server.On("RNFR", async (c, argument) =>
        {
            await c.ReplyAsync(reply);
            await c.HandleAsync("RNFR", argument);
        });
        await FailsAsync("FtpConnectionLost", () => session.RenameAsync("/old", "/new", Bound));
        Server.Off("RNFR");
        await ProveAsync(session);
        Assert.Equal(2, Server.AcceptedCount);
    }

    [Fact]
    public async Task Update_skips_what_is_the_same_or_newer()
    {
        Serve("file", 1000);
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/file", Bound);
        var update = Default with { Update = true };
        Assert.Equal(FtpTransferStatus.Succeeded, (await session.DownloadAsync(item, Local("file"), update, null, Bound)).Status);
        var skipped = await session.DownloadAsync(item, Local("file"), update, null, Bound);
        Assert.Equal((FtpTransferStatus.Skipped, 1000L, 0.0), (skipped.Status, skipped.Length, skipped.BytesPerSecond));
        File.SetLastWriteTimeUtc(Local("file"), item.LastWriteTimeUtc!.Value.AddDays(-1));
        Assert.Equal(FtpTransferStatus.Succeeded, (await session.DownloadAsync(item, Local("file"), update, null, Bound)).Status);
        Assert.Equal(2, Count("RETR"));

        skipped = await session.UploadAsync(Local("file"), "/file", update, null, Bound);
        Assert.Equal((FtpTransferStatus.Skipped, 1000L, 0.0), (skipped.Status, skipped.Length, skipped.BytesPerSecond));
        File.AppendAllText(Local("file"), "more");
        Assert.Equal(FtpTransferStatus.Succeeded, (await session.UploadAsync(Local("file"), "/file", update, null, Bound)).Status);
        Assert.Equal(FtpTransferStatus.Skipped, (await session.UploadAsync(Local("file"), "/file", update, null, Bound)).Status);
        Assert.Equal(1, Count("STOR"));
        await ProveAsync(session);
    }

    [Fact]
    public async Task What_is_skipped_or_fails_is_no_part_of_the_bytes_to_be_moved()
    {
        Serve("same", 1000);
        Serve("new", 10);
        Serve("gone", 100);
        using var session = await ConnectAsync();
        var items = await ListAsync(session);
        File.Delete(Path.Combine(Server.Root, "gone"));
        await session.DownloadAsync(items.Single(item => item.Name == "same"), Local("same"), Default, null, Bound);
        FtpTransferBatch? batch = null;
        await TransferTreeAsync(session, Default with { Update = true }, _ => { }, found =>
        {
            batch = found;
            foreach (var item in items)
                batch.AddDownload(item, Local(item.Name));
        });
        Assert.Equal((3, 10L), (batch!.FileCount, batch.ByteCount));
        await ProveAsync(session);
    }

    /// <summary>A listing by LIST is in a time zone of the server's choice, here three hours ahead.</summary>
    [Fact]
    public async Task Update_asks_for_the_time_where_a_listing_does_not_tell_it_to_the_second()
    {
        Server.Features.Remove(Server.Features.Single(feature => feature.StartsWith("MLST", StringComparison.Ordinal)));
        Serve("file", 1000);
        Fill("file", 1000);
        var time = new DateTime(2020, 2, 29, 12, 34, 56, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(Path.Combine(Server.Root, "file"), time.AddHours(3));
        Server.On("MDTM", (c, _) => c.ReplyAsync("213 20200229123456"));
        using var session = await ConnectAsync();
        var update = Default with { Update = true };
        File.SetLastWriteTimeUtc(Local("file"), time.AddHours(1));
        Assert.Equal(FtpTransferStatus.Succeeded, (await session.UploadAsync(Local("file"), "/file", update, null, Bound)).Status);
        File.SetLastWriteTimeUtc(Local("file"), time);
        Assert.Equal(FtpTransferStatus.Skipped, (await session.UploadAsync(Local("file"), "/file", update, null, Bound)).Status);
        var item = await session.GetItemAsync("/file", Bound);
        Assert.Equal(FtpTransferStatus.Skipped, (await session.DownloadAsync(item, Local("file"), update, null, Bound)).Status);
        Server.Off("MDTM");
        await ProveAsync(session);
    }

    [Fact]
    public async Task An_upload_keeps_its_time_where_that_is_asked_for()
    {
        Fill("file", 1000);
        var time = new DateTime(2020, 2, 29, 12, 34, 56, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(Local("file"), time);
        using var session = await ConnectAsync();
        await session.UploadAsync(Local("file"), "/file", Default with { PreserveTime = true }, null, Bound);
        Assert.Equal(time, (await session.GetItemAsync("/file", Bound)).LastWriteTimeUtc);
        Server.On("MFMT", (c, _) => c.ReplyAsync("500 What?"));
        Server.On("MDTM", (c, argument) => c.ReplyAsync(argument == "20200229123456 /again" ? "213 File modification time set." : "550 No"));
        await session.UploadAsync(Local("file"), "/again", Default with { PreserveTime = true }, null, Bound);
        Assert.Equal(1, Count("MDTM"));
        Server.Off("MDTM");
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("HASH SHA-256;SHA-1*", "HASH", "213 {0} 0-3000000 {1} /x", "SHA-256")]
    [InlineData("XSHA256", "XSHA256", "250 {1}", "SHA-256")]
    [InlineData("XMD5", "XMD5", "250 XMD5 of the file is {1}", "MD5")]
    [InlineData("XCRC", "XCRC", "250 {1}", "CRC32")]
    [InlineData("SITE XMD5;UTIME", "XMD5", "250 {1}", "MD5")]
    public async Task Content_is_compared_by_the_hash_that_the_server_offers(string feature, string verb, string reply, string algorithm)
    {
        Server.Features.Add(feature);
        Fill("up", Size);
        var isWrong = false;
        var chosen = 0;
        Server.On("OPTS", (c, argument) => argument.StartsWith("HASH", StringComparison.Ordinal) ? c.ReplyAsync($"200 {argument[5..]} {chosen++}") : c.HandleAsync("OPTS", argument));
        Task AnswerAsync(LoopbackConnection c, string argument)
        {
            var content = File.ReadAllBytes(Path.Combine(Server.Root, argument.TrimStart('/')));
            var hash = algorithm switch
            {
                "SHA-256" => Convert.ToHexString(SHA256.HashData(content)),
                "MD5" => Convert.ToHexStringLower(MD5.HashData(content)),
                _ => Crc(content).ToString("X", System.Globalization.CultureInfo.InvariantCulture),
            };
            return c.ReplyAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, reply, algorithm, isWrong ? new string('0', hash.Length) : hash));
        }

        Server.On(verb, AnswerAsync);
        Server.On("SITE", (c, argument) => AnswerAsync(c, argument[(verb.Length + 1)..]));
        using var session = await ConnectAsync();
        var hashed = _retry with { Verify = FtpVerification.Hash };
        Cut(2_000_000, times: 1);
        var up = await session.UploadAsync(Local("up"), "/file", hashed, null, Bound);
        Assert.Equal((FtpVerification.Hash, true), (up.Verification, up.Resumed));
        var item = await session.GetItemAsync("/file", Bound);
        Cut(2_000_000, times: 1);
        var down = await session.DownloadAsync(item, Local("down"), hashed, null, Bound);
        Assert.Equal((FtpVerification.Hash, true), (down.Verification, down.Resumed));
        Assert.Equal(File.ReadAllBytes(Local("up")), File.ReadAllBytes(Local("down")));

        isWrong = true;
        await FailsAsync("FtpVerificationFailed", () => session.UploadAsync(Local("up"), "/other", hashed, null, Bound));
        await FailsAsync("FtpVerificationFailed", () => session.DownloadAsync(item, Local("other"), hashed, null, Bound));
        Assert.Equal(["down", "up"], Here());
        Assert.Equal(["file"], There());
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("502 No SITE here.")]
    [InlineData("214 CHMOD UMASK HELP")]
    public async Task A_server_without_hashes_is_an_error_when_one_is_asked_for(string help)
    {
        Serve("file", 10);
        Fill("file", 10);
        Server.On("SITE", (c, _) => c.ReplyAsync(help));
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/file", Bound);
        var hashed = Default with { Verify = FtpVerification.Hash };
        await FailsAsync("FtpCommandNotSupported", () => session.DownloadAsync(item, Local("other"), hashed, null, Bound));
        await FailsAsync("FtpCommandNotSupported", () => session.UploadAsync(Local("file"), "/other", hashed, null, Bound));
        Assert.Equal((1, 0, 0), (Count("SITE"), Count("RETR"), Count("STOR")));
        await ProveAsync(session);
    }

    /// <summary>As WU-FTPD tells hashes: only SITE HELP says so, which is asked for once, by whatever connection; and MD5 has to be chosen on each.</summary>
    [Fact]
    public async Task SITE_CHECKSUM_is_found_by_SITE_HELP_which_is_asked_for_once_a_session()
    {
        Server.On("SITE", async (c, argument) =>
        {
            if (argument == "HELP")
                await c.ReplyAsync("214-The following SITE commands are recognized (* =>'s unimplemented).\r\n   UMASK  XSHA1*  CHECKMETHOD  CHECKSUM\r\n214 Direct comments to root.");
            else if (argument.StartsWith("CHECKSUM ", StringComparison.Ordinal))
                await c.ReplyAsync($"200 {Convert.ToHexStringLower(MD5.HashData(File.ReadAllBytes(Path.Combine(Server.Root, argument[10..]))))} {argument[9..]}");
            else
                await c.ReplyAsync($"200 Current check method is: {argument}");
        });
        for (var i = 0; i < 20; i++)
            Fill($"up{i}", 1000 + i);
        using var session = await FtpSession.ConnectAsync(Options with { MaxConnection = 4 }, Bound);
        var results = new List<FtpTransferResult>();
        await TransferTreeAsync(session, Default with { Verify = FtpVerification.Hash }, result =>
        {
            lock (results)
                results.Add(result);
        }, batch => batch.AddUploadTree(Folder, "/tree"));
        Assert.All(results, result => Assert.Equal((FtpTransferStatus.Succeeded, FtpVerification.Hash), (result.Status, result.Verification)));
        Assert.Equal(20, results.Count);
        Assert.Equal(1, Server.Commands.Count(line => line == "SITE HELP"));
        Assert.Equal(Server.AcceptedCount, Server.Commands.Count(line => line == "SITE CHECKMETHOD MD5"));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(FtpTransferType.Ascii, false)]
    [InlineData(FtpTransferType.Binary, true)]
    public async Task A_hash_that_could_not_be_compared_is_refused_before_anything_is_sent(FtpTransferType type, bool append)
    {
        Server.Features.Add("XMD5");
        Serve("file", 10);
        Fill("file", 10);
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/file", Bound);
        var hashed = Default with { Verify = FtpVerification.Hash, TransferType = type, Append = append };
        var before = Server.Commands.Count;
        var error = await FailsAsync("FtpCommandNotSupported", () => session.UploadAsync(Local("file"), "/file", hashed, null, Bound));
        Assert.Contains(append ? "-Append" : "ASCII", error.Message, StringComparison.Ordinal);
        if (!append)
            await FailsAsync("FtpCommandNotSupported", () => session.DownloadAsync(item, Local("other"), hashed, null, Bound));
        Assert.Equal(before, Server.Commands.Count);
        await ProveAsync(session);
    }

    /// <summary>Every write to /dev/full fails for want of room; only Linux has it.</summary>
    [Fact]
    public async Task A_device_that_is_full_is_FtpDiskFull()
    {
        if (!File.Exists("/dev/full"))
            return;
        Serve("file", Size);
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/file", Bound);
        var error = await FailsAsync("FtpDiskFull", () => session.DownloadAsync(item, "/dev/full", _retry, null, Bound));
        Assert.Equal(1, error.Attempts);
        Assert.DoesNotContain("The server replied", error.Message, StringComparison.Ordinal);
        await ProveAsync(session);
    }

    [Fact]
    public async Task Two_sessions_of_one_call_share_the_limit()
    {
        File.WriteAllBytes(Local("file"), new byte[300_000]);
        using var first = await ConnectAsync();
        using var second = await ConnectAsync();
        var options = Default with { RateLimit = 500_000 };
        void Succeeds(FtpTransferResult result) => Assert.Equal(FtpTransferStatus.Succeeded, result.Status);
        var watch = Stopwatch.StartNew();
        var one = first.BeginTransfers(options, null, Succeeds, null, Bound);
        var other = second.BeginTransfers(options, one, Succeeds, null, Bound);
        one.AddUpload(Local("file"), "/one");
        other.AddUpload(Local("file"), "/other");
        await Task.WhenAll(one.CompleteAsync(), other.CompleteAsync());
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.9, 10);
    }

    [Fact]
    public async Task The_rate_limit_holds()
    {
        Serve("file", 300_000);
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/file", Bound);
        var watch = Stopwatch.StartNew();
        await session.DownloadAsync(item, Local("file"), Default with { RateLimit = 500_000 }, null, Bound);
        await session.UploadAsync(Local("file"), "/up", Default with { RateLimit = 500_000 }, null, Bound);
        Assert.InRange(watch.Elapsed.TotalSeconds, 1.0, 3.0);
        await ProveAsync(session);
    }

    private void Cut(long after, int times)
    {
        Server.DataFaults.CutAfter = after;
        Server.DataFaults.Times = times;
        // A reset takes away what has not been read yet, as a refusal does, and at full speed that may be all of it.
        Server.DataFaults.Cut = DataCut.Finish;
        Server.DataFaults.BytesPerSecond = 8_000_000;
        Server.DataFaults.AppliesTo = static (verb, _) => verb is "RETR" or "STOR" or "APPE";
    }

    /// <summary>Answers a verb so, and from then on as always.</summary>
    private void Once(string verb, string reply) => Server.On(verb, (c, _) =>
    {
        Server.Off(verb);
        return c.ReplyAsync(reply);
    });

    /// <summary>Takes a session's connection away.</summary>
    private async Task LoseAsync(FtpSession session)
    {
        HangUpOver("MLST");
        await FailsAsync("FtpConnectionLost", () => session.FindItemAsync("/file", Bound));
    }

    private void HangUpOver(string verb) => Server.On(verb, (c, _) =>
    {
        Server.Off(verb);
        c.Close();
        return Task.CompletedTask;
    });

    private static uint Crc(byte[] content)
    {
        var crc = uint.MaxValue;
        foreach (var b in content)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return crc ^ uint.MaxValue;
    }
}
