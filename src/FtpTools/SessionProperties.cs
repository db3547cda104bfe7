using System.Management.Automation.Runspaces;

namespace FtpTools;

/// <summary>What FtpTools.Types.ps1xml adds to sessions: it is true of a runspace, which the engine does not know.</summary>
public static class SessionProperties
{
    /// <summary>Whether a session is the one that cmdlets of this runspace work on without -Session.</summary>
    /// <param name="session">The session.</param>
    public static bool IsCurrent(FtpSession session) => Runspace.DefaultRunspace is not null && SessionRegistry.Here.Current == session;
}
