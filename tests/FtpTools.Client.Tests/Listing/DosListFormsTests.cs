using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class DosListFormsTests
{
    /// <summary>Lines as sent, and the items that they tell of: kind, name, size, time, target.</summary>
    [Theory]
    [InlineData("03/24/2018  02:13 PM               420 harbor.zip", "File|harbor.zip|420|2018-03-24 14:13|")]
    [InlineData("2005/09/20  12:20    <DIR>          lantern cobalt", "Directory|lantern cobalt||2005-09-20 12:20|")]
    [InlineData("14.03.2018  03:56                55 quartz.log", "File|quartz.log|55|2018-03-14 03:56|")]
    [InlineData("02-23-20   5:19PM               534376 ivory.xml", "File|ivory.xml|534376|2020-02-23 17:19|")]
    [InlineData("02-25-05  03:14:31PM            696695 umber.zip", "File|umber.zip|696695|2005-02-25 15:14:31|")]
    [InlineData("05-14-03\t06:21PM\t<DIR>\traven quill", "Directory|raven quill||2003-05-14 18:21|")]
    [InlineData("08-09-2009  03:36PM    <SYMLINK>     cobalt-26 [D:\\saffron]", "SymbolicLink|cobalt-26||2009-08-09 15:36|D:\\saffron")]
    [InlineData("15/10/2017  05:26             1 marble.pdf", "File|marble.pdf|1|2017-10-15 05:26|")]
    [InlineData("11/08/2011  08:40 PM            95,473 dune.xml", "File|dune.xml|95473|2011-11-08 20:40|")]
    [InlineData("2017/04/19  04:03    <DIR>          marble orchid", "Directory|marble orchid||2017-04-19 04:03|")]
    [InlineData("11.10.2017  11:53                18 lagoon.cfg", "File|lagoon.cfg|18|2017-10-11 11:53|")]
    [InlineData("12-10-22   7:51PM             73055251 comet.cfg", "File|comet.cfg|73055251|2022-12-10 19:51|")]
    [InlineData("03-23-06  05:03:12PM           7190632 tundra.bak", "File|tundra.bak|7190632|2006-03-23 17:03:12|")]
    [InlineData("10-10-01\t09:03PM\t<DIR>\tglacier-12", "Directory|glacier-12||2001-10-10 21:03|")]
    [InlineData("05-16-2016  05:36AM    <SYMLINKD>     walnut [D:\\violet]", "SymbolicLink|walnut||2016-05-16 05:36|D:\\violet")]
    [InlineData("18/06/2012  14:48             1 glacier.pdf", "File|glacier.pdf|1|2012-06-18 14:48|")]
    [InlineData("12/09/2019  01:16 PM        83,397,023 thistle.json", "File|thistle.json|83397023|2019-12-09 13:16|")]
    [InlineData("2011/12/12  02:10    <DIR>          juniper", "Directory|juniper||2011-12-12 02:10|")]
    [InlineData("25.12.2023  03:14                22 tundra.cfg", "File|tundra.cfg|22|2023-12-25 03:14|")]
    [InlineData("01-21-18   5:27PM                    9 saffron.txt", "File|saffron.txt|9|2018-01-21 17:27|")]
    [InlineData("07-26-15  10:25:26AM              5273 kelp.pdf", "File|kelp.pdf|5273|2015-07-26 10:25:26|")]
    [InlineData("10-28-08\t09:54PM\t<DIR>\tkelp thistle", "Directory|kelp thistle||2008-10-28 21:54|")]
    [InlineData("07-03-2016  02:18PM    <SYMLINKD>     yarrow-48 [D:\\ember]", "SymbolicLink|yarrow-48||2016-07-03 14:18|D:\\ember")]
    [InlineData("21/08/2022  06:47             1 pepper.log", "File|pepper.log|1|2022-08-21 06:47|")]
    [InlineData("02-30-15  10:10AM                   55 raven.cfg", "File|raven.cfg|55||")]
    [InlineData("13-32-15  10:10AM                   55 heron.dat", "File|heron.dat|55||")]
    [InlineData("00-00-00  00:00AM                   55 heron.cfg", "File|heron.cfg|55||")]
    [InlineData("12-31-15  99:99                   55 lantern.bak", "File|lantern.bak|55||")]
    [InlineData("04-31-2019  25:00                   55 copper.log", "File|copper.log|55||")]
    [InlineData(" Volume in drive E is STORE", "")]
    [InlineData(" Volume Serial Number is 90AB-1C2D", "")]
    [InlineData(" Directory of E:\\ftp\\out", "")]
    [InlineData("               3 File(s)         12,440 bytes", "")]
    [InlineData("               4 Dir(s)   9,204,224 bytes free", "")]
    [InlineData("File Not Found", "")]
    [InlineData("04-28-21  05:13AM       <DIR>          .", "")]
    [InlineData("04-28-21  05:13AM       <DIR>          ..", "")]
    [InlineData(" 3/14/2019   8:04 PM  <DIR>         .\n 3/14/2019   8:04 PM  <DIR>         attic\n10/26/2019  11:37 PM  <DIR>         cellar\n 1/30/2019   4:41 PM    17,179,869,184  disk.img\n11/27/2019  10:53 AM           307  disk.sh\n               2 files           17,179,869,491 bytes\n               3 directories     19,204,448,256 bytes free", "Directory|attic||2019-03-14 20:04|\nDirectory|cellar||2019-10-26 23:37|\nFile|disk.img|17179869184|2019-01-30 16:41|\nFile|disk.sh|307|2019-11-27 10:53|")]
    [InlineData("08-17-01  06:52AM       <JUNCTION>     ways -> to rome", "SymbolicLink|ways||2001-08-17 06:52|to rome")]
    [InlineData("08-17-01  06:52AM       <JUNCTION>     ways->rome", "SymbolicLink|ways->rome||2001-08-17 06:52|")]
    [InlineData("08-17-01  06:52AM                   12  led by a space", "File| led by a space|12|2001-08-17 06:52|")]
    public void ReadsLines(string lines, string items) => ListingTestData.Check(ListingFormat.List, lines, items);
}
