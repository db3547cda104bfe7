using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Globalization;
using System.Linq;
using FtpTools.Pipeline;

namespace FtpTools;

/// <summary>
/// A server with all that is needed to connect to it, under a name. It holds no secret, but the way to one. A setting that it does
/// not have is null, and Connect-Ftp's own default holds.
/// </summary>
[TypeConverter(typeof(FtpProfileConverter))]
public sealed class FtpProfile
{
    private readonly IReadOnlyDictionary<string, object> _settings;

    internal FtpProfile(string name, string profilePath, IReadOnlyDictionary<string, object> settings)
    {
        Name = name;
        ProfilePath = profilePath;
        _settings = settings;
    }

    /// <summary>
    /// The name of one that is still to be looked up, when its file is known. PowerShell makes it of a text, where no other parameter
    /// takes texts: what is piped to Connect-Ftp as one is the name of a server.
    /// </summary>
    /// <param name="name">The name.</param>
    public FtpProfile(string name)
        : this(name, "", new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase)) => IsName = true;

    /// <summary>What it is called by; upper and lower case are the same.</summary>
    public string Name { get; }

    /// <summary>The server's name or address; null where Uri has it.</summary>
    public string? ComputerName => Text(nameof(ComputerName));

    /// <summary>The control connection's port.</summary>
    public int? Port => Number(nameof(Port));

    /// <summary>The server as an address.</summary>
    public string? Uri => Text(nameof(Uri));

    /// <summary>The account.</summary>
    public string? UserName => Text(nameof(UserName));

    /// <summary>Where the password comes from: Vault, CredentialFile, EnvironmentVariable or Script; null for nowhere.</summary>
    public string? PasswordFrom =>
        SecretName is not null ? "Vault" : CredentialPath is not null ? "CredentialFile" : PasswordVariable is not null ? "EnvironmentVariable" : CredentialScript is not null ? "Script" : null;

    /// <summary>The name of the secret in a vault of SecretManagement.</summary>
    public string? SecretName => Text(nameof(SecretName));

    /// <summary>The vault; null for all that are registered.</summary>
    public string? VaultName => Text(nameof(VaultName));

    /// <summary>The file that Export-Clixml wrote a credential to.</summary>
    public string? CredentialPath => Text(nameof(CredentialPath));

    /// <summary>The environment variable that has the password.</summary>
    public string? PasswordVariable => Text(nameof(PasswordVariable));

    /// <summary>The script that gives the credential or the password.</summary>
    public string? CredentialScript => Text(nameof(CredentialScript));

    /// <summary>The name of the secret with the credential for the proxy, in the same vault.</summary>
    public string? ProxySecretName => Text(nameof(ProxySecretName));

    /// <summary>The file that Export-Clixml wrote the credential for the proxy to.</summary>
    public string? ProxyCredentialPath => Text(nameof(ProxyCredentialPath));

    /// <summary>The environment variable that has the password for the proxy.</summary>
    public string? ProxyPasswordVariable => Text(nameof(ProxyPasswordVariable));

    /// <summary>The script that gives the credential or the password for the proxy.</summary>
    public string? ProxyCredentialScript => Text(nameof(ProxyCredentialScript));

    /// <summary>The name of the secret with the account, -Account of Connect-Ftp, in the same vault.</summary>
    public string? AccountSecretName => Text(nameof(AccountSecretName));

    /// <summary>The file that Export-Clixml wrote the account to.</summary>
    public string? AccountPath => Text(nameof(AccountPath));

    /// <summary>The environment variable that has the account.</summary>
    public string? AccountVariable => Text(nameof(AccountVariable));

    /// <summary>The script that gives the account.</summary>
    public string? AccountScript => Text(nameof(AccountScript));

    /// <summary>As -Tls of Connect-Ftp.</summary>
    public string? Tls => Text(nameof(Tls));

    /// <summary>As -TlsVersion of Connect-Ftp.</summary>
    public string? TlsVersion => Text(nameof(TlsVersion));

    /// <summary>As -CertificateThumbprint of Connect-Ftp.</summary>
    public string? CertificateThumbprint => Text(nameof(CertificateThumbprint));

    /// <summary>As -SkipCertificateCheck of Connect-Ftp.</summary>
    public bool? SkipCertificateCheck => Switch(nameof(SkipCertificateCheck));

    /// <summary>As -SkipTlsEndCheck of Connect-Ftp.</summary>
    public bool? SkipTlsEndCheck => Switch(nameof(SkipTlsEndCheck));

    /// <summary>The client certificate, by its thumbprint in a store My.</summary>
    public string? ClientCertificateThumbprint => Text(nameof(ClientCertificateThumbprint));

    /// <summary>As -DataProtection of Connect-Ftp.</summary>
    public string? DataProtection => Text(nameof(DataProtection));

    /// <summary>As -ClearCommandChannel of Connect-Ftp.</summary>
    public bool? ClearCommandChannel => Switch(nameof(ClearCommandChannel));

    /// <summary>As -Mode of Connect-Ftp.</summary>
    public string? Mode => Text(nameof(Mode));

    /// <summary>As -TransferType of Connect-Ftp.</summary>
    public string? TransferType => Text(nameof(TransferType));

    /// <summary>As -ActiveAddress of Connect-Ftp.</summary>
    public string? ActiveAddress => Text(nameof(ActiveAddress));

    /// <summary>As -ActivePortRange of Connect-Ftp.</summary>
    public string? ActivePortRange => Text(nameof(ActivePortRange));

    /// <summary>As -TrustPassiveAddress of Connect-Ftp.</summary>
    public bool? TrustPassiveAddress => Switch(nameof(TrustPassiveAddress));

    /// <summary>As -Proxy of Connect-Ftp.</summary>
    public string? Proxy => Text(nameof(Proxy));

    /// <summary>As -Encoding of Connect-Ftp.</summary>
    public string? Encoding => Text(nameof(Encoding));

    /// <summary>As -ServerTimeZone of Connect-Ftp.</summary>
    public string? ServerTimeZone => Text(nameof(ServerTimeZone));

    /// <summary>As -TimeoutSec of Connect-Ftp.</summary>
    public int? TimeoutSec => Number(nameof(TimeoutSec));

    /// <summary>As -DataTimeoutSec of Connect-Ftp.</summary>
    public int? DataTimeoutSec => Number(nameof(DataTimeoutSec));

    /// <summary>As -KeepAliveSec of Connect-Ftp.</summary>
    public int? KeepAliveSec => Number(nameof(KeepAliveSec));

    /// <summary>As -SendAhead of Connect-Ftp.</summary>
    public string? SendAhead => Text(nameof(SendAhead));

    /// <summary>As -MaxConnection of Connect-Ftp.</summary>
    public int? MaxConnection => Number(nameof(MaxConnection));

    /// <summary>As -MaxListingItem of Connect-Ftp.</summary>
    public int? MaxListingItem => Number(nameof(MaxListingItem));

    /// <summary>As -LogLevel of Connect-Ftp.</summary>
    public string? LogLevel => Text(nameof(LogLevel));

    /// <summary>As -LogPath of Connect-Ftp.</summary>
    public string? LogPath => Text(nameof(LogPath));

    /// <summary>The file that it is in.</summary>
    public string ProfilePath { get; }

    /// <summary>The names of all settings that there are.</summary>
    internal static IReadOnlyList<string> SettingNames { get; } =
        [.. typeof(FtpProfile).GetProperties().Select(property => property.Name).Where(name => name is not (nameof(Name) or nameof(PasswordFrom) or nameof(ProfilePath)))];

    /// <summary>Whether nothing but the name is known.</summary>
    internal bool IsName { get; }

    /// <summary>What it has, as texts, whole numbers and truths.</summary>
    internal IReadOnlyDictionary<string, object> Settings => _settings;

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>An error that says which profile it is about.</summary>
    /// <param name="kind">What failed.</param>
    /// <param name="what">The rest of a sentence that begins with the profile.</param>
    /// <param name="cause">The cause; null when there is none.</param>
    internal FtpException Failure(FtpErrorKind kind, string what, Exception? cause = null) => new(kind, $"The profile '{Name}' in '{ProfilePath}' {what}", null, cause);

    /// <summary>A setting as a text; null where it does not have it.</summary>
    internal string? Text(string name) => _settings.TryGetValue(name, out var value) ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;

    private int? Number(string name) => _settings.TryGetValue(name, out var value) && value is int number ? number : null;

    private bool? Switch(string name) => _settings.TryGetValue(name, out var value) && value is bool truth ? truth : null;
}
