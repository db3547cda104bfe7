using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class NonStopListParserTests
{
    /// <summary>Lines as sent, and the items that they tell of: kind, name, size, time, target.</summary>
    [Theory]
    [InlineData("MARBLE 101 7087057 24-Jan-05 06:12:49 242, 208 \"nunu\"", "File|MARBLE|7087057|2005-01-24 06:12:49|")]
    [InlineData("EMBER 101 991168326 18-Aug-07 10:41:51 164,20 \"nunu\"", "File|EMBER|991168326|2007-08-18 10:41:51|")]
    [InlineData("ZEPHYR 0 283920 17-Feb-99 18:49:13 26, 175 \"nunu\"", "File|ZEPHYR|283920|1999-02-17 18:49:13|")]
    [InlineData("RAVEN 700 1928 26-Jan-97 05:45:11 25,176 \"nunu\"", "File|RAVEN|1928|1997-01-26 05:45:11|")]
    [InlineData("File         Code             EOF  Last Modification    Owner  RWEP\nTRAIL        134   O      8192000 19-Jun-03 05:36:13  12,  7 \"nnnn\"", "File|TRAIL|8192000|2003-06-19 05:36:13|")]
    [InlineData("EMBER 700P 9 18-Aug-07 10:41:51 164,20 \"nunu\"", "File|EMBER|9|2007-08-18 10:41:51|")]
    [InlineData("EMBER 101 9 18-Aug-07 10:41:51 164,20", "File|EMBER|9|2007-08-18 10:41:51|")]
    [InlineData("EMBER 101 9 31-Feb-07 10:41:51 164,20 \"nunu\"", "File|EMBER|9||")]
    public void ReadsLines(string lines, string items) => ListingTestData.Check(ListingFormat.List, lines, items);

    /// <summary>Lines as sent, and what they tell beside that: permission, owner, group.</summary>
    [Theory]
    [InlineData("MARBLE 101 7087057 24-Jan-05 06:12:49 242, 208 \"nunu\"", "nunu|242,208|-")]
    [InlineData("EMBER 101 9 18-Aug-07 10:41:51 164,20 \"nunu\"  ", "nunu|164,20|-")]
    [InlineData("EMBER 101 9 18-Aug-07 10:41:51 164,20 x", "-|-|-")]
    [InlineData("TRAIL 134 O 8192000 19-Jun-03 05:36:13 12, 7 \"n-oo\"", "n-oo|12,7|-")]
    public void TellsRights(string line, string rights) => Assert.Equal(rights, ListingTestData.Rights(NonStopListParser.TryParse, line));

    [Theory]
    [InlineData("EMBER 101 9 18-Aug-07 10:41:51")]
    [InlineData("EMBER 101 9 18-Aug-07 10:41:51 164 x")]
    [InlineData("EMBER P01 9 18-Aug-07 10:41:51 164,20 x")]
    [InlineData("EMBER 101 P 18-Aug-07 10:41:51 164,20 x")]
    [InlineData("EMBER 101 9 18-Aug-07 164,20 \"nunu\"")]
    [InlineData("EMBER 101 9 18-Xyz-07 10:41:51 164,20 \"nunu\"")]
    [InlineData("A 101 O 9 18-Aug-07 10:41:51 1 , 2 \"nunu\"")]
    [InlineData("File Code LEN Last Modification Owner")]
    [InlineData("File Kind EOF Last Modification Owner")]
    [InlineData("Files Code EOF Last Modification Owner")]
    [InlineData("../A 101 9 18-Aug-07 10:41:51 164,20 \"nunu\"")]
    public void RefusesLinesOfAnotherForm(string line) => ListingTestData.Refuses(NonStopListParser.TryParse, line);
}
