using System;

namespace FtpTools.Dialogue;

/// <summary>What was said on one control connection and holds for what is said after it.</summary>
internal sealed class SaidState : IDisposable
{
    /// <summary>The transfer type (TYPE); null when it is not known.</summary>
    public FtpTransferType? Type { get; set; }

    /// <summary>The current directory, where this side has changed it (CWD); null where it has not, or was refused.</summary>
    public string? Directory { get; set; }

    /// <summary>
    /// True when a REST was said and no transfer has followed. Servers keep it until one comes, whatever comes before
    /// (vsftpd, ProFTPD and Pure-FTPd, as measured).
    /// </summary>
    public bool IsRestartOpen { get; set; }

    /// <summary>The command by which an algorithm for hashes was chosen last (OPTS HASH); null when none was.</summary>
    public string? HashChoice { get; set; }

    /// <summary>
    /// True when an RNFR was taken and the RNTO after it was not. Pure-FTPd keeps the former name then, and an RNTO that follows
    /// a refused RNFR renames that file.
    /// </summary>
    public bool IsRenameOpen { get; set; }

    /// <summary>The data connection that was announced for the next transfer; null for none.</summary>
    public AnnouncedAhead? Ahead { get; set; }

    /// <summary>Closes what was announced ahead.</summary>
    public void DropAhead()
    {
        Ahead?.Dispose();
        Ahead = null;
    }

    /// <summary>As the connection is given up.</summary>
    public void Dispose() => DropAhead();
}
