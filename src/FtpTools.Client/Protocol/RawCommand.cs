namespace FtpTools.Protocol;

/// <summary>Which commands a user may say in FTP's own words.</summary>
internal static class RawCommand
{
    /// <summary>Why a command is not said as it is, and what does its work; null when it may be said.</summary>
    /// <param name="verb">The verb, in capitals.</param>
    public static string? WhyNot(string verb) => verb switch
    {
        "RETR" => Data("Receive-FtpItem or Get-FtpContent receives files"),
        "STOR" or "STOU" => Data("Send-FtpItem or Set-FtpContent sends files"),
        "APPE" => Data("Send-FtpItem -Append or Add-FtpContent adds to files"),
        "LIST" or "NLST" or "MLSD" or "XLST" => Data("Get-FtpChildItem lists directories"),
        "PASV" or "EPSV" or "PORT" or "EPRT" or "LPSV" or "LPRT" or "SPSV" or "CPSV" => "It belongs to a transfer, each of which says it itself; Set-FtpMode -Mode chooses how.",
        "ABOR" => "There is no transfer to break off; Ctrl+C breaks off the one of a running command.",
        "USER" or "PASS" or "ACCT" or "REIN" or "AUTH" or "ADAT" or "PBSZ" or "PROT" or "CCC" or "HOST" => "It belongs to the login; Connect-Ftp has parameters for it.",
        "QUIT" => "Disconnect-Ftp ends the session.",
        "TYPE" => "Each transfer says its own; Set-FtpMode -TransferType chooses it.",
        "MODE" or "STRU" => "The session transfers files in stream mode and file structure alone, which are those that a connection begins with.",
        "CWD" or "XCWD" or "CDUP" or "XCUP" => "Set-FtpLocation changes the current directory.",
        "REST" => "It belongs to a transfer; -Resume goes on with one.",
        "RNFR" or "RNTO" => "The two belong together, and the next command may go over another connection; Rename-FtpItem or Move-FtpItem renames.",
        "CPFR" or "CPTO" => "The two belong together, and the next command may go over another connection; Copy-FtpItem copies.",
        _ => null,
    };

    private static string Data(string instead) => $"It needs a data connection: {instead}.";
}
