namespace FtpTools.Tests;

/// <summary>
/// Which of the engine's assemblies these tests run against: .NET's, or (in FtpTools.Client.Tests.NetStandard, which
/// compiles the same tests) the one that Windows PowerShell loads. And why a test cannot hold for the latter: each reason is
/// the <c>Skip</c> of a test or of a row of its data, null where it holds.
/// </summary>
internal static class Engine
{
#if NETSTANDARD_ENGINE
    public const string Target = "netstandard2.0";

    /// <summary>What the assembly was compiled for, as its TargetFrameworkAttribute begins.</summary>
    public const string Framework = ".NETStandard,Version=v2.0";

    /// <summary>The newest version of TLS that is offered unless the user asks for another one.</summary>
    public const string NewestTls = "TLS 1.2";

    public const string? NoTls13 = "Windows PowerShell's engine offers TLS 1.3 only where -TlsVersion asks for it: .NET Framework does not resume its sessions.";

    public const string? NoUnixMode = "Windows PowerShell's engine has no Unix file modes to keep: it runs on Windows alone.";

    public const string? NoKeepAliveTimes = "Windows PowerShell's engine sets the times of TCP keep-alive by a structure of Windows' own.";

    /// <summary>Lest two runs take much longer than one.</summary>
    public const string? NoLongTransfers = "Windows PowerShell's engine is spared long transfers: what it does in its own way it does in short ones too.";
#else
    public const string Target = "net8.0";

    /// <summary>What the assembly was compiled for, as its TargetFrameworkAttribute begins.</summary>
    public const string Framework = ".NETCoreApp,";

    /// <summary>The newest version of TLS that is offered unless the user asks for another one.</summary>
    public const string NewestTls = "TLS 1.3";

    public const string? NoTls13 = null;

    public const string? NoUnixMode = null;

    public const string? NoKeepAliveTimes = null;

    public const string? NoLongTransfers = null;
#endif
}
