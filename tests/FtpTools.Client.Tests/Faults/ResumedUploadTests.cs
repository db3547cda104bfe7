using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>An upload that is gone on with is what was sent, whatever the server makes of REST and APPE; where there is no telling it begins anew.</summary>
public sealed class ResumedUploadTests : LoopbackTest
{
    private const int Size = 3_000_000;
    private static readonly FtpTransferOptions _retry = new() { RetryCount = 2 };

    /// <summary>With APPE refused: what REST and STOR make of it, whether it can be read back or told by a hash, and how it ends.</summary>
    [Theory]
    [InlineData(UploadRestart.Done, "read", true, 1)]
    [InlineData(UploadRestart.Done, "hash", true, 1)]
    [InlineData(UploadRestart.Done, "none", false, 0)]
    [InlineData(UploadRestart.Forgotten, "read", false, 1)]
    [InlineData(UploadRestart.Forgotten, "hash", false, 1)]
    [InlineData(UploadRestart.Zeros, "read", false, 1)]
    [InlineData(UploadRestart.Zeros, "hash", false, 1)]
    [InlineData(UploadRestart.Doubled, "read", false, 1)]
    [InlineData(UploadRestart.Doubled, "hash", false, 1)]
    public async Task Where_APPE_is_refused_REST_and_STOR_count_for_what_they_made(UploadRestart restart, string proof, bool isResumed, int tries)
    {
        Server.Habits.AppendRefusal = "502 APPE not implemented.";
        Server.Habits.UploadRestart = restart;
        Prove(proof);
        Fill("up", Size);
        using var session = await ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            CutOnce();
            var result = await session.UploadAsync(Local("up"), "/up", _retry, null, Bound);
            Assert.Equal((2, isResumed, FtpVerification.Size), (result.Attempts, result.Resumed, result.Verification));
            Assert.Equal(File.ReadAllBytes(Local("up")), Served("up"));
            Assert.Equal(["up"], There());
        }

        // Once a session, if it fails, and each time, if it does not.
        Assert.Equal((1, isResumed ? 2 * tries : tries), (Count("APPE"), CountRestarts()));
        Assert.Contains(session.Habits, habit => habit.Evidence.Contains("APPE not implemented", StringComparison.Ordinal));
        Server.Off("RETR");
        await ProveAsync(session);
    }

    [Fact]
    public async Task Zeros_that_should_be_there_prove_nothing()
    {
        Server.Habits.AppendRefusal = "502 APPE not implemented.";
        File.WriteAllBytes(Local("up"), new byte[Size]);
        using var session = await ConnectAsync();
        CutOnce();
        Assert.False((await session.UploadAsync(Local("up"), "/up", _retry, null, Bound)).Resumed);
        Assert.Equal(new byte[Size], Served("up"));
        Assert.Equal(0, CountRestarts());
        await ProveAsync(session);
    }

    /// <summary>A refusal that may be about the file is remembered once the other way has done it.</summary>
    [Theory]
    [InlineData("550 Permission denied.", UploadRestart.Done, 1)]
    [InlineData("550 Permission denied.", UploadRestart.Forgotten, 2)]
    [InlineData("500 What?", UploadRestart.Forgotten, 1)]
    public async Task A_refusal_of_APPE_is_remembered_where_it_is_no_matter_of_the_file(string refusal, UploadRestart restart, int asked)
    {
        Server.Habits.AppendRefusal = refusal;
        Server.Habits.UploadRestart = restart;
        Fill("up", Size);
        using var session = await ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            CutOnce();
            await session.UploadAsync(Local("up"), "/up", _retry, null, Bound);
            Assert.Equal(File.ReadAllBytes(Local("up")), Served("up"));
        }

        Assert.Equal(asked, Count("APPE"));
        await ProveAsync(session);
    }

    /// <summary>ProFTPD with AllowOverwrite off: a part that is there can be added to by nobody, nor be replaced.</summary>
    [Fact]
    public async Task A_part_that_nobody_may_write_to_any_more_is_left_for_another()
    {
        var stored = new HashSet<string>();
        foreach (var verb in new[] { "STOR", "APPE" })
            Server.On(verb, (c, argument) => verb == "STOR" && stored.Add(argument) ? c.HandleAsync(verb, argument) : c.ReplyAsync("550 Overwrite permission denied"));
        Fill("up", Size);
        using var session = await ConnectAsync();
        CutOnce();
        var result = await session.UploadAsync(Local("up"), "/up", _retry, null, Bound);
        Assert.Equal((2, false), (result.Attempts, result.Resumed));
        Assert.Equal(File.ReadAllBytes(Local("up")), Served("up"));
        Assert.Equal(["up"], There());
        Assert.Equal(2, stored.Count);
        await ProveAsync(session);
    }

    /// <summary>ProFTPD with HiddenStores: a part that broke off is not shown under its name, and is in the way of the next one of that name.</summary>
    [Fact]
    public async Task A_part_that_is_hidden_and_in_the_way_is_left_for_another()
    {
        var stored = new HashSet<string>();
        Server.On("STOR", (c, argument) => stored.Add(argument) ? c.HandleAsync("STOR", argument) : c.ReplyAsync("550 Temporary hidden file already exists"));
        Server.On("SIZE", (c, argument) => stored.Count == 1 ? c.ReplyAsync("550 No such file or directory") : c.HandleAsync("SIZE", argument));
        Fill("up", Size);
        using var session = await ConnectAsync();
        CutOnce();
        Assert.Equal(2, (await session.UploadAsync(Local("up"), "/up", _retry, null, Bound)).Attempts);
        Assert.Equal(["up"], There());
        Assert.All(stored, path => Assert.StartsWith("/.", path, StringComparison.Ordinal));
        Server.Off("STOR");
        Server.Off("SIZE");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_part_that_has_grown_meanwhile_is_not_put_in_place()
    {
        Fill("up", Size);
        using var session = await ConnectAsync();
        CutOnce();
        Server.On("APPE", async (c, argument) =>
        {
            await File.AppendAllTextAsync(Path.Combine(Server.Root, argument.TrimStart('/')), "more");
            await c.HandleAsync("APPE", argument);
        });
        await FailsAsync("FtpVerificationFailed", () => session.UploadAsync(Local("up"), "/up", _retry, null, Bound));
        Assert.Empty(There());
        Server.Off("APPE");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_server_without_SIZE_tells_by_its_listing_where_to_go_on()
    {
        Server.On("SIZE", (c, _) => c.ReplyAsync("502 SIZE not implemented."));
        Fill("up", Size);
        using var session = await ConnectAsync();
        CutOnce();
        var result = await session.UploadAsync(Local("up"), "/up", _retry, null, Bound);
        Assert.Equal((2, true, 1), (result.Attempts, result.Resumed, Count("APPE")));
        Assert.Equal(File.ReadAllBytes(Local("up")), Served("up"));
        Server.Off("SIZE");
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_there_under_the_targets_own_name_is_gone_on_with_if_it_ends_as_the_source_does(bool isSame)
    {
        Fill("up", Size);
        File.WriteAllBytes(Path.Combine(Server.Root, "up"), isSame ? File.ReadAllBytes(Local("up"))[..2_000_000] : RandomNumberGenerator.GetBytes(2_000_000));
        using var session = await ConnectAsync();
        var result = await session.UploadAsync(Local("up"), "/up", Default with { Direct = true, Resume = true }, null, Bound);
        Assert.Equal((isSame, isSame ? 1 : 0), (result.Resumed, Count("APPE")));
        Assert.Equal(File.ReadAllBytes(Local("up")), Served("up"));
        await ProveAsync(session);
    }

    /// <summary>ProveAsync begins where REST said, if that is still in force on the server.</summary>
    [Fact]
    public async Task An_offset_that_an_upload_did_not_use_up_is_taken_back()
    {
        Server.Habits.AppendRefusal = "502 APPE not implemented.";
        Server.Habits.KeepsRestart = true;
        Fill("up", Size);
        using var session = await ConnectAsync();
        CutOnce();
        Assert.True((await session.UploadAsync(Local("up"), "/up", _retry, null, Bound)).Resumed);
        Assert.Equal(File.ReadAllBytes(Local("up")), Served("up"));
        await ProveAsync(session);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_offset_before_a_transfer_that_was_refused_is_taken_back(bool upload)
    {
        Serve("down", Size);
        Fill("up", Size);
        if (upload)
            Server.Habits.AppendRefusal = "502 APPE not implemented.";
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/down", Bound);
        CutOnce();
        var verb = upload ? "STOR" : "RETR";
        var offset = "";
        Server.On("REST", (c, argument) =>
        {
            offset = argument;
            return c.HandleAsync("REST", argument);
        });
        Server.On(verb, (c, argument) => offset is "" or "0" ? c.HandleAsync(verb, argument) : c.ReplyAsync("501 Not from there."));
        var result = upload
            ? await session.UploadAsync(Local("up"), "/up", _retry, null, Bound)
            : await session.DownloadAsync(item, Local("down"), _retry, null, Bound);
        Assert.Equal((2, false, "0"), (result.Attempts, result.Resumed, offset));
        Assert.Equal(File.ReadAllBytes(upload ? Local("up") : Local("down")), Served(upload ? "up" : "down"));
        Server.Off("REST");
        Server.Off(verb);
        await ProveAsync(session);
    }

    /// <summary>How often an upload was to begin elsewhere than at its beginning.</summary>
    private int CountRestarts()
    {
        var lines = Server.Commands;
        return lines.Skip(1).Where((line, i) => line.StartsWith("STOR ", StringComparison.Ordinal) && lines[i].StartsWith("REST ", StringComparison.Ordinal) && lines[i] != "REST 0").Count();
    }

    private void Prove(string how)
    {
        if (how == "none")
            Server.On("RETR", (c, argument) => argument == "/proof" ? c.HandleAsync("RETR", argument) : c.ReplyAsync("550 Permission denied."));
        if (how != "hash")
            return;
        Server.Features.Add("XSHA256");
        Server.On("XSHA256", (c, argument) => c.ReplyAsync($"250 {Convert.ToHexString(SHA256.HashData(Served(argument.TrimStart('/'))))}"));
    }

    private void CutOnce()
    {
        Server.DataFaults.CutAfter = 2_000_000;
        Server.DataFaults.Times = 1;
        // A reset takes away what has not been read yet, and at full speed that may be all of it.
        Server.DataFaults.Cut = DataCut.Finish;
        Server.DataFaults.BytesPerSecond = 20_000_000;
        Server.DataFaults.AppliesTo = static (verb, _) => verb is "STOR" or "RETR";
    }
}
