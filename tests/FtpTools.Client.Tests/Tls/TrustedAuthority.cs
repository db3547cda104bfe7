using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using FtpTools.TestServer;

namespace FtpTools.Tests.Tls;

/// <summary>
/// An authority that this process trusts, and no other: .NET on Linux keeps the user's trusted authorities as files under
/// HOME and looks for the folder once, so that this process can be shown one of its own.
/// </summary>
internal static class TrustedAuthority
{
    private static readonly Lazy<X509Certificate2> _certificate = new(Trust);
    private static string? _home;

    /// <summary>The authority, with its key.</summary>
    public static X509Certificate2 Certificate => _certificate.Value;

    public static bool IsPossible => _home is not null;

#pragma warning disable CA2255 // Nothing may have looked for the folder before.
    [ModuleInitializer]
    internal static void Begin()
#pragma warning restore CA2255
    {
        if (!OperatingSystem.IsLinux())
            return;
        var home = Directory.CreateTempSubdirectory("ftptools-home-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(home, recursive: true);
        var former = Environment.GetEnvironmentVariable("HOME");
        Environment.SetEnvironmentVariable("HOME", home);
        try
        {
            using var any = TestCertificate.Create();
            using var chain = new X509Chain();
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.Build(any);
            using var store = new X509Store(StoreName.Root, StoreLocation.CurrentUser);
            store.Open(OpenFlags.ReadWrite);
            _home = Directory.Exists(Path.Combine(home, ".dotnet")) ? home : null;
        }
        finally
        {
            Environment.SetEnvironmentVariable("HOME", former);
        }
    }

    private static X509Certificate2 Trust()
    {
        var authority = TestCertificate.Create("CN=FtpTools test authority", authority: true);
        using var bare = X509CertificateLoader.LoadCertificate(authority.RawData);
        using var store = new X509Store(StoreName.Root, StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadWrite);
        store.Add(bare);
        if (Directory.GetFiles(_home!, "*.pfx", SearchOption.AllDirectories).Length == 0)
            throw new InvalidOperationException("The authority was not put where it was to be.");
        return authority;
    }
}
