using System;
using System.IO;
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
}
