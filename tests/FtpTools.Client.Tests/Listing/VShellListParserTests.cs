using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class VShellListParserTests
{
    /// <summary>Lines as sent, and the items that they tell of: kind, name, size, time, target.</summary>
    [Theory]
    [InlineData("683242918  Dec 06, 2003 12:30 umber.xml", "File|umber.xml|683242918|2003-12-06 12:30|")]
    [InlineData("0  Oct 19, 2000 09:13 lantern pepper/", "Directory|lantern pepper||2000-10-19 09:13|")]
    [InlineData("5107  Oct 21, 1998 10:01 juniper.log", "File|juniper.log|5107|1998-10-21 10:01|")]
    [InlineData("0  Jul 18, 2025 23:48 opal-25/", "Directory|opal-25||2025-07-18 23:48|")]
    [InlineData("6838127  Aug 08, 2012 09:48 violet.log", "File|violet.log|6838127|2012-08-08 09:48|")]
    [InlineData("0  Nov 15, 2001 14:30 violet/", "Directory|violet||2001-11-15 14:30|")]
    [InlineData("64612249  Sep 02, 2024 19:25 thistle.txt", "File|thistle.txt|64612249|2024-09-02 19:25|")]
    [InlineData("0  Jun 22, 2024 10:00 raven falcon/", "Directory|raven falcon||2024-06-22 10:00|")]
    [InlineData("226  Feb 30, 2003 08:55 looks like a reply.txt", "File|looks like a reply.txt|226||")]
    [InlineData("5  Dec 06, 2003 12:30 two  words", "File|two  words|5|2003-12-06 12:30|")]
    public void ReadsLines(string lines, string items) => ListingTestData.Check(ListingFormat.List, lines, items);

    [Theory]
    [InlineData("5  Dec 06 2003 12:30 x")]
    [InlineData("5  Dec 06, 2003 12:30")]
    [InlineData("5k5  Dec 06, 2003 12:30 x")]
    [InlineData("5  Dec 06, 2003 name x")]
    [InlineData("5  Xyz 06, 2003 12:30 x")]
    [InlineData("x  Dec 06, 2003 12:30 x")]
    [InlineData("5  Dec 06, 2003 12:30 ../x")]
    [InlineData("5 6 Dec, 2003 12:30 x")]
    public void RefusesLinesOfAnotherForm(string line) => ListingTestData.Refuses(VShellListParser.TryParse, line);
}
