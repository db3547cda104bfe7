using System;
using System.Management.Automation;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>A cmdlet that connects to a server: whom to connect to, how, and as whom.</summary>
public abstract class ConnectionCmdlet : ServerCmdlet
{
    private protected ConnectionCmdlet()
    {
    }

    /// <summary>The account and its password; anonymous without.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProfileSet)]
    [ValidateNotNull]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>The answer to a server that asks for an account beside user and password (ACCT); none by default. It is not shown in logs.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProfileSet)]
    [ValidateNotNullOrEmpty]
    public string? Account { get; set; }

    /// <summary>The certificate, with its private key, to show to a server that asks for one.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    [ValidateNotNull]
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>The account at the proxy.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProfileSet)]
    [ValidateNotNull]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>What the parameters say, and the profile where they say nothing.</summary>
    /// <param name="cancellationToken">Ends the waiting for a secret of the profile's.</param>
    /// <param name="exceptions">Parameters that are not taken from the profile.</param>
    /// <exception cref="FtpException">They do not fit together, a value is none, or a secret cannot be had.</exception>
    private protected async Task<FtpClientOptions> ReadOptionsAsync(CancellationToken cancellationToken, params string[] exceptions)
    {
        var profile = ApplyProfile(exceptions);
        var options = ReadServer();
        var credential = Credential == PSCredential.Empty ? null : Credential;
        if (credential is null && profile is not null)
            credential = await ProfileSecret.GetCredentialAsync(profile, this, options.Timeout, cancellationToken);
        if (credential is not null)
            options = options with { UserName = credential.UserName, Password = credential.GetNetworkCredential().Password };
        var certificate = ClientCertificate ?? (profile is null ? null : ProfileSecret.FindCertificate(profile));
        if (certificate is { HasPrivateKey: false })
            throw new FtpException(FtpErrorKind.TlsFailed, $"The client certificate of {certificate.Subject} doesn't include its private key, which is required. Load it from a .pfx file, or from the certificate store My.");
        RequireTls(options, certificate);
        var proxy = await FindProxyAsync(profile, cancellationToken);
        var account = Account ?? (profile is null ? null : await ProfileSecret.GetAccountAsync(profile, this, options.Timeout, cancellationToken));
        return options with { Account = account, ClientCertificate = certificate, Proxy = proxy };
    }

    private async Task<FtpProxy?> FindProxyAsync(FtpProfile? profile, CancellationToken cancellationToken)
    {
        var account = ProxyCredential == PSCredential.Empty ? null : ProxyCredential;
        if (Proxy is null)
        {
            return account is null ? null : throw new FtpException(
                FtpErrorKind.InvalidName, "-ProxyCredential requires a proxy. Specify it with -Proxy, for example socks5://host:1080 or http://host:8080.");
        }

        var proxy = FtpProxy.Parse(Proxy);
        if (proxy.Password is { Length: > 0 })
            WriteWarning("The address of the proxy contains a password, which remains in the command history. Use -ProxyCredential instead.");
        if (account is null && profile is not null)
            account = await ProfileSecret.GetProxyCredentialAsync(profile, proxy, this, TimeSpan.FromSeconds(TimeoutSec), cancellationToken);
        return account is null ? proxy : proxy with { UserName = account.UserName, Password = account.GetNetworkCredential().Password };
    }
}
