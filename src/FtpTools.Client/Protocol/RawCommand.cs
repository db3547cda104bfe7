namespace FtpTools.Protocol;

/// <summary>Which commands a user may say in FTP's own words.</summary>
internal static class RawCommand
{
    /// <summary>Why a command is not said as it is, and what does its work; null when it may be said.</summary>
    /// <param name="verb">The verb, in capitals.</param>
    public static string? WhyNot(string verb) => verb switch
    {
        "RETR" => Data("To receive files, use Receive-FtpItem or Get-FtpContent"),
        "STOR" or "STOU" => Data("To send files, use Send-FtpItem or Set-FtpContent"),
        "APPE" => Data("To append to files, use Send-FtpItem -Append or Add-FtpContent"),
        "LIST" or "NLST" or "MLSD" or "XLST" => Data("To list directories, use Get-FtpChildItem"),
        "PASV" or "EPSV" or "PORT" or "EPRT" or "LPSV" or "LPRT" or "SPSV" or "CPSV" => "It's part of a transfer, which sends it itself. To choose the mode, use Set-FtpMode -Mode.",
        "ABOR" => "There is no transfer to cancel. To cancel the transfer of a running command, press Ctrl+C.",
        "USER" or "PASS" or "ACCT" or "REIN" or "AUTH" or "ADAT" or "PBSZ" or "PROT" or "CCC" or "HOST" => "It's part of the login. Use the parameters of Connect-Ftp.",
        "QUIT" => "To end the session, use Disconnect-Ftp.",
        "TYPE" => "Each transfer sends its own. To choose the type, use Set-FtpMode -TransferType.",
        "MODE" or "STRU" => "The session supports only stream mode and file structure, which are the defaults of each connection.",
        "CWD" or "XCWD" or "CDUP" or "XCUP" => "To change the current directory, use Set-FtpLocation.",
        "REST" => "It's part of a transfer. To resume a transfer, use -Resume.",
        "RNFR" or "RNTO" => "The two commands belong together, but the next command may use another connection. To rename an item, use Rename-FtpItem or Move-FtpItem.",
        "CPFR" or "CPTO" => "The two commands belong together, but the next command may use another connection. To copy an item, use Copy-FtpItem.",
        _ => null,
    };

    private static string Data(string instead) => $"It requires a data connection. {instead}.";
}
