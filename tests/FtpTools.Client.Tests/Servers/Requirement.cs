using System;

namespace FtpTools.Tests.Servers;

/// <summary>What a test needs besides the .NET SDK.</summary>
internal static class Requirement
{
    /// <summary>
    /// Why a test is to be skipped, null where nothing is missing. In CI nothing may be: there the test runs, and fails
    /// over what is missing.
    /// </summary>
    public static string? Skip(Lazy<string?> missing) => Environment.GetEnvironmentVariable("CI") == "true" ? null : missing.Value;
}
