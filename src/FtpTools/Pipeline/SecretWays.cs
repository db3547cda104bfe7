using System.Collections.Generic;
using System.Linq;

namespace FtpTools.Pipeline;

/// <summary>The settings of a profile that are the ways to one of its secrets, of which it has one at most. A vault is the same for all.</summary>
/// <param name="What">The secret, in words, of the profile.</param>
/// <param name="SecretName">Its name in a vault.</param>
/// <param name="Path">A file that Export-Clixml wrote.</param>
/// <param name="Variable">An environment variable.</param>
/// <param name="Script">A script.</param>
internal sealed record SecretWays(string What, string SecretName, string Path, string Variable, string Script)
{
    /// <summary>To the login's password.</summary>
    public static SecretWays Login { get; } = new(
        "its password", nameof(FtpProfile.SecretName), nameof(FtpProfile.CredentialPath), nameof(FtpProfile.PasswordVariable), nameof(FtpProfile.CredentialScript));

    /// <summary>To the proxy's.</summary>
    public static SecretWays Proxy { get; } = new(
        "the password of its proxy", nameof(FtpProfile.ProxySecretName), nameof(FtpProfile.ProxyCredentialPath), nameof(FtpProfile.ProxyPasswordVariable), nameof(FtpProfile.ProxyCredentialScript));

    /// <summary>To the account beside user and password.</summary>
    public static SecretWays Account { get; } = new(
        "its account", nameof(FtpProfile.AccountSecretName), nameof(FtpProfile.AccountPath), nameof(FtpProfile.AccountVariable), nameof(FtpProfile.AccountScript));

    /// <summary>All secrets.</summary>
    public static IReadOnlyList<SecretWays> All { get; } = [Login, Proxy, Account];

    /// <summary>The settings.</summary>
    public string[] Settings => [SecretName, Path, Variable, Script];

    /// <summary>The parameters of these names, as a sentence tells them.</summary>
    /// <param name="word">The word before the last.</param>
    public string Parameters(string word) => string.Join(", ", Settings.Take(3).Select(name => "-" + name)) + $" {word} -{Script}";
}
