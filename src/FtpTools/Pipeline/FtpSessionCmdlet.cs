using System.Management.Automation;

namespace FtpTools.Pipeline;

/// <summary>A cmdlet that works on a session: the one given, the one that a piped item brings, or the current one.</summary>
public abstract class FtpSessionCmdlet : FtpCmdlet
{
    private protected FtpSessionCmdlet()
    {
    }

    /// <summary>The session, its name or its id; the runspace's current session by default.</summary>
    [Parameter]
    [ValidateNotNull]
    [SessionTransformation]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public virtual FtpSession? Session { get; set; }

    /// <summary>The session to work on.</summary>
    /// <exception cref="FtpException"><see cref="FtpErrorKind.NoSession"/>.</exception>
    private protected FtpSession TheSession => Session ?? SessionRegistry.Here.Current ?? throw SessionRegistry.Here.NoSession();

    /// <summary>The session to work on an item with: the one given, or else the one that the item was read with.</summary>
    private protected FtpSession SessionOf(FtpItem item) => Session ?? item.Session ?? TheSession;
}
