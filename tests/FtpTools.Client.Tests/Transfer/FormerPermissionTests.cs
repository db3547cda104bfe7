using System.IO;
using System.Threading.Tasks;
using FtpTools.Tests.Faults;
using Xunit;

namespace FtpTools.Tests.Transfer;

/// <summary>The permission of a file that is replaced, as far as it was known before.</summary>
public sealed class FormerPermissionTests : LoopbackTest
{
    [Fact]
    public async Task It_is_given_to_the_new_file_where_that_has_another()
    {
        // The server's listings tell -rw-r--r-- of every file.
        WithoutFacts();
        Server.On("SITE", (one, _) => one.ReplyAsync("200 Done."));
        using var session = await ConnectAsync();
        await SendAsync(session, "-rwxr-x---");
        Assert.Contains("SITE CHMOD 750 /file", Server.Commands);
        // What new files have was looked at once in the session.
        var listings = Count("LIST");
        await SendAsync(session, "-rwxr-x---");
        Assert.Equal((2, listings), (Count("SITE"), Count("LIST")));
        await SendAsync(session, "-rw-r--r--");
        await SendAsync(session, null);
        Assert.Equal((2, listings), (Count("SITE"), Count("LIST")));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_server_that_sets_none_is_asked_once_and_costs_no_transfer()
    {
        WithoutFacts();
        Server.On("SITE", (one, _) => one.ReplyAsync("500 SITE not understood."));
        using var session = await ConnectAsync();
        await SendAsync(session, "-rwxr-x---");
        await SendAsync(session, "-rwxr-x---");
        Assert.Equal(1, Count("SITE"));
        await ProveAsync(session);
    }

    [Fact]
    public async Task A_file_that_is_written_in_place_keeps_it_by_itself()
    {
        WithoutFacts();
        using var session = await ConnectAsync();
        await SendAsync(session, "-rwxr-x---", direct: true);
        Assert.Equal((0, 0), (Count("SITE"), Count("LIST")));
        await ProveAsync(session);
    }

    private async Task SendAsync(FtpSession session, string? former, bool direct = false)
    {
        using var content = new MemoryStream(new byte[1000]);
        var options = Default with { FormerPermission = former, Direct = direct, TransferType = FtpTransferType.Binary };
        Assert.Equal(FtpTransferStatus.Succeeded, (await session.UploadAsync(content, "/file", options, null, Bound)).Status);
    }
}
