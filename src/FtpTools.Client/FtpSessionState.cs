namespace FtpTools;

/// <summary>Whether a session can be used.</summary>
public enum FtpSessionState
{
    /// <summary>It can be used; a lost control connection is replaced by the next command.</summary>
    Opened,

    /// <summary>It was disconnected.</summary>
    Closed,
}
