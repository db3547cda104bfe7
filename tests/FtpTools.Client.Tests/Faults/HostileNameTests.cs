using System;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Faults;

/// <summary>A server that answers with other names than it was asked about: what is written here is what was asked for.</summary>
public sealed class HostileNameTests : LoopbackTest
{
    [Theory]
    [InlineData("type=file;size=5; /.bashrc")]
    [InlineData("type=file;size=5; .bashrc")]
    [InlineData("type=file;size=5; /other/c.txt")]
    [InlineData("type=dir; /.ssh")]
    [InlineData("type=file;size=5; /")]
    public async Task The_answer_to_MLST_does_not_choose_the_name(string line)
    {
        Serve("a.txt", 7);
        Server.On("MLST", (c, _) => c.ReplyAsync($"250-Listing\r\n {line}\r\n250 End"));
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/a.txt", Bound);
        Assert.Equal(("a.txt", "/a.txt", FtpItemType.File, 7L), (item.Name, item.FullName, item.ItemType, item.Length));
        Assert.Null(await session.FindItemAsync("/b.txt", Bound));
        Server.Off("MLST");
        await ProveAsync(session);
    }

    /// <summary>A server that knows no case tells how the file's name is written there; macOS takes accents apart.</summary>
    [Theory]
    [InlineData("/A.TXT", "/a.txt")]
    [InlineData("/\u00FC.txt", "/u\u0308.txt")]
    public async Task The_same_name_in_another_writing_is_the_one_that_was_asked_for(string asked, string told)
    {
        Server.On("MLST", (c, _) => c.ReplyAsync($"250-Listing\r\n type=file;size=5;modify=20240131123456;perm=r; {told}\r\n250 End"));
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync(asked, Bound);
        Assert.Equal((asked.Substring(1), asked, 5L, "r"), (item.Name, item.FullName, item.Length, item.Permission));
        Assert.Equal(FtpTimePrecision.Second, item.TimePrecision);
        Assert.Equal(2024, item.LastWriteTimeUtc?.Year);
        Assert.Contains(told, item.RawLine);
    }

    [Fact]
    public async Task What_a_listing_calls_a_file_does_not_become_a_tree()
    {
        Directory.CreateDirectory(Path.Combine(Server.Root, "top", "file"));
        File.WriteAllText(Path.Combine(Server.Root, "top", "file", "inside.txt"), "x");
        Server.On("MLSD", (c, _) => AnswerAsync(c, "type=file;size=5; file\r\ntype=file;size=5; ok.txt\r\n"));
        using var session = await ConnectAsync();
        await TransferTreeAsync(session, Default, _ => { }, batch => batch.AddDownloadTree("/top", Local("top")));
        Assert.False(Directory.Exists(Local("top/file")));
        Assert.DoesNotContain(Server.Commands, command => command.Contains("inside", StringComparison.Ordinal));
    }

    private static async Task AnswerAsync(LoopbackConnection connection, string listing)
    {
        await connection.ReplyAsync("150 Here it comes");
        await using (var data = await connection.OpenDataStreamAsync())
            await data.WriteAsync(Encoding.UTF8.GetBytes(listing));
        await connection.ReplyAsync("226 Done");
    }
}
