using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

public sealed class RawCommandTests
{
    [Theory]
    [InlineData("RETR")]
    [InlineData("STOR")]
    [InlineData("STOU")]
    [InlineData("APPE")]
    [InlineData("LIST")]
    [InlineData("NLST")]
    [InlineData("MLSD")]
    public void Refuses_what_needs_a_data_connection(string verb) => Assert.StartsWith("It requires a data connection. ", RawCommand.WhyNot(verb), System.StringComparison.Ordinal);

    [Theory]
    [InlineData("PASV", "Set-FtpMode")]
    [InlineData("EPRT", "Set-FtpMode")]
    [InlineData("TYPE", "Set-FtpMode")]
    [InlineData("USER", "Connect-Ftp")]
    [InlineData("PROT", "Connect-Ftp")]
    [InlineData("QUIT", "Disconnect-Ftp")]
    [InlineData("CWD", "Set-FtpLocation")]
    [InlineData("RNTO", "Rename-FtpItem")]
    [InlineData("CPTO", "Copy-FtpItem")]
    [InlineData("REST", "-Resume")]
    [InlineData("ABOR", "Ctrl+C")]
    [InlineData("MODE", "stream mode")]
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
