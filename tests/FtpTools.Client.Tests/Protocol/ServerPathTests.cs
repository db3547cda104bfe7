using FtpTools.Protocol;
using Xunit;

namespace FtpTools.Tests.Protocol;

public sealed class ServerPathTests
{
    [Theory]
    [InlineData("", "/home/me", "Slashes")]
    [InlineData("UNIX Type: L8", "/", "Slashes")]
    [InlineData("UNIX Type: L8", "/what [x]", "Slashes")]
    [InlineData("UNIX Type: L8", "/[x]", "Slashes")]
    [InlineData("UNIX Type: L8", "/'x'", "Slashes")]
    [InlineData("", "/[x] more", "Slashes")]
    [InlineData("", "/'ANNA.'", "DataSets")]
    [InlineData("MVS is the operating system of this server.", "/u/anna", "DataSets")]
    [InlineData("", "/DISK$USER:[ANNA]", "Brackets")]
    [InlineData("VMS OpenVMS V8.4", "/", "Brackets")]
    public void TheCurrentDirectoryAndTheSystemTellTheStyle(string system, string directory, string style) =>
        Assert.Equal(style, ServerPath.Guess(system, directory).ToString());

    [Theory]
    [InlineData("CWD", "/'ANNA.'", "'ANNA.'")]
    [InlineData("RETR", "/'ANNA.'/LOG.TEXT", "'ANNA.LOG.TEXT'")]
    [InlineData("CWD", "/'ANNA.'/SOURCE.COBOL", "'ANNA.SOURCE.COBOL'")]
    [InlineData("STOR", "/'ANNA.'/SOURCE.COBOL/PAY01", "'ANNA.SOURCE.COBOL(PAY01)'")]
    [InlineData("RETR", "/'ANNA.'/SOURCE.COBOL(PAY01)", "'ANNA.SOURCE.COBOL(PAY01)'")]
    [InlineData("CWD", "/'ANNA.'/PROJECTS.", "'ANNA.PROJECTS.'")]
    [InlineData("DELE", "/'ANNA.'/PROJECTS./X", "'ANNA.PROJECTS.X'")]
    [InlineData("RETR", "/'ANNA.'/'SYS1.PARMLIB'/IEASYS00", "'SYS1.PARMLIB(IEASYS00)'")]
    [InlineData("RETR", "/'ANNA.'/'SYS1.PARMLIB(IEASYS00)'", "'SYS1.PARMLIB(IEASYS00)'")]
    [InlineData("RETR", "/'ANNA.'/JOB00123", "JOB00123")]
    [InlineData("RETR", "/u/anna/it's", "/u/anna/it's")]
    [InlineData("LIST", "-a", "-a")]
    [InlineData("SITE", "/'ANNA.'/X", "/'ANNA.'/X")]
    [InlineData("CWD", "/", "/")]
    public void DataSetsAreSaidInApostrophes(string verb, string path, string said) => Assert.Equal(said, ServerPath.Say(PathStyle.DataSets, verb, path));

    [Theory]
    [InlineData("CWD", "/DISK:[ANNA]", "DISK:[ANNA]")]
    [InlineData("CWD", "/DISK:[ANNA]/SUB.DIR;1", "DISK:[ANNA.SUB]")]
    [InlineData("CWD", "/DISK:[ANNA]/SUB/DEEP", "DISK:[ANNA.SUB.DEEP]")]
    [InlineData("RMD", "/DISK:[ANNA]/SUB.DIR;1", "DISK:[ANNA.SUB]")]
    [InlineData("DELE", "/DISK:[ANNA]/SUB.DIR;1", "DISK:[ANNA]SUB.DIR;1")]
    [InlineData("RETR", "/DISK:[ANNA]/A.TXT;3", "DISK:[ANNA]A.TXT;3")]
    [InlineData("RETR", "/DISK:[ANNA]/SUB.DIR;1/A.TXT;3", "DISK:[ANNA.SUB]A.TXT;3")]
    [InlineData("RETR", "/[ANNA]/A.TXT;3", "[ANNA]A.TXT;3")]
    [InlineData("CWD", "/SUB.DIR;1", "/SUB")]
    [InlineData("RETR", "/disk/sub/a.txt;1", "/disk/sub/a.txt;1")]
    public void DirectoriesAreSaidInBrackets(string verb, string path, string said) => Assert.Equal(said, ServerPath.Say(PathStyle.Brackets, verb, path));

    [Theory]
    [InlineData("/'ANNA.'/X")]
    [InlineData("/DISK:[ANNA]/SUB.DIR;1")]
    public void ElsewhereAPathIsAPath(string path) => Assert.Equal(path, ServerPath.Say(PathStyle.Slashes, "CWD", path));
}
