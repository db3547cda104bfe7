using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class VmListParserTests
{
    /// <summary>Lines as sent, and the items that they tell of: kind, name, size, time, target.</summary>
    [Theory]
    [InlineData("VIOLET   XEDIT    F       132        826          4 2002-07-20 13:29:12 AMARA", "File|VIOLET.XEDIT|109032|2002-07-20 13:29:12|")]
    [InlineData("QUARTZ   LOG      V       132        826          7 1994-07-21 14:57:10 -", "File|QUARTZ.LOG||1994-07-21 14:57:10|")]
    [InlineData("LANTERN           DIR        -          -          - 2025-12-21 12:41:29 -", "Directory|LANTERN||2025-12-21 12:41:29|")]
    [InlineData("HARBOR   FILE      A1 V      64     31     1       7/24/90   05:04:40", "File|HARBOR.FILE||1990-07-24 05:04:40|")]
    [InlineData("WILLOW             A1 DIR    -      -      -      02/20/91   03:29:01", "Directory|WILLOW||1991-02-20 03:29:01|")]
    [InlineData("KELP     XEDIT    F       132        429          5 2015-12-25 05:02:02 AMARA", "File|KELP.XEDIT|56628|2015-12-25 05:02:02|")]
    [InlineData("HARBOR   LOG      V       132        429          4 2021-04-20 17:57:20 -", "File|HARBOR.LOG||2021-04-20 17:57:20|")]
    [InlineData("LANTERN           DIR        -          -          - 2007-10-16 22:37:20 -", "Directory|LANTERN||2007-10-16 22:37:20|")]
    [InlineData("QUILL    FILE      A1 V      64     31     1       7/13/96   07:22:19", "File|QUILL.FILE||1996-07-13 07:22:19|")]
    [InlineData("OPAL               A1 DIR    -      -      -      09/09/93   17:29:23", "Directory|OPAL||1993-09-09 17:29:23|")]
    [InlineData("SAFFRON  EXEC     F       132        872          6 1994-01-22 18:10:28 INGRID", "File|SAFFRON.EXEC|115104|1994-01-22 18:10:28|")]
    [InlineData("WALNUT   LOG      V       132        872          7 2001-04-07 20:55:09 -", "File|WALNUT.LOG||2001-04-07 20:55:09|")]
    [InlineData("KELP              DIR        -          -          - 2013-09-17 16:10:40 -", "Directory|KELP||2013-09-17 16:10:40|")]
    [InlineData("VIOLET   FILE      A1 V      64     31     1       2/18/94   00:40:54", "File|VIOLET.FILE||1994-02-18 00:40:54|")]
    [InlineData("YARROW             A1 DIR    -      -      -      03/06/93   05:33:05", "Directory|YARROW||1993-03-06 05:33:05|")]
    [InlineData("Filename FileType  Fm Format Lrecl  Records Blocks Date      Time", "")]
    [InlineData("D DIR - - - 2002-07-20 13:29:12", "Directory|D||2002-07-20 13:29:12|")]
    [InlineData("VIOLET XEDIT F 2147483646 2 4 2002-07-20 13:29:12", "File|VIOLET.XEDIT|4294967292|2002-07-20 13:29:12|")]
    [InlineData("VIOLET XEDIT F 2147483647 2 4 2002-07-20 13:29:12", "File|VIOLET.XEDIT||2002-07-20 13:29:12|")]
    [InlineData("VIOLET XEDIT F 2 2147483647 4 2002-07-20 13:29:12", "File|VIOLET.XEDIT||2002-07-20 13:29:12|")]
    [InlineData("VIOLET XEDIT V 2 3 4 2002-02-31 13:29:12", "File|VIOLET.XEDIT|||")]
    [InlineData("VIOLET XEDIT A1 F 2 3 4 2002-07-20 13:29:12 O a b", "File|VIOLET.XEDIT|6|2002-07-20 13:29:12|")]
    [InlineData("/A EXEC F 2 3 1 2002-07-20 13:29:12", "File|A.EXEC|6|2002-07-20 13:29:12|")]
    public void ReadsLines(string lines, string items) => ListingTestData.Check(ListingFormat.List, lines, items);

    /// <summary>Lines as sent, and what they tell beside that: permission, owner, group.</summary>
    [Theory]
    [InlineData("VIOLET XEDIT F 132 826 4 2002-07-20 13:29:12 AMARA", "-|AMARA|-")]
    [InlineData("VIOLET XEDIT F 132 826 4 2002-07-20 13:29:12 -", "-|-|-")]
    [InlineData("VIOLET XEDIT F 132 826 4 2002-07-20 13:29:12", "-|-|-")]
    [InlineData("HARBOR FILE A1 V 64 31 1 7/24/90 05:04:40 BOB", "-|BOB|-")]
    public void TellsRights(string line, string rights) => Assert.Equal(rights, ListingTestData.Rights(VmListParser.TryParse, line));

    [Fact]
    public void ADashIsNoOwner()
    {
        Assert.True(VmListParser.TryParse("VIOLET XEDIT F 132 826 4 2002-07-20 13:29:12 -", ListingTestData.Context(), out var item));
        Assert.Null(item!.Owner);
    }

    [Theory]
    [InlineData("VIOLET XEDIT F 132 826 4")]
    [InlineData("VIOLET F 132 826 4 2002-07-20 13:29:12")]
    [InlineData("VIOLET XEDIT X 132 826 4 2002-07-20 13:29:12")]
    [InlineData("VIOLET XEDIT F x 826 4 2002-07-20 13:29:12")]
    [InlineData("VIOLET XEDIT F 132 x 4 2002-07-20 13:29:12")]
    [InlineData("VIOLET XEDIT F 132 826 x 2002-07-20 13:29:12")]
    [InlineData("VIOLET XEDIT F 132 826 4 20020720 13:29:12")]
    [InlineData("VIOLET XEDIT F 132 826 4 2002-07-20 132912")]
    [InlineData("D DIR x - - 2002-07-20 13:29:12")]
    [InlineData("D DIR - x - 2002-07-20 13:29:12")]
    [InlineData("D DIR - - x 2002-07-20 13:29:12")]
    [InlineData("A B C DIR - - - 2002-07-20 13:29:12")]
    [InlineData("A B C D F 1 2 3 2002-07-20 13:29:12")]
    [InlineData("VIOLET XEDIT A1 F 2 3 4 2002-07-20 13:29:12 O a b c")]
    [InlineData("../D DIR - - - 2002-07-20 13:29:12")]
    [InlineData(".. DIR - - - 2002-07-20 13:29:12")]
    [InlineData("Filename Type")]
    [InlineData("Name FileType")]
    [InlineData("\0A EXEC F 2 3 1 2002-07-20 13:29:12")]
    public void RefusesLinesOfAnotherForm(string line) => ListingTestData.Refuses(VmListParser.TryParse, line);
}
