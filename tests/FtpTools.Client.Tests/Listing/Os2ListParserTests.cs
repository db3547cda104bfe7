using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class Os2ListParserTests
{
    /// <summary>Lines as sent, and the items that they tell of: kind, name, size, time, target.</summary>
    [Theory]
    [InlineData("3308      A    03-01-103  03:24  comet.csv", "File|comet.csv|3308|2003-03-01 03:24|")]
    [InlineData("     0           DIR   01-10-96   13:46  dune lagoon", "Directory|dune lagoon||1996-01-10 13:46|")]
    [InlineData("4246322    RHS          08-20-94   07:07  pepper.txt", "File|pepper.txt|4246322|1994-08-20 07:07|")]
    [InlineData(" 1123 DIR  A    04-07-107  13:11  meadow cobalt", "Directory|meadow cobalt||2007-04-07 13:11|")]
    [InlineData("381520196      A    10-15-111  00:53  marble.xml", "File|marble.xml|381520196|2011-10-15 00:53|")]
    [InlineData("     0           DIR   11-17-99   13:02  raven", "Directory|raven||1999-11-17 13:02|")]
    [InlineData("719743956    RHS          07-16-96   07:02  copper.cfg", "File|copper.cfg|719743956|1996-07-16 07:02|")]
    [InlineData(" 1123 DIR  A    11-04-111  05:57  maple-53", "Directory|maple-53||2011-11-04 05:57|")]
    [InlineData("4640813      A    09-11-106  22:08  marble.json", "File|marble.json|4640813|2006-09-11 22:08|")]
    [InlineData("     0           DIR   04-24-96   18:44  harbor comet", "Directory|harbor comet||1996-04-24 18:44|")]
    [InlineData(" 389948    RHS          03-19-94   14:56  saffron.pdf", "File|saffron.pdf|389948|1994-03-19 14:56|")]
    [InlineData(" 1123 DIR  A    08-27-111  10:16  copper thistle", "Directory|copper thistle||2011-08-27 10:16|")]
    [InlineData("  774      A    02-31-98   14:50  NODAY.CMD", "File|NODAY.CMD|774||")]
    [InlineData("        31 file(s)     904411 bytes used", "")]
    [InlineData("0 DIR A H S 01-10-96 13:46 four", "Directory|four||1996-01-10 13:46|")]
    [InlineData("5 01-10-96 13:46 no attributes", "File|no attributes|5|1996-01-10 13:46|")]
    [InlineData("5 ADHRSL 01-10-96 13:46 six", "File|six|5|1996-01-10 13:46|")]
    [InlineData("5 a---- 01-10-96 13:46 small", "File|small|5|1996-01-10 13:46|")]
    [InlineData("0 dir 01-10-96 13:46 d/", "Directory|d||1996-01-10 13:46|")]
    public void ReadsLines(string lines, string items) => ListingTestData.Check(ListingFormat.List, lines, items);

    [Theory]
    [InlineData("x A 01-10-96 13:46 x")]
    [InlineData("5 A")]
    [InlineData("5 A 01-10-96 13:46")]
    [InlineData("5 X 01-10-96 13:46 x")]
    [InlineData("5 ADHRSLA 01-10-96 13:46 x")]
    [InlineData("5 A 01-10-96 1346 x")]
    [InlineData("5 A 011096 13:46 x")]
    [InlineData("5 A D H R S 01-10-96 13:46 x")]
    [InlineData("5 A 01-10-96 13:46 ../x")]
    [InlineData("5")]
    public void RefusesLinesOfAnotherForm(string line) => ListingTestData.Refuses(Os2ListParser.TryParse, line);
}
