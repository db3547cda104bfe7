using System.Security.Authentication;
using System.Threading;

namespace FtpTools.TestServer;

/// <summary>When a server that will not have a data connection under TLS closes it.</summary>
public enum HandshakeRefusal
{
    /// <summary>It has every one.</summary>
    None,

    /// <summary>The connection is open, and closed without a handshake.</summary>
    InsteadOfHandshake,

    /// <summary>
    /// After the handshake, as servers do that want a session reused: to a TLS 1.3 client all has gone well by then.
    /// </summary>
    AfterHandshake,
}

/// <summary>What goes wrong on data connections under TLS; those in plain text do not meet it.</summary>
public sealed class TlsFaults
{
    private readonly Lock _lock = new();

    /// <summary>Ends every data connection by a bare FIN, without close_notify: what an attacker's truncation looks like too.</summary>
    public bool OmitCloseNotify { get; set; }

    /// <summary>
    /// After an upload neither answers the client's close_notify nor closes the connection until the client does. 226 comes
    /// all the same.
    /// </summary>
    public bool NeverAnswerCloseNotify { get; set; }

    /// <summary>
    /// Answers 426 an upload that ended without the client's close_notify, as vsftpd does, or whose client was gone before
    /// it had been sent the server's.
    /// </summary>
    public bool RequireCloseNotify { get; set; }

    /// <summary>Whether and when data connections are refused, after 150.</summary>
    public HandshakeRefusal RefuseHandshake { get; set; }

    /// <summary>The reply to a refused one. ProFTPD says 425 Unable to build data connection: Operation not permitted.</summary>
    public string RefusalReply { get; set; } = "522 SSL connection failed: session reuse required";

    /// <summary>How many data connections are still to be refused; null is all. Counts down.</summary>
    public int? Times { get; set; }

    /// <summary>Refuses those alone whose control connection speaks TLS 1.3.</summary>
    public bool OnlyTls13 { get; set; }

    internal HandshakeRefusal Plan(SslProtocols control)
    {
        lock (_lock)
        {
            var hit = RefuseHandshake != HandshakeRefusal.None && Times is null or > 0
                && (!OnlyTls13 || control == SslProtocols.Tls13);
            if (hit && Times is not null)
                Times--;
            return hit ? RefuseHandshake : HandshakeRefusal.None;
        }
    }
}
