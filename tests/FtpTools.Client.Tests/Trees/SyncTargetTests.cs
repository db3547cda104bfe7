using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace FtpTools.Tests.Trees;

/// <summary>Targets that are not what their listings and replies make of them.</summary>
public sealed class SyncTargetTests : SyncTest
{
    [Fact]
    public async Task In_links_that_are_shown_as_directories_nothing_is_deleted()
    {
        // Links need a right there that tests do not have.
        if (OperatingSystem.IsWindows())
            return;
        foreach (var root in new[] { Here, There })
        {
            Put(root, "a.txt", "a");
            Put(root, "sub/b.txt", "b");
        }

        Put(There, "sub/gone/deep/c.txt", "c");
        Put(Here, "both/d.txt", "d");
        // MLSD tells of these what they lead to, as pyftpdlib's does.
        var others = Path.Combine(Server.Root, "others");
        Put(others, "precious.txt", "precious");
        Put(others, "sub/precious.txt", "precious");
        Directory.CreateSymbolicLink(Path.Combine(There, "sub", "link"), others);
        Directory.CreateSymbolicLink(Path.Combine(There, "both"), others);
        using var session = await ConnectAsync();
        var plan = await CompareAsync(session, Mirror);
        Assert.Equal(["RemoveDirectory sub/gone", "RemoveDirectory sub/gone/deep", "RemoveFile sub/gone/deep/c.txt", "Upload both/d.txt"], Steps(plan));
        Assert.Equal(["FtpCommandRefused"], ErrorIds);
        await DoAsync(session, plan, Mirror);
        Assert.All(Results, result => Assert.Null(result.Error));
        Assert.Equal(["d.txt=d", "precious.txt=precious", "sub/", "sub/precious.txt=precious"], Tree(others));
        Assert.False(Directory.Exists(Path.Combine(There, "sub", "gone")));
    }

    [Fact]
    public async Task A_file_that_the_server_gives_another_name_is_a_failure()
    {
        if (OperatingSystem.IsWindows())
            return;
        // Pure-FTPd.
        foreach (var verb in new[] { "RNTO", "MKD" })
            Server.On(verb, (c, path) => c.HandleAsync(verb, path.EndsWith(' ') ? path.TrimEnd() + "_" : path));
        Put(Here, "a.txt", "a");
        Put(Here, "blank ", "b");
        Put(Here, "directory /c.txt", "c");
        Put(There, "gone.txt", "gone");
        using var session = await ConnectAsync();
        var failure = await Assert.ThrowsAsync<FtpException>(() => SyncAsync(session, Mirror));
        Assert.Equal(FtpErrorKind.TooManyDeletes, failure.Kind);
        var failed = Results.Where(result => result.Status == FtpTransferStatus.Failed).ToDictionary(result => result.Destination, result => result.ErrorId);
        Assert.Equal("FtpInvalidName", failed["/there/blank "]);
        Assert.Equal("FtpInvalidName", failed["/there/directory "]);
        Assert.Equal("FtpTooManyDeletes", failed["/there/gone.txt"]);
        Assert.Contains("a.txt=a", Tree(There));
        Assert.Contains("gone.txt=gone", Tree(There));
    }

    [Fact]
    public async Task What_Windows_may_take_for_the_same_name_is_not_deleted()
    {
        if (OperatingSystem.IsWindows())
            return;
        // It knows no dot at the end of a name.
        WithoutFacts();
        Server.On("SIZE", (c, _) => c.ReplyAsync("502 Not here."));
        Server.On("MDTM", (c, _) => c.ReplyAsync("502 Not here."));
        foreach (var verb in new[] { "STOR", "RNTO", "RNFR", "DELE", "CWD" })
            Server.On(verb, (c, path) => c.HandleAsync(verb, path.TrimEnd('.')));
        Put(Here, "a.", "the only one");
        Put(Here, "b", "b");
        Put(There, "a", "the only one");
        Put(There, "b", "b");
        using var session = await ConnectAsync();
        var plan = await CompareAsync(session, Mirror);
        Assert.Contains("RemoveFile a", Steps(plan));
        await DoAsync(session, plan, Mirror);
        Assert.Equal(["a=the only one", "b=b"], Tree(There));
        Assert.Single(Results, result => result.ErrorId == "FtpPlanOutdated");
    }
}
