using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.Tests.Faults;
using Xunit;

namespace FtpTools.Tests.Habits;

/// <summary>Replies that RFC 959 does not foresee, of which each server has some: the session does its work all the same, or says what is refused.</summary>
public sealed class OddReplyTests : LoopbackTest
{
    [Theory]
    [InlineData("FEAT", "500 What?")]
    [InlineData("FEAT", "202 Nothing")]
    [InlineData("FEAT", "211 no-features")]
    [InlineData("SYST", "502 No")]
    [InlineData("SYST", "200 Something")]
    [InlineData("OPTS", "500 No")]
    [InlineData("OPTS", "202 Always so")]
    [InlineData("OPTS", "501 UTF8?")]
    [InlineData("NOOP", "502 No")]
    [InlineData("SIZE", "500 No")]
    [InlineData("SIZE", "202 No")]
    [InlineData("SIZE", "550 Not now")]
    [InlineData("MDTM", "500 No")]
    [InlineData("MDTM", "202 No")]
    [InlineData("MDTM", "250 Yesterday")]
    [InlineData("EPSV", "500 No")]
    [InlineData("EPSV", "522 Protocol not supported")]
    [InlineData("EPSV", "229 Entering nothing at all")]
    [InlineData("EPSV", "202 Superfluous")]
    [InlineData("PWD", "500 No")]
    [InlineData("PWD", "250 /")]
    [InlineData("MLST", "250 Nothing to tell")]
    [InlineData("MLST", "501 Path?")]
    [InlineData("REST", "502 No")]
    [InlineData("TYPE", "500 Unknown command")]
    [InlineData("MFMT", "500 No")]
    [InlineData("MFMT", "202 No")]
    public async Task A_file_goes_up_and_comes_down_whatever_one_command_is_answered(string verb, string reply)
    {
        Server.On(verb, (c, _) => c.ReplyAsync(reply));
        using var session = await ConnectAsync();
        await RoundTripAsync(session);
        await session.CreateDirectoryAsync("/made", false, Bound);
        Assert.Contains(await ListAsync(session), item => item is { Name: "made", IsDirectory: true });
        await session.RenameAsync("/up", "/renamed", Bound);
        await session.DeleteFileAsync("/renamed", Bound);
        Assert.DoesNotContain(await ListAsync(session), item => item.Name is "up" or "renamed");
    }

    [Theory]
    [InlineData("SIZE", "200 70000", 70_000L)]
    [InlineData("SIZE", "250 70000", 70_000L)]
    [InlineData("SIZE", "213 about 70000", null)]
    public async Task A_size_is_read_whatever_the_code_of_the_yes(string verb, string reply, long? size)
    {
        WithoutFacts();
        Server.On("LIST", (c, _) => c.ReplyAsync("550 Permission denied"));
        Serve("a", 70_000);
        Server.On(verb, (c, _) => c.ReplyAsync(reply));
        using var session = await ConnectAsync();
        if (size is null)
            await FailsAsync("FtpPermissionDenied", () => session.FindItemAsync("/a", Bound));
        else
            Assert.Equal(size, (await session.GetItemAsync("/a", Bound)).Length);
    }

    [Theory]
    [InlineData("MKD", "202 Superfluous")]
    [InlineData("RMD", "202 Superfluous")]
    [InlineData("DELE", "202 Superfluous")]
    [InlineData("RNTO", "202 Superfluous")]
    public async Task What_was_not_done_is_not_called_done(string verb, string reply)
    {
        Directory.CreateDirectory(Path.Combine(Server.Root, "dir"));
        Serve("file", 3);
        Server.On(verb, (c, _) => c.ReplyAsync(reply));
        using var session = await ConnectAsync();
        await FailsAsync("FtpCommandNotSupported", () => verb switch
        {
            "MKD" => session.CreateDirectoryAsync("/new", false, Bound),
            "RMD" => session.DeleteDirectoryAsync("/dir", false, null, Bound),
            "DELE" => session.DeleteFileAsync("/file", Bound),
            _ => session.RenameAsync("/file", "/other", Bound),
        });
    }

    [Fact]
    public async Task ASCII_is_refused_where_TYPE_is_not_known()
    {
        Server.On("TYPE", (c, _) => c.ReplyAsync("502 Command not implemented"));
        Serve("a", 3);
        using var session = await ConnectAsync();
        var item = await session.GetItemAsync("/a", Bound);
        await FailsAsync("FtpCommandNotSupported", () => session.DownloadAsync(item, Local("a"), Default with { TransferType = FtpTransferType.Ascii }, null, Bound));
        await RoundTripAsync(session);
    }

    [Fact]
    public async Task Empty_lines_between_replies_are_none()
    {
        Server.On("PWD", (c, _) => c.ReplyAsync("\r\n\r\n257 \"/\" is it\r\n"));
        using var session = await ConnectAsync();
        await RoundTripAsync(session);
        Assert.Equal(1, Server.AcceptedCount);
    }

    private async Task RoundTripAsync(FtpSession session)
    {
        // Without line ends: a server that does not know TYPE may be in type A.
        var bytes = Enumerable.Range(0, 70_000).Select(i => (byte)(' ' + (i * 7 % 90))).ToArray();
        File.WriteAllBytes(Local("source"), bytes);
        await session.UploadAsync(Local("source"), "/up", Default, null, Bound);
        Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(Server.Root, "up")));
        await session.DownloadAsync(await session.GetItemAsync("/up", Bound), Local("copy"), Default, null, Bound);
        Assert.Equal(bytes, File.ReadAllBytes(Local("copy")));
        Assert.Empty(Directory.GetFiles(Server.Root, ".ftptools*"));
    }
}
