using System;
using System.Security.Authentication;
using System.Threading.Tasks;
using FtpTools.TestServer;
using Xunit;

namespace FtpTools.Tests.Tls;

/// <summary>
/// A host has 256 names in the platform's session cache, whatever its ports. From the 257th connection on, a name offers
/// the session that another server on the host gave, with other keys, another certificate, or another version.
/// </summary>
public sealed class RecycledNameTests : TlsTest
{
    public RecycledNameTests()
        : base(TimeSpan.FromSeconds(120))
    {
    }

    [Fact]
    public async Task A_session_of_another_server_on_the_host_is_no_obstacle()
    {
        await using var old = LoopbackServer.Start();
        (old.Certificate, old.TlsProtocols) = (TestCertificate.Create(), SslProtocols.Tls12);
        await using var kin = LoopbackServer.Start();
        kin.Certificate = Certificate;
        LoopbackServer[] servers = [Server, old, kin];
        await Parallel.ForAsync(0, 600, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Bound }, async (i, cancellationToken) =>
        {
            var server = servers[i % servers.Length];
            using var session = await FtpSession.ConnectAsync(
                Patient with { Port = server.Port, UserName = server.User, Password = server.Password }, cancellationToken);
            Assert.Equal(server == old ? "TLS 1.2" : Engine.NewestTls, session.Security!.Version);
        });
        Assert.Equal(600, Server.AcceptedCount + old.AcceptedCount + kin.AcceptedCount);
    }
}
