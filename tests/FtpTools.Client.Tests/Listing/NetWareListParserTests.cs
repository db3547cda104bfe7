using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class NetWareListParserTests
{
    /// <summary>Lines as sent, and the items that they tell of: kind, name, size, time, target.</summary>
    [Theory]
    [InlineData("- [RWCEAFMS] chiara                         64057 Jan 10 21:15 copper.json", "File|copper.json|64057|2026-01-10 21:15|")]
    [InlineData("d [R----F--] farid                 512       Mar 23  2020    maple", "Directory|maple||2020-03-23|")]
    [InlineData("- [RWCEAFMS] hiro                         7851054 Jul 24 03:22 ivory.log", "File|ivory.log|7851054|2026-07-24 03:22|")]
    [InlineData("d [R----F--] greta                 512       Mar 12  2010    falcon", "Directory|falcon||2010-03-12|")]
    [InlineData("- [RWCEAFMS] elena                              2 May 30 01:43 thistle.zip", "File|thistle.zip|2|2026-05-30 01:43|")]
    [InlineData("d [R----F--] ingrid                512       Aug 06  2000    ember quill", "Directory|ember quill||2000-08-06|")]
    [InlineData("- [RWCEAFMS] ingrid                       6832782 Jan 07 03:05 ivory.tar.gz", "File|ivory.tar.gz|6832782|2026-01-07 03:05|")]
    [InlineData("d [R----F--] dmitri                512       Dec 08  2006    walnut", "Directory|walnut||2006-12-08|")]
    [InlineData("- [RWCEAFMS] chiara                        144575 Mar 18 23:44 meadow.dat", "File|meadow.dat|144575|2026-03-18 23:44|")]
    [InlineData("d [R----F--] chiara                512       Mar 11  2006    juniper", "Directory|juniper||2006-03-11|")]
    [InlineData("-[R----F-]  1 dmitri           857 Feb 23  2000 comet.bak", "File|comet.bak|857|2000-02-23|")]
    [InlineData("d[RWCEMFA] farid            512       Jan 16  2001    yarrow-94", "Directory|yarrow-94||2001-01-16|")]
    [InlineData("d [----AF--]          0                        512 Feb 22  1999 lagoon quill", "Directory|lagoon quill||1999-02-22|")]
    [InlineData("d [RWCEAFMS] me 512 Jan 31 2024 sub/", "Directory|sub||2024-01-31|")]
    [InlineData("- [RWCEAFMS] me 512 Jan 31 12:34   aligned", "File|aligned|512|2026-01-31 12:34|")]
    [InlineData("d [R W-E ] me 512 Jan 31 2024 spaces", "Directory|spaces||2024-01-31|")]
    [InlineData("- [RWCEAFMSRWCEAFMSRW] me 5 Jan 31 2024 twenty", "File|twenty|5|2024-01-31|")]
    [InlineData("- [R----F-] ingrid                  731 Aug 23 94 07:51 greet.txt", "File|greet.txt|731|1994-08-23 07:51|")]
    [InlineData("-[RWCEAFMS] jonas            4410     Sept 21, 98 6:17 pm maple.047", "File|maple.047|4410|1998-09-21 18:17|")]
    [InlineData("d[RWCEAFMS] greta             512     Nov 26, 03 12:08 am attic", "Directory|attic||2003-11-26 00:08|")]
    [InlineData("  d [RWCEAFMS] greta          512 Nov 26  2003 attic", "Directory|attic||2003-11-26|")]
    [InlineData("    [R----F--]        greta       1431    Aug 06 9:21   lantern.drv", "File|lantern.drv|1431|2026-08-06 09:21|")]
    public void ReadsLines(string lines, string items) => ListingTestData.Check(ListingFormat.List, lines, items);

    /// <summary>Lines as sent, and what they tell beside that: permission, owner, group.</summary>
    [Theory]
    [InlineData("d [R----F--] farid 512 Mar 23 2020 maple", "[R----F--]|farid|-")]
    [InlineData("-[RWCEAFMS] 1 dmitri 857 Feb 23 2000 x", "[RWCEAFMS]|dmitri|-")]
    [InlineData("    [R----F--] farid 512 Mar 23 2020 maple", "[R----F--]|farid|-")]
    public void TellsRights(string line, string rights) => Assert.Equal(rights, ListingTestData.Rights(NetWareListParser.TryParse, line));

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("d [R]")]
    [InlineData("d    ")]
    [InlineData("d [R] me 8,16 Jan 31 2024 x")]
    [InlineData("x [R----F--] me 512 Jan 31 2024 x")]
    [InlineData("d (R----F--) me 512 Jan 31 2024 x")]
    [InlineData("d [R----F-- me 512 Jan 31 2024 x")]
    [InlineData("d R----F--] me 512 Jan 31 2024 x")]
    [InlineData("d [R1] me 512 Jan 31 2024 x")]
    [InlineData("- [] me 5 Jan 31 2024 x")]
    [InlineData("- [RX] me 5 Jan 31 2024 x")]
    [InlineData("- [R")]
    [InlineData("- [R]x me 5 Jan 31 2024 x")]
    [InlineData("[R----F--]")]
    [InlineData("   -   ")]
    [InlineData("[RACE]X.DAT;1 5 8-APR-1994 17:26 x")]
    [InlineData("d [R----F--] me nothing")]
    [InlineData("d [R----F--] me 512 Jan 31 2024 ../x")]
    public void RefusesLinesOfAnotherForm(string line) => ListingTestData.Refuses(NetWareListParser.TryParse, line);
}
