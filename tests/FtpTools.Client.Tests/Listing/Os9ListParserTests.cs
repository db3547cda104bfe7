using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class Os9ListParserTests
{
    /// <summary>Lines as sent, and the items that they tell of: kind, name, size, time, target.</summary>
    [Theory]
    [InlineData("0.81 04/08/17 1438 d-ewrewr 1A20 256 YARROW", "Directory|YARROW||2004-08-17 14:38|")]
    [InlineData("0.0 98/06/24 0054 ----r-wr 2F40 79623632 glacier", "File|glacier|79623632|1998-06-24 00:54|")]
    [InlineData("1.31 99/01/19 0911 d-ewrewr 1A21 256 SAFFRON", "Directory|SAFFRON||1999-01-19 09:11|")]
    [InlineData("0.0 95/04/01 2057 ----r-wr 2F41 228486850 marble", "File|marble|228486850|1995-04-01 20:57|")]
    [InlineData("2.31 07/01/03 0900 d-ewrewr 1A22 256 DUNE", "Directory|DUNE||2007-01-03 09:00|")]
    [InlineData("0.0 05/10/28 1741 ----r-wr 2F42 493727 saffron", "File|saffron|493727|2005-10-28 17:41|")]
    [InlineData("Owner  Last modified  Attributes Sector Bytecount Name", "")]
    [InlineData("0.0 69/06/24 0054 D-EWREWR abcdef 7 d/", "Directory|d||2069-06-24 00:54|")]
    [InlineData("0.0 70/06/24 0054 s---r-wr ABCDEF 7 two words", "File|two words|7|1970-06-24 00:54|")]
    [InlineData("0.0 98/02/31 0054 ----r-wr 0 7 noday", "File|noday|7||")]
    public void ReadsLines(string lines, string items) => ListingTestData.Check(ListingFormat.List, lines, items);

    /// <summary>Lines as sent, and what they tell beside that: permission, owner, group.</summary>
    [Theory]
    [InlineData("0.81 04/08/17 1438 d-ewrewr 1A20 256 YARROW", "d-ewrewr|0.81|-")]
    [InlineData("1.2 98/06/24 0054 ----r-wr 2F40 7 x", "----r-wr|1.2|-")]
    public void TellsRights(string line, string rights) => Assert.Equal(rights, ListingTestData.Rights(Os9ListParser.TryParse, line));

    [Theory]
    [InlineData("0.0 98/06/24 0054 ----r-wr 2F40 7")]
    [InlineData("0.0 98/06/24 0054 ----r-w 2F40 7 x")]
    [InlineData("0.0 98/06/24 0054 ----r-wrr 2F40 7 x")]
    [InlineData("a.0 98/06/24 0054 ----r-wr 2F40 7 x")]
    [InlineData("0.0 98/06/24 0054 ----r-xr 2F40 7 x")]
    [InlineData("0.0 98/06/24 0054 ----r-wr 2G40 7 x")]
    [InlineData("0.0 98/06/24 0054 ----r-wr 2F40 7k x")]
    [InlineData("0.0 98-06/24 0054 ----r-wr 2F40 7 x")]
    [InlineData("0.0 98/06-24 0054 ----r-wr 2F40 7 x")]
    [InlineData("0.0 9a/06/24 0054 ----r-wr 2F40 7 x")]
    [InlineData("0.0 98/0a/24 0054 ----r-wr 2F40 7 x")]
    [InlineData("0.0 98/06/2a 0054 ----r-wr 2F40 7 x")]
    [InlineData("0.0 98/06/244 0054 ----r-wr 2F40 7 x")]
    [InlineData("0.0 98/06/2 0054 ----r-wr 2F40 7 x")]
    [InlineData("0.0 98/06/24 00545 ----r-wr 2F40 7 x")]
    [InlineData("0.0 98/06/24 005 ----r-wr 2F40 7 x")]
    [InlineData("0.0 98/06/24 a054 ----r-wr 2F40 7 x")]
    [InlineData("0.0 98/06/24 005a ----r-wr 2F40 7 x")]
    [InlineData("0.0 98/06/24 0054 ----r-wr 2F40 7 ../x")]
    [InlineData("Owner Last modified Attribute")]
    [InlineData("Owners Last modified Attributes")]
    [InlineData("Owner First modified Attributes")]
    public void RefusesLinesOfAnotherForm(string line) => ListingTestData.Refuses(Os9ListParser.TryParse, line);
}
