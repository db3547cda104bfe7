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
    [InlineData("Windows_NT", "/'x'", "Slashes")]
    [InlineData("windows_nt", "/[x]", "Slashes")]
    [InlineData("unix", "/[x]", "Slashes")]
    [InlineData("", "/", "Slashes")]
    [InlineData("", "/'", "Slashes")]
    [InlineData("", "/'ANNA", "Slashes")]
    [InlineData("", "/x'y'", "Slashes")]
    [InlineData("", "/X[A]", "Slashes")]
    [InlineData("", "/DISK:[ANNA", "Slashes")]
    [InlineData("", "/home/[ANNA]", "Slashes")]
    [InlineData("", "/[ANNA]/SUB", "Brackets")]
    [InlineData("", "/[ANNA]", "Brackets")]
    [InlineData("vms", "/", "Brackets")]
    [InlineData("mvs", "/", "DataSets")]
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
    [InlineData("RETR", "/'ANNA.'/JOB0012", "'ANNA.JOB0012'")]
    [InlineData("RETR", "/'ANNA.'/JOB001234", "'ANNA.JOB001234'")]
    [InlineData("RETR", "/'ANNA.'/JOB0012X", "'ANNA.JOB0012X'")]
    [InlineData("RETR", "/'ANNA.'/JOB+1234", "'ANNA.JOB+1234'")]
    [InlineData("RETR", "/'ANNA.'/XOB00123", "'ANNA.XOB00123'")]
    [InlineData("RETR", "/'ANNA.LIB'/PAY01", "'ANNA.LIB(PAY01)'")]
    [InlineData("RETR", "/'ANNA.LIB'/PAY01/X", "'ANNA.LIB(PAY01.X)'")]
    [InlineData("RETR", "/'ANNA.LIB'/PAY01/'SYS1.X'", "'SYS1.X'")]
    [InlineData("RETR", "/'ANNA", "/'ANNA")]
    [InlineData("RETR", "/''", "''")]
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
    [InlineData("RETR", "/DISK:[ANNA]", "DISK:[ANNA]")]
    [InlineData("RETR", "/A[B]/C.TXT", "/A[B]/C.TXT")]
    [InlineData("RETR", "/DISK:[A]B/C.TXT", "/DISK:[A]B/C.TXT")]
    [InlineData("RETR", "/DISK:[A/C.TXT", "/DISK:[A/C.TXT")]
    [InlineData("CWD", "/DISK:[ANNA]/SUB.DIR", "DISK:[ANNA.SUB]")]
    [InlineData("CWD", "/DISK:[ANNA]/sub.dir;12", "DISK:[ANNA.sub]")]
    [InlineData("CWD", "/DISK:[ANNA]/.DIR;1", "DISK:[ANNA..DIR;1]")]
    [InlineData("CWD", "/DISK:[ANNA]/A.DIR;1", "DISK:[ANNA.A]")]
    [InlineData("CWD", "/DISK:[ANNA]/A.DIRX", "DISK:[ANNA.A.DIRX]")]
    [InlineData("CWD", "/DISK:[ANNA]/A.TXT;1", "DISK:[ANNA.A.TXT;1]")]
    [InlineData("CWD", "/DISK:[ANNA]/;A.DIR", "DISK:[ANNA.;A]")]
    [InlineData("CWD", "/", "/")]
    [InlineData("CWD", "", "")]
    [InlineData("CWD", "/DISK:[ANNA]/;DIR", "DISK:[ANNA.;DIR]")]
    [InlineData("CWD", "/SUB.DIR;1", "/SUB")]
    [InlineData("CWD", "DISK:[ANNA]", "DISK:[ANNA]")]
    [InlineData("RETR", "/disk/sub/a.txt;1", "/disk/sub/a.txt;1")]
    public void DirectoriesAreSaidInBrackets(string verb, string path, string said) => Assert.Equal(said, ServerPath.Say(PathStyle.Brackets, verb, path));

    [Theory]
    [InlineData("CWD MKD RMD LIST MLSD NLST", "'ANNA.LIB(SUB.DIR)'", "D:[A.SUB]")]
    [InlineData("RETR STOR APPE DELE RNFR RNTO SIZE MDTM MLST HASH XSHA512 XSHA256 XSHA1 XMD5 MD5 XCRC", "'ANNA.LIB(SUB.DIR)'", "D:[A]SUB.DIR")]
    [InlineData("USER SITE OPTS", "/'ANNA.LIB'/SUB.DIR", "/D:[A]/SUB.DIR")]
    public void CommandsThatTakeAPathSayIt(string verbs, string dataSet, string bracket) => Assert.All(verbs.Split(' '), verb =>
    {
        Assert.Equal(dataSet, ServerPath.Say(PathStyle.DataSets, verb, "/'ANNA.LIB'/SUB.DIR"));
        Assert.Equal(bracket, ServerPath.Say(PathStyle.Brackets, verb, "/D:[A]/SUB.DIR"));
    });

    [Theory]
    [InlineData("/'ANNA.'/X")]
    [InlineData("/DISK:[ANNA]/SUB.DIR;1")]
    public void ElsewhereAPathIsAPath(string path) => Assert.Equal(path, ServerPath.Say(PathStyle.Slashes, "CWD", path));
}
