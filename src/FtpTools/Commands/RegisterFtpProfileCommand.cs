using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Keeps a server, with all that Connect-Ftp is to be told of it, under a name; no secret, but the way to it.</summary>
[Cmdlet(VerbsLifecycle.Register, "FtpProfile", DefaultParameterSetName = ComputerNameSet, SupportsShouldProcess = true)]
[OutputType(typeof(FtpProfile))]
public sealed class RegisterFtpProfileCommand : ServerCmdlet
{
    private readonly ProfileParameters _parameters;

    /// <summary>Makes one.</summary>
    public RegisterFtpProfileCommand() => _parameters = new ProfileParameters(this);

    /// <summary>The profile's name; upper and lower case are the same.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The server's name or address; with a port behind it, as ftp.example.com:2121, where -Port is not given.</summary>
    [Parameter(Position = 1, Mandatory = true, ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProfileSet)]
    [Alias("Host", "Server")]
    [ValidateNotNullOrEmpty]
    public override string? ComputerName { get; set; }

    /// <summary>The account to log in to; anonymous without it and without a way to a credential.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProfileSet)]
    public string? UserName { get; set; }

    /// <summary>The name of the secret in the vaults of SecretManagement.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProfileSet)]
    public string? SecretName { get; set; }

    /// <summary>The one vault to look for the secret in; all by default.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProfileSet)]
    public string? VaultName { get; set; }

    /// <summary>The file that Export-Clixml wrote the credential to.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProfileSet)]
    public string? CredentialPath { get; set; }

    /// <summary>The environment variable that has the password.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProfileSet)]
    public string? PasswordVariable { get; set; }

    /// <summary>A script that gives the credential, or the password. Its text is kept, and it runs in a runspace of its own, which can ask nobody.</summary>
    [Parameter]
    public ScriptBlock? CredentialScript { get; set; }

    /// <summary>The name of the secret with the credential for the proxy, in the same vaults.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProfileSet)]
    public string? ProxySecretName { get; set; }

    /// <summary>The file that Export-Clixml wrote the credential for the proxy to.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProfileSet)]
    public string? ProxyCredentialPath { get; set; }

    /// <summary>The environment variable that has the password for the proxy.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProfileSet)]
    public string? ProxyPasswordVariable { get; set; }

    /// <summary>A script that gives the credential for the proxy, or the password. It is kept and run as -CredentialScript is.</summary>
    [Parameter]
    public ScriptBlock? ProxyCredentialScript { get; set; }

    /// <summary>The name of the secret with the account that the server asks for beside user and password, in the same vaults.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProfileSet)]
    public string? AccountSecretName { get; set; }

    /// <summary>The file that Export-Clixml wrote the account to, as a secure string or the password of a credential.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProfileSet)]
    public string? AccountPath { get; set; }

    /// <summary>The environment variable that has the account.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProfileSet)]
    public string? AccountVariable { get; set; }

    /// <summary>A script that gives the account. It is kept and run as -CredentialScript is.</summary>
    [Parameter]
    public ScriptBlock? AccountScript { get; set; }

    /// <summary>The certificate to show to a server that asks for one: one in a store My, of which the thumbprint is kept.</summary>
    [Parameter]
    [ValidateNotNull]
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>Binary or Ascii.</summary>
    [Parameter]
    public FtpTransferType TransferType { get; set; }

    /// <summary>The time zone in which listings by LIST tell time.</summary>
    [Parameter]
    [ValidateNotNull]
    [TimeZoneTransformation]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public TimeZoneInfo? ServerTimeZone { get; set; }

    /// <summary>After how many silent seconds to send NOOP.</summary>
    [Parameter]
    [ValidateRange(0, DaySeconds)]
    public int KeepAliveSec { get; set; }

    /// <summary>Whether commands are sent ahead of their time.</summary>
    [Parameter]
    public FtpSendAhead SendAhead { get; set; }

    /// <summary>The most control connections that a session opens at a time.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int MaxConnection { get; set; }

    /// <summary>The most items of one listing.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxListingItem { get; set; }

    /// <summary>From which level on to log.</summary>
    [Parameter]
    public FtpLogLevel LogLevel { get; set; }

    /// <summary>The file to append the log to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>The file of profiles; the user's own by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    public override string? ProfilePath { get; set; }

    /// <summary>Replace a profile of the same name.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emit the profile.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override Task ProcessRecordAsync(CancellationToken cancellationToken) => TryAsync(Name, async () =>
    {
        var store = FtpProfileStore.Of(this, ProfilePath);
        var profile = new FtpProfile(Name!, store.Path, Settings());
        if (!ShouldProcess($"{profile.Name} in {store.Path}", "Register Profile"))
            return;
        await store.AddAsync(profile, Force, cancellationToken);
        if (PassThru)
            WriteObject(profile);
    });

    private Dictionary<string, object> Settings()
    {
        // Another way takes the place of the former profile's.
        var basis = ApplyProfile([.. SecretWays.All.Where(ways => Given(ways).Any()).SelectMany(ways => ways.Settings)]);
        RefusePasswords();
        _ = ReadServer();

        var settings = _parameters.Collect(IsGiven);
        // Of no secret that is left.
        if (!SecretWays.All.Any(ways => settings.ContainsKey(ways.SecretName)))
            settings.Remove(nameof(VaultName));
        foreach (var name in new[] { nameof(LogPath) }.Concat(SecretWays.All.Select(ways => ways.Path)).Where(settings.ContainsKey))
            settings[name] = LocalPaths.Resolve(this, (string)settings[name]);
        if (ClientCertificate is not null)
            settings[nameof(FtpProfile.ClientCertificateThumbprint)] = Thumbprint(ClientCertificate);
        else if (basis?.ClientCertificateThumbprint is { } thumbprint)
            settings[nameof(FtpProfile.ClientCertificateThumbprint)] = thumbprint;
        return settings;
    }

    private void RefusePasswords()
    {
        if (Uri is { IsAbsoluteUri: true } && Uri.UserInfo.Contains(":"))
            throw Refusal($"-Uri contains a password, which isn't saved in profiles. Remove it from the address, and specify where to get it with {SecretWays.Login.Parameters("or")}.");
        if (Proxy is { IsAbsoluteUri: true } && Proxy.UserInfo.Contains(":"))
            throw Refusal($"-Proxy contains a password, which isn't saved in profiles. Remove it from the address, and specify where to get it with {SecretWays.Proxy.Parameters("or")}.");
        if (VaultName is { Length: > 0 } && MyInvocation.BoundParameters.ContainsKey(nameof(VaultName)) && !SecretWays.All.Any(ways => Given(ways).Contains(ways.SecretName, StringComparer.Ordinal)))
            throw Refusal($"-VaultName requires the name of a secret in the vault. Specify it with -{nameof(SecretName)}, -{nameof(ProxySecretName)} or -{nameof(AccountSecretName)}.");
        if (SecretWays.All.FirstOrDefault(ways => Given(ways).Count() > 1) is { } several)
            throw Refusal($"{several.Parameters("and")} can't be combined. Specify only one of them.");
        if (PasswordVariable is { Length: > 0 } && UserName is not { Length: > 0 } && (Uri is not { IsAbsoluteUri: true } || Uri.UserInfo.Length == 0))
            throw Refusal("-PasswordVariable contains only a password. Specify the account with -UserName.");
        if (Proxy is null && Given(SecretWays.Proxy).FirstOrDefault() is { } given)
            throw Refusal($"-{given} requires a proxy. Specify it with -Proxy, for example socks5://host:1080 or http://host:8080.");
        if (ProxyPasswordVariable is { Length: > 0 } && Proxy is { IsAbsoluteUri: true } && Proxy.UserInfo.Length == 0)
            throw Refusal("-ProxyPasswordVariable contains only a password. Specify the account in the address of the proxy, as in socks5://user@host:1080.");
    }

    // A row of a table has all columns, and an empty one says nothing.
    private IEnumerable<string> Given(SecretWays ways) => ways.Settings.Where(name => _parameters.Value(name)?.ToString() is { Length: > 0 });

    private string Thumbprint(X509Certificate2 certificate) => ProfileSecret.FindCertificate(certificate.Thumbprint) is not null
        ? certificate.Thumbprint
        : throw Refusal($"The certificate of {certificate.Subject} isn't in the certificate store My of this account or computer, where a profile looks it up by its thumbprint. Import it there, or use Connect-Ftp -ClientCertificate together with -Profile.");

    private static FtpException Refusal(string message) => new(FtpErrorKind.InvalidName, message);
}
