using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using FtpTools.Tests.Faults;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Habits;

/// <summary>Systems that know no paths with slashes, or not at once: what is said to them, from listing to deletion.</summary>
public sealed class SystemPathTests : LoopbackTest
{
    private readonly Dictionary<string, string> _listings = new(StringComparer.Ordinal);
    private string _directory = "";

    public SystemPathTests()
    {
        foreach (var feature in Server.Features.Where(line => !line.StartsWith("EPSV", StringComparison.Ordinal)).ToArray())
            Server.Features.Remove(feature);
        foreach (var verb in new[] { "SIZE", "MDTM" })
            Server.On(verb, (connection, _) => connection.ReplyAsync("502 Not here"));
    }

    [Fact]
    public async Task Data_sets_and_members_of_zOS_are_said_in_apostrophes()
    {
        Speak("215 MVS is the operating system of this server. FTP Server is running on z/OS.", "'ANNA.'", argument => argument.StartsWith('\''));
        _listings["'ANNA.'"] =
            "Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname\r\n"
            + "VOL001 3390   2024/01/31  1    2  FB      80 27920  PO  SOURCE.COBOL\r\n"
            + "VOL001 3390   2024/01/31  1    1  VB     255 27998  PS  LOG.TEXT\r\n"
            + "Pseudo Directory                                        PROJECTS\r\n";
        _listings["'ANNA.SOURCE.COBOL'"] = " Name     VV.MM   Created       Changed      Size  Init   Mod   Id\r\n PAY01     01.07 2009/03/12 2016/11/22 14:05    88    61     0 ANNA\r\n PAY02\r\n";
        _listings["'ANNA.PROJECTS.'"] = "VOL001 3390   2024/01/31  1    1  VB     255 27998  PS  PLAN\r\n";
        Map("RETR", "'ANNA.SOURCE.COBOL(PAY01)'", "/pay01");
        Map("STOR", "'ANNA.SOURCE.COBOL(PAY03)'", "/pay03");
        Map("DELE", "'ANNA.PROJECTS.PLAN'", "/plan");
        Serve("pay01", 100);
        Serve("plan", 1);

        using var session = await ConnectAsync();
        Assert.Equal("/'ANNA.'", session.Location);
        Assert.Contains(session.Habits, habit => habit.Name.Contains("z/OS", StringComparison.Ordinal));
        var items = await ListAsync(session, session.Location);
        Assert.Equal(["SOURCE.COBOL", "LOG.TEXT", "PROJECTS"], items.Select(item => item.Name));
        var members = await ListAsync(session, items[0].FullName);
        Assert.Equal(["PAY01", "PAY02"], members.Select(item => item.Name));
        await session.DownloadAsync(members[0], Local("pay01"), Default, null, Bound);
        Assert.Equal(100, new FileInfo(Local("pay01")).Length);
        await session.UploadAsync(Local("pay01"), members[0].DirectoryName + "/PAY03", Default with { Direct = true }, null, Bound);
        Assert.Equal(100, new FileInfo(Path.Combine(Server.Root, "pay03")).Length);
        var plan = Assert.Single(await ListAsync(session, items[2].FullName));
        await session.DeleteFileAsync(plan.FullName, Bound);
        Assert.False(File.Exists(Path.Combine(Server.Root, "plan")));
    }

    [Fact]
    public async Task Directories_of_OpenVMS_are_said_in_brackets()
    {
        Speak("215 VMS OpenVMS V8.4", "DISK$USER:[ANNA]", argument => argument.EndsWith(']'));
        _listings["DISK$USER:[ANNA]"] =
            "\r\nDirectory DISK$USER:[ANNA]\r\n\r\nA_NAME_ON_A_LINE_OF_ITS_OWN.TXT;12\r\n              1/3   31-JAN-2024 12:34:56  [ANNA]  (RWED,RWED,RE,)\r\n"
            + "SUB.DIR;1     1/3   31-JAN-2024 12:34:56  [ANNA]  (RWE,RWE,RE,)\r\n\r\nTotal of 2 files, 2/6 blocks.\r\n";
        _listings["DISK$USER:[ANNA.SUB]"] = "DEEP.TXT;1     1/3   31-JAN-2024 12:34:56  [ANNA]  (RWED,RWED,RE,)\r\n";
        Map("RETR", "DISK$USER:[ANNA]A_NAME_ON_A_LINE_OF_ITS_OWN.TXT;12", "/long");
        Map("DELE", "DISK$USER:[ANNA.SUB]DEEP.TXT;1", "/deep");
        Serve("long", 100);
        Serve("deep", 1);
        var removed = "";
        Server.On("RMD", (connection, argument) =>
        {
            removed = argument;
            return connection.ReplyAsync("250 Removed");
        });

        using var session = await ConnectAsync();
        var items = await ListAsync(session, session.Location);
        Assert.Equal(["A_NAME_ON_A_LINE_OF_ITS_OWN.TXT;12", "SUB.DIR;1"], items.Select(item => item.Name));
        await session.DownloadAsync(items[0], Local("long"), Default, null, Bound);
        Assert.Equal(100, new FileInfo(Local("long")).Length);
        Assert.Equal("DEEP.TXT;1", Assert.Single(await ListAsync(session, items[1].FullName)).Name);
        await session.DeleteDirectoryAsync(items[1].FullName, true, null, Bound);
        Assert.False(File.Exists(Path.Combine(Server.Root, "deep")));
        Assert.Equal("DISK$USER:[ANNA.SUB]", removed);
    }

    [Fact]
    public async Task IBM_i_is_told_on_each_connection_to_take_paths()
    {
        const string Library = "/QSYS.LIB/ANNA.LIB";
        Server.On("SYST", (connection, _) => connection.ReplyAsync("215  OS/400 is the remote operating system. The TCP/IP version is \"V7R4M0\"."));
        var formats = new ConcurrentDictionary<LoopbackConnection, string>();
        Server.On("SITE", (connection, argument) =>
        {
            formats[connection] = formats.GetValueOrDefault(connection) + argument + ";";
            return connection.ReplyAsync("250 Now so.");
        });
        bool HasPaths(LoopbackConnection connection) => formats.GetValueOrDefault(connection) == "NAMEFMT 1;LISTFMT 1;";
        Server.On("PWD", (connection, _) => connection.ReplyAsync(HasPaths(connection) ? $"257 \"{Library}\" is current directory." : "257 \"ANNA\" is current library."));
        Server.On("CWD", (connection, argument) => connection.ReplyAsync(HasPaths(connection) && argument == Library ? "250 Changed." : "501 Unknown extension in database file name."));
        Server.On("LIST", (connection, _) => SendAsync(connection, "drwxrwsrwx  2 ANNA     0  4096 Jan 31  2024 SOURCE.FILE\r\n-rw-rw-rw-  1 ANNA     0  1024 Jan 31  2024 DATA.SAVF\r\n"));
        Map("RETR", Library + "/DATA.SAVF", "/data");
        Serve("data", 1024);

        using var session = await FtpSession.ConnectAsync(Options with { MaxConnection = 2 }, Bound);
        Assert.Equal(Library, session.Location);
        Assert.Contains(session.Habits, habit => habit.Name.Contains("IBM i", StringComparison.Ordinal));
        var items = await ListAsync(session, Library);
        Assert.Equal(["SOURCE.FILE", "DATA.SAVF"], items.Select(item => item.Name));
        var results = new ConcurrentQueue<FtpTransferResult>();
        await TransferTreeAsync(session, Default, results.Enqueue, batch =>
        {
            batch.AddDownload(items[1], Local("one"));
            batch.AddDownload(items[1], Local("two"));
        });
        Assert.Equal([null, null], results.Select(result => result.Failure?.Message));
        Assert.All(Server.Connections, connection => Assert.True(HasPaths(connection)));
    }

    private void Speak(string system, string directory, Func<string, bool> isName)
    {
        _directory = directory;
        Server.On("SYST", (connection, _) => connection.ReplyAsync(system));
        Server.On("PWD", (connection, _) => connection.ReplyAsync($"257 \"{_directory}\" is the current directory."));
        Server.On("CWD", (connection, argument) =>
        {
            if (!isName(argument) || !_listings.ContainsKey(argument))
                return connection.ReplyAsync($"550 {argument} is no directory");
            _directory = argument;
            return connection.ReplyAsync("250 Changed");
        });
        Server.On("LIST", (connection, argument) => argument.Length > 0 ? connection.ReplyAsync("501 No argument, please") : SendAsync(connection, _listings[_directory]));
        foreach (var verb in new[] { "RETR", "STOR", "DELE", "RMD" })
            Server.On(verb, (connection, argument) => connection.ReplyAsync($"550 {argument}: no such file"));
    }

    /// <summary>Has a name of that system mean a file of the server's folder.</summary>
    private void Map(string verb, string name, string file) => Server.On(verb, (connection, argument) =>
        argument == name ? connection.HandleAsync(verb, file) : connection.ReplyAsync($"550 {argument}: no such file"));

    private static async Task SendAsync(LoopbackConnection connection, string listing)
    {
        await connection.ReplyAsync("125 List started");
        using (var data = await connection.OpenDataAsync())
        {
            await data.SendAsync(Encoding.ASCII.GetBytes(listing));
            data.Shutdown(SocketShutdown.Both);
        }

        await connection.ReplyAsync("250 List completed");
    }
}
