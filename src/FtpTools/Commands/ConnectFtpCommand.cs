using System;
using System.Management.Automation;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FtpTools.Pipeline;

namespace FtpTools.Commands;

/// <summary>Connects to an FTP server and logs in. The session becomes the runspace's current one.</summary>
[Cmdlet(VerbsCommunications.Connect, "Ftp", DefaultParameterSetName = ComputerNameSet)]
[OutputType(typeof(FtpSession))]
public sealed class ConnectFtpCommand : FtpCmdlet
{
    private const string ComputerNameSet = "ComputerName";
    private const string UriSet = "Uri";
    private const int DaySeconds = 86400;

    /// <summary>The server's name or address.</summary>
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
    public Uri? Uri { get; set; }

    /// <summary>The account and its password; anonymous without.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>Auto, Passive or Active, or one exact command: Pasv, Epsv, Port or Eprt. Auto by default.</summary>
    [Parameter]
    public FtpMode Mode { get; set; }

    /// <summary>Binary or Ascii; Binary by default.</summary>
    [Parameter]
    public FtpTransferType TransferType { get; set; }

    /// <summary>The address that PORT and EPRT announce, when the server must dial another than the client's own.</summary>
    [Parameter]
    [ValidateNotNull]
    public IPAddress? ActiveAddress { get; set; }

    /// <summary>The local ports to listen on in active mode, as 50000-50100.</summary>
    [Parameter]
    [ValidateNotNull]
    [PortRangeTransformation]
    public FtpPortRange? ActivePortRange { get; set; }

    /// <summary>Dial whatever address the server's reply to PASV names, even another computer's.</summary>
    [Parameter]
    public SwitchParameter TrustPassiveAddress { get; set; }

    /// <summary>The proxy, as socks5://host:port or http://host:port, for control and data connections; none by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public Uri? Proxy { get; set; }

    /// <summary>The account at the proxy.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>The encoding of names on the server: an encoding, its name or its code page; UTF-8 by default.</summary>
    [Parameter]
    [ValidateNotNull]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding? Encoding { get; set; }

    /// <summary>How many seconds to wait for the connection, for a reply and for the next byte of a transfer; 30 by default.</summary>
    [Parameter]
    [ValidateRange(1, DaySeconds)]
    public int TimeoutSec { get; set; } = 30;

    /// <summary>How many seconds to wait for a data connection to open; 10 by default.</summary>
    [Parameter]
    [ValidateRange(1, DaySeconds)]
    public int DataTimeoutSec { get; set; } = 10;

    /// <summary>After how many idle seconds to send NOOP; 0, the default, for never.</summary>
    [Parameter]
    [ValidateRange(0, DaySeconds)]
    public int KeepAliveSec { get; set; }

    /// <summary>The most control connections that the session opens at a time; 4 by default.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int MaxConnection { get; set; } = 4;

    /// <summary>The session's name, to choose it by; made up by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>From which level on to log, to standard error or to -LogPath; Debug, which is every command and reply, by default with -LogPath.</summary>
    [Parameter]
    public FtpLogLevel LogLevel { get; set; } = FtpLogLevel.Debug;

    /// <summary>The file to append the log to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    private protected override async Task ProcessRecordAsync(CancellationToken cancellationToken)
    {
        var options = ParameterSetName == UriSet ? FromUri(Uri!) : FromComputerName(ComputerName!);
        if (Credential is not null && Credential != PSCredential.Empty)
            options = options with { UserName = Credential.UserName, Password = Credential.GetNetworkCredential().Password };

        var session = await FtpSession.ConnectAsync(options with
        {
            Mode = Mode,
            TransferType = TransferType,
            ActiveAddress = ActiveAddress,
            ActivePortRange = ActivePortRange,
            TrustPassiveAddress = TrustPassiveAddress,
            Proxy = FindProxy(),
            // The engine's own UTF-8 keeps the bytes of names that are in another encoding.
            Encoding = Encoding is UTF8Encoding ? null : Encoding,
            Timeout = TimeSpan.FromSeconds(TimeoutSec),
            DataTimeout = TimeSpan.FromSeconds(DataTimeoutSec),
            KeepAlive = TimeSpan.FromSeconds(KeepAliveSec),
            MaxConnection = MaxConnection,
            Name = Name,
            Log = OpenLog(),
        }, cancellationToken);
        SessionRegistry.Here.Add(session);
        WriteObject(session);
    }

    private FtpClientOptions FromComputerName(string computerName)
    {
        if (computerName.Contains("/"))
            throw new FtpException(FtpErrorKind.InvalidName, $"'{computerName}' is not the name or address of a computer. Give an address of the form ftp://host/dir with -Uri.");
        return new FtpClientOptions { ComputerName = computerName, Port = Port };
    }

    private FtpClientOptions FromUri(Uri uri)
    {
        if (!uri.IsAbsoluteUri || uri.Scheme is not ("ftp" or "ftps") || uri.Host.Length == 0)
            throw new FtpException(FtpErrorKind.InvalidName, "What -Uri was given, not shown for it may hold a password, is not an FTP address. Write it as ftp://user@host:port/dir.");
        if (uri.Scheme == "ftps")
            throw new FtpException(FtpErrorKind.TlsFailed, $"'{uri.Host}' was not connected to, for this version of FtpTools has no TLS yet. An ftp:// address connects without encryption.");

        var options = new FtpClientOptions { ComputerName = uri.DnsSafeHost, Port = uri.Port };
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

    private FtpLog? OpenLog()
    {
        if (LogPath is not null)
            return FtpFileLog.Open(LocalPaths.Resolve(this, LogPath), LogLevel);
        return MyInvocation.BoundParameters.ContainsKey(nameof(LogLevel)) && LogLevel != FtpLogLevel.None ? new ConsoleFtpLog(LogLevel) : null;
    }
}
