using System;
using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>A cmdlet that connects to a server: whom to connect to, and how.</summary>
public abstract class ConnectionCmdlet : FtpCmdlet
{
    private protected const string ComputerNameSet = "ComputerName";
    private protected const string UriSet = "Uri";
    private protected const int DaySeconds = 86400;

    // An IPv6 address with a port is in brackets; without them, all its colons are its own.
    private static readonly Regex _hostAndPort = new(@"^(?:\[(?<host>[^\]]+)\]|(?<host>[^:\[\]]+)):(?<port>\d{1,5})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private protected ConnectionCmdlet()
    {
    }

    /// <summary>The server's name or address; with a port behind it, as ftp.example.com:2121, where -Port is not given.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = ComputerNameSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Host", "Server")]
    [ValidateNotNullOrEmpty]
    public string? ComputerName { get; set; }

    /// <summary>The control connection's port, 1 to 65535; 21 by default.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    public int Port { get; set; } = 21;

    /// <summary>
    /// The server as ftp://user@host:port/dir. As RFC 1738, 3.2.2 has it, the directory is relative to the one that the
    /// server puts the user in; ftp://host/%2Fdir is absolute.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    [AddressTransformation]
    public Uri? Uri { get; set; }

    /// <summary>The account and its password; anonymous without.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>The answer to a server that asks for an account beside user and password (ACCT); none by default. It is not shown in logs.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Account { get; set; }

    /// <summary>
    /// Auto: TLS where the server offers it, else plain FTP with a warning. Explicit: AUTH TLS or nothing. Implicit: TLS
    /// from the first byte, at port 990 by default. None: plain FTP. Auto by default.
    /// </summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    public FtpTlsMode Tls { get; set; }

    /// <summary>Any (1.2 and 1.3, the default), Tls12 or Tls13.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    public FtpTlsVersion TlsVersion { get; set; }

    /// <summary>The SHA-256 fingerprint of the one certificate to accept, whoever has issued it. TLS is then no option but a must.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [ValidateNotNullOrEmpty]
    [ThumbprintTransformation]
    public string? CertificateThumbprint { get; set; }

    /// <summary>Accept any certificate, in this session alone: whoever stands between can read and change everything.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>The certificate, with its private key, to show to a server that asks for one.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [ValidateNotNull]
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>Private, which encrypts data connections when the session is encrypted, or Clear. Private by default.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    public FtpDataProtection DataProtection { get; set; }

    /// <summary>Leave TLS on the control connection after the login (CCC), so that a NAT's FTP helper can read PORT. Whoever listens sees every path.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    public SwitchParameter ClearCommandChannel { get; set; }

    /// <summary>Auto, Passive or Active, or one exact command: Pasv, Epsv, Port or Eprt. Auto by default.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    public virtual FtpMode Mode { get; set; }

    /// <summary>The address that PORT and EPRT announce, when the server must dial another than the client's own.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [ValidateNotNull]
    public IPAddress? ActiveAddress { get; set; }

    /// <summary>The local ports to listen on in active mode, as 50000-50100.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [ValidateNotNull]
    [PortRangeTransformation]
    public FtpPortRange? ActivePortRange { get; set; }

    /// <summary>Dial whatever address the server's reply to PASV names, even another computer's.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    public SwitchParameter TrustPassiveAddress { get; set; }

    /// <summary>The proxy, as socks5://host:port or http://host:port, for control and data connections; none by default.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    [AddressTransformation]
    public Uri? Proxy { get; set; }

    /// <summary>The account at the proxy.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>The encoding of names on the server: an encoding, its name or its code page; UTF-8 by default.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [ValidateNotNull]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding? Encoding { get; set; }

    /// <summary>How many seconds to wait for the connection, for a reply and for the next byte of a transfer; 30 by default.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [ValidateRange(1, DaySeconds)]
    public int TimeoutSec { get; set; } = 30;

    /// <summary>How many seconds to wait for a data connection to open; 10 by default.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [ValidateRange(1, DaySeconds)]
    public int DataTimeoutSec { get; set; } = 10;

    /// <summary>What the parameters say.</summary>
    /// <exception cref="FtpException">They do not fit together, or a value is none.</exception>
    private protected FtpClientOptions ReadOptions()
    {
        var options = ParameterSetName == UriSet ? FromUri(Uri!) : FromComputerName(ComputerName!);
        if (Credential is not null && Credential != PSCredential.Empty)
            options = options with { UserName = Credential.UserName, Password = Credential.GetNetworkCredential().Password };
        if (ClientCertificate is { HasPrivateKey: false })
            throw new FtpException(FtpErrorKind.TlsFailed, $"The client certificate of {ClientCertificate.Subject} has no private key with it, without which it proves nothing. Load it from a .pfx file, or from the store My.");
        if (options.Tls == FtpTlsMode.None && (CertificateThumbprint is not null || ClientCertificate is not null))
            throw new FtpException(FtpErrorKind.TlsFailed, "-Tls None is plain FTP, which has no certificates. Leave out -CertificateThumbprint and -ClientCertificate, or use -Tls Explicit.");
        return options with
        {
            Account = Account,
            TlsVersion = TlsVersion,
            CertificateThumbprint = CertificateThumbprint,
            SkipCertificateCheck = SkipCertificateCheck,
            ClientCertificate = ClientCertificate,
            DataProtection = DataProtection,
            ClearCommandChannel = ClearCommandChannel,
            Mode = Mode,
            ActiveAddress = ActiveAddress,
            ActivePortRange = ActivePortRange,
            TrustPassiveAddress = TrustPassiveAddress,
            Proxy = FindProxy(),
            // The engine's own UTF-8 keeps the bytes of names that are in another encoding.
            Encoding = Encoding is UTF8Encoding ? null : Encoding,
            Timeout = TimeSpan.FromSeconds(TimeoutSec),
            DataTimeout = TimeSpan.FromSeconds(DataTimeoutSec),
        };
    }

    /// <summary>Connects to one server: of several that come down the pipeline, one that fails does not keep the next from being tried.</summary>
    private protected Task TryServerAsync(Func<Task> work) =>
        MyInvocation.ExpectingInput ? TryAsync(ComputerName ?? (Uri is { IsAbsoluteUri: true } ? Uri.Host : null), work, isOneOfSeveral: true) : work();

    private bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    private FtpClientOptions FromComputerName(string computerName)
    {
        if (computerName.Contains("/"))
            throw new FtpException(FtpErrorKind.InvalidName, $"'{computerName}' is not the name or address of a computer. Give an address of the form ftp://host/dir with -Uri.");
        // As sessions, items, results and errors tell their server.
        if (_hostAndPort.Match(computerName) is { Success: true } match)
        {
            if (IsGiven(nameof(Port)))
                throw new FtpException(FtpErrorKind.InvalidName, $"'{computerName}' names a port, and -Port {Port} another one. Leave one of them out.");
            if (!int.TryParse(match.Groups["port"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
                throw new FtpException(FtpErrorKind.InvalidName, $"'{computerName}' names no port that there can be: ports are 1 to 65535.");
            return new FtpClientOptions { ComputerName = match.Groups["host"].Value, Port = port, Tls = Tls };
        }
        return new FtpClientOptions
        {
            ComputerName = computerName,
            Port = Tls == FtpTlsMode.Implicit && !IsGiven(nameof(Port)) ? FtpClientOptions.ImplicitTlsPort : Port,
            Tls = Tls,
        };
    }

    private FtpClientOptions FromUri(Uri uri)
    {
        var scheme = uri.IsAbsoluteUri ? uri.Scheme : "";
        if (scheme is not ("ftp" or "ftps" or "ftpes") || uri.Host.Length == 0)
            throw new FtpException(FtpErrorKind.InvalidName, "What -Uri was given, not shown for it may hold a password, is not an FTP address. Write it as ftp://user@host:port/dir, ftpes:// for explicit TLS or ftps:// for implicit TLS.");
        var tls = IsGiven(nameof(Tls)) ? Tls : scheme switch { "ftps" => FtpTlsMode.Implicit, "ftpes" => FtpTlsMode.Explicit, _ => FtpTlsMode.Auto };
        var options = new FtpClientOptions
        {
            ComputerName = uri.DnsSafeHost,
            Port = uri.Port > 0 && !(uri.IsDefaultPort && tls == FtpTlsMode.Implicit) ? uri.Port : tls == FtpTlsMode.Implicit ? FtpClientOptions.ImplicitTlsPort : 21,
            Tls = tls,
        };
        var directory = System.Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        if (directory.Length > 0)
            options = options with { InitialDirectory = directory };
        if (uri.UserInfo.Length == 0)
            return options;

        var user = uri.UserInfo.Split([':'], 2);
        if (user.Length == 2)
            WriteWarning("The address has a password in it, which stays in the command history. Use -Credential instead.");
        return options with
        {
            UserName = System.Uri.UnescapeDataString(user[0]),
            Password = user.Length == 2 ? System.Uri.UnescapeDataString(user[1]) : "",
        };
    }

    private FtpProxy? FindProxy()
    {
        var account = ProxyCredential == PSCredential.Empty ? null : ProxyCredential;
        if (Proxy is null)
        {
            return account is null ? null : throw new FtpException(
                FtpErrorKind.InvalidName, "-ProxyCredential was given without a proxy to log in to. Name it with -Proxy, as socks5://host:1080 or http://host:8080.");
        }

        var proxy = FtpProxy.Parse(Proxy);
        if (proxy.Password is { Length: > 0 })
            WriteWarning("The address of the proxy has a password in it, which stays in the command history. Use -ProxyCredential instead.");
        return account is null ? proxy : proxy with { UserName = account.UserName, Password = account.GetNetworkCredential().Password };
    }
}
