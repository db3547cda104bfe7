using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.TestServer;

/// <summary>The loopback server does what a real one does.</summary>
public sealed class LoopbackServerTests
{
    [Fact]
    public async Task Lets_in_the_account_alone()
    {
        await using var server = LoopbackServer.Start();
        using var ftp = await RawFtp.ConnectAsync(server);
        Assert.StartsWith("220 ", await ftp.ReplyAsync());
        Assert.StartsWith("530 ", await ftp.AskAsync("PWD"));
        await ftp.AskAsync("USER " + server.User);
        Assert.StartsWith("530 ", await ftp.AskAsync("PASS wrong"));
        await ftp.AskAsync("USER anonymous");
        Assert.StartsWith("530 ", await ftp.AskAsync("PASS me@"));
        server.AllowAnonymous = true;
        await ftp.AskAsync("USER anonymous");
        Assert.StartsWith("230 ", await ftp.AskAsync("PASS me@"));
        server.Account = "books";
        await ftp.AskAsync("USER " + server.User);
        Assert.StartsWith("332 ", await ftp.AskAsync("PASS " + server.Password));
        Assert.StartsWith("530 ", await ftp.AskAsync("PWD"));
        Assert.StartsWith("230 ", await ftp.AskAsync("ACCT books"));
        Assert.StartsWith("257 \"/\"", await ftp.AskAsync("PWD"));
    }

    [Theory]
    [InlineData("127.0.0.1", "PASV")]
    [InlineData("127.0.0.1", "EPSV")]
    [InlineData("127.0.0.1", "PORT")]
    [InlineData("127.0.0.1", "EPRT")]
    [InlineData("::1", "EPSV")]
    [InlineData("::1", "EPRT")]
    public async Task Moves_every_byte_both_ways(string address, string opener)
    {
        await using var server = LoopbackServer.Start(address: IPAddress.Parse(address));
        using var ftp = await RawFtp.LoginAsync(server);
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);
        const string Name = "ñ 日本 [x].bin";
        await ftp.UploadAsync("STOR " + Name, bytes, opener);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(server.Root, Name)));
        Assert.Equal(bytes, await ftp.DownloadAsync("RETR " + Name, opener));
        Assert.StartsWith("425 ", await ftp.AskAsync("RETR " + Name));
        await ftp.UploadAsync("STOR empty", [], opener);
        Assert.Empty(await ftp.DownloadAsync("RETR empty", opener));
    }

    [Fact]
    public async Task Converts_text_both_ways_and_back_to_the_same_bytes()
    {
        await using var server = LoopbackServer.Start();
        using var ftp = await RawFtp.LoginAsync(server);
        // Longer than every buffer, so that a CR and its LF part somewhere.
        var disk = string.Concat(Enumerable.Repeat("a\nb\r\n\rc\r\r\n\n", 60_000)) + "\r";
        var path = Path.Combine(server.Root, "a.txt");
        await File.WriteAllTextAsync(path, disk);
        Assert.StartsWith("200 ", await ftp.AskAsync("TYPE A"));
        Assert.StartsWith("550 ", await ftp.AskAsync("SIZE a.txt"));
        var wire = await ftp.DownloadAsync("RETR a.txt");
        Assert.Equal(disk.Replace("\n", "\r\n", StringComparison.Ordinal), Encoding.ASCII.GetString(wire));
        await ftp.UploadAsync("STOR b.txt", wire);
        Assert.Equal(disk, await File.ReadAllTextAsync(Path.Combine(server.Root, "b.txt")));
    }

    [Fact]
    public async Task Restarts_and_appends()
    {
        await using var server = LoopbackServer.Start();
        using var ftp = await RawFtp.LoginAsync(server);
        await ftp.UploadAsync("STOR a", "0123456789"u8.ToArray());
        Assert.StartsWith("350 ", await ftp.AskAsync("REST 4"));
        Assert.Equal("456789"u8.ToArray(), await ftp.DownloadAsync("RETR a"));
        Assert.Equal(10, (await ftp.DownloadAsync("RETR a")).Length);
        await ftp.AskAsync("REST 8");
        await ftp.UploadAsync("STOR a", "abcd"u8.ToArray());
        await ftp.UploadAsync("APPE a", "xy"u8.ToArray());
        Assert.Equal("01234567abcdxy"u8.ToArray(), await ftp.DownloadAsync("RETR a"));
        Assert.Equal("213 14", await ftp.AskAsync("SIZE a"));
    }

    [Fact]
    public async Task Keeps_and_describes_a_tree()
    {
        await using var server = LoopbackServer.Start();
        using var ftp = await RawFtp.LoginAsync(server);
        // Windows' file names have no quotes.
        var name = OperatingSystem.IsWindows() ? "d 'q" : "d \"q";
        Assert.StartsWith($"257 \"/{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", await ftp.AskAsync($"MKD /{name}"));
        Assert.StartsWith("550 ", await ftp.AskAsync($"MKD /{name}"));
        Assert.StartsWith("550 ", await ftp.AskAsync("MKD /no/such"));
        Assert.StartsWith("250 ", await ftp.AskAsync($"CWD {name}"));
        await ftp.UploadAsync("STOR .hidden", [1]);
        await ftp.UploadAsync("STOR f", [1, 2]);
        Assert.Equal($"213 Modify=20200102030405; /{name}/f", await ftp.AskAsync("MFMT 20200102030405 f"));
        Assert.Equal("213 20200102030405", await ftp.AskAsync("MDTM f"));
        Assert.Contains($"\n type=file;size=2;modify=20200102030405; /{name}/f\n", await ftp.AskAsync("MLST f"));
        Assert.Equal(["f"], Lines(await ftp.DownloadAsync("NLST")));
        Assert.Matches("^-rw.{7} +1 ftp +ftp +2 Jan 02  2020 f$", Assert.Single(Lines(await ftp.DownloadAsync("LIST"))));
        Assert.Equal(4, Lines(await ftp.DownloadAsync("LIST -la")).Length);
        Assert.Equal("200 MLST OPTS type;", await ftp.AskAsync("OPTS MLST TYPE;UNIX.mode;"));
        Assert.Equal(["type=cdir; .", "type=pdir; ..", "type=file; .hidden", "type=file; f"], Lines(await ftp.DownloadAsync("MLSD")));
        Assert.StartsWith("550 ", await ftp.AskAsync($"RMD /{name}"));
        Assert.StartsWith("350 ", await ftp.AskAsync("RNFR f"));
        Assert.StartsWith("250 ", await ftp.AskAsync("RNTO .hidden"));
        Assert.StartsWith("250 ", await ftp.AskAsync("DELE .hidden"));
        Assert.StartsWith("250 ", await ftp.AskAsync("CDUP"));
        Assert.StartsWith("250 ", await ftp.AskAsync($"RMD {name}"));
        Assert.StartsWith("550 ", await ftp.AskAsync($"CWD {name}"));
    }

    [Fact]
    public async Task Never_leaves_its_root()
    {
        await using var server = LoopbackServer.Start();
        var outside = Directory.CreateTempSubdirectory("ftptools-outside-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(outside.FullName, "secret"), "x");
            Directory.CreateSymbolicLink(Path.Combine(server.Root, "way-out"), outside.FullName);
            using var ftp = await RawFtp.LoginAsync(server);
            Assert.StartsWith("550 ", await ftp.AskAsync("SIZE way-out/secret"));
            Assert.StartsWith("550 ", await ftp.AskAsync("CWD way-out"));
            Assert.StartsWith("550 ", await ftp.AskAsync($"SIZE ../{outside.Name}/secret"));
            Assert.StartsWith("250 ", await ftp.AskAsync("CWD ../../.."));
            Assert.StartsWith("257 \"/\"", await ftp.AskAsync("PWD"));
            Assert.StartsWith("500 ", await ftp.AskAsync("PORT 127,0,0,2,200,10"));
        }
        finally
        {
            outside.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Answers_commands_sent_in_one_write_in_order()
    {
        await using var server = LoopbackServer.Start();
        using var ftp = await RawFtp.LoginAsync(server);
        await File.WriteAllBytesAsync(Path.Combine(server.Root, "a"), new byte[500_000]);
        using var first = await ftp.PassiveAsync();
        await ftp.SendAsync("RETR a\r\nEPSV\r\n");
        Assert.StartsWith("150 ", await ftp.ReplyAsync());
        Assert.Equal(500_000, (await ftp.ReadAllAsync(first)).Length);
        Assert.StartsWith("226 ", await ftp.ReplyAsync());
        using var second = await ftp.DialAsync((await ftp.ReplyAsync())!);
        Assert.StartsWith("150 ", await ftp.AskAsync("RETR a"));
        Assert.Equal(500_000, (await ftp.ReadAllAsync(second)).Length);
        Assert.StartsWith("226 ", await ftp.ReplyAsync());
    }

    private static string[] Lines(byte[] listing) =>
        Encoding.UTF8.GetString(listing).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
}
