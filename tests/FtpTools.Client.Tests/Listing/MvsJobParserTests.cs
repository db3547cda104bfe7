using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class MvsJobParserTests
{
    /// <summary>Lines as sent, and the items that they tell of: kind, name, size, time, target.</summary>
    [Theory]
    [InlineData("SABLE    JOB46895  OUTPUT    18 Spool Files", "File|JOB46895|||")]
    [InlineData("WALNUT   JOB82360  OUTPUT    12 Spool Files", "File|JOB82360|||")]
    [InlineData("COBALT   JOB73055  OUTPUT    1 Spool Files", "File|JOB73055|||")]
    [InlineData("JOBNAME  JOBID    OWNER    STATUS CLASS\nBOB      JOB81891 BOB      OUTPUT A        RC=0004 4 spool files\nBOBB     JOB53969 BOB      OUTPUT A        (JCL error) 3 spool files\nBOBC     JOB42122 BOB      INPUT  A\nBOB      TSU04321 BOB      OUTPUT TSU      ABEND=222 2 spool files\nSYSLOG   STC00077 STCUSR   ACTIVE STC\nBOBD     J0123456 BOB      HELD   A", "File|JOB81891|||\nFile|JOB53969|||\nFile|JOB42122|||\nFile|TSU04321|||\nFile|STC00077|||\nFile|J0123456|||")]
    [InlineData("JOBNAME  JOBID    OWNER    STATUS CLASS\nBOBE     JOB00042 BOB      OUTPUT A        RC=0000\n--------\n         ID  STEPNAME PROCSTEP C DDNAME   BYTE-COUNT\n         001 JES2              A JESMSGLG      1200\n         002 JES2              A JESJCL         840\n2 spool files", "File|JOB00042|||")]
    [InlineData("JOBNAME  JOBID    OWNER    STATUS CLASS", "")]
    [InlineData("No jobs found on Held queue", "")]
    [InlineData("EIGHTLET JOB81891 OUTPUT 3 Spool Files", "File|JOB81891|||")]
    [InlineData("BOB T0123456 BOB INPUT A", "File|T0123456|||")]
    [InlineData("BOB S0123456 BOB ACTIVE A", "File|S0123456|||")]
    [InlineData("BOB job01234 BOB ACTIVE A", "File|job01234|||")]
    [InlineData("JOBNAME  JOBID    OWNER    STATUS CLASS\nSHOP     STC00713 BOB      ACTIVE STC\n--------\n         STEPNAME ++++++++ PROCNAME SHOP\n         CPUTIME  2208.417 ELAPSED TIME 3041.775", "File|STC00713|||")]
    public void ReadsLines(string lines, string items) => ListingTestData.Check(ListingFormat.List, lines, items);

    [Theory]
    [InlineData("001 JES2 A JESMSGLG 1200", true)]
    [InlineData("001 JES2 N/A A JESMSGLG 1200", true)]
    [InlineData("12 spool files", true)]
    [InlineData("0x1 JES2 A JESMSGLG 1200", false)]
    [InlineData("0001 JES2 A JESMSGLG 1200", false)]
    [InlineData("001 JES2 A JESMSGLG x", false)]
    [InlineData("001 JES2 A 1200", false)]
    [InlineData("001 JES2 N/A A B JESMSGLG 1200", false)]
    [InlineData("x spool files", false)]
    [InlineData("12 spoon files", false)]
    [InlineData("12 spool files more", false)]
    public void SpoolFilesArePartsOfTheirJobBelowAHeading(string line, bool isPart)
    {
        var context = ListingTestData.Context();
        Assert.True(MvsJobParser.TryParse("JOBNAME  JOBID    OWNER    STATUS CLASS", context, out _));
        Assert.Equal(isPart, MvsJobParser.TryParse(line, context, out var item));
        Assert.Null(item);
        ListingTestData.Refuses(MvsJobParser.TryParse, line);
    }

    /// <summary>Lines as sent, and what they tell beside that: permission, owner, group.</summary>
    [Theory]
    [InlineData("BOB JOB81891 ANNA OUTPUT A", "-|ANNA|-")]
    [InlineData("BOB JOB81891 OUTPUT 3 Spool Files", "-|-|-")]
    [InlineData("BOB JOB81891 ANNA INPUT A", "-|ANNA|-")]
    [InlineData("BOB JOB81891 ANNA ACTIVE A", "-|ANNA|-")]
    [InlineData("BOB JOB81891 ANNA HELD A", "-|ANNA|-")]
    [InlineData("BOB JOB81891 HELD", "-|-|-")]
    public void TellsRights(string line, string rights) => Assert.Equal(rights, ListingTestData.Rights(MvsJobParser.TryParse, line));

    [Theory]
    [InlineData("BOB JOB81891")]
    [InlineData("NINELETTE JOB81891 OUTPUT")]
    [InlineData("BOB JOB8189 OUTPUT x")]
    [InlineData("BOB JOB818911 OUTPUT x")]
    [InlineData("BOB JOBA1891 OUTPUT x")]
    [InlineData("BOB JOBAB891 OUTPUT x")]
    [InlineData("BOB XYZ81891 OUTPUT x")]
    [InlineData("BOB X0123456 OUTPUT x")]
    [InlineData("BOB 81891234 OUTPUT x")]
    [InlineData("BOB JJ012345 OUTPUT x")]
    [InlineData("BOB JOB81891 BOB DONE A")]
    [InlineData("001 JES2 A JESMSGLG 1200")]
    [InlineData("2 spool files")]
    [InlineData("JOBNAME NUMBER")]
    [InlineData("ID NAME")]
    [InlineData("NAME JOBID")]
    [InlineData("X STEPNAME")]
    public void RefusesLinesOfAnotherForm(string line) => ListingTestData.Refuses(MvsJobParser.TryParse, line);
}
