using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class VxWorksListParserTests
{
    /// <summary>Lines as sent, and the items that they tell of: kind, name, size, time, target.</summary>
    [Theory]
    [InlineData("512    Sep-17-2015  06:08:24   orchid-38              <DIR>", "Directory|orchid-38||2015-09-17 06:08:24|")]
    [InlineData("  636700    Jun-27-2021  09:34:14   comet.cfg kelp", "File|comet.cfg kelp|636700|2021-06-27 09:34:14|")]
    [InlineData("512    Sep-07-2008  17:10:19   pepper-9              <DIR>", "Directory|pepper-9||2008-09-07 17:10:19|")]
    [InlineData("  755243    Sep-07-1998  06:14:08   cobalt.log pepper", "File|cobalt.log pepper|755243|1998-09-07 06:14:08|")]
    [InlineData("512    Aug-14-2012  00:53:01   basalt-79              <DIR>", "Directory|basalt-79||2012-08-14 00:53:01|")]
    [InlineData("      50    Sep-03-2023  11:27:29   opal.zip opal", "File|opal.zip opal|50|2023-09-03 11:27:29|")]
    [InlineData("  size          date       time       name\n--------       ------     ------    --------\n     78    Feb-30-1995  13:17:59   nostart.cmd", "File|nostart.cmd|78||")]
    [InlineData("512 Sep-17-2015 06:08:24 <DIR>", "File|<DIR>|512|2015-09-17 06:08:24|")]
    [InlineData("512 Sep-17-2015 06:08:24 attic <DIR>\nvalue = 0 = 0x0", "Directory|attic||2015-09-17 06:08:24|")]
    [InlineData("512 Sep-7-2015 06:08 a<DIR>", "File|a<DIR>|512|2015-09-07 06:08|")]
    [InlineData("512 Sep-17-2015 06:08:24 a <dir>  ", "Directory|a||2015-09-17 06:08:24|")]
    [InlineData("512 Sep-17-2015 06:08:24 a b\t<DIR>", "Directory|a b||2015-09-17 06:08:24|")]
    [InlineData("512 Sep-17-2015 06:08:24 a <DIR> b", "File|a <DIR> b|512|2015-09-17 06:08:24|")]
    public void ReadsLines(string lines, string items) => ListingTestData.Check(ListingFormat.List, lines, items);

    [Theory]
    [InlineData("512 Sep-17-2015 06:08:24")]
    [InlineData("values = 0 = 0x0")]
    [InlineData("value - 0 = 0x0")]
    [InlineData("value = 0 - 0x0")]
    [InlineData("value = x = 0x0")]
    [InlineData("value = 0 =")]
    [InlineData("value = 0 = 0x0 x")]
    [InlineData("x Sep-17-2015 06:08:24 x")]
    [InlineData("512 Sep-17-15 06:08:24 x")]
    [InlineData("512 Sep-17-20155 06:08:24 x")]
    [InlineData("512 Sep-2015 06:08:24 x")]
    [InlineData("512 Sep17 06:08:24 x")]
    [InlineData("512 Xyz-17-2015 06:08:24 x")]
    [InlineData("512 Sep-017-2015 06:08:24 x")]
    [InlineData("512 Sep--2015 06:08:24 x")]
    [InlineData("512 Sep-17-2015 0608 x")]
    [InlineData("512 Sep-17-2015 06:08:24 ../x")]
    [InlineData("sized date time name")]
    [InlineData("size dated time name")]
    [InlineData("size date timed name")]
    [InlineData("size date time named")]
    public void RefusesLinesOfAnotherForm(string line) => ListingTestData.Refuses(VxWorksListParser.TryParse, line);
}
