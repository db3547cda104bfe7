using FtpTools.Listing;
using Xunit;

namespace FtpTools.Tests.Listing;

public sealed class MvsMemberParserTests
{
    /// <summary>Lines as sent, and the items that they tell of: kind, name, size, time, target.</summary>
    [Theory]
    [InlineData(" SAFFRON   01.00 2019/06/14 2007/04/09 18:09  6655    40     0 JONAS", "File|SAFFRON||2007-04-09 18:09|")]
    [InlineData(" IVORY     0C1126 009B22          00 FO             RN RU            31    ANY", "File|IVORY|790822||")]
    [InlineData("KELP      052202 002162 FALCON   00 FO             RN RU            24    24", "File|KELP|336386||")]
    [InlineData("LAGOON    044A6F 000732  00 FO                31    ANY", "File|LAGOON|281199||")]
    [InlineData(" WILLOW    01.01 2004/12/17 2017/01/26 09:27  2241   687     0 BORIS", "File|WILLOW||2017-01-26 09:27|")]
    [InlineData("9-SAFFRON-AND-MORE 01.00 2019/06/14 2007/04/09 18:09  6655    40     0 JONAS", "File|9-SAFFRON-AND-MORE||2007-04-09 18:09|")]
    [InlineData("9-KELP-AND-MORE 052202 002162  00 FO                31    ANY", "File|9-KELP-AND-MORE|336386||")]
    [InlineData(" SAFFRON   01.00 09/06/14 17/04/19  8:09  6655    40     0 JONAS", "File|SAFFRON||2017-04-19 08:09|")]
    [InlineData(" SAFFRON   01.00 69/06/14 70/04/19 18:09  6655    40     0 JONAS", "File|SAFFRON||1970-04-19 18:09|")]
    [InlineData(" OPAL      0B1B0A 007292          01 FO             RN RU            31    ANY", "File|OPAL|727818||")]
    [InlineData("VIOLET    06EB74 00F493 BASALT   01 FO             RN RU            24    24", "File|VIOLET|453492||")]
    [InlineData("ZEPHYR    03B5A3 00B647  00 FO                31    ANY", "File|ZEPHYR|243107||")]
    [InlineData(" SAFFRON   01.02 2017/02/27 2012/03/10 20:29  9579   170     0 JONAS", "File|SAFFRON||2012-03-10 20:29|")]
    [InlineData(" COPPER    0F003D 00D870          02 FO             RN RU            31    ANY", "File|COPPER|983101||")]
    [InlineData("HERON     0EC83D 003803 QUILL    02 FO             RN RU            24    24", "File|HERON|968765||")]
    [InlineData("KELP      0E890A 0014D5  00 FO                31    ANY", "File|KELP|952586||")]
    [InlineData(" FALCON    01.03 2024/08/01 2002/03/16 09:40  1703   274     0 FARID", "File|FALCON||2002-03-16 09:40|")]
    [InlineData(" HARBOR    028CE0 00A6F1          03 FO             RN RU            31    ANY", "File|HARBOR|167136||")]
    [InlineData("MEADOW    073711 003704 QUILL    03 FO             RN RU            24    24", "File|MEADOW|472849||")]
    [InlineData("PEPPER    08D6AD 0040B2  00 FO                31    ANY", "File|PEPPER|579245||")]
    [InlineData(" Name     VV.MM   Created       Changed      Size  Init   Mod   Id\nASMSRC\nTIDYUP   01.02 2012/01/17 2012/08/09 10:36    14    12     0 KARIM\n@LIB$#                                                              ", "File|ASMSRC|||\nFile|TIDYUP||2012-08-09 10:36|\nFile|@LIB$#|||")]
    [InlineData(" Name     VV.MM   Created       Changed      Size  Init   Mod   Id\n PROCX\n PROCY", "File|PROCX|||\nFile|PROCY|||")]
    [InlineData(" Name      Size   TTR   Alias-of AC --------- Attributes --------- Amode Rmode\n LOADER    0003E9 000412          00 FO             RN RU            31    ANY", "File|LOADER|1001||")]
    [InlineData(" Name     VV.MM   Created       Changed      Size  Init   Mod   Id", "")]
    [InlineData(" Name      Size   TTR   Alias-of AC --------- Attributes --------- Amode Rmode", "")]
    [InlineData("EIGHTLET 01.00 2019/06/14 2007/04/09 18:09", "File|EIGHTLET||2007-04-09 18:09|")]
    [InlineData("A 01.00 2019/06/14 2007/02/31 18:09", "File|A|||")]
    [InlineData("KELP 7FFFFFFF 002162 00", "File|KELP|2147483647||")]
    [InlineData("KELP 0522021 abcdef XX 00", "File|KELP|5382177||")]
    public void ReadsLines(string lines, string items) => ListingTestData.Check(ListingFormat.List, lines, items);

    /// <summary>Below the heading a member without statistics is its name alone, of which z/OS allows eight letters that begin with no digit.</summary>
    [Theory]
    [InlineData("A", true)]
    [InlineData("@LIB$#9X", true)]
    [InlineData("@LIB$#9XY", false)]
    [InlineData("1ASMSRC", false)]
    [InlineData("ASM-SRC", false)]
    [InlineData("asmsrc", false)]
    [InlineData("ASMSRC X", false)]
    public void BelowTheHeadingANameStandsAlone(string line, bool isRead)
    {
        var context = ListingTestData.Context();
        Assert.False(MvsMemberParser.TryParse(line, context, out _));
        Assert.True(MvsMemberParser.TryParse(" Name     VV.MM   Created       Changed      Size  Init   Mod   Id", context, out var heading));
        Assert.Null(heading);
        Assert.Equal(isRead, MvsMemberParser.TryParse(line, context, out var item));
        Assert.Equal(isRead ? line : null, item?.Name);
    }

    /// <summary>Lines as sent, and what they tell beside that: permission, owner, group.</summary>
    [Theory]
    [InlineData("SAFFRON 01.00 2019/06/14 2007/04/09 18:09 6655 40 0 JONAS", "-|JONAS|-")]
    [InlineData("SAFFRON 01.00 2019/06/14 2007/04/09 18:09 6655 40 0", "-|-|-")]
    [InlineData("SAFFRON 01.00 2019/06/14 2007/04/09 18:09", "-|-|-")]
    [InlineData("KELP 052202 002162 FALCON 00 FO", "-|-|-")]
    public void TellsRights(string line, string rights) => Assert.Equal(rights, ListingTestData.Rights(MvsMemberParser.TryParse, line));

    [Theory]
    [InlineData("SAFFRON")]
    [InlineData("KELP 052202 002162")]
    [InlineData("saffron 01.00 2019/06/14 2007/04/09 18:09")]
    [InlineData("SAFFRON 01.00 19/06/1x 07/04/09 18:09")]
    [InlineData("SAFFRON 01.00 19/06/14 07-04/09 18:09")]
    [InlineData("SAFFRON 01.00 2019/06/14 2007/04/09")]
    [InlineData("SAFFRON 01.000 2019/06/14 2007/04/09 18:09")]
    [InlineData("SAFFRON 01-00 2019/06/14 2007/04/09 18:09")]
    [InlineData("SAFFRON 0a.00 2019/06/14 2007/04/09 18:09")]
    [InlineData("SAFFRON 01.00 20190614 2007/04/09 18:09")]
    [InlineData("SAFFRON 01.00 2019/06/14 20070409 18:09")]
    [InlineData("SAFFRON 01.00 2019/06/14 2007/04/09 1809")]
    [InlineData("KELP 05220 002162 00 FO")]
    [InlineData("KELP 052202123 002162 00 FO")]
    [InlineData("KELP 05220G 002162 00 FO")]
    [InlineData("KELP 052202 00216 00 FO")]
    [InlineData("KELP 052202 0021622 00 FO")]
    [InlineData("KELP 052202 00216G 00 FO")]
    [InlineData("KELP 052202 002162 FALCON KESTREL 00")]
    [InlineData("KELP 052202 002162 0G FO")]
    [InlineData("Name Size Alias")]
    [InlineData("Name Version")]
    [InlineData("Names VV.MM")]
    public void RefusesLinesOfAnotherForm(string line) => ListingTestData.Refuses(MvsMemberParser.TryParse, line);
}
