using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

public sealed class RawCommandTests
{
    [Theory]
    [InlineData("RETR", "To receive files, use Receive-FtpItem or Get-FtpContent")]
    [InlineData("STOR", "To send files, use Send-FtpItem or Set-FtpContent")]
    [InlineData("STOU", "To send files, use Send-FtpItem or Set-FtpContent")]
    [InlineData("APPE", "To append to files, use Send-FtpItem -Append or Add-FtpContent")]
    [InlineData("LIST", "To list directories, use Get-FtpChildItem")]
    [InlineData("NLST", "To list directories, use Get-FtpChildItem")]
    [InlineData("MLSD", "To list directories, use Get-FtpChildItem")]
    [InlineData("XLST", "To list directories, use Get-FtpChildItem")]
    public void Refuses_what_needs_a_data_connection(string verb, string instead) => Assert.Equal($"It requires a data connection. {instead}.", RawCommand.WhyNot(verb));

    [Theory]
    [InlineData("PASV", "Set-FtpMode -Mode")]
    [InlineData("EPSV", "Set-FtpMode -Mode")]
    [InlineData("PORT", "Set-FtpMode -Mode")]
    [InlineData("EPRT", "Set-FtpMode -Mode")]
    [InlineData("LPSV", "Set-FtpMode -Mode")]
    [InlineData("LPRT", "Set-FtpMode -Mode")]
    [InlineData("SPSV", "Set-FtpMode -Mode")]
    [InlineData("CPSV", "Set-FtpMode -Mode")]
    [InlineData("TYPE", "Set-FtpMode -TransferType")]
    [InlineData("USER", "Connect-Ftp")]
    [InlineData("PASS", "Connect-Ftp")]
    [InlineData("ACCT", "Connect-Ftp")]
    [InlineData("REIN", "Connect-Ftp")]
    [InlineData("AUTH", "Connect-Ftp")]
    [InlineData("ADAT", "Connect-Ftp")]
    [InlineData("PBSZ", "Connect-Ftp")]
    [InlineData("PROT", "Connect-Ftp")]
    [InlineData("CCC", "Connect-Ftp")]
    [InlineData("HOST", "Connect-Ftp")]
    [InlineData("QUIT", "Disconnect-Ftp")]
    [InlineData("CWD", "Set-FtpLocation")]
    [InlineData("XCWD", "Set-FtpLocation")]
    [InlineData("CDUP", "Set-FtpLocation")]
    [InlineData("XCUP", "Set-FtpLocation")]
    [InlineData("RNFR", "Rename-FtpItem")]
    [InlineData("RNTO", "Rename-FtpItem")]
    [InlineData("CPFR", "Copy-FtpItem")]
    [InlineData("CPTO", "Copy-FtpItem")]
    [InlineData("REST", "-Resume")]
    [InlineData("ABOR", "Ctrl+C")]
    [InlineData("MODE", "stream mode")]
    [InlineData("STRU", "stream mode")]
    public void Names_what_does_the_work_of_a_command_that_is_the_sessions_own(string verb, string instead) => Assert.Contains(instead, RawCommand.WhyNot(verb), System.StringComparison.Ordinal);

    [Theory]
    [InlineData("NOOP")]
    [InlineData("SITE")]
    [InlineData("SIZE")]
    [InlineData("DELE")]
    [InlineData("STAT")]
    [InlineData("XYZZY")]
    public void Lets_all_others_be_said(string verb) => Assert.Null(RawCommand.WhyNot(verb));
}
