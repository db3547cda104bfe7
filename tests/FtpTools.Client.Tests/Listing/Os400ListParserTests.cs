using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class Os400ListParserTests
{
    /// <summary>Lines as sent, and the items that they tell of: kind, name, size, time, target.</summary>
    [Theory]
    [InlineData("FARID            63688 12/25/99 21:26:08 *FILE      BASALT.FILE", "File|BASALT.FILE|63688|1999-12-25 21:26:08|")]
    [InlineData("INGRID          731755 25/04/98 08:38:07 *FILE      DUNE.FILE", "File|DUNE.FILE|731755|1998-04-25 08:38:07|")]
    [InlineData("AMARA                3 14.06.97 10:43:05 *FILE      THISTLE.FILE", "File|THISTLE.FILE|3|1997-06-14 10:43:05|")]
    [InlineData("JONAS             5359 99/08/17 09:56:52 *FILE      PEPPER.FILE", "File|PEPPER.FILE|5359|1999-08-17 09:56:52|")]
    [InlineData("AMARA            99045 13-03-96 20:45:24 *FILE      FALCON.FILE", "File|FALCON.FILE|99045|1996-03-13 20:45:24|")]
    [InlineData("INGRID           36864 26/01/96 04:15:20 *FLR       orchid zephyr/", "Directory|orchid zephyr||1996-01-26 04:15:20|")]
    [InlineData("CHIARA           69026 20/08/96 10:36:56 *STMF      ivory.cfg ivory", "File|ivory.cfg ivory|69026|1996-08-20 10:36:56|")]
    [InlineData("DMITRI                                  *MEM       HERON.FILE/RAVEN.MBR", "File|HERON.FILE/RAVEN.MBR|||")]
    [InlineData("FARID             8822 01/21/94 19:47:16 *FILE      QUILL.FILE", "File|QUILL.FILE|8822|1994-01-21 19:47:16|")]
    [InlineData("JONAS               13 21/06/94 02:24:53 *FILE      GLACIER.FILE", "File|GLACIER.FILE|13|1994-06-21 02:24:53|")]
    [InlineData("FARID            47663 26.02.95 05:12:01 *FILE      HARBOR.FILE", "File|HARBOR.FILE|47663|1995-02-26 05:12:01|")]
    [InlineData("ELENA            62317 94/08/13 15:27:14 *FILE      FALCON.FILE", "File|FALCON.FILE|62317|1994-08-13 15:27:14|")]
    [InlineData("JONAS        715626686 22-03-98 19:45:44 *FILE      TUNDRA.FILE", "File|TUNDRA.FILE|715626686|1998-03-22 19:45:44|")]
    [InlineData("JONAS            36864 19/01/95 01:28:14 *LIB       quill/", "Directory|quill||1995-01-19 01:28:14|")]
    [InlineData("ELENA           732406 22/04/98 14:41:03 *STMF      yarrow.csv thistle", "File|yarrow.csv thistle|732406|1998-04-22 14:41:03|")]
    [InlineData("INGRID                                  *MEM       SAFFRON.FILE/HARBOR.MBR", "File|SAFFRON.FILE/HARBOR.MBR|||")]
    [InlineData("HIRO             69753 04/25/97 08:56:45 *FILE      KELP.FILE", "File|KELP.FILE|69753|1997-04-25 08:56:45|")]
    [InlineData("HIRO         343435283 16/08/94 11:35:09 *FILE      QUARTZ.FILE", "File|QUARTZ.FILE|343435283|1994-08-16 11:35:09|")]
    [InlineData("BORIS          8080806 26.12.99 04:28:54 *FILE      TUNDRA.FILE", "File|TUNDRA.FILE|8080806|1999-12-26 04:28:54|")]
    [InlineData("JONAS        696972215 96/06/22 04:09:15 *FILE      UMBER.FILE", "File|UMBER.FILE|696972215|1996-06-22 04:09:15|")]
    [InlineData("CHIARA          980119 16-06-98 06:33:09 *FILE      TUNDRA.FILE", "File|TUNDRA.FILE|980119|1998-06-16 06:33:09|")]
    [InlineData("DMITRI           36864 18/05/98 23:20:00 *DIR       cobalt/", "Directory|cobalt||1998-05-18 23:20:00|")]
    [InlineData("BORIS          7012494 26/05/95 18:23:06 *STMF      kelp.tar.gz marble", "File|kelp.tar.gz marble|7012494|1995-05-26 18:23:06|")]
    [InlineData("DMITRI                                  *MEM       MARBLE.FILE/VIOLET.MBR", "File|MARBLE.FILE/VIOLET.MBR|||")]
    [InlineData("QSECOFR     932 03/29/01 14:59:53 *STMF /letter.txt", "File|letter.txt|932|2001-03-29 14:59:53|")]
    [InlineData("QDOC     24576 12/31/69 20:00:00 *FLR /QDLS/", "Directory|QDLS||2069-12-31 20:00:00|")]
    [InlineData("BOB     932 02/31/01 14:59:53 *STMF noday.txt", "File|noday.txt|932||")]
    [InlineData("*DIR sub/", "Directory|sub|||")]
    [InlineData("BOB *STMF a", "File|a|||")]
    [InlineData("BOB 5 01/31/24 12:34:56 *SYMLNK link", "SymbolicLink|link||2024-01-31 12:34:56|")]
    [InlineData("BOB 5 01/31/24 12:34:56 *DDIR sub/", "Directory|sub||2024-01-31 12:34:56|")]
    [InlineData("BOB 5 01/31/24 12:34:56 *A1 x", "File|x|5|2024-01-31 12:34:56|")]
    [InlineData("BOB *MEM F.FILE/M.MBR  ", "File|F.FILE/M.MBR|||")]
    [InlineData("BOB *MEM /dir/F.FILE", "File|F.FILE|||")]
    [InlineData("BOB             05/24/19 14:27:38 *FILE      UNIT.FILE", "File|UNIT.FILE||2019-05-24 14:27:38|")]
    [InlineData("BOB             05/24/19 14:27:38 *MEM       UNIT.FILE/CALL.MBR", "File|UNIT.FILE/CALL.MBR||2019-05-24 14:27:38|")]
    public void ReadsLines(string lines, string items) => ListingTestData.Check(ListingFormat.List, lines, items);

    /// <summary>Lines as sent, and what they tell beside that: permission, owner, group.</summary>
    [Theory]
    [InlineData("FARID 63688 12/25/99 21:26:08 *FILE BASALT.FILE", "-|FARID|-")]
    [InlineData("DMITRI *MEM HERON.FILE/RAVEN.MBR", "-|DMITRI|-")]
    [InlineData("*MEM A.MBR", "-|-|-")]
    [InlineData("*DIR sub/", "-|-|-")]
    public void TellsRights(string line, string rights) => Assert.Equal(rights, ListingTestData.Rights(Os400ListParser.TryParse, line));

    [Theory]
    [InlineData("BOB *STMF")]
    [InlineData("BOB 5 *STMF x")]
    [InlineData("BOB 5 01/31/24 *STMF x")]
    [InlineData("BOB 5 01/31/24 12:34:56 7 *STMF x")]
    [InlineData("BOB 5 01/31/24 12:34:56 STMF x")]
    [InlineData("BOB 5 01/31/24 12:34:56 *A x")]
    [InlineData("BOB 5 01/31/24 12:34:56 *stmf x")]
    [InlineData("BOB x 01/31/24 12:34:56 *STMF x")]
    [InlineData("BOB 5 013124 12:34:56 *STMF x")]
    [InlineData("BOB 5 01/31/24 123456 *STMF x")]
    [InlineData("BOB 5 01/31/24 12:34:56 *STMF ../x")]
    [InlineData("BOB *MEM ../x")]
    [InlineData("BOB *MEM .")]
    [InlineData("BOB *MEM /")]
    [InlineData("BOB *MEM A/../B")]
    public void RefusesLinesOfAnotherForm(string line) => ListingTestData.Refuses(Os400ListParser.TryParse, line);
}
