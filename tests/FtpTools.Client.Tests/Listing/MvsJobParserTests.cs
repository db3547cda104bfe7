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
    public void ReadsLines(string lines, string items) => ListingTestData.Check(ListingFormat.List, lines, items);
}
