using System;
using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace FtpTools.Pipeline;

/// <summary>A cmdlet that is told of a server: which one, and how to connect to it. What is secret of that is not here.</summary>
public abstract class ServerCmdlet : FtpCmdlet
{
    private protected const string ComputerNameSet = "ComputerName";
    private protected const string UriSet = "Uri";
    private protected const string ProfileSet = "Profile";
    private protected const int DaySeconds = 86400;

    // An IPv6 address with a port is in brackets; without them, all its colons are its own.
    private static readonly Regex _hostAndPort = new(@"^(?:\[(?<host>[^\]]+)\]|(?<host>[^:\[\]]+)):(?<port>\d{1,5})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private readonly ProfileParameters _ofProfile;

    private protected ServerCmdlet() => _ofProfile = new ProfileParameters(this);

    /// <summary>The server's name or address; with a port behind it, as ftp.example.com:2121, where -Port is not given.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = ComputerNameSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProfileSet)]
    [Alias("Host", "Server")]
    [ValidateNotNullOrEmpty]
    public virtual string? ComputerName { get; set; }

    /// <summary>The control connection's port, 1 to 65535; 21 by default.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProfileSet)]
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

    /// <summary>
    /// Auto: TLS where the server offers it, else plain FTP with a warning. Explicit: AUTH TLS or nothing. Implicit: TLS
    /// from the first byte, at port 990 by default. None: plain FTP. Auto by default.
    /// </summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    public FtpTlsMode Tls { get; set; }

    /// <summary>Any (1.2 and 1.3, the default), Tls12 or Tls13.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    public FtpTlsVersion TlsVersion { get; set; }

    /// <summary>The SHA-256 fingerprint of the one certificate to accept, whoever has issued it. TLS is then no option but a must.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    [ValidateNotNullOrEmpty]
    [ThumbprintTransformation]
    public string? CertificateThumbprint { get; set; }

    /// <summary>Accept any certificate, in this session alone: whoever stands between can read and change everything.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>Accept encrypted listings that end without TLS's closing message: whoever stands between can cut them off unseen.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    public SwitchParameter SkipTlsEndCheck { get; set; }

    /// <summary>Private, which encrypts data connections when the session is encrypted, or Clear. Private by default.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    public FtpDataProtection DataProtection { get; set; }

    /// <summary>Leave TLS on the control connection after the login (CCC), so that a NAT's FTP helper can read PORT. Whoever listens sees every path.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    public SwitchParameter ClearCommandChannel { get; set; }

    /// <summary>Auto, Passive or Active, or one exact command: Pasv, Epsv, Port or Eprt. Auto by default.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    public virtual FtpMode Mode { get; set; }

    /// <summary>The address that PORT and EPRT announce, when the server must dial another than the client's own.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    [ValidateNotNull]
    public IPAddress? ActiveAddress { get; set; }

    /// <summary>The local ports to listen on in active mode, as 50000-50100.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    [ValidateNotNull]
    [PortRangeTransformation]
    public FtpPortRange? ActivePortRange { get; set; }

    /// <summary>Dial whatever address the server's reply to PASV names, even another computer's.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    public SwitchParameter TrustPassiveAddress { get; set; }

    /// <summary>The proxy, as socks5://host:port or http://host:port, for control and data connections; none by default.</summary>
    [Parameter(ParameterSetName = ComputerNameSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = UriSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProfileSet)]
    [ValidateNotNull]
    [AddressTransformation]
    public Uri? Proxy { get; set; }

    /// <summary>The encoding of names on the server: an encoding, its name or its code page; UTF-8 by default.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    [ValidateNotNull]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding? Encoding { get; set; }

    /// <summary>How many seconds to wait for the connection, for a reply and for the next byte of a transfer; 30 by default.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    [ValidateRange(1, DaySeconds)]
    public int TimeoutSec { get; set; } = 30;

    /// <summary>How many seconds to wait for a data connection to open; 10 by default.</summary>
    [Parameter(ParameterSetName = ComputerNameSet)]
    [Parameter(ParameterSetName = UriSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    [ValidateRange(1, DaySeconds)]
    public int DataTimeoutSec { get; set; } = 10;

    /// <summary>The profile that has all that is not given here: its name, or the profile itself.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ProfileSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ProfileCompleter))]
    public FtpProfile? Profile { get; set; }

    /// <summary>The file of profiles; the user's own by default.</summary>
    [Parameter(ParameterSetName = ProfileSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public virtual string? ProfilePath { get; set; }

    // A text that comes down the pipeline is a computer; where no other set is the default, PowerShell takes it for the name of a
    // profile too.
    private bool IsOfProfile => ParameterSetName == ProfileSet && !(MyInvocation.ExpectingInput && Profile!.IsName && Profile.Name == ComputerName);

    /// <summary>Has the profile, where one was given, fill in each parameter that was not given.</summary>
    /// <param name="exceptions">Parameters that are left as they are.</param>
    /// <returns>The profile; null where none was given.</returns>
    /// <exception cref="FtpException">There is no such profile, or a value in it is none.</exception>
    private protected FtpProfile? ApplyProfile(params string[] exceptions)
    {
        _ofProfile.Withdraw();
        if (!IsOfProfile)
            return null;
        var profile = Profile!.IsName ? FtpProfileStore.Of(this, ProfilePath).Find(Profile.Name) : Profile;
        var server = ComputerName;
        _ofProfile.Apply(profile, name => MyInvocation.BoundParameters.ContainsKey(name) || Array.IndexOf(exceptions, name) >= 0
            // Another server than the profile's, which is all of an address, or all but the port.
            || (server is not null && (name == nameof(Uri) || (name == nameof(Port) && _hostAndPort.IsMatch(server)))));
        if (ComputerName is null && Uri is null)
            throw profile.Failure(FtpErrorKind.InvalidName, "doesn't contain the name of a server. Specify the server with -ComputerName, or replace the profile with Register-FtpProfile -Force.");
        return profile;
    }

    /// <summary>What the parameters say, but for secrets.</summary>
    /// <exception cref="FtpException">They do not fit together, or a value is none.</exception>
    private protected FtpClientOptions ReadServer()
    {
        var options = ParameterSetName == UriSet || ComputerName is null ? FromUri(Uri!) : FromComputerName(ComputerName);
        RequireTls(options, CertificateThumbprint);
        return options with
        {
            TlsVersion = TlsVersion,
            CertificateThumbprint = CertificateThumbprint,
            SkipCertificateCheck = SkipCertificateCheck,
            SkipTlsEndCheck = SkipTlsEndCheck,
            DataProtection = DataProtection,
            ClearCommandChannel = ClearCommandChannel,
            Mode = Mode,
            ActiveAddress = ActiveAddress,
            ActivePortRange = ActivePortRange,
            TrustPassiveAddress = TrustPassiveAddress,
            Proxy = Proxy is null ? null : FtpProxy.Parse(Proxy),
            // The engine's own UTF-8 keeps the bytes of names that are in another encoding.
            Encoding = Encoding is UTF8Encoding ? null : Encoding,
            Timeout = TimeSpan.FromSeconds(TimeoutSec),
            DataTimeout = TimeSpan.FromSeconds(DataTimeoutSec),
        };
    }
    /// <summary>Connects to one server: of several that come down the pipeline, one that fails does not keep the next from being tried.</summary>
    private protected Task TryServerAsync(Func<Task> work) =>
        MyInvocation.ExpectingInput ? TryAsync(ComputerName ?? (Uri is { IsAbsoluteUri: true } ? Uri.Host : Profile?.Name), work, isOneOfSeveral: true) : work();

    /// <summary>Whether a parameter has a value of the user's, on the line or in the profile.</summary>
    private protected bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter) || _ofProfile.Have(parameter);

    /// <summary>Refuses a certificate where there is no TLS.</summary>
    private protected static void RequireTls(FtpClientOptions options, object? certificate)
    {
        if (options.Tls == FtpTlsMode.None && certificate is not null)
            throw new FtpException(FtpErrorKind.TlsFailed, "-Tls None is plain FTP, which doesn't use certificates. Omit -CertificateThumbprint and -ClientCertificate, or use -Tls Explicit.");
    }

    private FtpClientOptions FromComputerName(string computerName)
    {
        if (computerName.Contains("/"))
            throw new FtpException(FtpErrorKind.InvalidName, $"'{computerName}' isn't the name or address of a computer. To specify an address such as ftp://host/dir, use -Uri.");
        // As sessions, items, results and errors tell their server.
        if (_hostAndPort.Match(computerName) is { Success: true } match)
        {
            if (IsGiven(nameof(Port)))
                throw new FtpException(FtpErrorKind.InvalidName, $"'{computerName}' and -Port {Port} specify different ports. Omit one of them.");
            if (!int.TryParse(match.Groups["port"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
                throw new FtpException(FtpErrorKind.InvalidName, $"'{computerName}' doesn't contain a valid port. Ports are from 1 to 65535.");
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
            throw new FtpException(FtpErrorKind.InvalidName, "The value of -Uri isn't a valid FTP address. (It isn't shown, because it may contain a password.) Write it as ftp://user@host:port/dir, with ftpes:// for explicit TLS or ftps:// for implicit TLS.");
        var tls = IsGiven(nameof(Tls)) ? Tls : scheme switch { "ftps" => FtpTlsMode.Implicit, "ftpes" => FtpTlsMode.Explicit, _ => FtpTlsMode.Auto };
        var options = new FtpClientOptions
        {
            ComputerName = uri.DnsSafeHost,
            Port = IsGiven(nameof(Port)) ? Port : uri.Port > 0 && !(uri.IsDefaultPort && tls == FtpTlsMode.Implicit) ? uri.Port : tls == FtpTlsMode.Implicit ? FtpClientOptions.ImplicitTlsPort : 21,
            Tls = tls,
        };
        var directory = System.Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        if (directory.Length > 0)
            options = options with { InitialDirectory = directory };
        if (uri.UserInfo.Length == 0)
            return options;

        var user = uri.UserInfo.Split([':'], 2);
        if (user.Length == 2)
            WriteWarning("The address contains a password, which remains in the command history. Use -Credential instead.");
        return options with
        {
            UserName = System.Uri.UnescapeDataString(user[0]),
            Password = user.Length == 2 ? System.Uri.UnescapeDataString(user[1]) : "",
        };
    }
}
