using System;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using FtpTools.Tests.Faults;
using Xunit;

namespace FtpTools.Tests.Habits;

/// <summary>Greetings and replies that are no good FTP, as servers in the field have them: the session does its work all the same, in step.</summary>
public sealed class FieldReplyTests : LoopbackTest
{
    [Theory]
    [InlineData("\uFEFF220 Ready")] // .NET's StreamWriter begins with a byte order mark
    [InlineData("Welcome to this machine\r\n*** be nice ***\r\n220 Ready")]
    [InlineData(" 220 Ready")]
    [InlineData("220 Hello\r\n220 Ready")]
    [InlineData("220-Hello\r\n220 Ready\r\n220 Really")]
    [InlineData("220 Hello\r\nwhat follows is of no reply\r\n220 Ready")]
    [InlineData("220 Ready\r\r")]
    [InlineData("220 Ready\0")]
    public async Task Greetings_of_all_kinds(string greeting)
    {
        Server.Greeting = greeting;
        using var session = await ConnectAsync();
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Fact]
    public async Task Options_of_Telnet_are_no_part_of_the_greeting()
    {
        Server.Encoding = Encoding.Latin1;
        Server.Greeting = "\u00FF\u00FB\u0001\u00FF\u00FD\u0003220 Ready";
        using var session = await ConnectAsync();
        await ProveAsync(session);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2", "FtpConnectionLost")]
    [InlineData("HTTP/1.1 400 Bad Request", "FtpConnectionLost")]
    [InlineData("+OK POP3 ready", "FtpConnectionLost")]
    [InlineData("* OK IMAP4rev1 ready", "FtpConnectionLost")]
    [InlineData("Welcome to something else", "FtpTimeout")]
    public async Task What_is_no_FTP_server_is_told_from_one(string greeting, string id)
    {
        Server.Greeting = greeting;
        var error = await FailsAsync(id, ConnectAsync);
        Assert.Contains(greeting, error.Message, StringComparison.Ordinal);
        Assert.Contains("check whether this is an FTP server", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("211 Features:\r\n SIZE\r\n MDTM\r\n MLST type*;size*;modify*;\r\n EPSV\r\n211 End")] // no hyphen
    [InlineData("211-Features:\r\n SIZE\r\n MDTM\r\n MLST type*;size*;modify*;\r\n EPSV\r\n211-End")]
    [InlineData("211-Features:\r\n SIZE\r\n MDTM\r\n MLST type*;size*;modify*;\r\n EPSV\r\n226 End of list")]
    public async Task Features_are_read_however_the_reply_ends(string reply)
    {
        Server.On("FEAT", (c, _) => c.ReplyAsync(reply));
        using var session = await ConnectAsync();
        await ListAsync(session);
        Assert.Equal(1, Count("MLSD"));
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Theory]
    [InlineData("PASS", "230 Enjoy your stay")]
    [InlineData("PASS", "230-More\r\n230 Quota is fine")]
    [InlineData("CWD", "200 OK")]
    [InlineData("CWD", "250-Please read\r\n250 README")]
    public async Task A_yes_that_is_said_twice_is_one(string verb, string more)
    {
        WithoutFacts();
        Server.On(verb, async (c, argument) =>
        {
            await c.HandleAsync(verb, argument);
            await c.ReplyAsync(more);
        });
        using var session = await ConnectAsync();
        Directory.CreateDirectory(Path.Combine(Server.Root, "in"));
        Assert.Equal("in", Assert.Single(await ListAsync(session)).Name);
        Assert.Empty(await ListAsync(session, "/in"));
        await ProveAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    [Fact]
    public async Task A_transfer_may_end_twice()
    {
        WithoutFacts();
        Server.On("LIST", async (c, _) =>
        {
            await c.ReplyAsync("150 Here it comes");
            using (var data = await c.OpenDataStreamAsync())
                await data.WriteAsync("-rw-r--r-- 1 o g 70000 Jan 31 2024 proof\r\n"u8.ToArray());
            await c.ReplyAsync("226 Done\r\n250 Listed");
        });
        using var session = await ConnectAsync();
        for (var i = 0; i < 3; i++)
            Assert.Equal("proof", Assert.Single(await ListAsync(session)).Name);
        Assert.Contains(session.Habits, habit => habit.Name == "repeats replies");
        Assert.Equal(1, Server.AcceptedCount);
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_second_end_may_come_when_the_next_command_is_under_way()
    {
        WithoutFacts();
        var ends = 0;
        Server.On("LIST", async (c, _) =>
        {
            await c.ReplyAsync("150 Here it comes");
            using (await c.OpenDataStreamAsync())
            {
            }

            await c.ReplyAsync("226 Done");
            ends++;
        });
        Server.On("CWD", async (c, argument) =>
        {
            if (ends > 0)
                await c.ReplyAsync("226 Done indeed");
            ends = 0;
            await c.HandleAsync("CWD", argument);
        });
        using var session = await ConnectAsync();
        for (var i = 0; i < 3; i++)
            Assert.Empty(await ListAsync(session));
        await FailsAsync("FtpPathNotFound", () => ListAsync(session, "/none"));
        Assert.Equal(1, Server.AcceptedCount);
        Server.Off("LIST");
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_name_that_sounds_like_a_refusal_teaches_nothing()
    {
        WithoutFacts();
        foreach (var verb in new[] { "CWD", "SIZE" })
            Server.On(verb, (c, argument) => argument.Contains("command", StringComparison.Ordinal) ? c.ReplyAsync($"550 {argument}: No such file or directory") : c.HandleAsync(verb, argument));
        using var session = await ConnectAsync();
        Assert.False(await session.IsDirectoryAsync("/unknown command", Bound));
        Assert.Null(await session.FindItemAsync("/unknown command", Bound));
        Assert.Equal("doesn't offer TLS", Assert.Single(session.Habits).Name);
        await ProveAsync(session);
    }
}
