using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class ConnectEnterpriseParserTests
{
    /// <summary>Lines as sent, and the items that they tell of: kind, name, size, time, target.</summary>
    [Theory]
    [InlineData("-C--E-----FTP B BOX811       90815 429672484 Jan 28 16:28 violet", "File|violet|429672484|2026-01-28 16:28|")]
    [InlineData("-ART-E----TCP B BOX881       66496      693 May 13 2015 NECTAR", "File|NECTAR|693|2015-05-13|")]
    [InlineData("-C--E-----FTP B BOX601       79264     1534 Oct 29 23:02 heron", "File|heron|1534|2026-10-29 23:02|")]
    [InlineData("-ART-E----TCP A BOX231       61669     4786 Jan 5 2023 LAGOON", "File|LAGOON|4786|2023-01-05|")]
    [InlineData("-C--E-----FTP A BOX261       58326 26892467 Aug 13 02:19 yarrow", "File|yarrow|26892467|2026-08-13 02:19|")]
    [InlineData("-ART-E----TCP B BOX121       77001    77342 Jun 27 2008 TUNDRA", "File|TUNDRA|77342|2008-06-27|")]
    [InlineData("Total number of batches listed: 6", "")]
    [InlineData("AZ--------FTP A BOX 429 2024-01-31 12:34 both ends", "File|both ends|429|2024-01-31 12:34|")]
    [InlineData("AZ--------FTP A BOX 429 2024-01-31 12:34 seven", "File|seven|429|2024-01-31 12:34|")]
    [InlineData("-C--E----- FTPA BOX 3301 429 Jan 31 2023 even", "File|even|429|2023-01-31|")]
    [InlineData("----------FTP A BOX 3301 429 Jan 31 2023 no flag", "File|no flag|429|2023-01-31|")]
    [InlineData("-C-------- FTPA BOX 3301 429 Jan 31 2023 apart", "File|apart|429|2023-01-31|")]
    [InlineData("solvents 00002871 00604113 <d7702.zip.003>     040811-0729  A R       TCP BIN", "File|d7702.zip.003|604113|2004-08-11 07:29|")]
    [InlineData("ACME    00000231 00000877 <added here> 980416-2211 A R TCP EBC", "File|added here|877|1998-04-16 22:11|")]
    [InlineData("ACME    00000232 00000913 <a> b > c>+ 980431-2211 A R TCP EBC", "File|a> b > c|913||")]
    [InlineData("ACME 00231 00877 <no more> 980416-2211", "File|no more|877|1998-04-16 22:11|")]
    [InlineData("ACME 00231 00877 <five> 980416-2211", "File|five|877|1998-04-16 22:11|")]
    [InlineData("d   -   -   -  -  -  -  - ACME", "Directory|ACME|||")]
    public void ReadsLines(string lines, string items) => ListingTestData.Check(ListingFormat.List, lines, items);

    /// <summary>Lines as sent, and what they tell beside that: permission, owner, group.</summary>
    [Theory]
    [InlineData("-C--E-----FTP B BOX811       90815 429672484 Jan 28 16:28 violet", "-|BOX811|-")]
    [InlineData("-ART-E----TCP A BOX231 61669 4786 Jan 5 2023 LAGOON", "-|BOX231|-")]
    public void TellsRights(string line, string rights) => Assert.Equal(rights, ListingTestData.Rights(ConnectEnterpriseParser.TryParse, line));

    [Theory]
    [InlineData("")]
    [InlineData("-C--E----")]
    [InlineData("---------- FTP A BOX 3301 429 Jan 31 2023 no flag")]
    [InlineData("-c--E-----FTP A BOX 3301 429 Jan 31 2023 x")]
    [InlineData("-@--E-----FTP A BOX 3301 429 Jan 31 2023 x")]
    [InlineData("-[--E-----FTP A BOX 3301 429 Jan 31 2023 x")]
    [InlineData("1C--E-----FTP A BOX 3301 429 Jan 31 2023 x")]
    [InlineData("-C--E----1FTP A BOX 3301 429 Jan 31 2023 x")]
    [InlineData("-C--E-----FTP A 429 2024-01-31 12:34 x")]
    [InlineData("-C--E-----FTP AAAAA BOX 3301 429 Jan 31 2023 x")]
    [InlineData("-C--E-----FTP A BOX 3301 8,16 Jan 31 2023 x")]
    [InlineData("-C--E-----FTP A BOX 3301 none Jan 31 2023 x")]
    [InlineData("ACME 00000231 00000877 <no time> A R TCP EBC")]
    [InlineData("ACME 00000231 00000877 <no end 980416-2211 A R")]
    [InlineData("ACME 231 877 <short> 980416-2211 A R")]
    [InlineData("ACME 00000231 x <name> 980416-2211 A R")]
    [InlineData("ACME 00000231 00000877 name 980416-2211 A R")]
    [InlineData("ACME 00000231 00000877 <name> 980416x2211 A R")]
    [InlineData("ACME 00000231 00000877 <name>")]
    [InlineData("ACME 00000231 00000877 <at the end>")]
    [InlineData("d - - - - - - x ACME")]
    [InlineData("d - - - - - - - A B")]
    [InlineData("d - - - - - - - ..x/../y")]
    public void RefusesLinesOfAnotherForm(string line) => ListingTestData.Refuses(ConnectEnterpriseParser.TryParse, line);
}
