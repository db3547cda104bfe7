using System;
using System.IO;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace FtpTools.Tests.Tls;

/// <summary>TLS as some servers have it: half of it, or by another code.</summary>
public sealed class TlsFieldTests : TlsTest
{
    [Theory]
    [InlineData("431 Only Clear protection supported")]
    [InlineData("500 PROT not understood")]
    [InlineData("534 No protection here")]
    [InlineData("536 Level not supported")]
    public async Task Data_is_not_sent_in_clear_text_without_being_asked_for(string refusal)
    {
        Server.On("PROT", (c, _) => c.ReplyAsync(refusal));
        var error = await FailsAsync("FtpTlsFailed", async () => (await FtpSession.ConnectAsync(Secure with { Tls = FtpTlsMode.Auto }, Bound)).Dispose());
        Assert.Contains("-DataProtection Clear", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Data_is_encrypted_where_PROT_is_unknown_and_TLS_began_in_the_old_way(bool isImplicit)
    {
        Server.On("MLSD", async (c, _) =>
        {
            await c.ReplyAsync("150 Here it comes");
            await using (var data = new SslStream(new NetworkStream(await c.OpenDataAsync(), ownsSocket: true)))
            {
                await data.AuthenticateAsServerAsync(Certificate);
                await data.WriteAsync("type=file;size=3; a\r\n"u8.ToArray(), Bound);
                await data.ShutdownAsync();
            }

            await c.ReplyAsync("226 Done");
        });
        using var session = await ConnectWithoutProtAsync(isImplicit);
        Assert.Equal("a", Assert.Single(await ListAsync(session)).Name);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_sent_in_clear_text_there(bool isImplicit)
    {
        using var session = await ConnectWithoutProtAsync(isImplicit);
        const string Content = "to be read by nobody on the way";
        File.WriteAllText(Local("secret"), Content);
        await Assert.ThrowsAnyAsync<FtpException>(() => session.UploadAsync(Local("secret"), "/secret", Default, null, Bound));
        await Assert.ThrowsAnyAsync<FtpException>(() => ListAsync(session));
        Assert.DoesNotContain(There(), name => Encoding.Latin1.GetString(Served(name)).Contains(Content, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_202_to_AUTH_is_a_no()
    {
        Server.On("AUTH", (c, _) => c.ReplyAsync("202 Superfluous at this site"));
        using (var session = await FtpSession.ConnectAsync(Patient with { Tls = FtpTlsMode.Auto }, Bound))
        {
            Assert.Null(session.Security);
            await ProveAsync(session);
        }

        await FailsAsync("FtpTlsFailed", ConnectSecureAsync);
    }

    [Fact]
    public async Task The_handshake_may_be_asked_for_by_334()
    {
        Server.On("AUTH", async (c, _) =>
        {
            await c.ReplyAsync("334 AUTH TLS OK");
            await c.SecureAsync();
        });
        using var session = await ConnectSecureAsync();
        await RoundTripAsync(session);
    }

    [Fact]
    public async Task A_listing_without_its_end_shows_what_is_in_it()
    {
        WithoutFacts();
        Serve("file", 70_000);
        using var session = await ConnectSecureAsync();
        Server.TlsFaults.OmitCloseNotify = true;
        Assert.Equal(70_000, (await session.GetItemAsync("/file", Bound)).Length);
        await session.DownloadAsync(await session.GetItemAsync("/file", Bound), Local("file"), Default, null, Bound);
        Assert.Equal(Served("file"), File.ReadAllBytes(Local("file")));
        // Of what is not in it, it proves nothing.
        await FailsAsync("FtpTransferIncomplete", () => session.FindItemAsync("/none", Bound));
        await FailsAsync("FtpTransferIncomplete", () => ListAsync(session));
        Server.TlsFaults.OmitCloseNotify = false;
        await ProveAsync(session);
    }

    private Task<FtpSession> ConnectWithoutProtAsync(bool isImplicit)
    {
        Server.On("PROT", (c, _) => c.ReplyAsync("500 PROT not understood"));
        Server.ImplicitTls = isImplicit;
        if (!isImplicit)
            Server.On("AUTH", (c, argument) => argument == "SSL" ? c.HandleAsync("AUTH", argument) : c.ReplyAsync("504 No TLS."));
        return FtpSession.ConnectAsync(Patient with { Tls = isImplicit ? FtpTlsMode.Implicit : FtpTlsMode.Explicit }, Bound);
    }
}
