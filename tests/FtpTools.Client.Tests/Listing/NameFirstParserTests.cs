using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class NameFirstParserTests
{
    /// <summary>Lines as sent, and the items that they tell of: kind, name, size, time, target.</summary>
    [Theory]
    [InlineData("SAFFRON         <DIR>           07-20-97  12:08", "Directory|SAFFRON||1997-07-20 12:08|")]
    [InlineData("ORCHID.DOC      83              09-12-98  18:28", "File|ORCHID.DOC|83|1998-09-12 18:28|")]
    [InlineData("KELP            <DIR>           Jul 01 1994 02:53", "Directory|KELP||1994-07-01 02:53|")]
    [InlineData("MEADOW.EXE      95183148      Oct 08 1995 17:38   RHA", "File|MEADOW.EXE|95183148|1995-10-08 17:38|")]
    [InlineData("MARBLE          <DIR>           07-19-93  09:04", "Directory|MARBLE||1993-07-19 09:04|")]
    [InlineData("YARROW.DOC      66783205        10-25-96  19:18", "File|YARROW.DOC|66783205|1996-10-25 19:18|")]
    [InlineData("RAVEN           <DIR>           Sep 04 1998 03:08", "Directory|RAVEN||1998-09-04 03:08|")]
    [InlineData("MARBLE.EXE         55857      Sep 24 1999 16:25   RHA", "File|MARBLE.EXE|55857|1999-09-24 16:25|")]
    [InlineData("QUARTZ          <DIR>           11-27-96  17:42", "Directory|QUARTZ||1996-11-27 17:42|")]
    [InlineData("MARBLE.DOC      64280162        11-24-94  09:18", "File|MARBLE.DOC|64280162|1994-11-24 09:18|")]
    [InlineData("HARBOR          <DIR>           Jun 04 1998 13:18", "Directory|HARBOR||1998-06-04 13:18|")]
    [InlineData("THISTLE.EXE          419      Jan 25 1994 13:21   RHA", "File|THISTLE.EXE|419|1994-01-25 13:21|")]
    [InlineData("lago.cfg             2708886  04/16/02  Tues.   01:00:11", "File|lago.cfg|2708886|2002-04-16 01:00:11|")]
    [InlineData("ivor.cfg                  65  05/27/95  Sat.    22:53:34", "File|ivor.cfg|65|1995-05-27 22:53:34|")]
    [InlineData("basa.cfg              757325  11/22/95  Wed.    01:03:33", "File|basa.cfg|757325|1995-11-22 01:03:33|")]
    [InlineData("ivor.cfg                  93  11/04/12  Sun.    15:17:05", "File|ivor.cfg|93|2012-11-04 15:17:05|")]
    [InlineData("quil.cfg                 366  04/01/03  Tues.   22:19:54", "File|quil.cfg|366|2003-04-01 22:19:54|")]
    [InlineData("harb.cfg               11025  10/02/08  Thur.   07:36:02", "File|harb.cfg|11025|2008-10-02 07:36:02|")]
    [InlineData("swap3.exe  100  03/08/07  Fri.    10:00:01", "File|swap3.exe|100|2007-08-03 10:00:01|")]
    [InlineData("swap3.exe  100  03/06/04  Thur.   10:20:03", "File|swap3.exe|100|2004-06-03 10:20:03|")]
    [InlineData("two words.txt 83 09-12-98 18:28", "File|two words.txt|83|1998-09-12 18:28|")]
    [InlineData("A 83 09-12-98 18:28 ADHR", "File|A|83|1998-09-12 18:28|")]
    [InlineData("A 83 09-12-98 18:28 r", "File|A|83|1998-09-12 18:28|")]
    [InlineData("A 83 Oct 8 1995 17:38", "File|A|83|1995-10-08 17:38|")]
    [InlineData("A 83 Feb 31 1995 17:38", "File|A|83||")]
    [InlineData("A 83 02/31/95 Fri 17:38", "File|A|83||")]
    [InlineData("A 83 03/08/07 Mon 10:00:01", "File|A|83|2007-03-08 10:00:01|")]
    [InlineData("A 83 03/08/07 sat 10:00:01", "File|A|83|2007-03-08 10:00:01|")]
    [InlineData("A 83 03/12/24 Tue 10:00:01", "File|A|83|2024-03-12 10:00:01|")] // so was the third of December
    [InlineData("  B 83 09-12-98 18:28", "File|B|83|1998-09-12 18:28|")]
    [InlineData("a b c d e f g h 83 09-12-98 18:28", "File|a b c d e f g h|83|1998-09-12 18:28|")]
    [InlineData("<DIR> <DIR> 09-12-98 18:28", "Directory|<DIR>||1998-09-12 18:28|")]
    public void ReadsLines(string lines, string items) => ListingTestData.Check(ListingFormat.List, lines, items);

    [Theory]
    [InlineData("A 83 09-12-98")]
    [InlineData("83 09-12-98 18:28 A")]
    [InlineData("A x 09-12-98 18:28")]
    [InlineData("A 83 091298 18:28")]
    [InlineData("A 83 09-12-98 1828")]
    [InlineData("A 83 09-12-98 18:28 ADHRS")]
    [InlineData("A 83 09-12-98 18:28 X")]
    [InlineData("A 83 03/08/07 Xyz 10:00")]
    [InlineData("A 83 03/08/07 Mo 10:00")]
    [InlineData("A 83 Xyz 8 1995 17:38")]
    [InlineData("A 83 Oct 008 1995 17:38")]
    [InlineData("A 83 Oct 8 95 17:38")]
    [InlineData("A 83 Oct 8 199x 17:38")]
    [InlineData("A 83 Oct 8 1995 1738")]
    [InlineData("../A 83 09-12-98 18:28")]
    [InlineData("a b c d e f g h i j k l m 83 09-12-98 18:28 RHA")]
    public void RefusesLinesOfAnotherForm(string line) => ListingTestData.Refuses(NameFirstParser.TryParse, line);
}
