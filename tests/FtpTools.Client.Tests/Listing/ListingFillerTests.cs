using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

/// <summary>Lines that nobody misses, and those like them that somebody might.</summary>
public sealed class ListingFillerTests
{
    [Theory]
    [InlineData("total 12")]
    [InlineData("Total 3 files")]
    [InlineData("Total 1,234 blocks")]
    [InlineData("TOTAL 0")]
    [InlineData("total: 12")]
    [InlineData("insgesamt 12")]
    [InlineData("  insgesamt 12  ")]
    [InlineData("Insgesamt 1,5M")]
    [InlineData("totaal 12")]
    [InlineData("totale 12")]
    [InlineData("totalt 12")]
    [InlineData("i alt 12")]
    [InlineData("yhteensä 12")]
    [InlineData("razem 12")]
    [InlineData("łącznie 12")]
    [InlineData("celkem 12")]
    [InlineData("spolu 12")]
    [InlineData("összesen 12")]
    [InlineData("toplam\t12")]
    [InlineData("kokku 12")]
    [InlineData("итого 12")]
    [InlineData("всего 12")]
    [InlineData("загалом 12")]
    [InlineData("σύνολο 12")]
    [InlineData("总用量 12")]
    [InlineData("总计 12")]
    [InlineData("總計 12")]
    [InlineData("合計 12")]
    [InlineData("합계 12")]
    [InlineData("\u0080 12")] // in an encoding that is not the session's
    [InlineData("ÿþ: 12")]
    [InlineData("   ")]
    [InlineData("-")]
    [InlineData("------- ---\t--")]
    [InlineData(" =====")]
    [InlineData("150 Here it comes")]
    [InlineData("226")]
    [InlineData("226-Some of it")]
    [InlineData(" Volume in drive C is SYSTEM")]
    [InlineData("volume serial number is 1234-5678")]
    [InlineData("Directory of C:\\")]
    [InlineData("  3 File(s)  12,440 bytes")]
    [InlineData("4 dir(s) 9 BYTES free")]
    [InlineData("File not found")]
    [InlineData("550 File not found")]
    [InlineData("450-No files found.")]
    [InlineData("no such thing was found")]
    [InlineData("550 No found")]
    public void ALineOfNoItemIsFiller(string line) => Assert.True(ListingFiller.IsFiller(line));

    [Theory]
    [InlineData("name")]
    [InlineData("sum 12")]
    [InlineData("totals 12")]
    [InlineData("total")]
    [InlineData("total x")]
    [InlineData("insgesamt")]
    [InlineData("insgesamt x")]
    [InlineData("insgesamt 4 x")]
    [InlineData("insgesamt 4 5")]
    [InlineData("12")]
    [InlineData(": 12")]
    [InlineData("总a 12")]
    [InlineData("-x")]
    [InlineData("---- =")]
    [InlineData("--- ---x")]
    [InlineData("1 a")]
    [InlineData("12 a")]
    [InlineData("123x")]
    [InlineData("1abc")]
    [InlineData("350 a")]
    [InlineData("550 Permission denied.")]
    [InlineData("Volume in")]
    [InlineData("My Directory of things")]
    [InlineData("3 thing(s) 12 bytes")]
    [InlineData("x File(s) 12 bytes")]
    [InlineData("3 File(s) 12")]
    [InlineData("No such thing")]
    [InlineData("All found")]
    [InlineData("Nothing found")]
    [InlineData("The file not found")]
    [InlineData("x Volume - drive 1:")]
    [InlineData("16777216 bytes")]
    [InlineData("16777216 bytes free")]
    [InlineData("16777216 octets - Total size")]
    [InlineData("3 filets 12 bytes")]
    public void ALineThatIsOnlyLikeThemIsNone(string line) => Assert.False(ListingFiller.IsFiller(line));

    [Fact]
    public void WhatIsLongIsNoWordOfEmptiness()
    {
        var line = "No " + new string('x', 91) + " found";
        Assert.Equal(100, line.Length);
        Assert.True(ListingFiller.IsFiller(line));
        Assert.True(ListingFiller.IsFiller(" " + line));
        Assert.False(ListingFiller.IsFiller("No x" + line[3..]));
    }

    [Theory]
    [InlineData("./sub:", true)]
    [InlineData("/pub/sub:", true)]
    [InlineData(".:", true)]
    [InlineData("/a b:c:", true)]
    [InlineData("", false)]
    [InlineData(":", false)]
    [InlineData(".", false)]
    [InlineData("/", false)]
    [InlineData("sub:", false)]
    [InlineData("/pub", false)]
    [InlineData("./x", false)]
    [InlineData("/bin/ls: error:", false)]
    public void AHeadingNamesADirectory(string line, bool isHeading) => Assert.Equal(isHeading, ListingFiller.IsDirectoryHeading(line));

    [Theory]
    [InlineData("sub:", true)]
    [InlineData("two words/sub:", true)]
    [InlineData(":", false)]
    [InlineData("sub", false)]
    [InlineData("ls: sub:", false)]
    public void BelowABlankLineAHeadingNeedsNoPath(string line, bool isHeading) => Assert.Equal(isHeading, ListingFiller.IsDirectoryHeading(line, isBelowBlank: true));
}
