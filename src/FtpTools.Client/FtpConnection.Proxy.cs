using System.Net;
using FtpTools.Protocol;

namespace FtpTools;

/// <content>What is different about data connections through a proxy.</content>
internal sealed partial class FtpConnection
{
    /// <summary>
    /// Whom the proxy is to dial after PASV. The server's address is the proxy's knowledge, so the announced one cannot be
    /// checked (RFC 2577, 3); the name that led the control connection to the server leads the data connection there too.
    /// </summary>
    private DialTarget CheckedThroughProxy(IPEndPoint announced)
    {
        if (_options.TrustPassiveAddress && !announced.Address.Equals(IPAddress.Any))
            return new DialTarget(announced);
        var target = new DialTarget(_options.ComputerName, announced.Port);
        _control.Trace(FtpLogLevel.Trace, $"The server announced {announced}; the proxy is asked for {target} (-TrustPassiveAddress obeys the server).");
        return target;
    }

    private FtpException NoActiveThroughProxy(FtpMode mode) => new(
        FtpErrorKind.DataConnectionFailed,
        $"The mode {mode} cannot work through the proxy {_options.Proxy}, for {Server} cannot dial this computer through it. Use Set-FtpMode Auto or Passive.");
}
