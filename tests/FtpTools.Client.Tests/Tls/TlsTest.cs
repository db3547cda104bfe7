using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using FtpTools.TestServer;
using FtpTools.Tests.Faults;
using Xunit;

namespace FtpTools.Tests.Tls;

/// <summary>A loopback server with TLS, and the log of the sessions with it.</summary>
public abstract class TlsTest : LoopbackTest
{
    protected TlsTest() => Server.Certificate = Certificate;

    /// <param name="bound">How long the test may take.</param>
    protected TlsTest(TimeSpan bound)
        : base(bound) => Server.Certificate = Certificate;

    /// <summary>A certificate for localhost, signed by itself.</summary>
    protected static X509Certificate2 Certificate { get; } = TestCertificate.Create();

    protected LogList Log { get; } = new();

    /// <summary>By name, with TLS or not at all, whatever the certificate.</summary>
    protected FtpClientOptions Secure => Options with { ComputerName = "localhost", Tls = FtpTlsMode.Explicit, SkipCertificateCheck = true, Log = Log };

    /// <summary>The same for where nothing is silent: on a busy machine a handshake may take more than a second.</summary>
    protected FtpClientOptions Patient => Secure with
    {
        Timeout = TimeSpan.FromSeconds(20),
        OptionalTimeout = TimeSpan.FromSeconds(10),
        DataTimeout = TimeSpan.FromSeconds(20),
    };

    protected Task<FtpSession> ConnectSecureAsync() => FtpSession.ConnectAsync(Patient, Bound);

    /// <summary>
    /// Has the server know no session any more, so that the next data connection cannot resume its own. .NET keeps them by
    /// the certificate, which must stay, and the versions, of which no client here speaks the one that comes and goes.
    /// </summary>
    protected void ForgetSessions()
    {
        const SslProtocols Tls11 = (SslProtocols)0x300;
        Server.TlsProtocols = (Server.TlsProtocols == SslProtocols.None ? SslProtocols.Tls12 | SslProtocols.Tls13 : Server.TlsProtocols) ^ Tls11;
    }

    /// <summary>Sends, lists and fetches, and compares every byte.</summary>
    protected async Task RoundTripAsync(FtpSession session, int size = 300_000)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        await File.WriteAllBytesAsync(Local("source"), bytes);
        await session.UploadAsync(Local("source"), "/sent", Default, null, Bound);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(Server.Root, "sent")));
        var item = Assert.Single(await ListAsync(session), one => one.Name == "sent");
        Assert.Equal(size, item.Length);
        await session.DownloadAsync(item, Local("back"), Default, null, Bound);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Local("back")));
        await session.DeleteFileAsync("/sent", Bound);
        File.Delete(Local("source"));
        File.Delete(Local("back"));
    }
}

/// <summary>What sessions logged.</summary>
public sealed class LogList : FtpLog
{
    private readonly ConcurrentQueue<FtpLogEntry> _entries = new();

    /// <summary>All that was logged, in order.</summary>
    public IReadOnlyList<FtpLogEntry> Entries => [.. _entries];

    public IEnumerable<string> Warnings => Of(FtpLogLevel.Warning);

    public IEnumerable<string> Of(FtpLogLevel level) => _entries.Where(entry => entry.Level == level).Select(entry => entry.Message);

    public int Count(string words) => _entries.Count(entry => entry.Message.Contains(words, StringComparison.Ordinal));

    public void Clear() => _entries.Clear();

    public override void Write(FtpLogEntry entry) => _entries.Enqueue(entry);
}
