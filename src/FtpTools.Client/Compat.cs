using System;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
#if NETSTANDARD2_0
using System.Threading;
#endif

namespace FtpTools;

/// <summary>What netstandard2.0 lacks, under the names that net8.0 gives it. Every #if of the engine stands here.</summary>
internal static partial class Compat
{
#if NETSTANDARD2_0
    /// <summary>Waits for a task, but no longer than a time and not beyond a cancellation; the task itself goes on.</summary>
    public static async Task WaitAsync(this Task task, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var delay = Task.Delay(timeout, stop.Token);
        var first = await Task.WhenAny(task, delay).ConfigureAwait(false);
        stop.Cancel();
        if (first != task)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException();
        }

        await task.ConfigureAwait(false);
    }

    /// <summary>Waits for a task's result, but no longer than a time and not beyond a cancellation; the task itself goes on.</summary>
    public static async Task<T> WaitAsync<T>(this Task<T> task, TimeSpan timeout, CancellationToken cancellationToken)
    {
        await WaitAsync((Task)task, timeout, cancellationToken).ConfigureAwait(false);
        return await task.ConfigureAwait(false);
    }
#endif

    /// <summary>
    /// Has the system ask a silent other end whether it is still there (RFC 9293, 3.8.4), so that what stands between sees
    /// the connection in use. .NET Framework can say how often on Windows alone, in a structure of the system's own.
    /// </summary>
    /// <param name="socket">A connected socket.</param>
    /// <param name="idle">After how long a silence, in whole seconds, 1 at least.</param>
    /// <param name="interval">How long between two questions, in whole seconds, 1 at least.</param>
    /// <param name="count">After how many that were not answered the connection counts as lost; Windows Sockets has ten.</param>
    public static void KeepAlive(Socket socket, TimeSpan idle, TimeSpan interval, int count)
    {
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
#if NETSTANDARD2_0
            if (!IsWindows)
                return;
            var values = new byte[12];
            BitConverter.GetBytes(1u).CopyTo(values, 0);
            BitConverter.GetBytes((uint)idle.TotalMilliseconds).CopyTo(values, 4);
            BitConverter.GetBytes((uint)interval.TotalMilliseconds).CopyTo(values, 8);
            socket.IOControl(IOControlCode.KeepAliveValues, values, null);
#else
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)idle.TotalSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, (int)interval.TotalSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, count);
#endif
        }
        catch (Exception e) when (e is SocketException or PlatformNotSupportedException)
        {
            // Windows before version 1709 of 10 has no such options; the connection works without.
        }
    }

    /// <summary>SslProtocols.Tls13, which netstandard2.0 does not name.</summary>
    public const int Tls13 = 12288;

    /// <summary>The versions of TLS to offer. Windows PowerShell's framework fails on systems that have no 1.3, and where they have it does not resume it.</summary>
#if NETSTANDARD2_0
    public const SslProtocols AnyTls = SslProtocols.Tls12;
#else
    public const SslProtocols AnyTls = SslProtocols.Tls12 | SslProtocols.Tls13;
#endif

    /// <summary>Shakes hands as the client, by blocking calls.</summary>
    /// <param name="ssl">The stream.</param>
    /// <param name="targetName">Whom the certificate is to be for.</param>
    /// <param name="certificates">What this side shows when asked.</param>
    /// <param name="protocols">The versions to offer.</param>
    /// <param name="seeksIssuer">
    /// False where nobody asks who issued the certificate. To look for the issuer among all that the system trusts takes a
    /// third of the time of a resumed handshake, and the platform does it unasked.
    /// </param>
    public static void Authenticate(SslStream ssl, string targetName, X509CertificateCollection? certificates, SslProtocols protocols, bool seeksIssuer)
    {
#if NETSTANDARD2_0
        ssl.AuthenticateAsClient(targetName, certificates, protocols, checkCertificateRevocation: false);
#else
        ssl.AuthenticateAsClient(Options(targetName, certificates, protocols, seeksIssuer));
#endif
    }

    /// <summary>Sends close_notify. .NET Framework can from 4.7 on, though netstandard2.0 does not say so.</summary>
    public static Task SendCloseNotifyAsync(SslStream ssl)
    {
#if NETSTANDARD2_0
        return typeof(SslStream).GetMethod("ShutdownAsync", Type.EmptyTypes)?.Invoke(ssl, null) as Task ?? Task.CompletedTask;
#else
        return ssl.ShutdownAsync();
#endif
    }

    /// <summary>The name of the cipher suite that was agreed on.</summary>
    public static string CipherSuite(SslStream ssl)
    {
#if NETSTANDARD2_0
        return $"{ssl.CipherAlgorithm}, {ssl.CipherStrength} bits";
#else
        return ssl.NegotiatedCipherSuite.ToString();
#endif
    }

    /// <summary>
    /// Whether a certificate names an address. .NET can say so from 7 on, though netstandard2.0 does not know; Windows
    /// PowerShell asks the system with the address itself and need not.
    /// </summary>
    public static bool IsFor(X509Certificate2 certificate, IPAddress address)
    {
#if NETSTANDARD2_0
        return typeof(X509Certificate2).GetMethod("MatchesHostname", [typeof(string), typeof(bool), typeof(bool)])?.Invoke(certificate, [address.ToString(), false, false]) is true;
#else
        return certificate.MatchesHostname(address.ToString(), allowWildcards: false, allowCommonName: false);
#endif
    }

    /// <summary>True where the platform resumes a session under any name but an address (.NET on Unix).</summary>
    public static bool ResumesByNameAlone => !IsWindows;

#if !NETSTANDARD2_0
    private static SslClientAuthenticationOptions Options(string targetName, X509CertificateCollection? certificates, SslProtocols protocols, bool seeksIssuer) => new()
    {
        TargetHost = targetName,
        ClientCertificates = certificates,
        EnabledSslProtocols = protocols,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = seeksIssuer ? null : new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };
#endif

    /// <summary>True on Windows, whose file names and line ends differ.</summary>
    public static bool IsWindows { get; } = Path.DirectorySeparatorChar == '\\';

    /// <summary>How local paths are compared: Windows takes those that differ in case for one.</summary>
    public static StringComparison PathComparison { get; } = IsWindows ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
}
