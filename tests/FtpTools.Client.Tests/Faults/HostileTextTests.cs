using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>What a server says may try to move a terminal's cursor, to forge lines of a log, and to show a password.</summary>
public sealed class HostileTextTests : LoopbackTest
{
    private const string Evil = "\u001B[2J\u0007\r2026-01-01 forged \u009B31m \u2028 \u202Etxt \u2066 \u200F \u0085";

    private readonly ConcurrentQueue<FtpLogEntry> _log = new();

    [Fact]
    public async Task Control_characters_of_replies_reach_no_log_and_no_message()
    {
        Server.Greeting = $"220-one {Evil}\r\n220 two {Evil}";
        Server.On("DELE", (c, _) => c.ReplyAsync($"550 {Evil}"));
        using var trace = FtpTrace.To(_log.Enqueue);
        using var session = await ConnectAsync();
        var error = await Assert.ThrowsAsync<FtpCommandException>(() => session.DeleteFileAsync("/x", Bound));
        AssertVisible(error.Message);
        Assert.Contains("\\x1B[2J", error.Message);
        // The object has what was really said.
        Assert.Equal(Evil, error.Reply.Text);
        Assert.All(_log.SelectMany(entry => entry.Message.Split('\n')), AssertVisible);
        Assert.Contains(_log, entry => entry.Message.Split('\n') is ["<-- 220-one \\x1B[2J\\x07\\x0D2026-01-01 forged \\x9B31m \\u2028 \\u202Etxt \\u2066 \\u200F \\x85", var second] && second.StartsWith("    two", StringComparison.Ordinal));
        await ProveAsync(session);
    }

    [Fact]
    public async Task Names_with_control_characters_stay_true_in_objects_alone()
    {
        if (Path.DirectorySeparatorChar == '\\')
            return; // which has no such names
        const string Name = "e\u001B]0;x\u0007\u202E.txt";
        File.WriteAllText(Path.Combine(Server.Root, Name), "x");
        using var session = await ConnectAsync();
        Directory.CreateDirectory(Local(Name));
        var item = Assert.Single(await ListAsync(session));
        Assert.Equal(Name, item.Name);
        var error = await FailsAsync("FtpLocalFileError", () => session.DownloadAsync(item, Local(Name), Default, null, Bound));
        AssertVisible(error.Message);
        Assert.Equal("/" + Name, error.Path);
        await session.DownloadAsync(item, Local("fine"), Default, null, Bound);
        Assert.Equal("x", File.ReadAllText(Local("fine")));
    }

    [Fact]
    public async Task A_sessions_name_forges_no_line_of_a_log()
    {
        using var trace = FtpTrace.To(_log.Enqueue);
        using var session = await FtpSession.ConnectAsync(Options with { Name = Evil + "\nforged" }, Bound);
        await session.UploadAsync(new MemoryStream([1]), "/x", Default, null, Bound);
        Assert.Contains(_log, entry => entry.Source.EndsWith("\\x85\\x0Aforged", StringComparison.Ordinal));
        Assert.All(_log, entry => AssertVisible(entry.Source));
    }

    [Fact]
    public async Task A_password_that_is_said_back_is_shown_to_nobody()
    {
        Directory.CreateDirectory(Path.Combine(Server.Root, Server.Password));
        Server.On("DELE", (c, _) => c.ReplyAsync($"550 no, {Server.Password}!"));
        using var trace = FtpTrace.To(_log.Enqueue);
        using var session = await ConnectAsync();
        var error = await Assert.ThrowsAsync<FtpCommandException>(() => session.DeleteFileAsync("/x", Bound));
        Assert.Equal("no, ***!", error.Reply.Text);
        Assert.Contains("'550 no, ***!'", error.Message);
        Assert.DoesNotContain(_log, entry => entry.Message.Contains(Server.Password, StringComparison.Ordinal));
        // What the engine reads is what was sent.
        Assert.Equal("/" + Server.Password, (await session.GetItemAsync("/" + Server.Password, Bound)).FullName);
    }

    [Theory]
    [InlineData("530 bad password {0}")]
    [InlineData("530-{0}\r\n530 {0}{0}")]
    [InlineData("What is {0}?")]
    public async Task A_password_that_is_refused_is_in_no_error(string reply)
    {
        using var trace = FtpTrace.To(_log.Enqueue);
        Server.On("PASS", (c, argument) => c.ReplyAsync(string.Format(CultureInfo.InvariantCulture, reply, argument)));
        var error = await Assert.ThrowsAnyAsync<FtpException>(ConnectAsync);
        Assert.DoesNotContain(Server.Password, error.ToString());
        Assert.Contains("***", error.Message);
        Assert.DoesNotContain(_log, entry => entry.Message.Contains(Server.Password, StringComparison.Ordinal));
    }

    private static void AssertVisible(string text) =>
        Assert.DoesNotContain(text, c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));
}
