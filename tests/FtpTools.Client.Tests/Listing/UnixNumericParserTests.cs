using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class UnixNumericParserTests
{
    /// <summary>Lines as sent, and the items that they tell of: kind, name, size, time, target.</summary>
    [Theory]
    [InlineData("0100600   264  58      9264   1028463584       copper.bak", "File|copper.bak|9264|2002-08-04 12:19:44|")]
    [InlineData("0040755   709  17       512   921475649       saffron-49", "Directory|saffron-49||1999-03-15 05:27:29|")]
    [InlineData("0100600   266  32    338644   1720329478       pepper.pdf", "File|pepper.pdf|338644|2024-07-07 05:17:58|")]
    [InlineData("0040755   941  59       512   1736715279       ember falcon", "Directory|ember falcon||2025-01-12 20:54:39|")]
    [InlineData("0100600   444  92   5114220   1079675169       kelp.xml", "File|kelp.xml|5114220|2004-03-19 05:46:09|")]
    [InlineData("0040755   362  16       512   1294001227       zephyr", "Directory|zephyr||2011-01-02 20:47:07|")]
    [InlineData("0120777 0 0 7 1000000000 alink", "SymbolicLink|alink||2001-09-09 01:46:40|")]
    [InlineData("0020666 0 0 0 1000000000 adevice", "Other|adevice||2001-09-09 01:46:40|")]
    [InlineData("40755 1 2 512 1028463584 d/", "Directory|d||2002-08-04 12:19:44|")]
    [InlineData("0100600 1 2 9,264 1028463584 x", "File|x|9264|2002-08-04 12:19:44|")]
    [InlineData("0100600 1 2 5 1028463584 two words", "File|two words|5|2002-08-04 12:19:44|")]
    public void ReadsLines(string lines, string items) => ListingTestData.Check(ListingFormat.List, lines, items);

    /// <summary>Lines as sent, and what they tell beside that: permission, owner, group.</summary>
    [Theory]
    [InlineData("0100600   264  58      9264   1028463584       x", "-rw-------|264|-")]
    [InlineData("0041777 1 2 3 1028463584 x", "drwxrwxrwt|1|-")]
    [InlineData("104755 1 2 3 1028463584 x", "-rwsr-xr-x|1|-")]
    [InlineData("0120777 0 0 7 1000000000 alink", "lrwxrwxrwx|0|-")]
    public void TellsRights(string line, string rights) => Assert.Equal(rights, ListingTestData.Rights(UnixNumericParser.TryParse, line));

    [Theory]
    [InlineData("0100600 1 2 5 1028463584")]
    [InlineData("1006 1 2 5 1028463584 x")]
    [InlineData("01006000 1 2 5 1028463584 x")]
    [InlineData("0100680 1 2 5 1028463584 x")]
    [InlineData("0100600 a 2 5 1028463584 x")]
    [InlineData("0100600 1 b 5 1028463584 x")]
    [InlineData("0100600 1 2 c 1028463584 x")]
    [InlineData("0100600 1 2 5 1028463584a x")]
    [InlineData("0100600 1 2 5 1028463584 ../x")]
    public void RefusesLinesOfAnotherForm(string line) => ListingTestData.Refuses(UnixNumericParser.TryParse, line);
}
